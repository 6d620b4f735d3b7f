//! Telling others of exceptions: into the system log, and to a program of the administrator's.

use crate::record::utc;
use crossbeam_channel::{Receiver, Sender, unbounded};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::time::Duration;
use stillyou_desktop_os::program;
use stillyou_desktop_os::system_log::{self, Severity};
use stillyou_governance::{CaseRecord, Casebook, Cause, End, Event, ShortCode, Verdict};
use stillyou_trust::policy::{GovernancePolicy, Profile, Role, TellPolicy};

/// Version of what is told. Fields may be added under it; none changes its meaning.
const VERSION: u32 = 1;

/// What others hear of a case: who, where, what and until when; nothing that was measured, and no reason in words.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Telling {
    v: u32,
    /// What happened.
    pub event: Exception,
    /// The case's name for the telephone; none for what belongs to no case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case: Option<String>,
    person: String,
    device: String,
    /// When, as RFC 3339 in UTC.
    time: String,
    /// The roles that policy wants told.
    to: Vec<Role>,
    #[serde(skip_serializing_if = "Option::is_none")]
    profile: Option<Profile>,
    /// When the grant ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    approvers: Vec<String>,
    /// The name of a refusal.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
}

/// What others hear of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Exception {
    /// Somebody works under a grant.
    GrantInForce,
    /// Somebody broke the glass.
    GlassBroken,
    /// A grant is over.
    GrantOver,
    /// A grant was taken back.
    GrantRevoked,
    /// What was entered was refused.
    GrantRefused,
    /// A failure looks like abuse.
    SuspectedAbuse,
    /// A review is late.
    ReviewLate,
    /// A reviewer found abuse.
    AbuseFound,
}

/// A way to tell, with what it takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// The system log.
    SystemLog,
    /// The administrator's program, and how long it may take.
    Program(PathBuf, Duration),
}

/// Something to be told in one way.
#[derive(Debug)]
pub struct Order {
    /// What.
    pub telling: Telling,
    /// How.
    pub way: Way,
    /// Whether it failed before.
    pub again: bool,
}

/// What came of it.
#[derive(Debug)]
pub struct Told {
    /// What was to be told.
    pub order: Order,
    /// Why it was not.
    pub outcome: Result<(), String>,
}

/// The thread that tells, as the loop sees it.
pub struct Teller {
    tell: Sender<Order>,
    told: Receiver<Told>,
}

impl Teller {
    /// Starts it.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start() -> std::io::Result<Self> {
        let (tell, orders) = unbounded::<Order>();
        let (answers, told) = unbounded();
        let telling = move || {
            // Whoever orders, or listens, is gone: so is the agent.
            for order in orders {
                let outcome = obey(&order);
                if answers.send(Told { order, outcome }).is_err() {
                    return;
                }
            }
        };
        std::thread::Builder::new().name("tell".into()).spawn(telling)?;
        Ok(Self { tell, told })
    }

    /// Has something told.
    pub fn tell(&self, order: Order) {
        // The thread ends with this value alone.
        let _ = self.tell.send(order);
    }

    /// What came of it.
    pub fn told(&self) -> &Receiver<Told> {
        &self.told
    }
}

fn obey(Order { telling, way, .. }: &Order) -> Result<(), String> {
    let text = serde_json::to_string(telling).map_err(|e| e.to_string())?;
    match way {
        // The cookie by which collectors know that JSON follows.
        Way::SystemLog => {
            system_log::write(telling.event.severity(), &format!("@cee: {text}")).map_err(|e| e.to_string())
        }
        Way::Program(path, patience) => program::tell(path, &text, *patience).map_err(|e| e.to_string()),
    }
}

/// The ways that policy names.
pub fn ways(policy: &TellPolicy) -> Vec<Way> {
    let log = policy.system_log.then_some(Way::SystemLog);
    let patience = Duration::from_secs(policy.program_seconds);
    let program = (!policy.program.is_empty()).then(|| Way::Program(policy.program.clone().into(), patience));
    log.into_iter().chain(program).collect()
}

