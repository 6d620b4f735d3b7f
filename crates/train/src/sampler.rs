use crate::{
    disguise::Disguise,
    learner::{Recipe, Variation},
    people::{Subject, append},
};
use anyhow::{Result, ensure};
use rand::{
    Rng, RngExt, SeedableRng,
    seq::{IndexedRandom, index},
};
use rand_chacha::ChaCha8Rng;
use stillyou_models::keystroke::{Features, KeyDetail, MIN_WINDOW, Stroke, UNKNOWN, WINDOW};

/// Draws training batches: a few windows of each of many people. Batch `n` of a seed is always the same.
pub struct Sampler {
    seed: u64,
    subjects: Vec<Subject>,
    keyed: Vec<usize>,
    people: usize,
    windows: usize,
    disguises: bool,
    /// By how much the tempo of a window varies.
    tempo: f64,
    /// By how much the holds of a window vary together, in µs.
    hold_us: i64,
}

impl Sampler {
    /// Batches as the recipe says.
    ///
    /// # Errors
    /// When there are fewer people than a batch holds.
    pub fn new(recipe: &Recipe, subjects: Vec<Subject>) -> Result<Self> {
        let keyed: Vec<usize> = (0..subjects.len()).filter(|i| subjects[*i].keyed).collect();
        let Recipe { seed, people, windows, .. } = *recipe;
        ensure!(subjects.len() >= people, "{} people to train on; a batch holds {people}", subjects.len());
        let disguises = !recipe.varies(Variation::NoDisguises);
        let tempo = if recipe.varies(Variation::Tempo) { 0.15 } else { 0.03 };
        let hold_us = if recipe.varies(Variation::HoldOffset) { 10_000 } else { 0 };
        Ok(Self { seed, subjects, keyed, people, windows, disguises, tempo, hold_us })
    }

    /// Batch `step`. As much of the keys is shown in all its windows (but some dropped): else how much is shown would
    /// tell people apart.
    pub fn batch(&self, step: u64) -> Result<Drawn> {
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed);
        rng.set_stream(step + 1);
        let detail = self.detail(&mut rng);
        let with_keys = detail != KeyDetail::Nothing;
        let pool = if with_keys { self.keyed.len() } else { self.subjects.len() };
        let mut batch = Drawn { windows: Vec::new(), people: Vec::new() };
        for chosen in index::sample(&mut rng, pool, self.people) {
            let person = if with_keys { self.keyed[chosen] } else { chosen };
            let subject = &self.subjects[person];
            let disguise = (self.disguises && rng.random_bool(0.5)).then(|| Disguise::draw(&mut rng));
            for passage in passages(&mut rng, subject.passages.len(), self.windows) {
                let mut window = cut(&mut rng, subject, passage);
                disguise.iter().for_each(|d| d.put_on(&mut window));
                self.vary(&mut rng, &mut window);
                batch.windows.push(Features::of_strokes(&window, detail)?);
                batch.people.push(person);
            }
        }
        Ok(batch)
    }

    fn detail(&self, rng: &mut impl Rng) -> KeyDetail {
        match rng.random::<f64>() {
            _ if self.keyed.len() < self.people => KeyDetail::Nothing,
            drawn if drawn < SHOWN_NOTHING => KeyDetail::Nothing,
            drawn if drawn < SHOWN_NOTHING + SHOWN_MOVEMENTS => KeyDetail::Movements,
            _ => KeyDetail::Keys,
        }
    }

    /// Half a millisecond of clock jitter (recordings have whole milliseconds, live stamps don't), sometimes a coarser clock,
    /// a slightly other tempo, and dropped keys.
    fn vary(&self, rng: &mut impl Rng, window: &mut [Stroke]) {
        let tempo = 1.0 + rng.random_range(-self.tempo..self.tempo);
        let drop = if rng.random_bool(0.3) { 0.15 } else { 0.02 };
        let tick_us = if rng.random_bool(0.1) { *[4_000, 8_000, 15_625].choose(rng).unwrap_or(&1) } else { 1 };
        let hold_us = if self.hold_us > 0 { rng.random_range(-self.hold_us..=self.hold_us) } else { 0 };
        let start = window.first().map_or(0, |s| s.pressed_us);
        let mut last = i64::MIN;
        for stroke in window {
            let hold = stroke.released_us - stroke.pressed_us + hold_us + rng.random_range(-700..=700);
            let since = ((stroke.pressed_us - start) as f64 * tempo) as i64 + rng.random_range(-500..=500);
            let released = since + hold.max(0);
            stroke.pressed_us = (since - since.rem_euclid(tick_us)).max(last);
            stroke.released_us = (released - released.rem_euclid(tick_us)).max(stroke.pressed_us);
            last = stroke.pressed_us;
            if rng.random_bool(drop) {
                stroke.token = UNKNOWN;
            }
        }
    }
}

