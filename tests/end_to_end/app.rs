//! The desktop app as a person meets it: the built app, its webview, the real agent, keyring, password and locker.

use crate::{browser::Browser, desk::Desk};
use serde_json::json;
use std::ops::ControlFlow::{Break, Continue};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread::{scope, sleep};
use std::time::Duration;
use stillyou_recordings::typist::Typist;
use stillyou_sense::keyboard::{Keystroke, inject::XtestTypist};
use stillyou_stage::type_on_time;

#[test]
fn a_person_is_learnt_asked_when_it_is_not_them_and_erased() {
    let desk = Desk::with_the_app();
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
    browser.see("The typing didn’t look like yours.");
    browser.fill("input[type=password]:not([readonly])", "not the password\u{e007}");
    browser.see("tries left");
    confirm(&desk, &browser);
    browser.see("Thank you");
    desk.eventually("verified", |status| status["state"]["band"] == "verified");
    browser.turn_to("start");

    browser.press("Privacy");
    browser.see("What is stored, and where");
    let before = desk.keyring_entries();
    browser.fill("input[id$=-word]", "erase");
    browser.press("Erase everything");
    confirm_if_asked(&desk, &browser);
    browser.see("Erased. Nothing is left.");
    desk.eventually("nobody is enrolled", |status| status["state"]["state"] == "learning");
    assert!(desk.keyring_entries() < before);
}

#[test]
fn killing_the_app_changes_nothing_and_it_shows_the_same_when_it_is_back() {
    let desk = Desk::with_the_app();
    desk.enrol();
    let worker = desk.worker();
    let browser = Browser::open(&desk, "now");
    browser.see("Today");
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
    let desk = Desk::with_the_app();
    desk.enrol();
    let browser = Browser::open(&desk, "now");
    browser.see("Today");
    stranger_types_until_asked(&desk);
    browser.turn_to("confirm");
    browser.see("The typing didn’t look like yours.");
    desk.eventually("locked by the score", |status| status["state"]["state"] == "locked");
    assert!(desk.locked());
    // As if the password had been typed into the locker.
    desk.run("pkill -x i3lock");
    desk.eventually("asked again", |status| status["state"]["state"] == "step-up");
    browser.turn_to("confirm");
    browser.see("The session was just unlocked.");
    confirm(&desk, &browser);
    desk.eventually("verified", |status| status["state"]["band"] == "verified");
}

#[test]
fn a_pause_needs_proof_and_a_lock_none() {
    let desk = Desk::with_the_app();
    desk.enrol();
    let browser = Browser::open(&desk, "now");
    sleep(Duration::from_secs(6));
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
fn a_page_can_neither_load_from_elsewhere_nor_ask_what_its_window_may_not() {
    let desk = Desk::with_the_app();
    desk.enrol();
    let browser = Browser::open(&desk, "confirm");
    browser.see("Confirm");
    let inline = "const s = document.createElement('script'); s.textContent = 'window.ran = 1';\
                  document.body.append(s); return window.ran ?? null";
    assert_eq!(browser.script(inline), json!(null), "inline scripts don't run");
    assert_eq!(browser.script("return typeof window.__TAURI__"), json!("undefined"));
    let erase = "return window.__TAURI_INTERNALS__.invoke('erase').then(() => 'done', (e) => String(e.why ?? e))";
    let said = browser.script(erase);
    assert!(said.as_str().unwrap().contains("not allowed"), "{said}");
}

fn confirm(desk: &Desk, browser: &Browser) {
    browser.fill("input[type=password]:not([readonly])", &format!("{}\u{e007}", desk.stage.user().password));
}

fn confirm_if_asked(desk: &Desk, browser: &Browser) {
    sleep(Duration::from_secs(1));
    if browser.script("return document.querySelectorAll('input[type=password]').length > 0") == json!(true) {
        confirm(desk, browser);
    }
}

fn stranger_types_until_asked(desk: &Desk) {
    let strokes: Vec<_> = Typist::new(9).typing(1).take(400).collect();
    typing_until(desk, &strokes, || desk.eventually("a step-up", |status| status["state"]["state"] == "step-up"));
}

/// Somebody types until something has happened.
fn typing_until(desk: &Desk, strokes: &[Keystroke], happened: impl FnOnce() + Send) {
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
