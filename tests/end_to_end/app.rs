//! The desktop app as a person meets it: the built app, its webview, the real agent, keyring, password and locker.

use crate::browser::Browser;
use crate::desk::{Desk, eventually};
use serde_json::json;
use std::ops::ControlFlow::{Break, Continue};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread::{scope, sleep};
use std::time::Duration;
use stillyou_recordings::typist::Typist;
use stillyou_sense::keyboard::{Keystroke, inject::XtestTypist};
use stillyou_stage::{Panel, type_on_time};

/// The field of a secret, once it takes one.
const SECRET: &str = "input[type=password]:not([readonly])";

#[test]
fn a_person_is_learnt_asked_when_it_is_not_them_and_erased() {
    let desk = Desk::with_the_app(60, 30);
    let browser = Browser::open(&desk, "start");
    browser.see("Get started");
    browser.press("Start learning");
    confirm(&desk, &browser);
    browser.see("0 of 300 keystrokes");
    let strokes: Vec<_> = Typist::new(4).typing(1).take(900).collect();
    typing_until(&desk, &strokes, || desk.eventually("learnt", |status| status["state"]["state"] == "watching"));
    browser.see("It knows you now.");
    browser.see("What to expect");

    // The owner answers what somebody else caused.
    stranger_types_until_asked(&desk);
    browser.turn_to("confirm");
    browser.see("It didn’t look like you.");
    browser.fill(SECRET, "not the password\u{e007}");
    browser.see("tries left");
    confirm(&desk, &browser);
    browser.see("Thank you");
    desk.eventually("verified", |status| status["state"]["band"] == "verified");
    browser.turn_to("start");

    desk.proof_is_old();
    browser.press("Privacy");
    browser.see("What is stored, and where");
    let before = desk.keyring_entries();
    browser.fill("input[id$=-word]", "erase");
    browser.press("Erase everything");
    // The last proof is older than it may be.
    confirm(&desk, &browser);
    browser.see("Erased. Nothing is left.");
    desk.eventually("nobody is enrolled", |status| status["state"]["state"] == "learning");
    assert!(desk.keyring_entries() < before);
}

#[test]
fn killing_the_app_changes_nothing_and_it_shows_the_same_when_it_is_back() {
    let mut desk = Desk::with_the_app(60, 30);
    desk.quit();
    // It starts an agent, having found none.
    let browser = Browser::open(&desk, "now");
    browser.see("Today");
    desk.enrol();
    let worker = desk.worker();
    desk.run("pkill -KILL -x stillyou-deskto");
    drop(browser);
    sleep(Duration::from_secs(1));
    assert_eq!(desk.worker(), worker);
    assert_eq!(desk.status()["state"]["state"], "watching");
    let browser = Browser::open(&desk, "now");
    browser.see("Today");
    assert_eq!(desk.worker(), worker, "the app found the agent that there was");
}

#[test]
fn nobody_answers_the_prompt_and_it_comes_back_after_the_unlock() {
    let desk = Desk::with_the_app(15, 5);
    desk.enrol();
    let panel = Panel::on(&desk.stage).unwrap();
    let browser = Browser::open(&desk, "now");
    browser.see("Today");
    stranger_types_until_asked(&desk);
    browser.turn_to("confirm");
    browser.see("It didn’t look like you.");
    desk.eventually("locked by the score", |status| status["state"]["state"] == "locked");
    eventually("the locker holds the keyboard", || desk.locked());
    // As if the password had been typed into the locker.
    desk.run("pkill -x i3lock");
    desk.eventually("asked again", |status| status["state"]["state"] == "step-up");
    browser.turn_to("confirm");
    browser.see("The session was just unlocked.");
    // Somebody else's choice is not what the owner answers.
    panel.icon().unwrap().choose("Quit").unwrap();
    confirm(&desk, &browser);
    desk.eventually("verified", |status| status["state"]["band"] == "verified");
    desk.proof_is_old();
}

