//! The product as it is built, on a stage: the agent and the command line, a real X server, keyring, PAM and locker.
//!
//! Needs root (`./x test` asks sudo) and the built `stillyou`, in the variable `STILLYOU` or beside the tests.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::{
    io::Write,
    path::PathBuf,
    process::{Child, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};
use stillyou_recordings::typist::Typist;
use stillyou_sense::keyboard::inject::XtestTypist;
use stillyou_stage::{Stage, keyboard_grabbed, recording, type_on_time};

const POLICY: &str = r#"
version = 1
[enrolment]
min_keystrokes = 300
accept_recordings = true
[keyboard]
score_injected = true
[step_up]
grace_seconds = 5
fresh_seconds = 5
[lock]
methods = ["command"]
command = ["/usr/bin/i3lock", "--nofork"]
[status]
reveal = true
"#;

#[test]
fn what_lowers_protection_or_gives_reasons_needs_a_fresh_step_up() {
    let desk = Desk::new();
    desk.enrol();
    let requests: [&[&str]; 6] = [
        &["erase"],
        &["explain"],
        &["ledger", "verify"],
        &["enroll"],
        &["enroll", "--cancel"],
        &["enroll", "--recording", "typing.csv", "--subject", "4"],
    ];
    // The owner's own step-up is over.
    sleep(Duration::from_secs(6));
    for request in requests {
        let (passed, said) = desk.stillyou(request);
        assert!(!passed && said.contains("refused") && said.contains("stillyou verify"), "{request:?}: {said}");
    }
    assert!(!desk.verify("not the password"));
    let (passed, said) = desk.stillyou(&["explain"]);
    assert!(!passed && said.contains("refused"), "{said}");
    assert!(desk.verify(&desk.stage.user().password));
    let (passed, said) = desk.stillyou(&["explain"]);
    assert!(passed && said.contains("it agrees"), "{said}");
    let (passed, said) = desk.stillyou(&["ledger", "verify"]);
    assert!(passed && said.contains("unbroken"), "{said}");
}

#[test]
fn erase_leaves_nothing_in_the_keyring() {
    let desk = Desk::new();
    desk.enrol();
    assert!(desk.keyring_entries() > 3);
    let (passed, said) = desk.stillyou(&["erase"]);
    assert!(passed && said.contains("erased"), "{said}");
    assert_eq!(desk.keyring_entries(), 0);
    assert_eq!(desk.status()["state"]["state"], "learning");
}

#[test]
fn a_template_outlives_the_agent_and_an_older_one_put_back_does_not_count() {
    let mut desk = Desk::new();
    desk.enrol();
    desk.restart();
    desk.eventually("monitoring goes on", |status| status["state"]["state"] == "watching");
    // The keyring with the first template is put back after a second was made.
    let keyring = desk.stage.outside(desk.stage.home().join(".local/share/keyrings/login.keyring"));
    let first = std::fs::read(&keyring).unwrap();
    desk.enrol();
    desk.stop();
    desk.stage.restart_keyring_with(&first).unwrap();
    desk.start();
    desk.eventually("the older template is refused", |status| {
        status["trouble"].as_array().unwrap().iter().any(|t| t["why"].as_str().unwrap().contains("on record"))
    });
    assert_eq!(desk.status()["state"]["state"], "learning");
}

#[test]
fn an_unanswered_step_up_locks_and_the_owner_reads_why() {
    let desk = Desk::new();
    desk.enrol();
    assert!(!keyboard_grabbed(desk.stage.display()).unwrap());
    // Somebody whose hands are others' types until the agent asks; then nobody answers rightly.
    let stranger = Typist::new(9);
    type_on_time();
    let mut typist = XtestTypist::connect(desk.stage.display()).unwrap();
    let strokes: Vec<_> = stranger.typing(1).take(400).collect();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            desk.eventually("a step-up", |status| status["state"]["state"] == "step-up");
            assert!(!desk.verify("guess"));
        });
        typist
            .type_while(&strokes, |_| {
                if keyboard_grabbed(desk.stage.display()).unwrap() {
                    std::ops::ControlFlow::Break(())
                } else {
                    std::ops::ControlFlow::Continue(())
                }
            })
            .unwrap();
    });
    desk.eventually("the lock", |status| status["state"]["state"] == "locked");
    assert!(keyboard_grabbed(desk.stage.display()).unwrap());

    // The screen is unlocked. That is no proof to us: the owner is asked, answers, and reads the record.
    assert!(desk.stage.command("pkill").arg("i3lock").status().unwrap().success());
    desk.eventually("a step-up after the unlock", |status| status["state"]["state"] == "step-up");
    assert!(desk.verify(&desk.stage.user().password));
    let (passed, listed) = desk.stillyou(&["explain", "--list"]);
    assert!(passed, "{listed}");
    for decision in ["step-up asked: the typing was unlike the owner's", "lock asked: nobody answered in time"] {
        let line = listed.lines().find(|line| line.contains(decision)).unwrap_or_else(|| panic!("{decision}: {listed}"));
        let entry = line.split_whitespace().next().unwrap();
        let (passed, said) = desk.stillyou(&["explain", entry]);
        assert!(passed && said.contains(decision) && said.contains("recomputed from the record: it agrees"), "{said}");
    }
}

