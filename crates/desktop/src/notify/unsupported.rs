use super::{NotShown, Notice};
use crate::{Desktop, Unsupported};

pub(super) fn notify(_: &Desktop, _: &Notice) -> Result<u32, NotShown> {
    Err(Unsupported("showing a notice").into())
}
