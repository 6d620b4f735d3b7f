use anyhow::{Context, Result, bail, ensure};
use std::collections::HashMap;

/// What a pickle describes.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing, a flag, a float: said, and not needed.
    Other,
    Int(i128),
    Text(String),
    /// A class or function, by module and name.
    Global(String),
    Tuple(Vec<Value>),
    List(Vec<Value>),
    Dict(Vec<(Value, Value)>),
    Storage(Storage),
    Tensor(Tensor),
}

/// Where numbers lie.
#[derive(Clone, Debug, PartialEq)]
pub struct Storage {
    /// `FloatStorage`, `LongStorage`, …
    pub numbers: String,
    pub key: String,
}

/// A view of a storage; offset and strides in numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Tensor {
    pub storage: Storage,
    pub offset: usize,
    pub dims: Vec<usize>,
    pub strides: Vec<usize>,
}

impl Value {
    /// Bytes of a number in the storage of this key.
    pub fn width_of(&self, key: &str) -> Option<usize> {
        let Value::Dict(entries) = self else { return None };
        let numbers = entries.iter().find_map(|(_, value)| match value {
            Value::Tensor(tensor) if tensor.storage.key == key => Some(tensor.storage.numbers.as_str()),
            _ => None,
        })?;
        match numbers {
            "FloatStorage" | "IntStorage" => Some(4),
            "LongStorage" | "DoubleStorage" => Some(8),
            "HalfStorage" => Some(2),
            "ByteStorage" | "BoolStorage" => Some(1),
            _ => None,
        }
    }

    fn size(&self) -> Result<usize> {
        let Value::Int(size) = self else { bail!("{self:?} is no size") };
        usize::try_from(*size).ok().filter(|size| *size < 1 << 32).with_context(|| format!("{size} is no size"))
    }

    fn sizes(&self) -> Result<Vec<usize>> {
        let (Value::Tuple(all) | Value::List(all)) = self else { bail!("{self:?} are no sizes") };
        all.iter().map(Value::size).collect()
    }
}

/// Reads one pickle (protocol 2); also tells how many bytes it took.
pub fn unpickle(bytes: &[u8]) -> Result<(Value, usize)> {
    let mut machine = Machine { bytes, at: 0, stack: Vec::new(), marks: Vec::new(), memo: HashMap::new() };
    while !machine.step().with_context(|| format!("byte {} of a pickle", machine.at))? {}
    let value = machine.pop()?;
    Ok((value, machine.at))
}

struct Machine<'a> {
    bytes: &'a [u8],
    at: usize,
    stack: Vec<Value>,
    marks: Vec<usize>,
    memo: HashMap<u32, Value>,
}

