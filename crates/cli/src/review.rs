use crate::case::{all, ask, other, utc};
use crate::grant::{desk, now_s, read_text, system_policy};
use crate::output::say;
use anyhow::{Context, Result};
use clap::{Subcommand, ValueEnum};
use std::path::PathBuf;
use std::process::ExitCode;
use stillyou_agent::ipc::{CaseReply, CaseRequest};
use stillyou_governance::{CaseRecord, Verdict, from_json};

/// What is done with reviews.
#[derive(Subcommand)]
pub enum Review {
    /// List what is to be reviewed, the most urgent first: on this device, or among exported cases
    List {
        /// Cases as `case export` writes them
        files: Vec<PathBuf>,
    },
    /// Show an exported case as its reviewer has to see it
    Show {
        /// A case as `case export` writes it
        file: PathBuf,
    },
    /// Sign a review of an exported case with your key, and print it
    Give {
        /// A case as `case export` writes it
        file: PathBuf,
        /// What you found
        #[arg(long, value_enum)]
        verdict: Found,
        /// In your words
        #[arg(long, default_value = "")]
        note: String,
    },
    /// Enter a signed review on the case's device
    Use {
        /// The text, a file that holds it, or - for standard input
        review: String,
    },
}

/// What a reviewer found.
#[derive(Clone, Copy, ValueEnum)]
pub enum Found {
    /// The override was right
    Justified,
    /// It was not needed, or too wide
    NotJustified,
    /// It was misused
    Abuse,
}

pub fn run(what: Review) -> Result<ExitCode> {
    match what {
        Review::List { files } if files.is_empty() => here(),
        Review::List { files } => among(&files),
        Review::Show { file } => show(&read(&file)?),
        Review::Give { file, verdict, note } => {
            let record = read(&file)?;
            let desk = desk()?;
            let text = desk.desk()?.review(&record, verdict.into(), &note, now_s())?;
            say!("{text}");
            eprintln!("on {}: stillyou review use TEXT", record.case.identity.device());
            Ok(ExitCode::SUCCESS)
        }
        Review::Use { review } => match ask(CaseRequest::Enter { text: read_text(&review)? })? {
            CaseReply::Entered { case, .. } => {
                say!("reviewed{}", case.map_or_else(String::new, |case| format!(": case {}", case.code)));
                Ok(ExitCode::SUCCESS)
            }
            _ => other(),
        },
    }
}

fn here() -> Result<ExitCode> {
    let mut due: Vec<_> = all()?.into_iter().filter_map(|case| Some((case.review_due_ms?, case))).collect();
    due.sort_by_key(|(due, _)| *due);
    if due.is_empty() {
        say!("nothing is to be reviewed");
    }
    for (due_ms, case) in due {
        say!("{}  due {}  {}  by {}", case.code, utc(due_ms), case.state.name(), case.approvers.join(", "));
    }
    Ok(ExitCode::SUCCESS)
}

fn among(files: &[PathBuf]) -> Result<ExitCode> {
    let policy = system_policy()?;
    let mut due = Vec::new();
    for file in files {
        let record = read(file)?;
        if let Some(due_s) = record.review_due_s(&record.limits(&policy)).filter(|_| record.review.is_none()) {
            due.push((due_s, record, file));
        }
    }
    due.sort_by_key(|(due_s, ..)| *due_s);
    if due.is_empty() {
        say!("nothing is to be reviewed");
    }
    for (due_s, record, file) in due {
        let due_ms = i64::try_from(due_s.saturating_mul(1000)).unwrap_or(i64::MAX);
        say!("{}  due {}  {}  {}", record.case.short_code(), utc(due_ms), record.case.identity, file.display());
    }
    Ok(ExitCode::SUCCESS)
}

fn show(record: &CaseRecord) -> Result<ExitCode> {
    let case = &record.case;
    say!("case       {} of {}", case.short_code(), case.identity);
    say!("state      {}", record.state.name());
    say!("cause      {}: {}", case.cause.name(), case.because.join("; "));
    for tried in &case.tried {
        say!("tried      {}: {}", tried.factor.name(), tried.outcome);
    }
    for part in &case.measured.attribution {
        say!("against    {}: {:.2} nats", part.feature, part.nats);
    }
    if let Some(used) = &record.used {
        let by = if used.approvers.is_empty() { "nobody".into() } else { used.approvers.join(", ") };
        say!("grant      {}, by {by}: {}", used.scope.in_words(), used.reason);
    }
    if let Some((by, review)) = &record.review {
        say!("reviewed   {} by {by}: {}", review.verdict.in_words(), review.note);
    }
    say!("evidence   SHA-256 {}", record.evidence());
    Ok(ExitCode::SUCCESS)
}

fn read(file: &PathBuf) -> Result<CaseRecord> {
    let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
    from_json(&text).with_context(|| file.display().to_string())
}

impl From<Found> for Verdict {
    fn from(found: Found) -> Self {
        match found {
            Found::Justified => Verdict::Justified,
            Found::NotJustified => Verdict::NotJustified,
            Found::Abuse => Verdict::Abuse,
        }
    }
}
