use super::*;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

fn trials(genuine: &[f64], impostor: &[f64]) -> Vec<Trial> {
    let make =
        |genuine: bool| move |(i, s): (usize, &f64)| Trial { enrolled: i as u32 % 5, genuine, score: *s, llr_nats: *s };
    genuine.iter().enumerate().map(make(true)).chain(impostor.iter().enumerate().map(make(false))).collect()
}

fn measure(genuine: &[f64], impostor: &[f64]) -> [f64; 5] {
    let curve = Curve::new(&trials(genuine, impostor));
    curve.measure(&vec![1; curve.subjects()])
}

fn close(got: f64, expected: f64) {
    assert!((got - expected).abs() < 1e-12, "{got} is not {expected}");
}

#[test]
fn rates_by_hand() {
    // Perfect separation.
    let [eer, a, b, ..] = measure(&[2.0, 3.0], &[0.0, 1.0]);
    assert_eq!((eer, a, b), (0.0, 0.0, 0.0));
    // One of four genuine below one of four impostors: thresholds give (FNMR, FMR) (0, 1) (0, .75) (0, .5) (0, .25)
    // (.25, .25) …: they are equal at a point of the curve.
    let [eer, a, b, ..] = measure(&[3.0, 5.0, 6.0, 7.0], &[0.0, 1.0, 2.0, 4.0]);
    close(eer, 0.25);
    // FMR falls from .25 to 0 at the impostor of 4, where FNMR is .25 throughout.
    close(a, 0.25);
    close(b, 0.25);
    // Between points: (FNMR, FMR) goes (0, 1) (0, 1/2) (1/3, 1/2) (2/3, 1/2) (2/3, 0) (1, 0): equal within the third
    // step, at FNMR 1/2.
    let [eer, a, ..] = measure(&[1.0, 2.0, 4.0], &[0.0, 3.0]);
    close(eer, 0.5);
    close(a, 2.0 / 3.0);
    // Everything tied: the one step is the diagonal.
    let [eer, a, b, ..] = measure(&[1.0; 4], &[1.0; 8]);
    close(eer, 0.5);
    close(a, 0.99);
    close(b, 0.999);
    // Turned round.
    let [eer, a, ..] = measure(&[0.0, 1.0], &[2.0, 3.0]);
    close(eer, 1.0);
    close(a, 1.0);
}

#[test]
fn a_false_match_rate_that_a_threshold_hits_is_read_there() {
    // 100 impostors at 0..99; genuine at 98.5 (kept) and 97.5: at FMR exactly 1 % (threshold above 98) FNMR is 1/2 + …
    let impostor: Vec<f64> = (0..100).map(f64::from).collect();
    let [_, a, b, ..] = measure(&[97.5, 98.5, 120.0, 130.0], &impostor);
    close(a, 0.25);
    // 0.1 % lies nine tenths of the way from 1 % to 0, all at FNMR 1/2.
    close(b, 0.5);
}

#[test]
fn cllr_by_hand() {
    let cost = |genuine: &[f64], impostor: &[f64]| measure(genuine, impostor)[4];
    close(cost(&[0.0], &[0.0]), 1.0);
    let expected = ((1.0 + (-1.0f64).exp()).log2() + (1.0 + (2.0f64).exp()).log2()) / 2.0;
    close(cost(&[1.0], &[2.0]), expected);
    assert!(cost(&[800.0], &[-800.0]) < 1e-300);
    close(cost(&[-1000.0], &[-1000.0]), 500.0 / std::f64::consts::LN_2);
}

