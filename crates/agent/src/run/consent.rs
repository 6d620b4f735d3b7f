use super::Agent;
use crate::ipc::{Reply, WithoutBiometrics};
use crate::record::{CONSENT, Consent};
use stillyou_desktop_os::lock_state::LockState;
use stillyou_governance::NonBiometric;
use stillyou_trust::{Activity, Input, Trouble};

/// What says that a sensor does not work; none is asked for here.
const OF_SENSORS: [Trouble; 6] = [
    Trouble::KeyboardNotVisible,
    Trouble::NoKeyboard,
    Trouble::PointerNotVisible,
    Trouble::CameraBlind,
    Trouble::TemplateUnusable,
    Trouble::ModelFailed,
];

/// Consent to being recognised, and working without it: no sensor is open, time alone lowers the score, and a factor is asked
/// for at intervals and after idle.
impl Agent {
    /// Whether the person works without biometrics. Learning anew ends it once there is a template.
    pub(super) fn is_without_biometrics(&self) -> bool {
        self.without_biometrics.is_some() && self.engine.progress().is_none()
    }

    pub(super) fn without_biometrics_status(&self) -> Option<WithoutBiometrics> {
        let policy = &self.in_force.policy.governance.non_biometric;
        let (interval_minutes, idle_minutes) = (policy.interval_minutes, policy.idle_minutes);
        self.without_biometrics.map(|_| WithoutBiometrics { interval_minutes, idle_minutes })
    }

    /// The person takes their consent back: every template is erased, and work goes on without.
    pub(super) fn withdraw_consent(&mut self) -> Reply {
        let erased = self.erase();
        if !matches!(erased, Reply::Erased { .. }) {
            return erased;
        }
        self.consented(false);
        self.rest();
        self.feed(Input::Enrolled);
        self.goes_without();
        erased
    }

    /// Whoever has themselves learnt consents to it: on record before anything is learnt.
    pub(super) fn consented(&mut self, given: bool) {
        if self.consent != Some(given) {
            self.note(CONSENT, &Consent { given });
            self.consent = Some(given);
        }
    }

    /// There is a template again.
    pub(super) fn recognises_again(&mut self) {
        self.without_biometrics = None;
    }

    /// Learning was stopped: those who went without do so again.
    pub(super) fn learning_stopped(&mut self) {
        if self.without_biometrics.is_some() {
            self.consented(false);
            self.rest();
        }
    }

    /// Begins without biometrics, where that was so before.
    pub(super) fn begin_without_biometrics(&mut self) {
        let before = self.before.take();
        let effects = self.engine.begin_without_sensors(self.now(), before);
        self.act(effects);
        self.template_wanted = false;
        self.goes_without();
        if std::mem::take(&mut self.owes_lock) {
            self.feed(Input::WatchLost);
        }
    }

    fn goes_without(&mut self) {
        let policy = self.in_force.policy.governance.non_biometric;
        self.without_biometrics = Some(NonBiometric::begin(policy, self.now()));
        OF_SENSORS.into_iter().for_each(|trouble| self.trouble_ended(trouble));
    }

    /// Asks for proof where it is due and somebody is there to give it. Where nothing tells whether somebody is, at once.
    pub(super) fn ask_if_due(&mut self, activity: Activity) {
        let (now, sees) = (self.now(), self.idle.is_some());
        let Some(mode) = self.without_biometrics.as_mut().filter(|_| self.lock_state == LockState::Unlocked) else {
            return;
        };
        let due = if activity == Activity::Input { mode.used(now) } else { mode.due(now).filter(|_| !sees) };
        if due.is_some() {
            self.feed(Input::ProofDue);
        }
    }

    /// Somebody proved who they are.
    pub(super) fn proven_without_biometrics(&mut self) {
        let now = self.now();
        self.without_biometrics.iter_mut().for_each(|mode| mode.proven(now));
    }
}
