use super::window::{Features, STATISTICS, VALUES, WINDOW};
use burn::module::{Module, Param};
use burn::nn::{Linear, LinearConfig};
use burn::tensor::{Device, Tensor, TensorData, activation::relu};
use serde::{Deserialize, Serialize};

/// The sizes of a [`Network`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Architecture {
    /// Width of the stream of one stroke.
    pub width: usize,
    /// Length of the encoder's part of an embedding.
    pub encoded: usize,
    /// Length of the statistics' part of an embedding.
    pub projected: usize,
    /// The encoder's share of a score, 0 to 1; the rest is the statistics'.
    pub balance: f32,
}

impl Architecture {
    /// The sizes the pack is trained with.
    pub const DEFAULT: Architecture = Architecture { width: 64, encoded: 48, projected: 48, balance: 0.5 };

    /// Whether the sizes are sane: 8 to 512, and the balance a share.
    pub fn is_sane(&self) -> bool {
        [self.width, self.encoded, self.projected].iter().all(|w| (8..=512).contains(w))
            && (0.0..=1.0).contains(&self.balance)
    }

    /// Length of an embedding.
    pub fn embedding(&self) -> usize {
        self.encoded + self.projected
    }
}

/// From windows of strokes to points on the unit sphere, where windows of one person lie close.
///
/// Two parts beside each other, each of unit norm and weighed by the balance: an [`Encoder`] that reads the strokes one
/// by one, and a [`Projection`] of the window's statistics (linear discriminants).
#[derive(Module, Debug)]
pub struct Network {
    /// Of the values of strokes.
    pub values: Scale,
    /// Trained by contrast.
    pub encoder: Encoder,
    /// Of the statistics of windows.
    pub statistics: Scale,
    /// Fitted in closed form.
    pub projection: Linear,
    balance: f32,
}

/// Where values lie among people: a missing one becomes 0, the middle.
#[derive(Module, Debug)]
pub struct Scale {
    /// Means.
    pub centre: Param<Tensor<1>>,
    /// One over the deviations.
    pub steepness: Param<Tensor<1>>,
}

/// Reads strokes one by one, pools them by mean and deviation, and projects.
#[derive(Module, Debug)]
pub struct Encoder {
    up: Linear,
    mix: Linear,
    head: Linear,
}

/// A batch of windows as tensors.
pub struct Batch {
    /// Values of strokes `[batch · WINDOW, VALUES]`, and 1 where known, else 0.
    pub strokes: (Tensor<2>, Tensor<2>),
    /// Statistics `[batch, STATISTICS]`, and 1 where known, else 0.
    pub statistics: (Tensor<2>, Tensor<2>),
    /// 1 where there is a stroke, 0 where the window is padded `[batch, WINDOW, 1]`.
    pub present: Tensor<3>,
}

impl Network {
    /// A network with random weights (from the device's seed), scales of 1 and a projection to be fitted.
    pub fn new(sizes: &Architecture, device: &Device) -> Self {
        Self {
            values: Scale::new(VALUES, device),
            encoder: Encoder::new(sizes, device),
            statistics: Scale::new(STATISTICS, device),
            projection: LinearConfig::new(STATISTICS, sizes.projected).init(device),
            balance: sizes.balance,
        }
    }

    /// Embeddings `[batch, embedding]` of unit norm.
    pub fn forward(&self, batch: Batch) -> Tensor<2> {
        let values = self.values.forward(batch.strokes);
        let encoded = self.encoder.forward(values, batch.present);
        let projected = unit(self.projection.forward(self.statistics.forward(batch.statistics)));
        Tensor::cat(vec![encoded.mul_scalar(self.balance.sqrt()), projected.mul_scalar((1.0 - self.balance).sqrt())], 1)
    }
}

impl Scale {
    /// Means 0, deviations 1.
    fn new(size: usize, device: &Device) -> Self {
        Self {
            centre: Param::from_tensor(Tensor::zeros([size], device)),
            steepness: Param::from_tensor(Tensor::ones([size], device)),
        }
    }

