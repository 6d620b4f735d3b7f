use super::tokens::TOKENS;
use super::window::{Features, TIMINGS, WINDOW};
use burn::module::{Module, Param};
use burn::nn::{Embedding, EmbeddingConfig, Initializer, Linear, LinearConfig};
use burn::tensor::{Device, Int, Tensor, TensorData, activation::relu};
use serde::{Deserialize, Serialize};

/// The sizes of a [`Network`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Architecture {
    /// Width of the stream of one key.
    pub width: usize,
    /// Attention heads; a divisor of `width`.
    pub heads: usize,
    /// Blocks of attention and feed-forward.
    pub layers: usize,
    /// Width inside a feed-forward block.
    pub hidden: usize,
    /// Length of an embedding.
    pub embedding: usize,
}

impl Architecture {
    /// The sizes both packs are trained with: about 0.15 M parameters.
    pub const DEFAULT: Architecture = Architecture { width: 64, heads: 4, layers: 2, hidden: 192, embedding: 128 };

    /// Whether a network of these sizes can be built and is of a sane size: 1 to 8 layers and heads, widths 8 to
    /// 512, heads dividing the width.
    pub fn is_sane(&self) -> bool {
        let widths = [self.width, self.hidden, self.embedding];
        widths.iter().all(|w| (8..=512).contains(w))
            && (1..=8).contains(&self.layers)
            && (1..=8).contains(&self.heads)
            && self.width.is_multiple_of(self.heads)
    }
}

/// A Transformer from windows of keystrokes to points on the unit sphere, where windows of one person lie close.
///
/// Each key enters as the sum of its own, the previous, the next key's and its place's embedding and a projection of its
/// timings, mixed key by key (what a hold time means depends on the key) before any attention. Pre-norm blocks (root mean
/// square, no gain), attention masked to the keys that are there, mean and deviation over the keys, one projection, unit
/// norm.
#[derive(Module, Debug)]
pub struct Network {
    key: Embedding,
    previous: Embedding,
    next: Embedding,
    place: Param<Tensor<2>>,
    timing: Linear,
    stem: Mixer,
    blocks: Vec<Block>,
    head: Linear,
}

/// A batch of windows as tensors.
pub struct Batch {
    /// Key tokens `[batch, WINDOW]`.
    pub keys: Tensor<2, Int>,
    /// The keys before them `[batch, WINDOW]`.
    pub previous: Tensor<2, Int>,
    /// The keys after them `[batch, WINDOW]`.
    pub next: Tensor<2, Int>,
    /// Normalised timings `[batch, WINDOW, TIMINGS]`.
    pub timings: Tensor<3>,
    /// 1 where there is a key, 0 where the window is padded `[batch, WINDOW]`.
    pub present: Tensor<2>,
}

impl Network {
    /// A network with random weights (from the device's seed).
    pub fn new(sizes: &Architecture, device: &Device) -> Self {
        let normal = Initializer::Normal { mean: 0.0, std: 0.3 };
        let embedding = |n| EmbeddingConfig::new(n, sizes.width).with_initializer(normal.clone()).init(device);
        Self {
            key: embedding(TOKENS),
            previous: embedding(TOKENS),
            next: embedding(TOKENS),
            place: Initializer::Normal { mean: 0.0, std: 0.1 }.init([WINDOW, sizes.width], device),
            timing: LinearConfig::new(TIMINGS, sizes.width).init(device),
            stem: Mixer::new(sizes, device),
            blocks: (0..sizes.layers).map(|_| Block::new(sizes, device)).collect(),
            head: LinearConfig::new(2 * sizes.width, sizes.embedding).init(device),
        }
    }

    /// Embeddings `[batch, embedding]` of unit norm.
    ///
    /// Between the keys' embeddings and the pooling, all keys of all windows stand in one matrix `[batch · WINDOW, width]`:
    /// one large product costs less than many small ones.
    pub fn forward(&self, batch: Batch) -> Tensor<2> {
        let [n, _] = batch.keys.dims();
        let rows = n * WINDOW;
        let places = self.place.val().unsqueeze::<3>();
        let timings = self.timing.forward(batch.timings.reshape([rows, TIMINGS]));
        let keys = self.key.forward(batch.keys) + self.previous.forward(batch.previous) + self.next.forward(batch.next);
        let [_, _, width] = keys.dims();
        let mut x = (keys + places).reshape([rows, width]) + timings;
        x = self.stem.forward(x);
        for block in &self.blocks {
            x = block.forward(x, batch.present.clone());
        }
        let pooled = mean_and_deviation(norm(x).reshape([n, WINDOW, width]), batch.present.reshape([n, WINDOW, 1]));
        unit(self.head.forward(pooled))
    }
}

