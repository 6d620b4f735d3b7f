mod checking;
mod learning;
mod presence;
mod scanning;

use super::Agent;
use crate::eye::{Eye, EyeError, FaceProgress, Look, News, Order, ScanProgress};
use crate::hourly::Hourly;
use crate::ipc::{CameraStatus, Reply, SensorState};
use crate::model::PadState;
use crate::places::Places;
use crate::record::{CameraTurned, Looked};
use crate::sight::Sight;
use checking::Checking;
use crossbeam_channel::{Receiver, never};
use presence::LastSeen;
use scanning::Scanning;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use stillyou_models::face::Template;
use stillyou_models::face::challenge::Progress;
use stillyou_sense::camera::{CameraError, CameraIdentity, Wish};
use stillyou_trust::policy::{CameraMode, CameraPolicy};
use stillyou_trust::{
    Activity, Band, Input, LookReason, Modality, Schedule, Situation, State, Trouble, TrustTime, independence_of_looks,
};

/// The camera beside keyboard and pointer: when it is opened, and what is known of whom it should see.
pub(super) struct Looking {
    eye: Option<Eye>,
    models: Vec<PathBuf>,
    schedule: Schedule,
    doing: Doing,
    /// Whether its light is on.
    open: bool,
    /// Whether the person turned it on; they have to where policy offers it.
    turned_on: bool,
    known: Option<Known>,
    template_wanted: bool,
    last_seen: LastSeen,
    evidence_at: Option<TrustTime>,
    /// How bright the last look was, 0 to 1.
    light: Option<(TrustTime, f64)>,
    progress: Option<FaceProgress>,
    problem: Option<String>,
    /// Why the last look saw nothing.
    unseen: Option<String>,
    /// As the agent found it when it began.
    pad: PadState,
    checking: Option<Checking>,
    scanning: Option<Scanning>,
    /// Scans that were begun.
    scans: Hourly,
}

/// Whose face it should be, and the camera it was learnt by.
struct Known {
    template: Arc<Template>,
    camera: CameraIdentity,
    images: u32,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Doing {
    Nothing,
    Looking,
    Learning,
    Checking,
    Scanning,
}

impl Doing {
    /// A look gives way to what somebody asks for, and nothing else does.
    fn gives_way(self) -> Result<(), &'static str> {
        match self {
            Doing::Nothing | Doing::Looking => Ok(()),
            Doing::Learning | Doing::Checking | Doing::Scanning => {
                Err("the camera is busy: a face is learnt or checked, or a code is read")
            }
        }
    }
}

/// For so long the light of a look is that of now: a failure comes within minutes of the looks that it rests on.
const LIGHT_LASTS: Duration = Duration::from_secs(600);

impl Looking {
    /// Nobody's face is known yet. `seed` draws random looks.
    pub(super) fn new(places: &Places, policy: &CameraPolicy, turned_on: bool, seed: u64, at: TrustTime) -> Self {
        Self {
            eye: None,
            models: places.models.clone(),
            schedule: Schedule::new(policy.clone(), seed, at),
            doing: Doing::Nothing,
            open: false,
            turned_on,
            known: None,
            template_wanted: true,
            last_seen: LastSeen::default(),
            evidence_at: None,
            light: None,
            progress: None,
            problem: None,
            unseen: None,
            pad: PadState::of(&places.models),
            checking: None,
            scanning: None,
            scans: Hourly::new(scanning::MOST_SCANS),
        }
    }

    /// How far a scan is.
    pub(super) fn scan(&self) -> Option<ScanProgress> {
        self.scanning.as_ref().and_then(|scanning| scanning.progress.clone())
    }

    /// What the eye tells; hand each to [`Agent::eye_told`].
    pub(super) fn news(&self) -> Receiver<News> {
        self.eye.as_ref().map_or_else(never, |eye| eye.news().clone())
    }

    /// Random looks come so often at least.
    pub(super) fn audit_at_least(&mut self, per_hour: u32) {
        self.schedule.audit_at_least(per_hour);
    }

