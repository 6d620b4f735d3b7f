use crate::Unsupported;
use std::io;

pub fn seal_memory() -> io::Result<()> {
    Err(io::Error::other(Unsupported("sealing memory")))
}

pub fn separate_code_from_data() -> io::Result<()> {
    Err(io::Error::other(Unsupported("separating code from data")))
}
