use std::{
    io::{PipeReader, PipeWriter},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

/// Tells one running source to stop. Clones share the signal; once requested it stays so.
#[derive(Clone, Debug)]
pub struct Stop(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    requested: AtomicBool,
    // One byte is ever written and none read: the reading end stays readable, so every poll sees it.
    #[cfg_attr(not(unix), allow(dead_code))]
    reader: PipeReader,
    writer: PipeWriter,
}

impl Stop {
    /// A signal that has not been given.
    ///
    /// # Errors
    /// When the system has no file descriptors left.
    pub fn new() -> std::io::Result<Self> {
        let (reader, writer) = std::io::pipe()?;
        Ok(Self(Arc::new(Shared { requested: AtomicBool::new(false), reader, writer })))
    }

    /// Gives the signal: a source waiting for events wakes at once.
    pub fn request(&self) {
        use std::io::Write;
        if !self.0.requested.swap(true, Ordering::SeqCst) {
            // An empty pipe takes one byte without blocking; its reader lives in `self`, so it can't be closed.
            let _ = (&self.0.writer).write_all(&[1]);
        }
    }

    /// Waits for the signal, at most for `time`.
    pub(crate) fn wait(&self, time: Duration) {
        wait(self, time);
    }

    /// Whether the signal was given.
    pub fn requested(&self) -> bool {
        self.0.requested.load(Ordering::SeqCst)
    }
}

#[cfg(unix)]
impl std::os::fd::AsFd for Stop {
    /// Becomes readable when the signal is given; must not be read from.
    fn as_fd(&self) -> std::os::fd::BorrowedFd<'_> {
        self.0.reader.as_fd()
    }
}

#[cfg(unix)]
fn wait(stop: &Stop, time: Duration) {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    let timeout = Timespec { tv_sec: time.as_secs() as _, tv_nsec: time.subsec_nanos() as _ };
    // An interrupted wait is only a shorter one.
    let _ = poll(&mut [PollFd::new(stop, PollFlags::IN)], Some(&timeout));
}

#[cfg(not(unix))]
fn wait(stop: &Stop, time: Duration) {
    let step = Duration::from_millis(20);
    let mut left = time;
    while !stop.requested() && !left.is_zero() {
        std::thread::sleep(step.min(left));
        left = left.saturating_sub(step);
    }
}
