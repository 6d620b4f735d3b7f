//! Learning a face from a terminal: one line for each thing to do.

use crate::ask::{connect, unexpected};
use crate::output::say;
use anyhow::{Result, bail};
use std::process::ExitCode;
use stillyou_agent::ipc::{Hint, Pose, Reply, Request};

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
    let mut said = String::new();
    loop {
        let Reply::Status { status } = reply else { return unexpected(reply) };
        let camera = &status.camera;
        if !camera.learning {
            match (&camera.problem, camera.images) {
                (Some(problem), _) => bail!("your face was not learnt: {problem}"),
                (None, Some(images)) => say!("your face is known from {images} pictures"),
                (None, None) => bail!("learning was stopped"),
            }
            return Ok(ExitCode::SUCCESS);
        }
        if let Some(progress) = &camera.enrolment {
            let now = format!("{} of {}: {}", progress.taken, progress.needed, words(progress.hint));
            if now != said {
                say!("{now}");
                said = now;
            }
        }
        reply = client.next_reply()?;
    }
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
