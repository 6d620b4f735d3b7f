use crate::{
    Micros,
    keyboard::Transition,
    linux::{Devices, Server, wait},
    pointer::{Button, Feed, Observation, PointerEvent, PointerKind, pace::Pace},
    source::{Source, SourceError},
};
use rustix::event::{PollFd, PollFlags};
use x11rb::protocol::{
    Event,
    xinput::{RawButtonPressEvent, XIEventMask},
};

/// The pointer of an X server, whatever window is under it and whoever holds a grab.
///
/// Raw events of XInput2 tell that it moved and what was pressed, and by which device; where it is, the server is asked, at
/// most every [`PACE`](super::super::PACE). So places are screen pixels after acceleration, held at the screen's edges, as
/// in recordings made by programs. What the raw events themselves carry is neither for every device (absolute ones), nor
/// held at the edges; ordinary motion events go only to the window under the pointer.
#[derive(Debug)]
pub struct X11Pointer {
    display: String,
}

impl X11Pointer {
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

impl Source for X11Pointer {
    type Event = PointerEvent;

    fn name(&self) -> &'static str {
        "pointer-x11"
    }

    fn run(&mut self, feed: &Feed) -> Result<(), SourceError> {
        let server = Server::connect(&self.display)?;
        let buttons = XIEventMask::RAW_BUTTON_PRESS | XIEventMask::RAW_BUTTON_RELEASE;
        server.select(XIEventMask::RAW_MOTION | buttons)?;
        let mut pointers = Devices::pointers();
        pointers.announce(&server, feed)?;
        if !feed.send(Observation::Ready)? {
            return Ok(());
        }
        let mut hand = Hand { server: &server, feed, pace: Pace::default(), place: None };
        loop {
            while let Some(event) = server.next_event()? {
                // Stamped before anything else is done with it.
                let at = Micros::now();
                if feed.stop().requested() {
                    return Ok(());
                }
                match event {
                    Event::XinputRawMotion(e) => hand.moved(at, pointers.injects(e.sourceid))?,
                    Event::XinputRawButtonPress(e) => {
                        hand.pressed(&e, Transition::Press, at, pointers.injects(e.sourceid))?;
                    }
                    Event::XinputRawButtonRelease(e) => {
                        hand.pressed(&e, Transition::Release, at, pointers.injects(e.sourceid))?;
                    }
                    Event::XinputHierarchy(e) => pointers.changed(&server, &e, feed)?,
                    _ => {}
                }
            }
            let now = Micros::now();
            let due = hand.pace.due();
            if due.is_some_and(|due| due <= now) {
                hand.come_to_rest(now)?;
                // Events may have come with the answer.
                continue;
            }
            let fd = server.fd();
            let mut fds = [PollFd::from_borrowed_fd(fd, PollFlags::IN), PollFd::new(feed.stop(), PollFlags::IN)];
            wait(&mut fds, due.map(|due| due.since(now)))?;
            if feed.stop().requested() {
                return Ok(());
            }
        }
    }
}

/// The pointer as it is followed.
struct Hand<'a> {
    server: &'a Server,
    feed: &'a Feed,
    /// Whether a program made the move.
    pace: Pace<bool>,
    place: Option<(i32, i32)>,
}

impl Hand<'_> {
    fn moved(&mut self, at: Micros, injected: bool) -> Result<(), SourceError> {
        match self.pace.take(at, injected) {
            Some(injected) => self.tell_place(at, injected),
            None => Ok(()),
        }
    }

    fn come_to_rest(&mut self, at: Micros) -> Result<(), SourceError> {
        match self.pace.release(at) {
            Some(injected) => self.tell_place(at, injected),
            None => Ok(()),
        }
    }

    fn pressed(
        &mut self,
        event: &RawButtonPressEvent,
        transition: Transition,
        at: Micros,
        injected: bool,
    ) -> Result<(), SourceError> {
        self.come_to_rest(at)?;
        // One notch of the wheel is a press and a release of a button of its own.
        let notch = |dx, dy| (transition == Transition::Press).then_some(PointerKind::Wheel { dx, dy });
        let kind = match event.detail {
            1 => Some(PointerKind::Button { button: Button::Left, transition }),
            2 => Some(PointerKind::Button { button: Button::Middle, transition }),
            3 => Some(PointerKind::Button { button: Button::Right, transition }),
            4 => notch(0, -1),
            5 => notch(0, 1),
            6 => notch(-1, 0),
            7 => notch(1, 0),
            _ => Some(PointerKind::Button { button: Button::Other, transition }),
        };
        match kind {
            Some(kind) => self.tell(PointerEvent { at, kind, injected }),
            None => Ok(()),
        }
    }

    /// Scrolling moves nothing, and neither does pushing against the screen's edge.
    fn tell_place(&mut self, at: Micros, injected: bool) -> Result<(), SourceError> {
        let place = self.server.pointer()?;
        if self.place.replace(place) == Some(place) {
            return Ok(());
        }
        self.tell(PointerEvent { at, kind: PointerKind::Move { x: place.0, y: place.1 }, injected })
    }

    fn tell(&self, event: PointerEvent) -> Result<(), SourceError> {
        self.feed.send(Observation::Event(event)).map(drop)
    }
}
