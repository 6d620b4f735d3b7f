//! The product as it is built, on a stage: the agent and the command line, a real X server, keyring, PAM and locker.
//!
//! Needs root (`./x test` asks sudo) and the built `stillyou`, in the variable `STILLYOU` or beside the tests.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod app;
mod bad_days;
mod browser;
mod camera;
mod canary;
mod consent;
mod context;
mod control;
mod death;
mod desk;
mod factors;
mod fallback;
mod fallback_app;
mod package;
mod pointer;
mod policy;
mod privacy;
mod puppet;
mod scan;
mod security_key;
mod step_up;
mod tampering;
mod telling;
mod templates;
mod tray;
mod usb_key;
