#[path = "linux/nodes.rs"]
mod nodes;
#[path = "linux/x11.rs"]
mod x11;

use super::{DeviceFeed, Follow};
use crate::keyboard::{Session, SessionKind};
use crate::source::SourceError;
use std::io;

pub(super) fn follower() -> io::Result<Follow> {
    Ok(follow)
}

fn follow(session: &Session, feed: &DeviceFeed) -> Result<(), SourceError> {
    match (session.kind(), &session.display) {
        (SessionKind::X11, Some(display)) => x11::follow(display, feed),
        _ => nodes::follow(&session.input_folder, feed),
    }
}
