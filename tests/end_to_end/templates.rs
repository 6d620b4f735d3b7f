//! Templates in the real keyring.

use crate::desk::Desk;

#[test]
fn erase_leaves_nothing_in_the_keyring() {
    let desk = Desk::new();
    desk.enrol();
    assert!(desk.keyring_entries() > 3);
    let (passed, said) = desk.stillyou(&["erase"]);
    assert!(passed && said.contains("erased"), "{said}");
    // What ties the record to the keychain stays, so that the record of the erasure can be verified.
    assert_eq!(desk.keyring_entries(), 2);
    assert_eq!(desk.status()["state"]["state"], "learning");
}

#[test]
fn a_template_outlives_the_agent_and_an_older_one_put_back_does_not_count() {
    let mut desk = Desk::new();
    desk.enrol();
    desk.quit();
    desk.start();
    desk.eventually("monitoring goes on", |status| status["state"]["state"] == "watching");
    // The keyring with the first template is put back after a second was made.
    let keyring = desk.stage.outside(desk.stage.home().join(".local/share/keyrings/login.keyring"));
    let first = std::fs::read(&keyring).unwrap();
    desk.enrol();
    desk.quit();
    desk.stage.restart_keyring_with(&first).unwrap();
    desk.start();
    desk.eventually("the older template is refused", |status| {
        status["trouble"].as_array().unwrap().iter().any(|t| t["why"].as_str().unwrap().contains("on record"))
    });
    assert_eq!(desk.status()["state"]["state"], "learning");
}
