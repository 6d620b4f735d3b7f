//! The report on repeated failure, for its page.

use crate::link::Link;
use crate::refusal::Refusal;
use serde::Serialize;
use stillyou_agent::ipc::{CaseReply, CaseRequest, Reply, Request};
use stillyou_agent::load_policy;
use stillyou_governance::report::{Change, Counted, Group, Pattern, Report};
use stillyou_trust::Modality;
use ts_rs::TS;

/// What a report says.
#[derive(Clone, Debug, Serialize, TS)]
pub struct Figures {
    /// The fewest people a figure is about.
    pub smallest_group: u32,
    /// How many devices counted.
    pub devices: usize,
    /// All failures; none where they are of too few people.
    pub all: Option<Bar>,
    /// By modality, cause, sensor and outcome.
    pub tables: Vec<FigureTable>,
    /// What to change.
    pub advice: Vec<AdviceView>,
    /// Signs of abuse.
    pub patterns: Vec<PatternView>,
}

/// Figures by one thing.
#[derive(Clone, Debug, Serialize, TS)]
pub struct FigureTable {
    /// modality, cause, sensor or outcome.
    pub by: String,
    /// They, most first.
    pub bars: Vec<Bar>,
    /// How many groups are held back, being too small.
    pub withheld: usize,
}

/// One figure.
#[derive(Clone, Debug, Serialize, TS)]
pub struct Bar {
    /// Of what.
    pub name: String,
    /// Failures.
    pub failures: usize,
    /// Of so many people.
    pub people: usize,
}

/// Something to change.
#[derive(Clone, Debug, Serialize, TS)]
pub struct AdviceView {
    /// For this modality.
    pub modality: Modality,
    /// What.
    pub change: Change,
    /// So many of its failures.
    pub failures: usize,
    /// Of so many.
    pub of: usize,
    /// Of so many people.
    pub people: usize,
}

/// A sign of abuse.
#[derive(Clone, Debug, Serialize, TS)]
pub struct PatternView {
    /// What kind.
    pub kind: PatternKind,
    /// Device or approver.
    pub name: String,
    /// So often.
    pub times: usize,
    /// Of so many; 0 where that says nothing.
    pub of: usize,
}

/// A kind of sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum PatternKind {
    /// Failures just before a lock-out.
    NearLockouts,
    /// One approver far over their share.
    OneApprover,
    /// One device far over its share.
    OneDevice,
}

/// A report on what devices counted, as their files say; without files, on this device.
///
/// # Errors
/// When a file is not what a device counted, or the agent does not allow it.
pub fn report(link: &Link, files: &[String]) -> Result<Figures, Refusal> {
    let mut counted = Counted::default();
    for (number, file) in files.iter().enumerate() {
        let failed = |e: String| Refusal::failed(format!("file {}: {e}", number + 1));
        let read = serde_json::from_str(file).map_err(|e| failed(e.to_string()))?;
        counted = counted.and(read).map_err(|e| failed(e.to_string()))?;
    }
    if files.is_empty() {
        counted = own(link)?;
    }
    let policy = load_policy(&link.places().system_policy, None).map_err(Refusal::failed)?.policy.governance;
    let devices = files.len().max(1);
    let (failed, granted) = (&counted.failed, &counted.granted);
    Ok(shown(&Report::of(failed, granted, policy.approvers.len(), devices, policy.smallest_group), devices))
}

/// What this device counted, as a file for a report on many.
///
/// # Errors
/// When the agent does not allow it.
pub fn own_counts(link: &Link) -> Result<String, Refusal> {
    serde_json::to_string_pretty(&own(link)?).map_err(Refusal::failed)
}

fn own(link: &Link) -> Result<Counted, Refusal> {
    match link.ask(&Request::Case { about: CaseRequest::Failures {} })? {
        Reply::Case { answer: CaseReply::Failures { failed, granted } } => Ok(Counted { failed, granted }),
        other => Err(link.refusal(other)),
    }
}

fn shown(report: &Report, devices: usize) -> Figures {
    let bar = |group: &Group| Bar { name: group.name.clone(), failures: group.failures, people: group.people };
    let table = |(by, groups): (&str, &stillyou_governance::report::Groups)| FigureTable {
        by: by.into(),
        bars: groups.shown.iter().map(bar).collect(),
        withheld: groups.withheld,
    };
    let advice = report.advice.iter().map(|advice| AdviceView {
        modality: advice.modality,
        change: advice.change,
        failures: advice.failures,
        of: advice.of,
        people: advice.people,
    });
    Figures {
        smallest_group: report.smallest_group,
        devices,
        all: report.all.as_ref().map(bar),
        tables: report.tables().into_iter().map(table).collect(),
        advice: advice.collect(),
        patterns: report.patterns.iter().map(pattern).collect(),
    }
}

fn pattern(pattern: &Pattern) -> PatternView {
    let view = |kind, name: &str, times, of| PatternView { kind, name: name.into(), times, of };
    match pattern {
        Pattern::NearLockouts { device, times } => view(PatternKind::NearLockouts, device, *times, 0),
        Pattern::OneApprover { approver, grants, of, .. } => view(PatternKind::OneApprover, approver, *grants, *of),
        Pattern::OneDevice { device, grants, of, .. } => view(PatternKind::OneDevice, device, *grants, *of),
    }
}
