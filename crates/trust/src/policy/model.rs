use super::{CameraPolicy, ContextPolicy, ControlPolicy, GovernancePolicy, PolicyError, TellPolicy};
use crate::{Modality, Odds};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The version of the document this program understands.
pub const VERSION: u32 = 1;

/// The whole policy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Version of the document; must be 1.
    #[schemars(extend("const" = VERSION))]
    pub version: u32,
    /// Thresholds of the score, as odds that somebody else is there.
    #[serde(default)]
    pub score: ScorePolicy,
    /// How likely a change of person is, per second.
    #[serde(default)]
    pub hazard: HazardPolicy,
    /// What circumstances add to the hazard, and which networks are known.
    #[serde(default)]
    pub context: ContextPolicy,
    /// How far each modality is believed.
    #[serde(default)]
    pub evidence: EvidencePolicy,
    /// Proving who is there.
    #[serde(default)]
    pub step_up: StepUpPolicy,
    /// Learning a person.
    #[serde(default)]
    pub enrolment: EnrolmentPolicy,
    /// Keyboard capture.
    #[serde(default)]
    pub keyboard: KeyboardPolicy,
    /// Watching the pointer.
    #[serde(default)]
    pub pointer: PointerPolicy,
    /// Using the camera.
    #[serde(default)]
    pub camera: CameraPolicy,
    /// Locking the session.
    #[serde(default)]
    pub lock: LockPolicy,
    /// What a person may switch off after a fresh step-up.
    #[serde(default)]
    pub control: ControlPolicy,
    /// The governed ways to keep working when verification fails.
    #[serde(default)]
    pub governance: GovernancePolicy,
    /// Who hears of exceptions.
    #[serde(default)]
    pub tell: TellPolicy,
    /// Which trained networks.
    #[serde(default)]
    pub model: ModelPolicy,
    /// What is shown to whoever sits there.
    #[serde(default)]
    pub status: StatusPolicy,
}

/// Thresholds, as odds that somebody else is there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ScorePolicy {
    /// The least odds, however good the evidence: limits the credit an intruder inherits.
    pub floor_odds: Odds,
    /// The odds after the operating system unlocked the session, and when monitoring begins.
    pub unlock_odds: Odds,
    /// From here on the band is watch: nothing happens, but it is no longer verified.
    pub watch_odds: Odds,
    /// From here on the person is asked to prove who they are.
    pub step_up_odds: Odds,
    /// From here on the session is locked.
    pub lock_odds: Odds,
    /// How far below its threshold a band is left, in nats.
    pub hysteresis_nats: f64,
}

/// Hazards of a change of person, per second.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct HazardPolicy {
    /// While input goes on.
    pub input_per_s: f64,
    /// While nothing is typed or pointed.
    pub idle_per_s: f64,
    /// While an open camera sees nobody.
    pub nobody_seen_per_s: f64,
    /// While the session is locked.
    pub locked_per_s: f64,
    /// Seconds without input after which it is idle.
    pub idle_after_s: u64,
}

/// How far the modalities are believed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct EvidencePolicy {
    /// Keystroke dynamics.
    pub keystroke: ModalityPolicy,
    /// Pointer dynamics.
    pub pointer: ModalityPolicy,
    /// Faces.
    pub face: ModalityPolicy,
}

/// How far one modality is believed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ModalityPolicy {
    /// Largest absolute log-likelihood ratio taken from one piece of evidence, in nats.
    pub cap_nats: f64,
    /// Whether its measured EER is over 10 %, so that alone it may reach step-up but never lock.
    pub weak: bool,
}

/// Step-up re-verification.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct StepUpPolicy {
    /// Time to answer before the session locks, in seconds.
    pub grace_seconds: u64,
    /// How long a step-up allows requests that lower protection, in seconds.
    pub fresh_seconds: u64,
    /// Wrong answers before each further one must wait.
    pub tries: u32,
    /// How long each further answer waits, in seconds.
    pub wait_seconds: u64,
    /// The odds the operating system's password earns.
    pub password_odds: Odds,
    /// The odds a one-time code of an authenticator earns.
    pub totp_odds: Odds,
    /// The odds a recovery code earns.
    pub recovery_code_odds: Odds,
    /// The odds a security key earns.
    pub security_key_odds: Odds,
    /// The odds a pass-phrase of StillYou's own earns.
    pub pass_phrase_odds: Odds,
    /// The odds a face with active liveness earns.
    pub face_odds: Odds,
    /// The odds an approver's word earns, which ends a step-up while their grant is in force.
    pub override_odds: Odds,
    /// Whether every unlock of the session is followed by a step-up.
    pub after_unlock: bool,
    /// So many successful step-ups forced by one modality within `mute_window_minutes` silence it until the next login.
    pub mute_after: u32,
    /// The window for `mute_after`, in minutes.
    pub mute_window_minutes: u64,
}