    /// A scale of means and deviations; what never varies says nothing.
    pub fn of(means: &[f32], deviations: &[f32], device: &Device) -> Self {
        let steepness: Vec<f32> = deviations.iter().map(|d| if *d > 1e-4 { 1.0 / d } else { 0.0 }).collect();
        let tensor = |v: Vec<f32>| {
            let size = v.len();
            Param::from_tensor(Tensor::from_data(TensorData::new(v, [size]), device))
        };
        Self { centre: tensor(means.to_vec()), steepness: tensor(steepness) }
    }

    /// Values `[n, size]` in deviations from the mean, clipped to ±[`CLIP`], 0 where not known.
    pub fn forward(&self, (values, known): (Tensor<2>, Tensor<2>)) -> Tensor<2> {
        let centred = (values - self.centre.val().unsqueeze::<2>()) * self.steepness.val().unsqueeze::<2>();
        centred.clamp(-CLIP, CLIP) * known
    }
}

/// Values further from people's mean say no more, in deviations.
pub const CLIP: f32 = 2.5;

impl Encoder {
    fn new(sizes: &Architecture, device: &Device) -> Self {
        Self {
            up: LinearConfig::new(VALUES, sizes.width).init(device),
            mix: LinearConfig::new(sizes.width, sizes.width).init(device),
            head: LinearConfig::new(2 * sizes.width, sizes.encoded).init(device),
        }
    }

    /// Embeddings `[batch, encoded]` of unit norm from scaled values `[batch · WINDOW, VALUES]`.
    pub fn forward(&self, values: Tensor<2>, present: Tensor<3>) -> Tensor<2> {
        let [n, _, _] = present.dims();
        let x = relu(self.up.forward(values));
        let x = x.clone() + relu(self.mix.forward(x));
        let [_, width] = x.dims();
        unit(self.head.forward(mean_and_deviation(x.reshape([n, WINDOW, width]), present)))
    }
}

/// Mean and standard deviation over the strokes that are there: `[batch, 2 · width]`.
fn mean_and_deviation(x: Tensor<3>, present: Tensor<3>) -> Tensor<2> {
    let [n, _, width] = x.dims();
    let count = present.clone().sum_dim(1);
    let x = x * present.clone();
    let mean = x.clone().sum_dim(1) / count.clone();
    let apart = x - mean.clone() * present;
    let deviation = (apart.square().sum_dim(1) / count).add_scalar(1e-4).sqrt();
    Tensor::cat(vec![mean, deviation], 2).reshape([n, 2 * width])
}

/// Scales every row to length 1.
fn unit(x: Tensor<2>) -> Tensor<2> {
    let length = x.clone().square().sum_dim(1).add_scalar(1e-12).sqrt();
    x / length
}

impl Batch {
    /// The tensors of some windows' features, at least one.
    pub fn of(windows: &[Features], device: &Device) -> Self {
        let n = windows.len();
        let known = |all: Vec<f32>, rows: usize, columns: usize| {
            let known: Vec<f32> = all.iter().map(|v| if v.is_finite() { 1.0 } else { 0.0 }).collect();
            let values: Vec<f32> = all.iter().map(|v| if v.is_finite() { *v } else { 0.0 }).collect();
            let tensor = |v| Tensor::<2>::from_data(TensorData::new(v, [rows, columns]), device);
            (tensor(values), tensor(known))
        };
        let flat = |of: fn(&Features) -> &[f32]| windows.iter().flat_map(|w| of(w).iter().copied()).collect::<Vec<_>>();
        let present: Vec<f32> =
            windows.iter().flat_map(|w| (0..WINDOW).map(move |i| if i < w.len { 1.0 } else { 0.0 })).collect();
        Self {
            strokes: known(flat(|w| &w.strokes), n * WINDOW, VALUES),
            statistics: known(flat(|w| &w.statistics), n, STATISTICS),
            present: Tensor::from_data(TensorData::new(present, [n, WINDOW, 1]), device),
        }
    }
}
