use crate::{loss::contrastive, sampler::Sampler, workers::Workers};
use anyhow::{Context, Result, bail, ensure};
use burn::{
    grad_clipping::GradientClippingConfig,
    module::{Module, ModuleMapper, Param, ParamId},
    optim::{AdamWConfig, ModuleOptimizer},
    store::ModuleRecord,
    tensor::{Device, Tensor},
};
use serde::{Deserialize, Serialize};
use std::{fs, path::Path};
use stillyou_models::keystroke::network::{Architecture, Network};

/// What decides the weights, besides the people and the code.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// Seeds the first weights and every batch.
    pub seed: u64,
    /// The network's sizes.
    pub sizes: Architecture,
    /// People in a batch.
    pub people: usize,
    /// Windows of each.
    pub windows: usize,
    /// The highest learning rate.
    pub rate: f64,
    /// Steps over which the rate rises to it.
    pub warm_up: u64,
    /// Temperature of the contrastive loss.
    pub temperature: f32,
    /// Decoupled weight decay.
    pub decay: f32,
    /// What is done otherwise.
    #[serde(default)]
    pub variations: Vec<Variation>,
}

/// What may be done otherwise than for the shipped packs; docs/science.md has what each is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Variation {
    /// Nobody is disguised; otherwise half of the people in a batch are, as somebody who does not exist.
    NoDisguises,
    /// Windows up to 15 % faster or slower, instead of 3 %.
    Tempo,
    /// Holds up to 10 ms longer or shorter in a window, as another keyboard's would be.
    HoldOffset,
    /// People who look alike count for more in the loss.
    HardNegatives,
}

impl Variation {
    /// The name on the command line.
    pub fn name(self) -> String {
        clap::ValueEnum::to_possible_value(&self).map_or_else(String::new, |v| v.get_name().to_owned())
    }
}

impl Recipe {
    /// Whether something is done otherwise.
    pub fn varies(&self, variation: Variation) -> bool {
        self.variations.contains(&variation)
    }
}

/// The part of training during which the rate falls to zero; before it, the rate is constant.
pub const COOLING: f64 = 0.3;

/// How much more those count who look alike: a cosine higher by 1 counts e^5 times.
const HARDNESS: f32 = 5.0;

/// A network in training.
pub struct Learner {
    recipe: Recipe,
    device: Device,
    network: Network,
    optimizer: ModuleOptimizer,
    workers: Workers,
    step: u64,
}

impl Learner {
    /// A network with the recipe's first weights, at step 0. Seeds the process's one tensor generator.
    ///
    /// # Errors
    /// When the system gives no threads.
    pub fn new(recipe: Recipe) -> Result<Self> {
        let device = Device::flex().autodiff();
        device.seed(recipe.seed);
        let network = Network::new(&recipe.sizes, &device).map(&mut Numbered(0));
        let optimizer = AdamWConfig::new()
            .with_beta_2(0.99)
            .with_epsilon(1e-8)
            .with_weight_decay(recipe.decay)
            .with_grad_clipping(Some(GradientClippingConfig::Norm(1.0)))
            .init();
        Ok(Self { recipe, device, network, optimizer, workers: Workers::new()?, step: 0 })
    }

    /// How many steps are done.
    pub fn step(&self) -> u64 {
        self.step
    }

    /// The network's sizes.
    pub fn sizes(&self) -> Architecture {
        self.recipe.sizes
    }

    /// The network as it is now, without gradients.
    pub fn network(&self) -> Network {
        self.network.valid()
    }

    /// One step of a training of `total` steps, where that is settled; the loss before it.
    ///
    /// # Errors
    /// When the loss is not finite.
    pub fn learn(&mut self, sampler: &Sampler, total: Option<u64>) -> Result<f32> {
        let drawn = sampler.batch(self.step)?;
        let (temperature, people) = (self.recipe.temperature, &drawn.people);
        let hardness = if self.recipe.varies(Variation::HardNegatives) { HARDNESS } else { 0.0 };
        let loss = |embeddings| contrastive(embeddings, people, temperature, hardness, &self.device);
        let (value, gradients) = self.workers.gradients(&self.network, &drawn.windows, &self.device, loss)?;
        if !value.is_finite() {
            bail!("the loss is {value} at step {}", self.step);
        }
        let rate = self.rate(total);
        let network = self.network.clone();
        self.network = self.optimizer.step(rate, network, gradients);
        self.step += 1;
        Ok(value)
    }

