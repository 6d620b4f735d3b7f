#[cfg(unix)]
mod request;

#[cfg(unix)]
pub use request::ipc_request;

use stillyou_agent::ipc::{Frame, MAX_REPLY_BYTES, Reply};

/// What an agent sends to a client: JSON, or, after a first byte 0, a frame.
///
/// What is understood reads back the same, and its reasons can be shown and recomputed whatever they say.
pub fn ipc_reply(data: &[u8]) {
    let body = match data.split_first() {
        Some((0, mut raw)) => match Frame::read(&mut raw, MAX_REPLY_BYTES) {
            Ok(Frame::Json(body)) => body.to_vec(),
            _ => return,
        },
        _ => data.to_vec(),
    };
    let Ok(reply) = serde_json::from_slice::<Reply>(&body) else { return };
    let again = serde_json::to_vec(&reply).unwrap();
    assert_eq!(serde_json::from_slice::<Reply>(&again).unwrap(), reply);
    if let Reply::Explanation { explanation, .. } = reply {
        explanation.contributions();
        let _ = explanation.recompute();
    }
}
