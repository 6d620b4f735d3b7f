//! What can go wrong around the agent: each has a name, is said, and never ends it.

use crate::desk::Desk;
use std::process::Stdio;
use x11rb::protocol::xinput::{ConnectionExt as _, Device, XIChangePropertyAux};
use x11rb::protocol::xproto::{AtomEnum, ConnectionExt as _, PropMode};

#[test]
fn without_a_secret_service_it_says_so_and_goes_on_once_there_is_one() {
    let mut desk = Desk::new();
    desk.enrol();
    desk.quit();
    desk.stage.stop_keyring().unwrap();
    desk.start();
    desk.eventually("it is said", |_| desk.trouble().contains("keychain"));
    assert_eq!(desk.status()["state"]["state"], "learning");
    desk.stage.start_keyring().unwrap();
    desk.eventually("monitoring goes on", |status| status["state"]["state"] == "watching");
    assert_eq!(desk.trouble(), "");
}

#[test]
fn a_secret_service_that_goes_midway_takes_nothing_along() {
    let desk = Desk::new();
    desk.enrol();
    desk.stage.stop_keyring().unwrap();
    // Whatever is recorded now can't be tied to the keychain.
    assert!(desk.verify(&desk.stage.user().password));
    desk.eventually("it is said", |_| desk.trouble().contains("keychain"));
    assert_eq!(desk.status()["state"]["state"], "watching");
    let (passed, said) = desk.stillyou(&["erase"]);
    assert!(!passed && said.contains("keychain"), "{said}");
    desk.stage.start_keyring().unwrap();
    desk.eventually("it is over", |_| desk.trouble().is_empty());
    assert!(desk.verify(&desk.stage.user().password));
    let (passed, said) = desk.stillyou(&["ledger", "verify"]);
    assert!(passed, "{said}");
}

#[test]
fn a_secret_service_that_hangs_does_not_hang_the_agent() {
    let desk = Desk::new();
    desk.enrol();
    let keyring = desk.run("pgrep -u $(id -u) gnome-keyring");
    desk.run(&format!("kill -STOP {keyring}"));
    assert!(desk.verify(&desk.stage.user().password));
    desk.eventually("it is said", |_| desk.trouble().contains("does not answer"));
    let worker = desk.worker();
    desk.run(&format!("kill -CONT {keyring}"));
    desk.eventually("it is over", |_| desk.trouble().is_empty());
    assert_eq!(desk.worker(), worker, "and it was the same agent all the time");
}

#[test]
fn a_home_that_can_not_be_written_is_said_and_monitoring_goes_on() {
    let mut desk = Desk::new();
    desk.enrol();
    desk.quit();
    desk.stage.read_only_home(true).unwrap();
    desk.start();
    desk.eventually("monitoring goes on", |status| status["state"]["state"] == "watching");
    assert!(desk.trouble().contains("can't be used") || desk.trouble().contains("recorded"), "{}", desk.trouble());
    assert!(desk.verify(&desk.stage.user().password) || desk.trouble().contains("recorded"));
    desk.stage.read_only_home(false).unwrap();
    desk.eventually("it is over", |_| desk.trouble().is_empty());
    // What happened meanwhile was recorded late, but not lost.
    assert!(desk.ledger().matches("began ").count() >= 2, "{}", desk.ledger());
}

#[test]
fn an_x_server_that_goes_is_said_and_seen_again_once_it_is_back() {
    let desk = Desk::new();
    desk.enrol();
    desk.stage.stop_display().unwrap();
    desk.eventually("it is said", |_| !desk.trouble().is_empty());
    let worker = desk.worker();
    std::thread::sleep(std::time::Duration::from_secs(5));
    assert_eq!(desk.worker(), worker, "the agent lives on");
    // And back: keys are seen again.
    let mut server = std::process::Command::new("Xvfb");
    let mut server =
        server.args([desk.stage.display(), "-nolisten", "tcp", "-noreset"]).stderr(Stdio::null()).spawn().unwrap();
    desk.eventually("keys are seen again", |status| {
        status["trouble"].as_array().is_some_and(Vec::is_empty) && !status["keyboard"].is_null()
    });
    assert_eq!(desk.worker(), worker);
    let _ = (server.kill(), server.wait());
}

#[test]
fn a_keyboard_that_is_gone_is_said_until_it_is_back() {
    let desk = Desk::new();
    desk.enrol();
    assert_eq!(desk.trouble(), "");
    the_keyboard_is(desk.stage.display(), false);
    desk.eventually("it is said", |status| status["trouble"][0]["trouble"] == "no-keyboard");
    assert_eq!(desk.status()["state"]["state"], "watching", "monitoring goes on");
    the_keyboard_is(desk.stage.display(), true);
    desk.eventually("it is over", |_| desk.trouble().is_empty());
}