impl Way {
    /// The name used in records.
    pub fn name(&self) -> &'static str {
        match self {
            Way::SystemLog => "system-log",
            Way::Program(..) => "program",
        }
    }
}

impl Exception {
    fn severity(self) -> Severity {
        match self {
            Exception::GlassBroken => Severity::Critical,
            Exception::SuspectedAbuse | Exception::ReviewLate | Exception::AbuseFound => Severity::Warning,
            Exception::GrantInForce | Exception::GrantOver | Exception::GrantRevoked | Exception::GrantRefused => {
                Severity::Notice
            }
        }
    }
}

/// What others hear of an event that was just applied to `book`; nothing of most.
pub fn telling(event: &Event, book: &Casebook, policy: &GovernancePolicy, unix_ms: i64) -> Option<Telling> {
    let tell = |record: Option<&CaseRecord>| record.map(|record| record.limits(policy).tell).unwrap_or_default();
    let (exception, record, to, why) = match event {
        Event::Granted { case, used } => {
            let exception = match used.profile {
                Profile::Emergency => Exception::GlassBroken,
                _ => Exception::GrantInForce,
            };
            (exception, book.case(*case), tell(book.case(*case)), None)
        }
        Event::Ended { case, why, .. } => {
            let record = book.case(*case)?;
            record.used.as_ref()?;
            // That a revocation ends it is told as such.
            (*why != End::Revoked).then_some(())?;
            (Exception::GrantOver, Some(record), tell(Some(record)), None)
        }
        Event::Revoked { grant, .. } => {
            let uses = |record: &&CaseRecord| record.used.as_ref().is_some_and(|used| used.grant == *grant);
            let record = book.cases().find(uses)?;
            (Exception::GrantRevoked, Some(record), tell(Some(record)), None)
        }
        // Whoever enters something every second is not worth a line a second.
        Event::Refused { case, why, .. } if !event.is_too_soon() => {
            (Exception::GrantRefused, case.and_then(|case| book.case(case)), Vec::new(), Some(why.clone()))
        }
        Event::Opened { case } if case.cause == Cause::SuspectedAbuse => {
            (Exception::SuspectedAbuse, book.case(case.id), vec![policy.escalate_to], None)
        }
        Event::Escalated { case, to, .. } => (Exception::ReviewLate, book.case(*case), vec![*to], None),
        Event::Reviewed { review, .. } if review.verdict == Verdict::Abuse => {
            (Exception::AbuseFound, book.case(review.case), vec![policy.escalate_to], None)
        }
        Event::Opened { .. } | Event::Refused { .. } | Event::Reviewed { .. } | Event::Seen { .. } => return None,
    };
    let used = record.and_then(|record| record.used.as_ref());
    Some(Telling {
        v: VERSION,
        event: exception,
        case: record.map(|record| ShortCode::of(record.case.id).to_string()),
        person: book.identity().person().into(),
        device: book.identity().device().into(),
        time: utc(unix_ms),
        to,
        profile: used.map(|used| used.profile),
        until: used.map(|used| utc(i64::try_from(used.end_s.saturating_mul(1000)).unwrap_or(i64::MAX))),
        approvers: used.map_or_else(Vec::new, |used| used.approvers.clone()),
        why,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use stillyou_governance::{
        CaseId, Controls, Failure, GrantId, How, Identity, Measured, Moment, PolicyId, Scope, Use,
    };
    use stillyou_trust::{Factor, Policy, TrustTime};

    const CASE: [u8; 16] = [7; 16];

    fn now() -> Moment {
        Moment { wall_s: 1_800_000_000, up: TrustTime::default(), boot: 1 }
    }

    fn book(measured: Measured) -> (Casebook, Event, GovernancePolicy) {
        let policy = Policy::default().governance;
        let mut book = Casebook::new(policy.clone(), PolicyId::of(&policy), Identity::new("pat", "desk-7").unwrap());
        let opened = book.open(CaseId::new(CASE), Failure { measured, ..Failure::default() }, now());
        book.apply(&opened).unwrap();
        (book, opened, policy)
    }

    fn granted(profile: Profile, policy: &GovernancePolicy) -> Event {
        let used = Use {
            grant: GrantId::new(CASE),
            profile,
            scope: Scope::NonBiometric {},
            from: now(),
            end_s: now().wall_s + 3600,
            controls: Controls::of(policy.of(profile), None),
            approvers: vec!["ada".into()],
            network: None,
            reason: "known by voice".into(),
            how: How::Emergency { factor: Factor::Password, also: Vec::new() },
        };
        Event::Granted { case: CaseId::new(CASE), used: Box::new(used) }
    }

    #[test]
    fn a_broken_glass_is_told_to_the_roles_of_policy_without_a_word_of_why() {
        let (mut book, _, policy) = book(Measured::default());
        let event = granted(Profile::Emergency, &policy);
        book.apply(&event).unwrap();
        let told = telling(&event, &book, &policy, 1_800_000_000_000).unwrap();
        assert_eq!(told.event.severity(), Severity::Critical);
        let text = serde_json::to_string(&told).unwrap();
        let code = ShortCode::of(CaseId::new(CASE));
        assert_eq!(
            text,
            format!(
                r#"{{"v":1,"event":"glass-broken","case":"{code}","person":"pat","device":"desk-7","time":"2027-01-15T08:00:00.000Z","to":["security","manager"],"profile":"emergency","until":"2027-01-15T09:00:00.000Z","approvers":["ada"]}}"#
            )
        );
        assert!(text.len() + 6 < system_log::MAX_BYTES);
        let event = granted(Profile::Standard, &policy);
        assert_eq!(telling(&event, &book, &policy, 0).unwrap().event, Exception::GrantInForce);
    }

    #[test]
    fn abuse_and_late_reviews_are_told_and_ordinary_failures_are_not() {
        let (mut ordinary, opened, policy) = book(Measured::default());
        assert_eq!(telling(&opened, &ordinary, &policy, 0), None);
        let (abused, opened, _) = book(Measured { not_a_person: true, ..Measured::default() });
        let told = telling(&opened, &abused, &policy, 0).unwrap();
        assert_eq!((told.event, told.to), (Exception::SuspectedAbuse, vec![Role::Security]));
        // Nobody worked under a grant, so none is over.
        let closed = ordinary.give_up(CaseId::new(CASE), now()).unwrap();
        assert_eq!(telling(&closed, &ordinary, &policy, 0), None);
        ordinary.apply(&granted(Profile::Standard, &policy)).unwrap();
        let over = ordinary.give_up(CaseId::new(CASE), now()).unwrap();
        assert_eq!(telling(&over, &ordinary, &policy, 0).unwrap().event, Exception::GrantOver);
        let late = Event::Escalated { case: CaseId::new(CASE), to: Role::Manager, due_s: 1, at_s: 2 };
        assert_eq!(telling(&late, &ordinary, &policy, 0).unwrap().to, [Role::Manager]);
    }

    #[test]
    fn the_longest_names_fit_a_line_of_the_log() {
        let policy = Policy::default().governance;
        let identity = Identity::new(&"\u{22}".repeat(64), &"\u{22}".repeat(64)).unwrap();
        let mut book = Casebook::new(policy.clone(), PolicyId::of(&policy), identity);
        book.apply(&book.open(CaseId::new(CASE), Failure::default(), now())).unwrap();
        let Event::Granted { case, mut used } = granted(Profile::Regulated, &policy) else { unreachable!() };
        used.approvers = vec!["\u{22}".repeat(64), "\\".repeat(64)];
        let event = Event::Granted { case, used };
        book.apply(&event).unwrap();
        let told = serde_json::to_string(&telling(&event, &book, &policy, 0).unwrap()).unwrap();
        assert!(told.len() + 6 < system_log::MAX_BYTES, "{}", told.len());
    }
}
