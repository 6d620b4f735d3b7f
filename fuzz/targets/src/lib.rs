//! What is fuzzed: one function a parser, which takes any bytes and panics when a promise about them is broken.
//!
//! The fuzzer (`fuzz/`, `./x fuzz`) looks for bytes that do; the tests here run every file of `fuzz/corpus` through its
//! function, so that what was found once stays found.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a promise that is broken must panic")]

mod database;
mod governance;
mod ipc;
mod pack;
mod policy;
mod proof;
mod recording;
mod security_key;
pub mod seeds;
mod template;

pub use database::database;
pub use governance::{case, grant};
pub use ipc::ipc_reply;
#[cfg(unix)]
pub use ipc::ipc_request;
pub use pack::{card, cohort, weights};
pub use policy::policy;
pub use proof::{head, proof};
pub use recording::recording;
pub use security_key::security_key;
pub use template::{template, vault};

/// A target: any bytes in, a panic when a promise is broken.
pub type Target = fn(&[u8]);

/// Every target by its name, which is also that of its folder in `fuzz/corpus`.
pub const TARGETS: &[(&str, Target)] = &[
    ("card", card),
    ("case", case),
    ("cohort", cohort),
    ("database", database),
    ("grant", grant),
    ("head", head),
    ("ipc_reply", ipc_reply),
    #[cfg(unix)]
    ("ipc_request", ipc_request),
    ("policy", policy),
    ("proof", proof),
    ("recording", recording),
    ("security_key", security_key),
    ("template", template),
    ("vault", vault),
    ("weights", weights),
];
