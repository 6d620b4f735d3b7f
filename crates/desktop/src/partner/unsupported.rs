use crate::Unsupported;
use std::io;

/// The process that started this one.
pub struct Parent(());

impl Parent {
    pub(super) fn of_this_process() -> Self {
        Self(())
    }

    /// Kills it, even when it is frozen.
    ///
    /// # Errors
    /// Always: [`Unsupported`].
    pub fn kill(&self) -> io::Result<()> {
        Err(io::Error::other(Unsupported("ending a frozen supervisor")))
    }
}
