use super::{Feed, Observation, Source, SourceError, Stop};
use crossbeam_channel::Sender;
use std::{io, thread, time::Duration};

/// How long a lost source rests before it is tried again.
const RETRY: Duration = Duration::from_secs(1);

/// A source running on its own thread.
///
/// A source that fails is reported as [`Observation::Lost`] and tried again every second; [`Observation::Ready`] says
/// that it is back. Dropping this stops it.
pub struct Capture<E> {
    name: &'static str,
    stop: Stop,
    thread: Option<thread::JoinHandle<Box<dyn Source<Event = E>>>>,
}

impl<E: Send + 'static> Capture<E> {
    /// Starts `source`; what it sees goes to `sink`.
    ///
    /// # Errors
    /// When the system gives no thread or file descriptor.
    pub fn start(source: Box<dyn Source<Event = E>>, sink: Sender<Observation<E>>) -> io::Result<Self> {
        let (name, stop) = (source.name(), Stop::new()?);
        let feed = Feed::new(sink, stop.clone());
        let thread = thread::Builder::new().name(name.to_owned()).spawn(move || keep(source, &feed))?;
        Ok(Self { name, stop, thread: Some(thread) })
    }

    /// The source's name.
    pub fn source_name(&self) -> &'static str {
        self.name
    }

    /// Stops capture and returns the source, ready to be started again. When this returns, everything the source had
    /// opened is closed and nothing more is sent.
    ///
    /// What was sent before still waits in the channel: on a lock, drain it and forget what was half seen.
    ///
    /// # Errors
    /// When the source panicked; it is lost then.
    pub fn stop(mut self) -> io::Result<Box<dyn Source<Event = E>>> {
        self.stop.request();
        let thread = self.thread.take().ok_or_else(|| io::Error::other("capture was already stopped"))?;
        thread.join().map_err(|_| io::Error::other(format!("the {} source panicked", self.name)))
    }

    /// Whether the thread still captures or waits to try again. False only when nobody receives or it panicked.
    pub fn is_running(&self) -> bool {
        self.thread.as_ref().is_some_and(|t| !t.is_finished())
    }
}

impl<E> Drop for Capture<E> {
    fn drop(&mut self) {
        self.stop.request();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn keep<E: Send + 'static>(mut source: Box<dyn Source<Event = E>>, feed: &Feed<E>) -> Box<dyn Source<Event = E>> {
    let mut reported: Option<SourceError> = None;
    while !feed.stop().requested() {
        let error = match source.run(feed) {
            Ok(()) | Err(SourceError::SinkClosed) => break,
            Err(error) => error,
        };
        // The same failure at try after try is one loss; after a time of working it is a new one.
        if feed.take_ready() || reported.as_ref() != Some(&error) {
            tracing::warn!(source = source.name(), %error, "capture lost");
            if feed.send(Observation::Lost(error.clone())) != Ok(true) {
                break;
            }
            reported = Some(error);
        }
        feed.stop().wait(RETRY);
    }
    source
}
