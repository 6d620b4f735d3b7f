use super::onnx::{Graph, Model, Node, Tensor};
use anyhow::{Context, Result, bail, ensure};
use prost::Message;
use std::collections::HashMap;
use stillyou_models::face::net::{Activation, INPUT, Layer, Op, Plan, Shape, Weights, Window};

/// The plan and the weights of a network in ONNX. What the plan can't say is an error that names the node.
///
/// Functions of single values become part of the layer before them, zeros that are put behind something become part of the
/// sum after it, a normalisation that follows a convolution becomes part of its weights.
pub fn convert(bytes: &[u8]) -> Result<(Plan, Weights)> {
    convert_graph(&Model::decode(bytes).context("it is not ONNX")?.graph.context("it has no graph")?)
}

/// As [`convert`], of a graph.
pub fn convert_graph(graph: &Graph) -> Result<(Plan, Weights)> {
    let constants: HashMap<&str, &Tensor> = graph.initializers.iter().map(|t| (t.name.as_str(), t)).collect();
    let input = graph.inputs.iter().find(|v| !constants.contains_key(v.name.as_str())).context("it has no input")?;
    let dims: Vec<usize> = (input.kind.iter().flat_map(|k| &k.tensor).flat_map(|t| &t.shape))
        .flat_map(|s| &s.dims)
        .map(|d| d.value as usize)
        .collect();
    let shape: Shape = match dims.as_slice() {
        [1, 3, h, w] => [*h, *w, 3],
        [1, h, w, 3] => [*h, *w, 3],
        _ => bail!("its input is {dims:?}; it must be one picture of three channels"),
    };
    let mut made = Made {
        graph,
        constants,
        layer_of: HashMap::from([(input.name.clone(), INPUT.to_owned())]),
        plan: Plan { input: shape, outputs: Vec::new(), layers: Vec::new() },
        weights: Weights::default(),
    };
    for (at, node) in graph.nodes.iter().enumerate() {
        made.node(node).with_context(|| format!("node {at}, {} to {:?}", node.op, node.outputs))?;
    }
    let output = |value: &super::onnx::Value| made.layer_of.get(&value.name).cloned().context("an output is missing");
    made.plan.outputs = graph.outputs.iter().map(output).collect::<Result<_>>()?;
    Ok((made.plan, made.weights))
}

struct Made<'a> {
    graph: &'a Graph,
    constants: HashMap<&'a str, &'a Tensor>,
    /// Which layer of the plan a value of the graph is.
    layer_of: HashMap<String, String>,
    plan: Plan,
    weights: Weights,
}

