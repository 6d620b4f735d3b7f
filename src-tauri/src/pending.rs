use crate::link::Link;
use std::sync::Mutex;
use stillyou_agent::ipc::Request;

/// What the person chose in the tray and has yet to prove who they are for.
#[derive(Default)]
pub struct Pending(Mutex<Option<Request>>);

impl Pending {
    /// Remembers a request until somebody is verified; it takes the place of another.
    pub fn wants(&self, request: Request) {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(request);
    }

    /// Forgets it.
    pub fn forget(&self) {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take();
    }

    /// Somebody was verified: asks for what they wanted.
    pub fn verified(&self, link: &Link) {
        let request = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take();
        if let Some(request) = request
            && let Err(refusal) = link.done(&request)
        {
            tracing::warn!("not done: {}", refusal.why);
        }
    }
}