/// Every rate from its definition, threshold by threshold.
fn brute_force(genuine: &[f64], impostor: &[f64], wanted: f64) -> (f64, f64) {
    let mut thresholds: Vec<f64> = genuine.iter().chain(impostor).copied().chain([f64::INFINITY]).collect();
    thresholds.sort_by(f64::total_cmp);
    thresholds.dedup();
    let points: Vec<(f64, f64)> = thresholds
        .iter()
        .map(|t| {
            let fnmr = genuine.iter().filter(|s| *s < t).count() as f64 / genuine.len() as f64;
            let fmr = impostor.iter().filter(|s| *s >= t).count() as f64 / impostor.len() as f64;
            (fnmr, fmr)
        })
        .collect();
    let cross = |f: &dyn Fn((f64, f64)) -> f64| {
        let segment = points.windows(2).find(|w| f(w[0]) > 0.0 && f(w[1]) <= 0.0).unwrap();
        let part = f(segment[0]) / (f(segment[0]) - f(segment[1]));
        segment[0].0 + part * (segment[1].0 - segment[0].0)
    };
    (cross(&|(fnmr, fmr)| fmr - fnmr), cross(&|(_, fmr)| fmr - wanted))
}

#[test]
fn rates_agree_with_brute_force_and_weights_with_copies() {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    for round in 0..40 {
        // Few distinct scores in half of the rounds, so that ties are common.
        let draw = |rng: &mut ChaCha8Rng, shift: f64| {
            let x = rng.random::<f64>() + shift;
            if round % 2 == 0 { (x * 12.0).round() } else { x }
        };
        let genuine: Vec<f64> = (0..rng.random_range(3..70)).map(|_| draw(&mut rng, 0.4)).collect();
        let impostor: Vec<f64> = (0..rng.random_range(3..400)).map(|_| draw(&mut rng, 0.0)).collect();
        let [eer, a, b, c, _] = measure(&genuine, &impostor);
        close(eer, brute_force(&genuine, &impostor, 1e-2).0);
        close(a, brute_force(&genuine, &impostor, 1e-2).1);
        close(b, brute_force(&genuine, &impostor, 1e-3).1);
        close(c, brute_force(&genuine, &impostor, 1e-4).1);

        let all = trials(&genuine, &impostor);
        let times = [2u32, 0, 1, 3, 1];
        let copies: Vec<Trial> =
            all.iter().flat_map(|t| std::iter::repeat_n(*t, times[t.enrolled as usize] as usize)).collect();
        if copies.iter().any(|t| t.genuine) && copies.iter().any(|t| !t.genuine) {
            let (weighted, copied) = (Curve::new(&all).measure(&times), Curve::new(&copies).measure(&[1; 5]));
            weighted.iter().zip(copied).for_each(|(w, c)| close(*w, c));
        }
    }
}

#[test]
fn intervals_cover_the_truth_about_as_often_as_they_say() {
    // Scores of subjects with a spread of their own; the truth is a big sample's EER.
    let draw = |subjects: u32, seed: u64| {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut normal = move || (0..12).map(|_| rng.random::<f64>()).sum::<f64>() - 6.0;
        let mut all = Vec::new();
        for enrolled in 0..subjects {
            let own = 0.7 * normal();
            for i in 0..30 {
                let genuine = i < 10;
                let score = own + normal() + if genuine { 2.0 } else { 0.0 };
                all.push(Trial { enrolled, genuine, score, llr_nats: score - 1.0 });
            }
        }
        all
    };
    let big = Curve::new(&draw(20_000, 1));
    let truth = big.measure(&vec![1; big.subjects()]);
    let (mut eer, mut cllr) = (0, 0);
    for seed in 0..60 {
        let m = Measures::of(&draw(60, 100 + seed), seed).unwrap();
        let inside = |m: &Measured, truth: f64| usize::from((m.interval.0..=m.interval.1).contains(&truth));
        eer += inside(&m.eer, truth[0]);
        cllr += inside(&m.cllr, truth[4]);
    }
    assert!((51..=60).contains(&eer) && (51..=60).contains(&cllr), "{eer} and {cllr} of 60");
}

#[test]
fn intervals_depend_on_the_seed_alone() {
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    let genuine: Vec<f64> = (0..200).map(|_| rng.random::<f64>() + 0.5).collect();
    let impostor: Vec<f64> = (0..400).map(|_| rng.random::<f64>()).collect();
    let mut all = trials(&genuine, &impostor);
    all.iter_mut().enumerate().for_each(|(i, t)| t.enrolled = i as u32 % 50);
    assert_eq!(Measures::of(&all, 7), Measures::of(&all, 7));
    assert_ne!(Measures::of(&all, 7).unwrap().eer.interval, Measures::of(&all, 8).unwrap().eer.interval);
}

