use anyhow::{Context, Result};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::{fmt::Write, path::Path};
use stillyou_evaluate::attacks::{Attack, KEYSTROKES, Victim, forge::Habits, joined};
use stillyou_models::keystroke::pad::{
    CLASSES, Coefficients, MACHINE_NATS, PROBE, Pad, REPLAY_NATS, STATISTICS, TERMS, cumulated, statistics,
};
use stillyou_models::keystroke::{Stroke, WINDOW};
use stillyou_recordings::{Person, Share, Text, discover, typist};
use stillyou_sense::{Micros, keyboard::Keystroke};

/// Fits the coefficients of the signal "is this a person at this keyboard" on people of the train share against forgeries of
/// them, calibrates them on the calibrate share, and tells on the validate share how often people are taken for a machine
/// or a replay, and how many forgeries are found, by threshold. Writes them where `out` says.
pub fn person(data: &Path, seed: u64, out: Option<&Path>) -> Result<()> {
    let train = windows(&people(data, Share::Train)?, seed)?;
    println!("{} windows of {} people to fit on", train.genuine.len(), train.people);
    let mut fitted = fit(&train);
    let calibrate = windows(&people(data, Share::Calibrate)?, seed + 1)?;
    println!("{} windows of {} people to calibrate on", calibrate.genuine.len(), calibrate.people);
    recalibrate(&mut fitted, &calibrate);
    if let Some(out) = out {
        std::fs::write(out, written(&fitted, &train)).with_context(|| out.display().to_string())?;
        println!("wrote {}", out.display());
    }
    let validate = people(data, Share::Validate)?;
    machines(&fitted, &validate, seed)?;
    replays(data, &validate, seed)
}

/// Kinds of forgery, as the coefficients' classes: too even, and drawn one by one. Forgeries by key pair are in none: they
/// show how a forgery fares that was not learnt.
fn class(attack: Attack) -> Option<usize> {
    match attack {
        Attack::Robot { .. } | Attack::HumanLikeRobot | Attack::Paste | Attack::PasteWords => Some(0),
        Attack::Population | Attack::Own(_) => Some(1),
        _ => None,
    }
}

/// A person's typing: all sentences in one go, and what forgers need.
struct Typist {
    made_up: bool,
    all: Vec<Keystroke>,
    victim: Victim,
}

/// People of a share: recorded ones, and made-up typists, whom the signal must take for people as well (they are used in
/// demo and tests, and their times hang together less than hands').
fn people(data: &Path, share: Share) -> Result<Vec<Typist>> {
    let mut all = Vec::new();
    for source in discover(&data.join("aalto"))? {
        let set = source.load()?;
        let mine = set.people.iter().filter(|p| Share::of(&set.name, &p.subject) == share);
        all.extend(mine.filter_map(|p| of(p, false)));
    }
    let seeds = (1..=MADE_UP).filter(|seed| Share::of(typist::SET_NAME, &seed.to_string()) == share);
    all.extend(seeds.filter_map(|seed| of(&typist::Typist::new(seed).record(15), true)));
    Ok(all)
}

fn of(person: &Person, made_up: bool) -> Option<Typist> {
    Some(Typist { made_up, all: joined(person, 1..=15, usize::MAX), victim: Victim::of(person)? })
}

/// Made-up typists in all shares.
const MADE_UP: u64 = 400;

struct Windows {
    people: usize,
    genuine: Vec<[f64; STATISTICS]>,
    forged: [Vec<[f64; STATISTICS]>; CLASSES],
}

fn windows(people: &[Typist], seed: u64) -> Result<Windows> {
    let population = population(people)?;
    let mut all = Windows { people: people.len(), genuine: Vec::new(), forged: Default::default() };
    for (at, person) in people.iter().enumerate() {
        all.genuine.extend(in_windows(&person.all));
        for (number, attack) in Attack::all().into_iter().enumerate() {
            if let Some(class) = class(attack).filter(|_| !person.made_up) {
                let mut rng = rng(seed, at, number);
                let typed = attack.forge(&person.victim, &population, &person.victim, &mut rng);
                all.forged[class].extend(in_windows(&typed));
            }
        }
    }
    Ok(all)
}

