use super::{
    app::App,
    counters::{Counters, Who},
    terminal::{Terminal, say},
    timeline::Timeline,
    typists::{Cast, ENROL},
    watch::{Seen, State, Watch},
};
use crate::{agent, cargo};
use anyhow::{Result, ensure};
use std::{
    ops::ControlFlow,
    path::Path,
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{self, Receiver, Sender},
    },
    thread::sleep,
    time::{Duration, Instant},
};
use stillyou_sense::keyboard::{Keystroke, inject::XtestTypist};
use stillyou_stage::{Stage, keyboard_grabbed, type_on_time};

/// The administrator's policy of the demo: recordings may enrol, injected keystrokes count, the locker is a program.
const POLICY: &str = include_str!("policy.toml");

/// The grace period of the policy above, and as much again for a slow machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// Plays the whole demo; everything it started is gone when it returns, however it does.
pub fn play(cast: &Cast, agent_program: &Path, app_program: &Path) -> Result<Timeline> {
    say(&format!("Typists: {}", cast.described));
    say("Building a stage: X server, session bus, keyring, throw-away user ...");
    let stage = Stage::builder().policy(POLICY).build()?;
    stage.provide(agent_program)?;
    let mut agent = agent::start(&stage, &log())?;
    enrol(&stage, cast)?;
    let app = App::open(&stage, app_program)?;

    let start = Instant::now();
    let counters = Arc::new(Counters::default());
    let (asked, asks) = mpsc::channel();
    let watch = watch(&stage, &counters, asked)?;
    ensure!(
        watch.until(PATIENCE, |status| matches!(status.state, State::Watching { .. }) && status.trouble.is_empty()),
        "monitoring did not begin; the agent says: {:?}",
        watch.seen().last().map(|seen| &seen.status)
    );
    let passed = Arc::new(Mutex::new(Vec::new()));
    let mut turns = Vec::new();
    let seen = std::thread::scope(|scope| -> Result<Vec<Seen>> {
        // Answers until the watching thread, which holds the other end, is done.
        let answers = Arc::clone(&passed);
        let answering = scope.spawn(|| answer(&stage, &app, asks, answers));
        let result = (|| -> Result<()> {
            type_on_time();
            let mut typist = XtestTypist::connect(stage.display())?;
            say("The genuine typist goes on working.");
            turns.push(turn(&mut typist, Who::Genuine, &cast.genuine, &watch, &counters)?);
            app.picture("now")?;
            if watch.state() != (State::Locked {}) {
                say("Somebody else sits down at the keyboard.");
                turns.push(turn(&mut typist, Who::Impostor, &cast.impostor, &watch, &counters)?);
                watch.until(PATIENCE, |status| status.state == State::Locked {});
            }
            if watch.state() == (State::Locked {}) {
                locker_holds_keyboard(&stage)?;
                app.picture("locked")?;
            }
            Ok(())
        })();
        let seen = watch.seen();
        drop(watch);
        let _ = answering.join();
        result.map(|()| seen)
    })?;
    ensure!(agent.try_wait()?.is_none(), "the agent ended; its log is {}", log().display());
    let genuine_step_ups = passed.lock().unwrap_or_else(PoisonError::into_inner).clone();
    Ok(Timeline { described: cast.described.clone(), start, seen, turns, genuine_step_ups })
}

fn log() -> std::path::PathBuf {
    cargo::root().join("out/demo-agent.log")
}

fn enrol(stage: &Stage, cast: &Cast) -> Result<()> {
    let said = agent::enrol(stage, &cast.subject, &cast.recording, ENROL)?;
    say(&format!("Enrolment: {said}"));
    Ok(())
}

/// Follows the status; every step-up that opens is reported to `asked`.
fn watch(stage: &Stage, counters: &Arc<Counters>, asked: Sender<Who>) -> Result<Watch> {
    let mut command = stage.command("stillyou");
    command.args(["status", "--watch", "--json"]);
    let mut terminal = Terminal::new();
    let mut open = false;
    Watch::start(command, Arc::clone(counters), move |seen: &Seen| {
        terminal.show(seen);
        let opens = matches!(seen.status.state, State::StepUp {});
        if opens && !open {
            // The receiver lives as long as the demo.
            let _ = asked.send(if seen.typed[1] > 0 { Who::Impostor } else { Who::Genuine });
        }
        open = opens;
    })
}

/// Answers step-ups: the genuine typist knows the password, the impostor guesses once.
fn answer(stage: &Stage, app: &App, asks: Receiver<Who>, passed: Arc<Mutex<Vec<bool>>>) {
    let mut guessed = false;
    for who in asks {
        if let Err(error) = app.picture("prompt") {
            say(&format!("No picture of the prompt: {error:#}"));
        }
        let password = match who {
            Who::Genuine => stage.user().password.as_str(),
            Who::Impostor if guessed => continue,
            Who::Impostor => "correct horse battery staple",
        };
        let (right, said) = agent::verify(stage, password).unwrap_or_else(|error| (false, error.to_string()));
        match who {
            Who::Genuine => {
                say(&format!("Step-up: the genuine typist gives the password: {said}"));
                passed.lock().unwrap_or_else(PoisonError::into_inner).push(right);
            }
            Who::Impostor => {
                guessed = true;
                say(&format!("Step-up: the impostor guesses a password: {said}"));
            }
        }
    }
}

fn turn(
    typist: &mut XtestTypist,
    who: Who,
    keystrokes: &[Keystroke],
    watch: &Watch,
    counters: &Counters,
) -> Result<(Who, Instant, Instant)> {
    let begin = Instant::now();
    typist.type_while(keystrokes, |_| {
        counters.count(who);
        if watch.state() == (State::Locked {}) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    Ok((who, begin, Instant::now()))
}

/// The proof that the lock is real: nobody else can have the keyboard.
fn locker_holds_keyboard(stage: &Stage) -> Result<()> {
    let end = Instant::now() + Duration::from_secs(5);
    while !keyboard_grabbed(stage.display())? {
        ensure!(Instant::now() < end, "the session counts as locked, but no locker holds the keyboard");
        sleep(Duration::from_millis(50));
    }
    say("Locked: the locker holds the keyboard.");
    Ok(())
}
