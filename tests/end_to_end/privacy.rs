//! What is typed, and where the pointer was, leaves no trace: canaries are typed and moved through the real path and searched
//! for wherever they could be.

use crate::{canary, desk::Desk};
use std::{
    io::Read,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    process::Stdio,
};
use stillyou_sense::keyboard::inject::XtestTypist;
use stillyou_sense::pointer::inject::XtestPointer;

/// Prints every secret of ours in the keyring.
const KEYRING_SECRETS: &str = r#"
import dbus, sys
keyring = dbus.SessionBus().get_object("org.freedesktop.secrets", "/org/freedesktop/secrets")
service = dbus.Interface(keyring, "org.freedesktop.Secret.Service")
session = service.OpenSession("plain", dbus.String("", variant_level=1))[1]
items = service.SearchItems({"service": "stillyou"})[0]
for secret in service.GetSecrets(items, session).values():
    sys.stdout.buffer.write(bytes(secret[2]))
"#;

/// Canaries typed in a row: more than a window, so that the network has seen them.
const TIMES: usize = 6;

#[test]
fn what_is_typed_is_in_no_file_no_answer_no_log_and_not_in_the_keyring() {
    let log = tempfile::NamedTempFile::new().unwrap();
    let desk = Desk::logging_to(log.path());
    desk.enrol();
    // Learnt from and scored at once.
    assert!(desk.stillyou(&["enroll"]).0);
    let mut watcher = desk.stage.command("stillyou");
    let mut watcher = watcher.args(["status", "--watch", "--json"]).stdout(Stdio::piped()).spawn().unwrap();
    // More strokes than a window, so that the pointer's network has seen them.
    XtestPointer::connect(desk.stage.display()).unwrap().play(&canary::path(45)).unwrap();
    type_canary(&desk);
    assert!(desk.verify(&desk.stage.user().password));
    let mut seen = Vec::new();
    for question in [&["status", "--json"][..], &["explain", "--json"], &["explain", "--list"], &["ledger", "verify"]] {
        let (passed, said) = desk.stillyou(question);
        assert!(passed, "{question:?}: {said}");
        seen.push((question.join(" "), said.into_bytes()));
    }
    watcher.kill().unwrap();
    let mut watched = Vec::new();
    watcher.stdout.take().unwrap().read_to_end(&mut watched).unwrap();
    watcher.wait().unwrap();
    assert!(watched.len() > 1_000, "the watcher saw something");
    seen.push(("status --watch".into(), watched));
    seen.push(("the log".into(), std::fs::read(log.path()).unwrap()));
    seen.push(("the keyring's secrets".into(), desk.keyring_secrets()));
    for folder in ["/tmp", "/var/tmp", "/dev/shm"].map(PathBuf::from).into_iter().chain(desk.folders()) {
        files(&desk.stage.outside(folder), desk.stage.user().id, &mut seen);
    }
    assert!(seen.iter().any(|(name, _)| name.ends_with("ledger.db")), "the record was among them");
    for (name, bytes) in &seen {
        assert_eq!(canary::found_in(bytes), None, "{name} ({} bytes)", bytes.len());
        assert_eq!(canary::places_found_in(bytes), None, "{name} ({} bytes)", bytes.len());
        let password = desk.stage.user().password.as_bytes();
        assert!(!bytes.windows(password.len()).any(|w| w == password), "{name} holds the password");
    }
}

#[test]
fn what_was_typed_is_gone_from_memory_once_its_window_is() {
    let desk = Desk::new();
    desk.enrol();
    type_canary(&desk);
    // The search finds what is there: the window holds the last keystrokes.
    assert!(desk.memory().iter().any(|piece| canary::found_in(piece).is_some()), "the live window was not found");
    // A verification ends the window, a lock ends capture.
    assert!(desk.verify(&desk.stage.user().password));
    let mut locker = desk.stage.command("i3lock").arg("--nofork").spawn().unwrap();
    desk.eventually("the lock is seen", |status| status["state"]["state"] == "locked");
    let traces: Vec<_> = desk.memory().iter().filter_map(|piece| canary::found_in(piece)).collect();
    assert_eq!(traces, Vec::<String>::new());
    locker.kill().unwrap();
    locker.wait().unwrap();
}

#[test]
fn no_other_process_of_the_user_reads_the_agents_memory() {
    let desk = Desk::new();
    for process in [desk.worker(), desk.supervisor()] {
        for what in ["mem", "environ", "maps", "fd/0"] {
            let read = desk.stage.command("head").args(["-c1", &format!("/proc/{process}/{what}")]).output().unwrap();
            let said = String::from_utf8_lossy(&read.stderr).into_owned();
            assert!(!read.status.success() && said.contains("Permission denied"), "{what}: {said}");
        }
        let trace = desk.stage.command("strace").args(["-p", &process]).output().unwrap();
        let said = String::from_utf8_lossy(&trace.stderr).into_owned();
        assert!(!trace.status.success() && said.contains("Operation not permitted"), "{said}");
        let limits = desk.stage.outside(format!("/proc/{process}/limits"));
        let limits = std::fs::read_to_string(limits).unwrap();
        let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
        assert_eq!(core.split_whitespace().filter(|word| *word == "0").count(), 2, "{core}");
    }
}

