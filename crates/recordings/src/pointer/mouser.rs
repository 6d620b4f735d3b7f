use super::{Person, Session, Set};
use crate::typist::draw::{exponential, normal};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::time::Duration;
use stillyou_sense::{
    Micros,
    keyboard::Transition,
    pointer::{Button, PointerEvent, PointerKind},
};

/// The name of a set of made-up people who point.
pub const SET_NAME: &str = "mousers";

/// A made-up person with a hand of their own: the same seed gives the same hand for ever.
///
/// They point at places on a screen of 1280 by 720 pixels and click, now and then drag or turn the wheel. Movements are
/// minimum-jerk throws (Flash and Hogan, 1985) whose time is bent and a slow approach, along an arc, with tremor and
/// corrections; how long one takes follows Fitts (1954). Sizes were set near the means and spreads of SapiMouse's people: real hands have structure that these
/// draws lack, and whoever reports a rate measured on them must say that they are made up.
#[derive(Clone, Debug)]
pub struct Mouser {
    seed: u64,
    hand: Hand,
}

/// `people` made-up people, each with a session of 3 minutes, `3min`, and one of 1 minute, `1min`.
pub fn mousers(seed: u64, people: usize) -> Set {
    let person = |n: usize| {
        let mouser = Mouser::new(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(n as u64));
        let session = |name: &str, of: u64, minutes: u64| Session {
            name: name.to_owned(),
            label: None,
            events: mouser.pointing(of, Duration::from_secs(60 * minutes)),
        };
        Person { subject: (n + 1).to_string(), sessions: vec![session("1min", 1, 1), session("3min", 3, 3)] }
    };
    Set { name: SET_NAME.to_owned(), labelled: false, people: (0..people).map(person).collect() }
}

impl Mouser {
    /// The person of a seed.
    pub fn new(seed: u64) -> Self {
        Self { seed, hand: Hand::draw(&mut ChaCha8Rng::seed_from_u64(seed)) }
    }

    /// What they do in so long a time, from time 0: the same `session` gives the same events, another one other targets
    /// on another day.
    pub fn pointing(&self, session: u64, how_long: Duration) -> Vec<PointerEvent> {
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed);
        rng.set_stream(1 + session);
        let hand = self.hand.on_a_day(&mut rng);
        let mut desk = Desk { at_us: 0.0, place: (640.0, 360.0), events: Vec::new() };
        while desk.at_us < how_long.as_micros() as f64 {
            desk.at_us += hand.pause(&mut rng);
            hand.act(&mut desk, &mut rng);
        }
        desk.events.retain(|e| u128::from(e.at.0) < how_long.as_micros());
        desk.events
    }
}

/// What makes a person's pointing theirs. Times are natural logarithms of milliseconds.
#[derive(Clone, Debug)]
struct Hand {
    /// Duration of a movement at an index of difficulty of 0, and what a bit of it adds.
    reach: f64,
    reach_per_bit: f64,
    /// Exponent that bends time: below 1 the peak of the speed comes early.
    bend: f64,
    /// Shares of the time and of the way that the throw takes; the rest is a slow approach.
    throw_time: f64,
    throw_way: f64,
    /// Sagitta of the arc over the distance; positive bends to the left.
    arc: f64,
    /// Pixels.
    tremor: f64,
    /// Chance of a correction near the target, and how far off the target is missed over the distance.
    corrects: f64,
    miss: f64,
    hold: f64,
    hold_noise: f64,
    settle: f64,
    between: f64,
}

impl Hand {
    fn draw(rng: &mut ChaCha8Rng) -> Self {
        let mut spread = |centre: f64, sd: f64| centre + sd * normal(rng);
        Self {
            reach: spread(5.0, 0.25),
            reach_per_bit: spread(0.30, 0.04),
            bend: spread(1.15, 0.25),
            throw_time: spread(0.50, 0.10).clamp(0.3, 0.8),
            throw_way: spread(0.92, 0.045).clamp(0.75, 0.99),
            arc: spread(0.0, 0.04),
            tremor: spread(-0.3, 0.7).exp(),
            corrects: spread(0.4, 0.22).clamp(0.02, 0.95),
            miss: spread(-2.3, 0.3).exp(),
            hold: spread(4.5, 0.36),
            hold_noise: spread(-1.3, 0.45).exp(),
            settle: spread(3.8, 0.8),
            between: spread(4.4, 0.6),
        }
    }

    /// The same hand with a day's deviation.
    fn on_a_day(&self, rng: &mut ChaCha8Rng) -> Self {
        let mut near = |value: f64, sd: f64| value + sd * normal(rng);
        Self {
            reach: near(self.reach, 0.04),
            reach_per_bit: near(self.reach_per_bit, 0.01),
            bend: near(self.bend, 0.02),
            arc: near(self.arc, 0.005),
            hold: near(self.hold, 0.05),
            settle: near(self.settle, 0.08),
            between: near(self.between, 0.1),
            ..self.clone()
        }
    }

