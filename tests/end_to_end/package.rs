//! The Debian package, on a system of the stage's own.

use crate::desk::{eventually, program};
use std::path::PathBuf;
use std::process::Stdio;
use stillyou_stage::Stage;

#[test]
fn a_package_is_installed_and_started_and_leaves_nothing_but_the_users_record() {
    let stage = Stage::builder().own_system().build().unwrap();
    administer(&stage, "dpkg", &["--install", package().to_str().unwrap()]);
    run(&stage, "stillyou policy check /etc/stillyou/policy.toml");
    run(
        &stage,
        "test -x /usr/bin/stillyou-desktop -a -L /usr/lib/systemd/user/graphical-session.target.wants/stillyou.service",
    );

    let mut app = stage.command("stillyou-desktop").stdin(Stdio::null()).stdout(Stdio::null()).spawn().unwrap();
    eventually("the app has started an agent", || answers(&stage, "stillyou status --json"));
    run(&stage, "pgrep -f '^/usr/bin/stillyou agent$'");

    administer(&stage, "dpkg", &["--remove", "stillyou"]);
    eventually("all of it has ended", || !answers(&stage, "pgrep '^stillyou'"));
    app.wait().unwrap();
    assert!(!answers(&stage, "command -v stillyou || command -v stillyou-desktop"));
    // What the administrator may have written stays until it is asked to go.
    run(&stage, "test -e /etc/stillyou/policy.toml");
    administer(&stage, "dpkg", &["--purge", "stillyou"]);
    let left =
        "find /usr /etc /var/lib -path /var/lib/dpkg -prune -o -name '*stillyou*' ! -path '*/stillyou-stage-*' -print";
    assert_eq!(run(&stage, &format!("{left} 2>/dev/null; true")), "");
    // The record is the user's own, and says that all ended.
    run(&stage, "test -s ~/.local/state/stillyou/ledger.db");
}

fn package() -> PathBuf {
    program("stillyou.deb", "STILLYOU_PACKAGE")
}

fn administer(stage: &Stage, program: &str, args: &[&str]) {
    let output = stage.administrators_command(program).unwrap().args(args).output().unwrap();
    assert!(output.status.success(), "{program} {args:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn answers(stage: &Stage, line: &str) -> bool {
    stage.command("bash").args(["-c", line]).output().unwrap().status.success()
}

fn run(stage: &Stage, line: &str) -> String {
    let output = stage.command("bash").args(["-c", line]).output().unwrap();
    assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}
