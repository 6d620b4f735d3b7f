//! Linux: XInput2 for X11 sessions, the kernel's event devices for Wayland and the console.

mod evdev;
mod wire;
mod x11;

pub use evdev::EvdevSource;
pub use x11::X11Source;
