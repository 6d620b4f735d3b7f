//! The operating system's events as typed observations. Nothing is kept here: an observation goes to the channel
//! it is sent into and is forgotten.

pub mod camera;
pub mod context;
pub mod keyboard;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "macos")]
mod macos;
pub mod pointer;
pub mod source;
mod time;

pub use time::Micros;
