//! The kernel's `struct input_event`, as read from a mouse or a touchpad, turned into pointer events.

use crate::{
    Micros,
    keyboard::Transition,
    linux::{Shared, WireEvent},
    pointer::{Button, Observation, PointerEvent, PointerKind, pace::Pace},
    source::DeviceId,
};

/// One device's stream of events: what its report so far says.
#[derive(Debug, Default)]
pub(super) struct Mouse {
    dropping: bool,
    moved: (i32, i32),
    others: Vec<PointerKind>,
    touch: Touch,
}

/// Where the pointer is: every device moves the same one. Holds moves back that come too fast.
#[derive(Debug, Default)]
pub(super) struct Hand {
    place: (i32, i32),
    pace: Pace<PointerEvent>,
}

/// A finger on a touchpad.
#[derive(Debug, Default)]
struct Touch {
    down: bool,
    one_finger: bool,
    now: (i32, i32),
    last: Option<(i32, i32)>,
}

impl Mouse {
    /// The events in `bytes`, which the kernel fills with whole ones; a rest shorter than one is ignored. A report moves
    /// first, then presses. After an overrun, what is left of the torn report is skipped, as the kernel's event-codes
    /// documentation demands.
    pub(super) fn parse(
        &mut self,
        bytes: &[u8],
        device: DeviceId,
        injected: bool,
        hand: &mut Hand,
        mut each: impl FnMut(Observation),
    ) {
        for WireEvent { at, kind, code, value } in WireEvent::all(bytes) {
            match (kind, code) {
                (EV_SYN, SYN_DROPPED) => {
                    *self = Self { dropping: true, ..Self::default() };
                    each(Observation::EventsLost { device });
                }
                (EV_SYN, SYN_REPORT) if self.dropping => self.dropping = false,
                (EV_SYN, SYN_REPORT) => self.report(at, injected, hand, &mut each),
                _ if self.dropping => {}
                (EV_REL, REL_X) => self.moved.0 = self.moved.0.saturating_add(value),
                (EV_REL, REL_Y) => self.moved.1 = self.moved.1.saturating_add(value),
                // Upwards is positive there.
                (EV_REL, REL_WHEEL) => self.others.push(PointerKind::Wheel { dx: 0, dy: value.saturating_neg() }),
                (EV_REL, REL_HWHEEL) => self.others.push(PointerKind::Wheel { dx: value, dy: 0 }),
                (EV_ABS, ABS_X) => self.touch.now.0 = value,
                (EV_ABS, ABS_Y) => self.touch.now.1 = value,
                (EV_KEY, BTN_TOUCH) => self.touch.down = value == 1,
                (EV_KEY, BTN_TOOL_FINGER) => self.touch.one_finger = value == 1,
                (EV_KEY, BTN_LEFT..=BTN_TASK) if value == 0 || value == 1 => {
                    let transition = if value == 1 { Transition::Press } else { Transition::Release };
                    self.others.push(PointerKind::Button { button: button(code), transition });
                }
                _ => {}
            }
        }
    }

    fn report(&mut self, at: Micros, injected: bool, hand: &mut Hand, each: &mut impl FnMut(Observation)) {
        let (mouse, finger) = (std::mem::take(&mut self.moved), self.touch.moved());
        let moved = (mouse.0.saturating_add(finger.0), mouse.1.saturating_add(finger.1));
        if moved != (0, 0)
            && let Some(event) = hand.moved(moved, at, injected)
        {
            each(Observation::Event(event));
        }
        for kind in self.others.drain(..) {
            if let Some(event) = hand.pace.release(at) {
                each(Observation::Event(event));
            }
            each(Observation::Event(PointerEvent { at, kind, injected }));
        }
    }
}

impl Touch {
    /// How far one finger slid since the last report.
    fn moved(&mut self) -> (i32, i32) {
        if !(self.down && self.one_finger) {
            self.last = None;
            return (0, 0);
        }
        let last = self.last.replace(self.now).unwrap_or(self.now);
        (self.now.0.saturating_sub(last.0), self.now.1.saturating_sub(last.1))
    }
}

impl Hand {
    fn moved(&mut self, by: (i32, i32), at: Micros, injected: bool) -> Option<PointerEvent> {
        self.place = (self.place.0.wrapping_add(by.0), self.place.1.wrapping_add(by.1));
        let kind = PointerKind::Move { x: self.place.0, y: self.place.1 };
        self.pace.take(at, PointerEvent { at, kind, injected })
    }
}

impl Shared<PointerEvent> for Hand {
    fn due(&self) -> Option<Micros> {
        self.pace.due()
    }

    fn release(&mut self) -> Option<PointerEvent> {
        self.pace.release(Micros::now())
    }
}

fn button(code: u16) -> Button {
    match code {
        BTN_LEFT => Button::Left,
        BTN_RIGHT => Button::Right,
        BTN_MIDDLE => Button::Middle,
        _ => Button::Other,
    }
}

