//! What layers do without weights: pooling, sums, products.

use super::map::Map;
use super::plan::Window;
use pulp::Arch;

/// What becomes of the values of a window.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Pool {
    Max,
    Mean,
}

/// Pools `input`, which is not padded, into `output`.
pub fn pool(
    arch: Arch,
    pool: Pool,
    window: &Window,
    input: &Map<&[f32]>,
    output: &mut Map<&mut [f32]>,
    at: &mut Vec<usize>,
) {
    input.windows(window.stride, output.shape, at);
    let (row, step) = (input.shape[1] * input.step, input.step);
    let [tall, wide] = window.size;
    let part = 1.0 / (tall * wide) as f32;
    arch.dispatch(
        #[inline(always)]
        || {
            for (to, first) in output.values.chunks_exact_mut(step).zip(at.iter()) {
                to.copy_from_slice(&input.values[*first..][..step]);
                for tap in 1..tall * wide {
                    let from = &input.values[first + (tap / wide) * row + (tap % wide) * step..][..step];
                    match pool {
                        Pool::Max => to.iter_mut().zip(from).for_each(|(to, v)| *to = if *v > *to { *v } else { *to }),
                        Pool::Mean => to.iter_mut().zip(from).for_each(|(to, v)| *to += v),
                    }
                }
                if pool == Pool::Mean {
                    to.iter_mut().for_each(|to| *to *= part);
                }
            }
        },
    );
}

/// The sum of two maps, each zero where it has no value; below zero times `slope`.
pub fn add(arch: Arch, a: &Map<&[f32]>, b: &Map<&[f32]>, slope: &[f32], output: &mut Map<&mut [f32]>) {
    let (step, [height, width, _]) = (output.step, output.shape);
    let alike = a.shape[..2] == b.shape[..2] && a.step == step && b.step == step;
    arch.dispatch(
        #[inline(always)]
        || {
            let bent = |v: f32, slope: f32| if v < 0.0 { v * slope } else { v };
            for (pixel, to) in output.values.chunks_exact_mut(step).enumerate() {
                if alike {
                    let (a, b) = (&a.values[pixel * step..][..step], &b.values[pixel * step..][..step]);
                    for (((to, a), b), slope) in to.iter_mut().zip(a).zip(b).zip(slope) {
                        *to = bent(a + b, *slope);
                    }
                    continue;
                }
                let (picture, y, x) = (pixel / (height * width), pixel / width % height, pixel % width);
                to.fill(0.0);
                for part in [a, b] {
                    if y < part.shape[0] && x < part.shape[1] {
                        let at = ((picture * part.shape[0] + y) * part.shape[1] + x) * part.step;
                        to.iter_mut().zip(&part.values[at..][..part.step]).for_each(|(to, v)| *to += v);
                    }
                }
                to.iter_mut().zip(slope).for_each(|(to, slope)| *to = bent(*to, *slope));
            }
        },
    );
}

/// The first map times the second's one value a channel.
pub fn scale(arch: Arch, a: &Map<&[f32]>, by: &Map<&[f32]>, output: &mut Map<&mut [f32]>) {
    let step = output.step;
    let picture = output.picture();
    arch.dispatch(
        #[inline(always)]
        || {
            for (at, (to, from)) in output.values.chunks_exact_mut(step).zip(a.values.chunks_exact(step)).enumerate() {
                let by = &by.values[at * step / picture * step..][..step];
                to.iter_mut().zip(from).zip(by).for_each(|((to, a), by)| *to = a * by);
            }
        },
    );
}

/// `1 / (1 + e^−v)` of every value.
pub fn sigmoid(values: &mut [f32]) {
    values.iter_mut().for_each(|v| *v = 1.0 / (1.0 + (-*v).exp()));
}
