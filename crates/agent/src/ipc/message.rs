use super::case::{CaseReply, CaseRequest};
use super::{Moment, PastDecision, Status};
use crate::engine::Progress;
use crate::record::Exported;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use stillyou_stepup::{AskKey, AskNewKey, KeyAnswer};
use stillyou_trust::{Event, Explanation, Modality};

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
