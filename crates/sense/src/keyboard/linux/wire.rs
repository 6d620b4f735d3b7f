//! The kernel's `struct input_event`, as read from an event device, turned into key transitions.

use crate::{
    Micros,
    keyboard::{Key, Transition},
    linux::WireEvent,
};

/// What one read of an event device says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wire {
    /// A key went down or up.
    Key(Key, Transition, Micros),
    /// The kernel's buffer ran over: events were dropped.
    Dropped,
}

/// One device's stream of events. Remembers only whether it is inside a dropped stretch.
#[derive(Debug, Default)]
pub(super) struct Parser {
    dropping: bool,
}

impl Parser {
    /// The transitions in `bytes`, which the kernel fills with whole events; a rest shorter than one is ignored.
    ///
    /// Autorepeat (value 2) is not a transition. After an overrun, what is left of the torn report is skipped, as
    /// the kernel's event-codes documentation demands.
    pub(super) fn parse(&mut self, bytes: &[u8], mut each: impl FnMut(Wire)) {
        for WireEvent { at, kind, code, value } in WireEvent::all(bytes) {
            match (kind, code, value) {
                (EV_SYN, SYN_DROPPED, _) => {
                    self.dropping = true;
                    each(Wire::Dropped);
                }
                (EV_SYN, SYN_REPORT, _) => self.dropping = false,
                _ if self.dropping => {}
                (EV_KEY, code, 0 | 1) if is_key(code) => {
                    let transition = if value == 1 { Transition::Press } else { Transition::Release };
                    each(Wire::Key(Key::from_evdev(code), transition, at));
                }
                _ => {}
            }
        }
    }
}

const EV_SYN: u16 = 0;
const EV_KEY: u16 = 1;
const SYN_REPORT: u16 = 0;
const SYN_DROPPED: u16 = 3;

/// Codes that are keys of a keyboard, not buttons of a mouse, a pad or a joystick.
fn is_key(code: u16) -> bool {
    matches!(code, 1..0x100 | 0x160..0x220 | 0x230..0x2c0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn bytes(sec: usize, usec: usize, kind: u16, code: u16, value: i32) -> Vec<u8> {
        [&sec.to_ne_bytes()[..], &usec.to_ne_bytes(), &kind.to_ne_bytes(), &code.to_ne_bytes(), &value.to_ne_bytes()]
            .concat()
    }

    fn parse(parser: &mut Parser, bytes: &[u8]) -> Vec<Wire> {
        let mut found = Vec::new();
        parser.parse(bytes, |w| found.push(w));
        found
    }

    #[test]
    fn a_press_its_repeats_and_its_release_are_two_transitions() {
        let a = Key::from_evdev(30);
        let stream = [
            bytes(7, 100, 4, 4, 0x70004),
            bytes(7, 100, EV_KEY, 30, 1),
            bytes(7, 100, EV_SYN, SYN_REPORT, 0),
            bytes(7, 250_100, EV_KEY, 30, 2),
            bytes(7, 250_100, EV_SYN, SYN_REPORT, 1),
            bytes(8, 5, EV_KEY, 30, 0),
            bytes(8, 5, EV_SYN, SYN_REPORT, 0),
        ];
        let found = parse(&mut Parser::default(), &stream.concat());
        let expected =
            [Wire::Key(a, Transition::Press, Micros(7_000_100)), Wire::Key(a, Transition::Release, Micros(8_000_005))];
        assert_eq!(found, expected);
    }

    #[test]
    fn buttons_are_not_keys() {
        let stream = [bytes(1, 0, EV_KEY, 0x110, 1), bytes(1, 0, EV_KEY, 0x2c0, 1), bytes(1, 0, 2, 0, 5)];
        assert_eq!(parse(&mut Parser::default(), &stream.concat()), []);
    }

    #[test]
    fn an_overrun_skips_the_torn_report_even_across_reads() {
        let mut parser = Parser::default();
        let first = [bytes(1, 0, EV_SYN, SYN_DROPPED, 0), bytes(1, 0, EV_KEY, 30, 1)].concat();
        assert_eq!(parse(&mut parser, &first), [Wire::Dropped]);
        let second =
            [bytes(1, 0, EV_KEY, 31, 1), bytes(1, 0, EV_SYN, SYN_REPORT, 0), bytes(1, 9, EV_KEY, 32, 1)].concat();
        let d = Key::from_evdev(32);
        assert_eq!(parse(&mut parser, &second), [Wire::Key(d, Transition::Press, Micros(1_000_009))]);
    }

    proptest! {
        #[test]
        fn any_bytes_parse_without_panic(stream in proptest::collection::vec(any::<u8>(), 0..200)) {
            parse(&mut Parser::default(), &stream);
        }
    }
}