#[test]
fn no_error_gives_the_rule_of_three() {
    let m = Measures::of(&trials(&[2.0; 60], &[1.0; 300]), 1).unwrap();
    assert_eq!((m.eer.value, m.eer.bound), (0.0, Some(0.05)));
    assert_eq!(m.fnmr_at_fmr_1e_3.bound, Some(0.05));
    assert_eq!(m.smallest_fmr(), 0.01);
    assert_eq!(m.cllr.bound, None);
    let m = Measures::of(&trials(&[0.0, 2.0], &[1.0; 4]), 1).unwrap();
    assert_eq!(m.eer.bound, None);
    assert_eq!(Measures::of(&trials(&[1.0], &[]), 1), None);
}

#[test]
fn percentiles_interpolate() {
    assert_eq!(percentile(&mut [3.0, 1.0, 2.0], 0.5), 2.0);
    assert_eq!(percentile(&mut [4.0, 0.0], 0.25), 1.0);
    assert_eq!(percentile(&mut [f64::INFINITY, 1.0, f64::INFINITY], 1.0), f64::INFINITY);
    assert!(percentile(&mut [], 0.5).is_nan());
}

#[test]
fn a_trade_off_by_hand() {
    // 100 impostors at 0 to 99. 10 genuine at 90.5 to 99.5: with the n best impostors matched, the n genuine among them
    // are accepted.
    let impostor: Vec<f64> = (0..100).map(f64::from).collect();
    let genuine: Vec<f64> = (0..10).map(|i| 90.5 + f64::from(i)).collect();
    let points = det(&trials(&genuine, &impostor), 1);
    // 100 impostors can't show less than 3 %.
    assert_eq!(points.iter().map(|p| p.fmr).collect::<Vec<_>>(), [0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5]);
    // The threshold for 3 % lies just above the fourth best impostor, 96: 4 of 10 are above it.
    close(points[0].fnmr, 0.6);
    close(points[1].fnmr, 0.4);
    close(points[7].fnmr, 0.0);
    assert!(points.iter().all(|p| p.interval.0 <= p.fnmr && p.fnmr <= p.interval.1), "{points:?}");
    assert!(det(&trials(&genuine, &[]), 1).is_empty());
}

#[test]
fn ratios_that_mean_what_they_say_lie_on_the_diagonal() {
    // Normal scores with means ±2 and variance 4 have ratios equal to themselves.
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    let mut draw = |mean: f64| mean + 2.0 * ((0..12).map(|_| rng.random_range(0.0..1.0)).sum::<f64>() - 6.0);
    let genuine: Vec<f64> = (0..4_000).map(|_| draw(2.0)).collect();
    let impostor: Vec<f64> = (0..16_000).map(|_| draw(-2.0)).collect();
    let mut all = trials(&genuine, &impostor);
    let bins = reliability(&all, 1);
    assert!(bins.len() > 5 && bins.is_sorted_by(|a, b| a.stated_nats < b.stated_nats), "{bins:?}");
    assert!(bins.iter().all(|b| (b.observed_nats - b.stated_nats).abs() < 0.4), "{bins:?}");
    assert!(bins.iter().all(|b| b.trials.0.min(b.trials.1) >= 5 && b.interval.0 < b.interval.1));
    assert_eq!(bins.iter().map(|b| b.trials.0 + b.trials.1).sum::<usize>(), all.len());
    // Twice as sure as they may be.
    all.iter_mut().for_each(|t| t.llr_nats *= 2.0);
    let bins = reliability(&all, 1);
    let sure: Vec<_> = bins.iter().filter(|b| (3.0..8.0).contains(&b.stated_nats.abs())).collect();
    assert!(sure.len() > 3, "{bins:?}");
    assert!(sure.iter().all(|b| (b.observed_nats / b.stated_nats - 0.5).abs() < 0.15), "{bins:?}");
    assert!(reliability(&all[..10], 1).is_empty());
}
