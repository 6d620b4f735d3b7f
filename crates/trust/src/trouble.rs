use serde::{Deserialize, Serialize};

/// Something that should protect but can't.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Trouble {
    /// No way to lock has been proven to work.
    CannotLock,
    /// No source sees the whole keyboard.
    KeyboardNotVisible,
    /// No keyboard is attached, or none that is not a program's.
    NoKeyboard,
    /// The keychain is missing or locked.
    KeychainUnavailable,
    /// The template can't be used.
    TemplateUnusable,
    /// Whether the session is locked can't be told, so capture is off.
    LockStateUnknown,
    /// Decisions can't be recorded.
    LedgerUnavailable,
    /// The record was not what was written; another was begun, until the owner is verified.
    LedgerRefused,
    /// The model gave no answer.
    ModelFailed,
    /// A policy file can't be used, so other rules than its own are in force.
    PolicyUnusable,
    /// The pointer, which was judged, can't be seen.
    PointerNotVisible,
    /// The camera, which policy wants used, shows nothing.
    CameraBlind,
    /// A source of circumstances that policy demands can't be seen.
    ContextNotVisible,
    /// Others, who should hear of an exception, were not told.
    OthersNotTold,
}
