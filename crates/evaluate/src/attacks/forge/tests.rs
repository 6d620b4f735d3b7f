use super::*;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use stillyou_recordings::typist::Typist;

fn rng() -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(3)
}

fn typed(seed: u64, count: usize) -> Vec<Keystroke> {
    Typist::new(seed).typing(1).take(count).collect()
}

fn keys(typed: &[Keystroke]) -> Vec<Key> {
    typed.iter().map(|k| k.key).collect()
}

fn holds_ms(typed: &[Keystroke]) -> Vec<f64> {
    typed.iter().map(|k| k.released_at.signed_since(k.pressed_at) as f64 / 1e3).collect()
}

fn gaps_ms(typed: &[Keystroke]) -> Vec<f64> {
    typed.windows(2).map(|w| w[1].pressed_at.signed_since(w[0].pressed_at) as f64 / 1e3).collect()
}

fn moments(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    (mean, (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n).sqrt())
}

fn physical(typed: &[Keystroke]) {
    for (at, now) in typed.iter().enumerate() {
        assert!(now.released_at >= now.pressed_at);
        assert!(typed.get(at + 1).is_none_or(|next| next.pressed_at >= now.pressed_at));
        let again = typed[at + 1..].iter().find(|k| k.key == now.key);
        assert!(again.is_none_or(|k| k.pressed_at >= now.released_at), "a key is up before it goes down again");
    }
}

#[test]
fn forged_times_have_the_means_and_spreads_of_the_habits() {
    let real = typed(5, 6_000);
    let habits = Habits::of([real.as_slice()]).unwrap();
    let e = Key::from_evdev(18);
    let of = |typed: &[Keystroke], times: &[f64], scale: fn(f64) -> f64| {
        let mine = typed.iter().zip(times).filter(|(k, t)| k.key == e && **t < 1_500.0);
        moments(&mine.map(|(_, t)| scale(*t)).collect::<Vec<_>>())
    };
    for shape in [Shape::Lognormal, Shape::Gaussian] {
        let forged = habits.type_keys(&keys(&real), shape, Detail::Keys, &mut rng());
        physical(&forged);
        let (real_ms, forged_ms) = (holds_ms(&real), holds_ms(&forged));
        let (r, f) = match shape {
            Shape::Lognormal => (of(&real, &real_ms, f64::ln), of(&forged, &forged_ms, f64::ln)),
            Shape::Gaussian => (of(&real, &real_ms, |t| t / 100.0), of(&forged, &forged_ms, |t| t / 100.0)),
        };
        assert!((r.0 - f.0).abs() < 0.05 && (r.1 - f.1).abs() < 0.08, "holds, {shape:?}: {r:?} {f:?}");
        if shape == Shape::Lognormal {
            // A gap belongs to the key after it. Normal gaps are cut at the shortest, so they don't keep their moments.
            let (r, f) = (of(&real[1..], &gaps_ms(&real), f64::ln), of(&forged[1..], &gaps_ms(&forged), f64::ln));
            assert!((r.0 - f.0).abs() < 0.05 && (r.1 - f.1).abs() < 0.08, "gaps: {r:?} {f:?}");
        }
        // Drawn one by one: one gap says nothing about the next.
        let logs: Vec<f64> = gaps_ms(&forged).iter().map(|g| g.ln()).collect();
        let (mean, deviation) = moments(&logs);
        let lag = logs.windows(2).map(|w| (w[0] - mean) * (w[1] - mean)).sum::<f64>() / logs.len() as f64;
        assert!((lag / deviation.powi(2)).abs() < 0.12, "{lag}");
    }
    assert!(Habits::of([&real[..2]]).is_none());
}

#[test]
fn pairs_are_forged_pair_by_pair() {
    let real = typed(6, 6_000);
    let habits = Habits::of([real.as_slice()]).unwrap();
    let (t, h) = (Key::from_evdev(20), Key::from_evdev(35));
    let of = |typed: &[Keystroke]| {
        let mine = typed.windows(2).filter(|w| w[0].key == t && w[1].key == h);
        moments(&mine.map(|w| w[1].pressed_at.signed_since(w[0].pressed_at) as f64).map(f64::ln).collect::<Vec<_>>()).0
    };
    let forged = |detail| habits.type_keys(&keys(&real), Shape::Lognormal, detail, &mut rng());
    assert!((of(&real) - of(&forged(Detail::Pairs))).abs() < 0.05);
    assert!((of(&real) - of(&forged(Detail::Pairs))).abs() < (of(&real) - of(&forged(Detail::Keys))).abs());
}

#[test]
fn robots_are_as_even_as_they_are_said_to_be() {
    let text = keys(&typed(7, 4_000));
    for jitter_us in [0.0, 1_000.0, 5_000.0, 10_000.0] {
        let robot = robot(&text, 180_000.0, 90_000.0, jitter_us, &mut rng());
        let (gap, spread) = moments(&gaps_ms(&robot));
        assert!((gap - 180.0).abs() < 0.5, "{gap}");
        // Two jitters meet in every gap.
        assert!((spread - jitter_us / 1e3 * 2f64.sqrt()).abs() < 0.5, "{jitter_us}: {spread}");
        physical(&robot);
    }
    let wide = human_like_robot(&text, 180_000.0, 90_000.0, &mut rng());
    let logs: Vec<f64> = gaps_ms(&wide).iter().map(|g| g.ln()).collect();
    assert!((moments(&logs).1 - GAP_SPREAD).abs() < 0.02);
    physical(&wide);
}

#[test]
fn pasted_text_comes_faster_than_hands() {
    let text = keys(&typed(8, 500));
    let at_once = paste(&text, None);
    assert!(holds_ms(&at_once).iter().all(|h| *h == 0.1) && gaps_ms(&at_once).iter().all(|g| *g == 0.2));
    let words = paste(&text, Some(800_000));
    let breaks = gaps_ms(&words).iter().filter(|g| **g > 700.0).count();
    assert_eq!(breaks, text[..499].iter().filter(|k| **k == SPACE).count());
}

#[test]
fn a_replay_is_what_was_typed_and_jitter_is_what_it_says() {
    let real = typed(9, 300);
    let exact = replay(&real, 700, 0.0, &mut rng());
    assert_eq!((keys(&exact[..300]), keys(&exact[300..600])), (keys(&real), keys(&real)));
    assert_eq!((holds_ms(&exact[..300]), gaps_ms(&exact[300..600])), (holds_ms(&real), gaps_ms(&real)));
    assert_eq!(exact.len(), 700);
    let noisy = replay(&real, 300, 5_000.0, &mut rng());
    let apart: Vec<f64> = holds_ms(&noisy).iter().zip(holds_ms(&real)).map(|(a, b)| a - b).collect();
    let (mean, spread) = moments(&apart);
    assert!(mean.abs() < 1.5 && (spread - 7.1).abs() < 1.5, "{mean} {spread}");
    physical(&noisy);
    assert!(replay(&[], 10, 0.0, &mut rng()).is_empty());
}
