//! The operating system's events as typed observations. Nothing is kept here: an observation goes to the channel
//! it is sent into and is forgotten.

pub mod context;
pub mod keyboard;
pub mod pointer;
mod time;

pub use time::Micros;