    /// Turns the camera off at once.
    pub(super) fn close(&mut self) {
        self.eye.iter_mut().for_each(Eye::close);
        self.last_seen.forget();
    }

    /// Somebody works: whatever was seen before, they are there.
    pub(super) fn somebody_works(&mut self) {
        self.last_seen.forget();
    }

    fn obey(&mut self, order: Order, doing: Doing) -> Result<(), std::io::Error> {
        let eye = match &mut self.eye {
            Some(eye) => eye,
            none => none.insert(Eye::start(self.models.clone())?),
        };
        eye.obey(order)?;
        self.doing = doing;
        Ok(())
    }
}

impl Agent {
    /// Whether policy and the person want the camera used.
    pub(super) fn uses_camera(&self) -> bool {
        match self.in_force.policy.camera.mode {
            CameraMode::Off => false,
            CameraMode::Offered => self.looking.turned_on,
            CameraMode::On => true,
        }
    }

    /// Looks, if that is worth it now. Asked once a second.
    pub(super) fn look_if_due(&mut self, activity: Activity) {
        if self.looking.template_wanted {
            self.want_face_template();
        }
        let State::Watching { band } = self.engine.monitor().snapshot().state else { return };
        let at = self.now();
        let situation = Situation { at, band, active: activity == Activity::Input };
        let Some(reason) = self.looking.schedule.due(situation) else { return };
        let watched_for = self.looking.known.is_some() || reason == LookReason::Presence;
        if watched_for
            && band != Band::StepUp
            && self.looking.doing == Doing::Nothing
            && self.uses_camera()
            && self.listens_to(Modality::Face)
            && !self.face_is_unsuitable()
        {
            self.look(reason);
        }
    }

    fn look(&mut self, reason: LookReason) {
        self.looking.schedule.looks(self.now(), reason);
        let policy = &self.in_force.policy.camera;
        let most = Duration::from_secs(policy.look_seconds);
        let known = self.looking.known.as_ref().map(|known| known.template.clone());
        let order = Order::Look(Look { reason, wish: self.wish(), most, known });
        if let Err(e) = self.looking.obey(order, Doing::Looking) {
            tracing::error!("the camera is not used: the system gives no thread or pipe: {e}");
        }
    }

    /// What the camera that the face was learnt by calls itself.
    pub(super) fn camera_model(&self) -> Option<String> {
        self.looking.known.as_ref().map(|known| known.camera.card.clone())
    }

    fn wish(&self) -> Wish {
        let device = &self.in_force.policy.camera.device;
        Wish {
            wanted: (!device.is_empty()).then(|| device.clone()),
            known: self.looking.known.as_ref().map(|known| known.camera.clone()),
            allow_virtual: true,
        }
    }

    /// The eye told something.
    pub(super) fn eye_told(&mut self, told: News) {
        match told {
            News::Opened => self.looking.open = true,
            News::Closed => self.looking.open = false,
            News::Saw { reason, on, light, sight } => {
                self.looking.light = light.map(|light| (self.now(), light)).or(self.looking.light);
                self.eye_rests(Doing::Looking);
                self.looking.schedule.spent(on);
                let outcome = match &sight {
                    Ok(sight) => sight.words(),
                    Err(e) => e.to_string(),
                };
                let on_ms = u64::try_from(on.as_millis()).unwrap_or(u64::MAX);
                self.note("look", &Looked { reason, on_ms, outcome });
                match sight {
                    Ok(sight) => self.saw(&sight),
                    Err(e) => self.saw_nothing(&e),
                }
            }
            News::Learning(progress) => self.looking.progress = Some(*progress),
            News::Learnt(learnt) => {
                self.eye_rests(Doing::Learning);
                self.learnt(learnt);
            }
            News::Checking(progress) => {
                if let Some(checking) = &mut self.looking.checking {
                    checking.asked |= matches!(progress.progress, Progress::Do { .. });
                    checking.progress = Some(*progress);
                }
            }
            News::Checked(end) => {
                self.eye_rests(Doing::Checking);
                self.checked(end);
            }
            News::Scanning(progress) => self.scan_goes_on(*progress),
            News::Scanned { on, text } => {
                self.eye_rests(Doing::Scanning);
                self.scanned(on, text);
            }
        }
    }

