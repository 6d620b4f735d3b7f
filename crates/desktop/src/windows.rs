//! What several platform files on Windows share: text, SIDs, the terminal session.

pub(crate) mod sid;
pub(crate) mod terminal;

use std::io;

/// Text as Windows takes it: UTF-16 with a closing zero. A zero inside would cut it off: use [`wide`] for own text only.
pub(crate) fn wide(text: &str) -> Vec<u16> {
    text.encode_utf16().chain([0]).collect()
}

/// What the last call left as its error, with the call's name.
pub(crate) fn last_error(call: &str) -> io::Error {
    let error = io::Error::last_os_error();
    io::Error::new(error.kind(), format!("{call}: {error}"))
}
