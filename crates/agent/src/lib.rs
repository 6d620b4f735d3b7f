//! The continuous loop: senses → models → trust → act, and its local door.
//!
//! [`Engine`] is the loop without an operating system: keystrokes and events in, decisions out. [`run`] drives it on a
//! desktop, in the worker process that [`supervise`] watches over: capture, locking, step-up, templates, the record, and the socket that the command line and the app ask
//! through. [`Replay`] drives it from a recording.

mod capture;
mod engine;
mod expected;
mod eye;
mod fallback;
mod fit;
mod home;
mod hourly;
pub mod ipc;
mod keychain;
mod locking;
mod model;
mod places;
mod pointing;
mod policy_file;
mod record;
mod replay;
mod run;
mod sight;
#[cfg(all(test, target_os = "linux"))]
mod soak;
mod supervise;
mod talk;
mod tell;
mod verifier;
mod window;

pub use engine::{Effect, Engine, Progress, RecordingRefused};
pub use expected::Expected;
pub use fallback::own_identity;
pub use locking::methods as lock_methods;
pub use model::{PadState, load_model, load_passive, load_pointer_model};
pub use places::{NoPlace, Places, model_folders, policies};
pub use policy_file::{PolicyFileError, PolicyInForce, load as load_policy};
pub use record::{Exported, RecordError};
pub use replay::{Moment, Replay};
pub use run::{RunError, run};
pub use sight::face_parts;
pub use stillyou_desktop_os::user::user_id;
pub use supervise::{SuperviseError, supervise};
