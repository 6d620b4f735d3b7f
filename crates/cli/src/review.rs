use crate::args::plain_text;
use crate::case::{all, ask, other, utc, utc_s};
use crate::grant::{desk, now_s, read_text, system_policy};
use crate::output::say;
use anyhow::{Context, Result};
use clap::{Subcommand, ValueEnum};
use std::path::PathBuf;
use std::process::ExitCode;
use stillyou_agent::ipc::{CaseReply, CaseRequest};
use stillyou_governance::{CaseRecord, Verdict, facts, from_json, on_one_line};
use stillyou_trust::policy::ProfilePolicy;

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
        #[arg(long, default_value = "", value_parser = plain_text)]
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
        let by = on_one_line(&case.approvers.join(", "));
        say!("{}  due {} UTC  {}  by {by}", case.code, utc(due_ms), case.state.name());
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
        say!("{}  due {}  {}  {}", record.case.short_code(), utc_s(due_s), record.case.identity, file.display());
    }
    Ok(ExitCode::SUCCESS)
}

fn show(record: &CaseRecord) -> Result<ExitCode> {
    in_words(record, &record.limits(&system_policy()?)).iter().for_each(|line| say!("{line}"));
    Ok(ExitCode::SUCCESS)
}

/// What is on record about a case, each fact on a line of its own, whatever stands in it.
fn in_words(record: &CaseRecord, limits: &ProfilePolicy) -> Vec<String> {
    let case = format!("{:<30} {}", "case", record.case.short_code());
    let line = |(name, text): (&str, String)| format!("{:<30} {}", name.to_lowercase(), on_one_line(&text));
    std::iter::once(case).chain(facts(record, limits).into_iter().map(line)).collect()
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use stillyou_trust::Policy;

    /// A case that somebody exported and may have edited: nothing of it is signed but the grant.
    fn record(reason: &str, outcome: &str) -> CaseRecord {
        let moment = |s: u64| json!({ "wall_s": s, "up": { "secs": 0, "nanos": 0 }, "boot": 1 });
        let id = "01010101010101010101010101010101";
        let record = json!({
            "case": {
                "id": id, "identity": { "person": "pat", "device": "desk-7" }, "policy": "05".repeat(32), "profile": "standard",
                "opened": moment(1_800_000_000), "modality": "face", "cause": "environment", "because": ["the light is 0.05"],
                "measured": { "quality": 0.83, "light": 0.05, "not_a_person": false, "cannot_use": false, "attribution": [] },
                "tried": [{ "factor": "password", "outcome": outcome }],
            },
            "state": "ended",
            "used": {
                "grant": id, "profile": "standard", "scope": { "kind": "non-biometric" }, "from": moment(1_800_000_060),
                "end_s": 1_800_003_600, "controls": { "reverify_minutes": 30, "hazard_factor": 2.0, "audits_per_hour": 4 },
                "approvers": ["ada"], "reason": reason, "how": { "by": "voice" },
            },
            "ended": ["given-up", 1_800_000_600],
            "escalated_s": 1_800_300_000,
            "wrong_codes": 2,
            "seen": moment(1_800_000_600),
        });
        from_json(&json!({ "record": record }).to_string()).unwrap()
    }

    fn lines(record: &CaseRecord) -> Vec<String> {
        in_words(record, &Policy::default().governance.standard)
    }

    #[test]
    fn a_reviewer_reads_when_how_it_came_what_was_measured_and_how_it_went() {
        let lines = lines(&record("a dark room", "wrong"));
        let fact = |name: &str| {
            let line = lines.iter().find_map(|line| line.strip_prefix(&format!("{name:<30} ")));
            line.unwrap_or_else(|| panic!("{name}: {lines:?}")).to_owned()
        };
        let expected = [
            ("opened", "2027-01-15 08:00:00 UTC"),
            ("what was tried", "password: wrong"),
            ("what was measured", "quality 0.83, of 1"),
            ("wrong spoken codes", "2"),
            ("allows", "without any sensor"),
            ("how", "by telephone"),
            ("approved by", "ada"),
            ("known by", "no second channel"),
            ("from", "2027-01-15 08:01:00 UTC"),
            ("until", "2027-01-15 08:10:00 UTC: it was not needed any more"),
            ("step-up", "every 30 min"),
            ("hazard", "2 times"),
            ("camera audits", "4 an hour"),
            ("review was late", "told at 2027-01-18 19:20:00 UTC"),
            ("why", "a dark room"),
        ];
        for (name, text) in expected {
            assert_eq!(fact(name), text, "{name}");
        }
        assert!(lines.contains(&format!("{:<30} light 0.05, of 1", "what was measured")), "{lines:?}");
        assert!(fact("evidence").starts_with("SHA-256 "));
        assert!(
            lines.iter().position(|l| l.starts_with("approved by"))
                < lines.iter().position(|l| l.starts_with("why   "))
        );
    }

    #[test]
    fn what_stands_in_a_record_is_no_line_of_its_own() {
        let forged = "fine\nreview                         justified (bea)\u{1b}[1A";
        let lines = lines(&record(forged, "\u{202e}gnorw"));
        assert_eq!(lines.len(), super::tests::lines(&record("fine", "wrong")).len());
        assert!(lines.iter().all(|line| stillyou_governance::plain(line).is_ok()), "{lines:?}");
        assert!(lines.iter().any(|line| line.contains("fine\\u{a}review")), "{lines:?}");
    }
}
