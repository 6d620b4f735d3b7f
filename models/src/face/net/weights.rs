use burn::store::burn_pack::{DType, Reader, Tensor, Writer};
use burn::tensor::Bytes;
use half::f16;
use std::collections::BTreeMap;

/// Named tensors, as they lie in a burnpack.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Weights(BTreeMap<String, Weight>);

/// A tensor of 32-bit floats, the last index running fastest.
#[derive(Clone, Debug, PartialEq)]
pub struct Weight {
    /// Its extents.
    pub shape: Vec<usize>,
    /// Its values.
    pub values: Vec<f32>,
}

/// How precisely weights are stored. They are computed with as 32-bit floats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// 16 bits, as packs are shipped.
    Half,
    /// 32 bits, to compare outputs with those of other programs.
    Single,
}

impl Weights {
    /// Reads a burnpack of 16- or 32-bit floats.
    ///
    /// # Errors
    /// What is wrong and what would be right, in words.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, String> {
        let reader = Reader::from_bytes(Bytes::from_bytes_vec(bytes)).map_err(|e| e.to_string())?;
        let tensors = reader.into_tensors().map_err(|e| e.to_string())?;
        tensors.into_iter().map(weight).collect::<Result<_, _>>().map(Self)
    }

    /// The same as a burnpack.
    ///
    /// # Errors
    /// What the format can't hold.
    pub fn to_bytes(&self, precision: Precision) -> Result<Vec<u8>, String> {
        let tensor = |(name, weight): (&String, &Weight)| {
            let (dtype, bytes): (_, Vec<u8>) = match precision {
                Precision::Half => {
                    (DType::F16, weight.values.iter().flat_map(|v| f16::from_f32(*v).to_le_bytes()).collect())
                }
                Precision::Single => (DType::F32, weight.values.iter().flat_map(|v| v.to_le_bytes()).collect()),
            };
            Tensor::new(name.clone(), dtype, weight.shape.clone(), None, Bytes::from_bytes_vec(bytes))
        };
        let written = Writer::new(self.0.iter().map(tensor).collect()).into_bytes();
        written.map(|bytes| bytes.to_vec()).map_err(|e| e.to_string())
    }

    /// Adds a tensor.
    pub fn insert(&mut self, name: String, shape: Vec<usize>, values: Vec<f32>) {
        self.0.insert(name, Weight { shape, values });
    }

    /// A tensor.
    pub fn get(&self, name: &str) -> Option<&Weight> {
        self.0.get(name)
    }

    /// A tensor, to be changed.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Weight> {
        self.0.get_mut(name)
    }

    /// Takes a tensor of so many values out; all zeros (of biases: nothing added) when there is none and `needed` is not
    /// set.
    pub(super) fn take(&mut self, name: &str, shape: &[usize], needed: bool) -> Result<Vec<f32>, String> {
        match self.0.remove(name) {
            Some(weight) if weight.shape == shape => Ok(weight.values),
            Some(weight) => Err(format!("{name} has the shape {:?}; the plan needs {shape:?}", weight.shape)),
            None if needed => Err(format!("{name} is missing")),
            None => Ok(vec![0.0; shape.iter().product()]),
        }
    }

    /// Names of tensors that are left.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

fn weight(tensor: Tensor) -> Result<(String, Weight), String> {
    let (name, dtype, shape, _, bytes) = tensor.into_parts().map_err(|e| e.to_string())?;
    let values: Vec<f32> = match dtype {
        DType::F16 => bytes.as_chunks::<2>().0.iter().map(|b| f16::from_le_bytes(*b).to_f32()).collect(),
        DType::F32 => bytes.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect(),
        other => return Err(format!("{name} is {other:?}; it must be F16 or F32")),
    };
    let shape = shape.to_vec();
    if values.len() != shape.iter().product::<usize>() {
        return Err(format!("{name} has {} values; its shape is {shape:?}", values.len()));
    }
    if values.iter().any(|v| !v.is_finite()) {
        return Err(format!("{name} has a value that is no number"));
    }
    Ok((name, Weight { shape, values }))
}
