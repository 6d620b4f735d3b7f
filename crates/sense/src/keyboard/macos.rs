//! macOS: a listen-only event tap.

mod keycode;
#[cfg(target_os = "macos")]
mod tap;

#[cfg(target_os = "macos")]
pub use tap::EventTap;
