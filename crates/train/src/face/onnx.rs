//! As much of ONNX's format (onnx.proto, IR version 8) as these networks use; the rest is skipped.

use prost::Message;

#[derive(Clone, PartialEq, Message)]
pub struct Model {
    #[prost(message, optional, tag = "7")]
    pub graph: Option<Graph>,
}

#[derive(Clone, PartialEq, Message)]
pub struct Graph {
    #[prost(message, repeated, tag = "1")]
    pub nodes: Vec<Node>,
    #[prost(message, repeated, tag = "5")]
    pub initializers: Vec<Tensor>,
    #[prost(message, repeated, tag = "11")]
    pub inputs: Vec<Value>,
    #[prost(message, repeated, tag = "12")]
    pub outputs: Vec<Value>,
}

#[derive(Clone, PartialEq, Message)]
pub struct Node {
    #[prost(string, repeated, tag = "1")]
    pub inputs: Vec<String>,
    #[prost(string, repeated, tag = "2")]
    pub outputs: Vec<String>,
    #[prost(string, tag = "4")]
    pub op: String,
    #[prost(message, repeated, tag = "5")]
    pub attributes: Vec<Attribute>,
}

#[derive(Clone, PartialEq, Message)]
pub struct Attribute {
    #[prost(string, tag = "1")]
    pub name: String,
    #[prost(float, tag = "2")]
    pub float: f32,
    #[prost(int64, tag = "3")]
    pub int: i64,
    #[prost(int64, repeated, tag = "8")]
    pub ints: Vec<i64>,
}

#[derive(Clone, PartialEq, Message)]
pub struct Tensor {
    #[prost(int64, repeated, tag = "1")]
    pub dims: Vec<i64>,
    #[prost(int32, tag = "2")]
    pub data_type: i32,
    #[prost(float, repeated, tag = "4")]
    pub floats: Vec<f32>,
    #[prost(int64, repeated, tag = "7")]
    pub ints: Vec<i64>,
    #[prost(string, tag = "8")]
    pub name: String,
    #[prost(bytes = "vec", tag = "9")]
    pub raw: Vec<u8>,
}

#[derive(Clone, PartialEq, Message)]
pub struct Value {
    #[prost(string, tag = "1")]
    pub name: String,
    #[prost(message, optional, tag = "2")]
    pub kind: Option<Type>,
}

#[derive(Clone, PartialEq, Message)]
pub struct Type {
    #[prost(message, optional, tag = "1")]
    pub tensor: Option<TensorType>,
}

#[derive(Clone, PartialEq, Message)]
pub struct TensorType {
    #[prost(message, optional, tag = "2")]
    pub shape: Option<Shape>,
}

#[derive(Clone, PartialEq, Message)]
pub struct Shape {
    #[prost(message, repeated, tag = "1")]
    pub dims: Vec<Dimension>,
}

#[derive(Clone, PartialEq, Message)]
pub struct Dimension {
    #[prost(int64, tag = "1")]
    pub value: i64,
}

impl Tensor {
    pub const FLOAT: i32 = 1;
    const INT64: i32 = 7;

    /// Its values, when they are floats.
    pub fn values(&self) -> Option<Vec<f32>> {
        let values = if self.raw.is_empty() {
            self.floats.clone()
        } else {
            self.raw.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect()
        };
        (self.data_type == Self::FLOAT && values.len() as i64 == self.dims.iter().product::<i64>()).then_some(values)
    }

    /// Its values, when they are integers.
    pub fn integers(&self) -> Option<Vec<i64>> {
        let values = if self.raw.is_empty() {
            self.ints.clone()
        } else {
            self.raw.as_chunks::<8>().0.iter().map(|b| i64::from_le_bytes(*b)).collect()
        };
        (self.data_type == Self::INT64).then_some(values)
    }
}

impl Node {
    /// Integers of an attribute, empty when it is not there.
    pub fn ints(&self, name: &str) -> &[i64] {
        self.attributes.iter().find(|a| a.name == name).map_or(&[], |a| &a.ints)
    }

    pub fn int(&self, name: &str) -> Option<i64> {
        self.attributes.iter().find(|a| a.name == name).map(|a| a.int)
    }

    pub fn float(&self, name: &str) -> Option<f32> {
        self.attributes.iter().find(|a| a.name == name).map(|a| a.float)
    }
}