fn population(people: &[Typist]) -> Result<Habits> {
    let real = people.iter().filter(|p| !p.made_up).flat_map(|p| p.victim.enrol.iter().map(Vec::as_slice));
    Habits::of(real).context("no recorded person of this share")
}

fn rng(seed: u64, at: usize, number: usize) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream((at * 1_000 + number) as u64);
    rng
}

fn in_windows(typed: &[Keystroke]) -> Vec<[f64; STATISTICS]> {
    let strokes: Vec<Stroke> = typed.iter().map(Stroke::from).collect();
    strokes.chunks_exact(WINDOW).filter_map(statistics).collect()
}

fn fit(on: &Windows) -> Coefficients {
    let n = on.genuine.len() as f64;
    let means: [f64; STATISTICS] = std::array::from_fn(|i| on.genuine.iter().map(|w| w[i]).sum::<f64>() / n);
    let deviations: [f64; STATISTICS] = std::array::from_fn(|i| {
        (on.genuine.iter().map(|w| (w[i] - means[i]).powi(2)).sum::<f64>() / n).sqrt().max(1e-6)
    });
    let mut fitted = Coefficients { means, deviations, classes: [[0.0; TERMS]; CLASSES] };
    for class in 0..CLASSES {
        let rows = |of: &[[f64; STATISTICS]]| of.iter().map(|w| fitted.terms(w).to_vec()).collect::<Vec<_>>();
        let weights = logistic(&rows(&on.forged[class]), &rows(&on.genuine), RIDGE);
        fitted.classes[class].iter_mut().zip(weights).for_each(|(w, found)| *w = found);
    }
    fitted
}

/// A logistic regression of the ratios on other people corrects intercept and scale of each class.
fn recalibrate(fitted: &mut Coefficients, on: &Windows) {
    for class in 0..CLASSES {
        let weights = fitted.classes[class];
        let ratio = |w: &[f64; STATISTICS]| {
            let nats: f64 = fitted.terms(w).iter().zip(&weights).map(|(t, w)| t * w).sum();
            vec![1.0, nats.clamp(-20.0, 20.0)]
        };
        let rows = |of: &[[f64; STATISTICS]]| of.iter().map(ratio).collect::<Vec<_>>();
        let [offset, scale] = logistic(&rows(&on.forged[class]), &rows(&on.genuine), 1e-6)[..] else { continue };
        println!("class {class}: scale {scale:.3}, offset {offset:.3}");
        fitted.classes[class].iter_mut().for_each(|w| *w *= scale);
        fitted.classes[class][0] += offset;
    }
}

const RIDGE: f64 = 1e-3;

/// Logistic regression with both classes weighing the same, by iteratively reweighted least squares.
fn logistic(positive: &[Vec<f64>], negative: &[Vec<f64>], ridge: f64) -> Vec<f64> {
    let size = negative.first().map_or(0, Vec::len);
    let mut w = vec![0.0; size];
    for _ in 0..40 {
        let mut gradient: Vec<f64> = w.iter().map(|w| ridge * w).collect();
        let mut hessian = vec![vec![0.0; size]; size];
        (0..size).for_each(|i| hessian[i][i] = ridge);
        for (rows, target) in [(positive, 1.0), (negative, 0.0)] {
            let weight = 0.5 / rows.len().max(1) as f64;
            for row in rows {
                let nats: f64 = row.iter().zip(&w).map(|(x, w)| x * w).sum();
                let p = 1.0 / (1.0 + (-nats).exp());
                for i in 0..size {
                    gradient[i] += weight * (p - target) * row[i];
                    for j in 0..=i {
                        hessian[i][j] += weight * p * (1.0 - p) * row[i] * row[j];
                    }
                }
            }
        }
        let step = solve(hessian, gradient);
        w.iter_mut().zip(&step).for_each(|(w, s)| *w -= s);
        if step.iter().all(|s| s.abs() < 1e-8) {
            break;
        }
    }
    w
}

