//! Convolution of all channels, directly on values that lie channel by channel, pixel by pixel: no copy of the input per
//! window, and as many sums in registers as the processor has.
//!
//! The output's channels are cut into blocks of a few vectors, whose weights lie one after the other in the order they are
//! needed; a tile of pixels goes through a block's weights at once.

use super::map::{Map, padded_channels};
use super::plan::Window;
use pulp::{Arch, Simd, WithSimd};

/// A convolution's weights, packed for this processor.
pub struct Dense {
    window: Window,
    channels: usize,
    blocks: Vec<Block>,
}

/// Some of the output's channels.
struct Block {
    /// The first of them.
    first: usize,
    /// For each tap of the window and input channel, the weights of all of them.
    weights: Vec<f32>,
    bias: Vec<f32>,
    slope: Vec<f32>,
}

impl Dense {
    /// `weights`: `[height, width, in, out]`; `bias` and `slope` (times values below zero) of each output channel.
    pub fn new(arch: Arch, window: Window, channels: usize, weights: &[f32], bias: &[f32], slope: &[f32]) -> Self {
        let all = padded_channels(bias.len());
        let width = arch.dispatch(Width);
        let pad = |values: &[f32], first: usize, width: usize| -> Vec<f32> {
            (first..first + width).map(|i| values.get(i).copied().unwrap_or(0.0)).collect()
        };
        let mut blocks = Vec::new();
        let mut first = 0;
        while first < all {
            let width = width.min(all - first);
            let taps = weights.chunks_exact(bias.len());
            let weights = taps.flat_map(|tap| pad(tap, first, width)).collect();
            blocks.push(Block { first, weights, bias: pad(bias, first, width), slope: pad(slope, first, width) });
            first += width;
        }
        Self { window, channels, blocks }
    }

    /// Convolves `input`, which is padded already, into `output`. `at` is scratch.
    pub fn run(&self, arch: Arch, input: &Map<&[f32]>, output: &mut Map<&mut [f32]>, at: &mut Vec<usize>) {
        input.windows(self.window.stride, output.shape, at);
        let row = input.shape[1] * input.step;
        // Taps of one row lie side by side when no channel between them is padding.
        let whole = input.step == self.channels;
        let [tall, wide] = self.window.size;
        let runs = if whole { 1 } else { wide };
        let run = if whole { wide * self.channels } else { self.channels };
        let taps: Vec<usize> = (0..tall).flat_map(|y| (0..runs).map(move |x| y * row + x * input.step)).collect();
        for block in &self.blocks {
            arch.dispatch(Pass {
                block,
                input: input.values,
                at,
                taps: &taps,
                run,
                step: output.step,
                to: output.values,
            });
        }
    }
}

/// How many output channels a block has.
struct Width;

impl WithSimd for Width {
    type Output = usize;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> usize {
        S::F32_LANES * if S::REGISTER_COUNT >= 32 { 4 } else { 2 }
    }
}

/// One block over all pixels.
struct Pass<'a> {
    block: &'a Block,
    input: &'a [f32],
    at: &'a [usize],
    taps: &'a [usize],
    run: usize,
    step: usize,
    to: &'a mut [f32],
}

impl WithSimd for Pass<'_> {
    type Output = ();

    /// Sums, weights and one value fit into the vector registers, where each pixel begins into the others.
    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let vectors = self.block.bias.len() / S::F32_LANES;
        match (S::REGISTER_COUNT >= 32, vectors) {
            (true, 4) => self.tiles::<S, 4, 6>(simd),
            (true, 3) => self.tiles::<S, 3, 8>(simd),
            (true, 2) => self.tiles::<S, 2, 8>(simd),
            (_, 2) => self.tiles::<S, 2, 6>(simd),
            (_, 1) => self.tiles::<S, 1, 8>(simd),
            (_, n) => debug_assert!(false, "a block of {n} vectors"),
        }
    }
}

impl Pass<'_> {
    /// All pixels in tiles of the size that wastes least; the last one may do again what the one before it did.
    #[inline(always)]
    fn tiles<S: Simd, const V: usize, const MOST: usize>(&mut self, simd: S) {
        let pixels = self.at.len();
        let cost = |size: &usize| pixels.div_ceil(*size) * (size + 2);
        let sizes = [MOST, 4, 2, 1].into_iter().filter(|s| *s <= pixels);
        let size = sizes.min_by_key(cost).unwrap_or(1);
        let mut first = 0;
        while first < pixels {
            let from = first.min(pixels - size);
            match size {
                4 => self.tile::<S, V, 4>(simd, from),
                2 => self.tile::<S, V, 2>(simd, from),
                1 => self.tile::<S, V, 1>(simd, from),
                _ => self.tile::<S, V, MOST>(simd, from),
            }
            first += size;
        }
    }

    #[allow(clippy::needless_range_loop, reason = "indices of sums, pixels and weights")]
    #[inline(always)]
    fn tile<S: Simd, const V: usize, const P: usize>(&mut self, simd: S, from: usize) {
        let (bias, slope) = (S::as_simd_f32s(&self.block.bias).0, S::as_simd_f32s(&self.block.slope).0);
        let (Some(bias), Some(slope)) = (bias.first_chunk::<V>(), slope.first_chunk::<V>()) else { return };
        let Some(at) = self.at.get(from..).and_then(|at| at.first_chunk::<P>()) else { return };
        let mut sums = [*bias; P];
        let mut weights = S::as_simd_f32s(&self.block.weights).0;
        for tap in self.taps {
            let seen: [&[f32]; P] = std::array::from_fn(|p| &self.input[at[p] + tap..][..self.run]);
            let (of_tap, rest) = weights.split_at(self.run * V);
            weights = rest;
            for (i, w) in of_tap.as_chunks::<V>().0.iter().enumerate().take(self.run) {
                for p in 0..P {
                    let x = simd.splat_f32s(seen[p][i]);
                    for v in 0..V {
                        sums[p][v] = simd.mul_add_e_f32s(x, w[v], sums[p][v]);
                    }
                }
            }
        }
        let zero = simd.splat_f32s(0.0);
        for (p, sums) in sums.iter().enumerate() {
            let to = &mut self.to[(from + p) * self.step + self.block.first..];
            for ((to, sum), slope) in S::as_mut_simd_f32s(to).0.iter_mut().zip(sums).zip(slope) {
                *to = simd.mul_add_e_f32s(*slope, simd.min_f32s(*sum, zero), simd.max_f32s(*sum, zero));
            }
        }
    }
}
