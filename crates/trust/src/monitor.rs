mod decide;
mod phase;
mod proof;

use crate::circumstance::Circumstances;
use crate::decision::{Decision, Event, State, StepUpEnd, StepUpReason};
use crate::explanation::Origin;
use crate::input::{Activity, Input};
use crate::overriding::Overriding;
use crate::trouble::Trouble;
use crate::{
    Band, Belief, Circumstance, Evidence, Explanation, Hazard, LogOdds, Modality, Override, Policy, Rules, TrustTime,
};
use phase::{Interrupted, Phase};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, VecDeque};
use std::time::Duration;

/// Continuous monitoring of one session: takes what happens, keeps the belief, and decides.
///
/// It can only ask and lock. Every input carries its time; time never runs backwards here (an earlier time counts as
/// now).
#[derive(Clone, Debug)]
pub struct Monitor {
    policy: Policy,
    belief: Belief,
    now: TrustTime,
    activity: Activity,
    phase: Phase,
    trouble: BTreeSet<Trouble>,
    circumstances: Circumstances,
    muted: BTreeSet<Modality>,
    passed: VecDeque<(TrustTime, Modality)>,
    verified_at: Option<TrustTime>,
    /// Since when an open camera sees nobody.
    left_at: Option<TrustTime>,
    overriding: Overriding,
}

/// What was known before the agent started again within the same login.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Before {
    /// `log O` then.
    pub log_odds: LogOdds,
    /// Whether a step-up was open or the score had locked the session.
    pub owes_step_up: bool,
    /// Modalities that were muted.
    pub muted: BTreeSet<Modality>,
}

/// Where monitoring stands, for display.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// When.
    pub at: TrustTime,
    /// The state.
    #[serde(flatten)]
    pub state: State,
    /// `log O`; absent while learning.
    pub log_odds: Option<LogOdds>,
    /// The score, 0 to 100; absent while learning.
    pub score: Option<f64>,
    /// What can't protect at the moment.
    pub trouble: BTreeSet<Trouble>,
    /// What raises the hazard at the moment.
    pub circumstances: BTreeSet<Circumstance>,
    /// Modalities that count for nothing until the next login.
    pub muted: BTreeSet<Modality>,
}

impl Monitor {
    /// Monitoring of a session that has no template yet.
    pub fn learning(policy: Policy, at: TrustTime) -> Self {
        let belief = Belief::new(Rules::of(&policy), at, policy.score.unlock_odds.log(), Origin::Begun);
        Self {
            policy,
            belief,
            now: at,
            activity: Activity::Idle,
            phase: Phase::Learning,
            trouble: BTreeSet::new(),
            circumstances: Circumstances::default(),
            muted: BTreeSet::new(),
            passed: VecDeque::new(),
            verified_at: None,
            left_at: None,
            overriding: Overriding::default(),
        }
    }

    /// Monitoring of a session with a template. It begins at the odds of an unlock: a login is no proof to us. After a
    /// restart within the same login `before` is taken over, so that a restart earns nothing.
    pub fn begin(policy: Policy, at: TrustTime, before: Option<Before>) -> (Self, Vec<Decision>) {
        let mut monitor = Self::learning(policy, at);
        let mut out = Vec::new();
        let owes = before.as_ref().is_some_and(|b| b.owes_step_up);
        monitor.enter_watching(before, &mut out);
        if owes {
            monitor.ask_step_up(StepUpReason::AfterUnlock, None, &mut out);
        }
        (monitor, out)
    }

    /// Takes one input at `at` and returns what was decided, in order.
    pub fn handle(&mut self, at: TrustTime, input: Input) -> Vec<Decision> {
        let mut out = Vec::new();
        if let Input::Tick(activity) = input {
            self.activity = activity;
            self.left_at = (activity == Activity::NobodySeen).then(|| self.left_at.unwrap_or(self.now));
        }
        self.pass_time(at);
        match input {
            Input::Tick(_) => {}
            Input::Evidence { evidence, overlap } => self.take(&evidence, overlap),
            Input::Enrolled => self.enrolled(&mut out),
            Input::Erased => self.erased(&mut out),
            Input::Verified(factor) => self.verified(factor, &mut out),
            Input::VerificationFailed => self.verification_failed(&mut out),
            Input::ProofDue => self.proof_due(&mut out),
            Input::SessionLocked => self.session_locked(&mut out),
            Input::SessionUnlocked => self.session_unlocked(&mut out),
            Input::LockFailed => self.begin_trouble(Trouble::CannotLock, &mut out),
            Input::Pause(length) => self.pause(length, &mut out),
            Input::Resume => self.resume(&mut out),
            Input::WatchLost => self.watch_lost(&mut out),
            Input::CircumstanceBegan(c) => self.circumstances.begin(c, &self.policy.context),
            Input::CircumstanceEnded(c) => self.circumstances.end(c),
            Input::OverrideBegan(new) => self.override_began(new, &mut out),
            Input::OverrideEnded => self.override_ended(&mut out),
            Input::TroubleBegan(t) => self.begin_trouble(t, &mut out),
            Input::TroubleEnded(t) => self.end_trouble(t, &mut out),
        }
        self.decide(&mut out);
        out
    }

