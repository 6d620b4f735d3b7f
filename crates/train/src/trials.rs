use crate::people::Subject;
use anyhow::{Result, anyhow};
use burn::tensor::Device;
use rand::{SeedableRng, seq::index};
use rand_chacha::ChaCha8Rng;
use stillyou_models::keystroke::{
    Features, KeyDetail, Stroke, WINDOW,
    network::{Batch, Network},
};

/// Embeddings of windows, `[windows][embedding]`, 64 at a time.
pub fn embed(network: &Network, windows: &[Features]) -> Result<Vec<Vec<f32>>> {
    let device = Device::flex();
    let mut all = Vec::with_capacity(windows.len());
    for some in windows.chunks(64) {
        let embeddings = network.forward(Batch::of(some, &device));
        let [_, size] = embeddings.dims();
        let values: Vec<f32> = embeddings.into_data().try_to_vec().map_err(|e| anyhow!("{e:?}"))?;
        all.extend(values.chunks(size).map(<[f32]>::to_vec));
    }
    Ok(all)
}

/// Scores of a set of people under the evaluation's protocol.
#[derive(Default)]
pub struct Scores {
    /// Of owners.
    pub genuine: Vec<f64>,
    /// Of others.
    pub impostor: Vec<f64>,
}

/// Passages 1 to 5 enrol, 6 to 15 probe, each its first [`WINDOW`] keys; 20 impostors per person with one probe each.
/// `detail` is what is shown of the keys.
pub fn protocol(network: &Network, subjects: &[Subject], seed: u64, detail: KeyDetail) -> Result<Scores> {
    let (mut windows, mut owners) = (Vec::new(), Vec::new());
    for (i, subject) in subjects.iter().enumerate().filter(|(_, s)| s.passages.len() >= 6) {
        for (n, passage) in subject.passages.iter().take(15).enumerate() {
            let strokes: Vec<Stroke> = passage.iter().take(WINDOW).copied().collect();
            windows.push(Features::of_strokes(&strokes, detail)?);
            owners.push((i, n));
        }
    }
    let embeddings = embed(network, &windows)?;
    let of = |who: usize, enrol: bool| {
        let mine = owners.iter().zip(&embeddings).filter(move |((i, n), _)| *i == who && (*n < 5) == enrol);
        mine.map(|(_, e)| e.as_slice()).collect::<Vec<_>>()
    };
    let mut people: Vec<usize> = owners.iter().map(|(i, _)| *i).collect();
    people.dedup();
    let probes: Vec<Vec<&[f32]>> = people.iter().map(|i| of(*i, false)).collect();
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut scores = Scores::default();
    for (at, who) in people.iter().enumerate() {
        let template = mean(&of(*who, true));
        scores.genuine.extend(probes[at].iter().map(|p| dot(&template, p)));
        for other in
            index::sample(&mut rng, people.len(), people.len().min(21)).into_iter().filter(|o| *o != at).take(20)
        {
            let probe = index::sample(&mut rng, probes[other].len(), 1).index(0);
            scores.impostor.push(dot(&template, probes[other][probe]));
        }
    }
    Ok(scores)
}

/// The mean of unit vectors, at length 1.
pub fn mean(vectors: &[&[f32]]) -> Vec<f32> {
    let mut sum = vec![0.0f32; vectors.first().map_or(0, |v| v.len())];
    for vector in vectors {
        sum.iter_mut().zip(*vector).for_each(|(s, v)| *s += v);
    }
    let length = sum.iter().map(|s| s * s).sum::<f32>().sqrt().max(1e-9);
    sum.iter_mut().for_each(|s| *s /= length);
    sum
}

/// The inner product.
pub fn dot(a: &[f32], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(x, y)| f64::from(x * y)).sum()
}

impl Scores {
    /// The share of owners refused where a share `fmr` of others is accepted.
    pub fn false_non_matches_at(&self, fmr: f64) -> f64 {
        let mut others = self.impostor.clone();
        others.sort_by(|a, b| b.total_cmp(a));
        let threshold = others.get((fmr * others.len() as f64) as usize).copied().unwrap_or(f64::NEG_INFINITY);
        self.genuine.iter().filter(|s| **s <= threshold).count() as f64 / self.genuine.len().max(1) as f64
    }

    /// Where false matches and false non-matches are equally frequent, interpolated.
    pub fn equal_error_rate(&self) -> f64 {
        let mut all: Vec<(f64, bool)> = self.genuine.iter().map(|s| (*s, true)).collect();
        all.extend(self.impostor.iter().map(|s| (*s, false)));
        all.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (genuine, impostor) = (self.genuine.len() as f64, self.impostor.len() as f64);
        let (mut rejected, mut accepted) = (0.0, impostor);
        let mut before = (0.0, 1.0);
        for (_, is_genuine) in all {
            if is_genuine {
                rejected += 1.0
            } else {
                accepted -= 1.0
            }
            let now = (rejected / genuine, accepted / impostor);
            if now.0 >= now.1 {
                let (gap, was) = (now.0 - now.1, before.1 - before.0);
                let part = if gap + was > 0.0 { was / (gap + was) } else { 0.0 };
                return before.0 + part * (now.0 - before.0);
            }
            before = now;
        }
        1.0
    }
}
