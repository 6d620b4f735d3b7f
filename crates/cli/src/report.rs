use crate::case::{ask, other};
use crate::grant::system_policy;
use crate::output::{fact, say};
use anyhow::{Context, Result};
use clap::Args;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use stillyou_agent::ipc::{CaseReply, CaseRequest};
use stillyou_governance::on_one_line;
use stillyou_governance::report::{Counted, Groups, Report as Figures, to_html};

#[derive(Args)]
pub struct Report {
    /// What devices counted, as `report --counts-to` writes it; without any, what this device counted (needs `verify` first)
    pub counts: Vec<PathBuf>,
    /// Write what this device counted in the last 90 days to this file, for a report on many (needs `verify` first)
    #[arg(long, value_name = "FILE", conflicts_with_all = ["json", "html", "counts"])]
    pub counts_to: Option<PathBuf>,
    /// One JSON object
    #[arg(long)]
    pub json: bool,
    /// Write a page to read and print to this file
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
}

pub fn run(how: &Report) -> Result<ExitCode> {
    if let Some(file) = &how.counts_to {
        let text = serde_json::to_string_pretty(&own()?)?;
        std::fs::write(file, text + "\n").with_context(|| file.display().to_string())?;
        return Ok(ExitCode::SUCCESS);
    }
    let counted = match how.counts.as_slice() {
        [] => own()?,
        files => added_up(files)?,
    };
    let policy = system_policy()?;
    let devices: BTreeSet<&str> = counted.failed.iter().map(|one| one.device.as_str()).collect();
    let figures = Figures::of(
        &counted.failed,
        &counted.granted,
        policy.approvers.len(),
        devices.len().max(how.counts.len()),
        policy.smallest_group,
    );
    if let Some(file) = &how.html {
        std::fs::write(file, to_html(&figures)).with_context(|| file.display().to_string())?;
    }
    if how.json {
        say!("{}", serde_json::to_string_pretty(&figures)?);
    } else if how.html.is_none() {
        in_words(&figures);
    }
    Ok(ExitCode::SUCCESS)
}

fn added_up(files: &[PathBuf]) -> Result<Counted> {
    files
        .iter()
        .try_fold(Counted::default(), |sum, file| sum.and(read(file)?).with_context(|| file.display().to_string()))
}

fn own() -> Result<Counted> {
    match ask(CaseRequest::Failures {})? {
        CaseReply::Failures { failed, granted } => Ok(Counted { failed, granted }),
        _ => other(),
    }
}

fn read(file: &Path) -> Result<Counted> {
    let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
    serde_json::from_str(&text).with_context(|| format!("{}: not what `report --counts-to` writes", file.display()))
}

fn in_words(figures: &Figures) {
    match &figures.all {
        Some(all) => say!("{} failures of {} people", all.failures, all.people),
        None => say!("fewer than {} people: no figures", figures.smallest_group),
    }
    for (title, groups) in figures.tables() {
        table(title, groups);
    }
    for advice in &figures.advice {
        say!("{}", fact("change", &advice.in_words()));
    }
    for pattern in &figures.patterns {
        say!("{}", fact("abuse?", &pattern.in_words()));
    }
}

fn table(title: &str, groups: &Groups) {
    for group in &groups.shown {
        let name = on_one_line(&group.name);
        say!("{title:<10} {name:<20} {:>6} failures of {} people", group.failures, group.people);
    }
    if groups.withheld > 0 {
        say!("{title:<10} {} not shown: too few people", groups.withheld);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_counts_twice_are_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, person: &str| {
            let failed = serde_json::json!({
                "person": person, "device": "desk-7", "sensor": "x", "modality": "face", "cause": "not-measured",
                "kind": "false-reject", "near_lockout": false,
            });
            let path = folder.path().join(name);
            std::fs::write(&path, serde_json::json!({ "failed": [failed], "granted": [] }).to_string()).unwrap();
            path
        };
        let (pat, kim, again) = (file("pat.json", "pat"), file("kim.json", "kim"), file("again.json", "pat"));
        assert_eq!(added_up(&[pat.clone(), kim]).unwrap().failed.len(), 2);
        for twice in [&pat, &again] {
            let why = format!("{:#}", added_up(&[pat.clone(), twice.clone()]).unwrap_err());
            assert!(
                why.contains(&*twice.to_string_lossy()) && why.contains("pat counted on desk-7 is given twice"),
                "{why}"
            );
        }
    }
}
