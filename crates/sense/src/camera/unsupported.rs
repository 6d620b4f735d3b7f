use super::{CameraError, CameraInfo, Format, Frame};
use crate::source::Stop;
use std::time::Duration;

pub(crate) fn list() -> Result<Vec<CameraInfo>, CameraError> {
    Err(CameraError::Unsupported)
}

pub(crate) enum Stream {}

impl Stream {
    pub(crate) fn open(_: &CameraInfo, _: &Format, _: Stop) -> Result<Self, CameraError> {
        Err(CameraError::Unsupported)
    }

    pub(crate) fn size(&self) -> (u32, u32) {
        match *self {}
    }

    pub(crate) fn frame(&mut self, _: Duration) -> Result<Frame, CameraError> {
        match *self {}
    }
}
