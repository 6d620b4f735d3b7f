use super::{CaseRecord, CaseState, Casebook, End, Event};
use crate::{CaseId, Moment};

/// So often at least and at most, in seconds, it is recorded that the clock was not set back; between, a 200th of what a grant
/// lasts. Setting the clock back over a reboot gains no more than that.
const SEEN_EVERY_S: (u64, u64) = (60, 3600);
/// And so often while a case waits.
const SEEN_WAITING_S: u64 = 600;

impl Casebook {
    /// What time alone has brought: grants that are over, cases that nobody answered, reviews that are late. To record and
    /// apply, about once a minute.
    pub fn tick(&self, now: Moment) -> Vec<Event> {
        self.cases
            .values()
            .flat_map(|record| [self.over(record, &now), self.late(record, &now), seen(record, &now)])
            .flatten()
            .collect()
    }

    /// The person ends a grant, or a case that waits.
    pub fn give_up(&self, case: CaseId, now: Moment) -> Option<Event> {
        let record = self.case(case)?;
        let open = matches!(record.state, CaseState::Open | CaseState::Granted);
        open.then_some(Event::Ended { case, why: End::GivenUp, at_s: now.wall_s })
    }

    /// Cases whose grant has not been reviewed, the most urgent first, with when that is due in seconds since 1970.
    pub fn to_review(&self) -> Vec<(&CaseRecord, u64)> {
        let mut all: Vec<_> = self.cases.values().filter_map(|record| Some((record, self.due(record)?))).collect();
        all.sort_by_key(|(_, due)| *due);
        all
    }

    pub(super) fn due(&self, record: &CaseRecord) -> Option<u64> {
        record.review_due_s(&record.limits(&self.policy)).filter(|_| record.review.is_none())
    }

    /// Whether its review is late, however the clock was set since.
    pub(super) fn is_overdue(&self, record: &CaseRecord, now: &Moment) -> bool {
        let now_s = now.wall_s.max(record.least_wall_s(now));
        self.due(record).is_some_and(|due_s| now_s > due_s || record.escalated_s.is_some())
    }

    fn over(&self, record: &CaseRecord, now: &Moment) -> Option<Event> {
        let case = record.case.id;
        match (record.state, &record.used) {
            (CaseState::Granted, Some(used)) if used.left_s(record, now) == 0 => {
                Some(Event::Ended { case, why: End::Expired, at_s: used.end_s })
            }
            (CaseState::Open, _) => {
                let until = record.case.opened.wall_s + 3600 * self.policy.case_waits_hours;
                (now.wall_s > until).then_some(Event::Ended { case, why: End::Lapsed, at_s: until })
            }
            _ => None,
        }
    }

    fn late(&self, record: &CaseRecord, now: &Moment) -> Option<Event> {
        let due_s = self.due(record).filter(|_| self.is_overdue(record, now) && record.escalated_s.is_none())?;
        Some(Event::Escalated { case: record.case.id, to: self.policy.escalate_to, due_s, at_s: now.wall_s })
    }
}

fn seen(record: &CaseRecord, now: &Moment) -> Option<Event> {
    let waits = matches!(record.state, CaseState::Open | CaseState::Granted);
    let since = now.wall_s.saturating_sub(record.seen.wall_s);
    let every = record.used.as_ref().map_or(SEEN_WAITING_S, |used| {
        (used.end_s.saturating_sub(used.from.wall_s) / 200).clamp(SEEN_EVERY_S.0, SEEN_EVERY_S.1)
    });
    let news = since >= every || record.seen.boot != now.boot;
    (waits && news && !record.clock_set_back(now)).then_some(Event::Seen { case: record.case.id, at: *now })
}
