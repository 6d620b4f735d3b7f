use std::time::Duration;
use thiserror::Error;

/// Why a camera gives no picture. `camera` is what it is called: its name and its place in the system.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum CameraError {
    /// There is no camera.
    #[error("there is no camera")]
    NoneFound,
    /// Policy names a camera that is not there.
    #[error("the camera {wanted} that policy names is not there")]
    NotThere {
        /// What policy names.
        wanted: String,
    },
    /// Policy accepts no virtual camera, and the only ones there are such.
    #[error("{camera} is no real camera ({reason}), and policy accepts none of that kind")]
    OnlyVirtual {
        /// The first of them.
        camera: String,
        /// By what it is known.
        reason: String,
    },
    /// Another program holds it.
    #[error("another program uses {camera}")]
    Busy {
        /// Which one.
        camera: String,
    },
    /// Another program opened it while we held it: it was let go for that program.
    #[error("another program wants {camera}; it was let go")]
    Wanted {
        /// Which one.
        camera: String,
    },
    /// This user may not use it.
    #[error("StillYou may not use {camera}")]
    PermissionDenied {
        /// Which one.
        camera: String,
    },
    /// It was pulled out, or its driver is gone.
    #[error("{camera} is gone")]
    Unplugged {
        /// Which one.
        camera: String,
    },
    /// It offers no picture that can be read: an infrared camera, or one that only talks to its maker's program.
    #[error("{camera} offers no picture that StillYou can read, only {offers}")]
    UnsupportedFormat {
        /// Which one.
        camera: String,
        /// What it offers instead.
        offers: String,
    },
    /// It sends nothing.
    #[error("{camera} sent no picture in {} s", waited.as_secs_f32())]
    TimedOut {
        /// Which one.
        camera: String,
        /// How long was waited.
        waited: Duration,
    },
    /// The stop that the camera was opened with was requested.
    #[error("capture was told to stop")]
    Stopped,
    /// The operating system refused something that always works.
    #[error("{camera}: {what} failed: {reason}")]
    System {
        /// Which one.
        camera: String,
        /// What was tried.
        what: &'static str,
        /// What went wrong.
        reason: String,
    },
    /// No cameras for this operating system.
    #[error("StillYou can't use cameras on this operating system")]
    Unsupported,
}

impl CameraError {
    /// What a person can do about it.
    pub fn fix(&self) -> &'static str {
        match self {
            CameraError::NoneFound => "plug in a camera, or open its shutter switch if the laptop has one",
            CameraError::NotThere { .. } => "plug it in, or name another in the policy (`stillyou doctor` lists them)",
            CameraError::OnlyVirtual { .. } => "plug in a real camera",
            CameraError::Busy { .. } => "close the program that shows the camera's picture; StillYou tries again later",
            CameraError::Wanted { .. } | CameraError::Stopped => "nothing: StillYou tries again later",
            CameraError::PermissionDenied { .. } if cfg!(target_os = "linux") => {
                "sign in at the machine itself; if that does not help, add the user to the group `video` \
                 (sudo usermod -aG video USER), then sign out and in again"
            }
            CameraError::PermissionDenied { .. } => {
                "allow StillYou to use the camera in the system's privacy settings, then start the agent again"
            }
            CameraError::Unplugged { .. } => "plug it in again",
            CameraError::UnsupportedFormat { .. } => "use another camera: an ordinary webcam that any program can show",
            CameraError::TimedOut { .. } => {
                "unplug the camera and plug it in again; restart the computer if it is built in"
            }
            CameraError::System { .. } => {
                "unplug the camera and plug it in again; if that does not help, report this text"
            }
            CameraError::Unsupported => "use the keyboard and pointer alone; they need no camera",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_names_the_camera_and_says_what_to_do() {
        let camera = || "HD Webcam (/dev/video0)".to_owned();
        let named = [
            CameraError::OnlyVirtual { camera: camera(), reason: "no hardware is behind it".into() },
            CameraError::Busy { camera: camera() },
            CameraError::Wanted { camera: camera() },
            CameraError::PermissionDenied { camera: camera() },
            CameraError::Unplugged { camera: camera() },
            CameraError::UnsupportedFormat { camera: camera(), offers: "GREY".into() },
            CameraError::TimedOut { camera: camera(), waited: Duration::from_millis(1500) },
            CameraError::System { camera: camera(), what: "starting", reason: "no".into() },
        ];
        for error in &named {
            assert!(error.to_string().contains("HD Webcam (/dev/video0)"), "{error}");
        }
        let unnamed = [CameraError::NoneFound, CameraError::Stopped, CameraError::Unsupported];
        let not_there = CameraError::NotThere { wanted: "usb:046d:0825".into() };
        for error in named.iter().chain(&unnamed).chain([&not_there]) {
            assert!(!error.fix().is_empty() && !error.fix().contains("  "), "{error}: {}", error.fix());
        }
        assert!(named[6].to_string().contains("1.5 s"));
    }
}
