use std::time::Duration;

use super::IdleUnknown;
use crate::{Desktop, Unsupported};

pub(super) struct Source;

impl Source {
    pub(super) fn find(_: &Desktop) -> Result<Self, IdleUnknown> {
        Err(Unsupported("idle time").into())
    }

    pub(super) fn get(&self) -> Result<Duration, IdleUnknown> {
        Err(Unsupported("idle time").into())
    }
}
