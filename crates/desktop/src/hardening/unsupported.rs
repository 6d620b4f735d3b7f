use crate::Unsupported;
use std::io;

pub fn seal_memory() -> io::Result<()> {
    Err(io::Error::other(Unsupported("sealing memory")))
}
