use super::EyeError;
use std::time::{Duration, Instant};
use stillyou_sense::camera::{Camera, CameraIdentity, Chosen, Format, Wish, cameras, choose};
use stillyou_sense::source::Stop;

/// A camera that is on.
pub(super) struct Open {
    pub camera: Camera,
    pub identity: CameraIdentity,
    pub in_doubt: bool,
    /// Since when.
    pub since: Instant,
}

/// The camera to use, which stays off.
pub(super) fn find(wish: &Wish) -> Result<Chosen, EyeError> {
    Ok(choose(&cameras()?, wish)?)
}

impl Open {
    pub(super) fn turn_on(chosen: Chosen, stop: Stop) -> Result<Self, EyeError> {
        let since = Instant::now();
        let camera = Camera::open(&chosen.camera, &Format::default(), stop)?;
        let in_doubt = !chosen.doubts.is_empty();
        Ok(Self { camera, identity: chosen.camera.identity, in_doubt, since })
    }

    /// How long it was on.
    pub(super) fn turn_off(self) -> Duration {
        let Self { camera, since, .. } = self;
        camera.close();
        since.elapsed()
    }
}
