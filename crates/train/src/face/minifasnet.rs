//! MiniFASNet (Minivision, Silent-Face-Anti-Spoofing) from its published state dictionary: the graph that ONNX would have,
//! each normalisation folded into the convolution before it as PyTorch's exporter does it, in the same order of operations.

use super::onnx::{Attribute, Dimension, Graph, Node, Shape, Tensor, TensorType, Type, Value};
use super::pytorch;
use anyhow::{Context, Result, ensure};
use std::collections::BTreeMap;

/// Pixels of a side of its input.
const SIDE: i64 = 80;

const EPSILON: f32 = 1e-5;

/// The blocks between the first two layers and the last: a step down, then a row of blocks with shortcuts.
const STAGES: [(&str, &str); 3] = [("conv_23", "conv_3"), ("conv_34", "conv_4"), ("conv_45", "conv_5")];

pub fn graph(tensors: BTreeMap<String, pytorch::Tensor>) -> Result<Graph> {
    // Trained on several processors, its names begin with this.
    let tensors = tensors.into_iter().map(|(name, t)| (name.strip_prefix("module.").unwrap_or(&name).to_owned(), t));
    let mut made = Made { tensors: tensors.collect(), graph: Graph::default(), last: "input".to_owned() };
    let size = [1, 3, SIDE, SIDE].map(|value| Dimension { value });
    let shape = Some(Shape { dims: size.to_vec() });
    made.graph.inputs.push(Value { name: made.last.clone(), kind: Some(Type { tensor: Some(TensorType { shape }) }) });
    made.block("conv1", 2)?;
    made.block("conv2_dw", 1)?;
    for (down, row) in STAGES {
        made.depthwise(down, 2, false)?;
        let mut blocks = 0;
        while made.has(&format!("{row}.model.{blocks}.conv.conv.weight")) {
            made.depthwise(&format!("{row}.model.{blocks}"), 1, true)?;
            blocks += 1;
        }
        ensure!(blocks > 0, "{row} has no blocks");
    }
    made.block("conv_6_sep", 1)?;
    made.convolution("conv_6_dw.conv", Some("conv_6_dw.bn"), 1)?;
    made.node("Flatten", &[], Vec::new());
    made.product("linear.weight")?;
    let parts = ["weight", "bias", "running_mean", "running_var"];
    let names = parts.map(|part| made.keep(&format!("bn.{part}")));
    let names: Vec<String> = names.into_iter().collect::<Result<_>>()?;
    made.node("BatchNormalization", &names, Vec::new());
    made.product("prob.weight")?;
    made.graph.outputs.push(Value { name: made.last.clone(), kind: None });
    Ok(made.graph)
}

struct Made {
    tensors: BTreeMap<String, pytorch::Tensor>,
    graph: Graph,
    /// What the next node reads.
    last: String,
}

impl Made {
    fn has(&self, name: &str) -> bool {
        self.tensors.contains_key(name)
    }

    fn get(&self, name: &str) -> Result<&pytorch::Tensor> {
        self.tensors.get(name).with_context(|| format!("there is no tensor {name}"))
    }

    /// Convolution, normalisation, PReLU.
    fn block(&mut self, name: &str, stride: i64) -> Result<()> {
        self.convolution(&format!("{name}.conv"), Some(&format!("{name}.bn")), stride)?;
        let slope = self.get(&format!("{name}.prelu.weight"))?.values.clone();
        let dims = [slope.len(), 1, 1];
        let slope = self.constant(&dims, slope);
        self.node("PRelu", &[slope], Vec::new());
        Ok(())
    }

