//! Networks, calibration and templates: observations in, evidence out.
//!
//! Nothing here captures, stores or decides. Training lives in a crate that the shipped programs don't build.

pub mod face;
pub mod fixed;
pub mod keystroke;
pub mod pointer;
