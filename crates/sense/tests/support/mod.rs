//! What the tests share: a private X server, and waiting for observations.
#![allow(dead_code)]

use crossbeam_channel::Receiver;
use std::{
    fmt::Debug,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    time::Duration,
};
use stillyou_sense::{
    Micros,
    keyboard::{Key, KeyEvent, Keystroke, Session},
    source::Observation,
};

/// An X server of the test's own; it ends with this.
pub struct Xvfb {
    child: Child,
    pub display: String,
}

impl Xvfb {
    /// A server on a free display.
    pub fn start() -> Self {
        Self::spawn(&[])
    }

    /// A server on this display (":7").
    pub fn start_on(display: &str) -> Self {
        Self::spawn(&[display])
    }

    fn spawn(display: &[&str]) -> Self {
        let child = Command::new("Xvfb")
            .args(display)
            .args(["-displayfd", "1", "-screen", "0", "640x480x24", "-nolisten", "tcp", "-noreset"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let mut child = child.unwrap_or_else(|e| {
            panic!("Xvfb can't be started ({e}): apt-get install xvfb, or run ./x test, which installs it")
        });
        let mut number = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut number).unwrap();
        assert!(!number.trim().is_empty(), "Xvfb ended before it was ready");
        Self { child, display: format!(":{}", number.trim()) }
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    pub fn session(&self) -> Session {
        Session {
            session_type: Some("x11".into()),
            wayland_display: None,
            display: Some(self.display.clone()),
            input_folder: "/nowhere/input".into(),
        }
    }
}

impl Drop for Xvfb {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The next observation that `pick` wants; the others are passed over.
pub fn wait_for<T, E: Debug>(
    observations: &Receiver<Observation<E>>,
    mut pick: impl FnMut(&Observation<E>) -> Option<T>,
) -> T {
    let mut seen = Vec::new();
    loop {
        match observations.recv_timeout(Duration::from_secs(30)) {
            Ok(observation) => match pick(&observation) {
                Some(found) => return found,
                None => seen.push(observation),
            },
            Err(e) => panic!("{e}; seen until then: {seen:?}"),
        }
    }
}

pub fn ready<E: Debug>(observations: &Receiver<Observation<E>>) {
    wait_for(observations, |o| matches!(o, Observation::Ready).then_some(()));
}

/// Transitions until `n` came.
pub fn keys(observations: &Receiver<Observation<KeyEvent>>, n: usize) -> Vec<KeyEvent> {
    (0..n)
        .map(|_| {
            wait_for(observations, |o| match o {
                Observation::Event(event) => Some(event.clone()),
                _ => None,
            })
        })
        .collect()
}

/// A keystroke of this evdev code, times in milliseconds.
pub fn stroke(key: u16, pressed_ms: u64, released_ms: u64) -> Keystroke {
    Keystroke {
        key: Key::from_evdev(key),
        pressed_at: Micros(pressed_ms * 1_000),
        released_at: Micros(released_ms * 1_000),
        injected: false,
    }
}

/// "hello" with rollover.
pub fn hello() -> Vec<Keystroke> {
    vec![stroke(35, 0, 90), stroke(18, 70, 150), stroke(38, 140, 200), stroke(38, 220, 290), stroke(24, 270, 350)]
}

/// Runs `f` in a thread of an ordinary user, which hands that down to the threads it starts.
pub fn as_nobody<T: Send>(f: impl FnOnce() -> T + Send) -> T {
    let (group, user) = (rustix::process::Gid::from_raw(65534), rustix::process::Uid::from_raw(65534));
    let run = || {
        rustix::thread::set_thread_groups(&[]).unwrap();
        rustix::thread::set_thread_gid(group).unwrap();
        rustix::thread::set_thread_uid(user).unwrap();
        f()
    };
    std::thread::scope(|scope| scope.spawn(run).join().unwrap())
}