#[test]
fn a_users_file_can_not_loosen_the_administrators_policy() {
    let mut desk = Desk::new();
    desk.stop();
    let folder = desk.stage.outside(desk.stage.home().join(".config/stillyou"));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("policy.toml"), "version = 1\n[step_up]\ngrace_seconds = 60\n").unwrap();
    let output = desk.stage.command("stillyou").arg("agent").output().unwrap();
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("step_up.grace_seconds") && said.contains("policy.toml"), "{said}");
}

/// A stage with the agent on it.
struct Desk {
    stage: Stage,
    agent: Option<Child>,
}

impl Desk {
    fn new() -> Self {
        let stage = Stage::builder().policy(POLICY).build().unwrap();
        stage.provide(&program()).unwrap();
        let mut desk = Self { stage, agent: None };
        desk.start();
        desk
    }

    fn start(&mut self) {
        let mut command = self.stage.command("stillyou");
        self.agent = Some(command.arg("agent").stdin(Stdio::null()).stdout(Stdio::null()).spawn().unwrap());
        let end = Instant::now() + Duration::from_secs(30);
        while !self.stillyou(&["status", "--json"]).0 {
            assert!(Instant::now() < end, "the agent does not answer");
            sleep(Duration::from_millis(100));
        }
        self.eventually("the keyboard is captured", |status| !status["keyboard"].is_null());
    }

    fn stop(&mut self) {
        let mut agent = self.agent.take().unwrap();
        agent.kill().unwrap();
        agent.wait().unwrap();
    }

    fn restart(&mut self) {
        self.stop();
        self.start();
    }

    fn stillyou(&self, args: &[&str]) -> (bool, String) {
        let output = self.stage.command("stillyou").args(args).stdin(Stdio::null()).output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8_lossy(&said).into_owned())
    }

    fn verify(&self, password: &str) -> bool {
        let mut command = self.stage.command("stillyou");
        let mut child = command
            .args(["verify", "--password-stdin"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        writeln!(child.stdin.take().unwrap(), "{password}").unwrap();
        child.wait().unwrap().success()
    }

    fn enrol(&self) {
        let person = Typist::new(4).record(10);
        self.stage.write("typing.csv", recording(&person.subject, &person.sessions).as_bytes()).unwrap();
        assert!(self.verify(&self.stage.user().password));
        let (passed, said) = self.stillyou(&["enroll", "--recording", "typing.csv", "--subject", &person.subject]);
        assert!(passed, "{said}");
        self.eventually("monitoring begins", |status| status["state"]["state"] == "watching");
    }

    fn status(&self) -> serde_json::Value {
        let (passed, said) = self.stillyou(&["status", "--json"]);
        assert!(passed, "{said}");
        serde_json::from_str(&said).unwrap()
    }

    fn eventually(&self, what: &str, check: impl Fn(&serde_json::Value) -> bool) {
        let end = Instant::now() + Duration::from_secs(120);
        loop {
            let status = self.status();
            if check(&status) {
                return;
            }
            assert!(Instant::now() < end, "{what}: {status}");
            sleep(Duration::from_millis(200));
        }
    }

    fn keyring_entries(&self) -> usize {
        let search = "dbus-send --session --print-reply --dest=org.freedesktop.secrets /org/freedesktop/secrets \
                      org.freedesktop.Secret.Service.SearchItems dict:string:string:service,stillyou";
        let output = self.stage.command("bash").args(["-c", search]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).matches("object path").count()
    }
}

fn program() -> PathBuf {
    let beside = || std::env::current_exe().unwrap().parent().unwrap().parent().unwrap().join("stillyou");
    let program = std::env::var_os("STILLYOU").map_or_else(beside, PathBuf::from);
    assert!(program.exists(), "{} must be built first: `./x test` does", program.display());
    program
}
