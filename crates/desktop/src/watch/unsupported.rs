use crossbeam_channel::Sender;

use super::{DesktopEvent, WatchFailed};
use crate::{Desktop, Unsupported, lock::StartedLocker};

pub(super) fn start(_: &Desktop, _: StartedLocker, _: Sender<DesktopEvent>) -> Result<Sender<()>, WatchFailed> {
    Err(Unsupported("watching the desktop").into())
}