/// One batch.
pub struct Drawn {
    /// The windows.
    pub windows: Vec<Features>,
    /// Whose each is.
    pub people: Vec<usize>,
}

/// The share of batches that show times alone; people whose keys nobody knows are in these only.
const SHOWN_NOTHING: f64 = 0.12;
/// The share of batches that show kinds of movement.
const SHOWN_MOVEMENTS: f64 = 0.13;

/// Different passages while there are enough.
fn passages(rng: &mut impl Rng, available: usize, wanted: usize) -> Vec<usize> {
    let mut drawn: Vec<usize> = index::sample(rng, available, wanted.min(available)).into_iter().collect();
    while drawn.len() < wanted {
        drawn.push(rng.random_range(0..available));
    }
    drawn
}

/// A window as live use and the protocol meet them: the start of a passage, any place in it, or one that runs on into
/// another passage after a pause; sometimes shorter.
fn cut(rng: &mut impl Rng, subject: &Subject, passage: usize) -> Vec<Stroke> {
    let mut strokes = subject.passages[passage].clone();
    let (from, full) = match rng.random_range(0..10) {
        0..5 => (0, WINDOW),
        5..8 => {
            let other = &subject.passages[rng.random_range(0..subject.passages.len())];
            let pause_us = (rng.random_range(200_000f64.ln()..4_000_000f64.ln())).exp();
            append(&mut strokes, other, pause_us as i64);
            (rng.random_range(0..=strokes.len().saturating_sub(MIN_WINDOW)), WINDOW)
        }
        _ => (rng.random_range(0..=strokes.len().saturating_sub(MIN_WINDOW)), rng.random_range(MIN_WINDOW..=WINDOW)),
    };
    let from = from.min(strokes.len().saturating_sub(full));
    strokes.drain(..from);
    strokes.truncate(full);
    strokes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::Kind;
    use burn::tensor::Device;
    use stillyou_models::keystroke::network::Batch;
    use stillyou_recordings::typist::Typist;

    fn sampler(variations: &[Variation]) -> Sampler {
        let subject = |n: u64| {
            let typed = Typist::new(n).record(8).sessions;
            let long = typed.iter().filter(|s| s.keystrokes.len() >= MIN_WINDOW);
            let passages = long.map(|s| s.keystrokes.iter().map(Stroke::from).collect()).collect();
            Subject { set: "made-up".into(), name: n.to_string(), keyed: true, passages }
        };
        let recipe = Kind::Own.recipe(1, 20, variations).unwrap();
        Sampler::new(&recipe, (0..20).map(subject).collect()).unwrap()
    }

    #[test]
    fn a_batch_is_always_the_same_and_every_variation_changes_it() {
        let times = |sampler: &Sampler| -> Vec<f32> {
            let windows = sampler.batch(3).unwrap().windows;
            Batch::of(&windows, &Device::flex()).timings.into_data().iter::<f32>().collect()
        };
        let plain = times(&sampler(&[]));
        assert_eq!(plain, times(&sampler(&[])));
        assert_eq!(sampler(&[]).batch(3).unwrap().people.len(), 20 * 4);
        for variation in [Variation::NoDisguises, Variation::Tempo, Variation::HoldOffset] {
            assert_ne!(plain, times(&sampler(&[variation])), "{variation:?}");
        }
        // That one is the loss's.
        assert_eq!(plain, times(&sampler(&[Variation::HardNegatives])));
    }
}