    /// Where monitoring stands.
    pub fn snapshot(&self) -> Snapshot {
        let shown = (self.phase != Phase::Learning).then(|| self.belief.log_odds());
        Snapshot {
            at: self.now,
            state: self.state(),
            log_odds: shown,
            score: shown.map(LogOdds::score),
            trouble: self.trouble.clone(),
            circumstances: self.circumstances.all(),
            muted: self.muted.clone(),
        }
    }

    /// How `log O` came about.
    pub fn explanation(&self) -> Explanation {
        self.belief.explanation()
    }

    /// Whether the explanation would keep evidence that came now, so that its attribution is wanted: not when it takes
    /// the score to its best, where the explanation starts anew.
    pub fn keeps(&self, evidence: &Evidence, overlap: f64) -> bool {
        self.weight(evidence, overlap).is_some_and(|weight| weight > 0.0 && self.belief.keeps(evidence, weight))
    }

    /// Whether the owner was verified so recently that requests which lower protection are allowed.
    pub fn step_up_is_fresh(&self) -> bool {
        self.fresh_for().is_some()
    }

    /// For how long that verification still allows such requests.
    pub fn fresh_for(&self) -> Option<Duration> {
        let limit = Duration::from_secs(self.policy.step_up.fresh_seconds);
        let asked = matches!(self.phase, Phase::StepUp(_) | Phase::Locked { .. });
        limit.checked_sub(self.now.since(self.verified_at?)).filter(|_| !asked)
    }

    /// The override in force, if any.
    pub fn overriding(&self) -> Option<&Override> {
        self.overriding.in_force()
    }

