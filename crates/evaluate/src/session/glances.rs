use super::lent::{AtDesk, Lent};
use std::time::Duration;
use stillyou_trust::policy::CameraPolicy;
use stillyou_trust::{Band, LookReason, Schedule, Situation, TrustTime, independence_of_looks};

/// The camera of one session.
#[derive(Clone)]
pub struct Glances<'a> {
    desk: AtDesk<'a>,
    cap_nats: f64,
    schedule: Schedule,
    last: Option<TrustTime>,
    /// Looks so far.
    pub looks: usize,
}

/// How long a look takes: the camera's first frames, then as many as tell a living face. Assumed.
pub const LOOK: Duration = Duration::from_millis(1500);

impl<'a> Glances<'a> {
    /// The camera before typist `owner`'s desk.
    pub fn before(faces: &'a Lent, owner: usize, policy: &CameraPolicy) -> Self {
        let schedule = Schedule::new(policy.clone(), faces.seed_of(owner), TrustTime::default());
        let cap_nats = policy.cap_without_pad_nats;
        Self { desk: faces.at_desk_of(owner), cap_nats, schedule, last: None, looks: 0 }
    }

    /// From now on typist `who` sits there.
    pub fn sits_down(&mut self, who: usize) {
        self.desk.sits_down(who);
    }

    /// Nobody works: only a look for presence may be due, which brings no evidence.
    pub fn idle(&mut self, at: TrustTime, band: Band) {
        if let Some(reason) = self.schedule.due(Situation { at, band, active: false }) {
            self.opens(at, reason);
        }
    }

    /// What a look says, if one is due: nats and their independence discount.
    pub fn look(&mut self, at: TrustTime, band: Band) -> Option<(f64, f64)> {
        let reason = self.schedule.due(Situation { at, band, active: true })?;
        self.opens(at, reason);
        let llr_nats = self.desk.said()?.clamp(-self.cap_nats, self.cap_nats);
        let independence = independence_of_looks(self.last.map(|last| at.since(last)));
        self.last = Some(at);
        Some((llr_nats, independence))
    }

    fn opens(&mut self, at: TrustTime, reason: LookReason) {
        self.schedule.looks(at, reason);
        self.schedule.spent(LOOK);
        self.looks += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::super::lent::tests::two;
    use super::*;

    #[test]
    fn whoever_comes_back_from_a_break_is_looked_at_once() {
        let faces = two();
        let policy = CameraPolicy { audit_minutes: 0, ..CameraPolicy::default() };
        let mut glances = Glances::before(&faces, 0, &policy);
        let at = |seconds| TrustTime::since_boot(Duration::from_secs(seconds));
        assert_eq!(glances.look(at(1), Band::Verified), None);
        (2..600).for_each(|second| glances.idle(at(second), Band::Verified));
        assert_eq!((glances.looks, glances.look(at(600), Band::Verified)), (0, Some((3.0, 1.0))));
        assert_eq!((glances.looks, glances.look(at(601), Band::Verified)), (1, None));
        glances.sits_down(1);
        glances.idle(at(1_300), Band::Verified);
        assert_eq!(glances.look(at(1_301), Band::Verified), Some((-3.0, 1.0)));
    }

    #[test]
    fn looks_for_presence_cost_seconds_and_say_nothing() {
        let faces = two();
        let policy = CameraPolicy { presence_seconds: 60, ..CameraPolicy::default() };
        let mut glances = Glances::before(&faces, 0, &policy);
        (0..600).for_each(|second| glances.idle(TrustTime::since_boot(Duration::from_secs(second)), Band::Verified));
        assert_eq!(glances.looks, 10);
    }
}
