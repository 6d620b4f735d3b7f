//! Supervisor and worker watch each other: when either is killed or frozen, the session is locked, the loss is on the
//! record, and both are there again.

use crate::desk::Desk;
use std::{
    thread::sleep,
    time::{Duration, Instant},
};

/// How long a session may stay unlocked once nobody watches it.
const SECONDS: Duration = Duration::from_secs(5);

#[test]
fn a_killed_worker_is_answered_with_a_lock_and_another_worker() {
    answered(|desk| desk.signal("KILL", desk.worker()), "\"who\":\"worker\"");
}

#[test]
fn a_frozen_worker_is_answered_with_a_lock_and_another_worker() {
    answered(|desk| desk.signal("STOP", desk.worker()), "\"fate\":\"frozen\"");
}

#[test]
fn a_worker_that_runs_out_of_memory_is_answered_with_a_lock_and_another_worker() {
    // No more address space than it has: the next thread, mapping or large buffer fails.
    let starve = |desk: &Desk| {
        let worker = desk.worker();
        desk.run(&format!("prlimit --pid {worker} --as=1"));
        // What it needs for a new client's thread is not there.
        while desk.alive(&worker) {
            desk.stillyou(&["status"]);
        }
    };
    answered(starve, "\"who\":\"worker\"");
}

#[test]
fn a_killed_supervisor_is_answered_with_a_lock_and_another_agent() {
    answered(|desk| desk.signal("KILL", desk.supervisor()), "\"who\":\"supervisor\"");
}

#[test]
fn a_frozen_supervisor_is_answered_with_a_lock_and_another_agent() {
    answered(|desk| desk.signal("STOP", desk.supervisor()), "\"fate\":\"frozen\"");
}

#[test]
fn both_killed_is_answered_by_the_next_start() {
    let mut desk = Desk::new();
    desk.enrol();
    let (supervisor, worker) = (desk.supervisor(), desk.worker());
    // Frozen first, so that it sees nothing of the other's end.
    desk.signal("STOP", &worker);
    desk.signal("KILL", format!("{supervisor} {worker}"));
    desk.agent.take().unwrap().wait().unwrap();
    sleep(Duration::from_secs(1));
    assert!(!desk.locked());
    desk.start();
    desk.eventually("the lock", |_| desk.locked());
    assert!(desk.ledger().contains("\"who\":\"both\""), "{}", desk.ledger());
}

#[test]
fn told_to_end_by_somebody_unproven_it_locks_first() {
    let mut desk = Desk::new();
    desk.enrol();
    sleep(Duration::from_secs(6));
    desk.signal("TERM", desk.supervisor());
    desk.ends();
    assert!(desk.locked());
    assert!(desk.ledger().contains("ended {\"allowed\":false"), "{}", desk.ledger());
}

#[test]
fn told_to_end_by_the_owner_it_just_ends() {
    let mut desk = Desk::new();
    desk.enrol();
    desk.quit();
    assert!(!desk.locked());
    // Nothing is owed for that either.
    desk.start();
    desk.eventually("monitoring goes on", |status| status["state"]["state"] == "watching");
}

#[test]
fn a_second_agent_names_the_first_and_changes_nothing() {
    let desk = Desk::new();
    let first = desk.worker();
    let second = desk.stage.command("stillyou").arg("agent").output().unwrap();
    let said = String::from_utf8_lossy(&second.stderr);
    assert_eq!(second.status.code(), Some(3), "{said}");
    assert!(said.contains(&format!("process {first}")), "{said}");
    assert_eq!(desk.worker(), first);
}

/// Enrols, does something bad to the agent, and sees the answer.
fn answered(harm: impl Fn(&Desk), on_record: &str) {
    let desk = Desk::new();
    desk.enrol();
    let (worker, supervisor) = (desk.worker(), desk.supervisor());
    assert!(!desk.locked());
    let start = Instant::now();
    harm(&desk);
    while !desk.locked() {
        assert!(start.elapsed() < SECONDS, "the session is not locked");
        sleep(Duration::from_millis(50));
    }
    desk.eventually("another agent sees the lock", |status| status["state"]["state"] == "locked");
    assert_ne!((desk.worker(), desk.supervisor()), (worker, supervisor));
    assert!(desk.ledger().contains(on_record), "{}", desk.ledger());
    // An unlock is no proof: a step-up is owed.
    desk.run("pkill i3lock");
    desk.eventually("a step-up after the unlock", |status| status["state"]["state"] == "step-up");
    assert!(desk.verify(&desk.stage.user().password));
    desk.eventually("monitoring goes on", |status| status["state"]["state"] == "watching");
}

impl Desk {
    fn alive(&self, process: impl std::fmt::Display) -> bool {
        self.stage.command("kill").args(["-0", &process.to_string()]).status().unwrap().success()
    }

    fn signal(&self, signal: &str, processes: impl std::fmt::Display) {
        self.run(&format!("kill -{signal} {processes}"));
    }
}
