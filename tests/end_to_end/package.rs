//! The Debian package, on a system of the stage's own.

use crate::desk::{Desk, POLICY, eventually, program};
use std::path::PathBuf;
use std::process::Stdio;
use stillyou_stage::Stage;

#[test]
fn a_package_is_installed_and_started_and_its_removal_is_no_way_around_the_lock() {
    let stage = Stage::builder().own_system().policy(POLICY).build().unwrap();
    // The administrator's policy was there first, and stays.
    administer(&stage, "dpkg", &["--force-confold", "--install", package().to_str().unwrap()]);
    let desk = Desk { stage, agent: None };
    let policy = desk.run("stillyou policy check /etc/stillyou/policy.toml && cat /etc/stillyou/policy.toml");
    assert!(policy.contains(POLICY.trim()), "{policy}");
    desk.run("test -L /usr/lib/systemd/user/graphical-session.target.wants/stillyou.service");

    let mut app = desk.stage.command("stillyou-desktop");
    let mut app = app.stdin(Stdio::null()).stdout(Stdio::null()).spawn().unwrap();
    eventually("the app has started an agent", || desk.stillyou(&["status"]).0);
    desk.run("pgrep -f '^/usr/bin/stillyou agent$'");
    desk.enrol();
    desk.proof_is_old();

    administer(&desk.stage, "dpkg", &["--remove", "stillyou"]);
    assert!(desk.locked());
    assert_eq!(desk.run("pgrep '^stillyou' || true"), "");
    app.wait().unwrap();
    assert_eq!(desk.run("command -v stillyou || command -v stillyou-desktop || true"), "");
    // What the administrator may have written stays until it is asked to go.
    desk.run("test -e /etc/stillyou/policy.toml");
    administer(&desk.stage, "dpkg", &["--purge", "stillyou"]);
    let left = "find /usr /etc /var/lib -path /var/lib/dpkg -prune -o -name '*stillyou*' -print 2>/dev/null || true";
    assert_eq!(desk.run(left), "");
    // The record is the user's own.
    desk.run("test -s ~/.local/state/stillyou/ledger.db");
}

fn package() -> PathBuf {
    program("stillyou.deb", "STILLYOU_PACKAGE")
}

fn administer(stage: &Stage, program: &str, args: &[&str]) {
    let output = stage.administrators_command(program).unwrap().args(args).output().unwrap();
    assert!(output.status.success(), "{program} {args:?}: {}", String::from_utf8_lossy(&output.stderr));
}