    fn pause(&self, rng: &mut ChaCha8Rng) -> f64 {
        let thinking = if rng.random_bool(0.15) { exponential(rng) } else { 0.0 };
        (self.between + 0.8 * normal(rng) + thinking).exp().min(8000.0) * 1e3
    }

    fn act(&self, desk: &mut Desk, rng: &mut ChaCha8Rng) {
        match rng.random_range(0..20) {
            0 => self.turn(desk, rng),
            1 => {
                self.go(desk, rng);
                desk.button(Transition::Press);
                self.go(desk, rng);
                desk.at_us += (self.hold + 0.2 * normal(rng)).exp() * 1e3;
                desk.button(Transition::Release);
            }
            2..=4 => self.go(desk, rng),
            _ => {
                self.go(desk, rng);
                desk.at_us += (self.settle + 0.8 * normal(rng)).exp().min(900.0) * 1e3;
                desk.button(Transition::Press);
                desk.at_us += (self.hold + self.hold_noise * normal(rng)).exp() * 1e3;
                desk.button(Transition::Release);
            }
        }
    }

    /// To some place, perhaps missed at first.
    fn go(&self, desk: &mut Desk, rng: &mut ChaCha8Rng) {
        let target = if rng.random_bool(0.3) {
            let near = |at: f64, most: f64, rng: &mut ChaCha8Rng| (at + 60.0 * normal(rng)).clamp(20.0, most);
            (near(desk.place.0, 1260.0, rng), near(desk.place.1, 700.0, rng))
        } else {
            (rng.random_range(20.0..1260.0), rng.random_range(20.0..700.0))
        };
        if rng.random_bool(self.corrects) {
            let distance = (target.0 - desk.place.0).hypot(target.1 - desk.place.1);
            let off = |rng: &mut ChaCha8Rng| self.miss * distance * normal(rng);
            self.reach(desk, (target.0 + off(rng), target.1 + off(rng)), rng);
        }
        self.reach(desk, target, rng);
    }

    fn reach(&self, desk: &mut Desk, to: (f64, f64), rng: &mut ChaCha8Rng) {
        let from = desk.place;
        let (along, across) = ((to.0 - from.0, to.1 - from.1), (to.1 - from.1, from.0 - to.0));
        let bits = (along.0.hypot(along.1) / 30.0 + 1.0).log2();
        let took_us = (self.reach + self.reach_per_bit * bits + 0.25 * normal(rng)).exp() * 1e3;
        let arc = self.arc + 0.07 * normal(rng);
        let throw_time = (self.throw_time + 0.10 * normal(rng)).clamp(0.2, 0.9);
        let throw_way = (self.throw_way + 0.04 * normal(rng)).clamp(0.6, 1.0);
        let steps = (took_us / SAMPLE_US).ceil().max(1.0);
        for step in 1..=steps as usize {
            let part = step as f64 / steps;
            let t = (part / throw_time).min(1.0).powf(self.bend);
            let left = ((part - throw_time) / (1.0 - throw_time)).max(0.0);
            let s = throw_way * t.powi(3) * (10.0 - 15.0 * t + 6.0 * t * t) + (1.0 - throw_way) * left * (2.0 - left);
            let side = arc * 4.0 * s * (1.0 - s);
            let shake = |rng: &mut ChaCha8Rng| if s > 0.999 { 0.0 } else { self.tremor * normal(rng) };
            let x = from.0 + s * along.0 + side * across.0 + shake(rng);
            let y = from.1 + s * along.1 + side * across.1 + shake(rng);
            desk.at_us += SAMPLE_US;
            desk.go((x, y));
        }
    }

    fn turn(&self, desk: &mut Desk, rng: &mut ChaCha8Rng) {
        let dy = if rng.random_bool(0.7) { 1 } else { -1 };
        for _ in 0..rng.random_range(2..12) {
            desk.at_us += (self.hold - 0.4 + 0.3 * normal(rng)).exp() * 1e3;
            desk.push(PointerKind::Wheel { dx: 0, dy });
        }
    }
}

/// A mouse tells its place 125 times a second.
const SAMPLE_US: f64 = 8_000.0;

struct Desk {
    at_us: f64,
    place: (f64, f64),
    events: Vec<PointerEvent>,
}

impl Desk {
    fn go(&mut self, place: (f64, f64)) {
        let whole = |p: (f64, f64)| (p.0.round() as i32, p.1.round() as i32);
        if whole(place) != whole(self.place) {
            let (x, y) = whole(place);
            self.push(PointerKind::Move { x, y });
        }
        self.place = place;
    }

    fn button(&mut self, transition: Transition) {
        self.push(PointerKind::Button { button: Button::Left, transition });
    }

    fn push(&mut self, kind: PointerKind) {
        self.events.push(PointerEvent { at: Micros(self.at_us as u64), kind, injected: false });
    }
}
