//! Others hear of exceptions: by a real listener on the system log's socket, and by a program of the administrator's.

use crate::desk::{Desk, POLICY};
use serde_json::Value;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixDatagram;
use std::time::Duration;

/// Puts a `/dev` of its own on the stage, so that its log is not the machine's.
fn own_dev(desk: &Desk) {
    let script = "set -e; dev=$(mktemp -d); mount -t tmpfs -o mode=755 dev $dev; \
                  cp -a /dev/null /dev/zero /dev/full /dev/random /dev/urandom /dev/tty $dev/; \
                  mkdir $dev/pts $dev/shm; mount --rbind /dev/pts $dev/pts; \
                  mount --rbind /dev/shm $dev/shm; \
                  ln -s pts/ptmx $dev/ptmx; mount --rbind $dev /dev; umount --lazy $dev; rmdir $dev";
    let done = desk.stage.administrators_command("sh").unwrap().args(["-c", script]).status().unwrap();
    assert!(done.success());
}

/// What the log's socket on the stage hears.
fn listen(desk: &Desk) -> UnixDatagram {
    let socket = desk.stage.outside("/dev/log");
    let log = UnixDatagram::bind(&socket).unwrap();
    std::fs::set_permissions(&socket, std::fs::Permissions::from_mode(0o666)).unwrap();
    log.set_read_timeout(Some(Duration::from_secs(90))).unwrap();
    log
}

fn heard(log: &UnixDatagram) -> (String, Value) {
    let mut buffer = [0; 4096];
    let bytes = log.recv(&mut buffer).expect("the system log hears of it");
    let line = String::from_utf8(buffer[..bytes].to_vec()).unwrap();
    let (head, json) = line.split_once(": @cee: ").unwrap();
    (head.to_owned(), serde_json::from_str(json).unwrap())
}

fn open_case(desk: &Desk) -> String {
    assert!(desk.verify(&desk.stage.user().password));
    let (passed, said) = desk.stillyou(&["case", "open", "--modality", "keystroke", "--cannot-use"]);
    assert!(passed, "{said}");
    said.lines().last().unwrap().parse::<stillyou_governance::Request>().unwrap().short_code().to_string()
}

#[test]
fn a_broken_glass_is_heard_by_the_system_log_and_the_administrators_program_and_trouble_until_it_is() {
    let program = "/etc/stillyou/page";
    let policy = POLICY.replace("fresh_seconds = 5", "fresh_seconds = 30");
    let desk = Desk::under(&format!("{policy}\n[tell]\nprogram = \"{program}\"\n"));
    own_dev(&desk);
    let path = desk.stage.outside(program);
    let file = desk.stage.home().join("told");
    let page = format!("#!/bin/sh\n{{ /bin/cat; echo; }} >>{}\n", file.display());
    std::fs::write(&path, page).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    desk.enrol();
    let code = open_case(&desk);
    assert!(desk.verify(&desk.stage.user().password));
    let (passed, said) = desk.stillyou(&["case", "break-glass", &code, "--reason", "on call, hand in plaster"]);
    assert!(passed, "{said}");

    // Nobody listens to the log: that is trouble, and stands on the record. The program was told.
    desk.eventually("it is said that nobody was told", |_| desk.trouble().contains("/dev/log takes nothing"));
    let told = || std::fs::read_to_string(desk.stage.outside(&file)).unwrap_or_default();
    crate::desk::eventually("the program is told", || told().contains("glass-broken"));
    let paged: Value = serde_json::from_str(told().lines().next().unwrap()).unwrap();
    let record = || desk.ledger();
    crate::desk::eventually("both on the record", || record().matches("\ntold ").count() == 2);
    let failed: Vec<String> =
        record().lines().filter(|l| l.starts_with("told ") && l.contains("failed")).map(str::to_owned).collect();
    assert!(failed.len() == 1 && failed[0].contains("system-log"), "{failed:?}");

    // Somebody listens again, and hears what was missed.
    let log = listen(&desk);
    let (head, line) = heard(&log);
    assert!(head.starts_with("<82>stillyou["), "{head}");
    assert_eq!(line, paged);
    let user = desk.stage.user().name.clone();
    assert_eq!((&line["event"], &line["case"], &line["person"]), (&"glass-broken".into(), &code.into(), &user.into()));
    assert_eq!(line["to"], serde_json::json!(["security", "manager"]));
    assert!(line["until"].is_string() && line["v"] == 1 && !line.to_string().contains("plaster"), "{line}");
    desk.eventually("no trouble is left", |_| !desk.trouble().contains("not told"));

    // What is refused is heard at once.
    let (passed, said) = desk.stillyou(&["grant", "use", "a.b.c"]);
    assert!(!passed, "{said}");
    let (head, line) = heard(&log);
    assert!(head.starts_with("<85>stillyou["), "{head}");
    assert_eq!(line["event"], "grant-refused");
    crate::desk::eventually("the program is told of it too", || told().contains("grant-refused"));

    // A program that the person can write is not run.
    std::os::unix::fs::chown(&path, Some(desk.stage.user().id), None).unwrap();
    let before = told();
    let (passed, _) = desk.stillyou(&["grant", "use", "d.e.f"]);
    assert!(!passed);
    desk.eventually("it is said that it is not run", |_| desk.trouble().contains("it is not run"));
    assert_eq!(told(), before);
}
