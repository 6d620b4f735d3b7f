//! Policy files that can't be used.

use crate::desk::Desk;

#[test]
fn a_users_file_can_not_loosen_the_administrators_policy() {
    let mut desk = Desk::new();
    desk.quit();
    let folder = desk.stage.outside(desk.stage.home().join(".config/stillyou"));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("policy.toml"), "version = 1\n[step_up]\ngrace_seconds = 60\n").unwrap();
    desk.start();
    let said = desk.trouble();
    assert!(said.contains("step_up.grace_seconds") && said.contains("policy.toml"), "{said}");
    assert_eq!(desk.status()["policy"], serde_json::json!(["/etc/stillyou/policy.toml"]));
}

#[test]
fn a_damaged_policy_is_said_and_the_defaults_are_in_force() {
    let mut desk = Desk::new();
    desk.enrol();
    desk.quit();
    desk.stage.set_policy("version = 1\n[lock]\ncomand = []\n").unwrap();
    desk.start();
    desk.eventually("monitoring goes on", |status| status["state"]["state"] == "watching");
    let said = desk.trouble();
    assert!(said.contains("comand") && said.contains("/etc/stillyou/policy.toml"), "{said}");
    assert_eq!(desk.status()["policy"], serde_json::json!([]));
}
