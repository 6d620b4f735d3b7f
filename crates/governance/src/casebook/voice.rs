use super::accept::refused;
use super::checks::has_role;
use super::{CaseState, Casebook, Decided, Entry, Event, How, Refused, Use};
use crate::{CaseId, CaseRecord, Controls, GrantId, Moment, Scope, VoiceKey, VoiceTerms};
use std::time::Duration;
use stillyou_trust::policy::Profile;

/// Wrong codes after which a case can't be granted by telephone any more: with 13 codes that hold at a time, a guess then
/// succeeds in 1.3 cases of a million.
const MOST_WRONG_CODES: u32 = 10;

impl Casebook {
    /// The digits that an approver said for a case: `approver` and `minutes` are what they said with them. `id` is 16 random
    /// bytes.
    #[allow(clippy::too_many_arguments, reason = "what is said on the telephone")]
    pub fn accept_voice(
        &self,
        key: &VoiceKey,
        id: GrantId,
        case: CaseId,
        approver: &str,
        minutes: u64,
        said: &str,
        now: Moment,
    ) -> Decided<Refused> {
        let Some(record) = self.case(case) else { return refused(Entry::Code, None, Refused::WrongCase, now) };
        let scope = record.case.modality.map_or(Scope::NonBiometric {}, |modality| Scope::SetAside { modality });
        let may = self.may_by_voice(record, approver, minutes, &now).and_then(|()| self.only_one(&scope, &now));
        let limits = self.limits(&record.case);
        if let Err(why) = may.and_then(|()| self.not_one_too_many(record.case.profile, &limits, &now)) {
            return refused(Entry::Code, Some(record), why, now);
        }
        let terms = VoiceTerms {
            code: record.case.short_code(),
            identity: &self.identity,
            policy: self.policy_id,
            approver,
            minutes,
        };
        if !key.hears(said, &terms, now.wall_s, self.policy.voice_code_minutes) {
            return refused(Entry::Code, Some(record), Refused::WrongCode, now);
        }
        let used = Use {
            grant: id,
            profile: record.case.profile,
            scope,
            from: now,
            end_s: now.wall_s + 60 * minutes,
            controls: Controls::of(&limits, record.case.modality),
            approvers: vec![approver.to_owned()],
            network: None,
            reason: "said on the telephone".into(),
            how: How::Voice {},
        };
        Decided { event: Event::Granted { case, used: Box::new(used) }, outcome: Ok(()) }
    }

    fn may_by_voice(&self, record: &CaseRecord, approver: &str, minutes: u64, now: &Moment) -> Result<(), Refused> {
        match self.wait(now) {
            Duration::ZERO => {}
            left => return Err(Refused::TooSoon(left)),
        }
        let (profile, waits) = (record.case.profile, 3600 * self.policy.case_waits_hours);
        let limits = self.limits(&record.case);
        let bound = limits.second_channel || limits.same_network || profile == Profile::Accessibility;
        if !limits.voice || bound || limits.approvers > 1 {
            return Err(Refused::NoVoice);
        }
        if record.state != CaseState::Open || now.wall_s.saturating_sub(record.case.opened.wall_s) > waits {
            return Err(Refused::CaseClosed);
        }
        if record.wrong_codes >= MOST_WRONG_CODES {
            return Err(Refused::VoiceClosed);
        }
        self.of_this_session(&record.case)?;
        if record.clock_set_back(now) {
            return Err(Refused::ClockSetBack);
        }
        if approver == self.identity.person() {
            return Err(Refused::SelfApproved);
        }
        let known = self.policy.approver(approver);
        let known = known.ok_or_else(|| Refused::UnknownApprover(approver.chars().take(64).collect()))?;
        has_role(known, &limits)?;
        let longest = self.policy.voice_minutes.min(limits.longest_minutes);
        match (1..=longest).contains(&minutes) {
            true => Ok(()),
            false => Err(Refused::OverLong { minutes, longest }),
        }
    }
}