impl Made<'_> {
    fn node(&mut self, node: &Node) -> Result<()> {
        match node.op.as_str() {
            "Conv" => self.convolution(node),
            "MatMul" => self.product(node),
            "BatchNormalization" => self.normalisation(node),
            "Relu" => self.bend(node, Activation::Relu),
            "PRelu" => self.bend(node, Activation::Prelu),
            "Sigmoid" => self.bend(node, Activation::Sigmoid),
            "MaxPool" => self.simple(node, Op::MaxPool { window: window(node)? }),
            "AveragePool" => self.simple(node, Op::MeanPool { window: window(node)? }),
            "GlobalAveragePool" => {
                let [height, width, _] = self.shape(self.from(node, 0)?)?;
                self.simple(node, Op::MeanPool { window: Window { size: [height, width], stride: 1, pad: [0; 4] } })
            }
            "Add" => self.simple(node, Op::Add {}),
            "Mul" => self.simple(node, Op::Scale {}),
            "Pad" | "Concat" => self.zeros_behind(node),
            // Values lie channel by channel here, whatever ONNX says.
            "Transpose" if [[0, 3, 1, 2], [0, 2, 3, 1]].iter().any(|p| node.ints("perm") == p) => self.same(node),
            "Reshape" | "Flatten" => self.same_order(node),
            "Constant" => Ok(()),
            other => bail!("{other} is not known"),
        }
    }

    fn convolution(&mut self, node: &Node) -> Result<()> {
        let (values, dims) = self.constant(node, 1)?;
        let &[out, of_group, tall, wide] = dims.as_slice() else { bail!("weights of {dims:?}") };
        let window = window(node)?;
        ensure!(window.size == [tall, wide], "weights of {dims:?} for {window:?}");
        let channels = self.shape(self.from(node, 0)?)?[2];
        let depthwise = of_group == 1 && out == channels && node.int("group") == Some(channels as i64) && channels > 1;
        ensure!(depthwise || of_group == channels, "groups of {of_group} of {channels} channels");
        // ONNX: [out, in, height, width].
        let at = |tap: usize, i: usize, o: usize| values[(o * of_group + i) * tall * wide + tap];
        let taps = 0..tall * wide;
        let inner = if depthwise { 1 } else { of_group };
        let ordered = taps.flat_map(|tap| (0..inner).flat_map(move |i| (0..out).map(move |o| (tap, i, o))));
        let ordered: Vec<f32> = ordered.map(|(tap, i, o)| at(tap, i, o)).collect();
        let (op, shape) = if depthwise {
            (Op::Depthwise { window }, vec![tall, wide, out])
        } else {
            (Op::Conv { channels: out, window }, vec![tall, wide, of_group, out])
        };
        let bias = if node.inputs.len() > 2 { Some(self.constant(node, 2)?.0) } else { None };
        let name = self.layer(node, &[0], op)?;
        self.weights.insert(format!("{name}.weight"), shape, ordered);
        if let Some(bias) = bias.filter(|bias| bias.iter().any(|b| *b != 0.0)) {
            self.weights.insert(format!("{name}.bias"), vec![out], bias);
        }
        Ok(())
    }

    fn product(&mut self, node: &Node) -> Result<()> {
        let (values, dims) = self.constant(node, 1)?;
        let &[inner, out] = dims.as_slice() else { bail!("a matrix of {dims:?}") };
        let shape = self.shape(self.from(node, 0)?)?;
        ensure!(shape == [1, 1, inner], "a matrix of {dims:?} for {shape:?}");
        let window = Window { size: [1, 1], stride: 1, pad: [0; 4] };
        let name = self.layer(node, &[0], Op::Conv { channels: out, window })?;
        self.weights.insert(format!("{name}.weight"), vec![1, 1, inner, out], values);
        Ok(())
    }

    fn normalisation(&mut self, node: &Node) -> Result<()> {
        let name = self.last_step(node)?.name.clone();
        let part = |i| self.constant(node, i).map(|(values, _)| values);
        let (gain, shift, mean, variance) = (part(1)?, part(2)?, part(3)?, part(4)?);
        let epsilon = node.float("epsilon").unwrap_or(1e-5);
        let gain: Vec<f32> = gain.iter().zip(&variance).map(|(g, v)| g / (v + epsilon).sqrt()).collect();
        let weight = self.weights.get_mut(&format!("{name}.weight")).context("nothing to normalise")?;
        weight.values.iter_mut().enumerate().for_each(|(at, w)| *w *= gain[at % gain.len()]);
        let bias = self.weights.get(&format!("{name}.bias")).map_or(vec![0.0; gain.len()], |w| w.values.clone());
        let bias = (0..gain.len()).map(|c| (bias[c] - mean[c]) * gain[c] + shift[c]).collect();
        self.weights.insert(format!("{name}.bias"), vec![gain.len()], bias);
        self.same(node)
    }

    fn bend(&mut self, node: &Node, activation: Activation) -> Result<()> {
        let slope = if activation == Activation::Prelu { Some(self.constant(node, 1)?.0) } else { None };
        let step = self.last_step(node)?;
        ensure!(!matches!(step.op, Op::MaxPool { .. } | Op::MeanPool { .. } | Op::Scale {}), "after {:?}", step.op);
        step.activation = activation;
        let name = step.name.clone();
        if let Some(slope) = slope {
            self.weights.insert(format!("{name}.slope"), vec![slope.len()], slope);
        }
        self.same(node)
    }

    /// The layer that this node alone reads, with nothing done to its values yet.
    fn last_step(&mut self, node: &Node) -> Result<&mut Layer> {
        let value = node.inputs.first().context("it reads nothing")?;
        let readers = self.graph.nodes.iter().filter(|n| n.inputs.contains(value)).count();
        ensure!(readers == 1, "{value} is read by others");
        let name = self.from(node, 0)?.to_owned();
        let layer = self.plan.layers.iter_mut().find(|l| l.name == name).context("it reads the input")?;
        ensure!(layer.activation == Activation::None, "something is done to {value} already");
        Ok(layer)
    }

    fn simple(&mut self, node: &Node, op: Op) -> Result<()> {
        let all: Vec<usize> = (0..node.inputs.len()).collect();
        self.layer(node, &all, op).map(drop)
    }

    /// Zeros behind channels, rows or columns: sums do that themselves.
    fn zeros_behind(&mut self, node: &Node) -> Result<()> {
        let zeros = match node.op.as_str() {
            "Pad" => {
                let pads = self.constants.get(node.inputs[1].as_str()).and_then(|t| t.integers());
                pads.is_some_and(|pads| pads[..pads.len() / 2].iter().all(|p| *p == 0)) && node.inputs.len() == 2
            }
            _ => {
                let other = self.constant(node, 1).map(|(values, _)| values.iter().all(|v| *v == 0.0));
                other? && node.inputs.len() == 2 && node.int("axis") == Some(1)
            }
        };
        let value = node.outputs.first().context("it gives nothing")?;
        let mut readers = self.graph.nodes.iter().filter(|n| n.inputs.contains(value));
        ensure!(zeros && readers.all(|n| n.op == "Add"), "it is more than zeros for a sum");
        self.same(node)
    }

    /// Another shape, in which the values come in the same order.
    fn same_order(&mut self, node: &Node) -> Result<()> {
        let shape = self.shape(self.from(node, 0)?)?;
        let value = &node.inputs[0];
        let turned = self.graph.nodes.iter().any(|n| n.op == "Transpose" && n.outputs.contains(value));
        ensure!(turned || shape[..2] == [1, 1], "{shape:?} would be put into another order");
        self.same(node)
    }

    fn same(&mut self, node: &Node) -> Result<()> {
        let name = self.from(node, 0)?.to_owned();
        self.layer_of.insert(node.outputs[0].clone(), name);
        Ok(())
    }

    fn layer(&mut self, node: &Node, inputs: &[usize], op: Op) -> Result<String> {
        let from = inputs.iter().map(|i| self.from(node, *i).map(str::to_owned)).collect::<Result<_>>()?;
        let kind = match op {
            Op::Conv { .. } => "conv",
            Op::Depthwise { .. } => "depthwise",
            Op::MaxPool { .. } | Op::MeanPool { .. } => "pool",
            Op::Add {} => "sum",
            Op::Scale {} => "scale",
        };
        let name = format!("{kind}-{}", self.plan.layers.len() + 1);
        self.plan.layers.push(Layer { name: name.clone(), from, op, activation: Activation::None });
        self.layer_of.insert(node.outputs[0].clone(), name.clone());
        Ok(name)
    }

    fn from(&self, node: &Node, input: usize) -> Result<&str> {
        let value = node.inputs.get(input).context("an input is missing")?;
        self.layer_of.get(value).map(String::as_str).with_context(|| format!("{value} comes from nowhere"))
    }

    fn shape(&self, layer: &str) -> Result<Shape> {
        let shapes = self.plan.shapes().map_err(anyhow::Error::msg)?;
        shapes.into_iter().find(|(name, _)| *name == layer).map(|(_, shape)| shape).context("a layer has no shape")
    }

    fn constant(&self, node: &Node, input: usize) -> Result<(Vec<f32>, Vec<usize>)> {
        let name = node.inputs.get(input).context("a weight is missing")?;
        let tensor = self.constants.get(name.as_str()).with_context(|| format!("{name} is no constant"))?;
        let values = tensor.values().with_context(|| format!("{name} is not of 32-bit floats"))?;
        Ok((values, tensor.dims.iter().map(|d| *d as usize).collect()))
    }
}

fn window(node: &Node) -> Result<Window> {
    let positive = |values: &[i64]| values.iter().map(|v| usize::try_from(*v)).collect::<Result<Vec<_>, _>>();
    let size = positive(node.ints("kernel_shape"))?;
    let strides = positive(node.ints("strides"))?;
    let pads = positive(node.ints("pads"))?;
    let (&[tall, wide], &[down, across]) = (size.as_slice(), strides.as_slice()) else {
        bail!("a window of {size:?}, strides {strides:?}")
    };
    let dilated = node.ints("dilations").iter().any(|d| *d != 1);
    ensure!(down == across && !dilated && node.int("ceil_mode").unwrap_or(0) == 0, "strides {strides:?}, or gaps");
    let pad = match pads.as_slice() {
        [] => [0; 4],
        &[top, left, bottom, right] => [top, left, bottom, right],
        _ => bail!("pads of {pads:?}"),
    };
    Ok(Window { size: [tall, wide], stride: down, pad })
}