const EV_SYN: u16 = 0;
const EV_KEY: u16 = 1;
const EV_REL: u16 = 2;
const EV_ABS: u16 = 3;
const SYN_REPORT: u16 = 0;
const SYN_DROPPED: u16 = 3;
const REL_X: u16 = 0;
const REL_Y: u16 = 1;
const REL_HWHEEL: u16 = 6;
const REL_WHEEL: u16 = 8;
const ABS_X: u16 = 0;
const ABS_Y: u16 = 1;
const BTN_LEFT: u16 = 0x110;
const BTN_RIGHT: u16 = 0x111;
const BTN_MIDDLE: u16 = 0x112;
const BTN_TASK: u16 = 0x117;
const BTN_TOOL_FINGER: u16 = 0x145;
const BTN_TOUCH: u16 = 0x14a;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn bytes(us: usize, kind: u16, code: u16, value: i32) -> Vec<u8> {
        let time = [(us / 1_000_000).to_ne_bytes(), (us % 1_000_000).to_ne_bytes()].concat();
        [&time[..], &kind.to_ne_bytes(), &code.to_ne_bytes(), &value.to_ne_bytes()].concat()
    }

    /// What comes of these events, each a report of its own where it says so.
    fn told(mouse: &mut Mouse, hand: &mut Hand, events: &[(usize, u16, u16, i32)]) -> Vec<(u64, PointerKind)> {
        let bytes: Vec<u8> =
            events.iter().flat_map(|&(ms, kind, code, value)| bytes(ms * 1_000, kind, code, value)).collect();
        let mut found = Vec::new();
        mouse.parse(&bytes, DeviceId(1), false, hand, |o| match o {
            Observation::Event(e) => found.push((e.at.0 / 1_000, e.kind)),
            o => assert_eq!(o, Observation::EventsLost { device: DeviceId(1) }),
        });
        found
    }

    const SYN: (u16, u16, i32) = (EV_SYN, SYN_REPORT, 0);

    fn report(ms: usize, events: &[(u16, u16, i32)]) -> Vec<(usize, u16, u16, i32)> {
        events.iter().chain([&SYN]).map(|&(kind, code, value)| (ms, kind, code, value)).collect()
    }

    #[test]
    fn counts_are_summed_up_and_a_press_never_overtakes_the_move_before_it() {
        let stream = [
            report(10, &[(EV_REL, REL_X, 5), (EV_REL, REL_Y, -2)]),
            report(12, &[(EV_REL, REL_X, 5)]),
            report(13, &[(EV_KEY, BTN_LEFT, 1), (EV_REL, REL_X, 1)]),
            report(20, &[(EV_KEY, BTN_LEFT, 2)]),
            report(90, &[(EV_KEY, BTN_LEFT, 0)]),
            report(95, &[(EV_REL, REL_WHEEL, 1), (EV_REL, 11, 120)]),
        ];
        let left = |transition| PointerKind::Button { button: Button::Left, transition };
        let expected = [
            (10, PointerKind::Move { x: 5, y: -2 }),
            (13, PointerKind::Move { x: 11, y: -2 }),
            (13, left(Transition::Press)),
            (90, left(Transition::Release)),
            (95, PointerKind::Wheel { dx: 0, dy: -1 }),
        ];
        assert_eq!(told(&mut Mouse::default(), &mut Hand::default(), &stream.concat()), expected);
    }

    #[test]
    fn two_mice_move_one_pointer() {
        let mut hand = Hand::default();
        let (mut one, mut other) = (Mouse::default(), Mouse::default());
        told(&mut one, &mut hand, &report(10, &[(EV_REL, REL_X, 5)]));
        let moved = told(&mut other, &mut hand, &report(50, &[(EV_REL, REL_X, 7)]));
        assert_eq!(moved, [(50, PointerKind::Move { x: 12, y: 0 })]);
    }

    #[test]
    fn a_lifted_finger_moves_nothing_and_two_fingers_scroll() {
        let put = |ms, x| report(ms, &[(EV_KEY, BTN_TOUCH, 1), (EV_KEY, BTN_TOOL_FINGER, 1), (EV_ABS, ABS_X, x)]);
        let slide = |ms, x| report(ms, &[(EV_ABS, ABS_X, x)]);
        let lift = |ms| report(ms, &[(EV_KEY, BTN_TOUCH, 0), (EV_KEY, BTN_TOOL_FINGER, 0)]);
        let two = |ms| report(ms, &[(EV_KEY, BTN_TOOL_FINGER, 0)]);
        let stream = [put(0, 100), slide(20, 130), lift(40), put(60, 900), slide(80, 890), two(100), slide(120, 500)];
        let expected = [(20, PointerKind::Move { x: 30, y: 0 }), (80, PointerKind::Move { x: 20, y: 0 })];
        assert_eq!(told(&mut Mouse::default(), &mut Hand::default(), &stream.concat()), expected);
    }

    #[test]
    fn an_overrun_skips_the_torn_report() {
        let mut stream = report(10, &[(EV_REL, REL_X, 5), (EV_SYN, SYN_DROPPED, 0), (EV_REL, REL_X, 9)]);
        stream.extend(report(30, &[(EV_REL, REL_X, 1)]));
        let found = told(&mut Mouse::default(), &mut Hand::default(), &stream);
        assert_eq!(found, [(30, PointerKind::Move { x: 1, y: 0 })]);
    }

    proptest! {
        #[test]
        fn any_bytes_parse_without_panic(stream in proptest::collection::vec(any::<u8>(), 0..400)) {
            Mouse::default().parse(&stream, DeviceId(0), false, &mut Hand::default(), |_| ());
        }
    }
}
