use super::case::{CaseReply, CaseRequest, UnderGrant};
use crate::engine::Progress;
use crate::eye::{CheckProgress, FaceProgress, ScanProgress};
use crate::model::PadState;
use crate::record::Exported;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use stillyou_stepup::{AskKey, AskNewKey, KeyAnswer};
use stillyou_trust::policy::CameraMode;
use stillyou_trust::{Circumstance, Contribution, Event, Explanation, Factor, Modality, State, StepUpReason, Trouble};

/// What a program of the same user may ask. Asking to be verified is a frame of its own, see the module.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "request", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Request {
    /// Where things stand.
    Status {},
    /// Where things stand, now and at every change, until the connection is closed.
    Watch {},
    /// Learn the person from what is typed from now on. Needs a fresh step-up.
    Enroll {},
    /// Learn the person from a recording, where policy allows it. Needs a fresh step-up.
    EnrollRecording {
        /// The recording.
        file: PathBuf,
        /// Whose sentences.
        subject: String,
        /// How many of the first sentences; all when absent.
        sentences: Option<u32>,
    },
    /// Stop learning. Needs a fresh step-up.
    CancelEnrolment {},
    /// Learn the person's face through the camera, where policy allows it. Needs a fresh step-up.
    EnrollFace {},
    /// Stop learning the face, a live check, or a scan.
    CancelFace {},
    /// Prove who is there by a live check of the face. Answered as a secret is.
    CheckFace {},
    /// Make a key for an authenticator's one-time codes. It counts once its first code has come. Needs a fresh step-up.
    SetUpTotp {},
    /// Make new recovery codes; those from before no longer count. Needs a fresh step-up.
    MakeRecoveryCodes {},
    /// A challenge for a security key, for one answer, within two minutes.
    AskKey {},
    /// Prove who is there by what a security key answered to the challenge. Answered as a secret is.
    CheckKey {
        /// It.
        answer: KeyAnswer,
    },
    /// A challenge for a security key that shall be set up. Needs a fresh step-up.
    SetUpKey {},
    /// Take the security key that answered that challenge.
    KeepKey {
        /// What the person calls it, 1 to 40 characters; a number when absent.
        name: Option<String>,
        /// What the key said.
        authenticator_data: Vec<u8>,
    },
    /// Take a security key no longer. Needs a fresh step-up.
    RemoveKey {
        /// What the person calls it.
        name: String,
    },
    /// Set up a pass-phrase of StillYou's own: the one that comes within ten minutes. Needs a fresh step-up.
    SetUpPassPhrase {},
    /// Erase every template and prove it. Needs a fresh step-up.
    Erase {},
    /// Take the consent to being recognised back: erases as [`Request::Erase`] does, and work goes on without biometrics.
    /// Needs a fresh step-up.
    WithdrawConsent {},
    /// The reasons of a recorded decision, or of the score as it is now. Needs a fresh step-up.
    Explain {
        /// The entry's number in the ledger.
        entry: Option<u64>,
    },
    /// The last recorded decisions that have reasons. Needs a fresh step-up.
    Decisions {},
    /// Check the ledger. Needs a fresh step-up.
    VerifyLedger {},
    /// Prove that an entry is on record. Needs a fresh step-up.
    ProveEntry {
        /// The entry's number in the ledger.
        entry: u64,
        /// Whether the proof carries the whole entry, reasons included.
        with_entry: bool,
    },
    /// The record without biometrics, page by page. Needs a fresh step-up; what it allowed goes on until the connection
    /// is closed.
    ExportLedger {
        /// The first entry's number.
        from: u64,
        /// Whether to go on with entries as they are made.
        follow: bool,
    },
    /// End the agent, where policy allows it. Needs a fresh step-up.
    Quit {},
    /// Capture nothing, ask nothing and lock nothing for a while, where policy allows it. Needs a fresh step-up.
    Pause {
        /// For so many minutes.
        minutes: u64,
    },
    /// End a pause.
    Resume {},
    /// Lock the session.
    Lock {},
    /// Turn a sensor on, or off where policy allows it. Turning one off, or the camera on, needs a fresh step-up.
    Turn {
        /// Which.
        modality: Modality,
        /// On or off.
        on: bool,
    },
    /// How the last 24 hours went, without score or reasons.
    Today {},
    /// What is stored, and where.
    Stored {},
    /// About cases, grants and reviews.
    Case {
        /// What.
        about: CaseRequest,
    },
}

