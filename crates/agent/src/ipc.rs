//! The agent's door: a Unix socket, on Windows a named pipe, for programs of the same user only, with small typed messages of bounded size.
//!
//! A frame is a tag byte, a little-endian 32-bit length, and that many bytes. Tag 0 carries JSON. Tags 1 to 6 carry
//! the bytes of a secret ([`SecretKind`]), and nothing else ever does: it is wiped on both sides and never parsed, logged or copied
//! into JSON.

mod case;
mod client;
mod frame;
mod message;
mod past;
mod server;
mod status;
mod stream;

pub use crate::eye::{CheckProgress, FaceProgress, Outline, ScanHint, ScanProgress, Wanted};
pub use case::{CaseReply, CaseRequest, CaseShown, Entered, Replaced, UnderGrant};
pub use client::{Client, ClientError};
pub use frame::{Frame, FrameError, MAX_REPLY_BYTES, MAX_REQUEST_BYTES, SecretKind};
pub use message::{Attempt, Reply, Request, StoredItem, StoredWhat};
pub use past::{Moment, MomentState, PastDecision};
pub use server::{Asked, Question, Server, ServerError};
pub use status::{CameraStatus, Enrolled, Health, OwnFactor, OwnKey, Sensor, SensorState, Status, WithoutBiometrics};
pub use stillyou_models::face::challenge::{Act, Failure as CheckFailure, Progress as Check};
pub use stillyou_models::face::guide::{Hint, Pose};