/// Learning a person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct EnrolmentPolicy {
    /// The least keystrokes a template is made from.
    pub min_keystrokes: u32,
    /// The largest share of the person's own windows that may speak against them in the self-check, 0 to 1.
    pub max_self_rejects: f64,
    /// Whether a recording may stand in for live typing (demo and tests).
    pub accept_recordings: bool,
}

/// Where keys are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum KeySourceChoice {
    /// By session type.
    Auto,
    /// XInput2 raw events.
    X11,
    /// Kernel input devices.
    Evdev,
    /// The `rdev` crate: late by about 15 ms, see `doctor`.
    Rdev,
}

/// Keyboard capture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct KeyboardPolicy {
    /// Where keys are read.
    pub source: KeySourceChoice,
    /// Whether keystrokes made by programs count as the person's (demo and tests).
    pub score_injected: bool,
}

/// Watching the pointer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PointerPolicy {
    /// Whether the pointer is watched at all.
    pub watch: bool,
    /// Whether moves and clicks made by programs count as the person's (demo and tests).
    pub score_injected: bool,
    /// The least strokes (moves, clicks, drags, runs of the wheel) a template is made from. An enrolment with fewer ends
    /// without one, and the pointer then says nothing. Default 160, three or four minutes of pointing.
    pub min_strokes: u32,
    /// The largest share of the person's own windows of strokes that may speak against them in the self-check, 0 to 1. More
    /// than for typing, as a window of the pointer says much less.
    pub max_self_rejects: f64,
}

/// A way to lock the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LockMethod {
    /// systemd-logind, seen by its `LockedHint`.
    Logind,
    /// The desktop's ScreenSaver interface.
    ScreenSaver,
    /// `lock.command`.
    Command,
}

/// Locking the session.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(extend(
    "if" = { "properties": { "methods": { "const": ["command"] } }, "required": ["methods"] },
    "then" = { "properties": { "command": { "minItems": 1 } }, "required": ["command"] },
))]
pub struct LockPolicy {
    /// Ways to lock that may be tried; logind comes first, then the screen saver, then the command.
    #[schemars(length(min = 1))]
    pub methods: Vec<LockMethod>,
    /// Program and arguments of a locker that stays in the foreground. Never passed to a shell.
    /// A whole path, or a bare name to be found in the system's folders.
    #[schemars(extend("prefixItems" = [{ "type": "string", "pattern": "^/|^[^/]+$" }]))]
    pub command: Vec<String>,
}

/// Which trained networks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Pack {
    /// Trained on Aalto 136M: most accurate, non-commercial use only.
    Research,
    /// Trained without it: open terms, less accurate.
    Open,
}

/// How much of a key's identity the networks are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ShownKeys {
    /// Which key.
    Keys,
    /// Only the kind of movement, one of 21 for all keys: about as accurate, and the text can't be read off it.
    Movements,
    /// Nothing, times alone: least accurate.
    Nothing,
}

/// The networks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ModelPolicy {
    /// The pack of trained networks to judge with.
    pub pack: Pack,
    /// A folder with a pack of the organisation's own, a whole path; it is used instead of `pack`.
    #[schemars(extend("pattern" = "^$|^/|^[A-Za-z]:"))]
    pub folder: String,
    /// How much of a key's identity the networks are shown. People enrol anew after a change.
    pub keys: ShownKeys,
}

/// What is shown to whoever sits there.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct StatusPolicy {
    /// Whether score and reasons are shown without a fresh step-up (demo and tests): an intruder learns from them.
    pub reveal: bool,
}

impl ModelPolicy {
    /// Whether weights for research only may be used: not where a pack on other terms was chosen.
    pub fn allows_research_weights(&self) -> bool {
        self.pack == Pack::Research && self.folder.is_empty()
    }
}

impl Policy {
    /// Reads a whole document; fields left out have their defaults. `file` names it in errors.
    ///
    /// # Errors
    /// When it is not understood completely, or a value is unsafe.
    pub fn parse(text: &str, file: &str) -> Result<Self, PolicyError> {
        let policy: Policy = toml::from_str(text).map_err(|e| syntax(file, &e))?;
        policy.check(file)?;
        Ok(policy)
    }

    /// The document that reads back as this policy.
    ///
    /// # Errors
    /// When a value can't be written as TOML.
    pub fn to_toml(&self) -> Result<String, PolicyError> {
        toml::to_string(self).map_err(|e| PolicyError::Syntax { file: "policy".into(), reason: e.to_string() })
    }
}

pub(super) fn syntax(file: &str, error: &toml::de::Error) -> PolicyError {
    PolicyError::Syntax { file: file.into(), reason: error.to_string().trim_end().to_owned() }
}

impl EvidencePolicy {
    /// One modality's part.
    pub fn of(&self, modality: Modality) -> ModalityPolicy {
        match modality {
            Modality::Keystroke => self.keystroke,
            Modality::Pointer => self.pointer,
            Modality::Face => self.face,
        }
    }
}
