//! When verification fails: a governed way to keep working.
//!
//! ```text
//! failure ──► Case ──► Request (QR, file, short code) ──► Desk ──► grant (signed, or a spoken code)
//!               │                                                     │
//!               └────────────── Casebook ◄────────────────────────────┘
//!                     what is in force ──► controls, expiry, review, escalation
//! ```
//!
//! Pure: no input or output, no clock, no randomness of its own; time, random identifiers and keys come in as parameters.
//! What a [`Casebook`] decides is an [`Event`]: the caller records it first and then has it [applied](Casebook::apply), and
//! after a restart the recorded events give the same casebook.

mod case;
mod casebook;
mod cause;
mod controls;
mod desk;
mod document;
pub mod drill;
mod export;
mod forced;
mod grant;
mod id;
mod jws;
mod key;
mod moment;
mod non_biometric;
pub mod ocra;
mod parts;
mod plain;
mod qr;
mod replaced;
pub mod report;
mod request;
mod review;
mod revocation;
mod short_code;
mod tries;
mod voice;

pub use case::{Case, Failure, Identity, IdentityError, Tried};
pub use casebook::{
    CaseRecord, CaseState, Casebook, Decided, DoesNotFit, End, Entry, Event, How, InForce, Proof, Refused, Unsuitable,
    Use,
};
pub use cause::{Cause, LIGHT, Measured};
pub use controls::Controls;
pub use desk::{Desk, DeskError, Terms};
pub use document::Document;
pub use export::{BadExport, facts, from_json, to_html, to_json};
pub use forced::ForcedStepUps;
pub use grant::{Channel, Claims, Grant, Scope, Standing};
pub use id::{BadId, CaseId, EvidenceHash, GrantId, PolicyId};
pub use jws::JwsError;
pub use key::{BadKey, SigningKey, VerifyingKey};
pub use moment::Moment;
pub use non_biometric::{Due, NonBiometric};
pub use parts::{BadPart, Gathered, PART_BYTES, in_parts};
pub use plain::{NotPlain, on_one_line, plain};
pub use qr::{Qr, Seen, TooLong, codes};
pub use replaced::replaced;
pub use request::{BadRequest, Request};
pub use review::{Review, ReviewRefused, Verdict};
pub use revocation::Revocation;
pub use short_code::{BadCode, ShortCode};
pub use voice::{VoiceKey, VoiceTerms};
