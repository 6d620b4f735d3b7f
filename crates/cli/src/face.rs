//! Learning and checking a face from a terminal: one line for each thing to do.

use crate::ask::{connect, unexpected};
use crate::output::say;
use anyhow::{Result, bail};
use std::process::ExitCode;
use stillyou_agent::ipc::{Act, Attempt, Check, Hint, Pose, Reply, Request};

/// Learns the person's face, saying what to do, until it is known; or stops doing so.
pub fn enroll(cancel: bool) -> Result<ExitCode> {
    let request = if cancel { Request::CancelFace {} } else { Request::EnrollFace {} };
    match connect()?.ask(&request)? {
        Reply::Done {} if cancel => say!("learning stopped; what was learnt is forgotten"),
        Reply::Done {} => return follow(),
        other => return unexpected(other),
    }
    Ok(ExitCode::SUCCESS)
}

fn follow() -> Result<ExitCode> {
    let mut client = connect()?;
    let mut reply = client.ask(&Request::Watch {})?;
    let (mut said, mut done) = (String::new(), false);
    loop {
        let Reply::Status { status } = reply else { return unexpected(reply) };
        let camera = &status.camera;
        if !camera.learning {
            match (&camera.problem, camera.images) {
                (Some(problem), _) => bail!("your face was not learnt: {problem}"),
                (None, Some(images)) if done => say!("your face is known from {images} pictures"),
                (None, Some(_)) => bail!("learning was stopped; your face is known as it was before"),
                (None, None) => bail!("learning was stopped"),
            }
            return Ok(ExitCode::SUCCESS);
        }
        if let Some(progress) = &camera.enrolment {
            done = progress.hint == Hint::Done;
            let now = format!("{} of {}: {}", progress.taken, progress.needed, words(progress.hint));
            if now != said {
                say!("{now}");
                said = now;
            }
        }
        reply = client.next_reply()?;
    }
}

/// Checks that the person sits there, saying what to do.
pub fn check() -> Result<Attempt> {
    let mut watch = connect()?;
    let mut status = watch.ask(&Request::Watch {})?;
    let hints = std::thread::spawn(move || {
        let mut said = None;
        while let Reply::Status { status: now } = status {
            let progress = now.live_check.map(|check| check.progress);
            if progress != said {
                progress.iter().filter_map(act_in_words).for_each(|words| say!("{words}"));
                said = progress;
            }
            match watch.next_reply() {
                Ok(next) => status = next,
                Err(_) => return,
            }
        }
    });
    let reply = connect()?.ask(&Request::CheckFace {})?;
    // It ends with the process.
    drop(hints);
    match reply {
        Reply::Verification { attempt } => Ok(attempt),
        other => unexpected(other),
    }
}

fn act_in_words(progress: &Check) -> Option<&'static str> {
    Some(match progress {
        Check::LookAhead { .. } => "look straight at the camera",
        Check::Do { act: Act::Blink, .. } => "blink",
        Check::Do { act: Act::TurnLeft, .. } => "turn your head to your left",
        Check::Do { act: Act::TurnRight, .. } => "turn your head to your right",
        Check::Do { act: Act::LookUp, .. } => "look up",
        Check::Passed | Check::Failed { .. } => return None,
    })
}

fn words(hint: Hint) -> &'static str {
    match hint {
        Hint::NobodyThere => "come into the picture",
        Hint::OnePersonOnly => "be alone in the picture",
        Hint::ComeCloser => "come closer",
        Hint::MoveBack => "move back",
        Hint::MoreLight => "more light on your face, please",
        Hint::LessLight => "less light on your face, please",
        Hint::Turn { pose: Pose::Ahead } => "look straight at the camera",
        Hint::Turn { pose: Pose::Left } => "turn your head a little to your left",
        Hint::Turn { pose: Pose::Right } => "turn your head a little to your right",
        Hint::Turn { pose: Pose::Up } => "look up a little",
        Hint::Turn { pose: Pose::Down } => "look down a little",
        Hint::KeepStill => "keep still",
        Hint::Done => "done",
    }
}
