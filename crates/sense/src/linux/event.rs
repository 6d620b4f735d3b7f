use crate::Micros;

/// Bytes of one `struct input_event`: two machine words of time, then type, code and value.
pub(super) const EVENT_BYTES: usize = 2 * WORD + 8;

/// The kernel's `struct input_event`.
pub(crate) struct WireEvent {
    /// When it happened.
    pub at: Micros,
    /// Its type: `EV_KEY`, `EV_REL`, …
    pub kind: u16,
    /// Which key, axis, …
    pub code: u16,
    /// What of it.
    pub value: i32,
}

impl WireEvent {
    /// The whole events in `bytes`; a rest shorter than one is ignored.
    pub(crate) fn all(bytes: &[u8]) -> impl Iterator<Item = Self> {
        bytes.chunks_exact(EVENT_BYTES).map(|event| Self {
            at: Micros(word_at(event, 0).saturating_mul(1_000_000).saturating_add(word_at(event, WORD))),
            kind: u16_at(event, 2 * WORD),
            code: u16_at(event, 2 * WORD + 2),
            value: i32::from_ne_bytes([
                event[2 * WORD + 4],
                event[2 * WORD + 5],
                event[2 * WORD + 6],
                event[2 * WORD + 7],
            ]),
        })
    }
}

const WORD: usize = size_of::<usize>();

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_ne_bytes([bytes[at], bytes[at + 1]])
}

fn word_at(bytes: &[u8], at: usize) -> u64 {
    let mut word = [0; WORD];
    word.copy_from_slice(&bytes[at..at + WORD]);
    usize::from_ne_bytes(word) as u64
}
