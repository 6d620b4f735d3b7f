use crate::args::Check;
use crate::ask::{connect, unexpected};
use crate::output::say;
use anyhow::{Context, Result, anyhow};
use std::process::ExitCode;
use stillyou_agent::Exported;
use stillyou_agent::ipc::{Reply, Request};
use stillyou_ledger::Proof;

/// The proof goes to standard output, what is needed to check it to standard error.
pub fn prove(entry: u64, with_entry: bool) -> Result<ExitCode> {
    match connect()?.ask(&Request::ProveEntry { entry, with_entry })? {
        Reply::Proof { proof, hash, key } => {
            say!("{}", proof.trim_end());
            let hash = if with_entry { String::new() } else { format!(" --hash {hash}") };
            eprintln!("to check it: stillyou ledger check FILE --key {key}{hash}");
            Ok(ExitCode::SUCCESS)
        }
        other => unexpected(other),
    }
}

pub fn check(how: &Check) -> Result<ExitCode> {
    let name = how.proof.display().to_string();
    let text = std::fs::read_to_string(&how.proof).with_context(|| name.clone())?;
    let proof: Proof = text.parse().map_err(|e| anyhow!("{name}: {e}"))?;
    let signed = match (&how.hash, proof.entry()) {
        (Some(hash), Some(entry)) if entry.id.hash != *hash => Err(anyhow!("{name} carries an entry of another hash")),
        (Some(hash), None) => Ok(proof.verify_hash(hash, &how.key)?),
        _ => Ok(proof.verify_carried(&how.key)?),
    };
    let signed = signed.with_context(|| name)?;
    say!("entry {} is on record: {} signed it among {} entries", proof.seq(), signed.origin, signed.size);
    if let Some(entry) = proof.entry() {
        say!("{}", serde_json::to_string_pretty(entry)?);
    }
    Ok(ExitCode::SUCCESS)
}

pub fn export(from: u64, follow: bool, json: bool) -> Result<ExitCode> {
    let mut client = connect()?;
    let mut reply = client.ask(&Request::ExportLedger { from, follow })?;
    loop {
        let Reply::Exported { lines, last } = reply else { return unexpected(reply) };
        for line in &lines {
            if json {
                say!("{}", serde_json::to_string(line)?);
            } else {
                say!("{}", in_words(line));
            }
        }
        if last {
            return Ok(ExitCode::SUCCESS);
        }
        reply = client.next_reply()?;
    }
}

fn in_words(line: &Exported) -> String {
    let Exported { seq, time, kind, what, .. } = line;
    format!("{seq:6}  {time}  {kind:<9}  {what}")
}
