//! A stage on which the product plays as in life: its own X server, session bus, unlocked secret service, home and
//! runtime folders, and, for root, a throw-away user with a known password in a mount namespace with an own `/etc`,
//! so that a policy can be put in the administrator's place without touching the host's.
//!
//! Everything ends with the [`Stage`], however its process ends: a guardian process notices.

mod builder;
mod grab;
mod leftovers;
mod on_time;
mod picture;
mod recording;
mod soft_key;
mod stage;
mod tray;

pub use builder::Builder;
pub use grab::keyboard_grabbed;
pub use on_time::type_on_time;
pub use recording::recording;
pub use soft_key::{Signed, SoftKey};
pub use stage::{Stage, User};
pub use tray::{MenuLine, Panel, Picture, TrayIcon};