/// Cholesky's method on the lower triangle of a positive definite matrix.
fn solve(mut a: Vec<Vec<f64>>, mut b: Vec<f64>) -> Vec<f64> {
    let n = b.len();
    for i in 0..n {
        for j in 0..=i {
            let known: f64 = (0..j).map(|k| a[i][k] * a[j][k]).sum();
            a[i][j] = if i == j { (a[i][i] - known).max(1e-12).sqrt() } else { (a[i][j] - known) / a[j][j] };
        }
    }
    for i in 0..n {
        let known: f64 = (0..i).map(|k| a[i][k] * b[k]).sum();
        b[i] = (b[i] - known) / a[i][i];
    }
    for i in (0..n).rev() {
        let known: f64 = (i + 1..n).map(|k| a[k][i] * b[k]).sum();
        b[i] = (b[i] - known) / a[i][i];
    }
    b
}

fn written(fitted: &Coefficients, on: &Windows) -> String {
    let row = |values: &[f64]| values.iter().map(|v| format!("{v:.5}")).collect::<Vec<_>>().join(", ");
    let mut text = format!(
        "//! Made by `stillyou-train person`; not to be edited. Fitted on {} windows of {} people of the train share of the\n\
         //! Aalto set and of made-up typists, against forgeries of the former; calibrated on their calibrate share.\n\n\
         use super::coefficients::Coefficients;\n\n/// The coefficients in use.\n#[rustfmt::skip]\n\
         pub const FITTED: Coefficients = Coefficients {{\n",
        on.genuine.len(),
        on.people
    );
    let _ = writeln!(text, "    means: [{}],", row(&fitted.means));
    let _ = writeln!(text, "    deviations: [{}],", row(&fitted.deviations));
    let _ = writeln!(text, "    classes: [");
    for class in &fitted.classes {
        let _ = writeln!(text, "        [{}],", row(class));
    }
    text + "    ],\n};\n"
}

/// The cumulative sum's highest level in each stretch, with the number of its keystrokes.
fn machines(fitted: &Coefficients, people: &[Typist], seed: u64) -> Result<()> {
    let population = population(people)?;
    let level = |typed: &[Keystroke]| highest(fitted, typed);
    let mut table: Vec<(String, Vec<f64>)> = Vec::new();
    for made_up in [false, true] {
        let mine: Vec<&Typist> = people.iter().filter(|p| p.made_up == made_up).collect();
        let keystrokes: usize = mine.iter().map(|p| p.all.len()).sum();
        let name = if made_up { "made-up typists" } else { "recorded people" };
        table.push((format!("{name}, {keystrokes} keystrokes"), mine.iter().map(|p| level(&p.all)).collect()));
    }
    for (number, attack) in Attack::all().into_iter().enumerate() {
        if class(attack).is_some() || attack == Attack::OwnPairs {
            let real = people.iter().enumerate().filter(|(_, p)| !p.made_up);
            let levels = real.map(|(at, person)| {
                level(&attack.forge(&person.victim, &population, &person.victim, &mut rng(seed, at, number)))
            });
            table.push((attack.to_string(), levels.collect()));
        }
    }
    let thresholds = [3.0, 4.0, 5.0, 5.5, 6.0, 6.5, 7.0, 8.0, 9.0];
    println!(
        "share of people, or of attacks of {KEYSTROKES} keystrokes, taken for a machine, by threshold (in use: {MACHINE_NATS})"
    );
    println!("{:<44} {}", "", thresholds.map(|t| format!("{t:>7.1}")).join(""));
    for (name, levels) in table {
        let share = |t: f64| levels.iter().filter(|l| **l >= t).count() as f64 / levels.len().max(1) as f64;
        println!("{name:<44} {}", thresholds.map(|t| format!("{:>7.4}", share(t))).join(""));
    }
    Ok(())
}

/// The highest that the sum of nats for a machine comes to, evidence due every 10 keystrokes.
fn highest(fitted: &Coefficients, typed: &[Keystroke]) -> f64 {
    let strokes: Vec<Stroke> = typed.iter().map(Stroke::from).collect();
    let (mut sum, mut most) = (0.0, 0.0f64);
    for end in (WINDOW..=strokes.len()).step_by(10) {
        if let Some(nats) = fitted.machine_nats(&strokes[end - WINDOW..end]) {
            sum = cumulated(sum, nats);
            most = most.max(sum);
        }
    }
    most
}