impl Machine<'_> {
    /// One instruction; true at the end.
    fn step(&mut self) -> Result<bool> {
        match self.take::<1>()?[0] {
            0x80 => ensure!(self.take::<1>()?[0] == 2, "the protocol must be 2"),
            b'.' => return Ok(true),
            b'(' => self.marks.push(self.stack.len()),
            b'}' => self.stack.push(Value::Dict(Vec::new())),
            b']' => self.stack.push(Value::List(Vec::new())),
            b')' => self.stack.push(Value::Tuple(Vec::new())),
            b'N' | 0x88 | 0x89 => self.stack.push(Value::Other),
            b'G' => {
                self.take::<8>()?;
                self.stack.push(Value::Other);
            }
            b'K' => self.number::<1>()?,
            b'M' => self.number::<2>()?,
            b'J' => {
                let value = i32::from_le_bytes(self.take()?);
                self.stack.push(Value::Int(value.into()));
            }
            0x8a => self.long()?,
            b'X' => {
                let length = u32::from_le_bytes(self.take()?) as usize;
                self.text(length)?;
            }
            b'U' => {
                let length = usize::from(self.take::<1>()?[0]);
                self.text(length)?;
            }
            b'c' => {
                let (module, name) = (self.line()?, self.line()?);
                self.stack.push(Value::Global(format!("{module}.{name}")));
            }
            b'q' => self.remember::<1>()?,
            b'r' => self.remember::<4>()?,
            b'h' => self.recall::<1>()?,
            b'j' => self.recall::<4>()?,
            b't' => {
                let all = self.since_mark()?;
                self.stack.push(Value::Tuple(all));
            }
            size @ 0x85..=0x87 => {
                let from = self.stack.len().checked_sub(usize::from(size) - 0x84).context("a tuple of too little")?;
                let all = self.stack.split_off(from);
                self.stack.push(Value::Tuple(all));
            }
            b'a' => {
                let one = self.pop()?;
                self.extend_list(vec![one])?;
            }
            b'e' => {
                let all = self.since_mark()?;
                self.extend_list(all)?;
            }
            b's' => {
                let (value, key) = (self.pop()?, self.pop()?);
                self.extend_dict(vec![key, value])?;
            }
            b'u' => {
                let all = self.since_mark()?;
                self.extend_dict(all)?;
            }
            b'Q' => {
                let id = self.pop()?;
                self.stack.push(Value::Storage(storage(id)?));
            }
            b'R' => {
                let (arguments, function) = (self.pop()?, self.pop()?);
                self.stack.push(built(&function, arguments)?);
            }
            // What is set on a dictionary are notes of PyTorch's versions.
            b'b' => drop(self.pop()?),
            other => bail!("instruction {other:#04x} is not known"),
        }
        Ok(false)
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N]> {
        let taken = self.bytes[self.at..].first_chunk::<N>().context("it is cut off")?;
        self.at += N;
        Ok(*taken)
    }

    fn slice(&mut self, length: usize) -> Result<&[u8]> {
        let taken = self.bytes[self.at..].get(..length).context("it is cut off")?;
        self.at += length;
        Ok(taken)
    }

    fn line(&mut self) -> Result<String> {
        let length = self.bytes[self.at..].iter().position(|b| *b == b'\n').context("it is cut off")?;
        let line = String::from_utf8(self.slice(length)?.to_vec())?;
        self.at += 1;
        Ok(line)
    }

    fn unsigned<const N: usize>(&mut self) -> Result<u32> {
        Ok(self.take::<N>()?.iter().rev().fold(0, |sum, b| sum << 8 | u32::from(*b)))
    }

    fn number<const N: usize>(&mut self) -> Result<()> {
        let value = self.unsigned::<N>()?;
        self.stack.push(Value::Int(value.into()));
        Ok(())
    }

    /// Little end first, with a sign.
    fn long(&mut self) -> Result<()> {
        let length = usize::from(self.take::<1>()?[0]);
        ensure!(length <= 16, "a number of {length} bytes");
        let bytes = self.slice(length)?;
        let negative = bytes.last().is_some_and(|b| *b >= 0x80);
        let mut whole = [if negative { 0xff } else { 0 }; 16];
        whole[..length].copy_from_slice(bytes);
        self.stack.push(Value::Int(i128::from_le_bytes(whole)));
        Ok(())
    }

    fn text(&mut self, length: usize) -> Result<()> {
        let text = String::from_utf8(self.slice(length)?.to_vec())?;
        self.stack.push(Value::Text(text));
        Ok(())
    }

    /// Copies: what is put into a dictionary later is never asked for through the memo in these files.
    fn remember<const N: usize>(&mut self) -> Result<()> {
        let at = self.unsigned::<N>()?;
        self.memo.insert(at, self.stack.last().context("nothing to remember")?.clone());
        Ok(())
    }

    fn recall<const N: usize>(&mut self) -> Result<()> {
        let at = self.unsigned::<N>()?;
        self.stack.push(self.memo.get(&at).context("nothing was remembered there")?.clone());
        Ok(())
    }

    fn pop(&mut self) -> Result<Value> {
        self.stack.pop().context("the stack is empty")
    }

    fn since_mark(&mut self) -> Result<Vec<Value>> {
        let mark = self.marks.pop().filter(|mark| *mark <= self.stack.len()).context("there is no mark")?;
        Ok(self.stack.split_off(mark))
    }

    fn extend_list(&mut self, values: Vec<Value>) -> Result<()> {
        let Some(Value::List(list)) = self.stack.last_mut() else { bail!("there is no list") };
        list.extend(values);
        Ok(())
    }

    fn extend_dict(&mut self, values: Vec<Value>) -> Result<()> {
        let Some(Value::Dict(dict)) = self.stack.last_mut() else { bail!("there is no dictionary") };
        ensure!(values.len().is_multiple_of(2), "a key without a value");
        dict.extend(values.chunks_exact(2).map(|pair| (pair[0].clone(), pair[1].clone())));
        Ok(())
    }
}

/// `('storage', class, key, place, length, …)`.
fn storage(id: Value) -> Result<Storage> {
    match id {
        Value::Tuple(parts) => match parts.as_slice() {
            [Value::Text(what), Value::Global(class), Value::Text(key), ..] if what == "storage" => {
                let numbers = class.strip_prefix("torch.").context("a storage of no numbers")?;
                Ok(Storage { numbers: numbers.to_owned(), key: key.clone() })
            }
            _ => bail!("{parts:?} is no storage"),
        },
        other => bail!("{other:?} is no storage"),
    }
}

/// The only two calls that there are.
fn built(function: &Value, arguments: Value) -> Result<Value> {
    let (Value::Global(name), Value::Tuple(arguments)) = (function, arguments) else {
        bail!("{function:?} is no call")
    };
    match (name.as_str(), arguments.as_slice()) {
        ("collections.OrderedDict", []) => Ok(Value::Dict(Vec::new())),
        ("torch._utils._rebuild_tensor_v2", [Value::Storage(storage), offset, dims, strides, ..]) => {
            let (storage, offset) = (storage.clone(), offset.size()?);
            Ok(Value::Tensor(Tensor { storage, offset, dims: dims.sizes()?, strides: strides.sizes()? }))
        }
        _ => bail!("it calls {name}, which is no part of a state dictionary"),
    }
}
