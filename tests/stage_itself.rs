//! The stage is what it says. As root it is the whole of it, otherwise what an ordinary user can have.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};
use stillyou_stage::{Stage, keyboard_grabbed};

fn output(stage: &Stage, script: &str) -> String {
    let output = stage.command("bash").args(["-c", script]).output().unwrap();
    assert!(output.status.success(), "{script}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn eventually(what: &str, mut check: impl FnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(20);
    while !check() {
        assert!(Instant::now() < end, "{what}");
        sleep(Duration::from_millis(50));
    }
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

#[test]
fn commands_see_the_stage_and_nothing_else() {
    let stage = Stage::builder().build().unwrap();
    assert_eq!(output(&stage, "echo $DISPLAY"), stage.display());
    assert_eq!(output(&stage, "pwd"), stage.home().to_str().unwrap());
    assert_eq!(output(&stage, "env | grep -c ^CARGO || true"), "0");
    assert_eq!(output(&stage, "id -u"), stage.user().id.to_string());
    assert!(
        output(
            &stage,
            "dbus-send --session --print-reply=literal --dest=org.freedesktop.DBus / \
        org.freedesktop.DBus.ListNames"
        )
        .contains("org.freedesktop.secrets")
    );
    let path = stage.write("note", b"hello").unwrap();
    assert_eq!(output(&stage, "cat note; stat -c %a note"), "hello600");
    assert_eq!(std::fs::read(stage.outside(path)).unwrap(), b"hello");
}

#[test]
fn a_locker_holds_the_keyboard_and_killing_the_child_ends_it() {
    let stage = Stage::builder().build().unwrap();
    assert!(!keyboard_grabbed(stage.display()).unwrap());
    let mut locker = stage.command("i3lock").arg("--nofork").spawn().unwrap();
    eventually("the locker grabs the keyboard", || keyboard_grabbed(stage.display()).unwrap());
    locker.kill().unwrap();
    locker.wait().unwrap();
    eventually("a killed locker lets go", || !keyboard_grabbed(stage.display()).unwrap());
}

#[test]
fn root_gets_a_throw_away_user_and_a_policy_that_the_host_does_not_see() {
    if !is_root() {
        assert!(Stage::builder().policy("x").build().is_err());
        return;
    }
    let before = std::fs::read("/etc/passwd").unwrap();
    let stage = Stage::builder().policy("version = 1\n").build().unwrap();
    let name = &stage.user().name;
    assert_eq!(output(&stage, "whoami"), *name);
    assert_eq!(
        output(&stage, "cat /etc/stillyou/policy.toml; stat -c '%U %a' /etc/stillyou/policy.toml"),
        "version = 1\nroot 644"
    );
    assert_eq!(output(&stage, "touch /etc/stillyou/x 2>/dev/null || echo refused"), "refused");
    stage.set_policy("version = 2\n").unwrap();
    assert_eq!(output(&stage, "cat /etc/stillyou/policy.toml"), "version = 2");
    assert_eq!(std::fs::read("/etc/passwd").unwrap(), before);
    assert!(!std::fs::read_to_string("/etc/stillyou/policy.toml").is_ok_and(|text| text.contains("version = 2")));

    // The password is right, and another one is not: su asks PAM as any program would.
    let su = |password: &str| {
        let command = format!("echo {password} | su {name} -c true 2>/dev/null && echo right || echo wrong");
        output(&stage, &command)
    };
    assert_eq!(su(&stage.user().password), "right");
    assert_eq!(su("another"), "wrong");
}

#[test]
fn a_program_is_provided_from_a_folder_that_the_user_can_not_enter() {
    let stage = Stage::builder().build().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("hello-from-outside");
    std::fs::copy("/bin/echo", &program).unwrap();
    stage.provide(&program).unwrap();
    assert_eq!(output(&stage, "hello-from-outside hello"), "hello");
}

#[test]
fn nothing_is_left_however_the_stage_ends() {
    for how in ["drop", "panic", "int", "term", "kill"] {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--ignored", "--exact", "a_stage_that_ends", "--nocapture"])
            .env("HOW", how)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        let up = lines.filter_map(|line| line.split_once("up ").map(|(_, up)| up.to_owned())).next().unwrap();
        let (folder, process) = up.split_once(' ').unwrap();
        assert!(Path::new(folder).exists() && Path::new(&format!("/proc/{process}")).exists());
        match how {
            "int" | "term" | "kill" => {
                let signal = format!("-{}", how.to_uppercase());
                Command::new("kill").args([&signal, &child.id().to_string()]).status().unwrap();
            }
            _ => writeln!(child.stdin.take().unwrap(), "end").unwrap(),
        }
        child.wait().unwrap();
        eventually(&format!("{how}: the folder goes"), || !Path::new(folder).exists());
        eventually(&format!("{how}: its processes go"), || !Path::new(&format!("/proc/{process}")).exists());
    }
}

#[test]
#[ignore = "runs in a child process"]
// That the stage ends it is what is tested.
#[allow(clippy::zombie_processes)]
fn a_stage_that_ends() {
    let stage = Stage::builder().build().unwrap();
    let folder = stage.home().parent().unwrap().parent().unwrap().to_owned();
    let mut sleeper =
        stage.command("bash").args(["-c", "sleep 1000 & disown; echo; wait"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(sleeper.stdout.take().unwrap()).read_line(&mut line).unwrap();
    println!("up {} {}", folder.display(), sleeper.id());
    std::io::stdin().read_line(&mut line).unwrap();
    assert_ne!(std::env::var("HOW").unwrap(), "panic");
}