    /// What the eye did is over; another order may have ended it, and goes on.
    fn eye_rests(&mut self, done: Doing) {
        self.looking.open = false;
        if self.looking.doing == done {
            self.looking.doing = Doing::Nothing;
            self.looking.progress = None;
        }
    }

    fn saw(&mut self, sight: &Sight) {
        self.trouble_ended(Trouble::CameraBlind);
        self.looking.unseen = None;
        let at = self.now();
        self.looking.last_seen.saw(at, sight.presence);
        for (circumstance, holds) in sight.circumstances() {
            self.feed(if holds {
                Input::CircumstanceBegan(circumstance)
            } else {
                Input::CircumstanceEnded(circumstance)
            });
        }
        match sight.evidence(&self.in_force.policy.camera) {
            Ok(Some(evidence)) => {
                let overlap = independence_of_looks(self.looking.evidence_at.map(|last| at.since(last)));
                self.looking.evidence_at = Some(at);
                let effects = self.engine.face(at, evidence, overlap);
                self.act(effects);
            }
            Ok(None) => {}
            Err(e) => self.trouble_began(Trouble::ModelFailed, format!("the face is not scored: {e}")),
        }
    }

    /// A camera that is busy, covered or gone says nothing. Trouble only where the organisation wants it used.
    fn saw_nothing(&mut self, e: &EyeError) {
        self.looking.last_seen.forget();
        if matches!(e, EyeError::Camera(CameraError::Stopped)) {
            return;
        }
        self.looking.unseen = Some(e.to_string());
        if self.in_force.policy.camera.mode == CameraMode::On {
            self.trouble_began(Trouble::CameraBlind, e.to_string());
        } else {
            tracing::info!("the camera saw nothing: {e}");
        }
    }

    /// Whether nobody is there, as the last look saw.
    pub(super) fn nobody_seen(&self) -> bool {
        self.looking.last_seen.is_nobody(self.now(), &self.in_force.policy.camera)
    }

    /// How bright it is before the camera, 0 to 1, where a look was taken lately.
    pub(super) fn light(&self) -> Option<f64> {
        self.looking.light.filter(|(at, _)| self.now().since(*at) <= LIGHT_LASTS).map(|(_, light)| light)
    }

    /// Turns the camera on or off for good, where policy leaves that to the person.
    pub(super) fn turn_camera(&mut self, on: bool) -> Reply {
        match self.in_force.policy.camera.mode {
            CameraMode::Off => {
                return Reply::Refused { why: "the policy does not let the camera be used (camera.mode)".into() };
            }
            CameraMode::On if !on => {
                return Reply::Refused { why: "the policy wants the camera used (camera.mode)".into() };
            }
            CameraMode::On | CameraMode::Offered => {}
        }
        self.note("camera", &CameraTurned { on });
        self.looking.turned_on = on;
        if !on {
            self.looking.close();
            self.looking.unseen = None;
            self.trouble_ended(Trouble::CameraBlind);
        }
        Reply::Done {}
    }

    pub(super) fn face_state(&self) -> SensorState {
        if self.in_force.policy.camera.mode == CameraMode::Off {
            SensorState::NotThere
        } else if self.looking.open {
            SensorState::On
        } else if !self.uses_camera() || !self.listens_to(Modality::Face) || self.face_is_unsuitable() {
            SensorState::Off
        } else if self.looking.known.is_none() {
            SensorState::NotLearnt
        } else {
            SensorState::Ready
        }
    }

    pub(super) fn camera_status(&self) -> CameraStatus {
        CameraStatus {
            mode: self.in_force.policy.camera.mode,
            on: self.looking.open,
            images: self.looking.known.as_ref().map(|known| known.images),
            enrolment: self.looking.progress.clone(),
            learning: self.looking.doing == Doing::Learning,
            problem: self.looking.problem.clone(),
            unseen: self.looking.unseen.clone(),
            pad: (self.in_force.policy.camera.mode != CameraMode::Off).then(|| self.looking.pad.clone()),
        }
    }
}
