use super::{discriminants, people::Person};
use crate::{learner::Numbered, loss::contrastive};
use anyhow::{Result, bail};
use burn::{
    grad_clipping::GradientClippingConfig,
    module::{Module, Param},
    optim::{AdamWConfig, GradientsParams},
    tensor::{Device, Tensor, TensorData},
};
use rand::{SeedableRng, seq::index};
use rand_chacha::ChaCha8Rng;
use stillyou_models::pointer::{
    Features, STATISTICS, VALUES,
    network::{Architecture, Batch, CLIP, Network, Scale},
};

/// What decides the weights, besides the people and the code.
#[derive(Clone, Debug)]
pub struct Recipe {
    /// Seeds the first weights, the variations and every batch.
    pub seed: u64,
    /// Steps of training.
    pub steps: u64,
    /// The network's sizes.
    pub sizes: Architecture,
}

/// Trains a network on people.
///
/// # Errors
/// When the loss is not finite.
pub fn train(people: &[&Person], recipe: &Recipe) -> Result<Network> {
    let mut rng = ChaCha8Rng::seed_from_u64(recipe.seed);
    let pool = people.iter().map(|p| p.windows(VARIATIONS, &mut rng)).collect::<Result<Vec<_>>>()?;
    let device = Device::flex().autodiff();
    device.seed(recipe.seed);
    let mut network = Network::new(&recipe.sizes, &device).map(&mut Numbered(0));
    let (means, deviations) = spread(pool.iter().flatten().flat_map(Features::rows), VALUES);
    network.values = Scale::of(&means, &deviations, &device);
    learn(&mut network, &pool, recipe, &device, &mut rng)?;
    let mut network = network.valid();
    project(&mut network, &pool, recipe.sizes.projected);
    Ok(network)
}

/// Copies of each session with another size, tempo and jitter.
const VARIATIONS: usize = 4;
const PEOPLE: usize = 24;
const WINDOWS: usize = 5;
const RATE: f64 = 2e-3;
const WARM_UP: u64 = 20;
const TEMPERATURE: f32 = 0.1;
const DECAY: f32 = 0.05;

fn learn(
    network: &mut Network,
    pool: &[Vec<Features>],
    recipe: &Recipe,
    device: &Device,
    rng: &mut ChaCha8Rng,
) -> Result<()> {
    let mut optimizer = AdamWConfig::new()
        .with_beta_2(0.99)
        .with_epsilon(1e-8)
        .with_weight_decay(DECAY)
        .with_grad_clipping(Some(GradientClippingConfig::Norm(1.0)))
        .init();
    let mut losses = Vec::new();
    for step in 0..recipe.steps {
        let (mut windows, mut whose) = (Vec::new(), Vec::new());
        for person in index::sample(rng, pool.len(), PEOPLE.min(pool.len())) {
            let of = &pool[person];
            for at in index::sample(rng, of.len(), WINDOWS.min(of.len())) {
                windows.push(of[at].clone());
                whose.push(person);
            }
        }
        let batch = Batch::of(&windows, device);
        let values = network.values.forward(batch.strokes).detach();
        let embeddings = network.encoder.forward(values, batch.present);
        let loss = contrastive(embeddings, &whose, TEMPERATURE, 0.0, device);
        let gradients = GradientsParams::from_grads(loss.backward(), &network.encoder);
        let value: f32 = loss.into_scalar();
        if !value.is_finite() {
            bail!("the loss is {value} at step {step}");
        }
        let left = 1.0 - step as f64 / recipe.steps as f64;
        let rate = RATE * ((step + 1) as f64 / WARM_UP as f64).min(1.0) * left;
        network.encoder = optimizer.step(rate, network.encoder.clone(), gradients);
        losses.push(value);
        if losses.len() == TELL_EVERY {
            println!("  step {}, loss {:.3}", step + 1, losses.drain(..).sum::<f32>() / TELL_EVERY as f32);
        }
    }
    Ok(())
}

const TELL_EVERY: usize = 100;

/// Scales and projects the statistics of the windows.
fn project(network: &mut Network, pool: &[Vec<Features>], outputs: usize) {
    let device = Device::flex();
    let windows = || pool.iter().enumerate().flat_map(|(person, of)| of.iter().map(move |w| (person, w)));
    let (means, deviations) = spread(windows().map(|(_, w)| w.statistics()), STATISTICS);
    network.statistics = Scale::of(&means, &deviations, &device);
    let scaled = |w: &Features| -> Vec<f64> {
        let of = |((v, m), d): ((&f32, &f32), &f32)| {
            let known = v.is_finite() && *d > 1e-4;
            if known { f64::from(((v - m) / d).clamp(-CLIP, CLIP)) } else { 0.0 }
        };
        w.statistics().iter().zip(&means).zip(&deviations).map(of).collect()
    };
    let rows: Vec<Vec<f64>> = windows().map(|(_, w)| scaled(w)).collect();
    let people: Vec<usize> = windows().map(|(person, _)| person).collect();
    let found = discriminants::fit(&rows, &people, outputs);
    let tensor = |values, shape: [usize; 2]| Tensor::<2>::from_data(TensorData::new(values, shape), &device);
    network.projection.weight = Param::from_tensor(tensor(found.weights, [STATISTICS, outputs]));
    network.projection.bias = Some(Param::from_tensor(tensor(found.bias, [1, outputs]).reshape([outputs])));
}

/// Means and deviations of the columns of rows where they are known.
fn spread<'a>(rows: impl Iterator<Item = &'a [f32]>, columns: usize) -> (Vec<f32>, Vec<f32>) {
    let (mut n, mut sums, mut squares) = (vec![0.0; columns], vec![0.0; columns], vec![0.0; columns]);
    for row in rows {
        for (at, value) in row.iter().enumerate().filter(|(_, v)| v.is_finite()) {
            let value = f64::from(*value);
            n[at] += 1.0;
            sums[at] += value;
            squares[at] += value * value;
        }
    }
    let mean = |at: usize| sums[at] / f64::max(n[at], 1.0);
    let deviation = |at: usize| (squares[at] / f64::max(n[at], 1.0) - mean(at).powi(2)).max(0.0).sqrt();
    ((0..columns).map(|at| mean(at) as f32).collect(), (0..columns).map(|at| deviation(at) as f32).collect())
}
