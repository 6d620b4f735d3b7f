//! Pointer observations: moves, buttons and the wheel, as they come.

mod event;

pub use event::{Button, PointerEvent, PointerKind};
