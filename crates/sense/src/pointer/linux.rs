//! Linux: XInput2 for X11 sessions, the kernel's event devices for Wayland and the console.

mod evdev;
mod wire;
mod x11;

pub use evdev::EvdevPointer;
pub use x11::X11Pointer;

use super::{NoPointer, PointerEvent};
use crate::keyboard::{Session, SessionKind};
use crate::source::Source;

pub(super) fn select(session: &Session) -> Result<Box<dyn Source<Event = PointerEvent>>, NoPointer> {
    let devices = || EvdevPointer::new(&session.input_folder);
    let SessionKind::X11 = session.kind() else {
        let devices = devices();
        devices.probe()?;
        return Ok(Box::new(devices));
    };
    let x11 = X11Pointer::new(session.display.clone().unwrap_or_default());
    match x11.probe() {
        Ok(()) => Ok(Box::new(x11)),
        // The reason why X11 fails is the one to mend; the devices may work without mending anything.
        Err(why) => {
            let devices = devices();
            devices.probe().map_err(|_| why)?;
            Ok(Box::new(devices))
        }
    }
}
