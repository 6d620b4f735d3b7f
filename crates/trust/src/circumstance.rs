use crate::hazard::{Added, Hazard};
use crate::policy::ContextPolicy;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// Something around the session that makes a change of person likelier while it holds. It is no evidence: it says nothing
/// about who sits there, only how often that may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Circumstance {
    /// The session is used, or may be, from another machine. Lasts.
    RemoteSession,
    /// The screen is shown to somebody elsewhere. Lasts.
    ScreenShared,
    /// The machine is on a network that is not known. Lasts.
    UnknownNetwork,
    /// Another session is in front. Lasts; meanwhile nothing is scored and time counts as idle.
    SwitchedAway,
    /// A keyboard or pointer came that was not there before. Fades.
    NewDevice,
    /// A program typed or pointed. Fades.
    InjectedInput,
    /// The camera saw the person look away from the screen. Fades.
    LookingAway,
    /// The camera saw more than one person. Fades.
    SeveralPeople,
    /// The camera saw somebody who does not look like the owner. Fades.
    SomebodyElse,
}

impl Circumstance {
    /// Every circumstance, in a fixed order.
    pub const ALL: [Circumstance; 9] = [
        Circumstance::RemoteSession,
        Circumstance::ScreenShared,
        Circumstance::UnknownNetwork,
        Circumstance::SwitchedAway,
        Circumstance::NewDevice,
        Circumstance::InjectedInput,
        Circumstance::LookingAway,
        Circumstance::SeveralPeople,
        Circumstance::SomebodyElse,
    ];

    /// What it is called in an explanation.
    pub fn cause(self) -> &'static str {
        match self {
            Circumstance::RemoteSession => "time in a remote session",
            Circumstance::ScreenShared => "time with the screen shared",
            Circumstance::UnknownNetwork => "time on an unknown network",
            Circumstance::SwitchedAway => "time with another session in front",
            Circumstance::NewDevice => "time after a new keyboard or pointer",
            Circumstance::InjectedInput => "time after input that a program made",
            Circumstance::LookingAway => "time after the camera saw somebody look away",
            Circumstance::SeveralPeople => "time after the camera saw more than one person",
            Circumstance::SomebodyElse => "time after the camera saw somebody else",
        }
    }
}

impl std::fmt::Display for Circumstance {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Circumstance::RemoteSession => "remote session",
            Circumstance::ScreenShared => "screen shared",
            Circumstance::UnknownNetwork => "unknown network",
            Circumstance::SwitchedAway => "another session in front",
            Circumstance::NewDevice => "new keyboard or pointer",
            Circumstance::InjectedInput => "input made by a program",
            Circumstance::LookingAway => "somebody looks away",
            Circumstance::SeveralPeople => "more than one person",
            Circumstance::SomebodyElse => "somebody else",
        })
    }
}

/// The circumstances that hold now, each with the time until it fades; those that last have none.
#[derive(Clone, Debug, Default)]
pub(crate) struct Circumstances(BTreeMap<Circumstance, Option<Duration>>);

impl Circumstances {
    /// One begins; one that fades begins to fade anew.
    pub(crate) fn begin(&mut self, circumstance: Circumstance, policy: &ContextPolicy) {
        let fades = policy.fades_after(circumstance);
        if fades != Some(Duration::ZERO) {
            self.0.insert(circumstance, fades);
        }
    }

    pub(crate) fn end(&mut self, circumstance: Circumstance) {
        self.0.remove(&circumstance);
    }

    /// The owner was verified: what fades is over.
    pub(crate) fn verified(&mut self) {
        self.0.retain(|_, left| left.is_none());
    }

    pub(crate) fn holds(&self, circumstance: Circumstance) -> bool {
        self.0.contains_key(&circumstance)
    }

    pub(crate) fn all(&self) -> BTreeSet<Circumstance> {
        self.0.keys().copied().collect()
    }

    /// A stretch of `left`, or the part of it until the next one fades. Positive when `left` is.
    pub(crate) fn stretch(&self, left: Duration) -> Duration {
        self.0.values().flatten().copied().fold(left, Duration::min)
    }

    /// Lets time pass, at most a [`Circumstances::stretch`].
    pub(crate) fn pass(&mut self, elapsed: Duration) {
        self.0.retain(|_, left| match left {
            None => true,
            Some(left) => {
                *left = left.saturating_sub(elapsed);
                !left.is_zero()
            }
        });
    }

    /// The hazard now, on top of `base_per_s`.
    pub(crate) fn hazard(&self, base_per_s: f64, policy: &ContextPolicy) -> Hazard {
        let added = |c: &Circumstance| Added { circumstance: *c, hazard_per_s: policy.hazard_per_s(*c) };
        let added = self.0.keys().map(added).filter(|a| a.hazard_per_s > 0.0).collect();
        Hazard { base_per_s, added }
    }
}
