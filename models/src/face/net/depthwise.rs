//! Convolution of each channel by itself: a vector of channels at a time, its weights in registers along a row.

use super::map::{Map, padded_channels};
use super::plan::Window;
use pulp::{Arch, Simd, WithSimd};

/// The weights, channels padded with zeros.
pub struct Depthwise {
    window: Window,
    /// `[height · width, channels]`.
    weights: Vec<f32>,
    bias: Vec<f32>,
    slope: Vec<f32>,
}

impl Depthwise {
    /// `weights`: `[height, width, channels]`; `bias` and `slope` (times values below zero) of each channel.
    pub fn new(window: Window, weights: &[f32], bias: &[f32], slope: &[f32]) -> Self {
        let step = padded_channels(bias.len());
        let pad = |values: &[f32]| {
            let mut all = values.to_vec();
            all.resize(step, 0.0);
            all
        };
        let weights = weights.chunks_exact(bias.len()).flat_map(pad).collect();
        Self { window, weights, bias: pad(bias), slope: pad(slope) }
    }

    /// Convolves `input`, which is padded already, into `output`.
    pub fn run(&self, arch: Arch, input: &Map<&[f32]>, output: &mut Map<&mut [f32]>) {
        arch.dispatch(Pass { layer: self, input, output });
    }
}

struct Pass<'a, 'b, 'c> {
    layer: &'a Depthwise,
    input: &'a Map<&'b [f32]>,
    output: &'a mut Map<&'c mut [f32]>,
}

impl WithSimd for Pass<'_, '_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Pass { layer, input, output } = self;
        let [height, width, _] = output.shape;
        let (picture, row) = (input.picture(), input.shape[1] * input.step);
        for (y, to) in output.values.chunks_exact_mut(width * output.step).enumerate() {
            let first = (y / height) * picture + (y % height) * layer.window.stride * row;
            let from = &input.values[first..];
            match layer.window.size {
                [3, 3] => along_row::<S, 3>(simd, layer, from, row, to),
                _ => any_size(simd, layer, from, row, to),
            }
        }
    }
}

/// One row of the output; `from` begins at the row's first window.
#[inline(always)]
fn along_row<S: Simd, const K: usize>(simd: S, layer: &Depthwise, from: &[f32], row: usize, to: &mut [f32]) {
    let step = layer.bias.len();
    let vectors = step / S::F32_LANES;
    let [weights, bias, slope] = layer.vectors::<S>();
    let (to, _) = S::as_mut_simd_f32s(to);
    let zero = simd.splat_f32s(0.0);
    for vector in 0..vectors {
        let mut taps = [[zero; K]; K];
        for (y, taps) in taps.iter_mut().enumerate() {
            for (x, tap) in taps.iter_mut().enumerate() {
                *tap = weights[(y * K + x) * vectors + vector];
            }
        }
        let (bias, slope) = (bias[vector], slope[vector]);
        for (x, to) in to.iter_mut().skip(vector).step_by(vectors).enumerate() {
            let mut sum = bias;
            for (y, taps) in taps.iter().enumerate() {
                let from = &from[y * row + x * layer.window.stride * step + vector * S::F32_LANES..];
                let from = &from[..(K - 1) * step + S::F32_LANES];
                for (x, tap) in taps.iter().enumerate() {
                    let seen = S::as_simd_f32s(&from[x * step..][..S::F32_LANES]).0[0];
                    sum = simd.mul_add_e_f32s(seen, *tap, sum);
                }
            }
            *to = simd.mul_add_e_f32s(slope, simd.min_f32s(sum, zero), simd.max_f32s(sum, zero));
        }
    }
}

/// As [`along_row`], for windows too large for the registers.
#[inline(always)]
fn any_size<S: Simd>(simd: S, layer: &Depthwise, from: &[f32], row: usize, to: &mut [f32]) {
    let step = layer.bias.len();
    let [_, wide] = layer.window.size;
    let [weights, bias, slope] = layer.vectors::<S>();
    let zero = simd.splat_f32s(0.0);
    for (x, to) in to.chunks_exact_mut(step).enumerate() {
        let (to, _) = S::as_mut_simd_f32s(to);
        to.copy_from_slice(bias);
        for (tap, weights) in weights.chunks_exact(bias.len()).enumerate() {
            let at = (tap / wide) * row + (x * layer.window.stride + tap % wide) * step;
            let (seen, _) = S::as_simd_f32s(&from[at..][..step]);
            for ((to, seen), weight) in to.iter_mut().zip(seen).zip(weights) {
                *to = simd.mul_add_e_f32s(*seen, *weight, *to);
            }
        }
        for (to, slope) in to.iter_mut().zip(slope) {
            *to = simd.mul_add_e_f32s(*slope, simd.min_f32s(*to, zero), simd.max_f32s(*to, zero));
        }
    }
}

impl Depthwise {
    #[inline(always)]
    fn vectors<S: Simd>(&self) -> [&[S::f32s]; 3] {
        [&self.weights, &self.bias, &self.slope].map(|values| S::as_simd_f32s(values).0)
    }
}
