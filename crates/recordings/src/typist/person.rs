use super::{
    draw::{exponential, normal},
    hands::{FINGERS, Move, finger, is_letter},
};
use crate::keys::{BACKSPACE, SHIFT};
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use stillyou_sense::keyboard::{Key, Keystroke};

/// Streams of a person's generator below this one draw traits, those above draw typing.
pub const STREAMS: u64 = 1 << 40;

/// Whom the whole population's habits come from: which pairs of keys everybody types fast.
const EVERYBODY: u64 = 0x5717_1704;

/// What makes a person's typing theirs. Times are natural logarithms of milliseconds.
#[derive(Clone, Debug)]
pub struct Traits {
    seed: u64,
    hold: f64,
    hold_noise: f64,
    finger: [f64; FINGERS],
    backspace: f64,
    punctuation: f64,
    shift: f64,
    flight: f64,
    flight_noise: f64,
    moves: [f64; Move::COUNT],
    /// Chance of a hesitation at a key.
    hesitates: f64,
    /// Chance that a key still down is let go in time for the next.
    pub lifts: f64,
    /// Chance of a mistake at a character.
    pub errs: f64,
    /// Writes capitals with Caps Lock.
    pub caps_lock: bool,
    between_sentences: f64,
}

impl Traits {
    pub fn draw(seed: u64) -> Self {
        let rng = &mut ChaCha8Rng::seed_from_u64(seed);
        let spread = |centre: f64, sd: f64, rng: &mut ChaCha8Rng| centre + sd * normal(rng);
        Self {
            seed,
            hold: spread(4.672, 0.20, rng),
            hold_noise: spread(-1.57, 0.21, rng).exp(),
            finger: fingers(rng),
            backspace: spread(-0.24, 0.15, rng),
            punctuation: spread(-0.10, 0.12, rng),
            shift: spread(0.0, 0.30, rng),
            flight: spread(5.085, 0.32, rng),
            flight_noise: spread(-1.14, 0.32, rng).exp(),
            moves: MOVE_FLIGHT.map(|(centre, sd, _)| spread(centre, sd, rng)),
            hesitates: spread(-2.0, 0.4, rng).exp().min(0.4),
            lifts: spread(0.05, 0.15, rng).clamp(0.0, 0.8),
            errs: spread(-3.3, 0.6, rng).exp().min(0.25),
            caps_lock: rng.random_bool(0.1),
            between_sentences: spread(8.0, 0.3, rng),
        }
    }

    /// How long a key stays down, in the log of ms, without the day's and the moment's deviation.
    pub fn hold_of(&self, key: Key) -> f64 {
        let kind = match key {
            BACKSPACE => self.backspace,
            _ if is_letter(key) || key.evdev() == 57 => self.finger[finger(key)],
            _ => self.finger[finger(key)] + self.punctuation,
        };
        self.hold + kind + 0.048 * self.own(u64::from(key.evdev()))
    }

    /// A moment's deviation of a hold.
    pub fn hold_noise(&self, rng: &mut ChaCha8Rng) -> f64 {
        let heavy = if rng.random_bool(0.07) { 2.5 } else { 1.0 };
        self.hold_noise * heavy * normal(rng)
    }

    /// From one press to the next, in the log of ms, without the day's and the moment's deviation.
    pub fn flight_of(&self, from: Key, to: Key) -> f64 {
        let pair = u64::from(from.evdev()) << 16 | u64::from(to.evdev());
        let everybody = 0.12 * own(EVERYBODY, pair);
        let kind = match (from, to) {
            (BACKSPACE, BACKSPACE) => self.moves[Move::Repeat as usize],
            (_, BACKSPACE) => 0.75,
            (BACKSPACE, _) => 0.42,
            (SHIFT, _) => self.shift,
            (_, SHIFT) => 0.45,
            _ => self.moves[Move::between(from, to) as usize],
        };
        let row = if matches!(to.evdev(), 2..=13) { 0.45 } else { 0.0 };
        self.flight + kind + row + everybody + 0.155 * self.own(1 << 32 | pair)
    }

    /// A moment's deviation of a press-to-press time.
    pub fn flight_noise(&self, from: Key, to: Key, rng: &mut ChaCha8Rng) -> f64 {
        let scale = MOVE_FLIGHT[Move::between(from, to) as usize].2;
        let hesitation = if rng.random_bool(self.hesitates * scale) { 0.6 * exponential(rng) } else { 0.0 };
        self.flight_noise * scale * normal(rng) + hesitation
    }

    /// A sentence's deviation from the person's own hold and flight.
    pub fn day<R: Rng>(rng: &mut R) -> (f64, f64) {
        (0.05 * normal(rng), 0.085 * normal(rng))
    }

    /// When the next sentence starts, microseconds.
    pub fn after_sentence(&self, typed: &[Keystroke], rng: &mut ChaCha8Rng) -> u64 {
        let end = typed.iter().map(|k| k.released_at.0).max().unwrap_or(0);
        let pause_ms = (self.between_sentences + 0.5 * normal(rng)).exp().clamp(700.0, 30_000.0);
        end + (pause_ms * 1e3) as u64
    }

    fn own(&self, what: u64) -> f64 {
        own(self.seed, what)
    }
}

/// A standard normal number that belongs to a person and a thing, the same whenever it is asked for.
fn own(seed: u64, what: u64) -> f64 {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(1 + what);
    normal(&mut rng)
}

/// Hands differ as a whole, fingers beside that.
fn fingers(rng: &mut ChaCha8Rng) -> [f64; FINGERS] {
    let hand = 0.055 * normal(rng);
    let mut fingers = FINGER_HOLD.map(|(centre, sd)| centre + sd * normal(rng));
    for (i, finger) in fingers.iter_mut().enumerate().take(8) {
        *finger += if i < 4 { hand } else { -hand };
    }
    fingers
}

const FINGER_HOLD: [(f64, f64); FINGERS] = [
    (0.15, 0.105),
    (0.06, 0.085),
    (0.015, 0.07),
    (-0.045, 0.055),
    (-0.075, 0.055),
    (-0.055, 0.085),
    (-0.035, 0.075),
    (-0.035, 0.10),
    (-0.01, 0.135),
];

/// By [`Move`]: centre, spread between people, factor on the noise within a person.
const MOVE_FLIGHT: [(f64, f64, f64); Move::COUNT] = [
    (-0.03, 0.24, 0.32),
    (0.20, 0.16, 0.55),
    (-0.01, 0.075, 1.0),
    (-0.10, 0.05, 1.0),
    (-0.14, 0.155, 0.8),
    (0.31, 0.23, 1.12),
];
