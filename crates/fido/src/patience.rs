use crate::FidoError;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::thread::Builder;
use std::time::Duration;

/// Does something with a key on a thread of its own. One that never answers keeps its thread, and nothing else; what it says may
/// make the library panic, which ends there.
pub fn within<T: Send + 'static>(
    patience: Duration,
    talk: impl FnOnce() -> Result<T, FidoError> + Send + 'static,
) -> Result<T, FidoError> {
    let (tell, told) = sync_channel(1);
    let talking = move || {
        let said = catch_unwind(AssertUnwindSafe(talk)).unwrap_or(Err(FidoError::Nonsense));
        // Nobody may be waiting any more.
        let _ = tell.send(said);
    };
    Builder::new().name("security-key".into()).spawn(talking).map_err(|e| FidoError::Thread(e.to_string()))?;
    told.recv_timeout(patience).unwrap_or_else(|error| match error {
        RecvTimeoutError::Timeout => Err(FidoError::Silent),
        RecvTimeoutError::Disconnected => Err(FidoError::Nonsense),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_a_key_does_a_call_ends() {
        let soon = Duration::from_millis(50);
        assert_eq!(within(soon, || Ok(7)), Ok(7));
        let (held, never) = sync_channel::<()>(0);
        assert_eq!(within(soon, move || never.recv().map_err(|_| FidoError::NoKey)), Err(FidoError::Silent));
        drop(held);
        let hostile: Vec<u8> = Vec::new();
        assert_eq!(within(Duration::from_secs(10), move || Ok(hostile[3])), Err(FidoError::Nonsense));
    }
}
