use crate::expected::Expected;
use crate::tell::Exception;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use stillyou_desktop_os::session::LoginId;
use stillyou_sense::camera::CameraIdentity;
use stillyou_trust::{Decision, LookReason, Modality};
use stillyou_vault::Stored;

/// Payload of `began`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Began {
    /// The program's version.
    pub version: String,
    /// The OS login the agent lives in.
    pub login: LoginId,
    /// SHA-256 of the policy in force.
    pub policy: String,
    /// The model's name and hash.
    pub model: String,
}

/// Payload of `decision`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decided {
    /// The decision, with its explanation.
    pub decision: Decision,
    /// Modalities muted after it.
    pub muted: BTreeSet<Modality>,
    /// SHA-256 of the policy in force.
    pub policy: String,
    /// The model's name and hash.
    pub model: String,
}

/// Payload of `attempt`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attempted {
    /// The factor.
    pub factor: String,
    /// What came of it.
    pub outcome: String,
}

/// Payload of `enrolled`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnrolledRecord {
    /// The modality.
    pub modality: Modality,
    /// Generation and hash of the sealed template: any other is refused.
    pub stored: Stored,
    /// The model that made it.
    pub model: String,
    /// Keystrokes it was made from.
    pub keystrokes: u32,
    /// The share of the person's own windows that would speak against them.
    pub self_rejects: f64,
    /// Step-ups the person has to expect; older records have none.
    #[serde(default)]
    pub expected: Option<Expected>,
}

/// Payload of `enrolled-pointer`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnrolledPointer {
    /// Generation and hash of the sealed template: any other is refused.
    pub stored: Stored,
    /// The model that made it.
    pub model: String,
    /// Strokes it was made from.
    pub strokes: u32,
    /// The share of the person's own windows that would speak against them.
    pub self_rejects: f64,
}

/// Payload of `enrolled-face`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnrolledFace {
    /// Generation and hash of the sealed template: any other is refused.
    pub stored: Stored,
    /// The model that made it.
    pub model: String,
    /// Images it was made from.
    pub images: u32,
    /// The camera that took them.
    pub camera: CameraIdentity,
}

/// Payload of `totp`, `recovery-codes` and `pass-phrase`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FactorSetUp {
    /// Generation and hash of what is sealed: anything else is refused.
    pub stored: Stored,
    /// Codes that are left, where they are counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left: Option<u32>,
}

/// Payload of `totp-used`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TotpUsed {
    /// The time step of the code (RFC 6238): neither it nor one before it counts again.
    pub step: u64,
}

/// Payload of `security-keys`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeysChanged {
    /// Generation and hash of what is sealed: anything else is refused.
    pub stored: Stored,
    /// Keys that are set up from now on.
    pub left: u32,
    /// The key that this is about.
    pub key: String,
    /// What happened to it.
    pub what: KeyChange,
}

/// What happened to a security key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyChange {
    /// It was set up.
    Added,
    /// It is taken no longer.
    Removed,
    /// It proved who is there, and its count of signatures was kept.
    Used,
}

/// Payload of `security-key-copied`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyCopied {
    /// The key.
    pub key: String,
    /// The signatures that it counts.
    pub counter: u32,
    /// Those that were seen before.
    pub known: u32,
}

/// Payload of `consent`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consent {
    /// Given, or taken back.
    pub given: bool,
}

/// Payload of `camera`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CameraTurned {
    /// Whether the person turned it on, or off.
    pub on: bool,
}

/// Payload of `look`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Looked {
    /// Why the camera was opened.
    pub reason: LookReason,
    /// How long it was on, in milliseconds.
    pub on_ms: u64,
    /// What came of it, in words: which pictures were compared, how good they were, what spoke against a living face; or
    /// why none was.
    pub outcome: String,
}

/// Payload of `scan`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scanned {
    /// How long the camera was on to read a code, in milliseconds.
    pub on_ms: u64,
    /// `read`, or why nothing was.
    pub outcome: String,
}

/// Why entries were pruned; the ledger puts beside it which.
#[derive(Debug, Serialize, Deserialize)]
pub struct Pruned {
    /// The kind of them all.
    pub kind: String,
    /// They are kept for so many days.
    pub days: u64,
}

/// Payload of `told`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Told {
    /// Of what others were told, or should have been.
    pub event: Exception,
    /// The case's name for the telephone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<String>,
    /// `system-log` or `program`.
    pub by: String,
    /// Why they were not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<String>,
}

/// Payload of `request`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requested {
    /// What.
    pub what: String,
    /// Whether a fresh step-up allowed it.
    pub allowed: bool,
}

/// Payload of `sensors`.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sensors {
    /// Those the person turned off.
    pub off: BTreeSet<Modality>,
}