#[test]
fn a_pause_needs_proof_and_a_lock_none() {
    let desk = Desk::with_the_app(60, 5);
    desk.enrol();
    let browser = Browser::open(&desk, "now");
    desk.proof_is_old();
    browser.press("Pause…");
    browser.press("Pause");
    confirm(&desk, &browser);
    desk.eventually("paused", |status| status["state"]["state"] == "paused");
    browser.see("Paused.");
    browser.press("Go on now");
    desk.eventually("watching", |status| status["state"]["state"] == "watching");
    browser.press("Lock now");
    desk.eventually("locked", |_| desk.locked());
}

#[test]
fn wrong_answers_lock_and_a_prompt_comes_to_an_app_that_comes_late() {
    let desk = Desk::with_the_app(60, 30);
    desk.enrol();
    stranger_types_until_asked(&desk);
    let browser = Browser::open(&desk, "now");
    browser.turn_to("confirm");
    browser.see("It didn’t look like you.");
    for left in ["4 tries left", "3 tries left", "2 tries left", "One try left"] {
        browser.fill(SECRET, "not the password\u{e007}");
        browser.see(left);
    }
    browser.fill(SECRET, "not the password\u{e007}");
    desk.eventually("locked", |_| desk.locked());
}

#[test]
fn a_second_start_shows_what_it_asks_for_in_the_first() {
    let desk = Desk::with_the_app(60, 30);
    let browser = Browser::open(&desk, "now");
    browser.see("Today");
    desk.run("stillyou-desktop --once --open privacy");
    browser.see("What is stored, and where");
}

#[test]
fn a_page_can_neither_load_from_elsewhere_nor_ask_what_its_window_may_not() {
    let desk = Desk::with_the_app(60, 30);
    desk.enrol();
    let browser = Browser::open(&desk, "confirm");
    browser.see("Confirm");
    let inline = "const s = document.createElement('script'); s.textContent = 'window.ran = 1';\
                  document.body.append(s); return window.ran ?? null";
    assert_eq!(browser.script(inline), json!(null), "inline scripts don't run");
    let elsewhere = "window.refused = [];\
        addEventListener('securitypolicyviolation', (e) => window.refused.push(e.effectiveDirective));\
        new Image().src = 'http://127.0.0.1:9/x.png';\
        fetch('http://127.0.0.1:9/').catch(() => {});\
        const s = document.createElement('script'); s.src = 'http://127.0.0.1:9/x.js'; document.body.append(s);";
    browser.script(elsewhere);
    let refused = || browser.script("return window.refused.map((d) => d.split('-')[0]).sort().join(' ')");
    eventually("all three are refused", || refused() == json!("connect img script"));
    assert_eq!(browser.script("return typeof window.__TAURI__"), json!("undefined"));
    let erase = "return window.__TAURI_INTERNALS__.invoke('erase').then(() => 'done', (e) => String(e.why ?? e))";
    let said = browser.script(erase);
    assert!(said.as_str().unwrap().contains("not allowed"), "{said}");
}

fn confirm(desk: &Desk, browser: &Browser) {
    browser.fill(SECRET, &format!("{}\u{e007}", desk.stage.user().password));
}

/// Somebody whose hands are others' types until the agent asks.
pub fn stranger_types_until_asked(desk: &Desk) {
    let strokes: Vec<_> = Typist::new(9).typing(1).take(400).collect();
    typing_until(desk, &strokes, || desk.eventually("a step-up", |status| status["state"]["state"] == "step-up"));
}

/// Somebody types until something has happened.
pub fn typing_until(desk: &Desk, strokes: &[Keystroke], happened: impl FnOnce() + Send) {
    type_on_time();
    let mut typist = XtestTypist::connect(desk.stage.display()).unwrap();
    let over = AtomicBool::new(false);
    scope(|scope| {
        scope.spawn(|| {
            happened();
            over.store(true, Relaxed);
        });
        typist.type_while(strokes, |_| if over.load(Relaxed) { Break(()) } else { Continue(()) }).unwrap();
    });
}