    /// The policy in force.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    fn state(&self) -> State {
        match self.phase {
            Phase::Learning => State::Learning,
            Phase::Watching { band } => State::Watching { band },
            Phase::StepUp(s) => State::StepUp { deadline: s.deadline, locking: s.locking.is_some() },
            Phase::Paused { until, .. } => State::Paused { until },
            Phase::Locked { by_score, .. } => State::Locked { by_score },
        }
    }

    fn pass_time(&mut self, at: TrustTime) {
        let elapsed = at.since(self.now);
        self.now = self.now.max(at);
        let h = &self.policy.hazard;
        let (idle, input, nobody_seen, locked) = (h.idle_per_s, h.input_per_s, h.nobody_seen_per_s, h.locked_per_s);
        match (self.phase, self.activity()) {
            // Nobody watches.
            (Phase::Paused { .. }, _) => self.pass_at(elapsed, idle),
            // Nobody can use a locked session, so what is around it waits.
            (Phase::Locked { .. }, _) => self.belief.predict(elapsed, locked),
            (_, Activity::Idle) => self.pass_at(elapsed, idle),
            (_, Activity::NobodySeen) => self.pass_at(elapsed, nobody_seen),
            (_, Activity::Input) => {
                // Input now says nothing of a long time before it, in which the machine slept or nobody looked.
                let covered = elapsed.min(Duration::from_secs(h.idle_after_s));
                self.pass_at(elapsed - covered, idle);
                self.pass_at(covered, input);
            }
        }
    }

    fn pass_at(&mut self, mut left: Duration, base_per_s: f64) {
        while !left.is_zero() {
            let stretch = self.circumstances.stretch(left);
            if self.phase != Phase::Learning {
                self.belief.predict(stretch, self.hazard(base_per_s));
            }
            self.circumstances.pass(stretch);
            left -= stretch;
        }
    }

    fn hazard(&self, base_per_s: f64) -> Hazard {
        self.overriding.raised(self.circumstances.hazard(base_per_s, &self.policy.context))
    }

    /// What goes on in this session: nothing, while another is in front.
    fn activity(&self) -> Activity {
        match self.activity {
            Activity::Input if self.circumstances.holds(Circumstance::SwitchedAway) => Activity::Idle,
            activity => activity,
        }
    }

    fn take(&mut self, evidence: &Evidence, overlap: f64) {
        if let Some(weight) = self.weight(evidence, overlap) {
            (self.activity, self.left_at) = (Activity::Input, None);
            self.belief.update(self.now, evidence, weight);
        }
    }

    /// The weight of evidence; nothing while none is taken.
    fn weight(&self, evidence: &Evidence, overlap: f64) -> Option<f64> {
        let away = self.circumstances.holds(Circumstance::SwitchedAway);
        if away || matches!(self.phase, Phase::Learning | Phase::Paused { .. } | Phase::Locked { .. }) {
            return None;
        }
        let silent = self.muted.contains(&evidence.modality) || self.overriding.sets_aside(evidence.modality);
        let heard = if silent { 0.0 } else { 1.0 };
        Some(heard * overlap * evidence.quality.value())
    }

    fn pause(&mut self, length: Duration, out: &mut Vec<Decision>) {
        if let Phase::Watching { band } = self.phase {
            let until = self.now + length;
            self.phase = Phase::Paused { until, band };
            self.decided(Event::Paused { until }, out);
        }
    }

    fn resume(&mut self, out: &mut Vec<Decision>) {
        if let Phase::Paused { band, .. } = self.phase {
            self.phase = Phase::Watching { band };
            self.decided(Event::Resumed, out);
        }
    }

    fn enrolled(&mut self, out: &mut Vec<Decision>) {
        if self.phase == Phase::Learning {
            self.enter_watching(None, out);
        }
    }

    fn enter_watching(&mut self, before: Option<Before>, out: &mut Vec<Decision>) {
        let unlock = self.policy.score.unlock_odds.log();
        let (odds, origin) = match &before {
            Some(b) => (unlock.max(b.log_odds), Origin::Resumed),
            None => (unlock, Origin::Begun),
        };
        self.muted.extend(before.into_iter().flat_map(|b| b.muted));
        self.belief.restart(self.now, odds, origin);
        let band = Band::Verified.next(self.belief.log_odds(), &self.policy.score);
        self.phase = Phase::Watching { band };
        self.decided(Event::Begun, out);
    }

    fn erased(&mut self, out: &mut Vec<Decision>) {
        if self.phase != Phase::Learning {
            self.phase = Phase::Learning;
            self.decided(Event::LearningAgain, out);
        }
    }

    fn override_began(&mut self, new: Override, out: &mut Vec<Decision>) {
        if self.overriding.in_force() != Some(&new) {
            let set_aside = new.set_aside.iter().copied().collect();
            self.overriding.begin(new, self.now);
            self.decided(Event::OverrideBegan { set_aside }, out);
        }
    }

    fn override_ended(&mut self, out: &mut Vec<Decision>) {
        if self.overriding.in_force().is_some() {
            self.overriding.end(self.now);
            self.decided(Event::OverrideEnded, out);
        }
    }

    fn session_locked(&mut self, out: &mut Vec<Decision>) {
        let (by_score, interrupted) = match self.phase {
            Phase::Learning | Phase::Locked { .. } => return,
            Phase::Watching { .. } | Phase::Paused { .. } => (false, None),
            Phase::StepUp(s) => {
                self.decided(Event::StepUpEnded { how: StepUpEnd::Locked }, out);
                let left = Interrupted { left: s.deadline.since(self.now), failures: s.failures };
                (true, s.locking.is_none().then_some(left))
            }
        };
        (self.verified_at, self.left_at) = (None, None);
        self.phase = Phase::Locked { by_score, interrupted };
        self.end_trouble(Trouble::CannotLock, out);
        self.decided(Event::Locked { by_score }, out);
    }

    fn session_unlocked(&mut self, out: &mut Vec<Decision>) {
        let Phase::Locked { by_score, interrupted } = self.phase else { return };
        self.belief.unlock(self.policy.score.unlock_odds.log());
        let band = Band::Verified.next(self.belief.log_odds(), &self.policy.score);
        self.phase = Phase::Watching { band };
        self.decided(Event::Unlocked, out);
        if by_score || self.policy.step_up.after_unlock {
            self.ask_step_up(StepUpReason::AfterUnlock, interrupted, out);
        }
    }

    fn begin_trouble(&mut self, trouble: Trouble, out: &mut Vec<Decision>) {
        if self.trouble.insert(trouble) {
            self.decided(Event::TroubleBegan { trouble }, out);
        }
    }

    fn end_trouble(&mut self, trouble: Trouble, out: &mut Vec<Decision>) {
        if self.trouble.remove(&trouble) {
            self.decided(Event::TroubleEnded { trouble }, out);
        }
    }

    fn decided(&self, event: Event, out: &mut Vec<Decision>) {
        let explained = matches!(
            event,
            Event::BandChanged { .. }
                | Event::StepUpAsked { .. }
                | Event::StepUpEnded { .. }
                | Event::LockAsked { .. }
                | Event::Locked { .. }
        );
        out.push(Decision {
            at: self.now,
            event,
            state: self.state(),
            log_odds: self.belief.log_odds(),
            explanation: explained.then(|| self.belief.explanation()),
        });
    }
}
