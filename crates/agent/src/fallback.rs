//! The governed fallback of one session: its casebook as the record has it, and what a failure that goes on has come to.

mod identity;
mod measured;
mod voice;

pub use identity::{boot_number, own_identity};
pub use measured::{Around, measured};
pub use voice::voice_key;

use crate::hourly::Hourly;
use crate::ipc::{CaseShown, Replaced, UnderGrant};
use crate::record::{Record, RecordError};
use std::collections::BTreeSet;
use std::time::Duration;
use stillyou_governance::{
    CaseId, CaseRecord, CaseState, Casebook, Controls, ForcedStepUps, Identity, Moment, PolicyId, Proof, Refused,
    Scope, Tried, Unsuitable,
};
use stillyou_ledger::At;
use stillyou_trust::policy::{GovernancePolicy, Profile};
use stillyou_trust::{Modality, Override, TrustTime};

/// Cases that a person may open by asking, in an hour.
const MOST_ASKED: usize = 6;

const DAY: Duration = Duration::from_secs(24 * 3600);

/// The cases of this session's person on this device.
pub struct Fallback {
    pub book: Casebook,
    pub policy: GovernancePolicy,
    pub forced: ForcedStepUps,
    /// The failure that goes on.
    pub failure: Failing,
    /// When and by what the person proved who they are since a step-up was asked for, or since the last lock.
    pub proofs: Vec<Proof>,
    /// Cases that the person opened by asking.
    pub asked: Hourly,
    /// When a keyboard or pointer came.
    pub device_came: Option<TrustTime>,
    /// What makes a network's name mean nothing on another device.
    pub salt: String,
    /// The last entry of the record that the casebook knows.
    seen: u64,
    boot: u64,
    ticked: Option<TrustTime>,
    pruned: Option<TrustTime>,
}

/// A verification that fails: from the step-up that evidence or time asked for until somebody proves who they are.
#[derive(Clone, Debug, Default)]
pub struct Failing {
    pub forced_by: Option<Modality>,
    pub tried: Vec<Tried>,
    pub tries_left: Option<u32>,
    /// The case it has become.
    pub case: Option<CaseId>,
    /// Whether the person asked for it: then it stays open when they prove who they are after all.
    pub asked: bool,
}

impl Fallback {
    /// An empty one. `policy` is the one in force, `system` the administrator's alone; `boot` names this boot.
    pub fn new(
        policy: GovernancePolicy,
        system: &GovernancePolicy,
        identity: Identity,
        boot: u64,
        salt: String,
    ) -> Self {
        Self {
            book: Casebook::new(policy.clone(), PolicyId::of(system), identity),
            policy,
            forced: ForcedStepUps::default(),
            failure: Failing::default(),
            proofs: Vec::new(),
            device_came: None,
            salt,
            seen: 0,
            boot,
            asked: Hourly::new(MOST_ASKED),
            ticked: None,
            pruned: None,
        }
    }

    /// Now, by the clocks of the record.
    pub fn moment(&self, at: At, up: TrustTime) -> Moment {
        Moment { wall_s: u64::try_from(at.unix_ms / 1000).unwrap_or(0), up, boot: self.boot }
    }

    /// Takes over what the record has that the casebook does not know. What was recorded for somebody else, or under another
    /// name of this device, is not this one's.
    ///
    /// # Errors
    /// When the record can't be read.
    pub fn catch_up(&mut self, record: &Record) -> Result<(), RecordError> {
        for (seq, event) in record.cases_after(self.seen)? {
            self.seen = seq;
            if let Err(e) = self.book.apply(&event) {
                tracing::warn!("entry {seq} of the ledger: {e}");
            }
        }
        Ok(())
    }

    /// The cases of the last hour count as asked for: after a restart nobody remembers which were.
    pub fn count_opened(&mut self, now: &Moment) {
        let opened = self.book.cases().map(|record| record.case.opened.seconds_to(now));
        let mut ago: Vec<Duration> = opened.map(Duration::from_secs).collect();
        ago.sort_unstable();
        ago.into_iter().rev().for_each(|ago| self.asked.did_before(now.up, ago));
    }

    /// Whether a day is over since what is kept no longer was last looked for.
    pub fn day_is_over(&mut self, now: TrustTime) -> bool {
        let over = self.pruned.is_none_or(|last| now.since(last) >= DAY);
        if over {
            self.pruned = Some(now);
        }
        over
    }

    /// The cases that stay in the record: all but those that were over before `cutoff_s` (seconds since 1970).
    pub fn kept(&self, cutoff_s: u64) -> BTreeSet<CaseId> {
        let stays = |record: &&CaseRecord| record.over_since_s().is_none_or(|over| over >= cutoff_s);
        self.book.cases().filter(stays).map(|record| record.case.id).collect()
    }

    /// Entries were taken out of the record: it is read anew.
    ///
    /// # Errors
    /// When it can't be read.
    pub fn read_anew(&mut self, record: &Record) -> Result<(), RecordError> {
        (self.book, self.seen) = (self.book.emptied(), 0);
        self.catch_up(record)
    }

