use crate::args::plain_text;
use crate::ask::{connect, unexpected};
use crate::output::{fact, say, text};
use anyhow::{Context, Result, anyhow, bail};
use chrono::DateTime;
use clap::Subcommand;
use std::path::PathBuf;
use std::process::ExitCode;
use stillyou_agent::ipc::{CaseReply, CaseRequest, CaseShown, Reply, Request};
use stillyou_governance::{CaseId, Qr, ShortCode};
use stillyou_trust::Modality;

/// What is done with cases.
#[derive(Subcommand)]
pub enum Case {
    /// List your cases, newest first
    List,
    /// Show one
    Show {
        /// Its code or its name
        case: String,
    },
    /// Get help: open a case for the step-up that is open, or show the one that it has
    Open {
        /// What failed: keystroke, pointer or face; by default what the step-up was asked for
        #[arg(long, value_parser = crate::args::modality)]
        modality: Option<Modality>,
        /// You can't use it now: a bandage, a splint
        #[arg(long)]
        cannot_use: bool,
        /// It doesn't suit you: ask for it to be replaced for as long as policy allows, by default 90 days at most
        #[arg(long, requires = "modality")]
        unsuitable: bool,
    },
    /// Print what an approver needs: a QR code, the code for the telephone, and the text
    Request {
        /// Its code or its name; by default the newest that is open
        case: Option<String>,
        /// The text alone
        #[arg(long)]
        text: bool,
    },
    /// Close a case, or end the grant that is in force for it
    Close {
        /// Its code or its name
        case: String,
    },
    /// Break the glass: go on at once without an approver; it is told at once, and reviewed
    BreakGlass {
        /// Its code or its name
        case: String,
        /// Why, for the review
        #[arg(long, value_parser = plain_text)]
        reason: String,
    },
    /// Print the whole record of a case, for its review
    Export {
        /// Its code or its name
        case: String,
        /// As a page to read and print
        #[arg(long)]
        html: bool,
        /// Into this file
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
}

pub fn run(what: Case) -> Result<ExitCode> {
    match what {
        Case::List => list(),
        Case::Show { case } => show(&find(&case)?),
        Case::Open { modality, cannot_use, unsuitable } => {
            match ask(CaseRequest::Open { modality, cannot_use: cannot_use || unsuitable, unsuitable })? {
                CaseReply::Case { case } => print_request(&case, false),
                _ => other(),
            }
        }
        Case::Request { case, text } => print_request(&case.map_or_else(newest, |case| find(&case))?, text),
        Case::Close { case } => match ask(CaseRequest::Close { case: id(&case)? })? {
            CaseReply::Case { case } => {
                say!("case {} is {}", case.code, case.state.name());
                Ok(ExitCode::SUCCESS)
            }
            _ => other(),
        },
        Case::BreakGlass { case, reason } => match ask(CaseRequest::BreakGlass { case: id(&case)?, reason })? {
            CaseReply::Entered { case: Some(case), .. } => granted(&case),
            _ => other(),
        },
        Case::Export { case, html, out } => match ask(CaseRequest::Export { case: id(&case)?, html })? {
            CaseReply::Exported { text: record } => match out {
                Some(file) => {
                    std::fs::write(&file, record + "\n").with_context(|| file.display().to_string())?;
                    Ok(ExitCode::SUCCESS)
                }
                None => {
                    say!("{record}");
                    Ok(ExitCode::SUCCESS)
                }
            },
            _ => other(),
        },
    }
}

/// Asks the agent about cases.
pub fn ask(about: CaseRequest) -> Result<CaseReply> {
    match connect()?.ask(&Request::Case { about })? {
        Reply::Case { answer } => Ok(answer),
        reply => unexpected(reply),
    }
}

/// The cases, newest first.
pub fn all() -> Result<Vec<CaseShown>> {
    match ask(CaseRequest::List {})? {
        CaseReply::Cases { cases } => Ok(cases),
        _ => other(),
    }
}

/// The name of the case that is called so.
pub fn id(called: &str) -> Result<CaseId> {
    match called.parse() {
        Ok(id) => Ok(id),
        Err(_) => Ok(find(called)?.id.parse()?),
    }
}

/// Says that a grant is in force, or that a modality is declared unsuitable: that answers no step-up.
pub fn granted(case: &CaseShown) -> Result<ExitCode> {
    let until = case.until_ms.map_or_else(String::new, utc);
    match case.instead {
        Some(instead) => {
            let (what, by) = (case.modality.map_or("it", Modality::name), instead.name());
            say!("case {}: {what} is replaced by {by} until {until} UTC; a step-up that is open goes on", case.code);
        }
        None => say!("case {}: work goes on under a grant until {until} UTC", case.code),
    }
    Ok(ExitCode::SUCCESS)
}

/// The error of an answer to another question.
pub fn other<T>() -> Result<T> {
    bail!("the agent gave an answer to another question; are agent and command of one version?")
}

/// A time, as UTC.
pub fn utc(unix_ms: i64) -> String {
    DateTime::from_timestamp_millis(unix_ms).map_or("?".into(), |t| t.format("%F %T").to_string())
}

/// A time in seconds since 1970, as UTC.
pub fn utc_s(unix_s: u64) -> String {
    format!("{} UTC", utc(i64::try_from(unix_s.saturating_mul(1000)).unwrap_or(i64::MAX)))
}

fn find(called: &str) -> Result<CaseShown> {
    let code = called.parse::<ShortCode>().map(|code| code.to_string());
    let fits = |case: &CaseShown| case.id == called || code.as_ref().is_ok_and(|code| case.code == *code);
    let found = all()?.into_iter().find(fits);
    found.ok_or_else(|| anyhow!("there is no case {called} here; `stillyou case list` lists them"))
}

fn newest() -> Result<CaseShown> {
    let found = all()?.into_iter().find(|case| case.state == stillyou_governance::CaseState::Open);
    found.ok_or_else(|| anyhow!("no case is open; `stillyou case open` opens one"))
}

fn list() -> Result<ExitCode> {
    let cases = all()?;
    if cases.is_empty() {
        say!("no cases");
    }
    for case in cases {
        let modality = case.modality.map_or("-", Modality::name);
        let until = match (case.until_ms, case.review_due_ms) {
            (Some(until), Some(due)) => format!("grant until {}, review due {}", utc(until), utc(due)),
            (Some(until), None) => format!("grant until {}, reviewed", utc(until)),
            _ => String::new(),
        };
        let (code, state, cause) = (&case.code, case.state.name(), case.cause.name());
        let line = format!("{code}  {}  {state:<8}  {modality:<9}  {cause:<15}  {until}", utc(case.opened_ms));
        say!("{}", line.trim_end());
    }
    Ok(ExitCode::SUCCESS)
}

fn show(case: &CaseShown) -> Result<ExitCode> {
    say!("code       {}", case.code);
    say!("name       {}", case.id);
    say!("state      {}", case.state.name());
    say!("opened     {} UTC", utc(case.opened_ms));
    say!("failed     {}", case.modality.map_or("no modality in particular", Modality::name));
    say!("{}", fact("cause", &format!("{}: {}", case.cause.name(), case.because.join("; "))));
    say!("profile    {}", case.profile.name());
    if let Some(until) = case.until_ms {
        let by = if case.approvers.is_empty() { "nobody".into() } else { case.approvers.join(", ") };
        let what = case.instead.map_or_else(String::new, |instead| format!("replaced by {} ", instead.name()));
        say!("{}", fact("grant", &format!("{what}until {} UTC, approved by {by}", utc(until))));
    }
    if let Some(due) = case.review_due_ms {
        say!("review     due {} UTC", utc(due));
    }
    Ok(ExitCode::SUCCESS)
}

fn print_request(case: &CaseShown, only_text: bool) -> Result<ExitCode> {
    if !only_text {
        match Qr::of(&case.request) {
            Ok(code) => text(&code.in_blocks()),
            Err(e) => eprintln!("stillyou: {e}"),
        }
        say!(
            "case {}: say these letters on the telephone, or show an approver the code above or this text:",
            case.code
        );
    }
    say!("{}", case.request);
    Ok(ExitCode::SUCCESS)
}