#[test]
fn no_page_of_the_agent_is_writable_and_executable() {
    let desk = Desk::new();
    desk.enrol();
    for process in [desk.worker(), desk.supervisor()] {
        let maps = std::fs::read_to_string(desk.stage.outside(format!("/proc/{process}/maps"))).unwrap();
        assert!(maps.contains("r-xp"), "{maps}");
        assert!(!maps.lines().any(|line| line.contains("wx")), "{maps}");
    }
}

#[test]
fn without_any_network_everything_works_and_no_network_socket_is_opened() {
    let trace = tempfile::NamedTempFile::new().unwrap();
    let desk = Desk::offline(trace.path());
    desk.enrol();
    type_canary(&desk);
    assert!(desk.verify(&desk.stage.user().password));
    let calls = std::fs::read_to_string(trace.path()).unwrap();
    assert!(calls.contains("socket(AF_UNIX"), "{calls}");
    // PAM's helper asks the kernel's audit, which is no network.
    let here = ["socket(AF_UNIX", "socket(AF_NETLINK, SOCK_RAW, NETLINK_AUDIT"];
    let foreign = calls.lines().filter(|call| call.contains("socket(") && !here.iter().any(|ours| call.contains(ours)));
    assert_eq!(foreign.collect::<Vec<_>>(), Vec::<&str>::new());
}

fn type_canary(desk: &Desk) {
    let before = desk.status()["keystrokes"].as_u64().unwrap();
    let mut typist = XtestTypist::connect(desk.stage.display()).unwrap();
    typist.type_keystrokes(&canary::keystrokes(TIMES), |_| {}).unwrap();
    let typed = (TIMES * canary::KEYS.len()) as u64;
    desk.eventually("all keys are seen", |status| status["keystrokes"].as_u64() >= Some(before + typed));
}

/// Every file of `user` below `folder`, with its name.
pub fn files(folder: &Path, user: u32, found: &mut Vec<(String, Vec<u8>)>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let Ok(meta) = entry.metadata() else { continue };
        let theirs = meta.uid() == user;
        // Where others may not write nothing of theirs can be.
        if meta.is_dir() && (theirs || meta.mode() & 0o002 != 0) {
            files(&entry.path(), user, found);
        } else if meta.is_file() && theirs {
            found.push((entry.path().display().to_string(), std::fs::read(entry.path()).unwrap_or_default()));
        }
    }
}

impl Desk {
    /// Everything the user's processes may write to.
    pub fn folders(&self) -> Vec<PathBuf> {
        vec![self.stage.home(), PathBuf::from(self.run("echo $XDG_RUNTIME_DIR"))]
    }

    /// Every secret that we have in the keyring, as its owner may read it.
    pub fn keyring_secrets(&self) -> Vec<u8> {
        let script = self.stage.write("secrets.py", KEYRING_SECRETS.as_bytes()).unwrap();
        let output = self.stage.command("python3").arg(script).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(output.stdout.len() > 1_000, "a template is among them: {} bytes", output.stdout.len());
        output.stdout
    }

    /// What the agent's processes hold in memory that they can write.
    pub fn memory(&self) -> Vec<Vec<u8>> {
        [self.worker(), self.supervisor()].iter().flat_map(|process| self.memory_of(process)).collect()
    }

    fn memory_of(&self, process: &str) -> Vec<Vec<u8>> {
        use std::os::unix::fs::FileExt;
        let place = |file: &str| self.stage.outside(format!("/proc/{process}/{file}"));
        let maps = std::fs::read_to_string(place("maps")).unwrap();
        let memory = std::fs::File::open(place("mem")).unwrap();
        let mut pieces = Vec::new();
        for line in
            maps.lines().filter(|line| line.split_whitespace().nth(1).is_some_and(|mode| mode.starts_with("rw")))
        {
            let (from, to) = line.split_whitespace().next().unwrap().split_once('-').unwrap();
            let (from, to) = (u64::from_str_radix(from, 16).unwrap(), u64::from_str_radix(to, 16).unwrap());
            let mut piece = vec![0; usize::try_from(to - from).unwrap()];
            if memory.read_exact_at(&mut piece, from).is_ok() {
                pieces.push(piece);
            }
        }
        assert!(pieces.iter().map(Vec::len).sum::<usize>() > 1 << 20, "the memory was read");
        pieces
    }
}