    /// Something ended: the casebook is told the time at once.
    pub fn hurry(&mut self) {
        self.ticked = None;
    }

    /// Whether the casebook's minute is over: then it is told the time.
    pub fn minute_is_over(&mut self, now: TrustTime) -> bool {
        let over = self.ticked.is_none_or(|last| now.since(last) >= Duration::from_secs(60));
        if over {
            self.ticked = Some(now);
        }
        over
    }

    /// The case of the failure that goes on, if it has become one and that is open. After a restart of the agent, or a lock
    /// and an unlock, that is the newest open one.
    pub fn open_case(&self, goes_on: bool) -> Option<CaseId> {
        let open = |record: &&CaseRecord| record.state == CaseState::Open;
        let known = self.failure.case.and_then(|case| self.book.case(case)).filter(open);
        let newest = || self.book.cases().filter(open).max_by_key(|record| record.case.opened.wall_s);
        known.or_else(|| newest().filter(|_| goes_on)).map(|record| record.case.id)
    }

    /// What the monitor must know of grants in force, and how often the camera must look; nothing where none is.
    ///
    /// # Errors
    /// Why a grant that was used does not hold now.
    pub fn overriding(&self, now: &Moment, network: Option<&str>) -> Result<Option<(Override, u32)>, Refused> {
        let declared = self.book.unsuitable(now, network);
        let granted = self.book.in_force(now, network);
        if declared.is_empty() && !matches!(granted, Ok(Some(_))) {
            return granted.map(|_| None);
        }
        let (granted, refused) = match granted {
            Ok(granted) => (granted, None),
            Err(why) => (None, Some(why)),
        };
        if let Some(why) = refused.filter(|_| declared.is_empty()) {
            return Err(why);
        }
        let mut set_aside: BTreeSet<Modality> = declared.iter().map(|d| d.modality).collect();
        set_aside.extend(granted.iter().flat_map(|granted| granted.scope.set_aside()));
        let all = declared.iter().map(|d| d.controls).chain(granted.map(|granted| granted.controls));
        let Some(controls) = all.reduce(Controls::and) else { return Ok(None) };
        let reverify = Duration::from_secs(controls.reverify_minutes.saturating_mul(60));
        let (hazard_factor, audits) = (controls.hazard_factor, controls.audits_per_hour);
        Ok(Some((Override { set_aside, hazard_factor, reverify }, audits)))
    }

    /// The modalities that are declared unsuitable, for display.
    pub fn replaced(&self, now: &Moment, network: Option<&str>) -> Vec<Replaced> {
        let shown = |Unsuitable { modality, instead, left_s, .. }| Replaced {
            modality,
            instead,
            until_ms: ms(now.wall_s.saturating_add(left_s)),
        };
        self.book.unsuitable(now, network).into_iter().map(shown).collect()
    }

    /// The grant in force, for display. Beside it a modality may be declared unsuitable, which is no news every day.
    pub fn under_grant(&self, now: &Moment, network: Option<&str>) -> Option<UnderGrant> {
        let used = |record: &&CaseRecord| {
            let work = record.used.as_ref().filter(|used| !matches!(used.scope, Scope::Unsuitable { .. }));
            record.state == CaseState::Granted && work.is_some_and(|used| used.end_s > now.wall_s)
        };
        let used = self.book.cases().find(used)?.used.as_ref()?;
        let (left_s, suspended) = match self.book.in_force(now, network) {
            Ok(Some(granted)) => (granted.left_s, None),
            Ok(None) => return None,
            Err(why) => (used.end_s.saturating_sub(now.wall_s), Some(why.to_string())),
        };
        Some(UnderGrant {
            until_ms: ms(now.wall_s.saturating_add(left_s)),
            set_aside: used.scope.set_aside(),
            reverify_minutes: used.controls.reverify_minutes,
            emergency: used.profile == Profile::Emergency,
            suspended,
        })
    }

    /// A case as it may be shown.
    pub fn shown(&self, record: &CaseRecord) -> CaseShown {
        let case = &record.case;
        let used = record.used.as_ref();
        let due = used.and_then(|_| record.review_due_s(&record.limits(&self.policy)));
        CaseShown {
            id: case.id.to_string(),
            code: case.short_code().to_string(),
            state: record.state,
            profile: case.profile,
            modality: case.modality,
            cause: case.cause,
            because: case.because.clone(),
            opened_ms: ms(case.opened.wall_s),
            until_ms: used.map(|used| ms(record.ended.map_or(used.end_s, |(_, at)| at))),
            approvers: used.map_or_else(Vec::new, |used| used.approvers.clone()),
            review_due_ms: due.filter(|_| record.review.is_none()).map(ms),
            instead: used.and_then(|used| match used.scope {
                Scope::Unsuitable { instead, .. } => Some(instead),
                _ => None,
            }),
            request: case.request().to_string(),
        }
    }
}

fn ms(unix_s: u64) -> i64 {
    i64::try_from(unix_s.saturating_mul(1000)).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
