//! Windows: the low-level keyboard hook.

#[cfg(windows)]
mod hook;
mod scan;

#[cfg(windows)]
pub use hook::LowLevelHook;
#[cfg(windows)]
pub(crate) use hook::handle_messages;
