use super::{Agent, Doing, Known};
use crate::eye::{EyeError, Learnt, Order};
use crate::ipc::Reply;
use std::sync::Arc;
use stillyou_desktop_os::lock_state::LockState;
use stillyou_sense::camera::{CameraError, Wish};
use stillyou_trust::Trouble;
use stillyou_trust::policy::CameraMode;

impl Agent {
    /// Begins to learn the person's face.
    pub(in crate::run) fn enrol_face(&mut self) -> Reply {
        if self.in_force.policy.camera.mode == CameraMode::Off {
            return Reply::Refused { why: "the policy does not let the camera be used (camera.mode)".into() };
        }
        if self.lock_state != LockState::Unlocked {
            return Reply::Failed { why: "the session is locked, or that can't be told".into() };
        }
        if self.without_biometrics.is_some() {
            let why = "you work without biometrics; let it learn how you type first, which gives your consent again";
            return Reply::Refused { why: why.into() };
        }
        if self.face_is_unsuitable() {
            let why = "your face is declared unsuitable; close that case first (`stillyou case list`)";
            return Reply::Refused { why: why.into() };
        }
        if let Err(why) = self.looking.doing.gives_way() {
            return Reply::Refused { why: why.into() };
        }
        self.consented(true);
        self.looking.problem = None;
        let wish = Wish { known: None, ..self.wish() };
        match self.looking.obey(Order::Learn(wish), Doing::Learning) {
            Ok(()) => Reply::Done {},
            Err(e) => Reply::Failed { why: format!("the system gives no thread or pipe: {e}") },
        }
    }

    /// Ends learning the face, and what was learnt is forgotten; or a live check, or a scan.
    pub(in crate::run) fn cancel_face(&mut self) -> Reply {
        if matches!(self.looking.doing, Doing::Learning | Doing::Checking | Doing::Scanning) {
            self.looking.close();
        }
        Reply::Done {}
    }

    /// A face was learnt, or not.
    pub(super) fn learnt(&mut self, learnt: Result<Learnt, EyeError>) {
        self.looking.problem = match learnt {
            Ok(learnt) => self.keep_face(learnt).err(),
            Err(e) => not_learnt(&e),
        };
    }

    fn keep_face(&mut self, learnt: Learnt) -> Result<(), String> {
        let Learnt { template, model, camera } = learnt;
        self.home.store_face(&mut self.record, model.version(), &template, &camera).map_err(|e| e.to_string())?;
        self.looking.known = Some(Known { images: template.images(), template: Arc::new(template), camera });
        self.looking.evidence_at = None;
        self.engine.forget_fits();
        self.read_fitted();
        // Whoever teaches it their face wants it used.
        if !self.uses_camera() {
            self.turn_camera(true);
        }
        Ok(())
    }

    /// Reads the face's template on record, if there is one. Whether the model made it, the eye looks.
    pub(super) fn want_face_template(&mut self) {
        match self.home.load_face(&self.record) {
            Ok(found) => {
                self.looking.template_wanted = false;
                self.looking.known = found.map(|(template, camera)| Known {
                    images: template.images(),
                    template: Arc::new(template),
                    camera,
                });
            }
            Err(e) if e.is_keychain() => self.trouble_began(Trouble::KeychainUnavailable, e.to_string()),
            Err(e) => {
                self.looking.template_wanted = false;
                self.trouble_began(Trouble::TemplateUnusable, format!("the face says nothing: {e}"));
            }
        }
    }

    /// No template is left.
    pub(in crate::run) fn face_erased(&mut self) {
        self.looking.close();
        self.looking.known = None;
        self.looking.evidence_at = None;
    }
}

/// Why no face was learnt, for whoever waits for that; nothing where it was stopped.
fn not_learnt(e: &EyeError) -> Option<String> {
    match e {
        EyeError::Camera(CameraError::Stopped) => None,
        EyeError::Camera(e @ (CameraError::Wanted { .. } | CameraError::Busy { .. })) => {
            Some(format!("{e}: close that program, then let your face be learnt again"))
        }
        e => Some(e.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stop_is_no_problem_and_nobody_who_waits_is_told_that_stillyou_tries_again() {
        assert_eq!(not_learnt(&CameraError::Stopped.into()), None);
        let camera = || "HD Webcam".to_owned();
        for taken in [CameraError::Wanted { camera: camera() }, CameraError::Busy { camera: camera() }] {
            let why = not_learnt(&taken.into()).unwrap();
            assert!(why.contains("HD Webcam") && why.contains("again") && !why.contains("StillYou tries"), "{why}");
        }
        let dark = not_learnt(&EyeError::View("turn on a light")).unwrap();
        assert!(dark.contains("turn on a light"), "{dark}");
    }

    #[test]
    fn only_a_look_gives_way() {
        assert!(Doing::Nothing.gives_way().is_ok() && Doing::Looking.gives_way().is_ok());
        for busy in [Doing::Learning, Doing::Checking, Doing::Scanning] {
            assert!(busy.gives_way().is_err());
        }
    }
}
