use crate::args;
use crate::face;
use crate::output::say;
use crate::show;
use anyhow::{Context, Result, bail};
use std::path::PathBuf;
use std::process::ExitCode;
use stillyou_agent::Places;
use stillyou_agent::ipc::{Client, ClientError, Reply, Request};
use stillyou_ledger::Ledger;

/// The places of this session.
pub fn places() -> Result<Places> {
    Ok(Places::from_env(variable)?)
}

/// A path in the environment.
pub fn variable(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).map(Into::into)
}

pub fn status(how: &args::Status) -> Result<ExitCode> {
    let mut client = connect()?;
    let mut reply = client.ask(&if how.watch { Request::Watch {} } else { Request::Status {} })?;
    loop {
        let Reply::Status { status } = reply else { return unexpected(reply) };
        if how.json {
            say!("{}", serde_json::to_string(&status)?);
        } else {
            say!("{}", if how.watch { show::line(&status) } else { show::page(&status) });
        }
        if !how.watch {
            return Ok(ExitCode::SUCCESS);
        }
        reply = client.next_reply()?;
    }
}

pub fn enroll(how: args::Enroll) -> Result<ExitCode> {
    if how.face {
        return face::enroll(how.cancel);
    }
    let request = match (how.cancel, how.recording, how.subject) {
        (true, ..) => Request::CancelEnrolment {},
        (false, Some(file), Some(subject)) => {
            let file = std::path::absolute(&file).with_context(|| file.display().to_string())?;
            Request::EnrollRecording { file, subject, sentences: how.sentences }
        }
        _ => Request::Enroll {},
    };
    match connect()?.ask(&request)? {
        Reply::Enrolling { progress } => {
            say!(
                "learning from what you type: {} of {} keystrokes; `stillyou status` shows how far it is",
                progress.keystrokes,
                progress.needed
            );
        }
        Reply::Enrolled { keystrokes, self_rejects } => {
            say!(
                "enrolled from {keystrokes} keystrokes; {:.0} % of your own windows would speak against you",
                100.0 * self_rejects
            );
        }
        Reply::EnrolmentCancelled {} => say!("learning stopped; what was learnt is forgotten"),
        other => return unexpected(other),
    }
    Ok(ExitCode::SUCCESS)
}

/// Asks for something that erases every template.
pub fn erase(request: &Request) -> Result<ExitCode> {
    match connect()?.ask(request)? {
        Reply::Erased { removed, verified_absent } => {
            say!("erased {} entries; looked again in {verified_absent} places and found nothing", removed.len());
            removed.iter().for_each(|name| say!("  {name}"));
            Ok(ExitCode::SUCCESS)
        }
        other => unexpected(other),
    }
}

/// Asks for something that is done or not.
pub fn done(request: &Request, said: &str) -> Result<ExitCode> {
    match connect()?.ask(request)? {
        Reply::Done {} => say!("{said}"),
        other => return unexpected(other),
    }
    Ok(ExitCode::SUCCESS)
}

pub fn stored() -> Result<ExitCode> {
    match connect()?.ask(&Request::Stored {})? {
        Reply::Stored { items } => items.iter().for_each(|item| say!("{}", show::stored(item))),
        other => return unexpected(other),
    }
    Ok(ExitCode::SUCCESS)
}

pub fn quit() -> Result<ExitCode> {
    match connect()?.ask(&Request::Quit {})? {
        Reply::Quitting {} => say!("the agent ends; nobody watches this session until it is started again"),
        other => return unexpected(other),
    }
    Ok(ExitCode::SUCCESS)
}

pub fn explain(entry: Option<u64>, json: bool) -> Result<ExitCode> {
    match connect()?.ask(&Request::Explain { entry })? {
        Reply::Explanation { explanation, .. } if json => say!("{}", serde_json::to_string_pretty(&explanation)?),
        Reply::Explanation { event, explanation, .. } => {
            event.iter().for_each(|event| say!("{}", show::event(event)));
            say!("{}", show::explanation(&explanation).trim_end());
        }
        other => return unexpected(other),
    }
    Ok(ExitCode::SUCCESS)
}

pub fn decisions() -> Result<ExitCode> {
    match connect()?.ask(&Request::Decisions {})? {
        Reply::Decisions { decisions } if decisions.is_empty() => say!("no decisions yet"),
        Reply::Decisions { decisions } => decisions.iter().for_each(|d| say!("{}", show::decision(d))),
        other => return unexpected(other),
    }
    Ok(ExitCode::SUCCESS)
}

/// Asks the agent; where none runs, reads the ledger itself.
pub fn verify_ledger() -> Result<ExitCode> {
    let places = places()?;
    let (entries, head) = match Client::connect(&places.socket) {
        Ok(mut client) => match client.ask(&Request::VerifyLedger {})? {
            Reply::LedgerVerified { entries, head } => (entries, head),
            other => return unexpected(other),
        },
        Err(ClientError::NoAgent { .. }) => {
            let ledger = Ledger::open_read_only(&places.ledger)?;
            let verified = ledger.verify(None, None)?;
            (verified.entries, verified.last.map(|id| id.hash.to_string()))
        }
        Err(e) => return Err(e.into()),
    };
    say!("{entries} entries, unbroken; head {}", head.as_deref().unwrap_or("none"));
    Ok(ExitCode::SUCCESS)
}

/// A connection to the agent of this session.
pub fn connect() -> Result<Client> {
    Ok(Client::connect(&places()?.socket)?)
}

/// The error of an answer that was not asked for.
pub fn unexpected<T>(reply: Reply) -> Result<T> {
    match reply {
        Reply::Refused { why } => bail!("refused: {why}"),
        Reply::Failed { why } => bail!("{why}"),
        _ => bail!("the agent gave an answer to another question; are agent and command of one version?"),
    }
}
