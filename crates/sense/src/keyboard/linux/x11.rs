use crate::{
    Micros,
    keyboard::{Feed, Key, KeyEvent, Observation, Source, SourceError, Transition},
    linux::{Devices, Server, wait},
    source::DeviceId,
};
use rustix::event::{PollFd, PollFlags};
use x11rb::protocol::{
    Event,
    xinput::{self, XIEventMask},
};

/// XInput2 raw key events of every keyboard of an X server, whatever window has the focus and whoever holds a grab.
///
/// Events are stamped with [`Micros::now`] when they are read, because the server's own stamps are whole milliseconds.
#[derive(Debug)]
pub struct X11Source {
    display: String,
}

impl X11Source {
    /// A source for `display` (":0").
    pub fn new(display: impl Into<String>) -> Self {
        Self { display: display.into() }
    }

    /// Tries whether capture would start, without capturing.
    ///
    /// # Errors
    /// What [`Source::run`] would return.
    pub fn probe(&self) -> Result<(), SourceError> {
        Server::connect(&self.display).map(drop)
    }
}

impl Source for X11Source {
    type Event = KeyEvent;

    fn name(&self) -> &'static str {
        "x11"
    }

    fn run(&mut self, feed: &Feed) -> Result<(), SourceError> {
        let server = Server::connect(&self.display)?;
        server.select(XIEventMask::RAW_KEY_PRESS | XIEventMask::RAW_KEY_RELEASE)?;
        let mut keyboards = Devices::keyboards();
        keyboards.announce(&server, feed)?;
        if !feed.send(Observation::Ready)? {
            return Ok(());
        }
        loop {
            while let Some(event) = server.next_event()? {
                // Stamped before anything else is done with it.
                let at = Micros::now();
                if feed.stop().requested() {
                    return Ok(());
                }
                match event {
                    Event::XinputRawKeyPress(e) => key(&e, Transition::Press, at, &keyboards, feed)?,
                    Event::XinputRawKeyRelease(e) => key(&e, Transition::Release, at, &keyboards, feed)?,
                    Event::XinputHierarchy(e) => keyboards.changed(&server, &e, feed)?,
                    _ => {}
                }
            }
            let fd = server.fd();
            let mut fds = [PollFd::from_borrowed_fd(fd, PollFlags::IN), PollFd::new(feed.stop(), PollFlags::IN)];
            wait(&mut fds, None)?;
            if feed.stop().requested() {
                return Ok(());
            }
        }
    }
}

fn key(
    event: &xinput::RawKeyPressEvent,
    transition: Transition,
    at: Micros,
    keyboards: &Devices,
    feed: &Feed,
) -> Result<(), SourceError> {
    if u32::from(event.flags) & u32::from(xinput::KeyEventFlags::KEY_REPEAT) != 0 {
        return Ok(());
    }
    let event = KeyEvent {
        key: key_of(event.detail),
        transition,
        at,
        device: DeviceId(event.sourceid.into()),
        injected: keyboards.injects(event.sourceid),
    };
    feed.send(Observation::Event(event)).map(drop)
}

/// The X keycode's key: X counts 8 above the kernel, whatever the layout.
fn key_of(keycode: u32) -> Key {
    u16::try_from(keycode).ok().and_then(|c| c.checked_sub(8)).map_or(Key::UNKNOWN, Key::from_evdev)
}