/// The highest likeness to anything typed earlier: of people who type different sentences, of people who type one text
/// again and again, and of replays.
fn replays(data: &Path, people: &[Typist], seed: u64) -> Result<()> {
    let mut table: Vec<(String, Vec<f64>)> = Vec::new();
    let real: Vec<&Typist> = people.iter().filter(|p| !p.made_up).collect();
    let sentences = real.iter().map(|p| likeness(&p.all, 0)).collect();
    table.push(("people, other sentences".to_owned(), sentences));
    for share in [Share::Train, Share::Validate] {
        for source in discover(&data.join("bksd"))? {
            let set = source.load()?;
            if set.text != Text::Fixed {
                continue;
            }
            let mine = set.people.iter().filter(|p| Share::of(&set.name, &p.subject) == share);
            let typed: Vec<Vec<Keystroke>> = mine.flat_map(repeated).collect();
            let keystrokes: usize = typed.iter().map(Vec::len).sum();
            let name = format!("bksd {share}: one text again and again, {keystrokes} keys");
            table.push((name, typed.iter().map(|t| likeness(t, 0)).collect()));
        }
    }
    let population = population(people)?;
    for jitter_ms in [0.0, 1.0, 2.0, 5.0, 10.0, 15.0, 20.0] {
        let attack = Attack::Replay { jitter_ms };
        let mut levels = Vec::new();
        for (at, person) in real.iter().enumerate() {
            let mut rng = rng(seed, at, 900);
            let typed = attack.forge(&person.victim, &population, &person.victim, &mut rng);
            let shift = person.victim.session.iter().map(|k| k.released_at.0).max().unwrap_or(0) + 1_000_000;
            let both: Vec<Keystroke> = person
                .victim
                .session
                .iter()
                .cloned()
                .chain(typed.into_iter().map(|mut k| {
                    (k.pressed_at, k.released_at) = (Micros(k.pressed_at.0 + shift), Micros(k.released_at.0 + shift));
                    k
                }))
                .collect();
            levels.push(likeness(&both, person.victim.session.len()));
        }
        table.push((attack.to_string(), levels));
    }
    println!("highest likeness of {PROBE} keystrokes to earlier ones, nats (in use: {REPLAY_NATS})");
    for (name, mut levels) in table {
        levels.sort_by(f64::total_cmp);
        let at = |p: f64| levels.get(((levels.len() as f64 - 1.0) * p) as usize).copied().unwrap_or(f64::NAN);
        let over = levels.iter().filter(|l| **l >= REPLAY_NATS).count();
        println!(
            "{name:<60} {over:>4} of {:<4} found; least {:.1}, 5 % {:.1}, median {:.1}, 95 % {:.1}, highest {:.1}",
            levels.len(),
            at(0.0),
            at(0.05),
            at(0.5),
            at(0.95),
            at(1.0)
        );
    }
    Ok(())
}

/// A person's repetitions of each text, half a second to two apart.
fn repeated(person: &Person) -> Vec<Vec<Keystroke>> {
    let mut names: Vec<&str> = person.sessions.iter().map(|s| s.name.as_str()).collect();
    names.dedup();
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let of = |name: &str, rng: &mut ChaCha8Rng| {
        let mut all: Vec<Keystroke> = Vec::new();
        for session in person.sessions.iter().filter(|s| s.name == name) {
            let Some(first) = session.keystrokes.first() else { continue };
            let start = all.iter().rev().take(10).map(|k| k.released_at.0).max().unwrap_or(0);
            let shift = start + rng.random_range(500_000..2_000_000);
            all.extend(session.keystrokes.iter().cloned().map(|mut k| {
                k.pressed_at.0 = k.pressed_at.0 - first.pressed_at.0 + shift;
                k.released_at.0 = k.released_at.0 - first.pressed_at.0 + shift;
                k
            }));
        }
        all
    };
    names.into_iter().map(|name| of(name, &mut rng)).collect()
}

/// The highest likeness from keystroke `from` on, looked at every 10.
fn likeness(typed: &[Keystroke], from: usize) -> f64 {
    let mut pad = Pad::new();
    let mut most = f64::NEG_INFINITY;
    for (at, stroke) in typed.iter().enumerate() {
        pad.push(stroke);
        if at % 10 == 9 && at >= from {
            most = most.max(pad.likeness().unwrap_or(f64::NEG_INFINITY));
        }
    }
    most
}
