use super::{cost::OWNER, spread::Spread};
use crate::{agent, cargo};
use anyhow::{Context, Result, ensure};
use std::{
    ops::ControlFlow,
    path::Path,
    thread::sleep,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};
use stillyou_recordings::typist::Typist;
use stillyou_sense::keyboard::{Keystroke, inject::XtestTypist};
use stillyou_stage::{Stage, recording, type_on_time};

/// Bands so near to each other that evidence alone goes from *watch* to *lock*; the locker writes down when it was called.
const POLICY: &str = r#"
version = 1
[score]
floor_odds = "1:10"
watch_odds = "1:5"
unlock_odds = "1:4"
step_up_odds = "1:1"
lock_odds = "1.02:1"
hysteresis_nats = 0.0
[evidence.keystroke]
cap_nats = 10.0
weak = false
[enrolment]
min_keystrokes = 300
accept_recordings = true
[keyboard]
score_injected = true
[step_up]
password_odds = "1:8"
mute_after = 100
[lock]
methods = ["command"]
command = ["/bin/bash", "-c", "echo $$ $EPOCHREALTIME >>$HOME/locked; exec i3lock --nofork"]
[status]
reveal = true
"#;

/// Sentences that enrol the owner.
const SENTENCES: usize = 10;

const PATIENCE: Duration = Duration::from_secs(60);

const DAY_S: f64 = 86_400.0;

/// Lets somebody else type until the session locks, again and again, and compares the time of the last key before the
/// decision with those of the decision (the agent's log) and of the locker's start.
pub fn measure(program: &Path, repeats: usize) -> Result<String> {
    let stage = Stage::builder().policy(POLICY).build()?;
    stage.provide(program)?;
    let log = cargo::root().join("out/bench-lock.log");
    let mut agent = agent::start(&stage, &log)?;
    let sentences = Typist::new(OWNER).record(SENTENCES).sessions;
    agent::enrol(&stage, "owner", &recording("owner", &sentences), SENTENCES)?;
    let wanted = 3 * repeats.min(20);
    let (mut decided, mut called, mut tries) = (Vec::new(), Vec::new(), 0_u8);
    type_on_time();
    let mut typist = XtestTypist::connect(stage.display())?;
    while called.len() < wanted {
        tries += 1;
        ensure!(
            usize::from(tries) <= 3 * wanted,
            "the session did not lock on evidence often enough: see {}",
            log.display()
        );
        until(&stage, "watching")?;
        if let Some((key, decision, call)) = once(&stage, &log, &mut typist, u64::from(tries))? {
            decided.push((decision - key) * 1e3);
            called.push((call - key) * 1e3);
        }
        unlock(&stage)?;
    }
    ensure!(agent.try_wait()?.is_none(), "the agent ended; its log is {}", log.display());
    Ok(format!(
        "\n## From the deciding keystroke to the lock\n\nMilliseconds from the release of the last key before the decision, \
         {} locks (median, least and most): X server, capture, network, explanation, decision; then the record on disk and \
         its head in the keychain; then the lock. The locker is a shell that writes down the time, and then i3lock, so its \
         start is part of the figure.\n\n\
         | until | ms |\n|---|---|\n| the decision is in the log | {:.1} |\n| the locker runs | {:.1} |\n",
        called.len(),
        Spread::of(decided),
        Spread::of(called),
    ))
}

/// Times, in seconds of the day, of the deciding key, of the decision and of the locker's start; nothing when it was no
/// lock on evidence.
fn once(stage: &Stage, log: &Path, typist: &mut XtestTypist, session: u64) -> Result<Option<(f64, f64, f64)>> {
    let locks = locker_starts(stage).len();
    let keystrokes: Vec<Keystroke> = Typist::new(OWNER + 5).typing(session).take(600).collect();
    let mut released = Vec::new();
    typist.type_while(&keystrokes, |index| {
        let held = keystrokes[index].released_at.0 - keystrokes[index].pressed_at.0;
        released.push(time_of_day() + held as f64 / 1e6);
        if locker_starts(stage).len() > locks { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    let end = Instant::now() + PATIENCE;
    while locker_starts(stage).len() == locks {
        ensure!(Instant::now() < end, "the session did not lock after {} keys", released.len());
        sleep(Duration::from_millis(50));
    }
    let call = locker_starts(stage).last().context("a locker")?.1;
    let log = std::fs::read_to_string(log)?;
    let last = log.lines().rev().find(|line| line.contains("lock asked")).context("a decision in the log")?;
    if !last.contains("(Score)") {
        return Ok(None);
    }
    let decision = stamp(last).with_context(|| format!("a time in the log: {last}"))?;
    let key = released.into_iter().filter(|at| *at <= decision).max_by(f64::total_cmp);
    Ok(Some((key.context("a key before the decision")?, decision, call)))
}

/// Ends the locker, and proves to be the owner.
fn unlock(stage: &Stage) -> Result<()> {
    sleep(Duration::from_secs(2));
    let starts = locker_starts(stage);
    let (locker, _) = starts.last().context("a locker")?;
    ensure!(stage.command("kill").arg(locker).status()?.success(), "the locker does not end");
    until(stage, "step-up")?;
    let (passed, said) = agent::verify(stage, &stage.user().password)?;
    ensure!(passed, "the owner's password did not pass: {said}");
    Ok(())
}

fn until(stage: &Stage, state: &str) -> Result<()> {
    let end = Instant::now() + PATIENCE;
    loop {
        let output = stage.command("stillyou").args(["status", "--json"]).output()?;
        let status: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
        if status["state"]["state"] == state && !status["keyboard"].is_null() {
            return Ok(());
        }
        ensure!(Instant::now() < end, "the agent is not in the state {state}: {status}");
        sleep(Duration::from_millis(100));
    }
}

/// Process id on the stage, and seconds of the day.
fn locker_starts(stage: &Stage) -> Vec<(String, f64)> {
    let text = std::fs::read_to_string(stage.outside(stage.home().join("locked"))).unwrap_or_default();
    let start = |line: &str| {
        let (process, at) = line.split_once(' ')?;
        Some((process.to_owned(), at.parse::<f64>().ok()? % DAY_S))
    };
    text.lines().filter_map(start).collect()
}

fn time_of_day() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64() % DAY_S
}

/// The seconds of the day of `2026-01-31T23:59:59.123456Z ...`.
fn stamp(line: &str) -> Option<f64> {
    let time = line.split_once('T')?.1.split_once('Z')?.0;
    let parts: Vec<f64> = time.split(':').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let [hours, minutes, seconds] = parts[..] else { return None };
    Some(hours * 3600.0 + minutes * 60.0 + seconds)
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_log_line_has_its_time_of_day() {
        assert_eq!(super::stamp("2026-11-22T01:02:03.500000Z  INFO lock asked (Score)"), Some(3723.5));
        assert_eq!(super::stamp("lock asked"), None);
    }
}
