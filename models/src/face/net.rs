//! Convolutional networks, computed on the processor: a plan of layers, weights in a burnpack, kernels of our own.
//!
//! Why not burn's modules: `docs/science.md` has both times. burn's backend for processors copies the input of a convolution
//! once for every tap of its window and allocates for every layer; here every convolution is direct, with the next
//! function applied while the sums are still in registers, and layers share a few buffers.

mod dense;
mod depthwise;
mod map;
mod plan;
mod pointwise;
mod weights;

pub use plan::{Activation, INPUT, Layer, Op, Plan, Shape, Window};
pub use weights::{Precision, Weight, Weights};

use dense::Dense;
use depthwise::Depthwise;
use map::{Map, padded_channels};
use plan::Wiring;
use pointwise::Pool;
use pulp::Arch;
use zeroize::Zeroize;

/// A network, ready to run.
pub struct Net {
    arch: Arch,
    shapes: Vec<Shape>,
    steps: Vec<Step>,
    /// Of each place, the buffer that holds it while it is needed.
    buffers: Vec<usize>,
    outputs: Vec<usize>,
}

struct Step {
    from: Vec<usize>,
    kind: Kind,
    sigmoid: bool,
}

enum Kind {
    Dense(Window, Dense),
    Depthwise(Window, Depthwise),
    Pool(Window, Pool),
    Add { slope: Vec<f32> },
    Scale,
}

/// Memory that networks compute in, one after the other. Wiped when dropped, and by [`Workspace::wipe`].
#[derive(Default)]
pub struct Workspace {
    buffers: Vec<Vec<f32>>,
    padded: Vec<f32>,
    at: Vec<usize>,
}

impl Workspace {
    /// Overwrites what was computed last.
    pub fn wipe(&mut self) {
        self.buffers.iter_mut().chain([&mut self.padded]).for_each(|buffer| buffer.fill(0.0));
        // The buffers stay, so the compiler can't take this for needless; element by element it would cost a millisecond.
        std::hint::black_box(&self.buffers);
    }
}

impl Drop for Workspace {
    fn drop(&mut self) {
        self.buffers.iter_mut().chain([&mut self.padded]).for_each(|buffer| buffer.as_mut_slice().zeroize());
    }
}

impl Net {
    /// The network of a plan.
    ///
    /// # Errors
    /// When the weights are not exactly those that the plan needs: what is wrong, in words.
    pub fn new(plan: &Plan, mut weights: Weights) -> Result<Self, String> {
        let arch = Arch::new();
        let Wiring { from, shapes, outputs } = plan.wiring()?;
        let mut steps = Vec::new();
        for ((at, layer), from) in plan.layers.iter().enumerate().zip(from) {
            let kind = kind(arch, layer, shapes[from[0]], shapes[at + 1], &mut weights)?;
            if from.contains(&0) && !matches!(kind, Kind::Dense(..)) {
                return Err(format!("layer {}: only a convolution of all channels can read the input", layer.name));
            }
            steps.push(Step { from, kind, sigmoid: layer.activation == Activation::Sigmoid });
        }
        if let Some(name) = weights.names().next() {
            return Err(format!("{name} belongs to no layer of the plan"));
        }
        let buffers = share_buffers(&steps, &outputs);
        Ok(Self { arch, shapes, steps, buffers, outputs })
    }

    /// Shape of the input.
    pub fn input(&self) -> Shape {
        self.shapes[0]
    }

    /// Shapes of the outputs.
    pub fn outputs(&self) -> impl Iterator<Item = Shape> {
        self.outputs.iter().map(|place| self.shapes[*place])
    }

    /// The outputs for a batch of inputs, each row by row, pixel by pixel, channel by channel, one picture after the other.
    ///
    /// # Errors
    /// When `input` has not the size of whole pictures, at least one, or has a value that is no number.
    pub fn run(&self, work: &mut Workspace, input: &[f32]) -> Result<Vec<Vec<f32>>, String> {
        let one = self.shapes[0].iter().product::<usize>();
        let batch = input.len() / one;
        if batch == 0 || input.len() != batch * one {
            return Err(format!("an input of {} values; it must be {one} or a multiple of that", input.len()));
        }
        if input.iter().any(|v| !v.is_finite()) {
            return Err("the input has a value that is no number".to_owned());
        }
        let most = self.buffers.iter().max().map_or(0, |most| most + 1);
        work.buffers.resize_with(work.buffers.len().max(most), Vec::new);
        let buffer = &mut work.buffers[self.buffers[0]];
        buffer.clear();
        buffer.extend_from_slice(input);
        for (at, step) in self.steps.iter().enumerate() {
            self.step(work, step, at + 1, batch);
        }
        Ok(self.outputs.iter().map(|place| self.answer(work, *place, batch)).collect())
    }

