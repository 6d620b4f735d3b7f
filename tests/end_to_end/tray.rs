//! The icon in the tray, on a panel that speaks the desktops' protocol.

use crate::browser::Browser;
use crate::desk::{Desk, eventually};
use std::process::{Child, Stdio};
use stillyou_stage::{Panel, TrayIcon};

#[test]
fn the_icon_says_how_things_stand_and_its_menu_does_what_it_says() {
    let desk = Desk::with_the_app(60, 60);
    let panel = Panel::on(&desk.stage).unwrap();
    let app = start(&desk);
    let icon = panel.icon().unwrap();
    says(&icon, "StillYou: not learnt yet");
    let learning = icon.picture().unwrap();
    desk.enrol();
    assert!(desk.verify(&desk.stage.user().password));
    says(&icon, "StillYou: still you");
    let verified = icon.picture().unwrap();
    assert_eq!((verified.0, verified.1, verified.2.len()), (64, 64, 64 * 64 * 4));
    assert_ne!(verified, learning);

    // Proof is fresh.
    icon.choose("For 5 minutes").unwrap();
    says(&icon, "StillYou: paused for 5 more minutes");
    icon.choose("Go on now").unwrap();
    desk.eventually("watching", |status| status["state"]["state"] == "watching");
    icon.choose("Lock now").unwrap();
    desk.eventually("locked", |_| desk.locked());
    says(&icon, "StillYou: locked");
    end(app);
}

#[test]
fn the_icon_comes_to_a_panel_that_is_late_and_to_one_that_is_started_again() {
    let desk = Desk::with_the_app(60, 30);
    let app = start(&desk);
    desk.run("sleep 2");
    let panel = Panel::on(&desk.stage).unwrap();
    says(&panel.icon().unwrap(), "StillYou: not learnt yet");
    drop(panel);
    desk.enrol();
    let panel = Panel::on(&desk.stage).unwrap();
    says(&panel.icon().unwrap(), "StillYou: looking closer");
    end(app);
}

#[test]
fn what_the_menu_needs_proof_for_is_named_and_done_after_it() {
    let mut desk = Desk::with_the_app(60, 5);
    let panel = Panel::on(&desk.stage).unwrap();
    let browser = Browser::open(&desk, "now");
    let icon = panel.icon().unwrap();
    desk.proof_is_old();
    icon.choose("Quit").unwrap();
    browser.turn_to("confirm");
    browser.see("Then StillYou ends");
    browser.fill("input[type=password]", &format!("{}\u{e007}", desk.stage.user().password));
    desk.ends();
    says(&icon, "StillYou: not watching");
}

/// The app, for its icon alone.
pub fn start(desk: &Desk) -> Child {
    let mut app = desk.stage.command("stillyou-desktop");
    app.arg("--once").stdin(Stdio::null()).stdout(Stdio::null()).spawn().unwrap()
}

pub fn end(mut app: Child) {
    app.kill().unwrap();
    app.wait().unwrap();
}

/// Waits until the icon says so, and its menu with it.
pub fn says(icon: &TrayIcon<'_>, words: &str) {
    eventually(words, || icon.tooltip().is_ok_and(|tooltip| tooltip == words));
    let menu = icon.menu().unwrap();
    assert_eq!((menu[0].text.as_str(), menu[0].enabled), (words, false));
}
