use super::case::{Replaced, UnderGrant};
use crate::engine::Progress;
use crate::eye::{CheckProgress, FaceProgress, ScanProgress};
use crate::model::PadState;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use stillyou_trust::policy::CameraMode;
use stillyou_trust::{Circumstance, Contribution, Factor, Modality, State, StepUpReason, Trouble};

/// Where things stand, for display. Score and reasons are left out unless a step-up is fresh or policy reveals them:
/// an intruder must not learn from them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Status {
    /// The state.
    pub state: State,
    /// Why a step-up is open.
    pub step_up_reason: Option<StepUpReason>,
    /// What answers now, in a step-up or before a request that needs one: any of these.
    pub factors: Vec<Factor>,
    /// So many different ones of them are still needed.
    pub factors_needed: u32,
    /// Factors that policy knows and that have to be set up.
    pub own_factors: Vec<OwnFactor>,
    /// Security keys that are set up.
    pub own_keys: Vec<OwnKey>,
    /// How far a live check is, while one goes on.
    pub live_check: Option<CheckProgress>,
    /// How far a scan is, while one goes on.
    pub scan: Option<ScanProgress>,
    /// Seconds left to answer an open step-up.
    pub seconds_left: Option<u64>,
    /// Seconds left of a pause, in whole minutes.
    pub paused_seconds: Option<u64>,
    /// The grant in force, if any.
    pub under_grant: Option<UnderGrant>,
    /// For how many seconds the last step-up still allows requests that need a fresh one.
    pub fresh_seconds: Option<u64>,
    /// The score, 0 to 100.
    pub score: Option<f64>,
    /// `log O` in nats.
    pub log_odds: Option<f64>,
    /// What moved the score, largest first; positive nats speak against the owner.
    pub contributions: Option<Vec<Contribution>>,
    /// Whether the person consented to being recognised, or took that back; nothing where they were never asked.
    pub consent: Option<bool>,
    /// When proof is asked for, while they work without biometrics.
    pub without_biometrics: Option<WithoutBiometrics>,
    /// How far enrolment is, when it goes on.
    pub enrolment: Option<Progress>,
    /// Why the last attempt to finish enrolment did not.
    pub enrolment_problem: Option<String>,
    /// What the template in force came to.
    pub enrolled: Option<Enrolled>,
    /// The sensors.
    pub sensors: Vec<Sensor>,
    /// The camera.
    pub camera: CameraStatus,
    /// The longest pause that policy allows, in minutes; 0: none.
    pub may_pause_minutes: u64,
    /// Whether policy lets the agent be told to end.
    pub may_quit: bool,
    /// What can't protect at the moment, each with what to do.
    pub trouble: Vec<Health>,
    /// What raises the hazard at the moment. Left out as the score is.
    pub circumstances: Option<Vec<Circumstance>>,
    /// Modalities that count for nothing until the next login; none unless score and reasons are shown.
    pub muted: Vec<Modality>,
    /// Modalities that are declared unsuitable for the person; none unless score and reasons are shown.
    pub replaced: Vec<Replaced>,
    /// The key source that captures, when one does.
    pub keyboard: Option<String>,
    /// The model, and the terms it may be used on.
    pub model: String,
    /// The policy documents in force; none means the defaults.
    pub policy: Vec<PathBuf>,
    /// Keystrokes seen since the agent began: a count, never which.
    pub keystrokes: u64,
}

/// Something that should protect but can't.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Health {
    /// What.
    pub trouble: Trouble,
    /// In words, with what to do.
    pub why: String,
}

/// A sensor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Sensor {
    /// What it senses.
    pub modality: Modality,
    /// How it is.
    pub state: SensorState,
    /// Whether policy lets the person turn it off.
    pub may_turn_off: bool,
}

/// How a sensor is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum SensorState {
    /// It senses.
    On,
    /// It is closed, and opened when that is worth it.
    Ready,
    /// It rests, or was turned off.
    Off,
    /// It should sense and can't.
    NotSeen,
    /// It could sense, but what the person is like there was not learnt, so it says nothing.
    NotLearnt,
    /// There is none, or policy lets it never be used.
    NotThere,
}

/// The camera: who decides about it, and what is known by it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct CameraStatus {
    /// Who decides whether it is used.
    pub mode: CameraMode,
    /// Whether its light is on.
    pub on: bool,
    /// Pictures that the face's template was made from; none where there is no such template.
    pub images: Option<u32>,
    /// Whether a face is being learnt.
    pub learning: bool,
    /// How far that is.
    pub enrolment: Option<FaceProgress>,
    /// Why the last time made no template.
    pub problem: Option<String>,
    /// Why the last look saw nothing.
    pub unseen: Option<String>,
    /// Whether attacks by pictures and screens are looked for; not asked where the camera is never used.
    pub pad: Option<PadState>,
}

/// What the template in force came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Enrolled {
    /// Keystrokes it was made from.
    pub keystrokes: u32,
    /// The share of the person's own windows that would speak against them, 0 to 1.
    pub self_rejects: f64,
    /// Needless step-ups to expect in eight hours of work, see [`Expected`](crate::Expected); unknown for templates of
    /// older versions.
    pub step_ups_per_8h: Option<f64>,
    /// What few windows can't rule out.
    pub step_ups_per_8h_bound: Option<f64>,
    /// Strokes of the pointer that its template was made from; none where there is no such template.
    pub strokes: Option<u32>,
    /// Why the last enrolment made no template of the pointer.
    pub pointer_problem: Option<String>,
}

/// A factor that a person has to set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct OwnFactor {
    /// Which.
    pub factor: Factor,
    /// Whether it is.
    pub set_up: bool,
    /// Recovery codes that are left.
    pub left: Option<u32>,
    /// Whether policy can't be met without it.
    pub needed: bool,
}

/// A security key that is set up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct OwnKey {
    /// What the person calls it.
    pub name: String,
    /// Since when, in milliseconds since 1970-01-01 UTC.
    pub since_unix_ms: i64,
}

/// Working without biometrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct WithoutBiometrics {
    /// Proof is asked for so often, in minutes.
    pub interval_minutes: u64,
    /// And after so many minutes without input.
    pub idle_minutes: u64,
}
