use anyhow::{Context, Result, ensure};

/// The files in a zip by name, as PyTorch writes it: stored, not compressed.
pub fn entries(file: &[u8]) -> Result<Vec<(String, &[u8])>> {
    let end = file.windows(4).rposition(|w| w == b"PK\x05\x06").context("it is no zip: its end is missing")?;
    ensure!(file.len() == end + 22, "the zip is cut off, or has a comment");
    let count = short(file, end + 10)?;
    let mut at = long(file, end + 16)?;
    let mut entries = Vec::new();
    for _ in 0..count {
        ensure!(file.get(at..at + 4) == Some(b"PK\x01\x02".as_slice()), "its directory is damaged");
        ensure!(short(file, at + 10)? == 0, "a file in it is compressed");
        let (size, place) = (long(file, at + 24)?, long(file, at + 42)?);
        let (name, extra, comment) = (short(file, at + 28)?, short(file, at + 30)?, short(file, at + 32)?);
        let text = file.get(at + 46..at + 46 + name).context("its directory is cut off")?;
        // The file's own header has lengths of its own.
        let begins = place + 30 + short(file, place + 26)? + short(file, place + 28)?;
        let bytes = file.get(begins..begins + size).context("a file in it is cut off")?;
        entries.push((String::from_utf8(text.to_vec())?, bytes));
        at += 46 + name + extra + comment;
    }
    Ok(entries)
}

fn short(file: &[u8], at: usize) -> Result<usize> {
    let bytes = file.get(at..).and_then(|rest| rest.first_chunk::<2>()).context("the zip is cut off")?;
    Ok(u16::from_le_bytes(*bytes).into())
}

fn long(file: &[u8], at: usize) -> Result<usize> {
    let bytes = file.get(at..).and_then(|rest| rest.first_chunk::<4>()).context("the zip is cut off")?;
    let value = u32::from_le_bytes(*bytes);
    ensure!(value != u32::MAX, "the zip is too large");
    Ok(value as usize)
}