/// What the agent answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "reply", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Reply {
    /// Where things stand.
    Status {
        /// It.
        status: Box<Status>,
    },
    /// What came of a secret.
    Verification {
        /// It.
        attempt: Attempt,
    },
    /// Enrolment goes on.
    Enrolling {
        /// How far.
        progress: Progress,
    },
    /// A template was made and stored.
    Enrolled {
        /// Keystrokes it was made from.
        keystrokes: u32,
        /// The share of the person's own windows that would speak against them, 0 to 1.
        self_rejects: f64,
    },
    /// Enrolment was stopped.
    EnrolmentCancelled {},
    /// The agent ends.
    Quitting {},
    /// Everything is erased.
    Erased {
        /// Names of the keychain entries that were removed.
        removed: Vec<String>,
        /// How many places were looked at again and found empty.
        verified_absent: usize,
    },
    /// The reasons.
    Explanation {
        /// The ledger entry, when it was asked for.
        entry: Option<u64>,
        /// What was decided, when an entry was asked for.
        event: Option<Event>,
        /// How `log O` came about, then or now.
        explanation: Box<Explanation>,
    },
    /// Recorded decisions, newest last.
    Decisions {
        /// They.
        decisions: Vec<PastDecision>,
    },
    /// The ledger holds.
    LedgerVerified {
        /// How many entries.
        entries: u64,
        /// Hash of the last one.
        head: Option<String>,
    },
    /// A proof.
    Proof {
        /// It, as a C2SP tlog-proof.
        proof: String,
        /// Hash of the entry.
        hash: String,
        /// The public key to check it with.
        key: String,
    },
    /// A page of the record.
    Exported {
        /// Entries, in order.
        lines: Vec<Exported>,
        /// Whether this is the last page.
        last: bool,
    },
    /// A key for an authenticator, to be shown once.
    TotpKey {
        /// It, as the `otpauth` URI that authenticators scan.
        uri: String,
    },
    /// Recovery codes, to be shown once.
    RecoveryCodes {
        /// They.
        codes: Vec<String>,
    },
    /// What to ask a security key that is set up.
    AskKey {
        /// It.
        ask: AskKey,
    },
    /// What to ask a security key that shall be set up.
    AskNewKey {
        /// It.
        ask: AskNewKey,
    },
    /// It is done.
    Done {},
    /// How the last 24 hours went.
    Today {
        /// What was so from when on, in order.
        moments: Vec<Moment>,
    },
    /// What is stored.
    Stored {
        /// All of it.
        items: Vec<StoredItem>,
    },
    /// About cases, grants and reviews.
    Case {
        /// What.
        answer: CaseReply,
    },
    /// Not allowed, and what to do.
    Refused {
        /// Why.
        why: String,
    },
    /// It did not work, and why.
    Failed {
        /// Why.
        why: String,
    },
}

/// A recorded decision that [`Request::Explain`] can explain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct PastDecision {
    /// Its number in the ledger.
    pub entry: u64,
    /// Milliseconds since 1970-01-01 UTC, by the machine's clock then.
    pub unix_ms: i64,
    /// What was decided.
    pub event: Event,
    /// The score after it, 0 to 100.
    pub score: f64,
}

/// What was so from a point in time on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Moment {
    /// Milliseconds since 1970-01-01 UTC, by the machine's clock then.
    pub unix_ms: i64,
    /// What.
    pub state: MomentState,
}

/// A state as whoever sits there may know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum MomentState {
    /// It looks like the owner.
    Verified,
    /// It may not be.
    Watch,
    /// Proof was asked for.
    StepUp,
    /// Nobody was enrolled.
    Learning,
    /// The owner paused.
    Paused,
    /// The session was locked.
    Locked,
    /// No agent ran.
    Off,
}

/// Something that is stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct StoredItem {
    /// What kind of thing.
    pub what: StoredWhat,
    /// Where it is.
    pub place: String,
    /// Its size, where that is known.
    pub bytes: Option<u64>,
    /// More about it.
    pub detail: String,
}

/// A kind of stored thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum StoredWhat {
    /// How the person types, sealed.
    Template,
    /// What the template is sealed with, and the ledger signed.
    Key,
    /// The record of decisions.
    Ledger,
    /// Rules.
    Policy,
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
    /// Whether attacks by pictures and screens are looked for; not asked where the camera is never used.
    pub pad: Option<PadState>,
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

/// What came of a secret typed into a step-up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(tag = "attempt", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Attempt {
    /// It was right.
    Verified {},
    /// It was right, and policy wants more.
    More {
        /// So many other factors.
        factors: u32,
    },
    /// It was wrong.
    Wrong {
        /// Tries left before each must wait.
        tries_left: u32,
        /// When the next may come, in seconds from now.
        wait_seconds: u64,
        /// Why, where it wasn't simply wrong.
        why: Option<String>,
    },
    /// Too many were wrong: the next may come later.
    Wait {
        /// In so many seconds.
        seconds: u64,
    },
    /// Far too many were wrong: not before the next login.
    Disabled {},
    /// It can't be checked.
    Unavailable {
        /// Why.
        why: String,
    },
}

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
