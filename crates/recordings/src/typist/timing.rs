use super::{
    draw::normal,
    hands::{Move, finger},
    person::Traits,
    plan::Planned,
};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use stillyou_sense::{
    Micros,
    keyboard::{Key, Keystroke},
};

/// Shortest time a key is seen down, milliseconds.
const LEAST_HOLD_MS: f64 = 15.0;

/// When the planned keys go down and up, the first at `at_us`.
pub fn time(planned: &[Planned], traits: &Traits, at_us: u64, rng: &mut ChaCha8Rng) -> Vec<Keystroke> {
    let (hold_today, flight_today) = Traits::day(rng);
    let mut down: Vec<f64> = Vec::with_capacity(planned.len());
    let mut up: Vec<f64> = Vec::with_capacity(planned.len());
    let mut lingering = 0.0;
    let mut before: Option<(Key, f64)> = None;
    for next in planned {
        let press = before.map_or(0.0, |(key, at)| {
            let log_ms = traits.flight_of(key, next.key) + flight_today + traits.flight_noise(key, next.key, rng);
            at + log_ms.exp().clamp(8.0, 30_000.0)
        });
        // One hold tells a little about the next one: correlation .12 in real typing.
        lingering = 0.12 * lingering + traits.hold_noise(rng);
        let log_ms = traits.hold_of(next.key) + hold_today + lingering;
        down.push(press);
        up.push(press + log_ms.exp().clamp(LEAST_HOLD_MS, 1_500.0));
        before = Some((next.key, press));
    }
    hold_shift(planned, &down, &mut up, rng);
    lift_in_time(planned, &down, &mut up, traits, rng);
    let micros = |ms: f64| Micros(at_us + (ms * 1e3) as u64);
    let strokes = planned.iter().zip(down.iter().zip(&up));
    strokes
        .map(|(p, (down, up))| Keystroke {
            key: p.key,
            pressed_at: micros(*down),
            released_at: micros(*up),
            injected: false,
        })
        .collect()
}

/// Shift stays down until its letter is down.
fn hold_shift(planned: &[Planned], down: &[f64], up: &mut [f64], rng: &mut ChaCha8Rng) {
    for (i, _) in planned.iter().enumerate().filter(|(_, p)| p.holds_next) {
        if let (Some(letter), Some(up)) = (down.get(i + 1), up.get_mut(i)) {
            let after = (4.35 + 0.4 * normal(rng)).exp();
            *up = letter + after;
        }
    }
}

/// A key must be up before it is pressed again, and some people lift before they press another.
fn lift_in_time(planned: &[Planned], down: &[f64], up: &mut [f64], traits: &Traits, rng: &mut ChaCha8Rng) {
    for i in 0..planned.len() {
        let Some(next) = planned.get(i + 1) else { break };
        let (key, holds) = (planned[i].key, planned[i].holds_next);
        let overlaps = up[i] > down[i + 1];
        let chance = match Move::between(key, next.key) {
            _ if !overlaps || holds => 0.0,
            Move::SameFinger if finger(key) < 8 => 0.7,
            _ => traits.lifts,
        };
        if rng.random_bool(chance) {
            let gap = rng.random_range(2.0..25.0);
            up[i] = (down[i + 1] - gap).max(down[i] + LEAST_HOLD_MS.min(0.8 * (down[i + 1] - down[i])));
        }
        let again = planned[i + 1..].iter().zip(&down[i + 1..]).take_while(|(_, d)| **d < up[i]);
        if let Some((_, again)) = again.into_iter().find(|(p, _)| p.key == key) {
            up[i] = down[i] + (again - down[i]) * rng.random_range(0.55..0.92);
        }
    }
}
