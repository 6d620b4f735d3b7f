use crate::link::Link;
use crate::refusal::Refusal;
use serde_json::json;
use std::io::Write;
use std::path::{Path, PathBuf};
use stillyou_agent::ipc::{Reply, Request};

/// Writes what is stored about the person, the record without biometrics included, to a new file in `folder`; its path.
///
/// # Errors
/// When the agent does not allow it, or the file can't be written.
pub fn export(link: &Link, folder: &Path, name: &str) -> Result<PathBuf, Refusal> {
    let mut entries = Vec::new();
    let mut client = link.client()?;
    let mut reply = client.ask(&Request::ExportLedger { from: 1, follow: false })?;
    loop {
        match reply {
            Reply::Exported { lines, last } => {
                entries.extend(lines);
                if last {
                    break;
                }
            }
            other => return Err(link.refusal(other)),
        }
        reply = client.next_reply()?;
    }
    let Reply::Stored { items } = link.ask(&Request::Stored {})? else {
        return Err(Refusal::failed("the agent does not say what is stored"));
    };
    let text = serde_json::to_vec_pretty(&json!({ "stored": items, "ledger": entries })).map_err(Refusal::failed)?;
    write_new(&folder.join(name), &text)
}

/// Writes a file that was not there, for this user's eyes; its path.
///
/// # Errors
/// When it is there, or can't be written.
pub fn write_new(path: &Path, text: &[u8]) -> Result<PathBuf, Refusal> {
    let written = new_private_file(path).and_then(|mut file| file.write_all(text));
    written.map_err(|e| Refusal::failed(format!("{}: {e}", path.display())))?;
    Ok(path.to_owned())
}

fn new_private_file(path: &Path) -> std::io::Result<std::fs::File> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
