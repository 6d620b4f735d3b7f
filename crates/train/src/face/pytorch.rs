//! As much of PyTorch's own files (`torch.save` of a state dictionary) as published weights need: tensors of 32-bit floats by
//! name, from both of its formats, the zip of today and the chain of pickles before version 1.6. Nothing in a file is run: a
//! pickle that asks for more than it takes to name tensors is refused.

mod pickle;
mod zip;

use anyhow::{Context, Result, bail, ensure};
use pickle::{Value, unpickle};
use std::collections::BTreeMap;

/// A tensor, its values row by row.
#[derive(Clone, Debug, PartialEq)]
pub struct Tensor {
    pub dims: Vec<usize>,
    pub values: Vec<f32>,
}

/// The tensors of a state dictionary; those of other numbers than 32-bit floats are left out.
pub fn tensors(file: &[u8]) -> Result<BTreeMap<String, Tensor>> {
    if file.starts_with(b"PK") { zipped(file) } else { chained(file).context("the format before PyTorch 1.6") }
}

fn zipped(file: &[u8]) -> Result<BTreeMap<String, Tensor>> {
    let entries = zip::entries(file)?;
    let named = |end: &str| {
        let at = entries.iter().find(|(name, _)| name.ends_with(end));
        at.map(|(_, bytes)| *bytes).with_context(|| format!("there is no {end} in it"))
    };
    let (root, _) = unpickle(named("/data.pkl")?)?;
    collect(&root, |key| named(&format!("/data/{key}")))
}

/// Pickles one after the other: a magic number, a version, the system, the dictionary, the storages' keys; then each
/// storage's length and bytes.
fn chained(file: &[u8]) -> Result<BTreeMap<String, Tensor>> {
    let mut rest = file;
    let mut next = || -> Result<Value> {
        let (value, length) = unpickle(rest)?;
        rest = &rest[length..];
        Ok(value)
    };
    ensure!(next()? == Value::Int(0x1950_a86a_20f9_469c_fc6c), "it does not begin as such a file does");
    ensure!(next()? == Value::Int(1001), "its version must be 1001");
    next()?;
    let root = next()?;
    let Value::List(keys) = next()? else { bail!("its list of storages is missing") };
    let mut storages = BTreeMap::new();
    for key in keys {
        let Value::Text(key) = key else { bail!("a storage's key is no text") };
        let (length, bytes) = rest.split_first_chunk::<8>().context("a storage's length is missing")?;
        let width = root.width_of(&key).context("a storage belongs to no tensor")?;
        let length = usize::try_from(i64::from_le_bytes(*length))?.checked_mul(width).context("a storage's length")?;
        let (storage, behind) = bytes.split_at_checked(length).context("a storage is cut off")?;
        storages.insert(key, storage);
        rest = behind;
    }
    collect(&root, |key| storages.get(key).copied().with_context(|| format!("there is no storage {key}")))
}

fn collect<'a>(root: &Value, storage: impl Fn(&str) -> Result<&'a [u8]>) -> Result<BTreeMap<String, Tensor>> {
    let Value::Dict(entries) = root else { bail!("it is no state dictionary") };
    let mut tensors = BTreeMap::new();
    for (name, value) in entries {
        let (Value::Text(name), Value::Tensor(tensor)) = (name, value) else {
            bail!("{name:?} is {value:?}; a state dictionary has tensors by name")
        };
        if tensor.storage.numbers != "FloatStorage" {
            continue;
        }
        let values = (|| {
            let dense = tensor.dims.iter().rev().scan(1, |step, dim| {
                let this = *step;
                *step = usize::wrapping_mul(*step, *dim);
                Some(this)
            });
            ensure!(dense.eq(tensor.strides.iter().rev().copied()), "its values do not lie row by row");
            let count =
                tensor.dims.iter().try_fold(1usize, |count, dim| count.checked_mul(*dim)).filter(|n| *n < 1 << 32);
            let count = count.context("it is too large")?;
            let bytes = storage(&tensor.storage.key)?;
            let (from, to) = (4 * tensor.offset, 4 * (tensor.offset + count));
            let bytes = bytes.get(from..to).context("it reaches beyond its storage")?;
            Ok(bytes.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect())
        })();
        let values = values.with_context(|| format!("tensor {name}"))?;
        tensors.insert(name.clone(), Tensor { dims: tensor.dims.clone(), values });
    }
    Ok(tensors)
}

#[cfg(test)]
mod tests;