#[derive(Module, Debug)]
struct Block {
    query: Linear,
    key: Linear,
    value: Linear,
    output: Linear,
    mixer: Mixer,
    heads: usize,
}

impl Block {
    fn new(sizes: &Architecture, device: &Device) -> Self {
        let Architecture { width, heads, .. } = *sizes;
        Self {
            query: LinearConfig::new(width, width).with_bias(false).init(device),
            key: LinearConfig::new(width, width).with_bias(false).init(device),
            value: LinearConfig::new(width, width).init(device),
            output: LinearConfig::new(width, width).init(device),
            mixer: Mixer::new(sizes, device),
            heads,
        }
    }

    /// `x`: `[batch · WINDOW, width]`, `present`: `[batch, WINDOW]`.
    fn forward(&self, x: Tensor<2>, present: Tensor<2>) -> Tensor<2> {
        self.mixer.forward(x.clone() + self.attend(norm(x), present))
    }

    /// Softmax attention over the keys that are there, written as a ratio so that the score matrix is passed over
    /// only once: masking the values and the normaliser equals masking the scores.
    fn attend(&self, x: Tensor<2>, present: Tensor<2>) -> Tensor<2> {
        let ([rows, width], [n, length]) = (x.dims(), present.dims());
        let size = width / self.heads;
        let split = |t: Tensor<2>| t.reshape([n, length, self.heads, size]).swap_dims(1, 2);
        let query = split(self.query.forward(x.clone()).mul_scalar((size as f32).powf(-0.5)));
        let key = split(self.key.forward(x.clone()));
        let value = split(self.value.forward(x) * present.clone().reshape([rows, 1]));
        let weights = query.matmul(key.transpose()).exp();
        let present = present.reshape([n, 1, length, 1]).expand([n, self.heads, length, 1]);
        let total = weights.clone().matmul(present);
        let mixed = weights.matmul(value) * total.recip();
        self.output.forward(mixed.swap_dims(1, 2).reshape([rows, width]))
    }
}

/// The feed-forward part of a block.
#[derive(Module, Debug)]
struct Mixer {
    up: Linear,
    down: Linear,
}

impl Mixer {
    fn new(sizes: &Architecture, device: &Device) -> Self {
        Self {
            up: LinearConfig::new(sizes.width, sizes.hidden).init(device),
            down: LinearConfig::new(sizes.hidden, sizes.width).init(device),
        }
    }

    fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        x.clone() + self.down.forward(relu(self.up.forward(norm(x))))
    }
}

/// Scales every key's vector to root mean square 1.
fn norm(x: Tensor<2>) -> Tensor<2> {
    let scale = x.clone().square().mean_dim(1).add_scalar(1e-5).sqrt().recip();
    x * scale
}

/// Mean and standard deviation over the keys that are there: `[batch, 2 · width]`.
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
        let ints = |of: fn(&Features) -> &[i32]| {
            let flat: Vec<i32> = windows.iter().flat_map(|w| of(w).iter().copied()).collect();
            Tensor::<2, Int>::from_data(TensorData::new(flat, [n, WINDOW]), device)
        };
        let timings: Vec<f32> = windows.iter().flat_map(|w| w.timings.iter().copied()).collect();
        let present: Vec<f32> =
            windows.iter().flat_map(|w| (0..WINDOW).map(move |i| if i < w.len { 1.0 } else { 0.0 })).collect();
        Self {
            keys: ints(|w| &w.keys),
            previous: ints(|w| &w.previous),
            next: ints(|w| &w.next),
            timings: Tensor::from_data(TensorData::new(timings, [n, WINDOW, TIMINGS]), device),
            present: Tensor::from_data(TensorData::new(present, [n, WINDOW]), device),
        }
    }
}
