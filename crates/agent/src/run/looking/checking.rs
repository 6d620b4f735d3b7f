use super::{Agent, Doing, Looking};
use crate::eye::{Check, CheckProgress, EyeError, Order, can_prove};
use crate::model::PadState;
use crossbeam_channel::Sender;
use std::time::Duration;
use stillyou_stepup::FactorError;
use stillyou_trust::Modality;

/// A live check that goes on.
pub(super) struct Checking {
    /// Where to say what came of it.
    pub outcome: Sender<Result<(), FactorError>>,
    pub progress: Option<CheckProgress>,
    /// Whether it has asked for something.
    pub asked: bool,
}

impl Looking {
    /// A live check is over: where to say so, and whether it had asked for something.
    pub(in crate::run) fn check_is_over(&mut self) -> Option<(Sender<Result<(), FactorError>>, bool)> {
        self.checking.take().map(|checking| (checking.outcome, checking.asked))
    }

    /// How far a live check is.
    pub(in crate::run) fn live_check(&self) -> Option<CheckProgress> {
        self.checking.as_ref().and_then(|checking| checking.progress.clone())
    }
}

impl Agent {
    /// Whether the camera may be used to prove that it is the person, whose face is known.
    pub(in crate::run) fn knows_face(&self) -> bool {
        self.uses_camera() && self.looking.known.is_some() && self.lacks_networks().is_none()
    }

    /// Why a live check would prove nothing on this device.
    pub(in crate::run) fn lacks_networks(&self) -> Option<EyeError> {
        let protected = self.looking.pad == PadState::Ready {};
        can_prove(self.in_force.policy.camera.trust_virtual, protected, &[]).err()
    }

    /// Has the eye make a live check, which ends in `outcome`; gives it back where it can't.
    pub(in crate::run) fn order_check(
        &mut self,
        outcome: Sender<Result<(), FactorError>>,
    ) -> Result<(), (String, Sender<Result<(), FactorError>>)> {
        let may = self.listens_to(Modality::Face) && !self.face_is_unsuitable();
        let Some(known) = self.looking.known.as_ref().filter(|_| may) else {
            return Err(("no face is known, it is declared unsuitable, or the camera is off".into(), outcome));
        };
        let check = Check {
            wish: self.wish(),
            known: known.template.clone(),
            seed: rand::random(),
            act_time: Duration::from_secs(self.in_force.policy.camera.act_seconds),
            any_camera: self.in_force.policy.camera.trust_virtual,
        };
        match self.looking.obey(Order::Check(check), Doing::Checking) {
            Ok(()) => {
                self.looking.checking = Some(Checking { outcome, progress: None, asked: false });
                Ok(())
            }
            Err(e) => Err((format!("the system gives no thread or pipe: {e}"), outcome)),
        }
    }
}
