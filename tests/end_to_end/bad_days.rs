//! What can go wrong around the agent: each has a name, is said, and never ends it.

use crate::desk::Desk;

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
fn an_x_server_that_goes_is_said_and_the_agent_lives() {
    let desk = Desk::new();
    desk.enrol();
    desk.stage.stop_display().unwrap();
    desk.eventually("it is said", |_| !desk.trouble().is_empty());
    let worker = desk.worker();
    std::thread::sleep(std::time::Duration::from_secs(5));
    assert_eq!(desk.worker(), worker, "the agent lives on");
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