    /// Writes weights, optimizer and step to a folder, each file whole or not at all.
    pub fn save(&self, folder: &Path, total: Option<u64>) -> Result<()> {
        fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
        let weights = self.network.clone().into_record().into_bytes()?;
        write(folder, &format!("weights-{}.bpk", self.step), &weights)?;
        write(folder, &format!("optimizer-{}.bpk", self.step), &self.optimizer.into_bytes()?)?;
        let state = State { recipe: self.recipe.clone(), step: self.step, total };
        write(folder, "state.json", &serde_json::to_vec(&state)?)?;
        for entry in fs::read_dir(folder)?.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.ends_with(".bpk") && !name.ends_with(&format!("-{}.bpk", self.step)) {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }

    /// Goes on from what [`Learner::save`] wrote, with the total of steps it had settled on; `None` where nothing is.
    ///
    /// # Errors
    /// When what is there was made with another recipe, or can't be read.
    pub fn resume(recipe: &Recipe, folder: &Path) -> Result<Option<(Self, Option<u64>)>> {
        let path = folder.join("state.json");
        if !path.exists() {
            return Ok(None);
        }
        let read =
            |name: String| fs::read(folder.join(&name)).with_context(|| format!("{}", folder.join(name).display()));
        let state: State = serde_json::from_slice(&fs::read(&path)?).with_context(|| path.display().to_string())?;
        ensure!(
            state.recipe == *recipe,
            "{}: a training with another recipe is there; give another folder or remove it",
            path.display()
        );
        let mut learner = Self::new(state.recipe)?;
        let weights = burn::tensor::Bytes::from_bytes_vec(read(format!("weights-{}.bpk", state.step))?);
        let optimizer = burn::tensor::Bytes::from_bytes_vec(read(format!("optimizer-{}.bpk", state.step))?);
        learner.network = learner.network.try_load_record(ModuleRecord::from_bytes(weights)?)?;
        learner.optimizer = learner.optimizer.from_bytes(optimizer)?;
        learner.step = state.step;
        Ok(Some((learner, state.total)))
    }

    fn rate(&self, total: Option<u64>) -> f64 {
        let warm = (self.step + 1) as f64 / self.recipe.warm_up as f64;
        let left = total.map_or(1.0, |t| t.saturating_sub(self.step) as f64 / (COOLING * t as f64));
        self.recipe.rate * warm.min(left).clamp(0.0, 1.0)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct State {
    recipe: Recipe,
    step: u64,
    total: Option<u64>,
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> Result<()> {
    let (part, whole) = (folder.join(format!("{name}.part")), folder.join(name));
    fs::write(&part, bytes).with_context(|| part.display().to_string())?;
    fs::rename(&part, &whole).with_context(|| whole.display().to_string())
}

/// Numbers the parameters in order: their random ids would make equal weights differ as files.
pub struct Numbered(pub u64);

impl ModuleMapper for Numbered {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let (_, tensor, mapper) = param.consume();
        self.0 += 1;
        Param::from_mapped_value(ParamId::from(self.0), tensor, mapper)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{people, sampler::Sampler};
    use stillyou_recordings::Share;

    fn small() -> Recipe {
        Recipe {
            seed: 7,
            sizes: Architecture { width: 16, heads: 2, layers: 1, hidden: 16, embedding: 8 },
            people: 4,
            windows: 3,
            rate: 1e-2,
            warm_up: 2,
            temperature: 0.1,
            decay: 0.01,
            variations: Vec::new(),
        }
    }

    fn run(learner: &mut Learner, sampler: &Sampler, until: u64) -> Vec<u32> {
        let mut losses = Vec::new();
        while learner.step() < until {
            losses.push(learner.learn(sampler, Some(12)).unwrap().to_bits());
        }
        losses
    }

    fn weights(learner: &Learner) -> Vec<u8> {
        learner.network().into_record().into_bytes().unwrap().to_vec()
    }

    // One test, because the generator of first weights is the process's own.
    #[test]
    fn same_seed_same_bits_also_when_stopped_and_resumed() {
        let sampler = || Sampler::new(&small(), people::made_up(12, Share::Train)).unwrap();
        let mut first = Learner::new(small()).unwrap();
        let losses = run(&mut first, &sampler(), 12);
        let mut again = Learner::new(small()).unwrap();
        assert_eq!(losses, run(&mut again, &sampler(), 12));
        assert_eq!(weights(&first), weights(&again));

        let folder = tempfile::tempdir().unwrap();
        let mut stopped = Learner::new(small()).unwrap();
        run(&mut stopped, &sampler(), 5);
        stopped.save(folder.path(), Some(12)).unwrap();
        drop(stopped);
        let (mut resumed, total) = Learner::resume(&small(), folder.path()).unwrap().unwrap();
        assert_eq!((resumed.step(), total), (5, Some(12)));
        assert_eq!(losses[5..], run(&mut resumed, &sampler(), 12));
        assert_eq!(weights(&first), weights(&resumed));

        let other = Recipe { seed: 8, ..small() };
        let refused = Learner::resume(&other, folder.path()).err().unwrap().to_string();
        assert!(refused.contains("another recipe"), "{refused}");
        assert_ne!(losses, run(&mut Learner::new(other).unwrap(), &sampler(), 12));

        let early = f32::from_bits(losses[0]);
        let late = f32::from_bits(losses[11]);
        assert!(late < early, "the loss went from {early} to {late}");
    }
}