    /// Widen, look around, narrow; with a shortcut around all of it, and where weighed, each channel by all of them.
    fn depthwise(&mut self, name: &str, stride: i64, shortcut: bool) -> Result<()> {
        let before = self.last.clone();
        self.block(&format!("{name}.conv"), 1)?;
        self.block(&format!("{name}.conv_dw"), stride)?;
        self.convolution(&format!("{name}.project.conv"), Some(&format!("{name}.project.bn")), 1)?;
        let weighed = format!("{name}.se_module");
        if self.has(&format!("{weighed}.fc1.weight")) {
            let channels = self.last.clone();
            self.node("GlobalAveragePool", &[], Vec::new());
            self.convolution(&format!("{weighed}.fc1"), Some(&format!("{weighed}.bn1")), 1)?;
            self.node("Relu", &[], Vec::new());
            self.convolution(&format!("{weighed}.fc2"), Some(&format!("{weighed}.bn2")), 1)?;
            self.node("Sigmoid", &[], Vec::new());
            let weights = std::mem::replace(&mut self.last, channels);
            self.node("Mul", &[weights], Vec::new());
        }
        if shortcut {
            let inner = std::mem::replace(&mut self.last, before);
            self.node("Add", &[inner], Vec::new());
        }
        Ok(())
    }

    fn convolution(&mut self, name: &str, norm: Option<&str>, stride: i64) -> Result<()> {
        let weight = self.get(&format!("{name}.weight"))?.clone();
        let &[out, of_group, tall, wide] = weight.dims.as_slice() else { anyhow::bail!("{name}: {:?}", weight.dims) };
        let (mut values, mut bias) = (weight.values, vec![0.0; out]);
        if let Some(norm) = norm {
            let part = |what: &str| self.get(&format!("{norm}.{what}")).map(|t| t.values.clone());
            let (gain, shift) = (part("weight")?, part("bias")?);
            let (mean, variance) = (part("running_mean")?, part("running_var")?);
            let lengths = [gain.len(), shift.len(), mean.len(), variance.len()];
            ensure!(lengths == [out; 4], "{norm}: {lengths:?} values for {out} channels");
            let gain: Vec<f32> = gain.iter().zip(&variance).map(|(g, v)| g / (v + EPSILON).sqrt()).collect();
            let each = of_group * tall * wide;
            values.iter_mut().enumerate().for_each(|(at, w)| *w *= gain[at / each]);
            bias = (0..out).map(|c| shift[c] - mean[c] * gain[c]).collect();
        }
        // Kernels of three keep the size; the last one, as large as what it reads, makes one number of it.
        let pad = i64::from(tall == 3);
        let ints =
            |name: &str, ints: &[i64]| Attribute { name: name.to_owned(), ints: ints.to_vec(), ..Default::default() };
        let attributes = vec![
            ints("kernel_shape", &[tall as i64, wide as i64]),
            ints("strides", &[stride; 2]),
            ints("pads", &[pad; 4]),
            Attribute {
                name: "group".to_owned(),
                int: if of_group == 1 { out as i64 } else { 1 },
                ..Default::default()
            },
        ];
        let weight = self.constant(&[out, of_group, tall, wide], values);
        let bias = self.constant(&[out], bias);
        self.node("Conv", &[weight, bias], attributes);
        Ok(())
    }

    /// PyTorch stores the matrix the other way round.
    fn product(&mut self, name: &str) -> Result<()> {
        let weight = self.get(name)?;
        let &[out, inner] = weight.dims.as_slice() else { anyhow::bail!("{name}: {:?}", weight.dims) };
        let turned = (0..inner * out).map(|at| weight.values[at % out * inner + at / out]).collect();
        let matrix = self.constant(&[inner, out], turned);
        self.node("MatMul", &[matrix], Vec::new());
        Ok(())
    }

    fn keep(&mut self, name: &str) -> Result<String> {
        let tensor = self.get(name)?.clone();
        Ok(self.constant(&tensor.dims, tensor.values))
    }

    fn constant(&mut self, dims: &[usize], floats: Vec<f32>) -> String {
        let name = format!("constant-{}", self.graph.initializers.len());
        let dims = dims.iter().map(|d| *d as i64).collect();
        let data_type = Tensor::FLOAT;
        self.graph.initializers.push(Tensor { dims, data_type, floats, name: name.clone(), ..Default::default() });
        name
    }

    /// A node that reads the last one's output, then `more`.
    fn node(&mut self, op: &str, more: &[String], attributes: Vec<Attribute>) {
        let output = format!("value-{}", self.graph.nodes.len());
        let inputs = std::iter::once(self.last.clone()).chain(more.iter().cloned()).collect();
        self.graph.nodes.push(Node { inputs, outputs: vec![output.clone()], op: op.to_owned(), attributes });
        self.last = output;
    }
}

