use super::{Observation, SourceError, Stop};
use crossbeam_channel::{SendTimeoutError, Sender};
use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

/// What a running source is connected to: where its observations go and what tells it to stop.
#[derive(Debug)]
pub struct Feed<E> {
    sink: Sender<Observation<E>>,
    stop: Stop,
    ready: AtomicBool,
}

impl<E> Feed<E> {
    /// A feed into `sink` until `stop`.
    pub fn new(sink: Sender<Observation<E>>, stop: Stop) -> Self {
        Self { sink, stop, ready: AtomicBool::new(false) }
    }

    /// Sends one observation, waiting while the channel is full. False when the stop came first: then it was dropped.
    ///
    /// # Errors
    /// [`SourceError::SinkClosed`] when nobody receives any more.
    pub fn send(&self, mut observation: Observation<E>) -> Result<bool, SourceError> {
        if matches!(observation, Observation::Ready) {
            self.ready.store(true, Ordering::SeqCst);
        }
        while !self.stop.requested() {
            match self.sink.send_timeout(observation, Duration::from_millis(20)) {
                Ok(()) => return Ok(true),
                Err(SendTimeoutError::Timeout(back)) => observation = back,
                Err(SendTimeoutError::Disconnected(_)) => return Err(SourceError::SinkClosed),
            }
        }
        Ok(false)
    }

    /// What ends the run.
    pub fn stop(&self) -> &Stop {
        &self.stop
    }

    /// Whether [`Observation::Ready`] was sent since this was last asked.
    pub(super) fn take_ready(&self) -> bool {
        self.ready.swap(false, Ordering::SeqCst)
    }
}
