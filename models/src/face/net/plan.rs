use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Height, width and channels.
pub type Shape = [usize; 3];

/// What the network's input is called in [`Layer::from`].
pub const INPUT: &str = "input";

/// A network: its layers in the order they are computed. Lies as `plan.toml` beside the weights.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// Shape of the input.
    pub input: Shape,
    /// Names of the layers whose values are the network's answer.
    pub outputs: Vec<String>,
    /// The layers.
    pub layers: Vec<Layer>,
}

/// One step of a network.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layer {
    /// Its name; its weights are `<name>.weight`, `<name>.bias` and `<name>.slope`.
    pub name: String,
    /// What it reads: [`INPUT`] or layers before it.
    pub from: Vec<String>,
    /// What it does to that.
    pub op: Op,
    /// What is done to each value in the end.
    #[serde(default, skip_serializing_if = "Activation::is_none")]
    pub activation: Activation,
}

/// What a layer computes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Op {
    /// A convolution of all channels. Weights `[height, width, in, out]`.
    Conv {
        /// Channels of its output.
        channels: usize,
        /// Where it looks.
        window: Window,
    },
    /// A convolution of each channel by itself. Weights `[height, width, channels]`.
    Depthwise {
        /// Where it looks.
        window: Window,
    },
    /// The largest value.
    MaxPool {
        /// Where it looks.
        window: Window,
    },
    /// The mean value.
    MeanPool {
        /// Where it looks.
        window: Window,
    },
    /// The sum of two; where one has less rows, columns or channels, zeros follow.
    Add {},
    /// The first times the second, which has one value a channel.
    Scale {},
}

/// What part of its input a layer sees for one value of its output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// Height and width.
    pub size: [usize; 2],
    /// How far it moves from one value to the next.
    pub stride: usize,
    /// Zeros around the input: top, left, bottom, right.
    #[serde(default, skip_serializing_if = "Window::is_bare")]
    pub pad: [usize; 4],
}

/// A function of one value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Activation {
    /// The value itself.
    #[default]
    None,
    /// Nothing below zero.
    Relu,
    /// Below zero, times the channel's slope.
    Prelu,
    /// Logistic.
    Sigmoid,
}

impl Activation {
    fn is_none(&self) -> bool {
        *self == Activation::None
    }
}

impl Window {
    fn is_bare(pad: &[usize; 4]) -> bool {
        *pad == [0; 4]
    }

    /// Height and width of the padded input.
    pub fn padded(&self, [height, width, _]: Shape) -> [usize; 2] {
        let [top, left, bottom, right] = self.pad;
        [height + top + bottom, width + left + right]
    }

    /// Height and width of the output.
    fn over(&self, shape: Shape) -> Result<[usize; 2], String> {
        let fine = self.size.iter().chain([&self.stride]).all(|n| (1..=MOST).contains(n));
        if !fine || self.pad.iter().any(|n| *n > MOST) {
            return Err(format!("a window's size and stride must be 1 to {MOST}, its padding at most that"));
        }
        let [height, width] = self.padded(shape);
        let [tall, wide] = self.size;
        if tall > height || wide > width {
            return Err(format!("a window of {tall} x {wide} does not fit into {height} x {width}"));
        }
        Ok([(height - tall) / self.stride + 1, (width - wide) / self.stride + 1])
    }
}

impl Plan {
    /// Reads a plan.
    ///
    /// # Errors
    /// What is wrong and what would be right, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let plan: Plan = toml::from_str(text).map_err(|e| e.to_string().trim_end().to_owned())?;
        plan.wiring()?;
        Ok(plan)
    }

    /// Shapes of the input and of every layer, with their names.
    ///
    /// # Errors
    /// As [`Plan::parse`].
    pub fn shapes(&self) -> Result<Vec<(&str, Shape)>, String> {
        let names = [INPUT].into_iter().chain(self.layers.iter().map(|layer| layer.name.as_str()));
        Ok(names.zip(self.wiring()?.shapes).collect())
    }

    /// Where each layer's inputs come from, and all shapes.
    pub(super) fn wiring(&self) -> Result<Wiring, String> {
        let mut wiring = Wiring { from: Vec::new(), shapes: vec![self.input], outputs: Vec::new() };
        sane(self.input).map_err(|e| format!("input: {e}"))?;
        let mut places = HashMap::from([(INPUT, 0)]);
        for (at, layer) in self.layers.iter().enumerate() {
            let told = |problem: String| format!("layer {}: {problem}", layer.name);
            let find = |name: &String| places.get(name.as_str()).copied();
            let from: Option<Vec<usize>> = layer.from.iter().map(find).collect();
            let from = from.ok_or_else(|| told("it reads what is not before it".to_owned()))?;
            let shapes: Vec<Shape> = from.iter().filter_map(|i| wiring.shapes.get(*i).copied()).collect();
            let shape = layer.op.shape(&shapes).and_then(sane).map_err(told)?;
            if places.insert(&layer.name, at + 1).is_some() {
                return Err(told("another has its name".to_owned()));
            }
            wiring.from.push(from);
            wiring.shapes.push(shape);
        }
        for output in &self.outputs {
            let place = places.get(output.as_str()).filter(|p| **p > 0);
            wiring.outputs.push(*place.ok_or_else(|| format!("output {output}: no layer has that name"))?);
        }
        Ok(wiring)
    }
}

/// A plan, understood: place 0 is the input, place `i + 1` the value of layer `i`.
pub(super) struct Wiring {
    /// Of each layer, the places it reads.
    pub from: Vec<Vec<usize>>,
    /// Of each place.
    pub shapes: Vec<Shape>,
    /// Places of the answers.
    pub outputs: Vec<usize>,
}

impl Op {
    fn shape(&self, inputs: &[Shape]) -> Result<Shape, String> {
        match (self, inputs) {
            (Op::Conv { channels, window }, [one]) => window.over(*one).map(|[h, w]| [h, w, *channels]),
            (Op::Depthwise { window } | Op::MaxPool { window } | Op::MeanPool { window }, [one]) => {
                window.over(*one).map(|[h, w]| [h, w, one[2]])
            }
            (Op::Add {}, [a, b]) => Ok([a[0].max(b[0]), a[1].max(b[1]), a[2].max(b[2])]),
            (Op::Scale {}, [a, b]) if *b == [1, 1, a[2]] => Ok(*a),
            (Op::Scale {}, [_, _]) => Err("what it scales by must be 1 x 1 and have as many channels".to_owned()),
            (Op::Add {} | Op::Scale {}, other) => Err(format!("it reads {}; it must read 2", other.len())),
            (_, other) => Err(format!("it reads {}; it must read 1", other.len())),
        }
    }
}

/// Largest extent of anything.
const MOST: usize = 4096;

/// Values of one layer at most: 64 MiB.
const MOST_VALUES: usize = 1 << 24;

fn sane(shape: Shape) -> Result<Shape, String> {
    if shape.iter().all(|n| (1..=MOST).contains(n)) && shape.iter().product::<usize>() <= MOST_VALUES {
        Ok(shape)
    } else {
        Err(format!("its shape is {shape:?}; each must be 1 to {MOST}, all together at most {MOST_VALUES} values"))
    }
}