    fn step(&self, work: &mut Workspace, step: &Step, place: usize, batch: usize) {
        let mut values = std::mem::take(&mut work.buffers[self.buffers[place]]);
        let all = batch * self.map(place, batch, ()).picture();
        values.resize(all.max(values.len()), 0.0);
        let mut output = self.map(place, batch, &mut values[..all]);
        let Workspace { buffers, padded, at } = work;
        let input = |i: usize| {
            let place = step.from[i];
            let all = batch * self.map(place, batch, ()).picture();
            self.map(place, batch, &buffers[self.buffers[place]][..all])
        };
        match &step.kind {
            Kind::Dense(window, layer) => layer.run(self.arch, &input(0).padded(window, padded), &mut output, at),
            Kind::Depthwise(window, layer) => layer.run(self.arch, &input(0).padded(window, padded), &mut output),
            Kind::Pool(window, pool) => pointwise::pool(self.arch, *pool, window, &input(0), &mut output, at),
            Kind::Add { slope } => pointwise::add(self.arch, &input(0), &input(1), slope, &mut output),
            Kind::Scale => pointwise::scale(self.arch, &input(0), &input(1), &mut output),
        }
        if step.sigmoid {
            pointwise::sigmoid(output.values);
        }
        work.buffers[self.buffers[place]] = values;
    }

    fn map<V>(&self, place: usize, batch: usize, values: V) -> Map<V> {
        let shape = self.shapes[place];
        let step = if place == 0 { shape[2] } else { padded_channels(shape[2]) };
        Map { batch, shape, step, values }
    }

    /// Without the zeros that were stored after the channels.
    fn answer(&self, work: &Workspace, place: usize, batch: usize) -> Vec<f32> {
        let map = self.map(place, batch, ());
        let values = &work.buffers[self.buffers[place]][..batch * map.picture()];
        values.chunks_exact(map.step).flat_map(|pixel| &pixel[..map.shape[2]]).copied().collect()
    }
}

fn kind(arch: Arch, layer: &Layer, input: Shape, output: Shape, weights: &mut Weights) -> Result<Kind, String> {
    let channels = output[2];
    let mut take = |what: &str, shape: &[usize], needed| weights.take(&format!("{}.{what}", layer.name), shape, needed);
    let slope = match layer.activation {
        Activation::None | Activation::Sigmoid => vec![1.0; channels],
        Activation::Relu => vec![0.0; channels],
        Activation::Prelu => take("slope", &[channels], true)?,
    };
    let unpadded = |window: &Window| {
        let bare = window.pad == [0; 4] && layer.activation == Activation::None;
        if bare { Ok(*window) } else { Err(format!("layer {}: it can't pad or bend values", layer.name)) }
    };
    Ok(match &layer.op {
        Op::Conv { window, .. } => {
            let [tall, wide] = window.size;
            let values = take("weight", &[tall, wide, input[2], channels], true)?;
            let bias = take("bias", &[channels], false)?;
            Kind::Dense(*window, Dense::new(arch, *window, input[2], &values, &bias, &slope))
        }
        Op::Depthwise { window } => {
            let [tall, wide] = window.size;
            let values = take("weight", &[tall, wide, channels], true)?;
            let bias = take("bias", &[channels], false)?;
            Kind::Depthwise(*window, Depthwise::new(*window, &values, &bias, &slope))
        }
        Op::MaxPool { window } => Kind::Pool(unpadded(window)?, Pool::Max),
        Op::MeanPool { window } => Kind::Pool(unpadded(window)?, Pool::Mean),
        Op::Add {} => {
            let mut slope = slope;
            slope.resize(padded_channels(channels), 1.0);
            Kind::Add { slope }
        }
        Op::Scale {} => Kind::Scale,
    })
}

/// Gives every place a buffer that nothing else needs while its value is needed.
fn share_buffers(steps: &[Step], outputs: &[usize]) -> Vec<usize> {
    let mut last: Vec<usize> = vec![0; steps.len() + 1];
    for (at, step) in steps.iter().enumerate() {
        step.from.iter().for_each(|place| last[*place] = at + 1);
    }
    outputs.iter().for_each(|place| last[*place] = steps.len() + 1);
    let mut buffers: Vec<usize> = Vec::new();
    let mut busy_until: Vec<usize> = Vec::new();
    for (place, last) in last.iter().enumerate() {
        // A value that is read at step `n` is still needed while `n` is computed.
        let free = busy_until.iter().position(|until| *until < place);
        let buffer = free.unwrap_or(busy_until.len());
        if buffer == busy_until.len() {
            busy_until.push(0);
        }
        busy_until[buffer] = (*last).max(place);
        buffers.push(buffer);
    }
    buffers
}

#[cfg(test)]
mod tests;