#[test]
fn a_template_of_another_model_is_not_used_and_says_so() {
    let mut desk = Desk::new();
    desk.enrol();
    desk.quit();
    desk.stage.set_policy(&format!("{}\n[model]\npack = \"open\"\n", crate::desk::POLICY)).unwrap();
    desk.start();
    desk.eventually("it is said", |_| desk.trouble().contains("model"));
    assert_eq!(desk.status()["state"]["state"], "learning");
    // Enrolling again mends it.
    desk.enrol();
    assert_eq!(desk.trouble(), "");
}

#[test]
fn two_sessions_of_one_user_are_watched_each_with_one_template_and_one_record() {
    let desk = Desk::new();
    desk.enrol();
    // Another login of the same user: another display, the same home, keyring and runtime folder.
    let display = format!(":{}", 5_000 + std::process::id() % 1_000);
    let mut server = desk.stage.command("Xvfb");
    let mut server = server.args([&display, "-nolisten", "tcp"]).stderr(Stdio::null()).spawn().unwrap();
    let other = format!("DISPLAY={display}");
    let mut second = desk.stage.command("bash");
    let mut second = second.args(["-c", &format!("{other} exec stillyou agent")]).stdin(Stdio::null()).spawn().unwrap();
    let status = || desk.run(&format!("until {other} stillyou status --json 2>/dev/null; do sleep 0.2; done"));
    desk.eventually("the second watches with the same template", |_| status().contains("\"watching\""));
    assert_eq!(desk.status()["state"]["state"], "watching");
    // Each has a score of its own: what is proven here is not proven there.
    assert!(desk.verify(&desk.stage.user().password));
    assert_eq!(desk.status()["state"]["band"], "verified");
    assert!(status().contains("\"band\":\"watch\""), "{}", status());
    let (passed, said) = desk.stillyou(&["ledger", "verify"]);
    assert!(passed, "{said}");
    // The loss of one is the loss of that one.
    let record = desk.ledger();
    assert!(!record.contains("lost "), "{record}");
    desk.run(&format!("pkill -KILL -f -- [-]-worker && sleep 1; {other} stillyou status --json >/dev/null || true"));
    desk.eventually("both losses are on record", |_| desk.ledger().matches("lost ").count() == 2);
    let _ = (second.kill(), second.wait(), server.kill(), server.wait());
}

#[test]
fn a_clock_that_jumps_by_a_year_both_ways_changes_nothing_but_the_dates() {
    let desk = Desk::with_a_clock_of_its_own();
    desk.enrol();
    let worker = desk.worker();
    for (jump, year) in [("+400d", 1), ("-400d", -1), ("+0d", 0)] {
        let score = desk.status()["score"].as_f64().unwrap();
        desk.run(&format!("echo '{jump}' >$HOME/clock"));
        std::thread::sleep(std::time::Duration::from_secs(3));
        assert_eq!(desk.status()["state"]["state"], "watching");
        assert!((desk.status()["score"].as_f64().unwrap() - score).abs() < 1.0, "{jump}: {}", desk.status());
        // Recorded with the date that the machine had, in its right place.
        assert!(desk.verify(&desk.stage.user().password));
        let (passed, said) = desk.stillyou(&["ledger", "export", "--json"]);
        assert!(passed, "{said}");
        let dated = said.lines().last().unwrap();
        let wanted = desk.run(&format!("date +%Y -d '{} days'", 400 * year));
        assert!(dated.contains(&format!("\"time\":\"{wanted}-")), "{wanted}: {dated}");
        let (passed, said) = desk.stillyou(&["ledger", "verify"]);
        assert!(passed, "{said}");
    }
    assert_eq!(desk.worker(), worker);
    assert!(!desk.locked() && desk.trouble().is_empty(), "{}", desk.trouble());
}

/// The X server's only keyboard that is not XTEST's is switched off or on.
fn the_keyboard_is(display: &str, on: bool) {
    let (client, _) = x11rb::connect(Some(display)).unwrap();
    client.xinput_xi_query_version(2, 2).unwrap().reply().unwrap();
    let devices = client.xinput_xi_query_device(u16::from(u8::from(Device::ALL))).unwrap().reply().unwrap().infos;
    let keyboard = devices.iter().find(|device| device.name == b"Xvfb keyboard").unwrap();
    let enabled = client.intern_atom(true, b"Device Enabled").unwrap().reply().unwrap().atom;
    let value = XIChangePropertyAux::Data8(vec![on.into()]);
    let mode = PropMode::REPLACE;
    let integer = AtomEnum::INTEGER.into();
    client.xinput_xi_change_property(keyboard.deviceid, mode, enabled, integer, 1, &value).unwrap().check().unwrap();
}