#[cfg(test)]
mod tests {
    use super::super::convert::convert_graph;
    use super::*;
    use stillyou_models::face::net::{Net, Workspace};

    /// A network two channels wide, with one block a stage, the first of them weighed. Its normalisations double, shift by one
    /// and take away a mean of two.
    fn narrow() -> BTreeMap<String, pytorch::Tensor> {
        let mut all = BTreeMap::new();
        let mut put = |name: &str, dims: &[usize], value: f32| {
            let values = vec![value; dims.iter().product()];
            all.insert(format!("module.{name}"), pytorch::Tensor { dims: dims.to_vec(), values });
        };
        let norm = |name: &str, width: usize, put: &mut dyn FnMut(&str, &[usize], f32)| {
            for (part, value) in
                [("weight", 1.0), ("bias", 1.0), ("running_mean", 2.0), ("running_var", 0.25 - EPSILON)]
            {
                put(&format!("{name}.{part}"), &[width], value);
            }
        };
        let block = |name: &str, dims: [usize; 4], bends: bool, put: &mut dyn FnMut(&str, &[usize], f32)| {
            put(&format!("{name}.conv.weight"), &dims, 0.25);
            norm(&format!("{name}.bn"), dims[0], put);
            if bends {
                put(&format!("{name}.prelu.weight"), &[dims[0]], 0.5);
            }
        };
        block("conv1", [2, 3, 3, 3], true, &mut put);
        block("conv2_dw", [2, 1, 3, 3], true, &mut put);
        for (down, row) in STAGES {
            for name in [down.to_owned(), format!("{row}.model.0")] {
                block(&format!("{name}.conv"), [2, 2, 1, 1], true, &mut put);
                block(&format!("{name}.conv_dw"), [2, 1, 3, 3], true, &mut put);
                block(&format!("{name}.project"), [2, 2, 1, 1], false, &mut put);
            }
        }
        block("conv_6_sep", [2, 2, 1, 1], true, &mut put);
        block("conv_6_dw", [2, 1, 5, 5], false, &mut put);
        for (fc, bn, dims) in [("fc1", "bn1", [1, 2, 1, 1]), ("fc2", "bn2", [2, 1, 1, 1])] {
            put(&format!("conv_3.model.0.se_module.{fc}.weight"), &dims, 0.25);
            norm(&format!("conv_3.model.0.se_module.{bn}"), dims[0], &mut put);
        }
        put("linear.weight", &[4, 2], 0.5);
        norm("bn", 4, &mut put);
        put("prob.weight", &[3, 4], 0.5);
        all
    }

    #[test]
    fn a_state_dictionary_becomes_a_network() {
        let (plan, weights) = convert_graph(&graph(narrow()).unwrap()).unwrap();
        // 2 + 3 · (3 + 3) + 2 convolutions and two products; a sum for each shortcut; pool, two convolutions and a scale.
        assert_eq!(plan.layers.len(), 22 + 2 + 3 + 4);
        // 0.25 over a deviation of a half; shifted by one less four.
        assert_eq!(weights.get("conv-1.weight").unwrap().values, [0.5; 54]);
        assert_eq!(weights.get("conv-1.bias").unwrap().values, [-3.0; 2]);
        let net = Net::new(&plan, weights).unwrap();
        assert_eq!((net.input(), net.outputs().collect::<Vec<_>>()), ([80, 80, 3], vec![[1, 1, 3]]));
        let out = net.run(&mut Workspace::default(), &vec![100.0; 80 * 80 * 3]).unwrap();
        assert!(out[0].iter().all(|v| v.is_finite() && *v == out[0][0]));
    }

    #[test]
    fn a_missing_tensor_is_named() {
        for name in
            ["conv1.bn.running_var", "conv_6_sep.prelu.weight", "linear.weight", "conv_4.model.0.conv.conv.weight"]
        {
            let mut tensors = narrow();
            tensors.remove(&format!("module.{name}")).unwrap();
            let refused = graph(tensors).err().unwrap().to_string();
            assert!(refused.contains(name.split(".model").next().unwrap()), "{refused}");
        }
    }
}
