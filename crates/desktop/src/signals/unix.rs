use crossbeam_channel::{Receiver, bounded};
use signal_hook::{
    consts::{SIGHUP, SIGINT, SIGTERM},
    iterator::Signals,
};
use std::io;

pub fn told_to_end() -> io::Result<Receiver<()>> {
    let mut signals = Signals::new([SIGHUP, SIGINT, SIGTERM])?;
    let (to, told) = bounded(1);
    std::thread::Builder::new().name("signals".into()).spawn(move || {
        for _ in signals.forever() {
            // One that waits already says it all.
            let _ = to.try_send(());
        }
    })?;
    Ok(told)
}
