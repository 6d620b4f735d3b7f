//! How far off a source's time stamps are: keys are injected at known times, and the intervals captured are compared
//! with the intervals injected.

use super::{NoSource, Session, SourceKind};
use thiserror::Error;

/// The absolute error of captured intervals, in microseconds.
#[derive(Clone, Debug, PartialEq)]
pub struct TimingReport {
    /// Which source.
    pub source: SourceKind,
    /// How many intervals were compared.
    pub n: usize,
    /// Half of the errors are at most this.
    pub median_us: f64,
    /// 95 % of the errors are at most this.
    pub p95_us: f64,
    /// 99 % of the errors are at most this.
    pub p99_us: f64,
}

/// Why a source's time stamps can't be measured.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum TimingError {
    /// The source does not work here.
    #[error(transparent)]
    NoSource(#[from] NoSource),
    /// Keys can't be injected.
    #[cfg(target_os = "linux")]
    #[error(transparent)]
    Inject(#[from] super::inject::InjectError),
    /// The source started and failed.
    #[error("the source failed while it was measured: {0}")]
    Source(super::SourceError),
    /// The source did not start in time.
    #[error("the source did not start within {0} s")]
    NotReady(u64),
    /// Not every injected key arrived.
    #[error("{injected} key transitions were injected and {captured} captured; close what else listens or types")]
    Missed {
        /// How many were injected.
        injected: usize,
        /// How many came.
        captured: usize,
    },
    /// The system gives no thread.
    #[error("the source can't be run: {0}")]
    System(String),
    /// Too few intervals for a percentile.
    #[error("{0} intervals say nothing about the slowest 1 %; measure at least 100")]
    TooFew(usize),
}

/// Measures `kind` over `n` intervals of 15 to 60 ms (about 40 ms each), in the running session.
///
/// It presses a key that has no meaning (`KEY_UNKNOWN`), through XTEST for the X sources and through a virtual uinput
/// keyboard for evdev, which needs the right to use `/dev/uinput`.
///
/// # Errors
/// When the source or the injection does not work here, or keys get lost; at least 100 intervals are asked for.
pub fn measure(session: &Session, kind: SourceKind, n: usize) -> Result<TimingReport, TimingError> {
    if n < 100 {
        return Err(TimingError::TooFew(n));
    }
    probe::errors(session, kind, n).map(|errors| report(kind, errors))
}

fn report(source: SourceKind, mut errors_us: Vec<f64>) -> TimingReport {
    errors_us.sort_by(f64::total_cmp);
    // Nearest rank: the smallest value that this share of all does not exceed.
    let rank = |share: f64| ((share * errors_us.len() as f64).ceil() as usize).clamp(1, errors_us.len()) - 1;
    let at = |share: f64| errors_us[rank(share)];
    TimingReport { source, n: errors_us.len(), median_us: at(0.5), p95_us: at(0.95), p99_us: at(0.99) }
}

#[cfg(not(target_os = "linux"))]
mod probe {
    use super::*;

    pub(super) fn errors(_: &Session, _: SourceKind, _: usize) -> Result<Vec<f64>, TimingError> {
        Err(TimingError::System("keys to measure with can be typed on Linux only".into()))
    }
}

#[cfg(target_os = "linux")]
mod probe {
    use super::*;
    use crate::{
        Micros,
        keyboard::{
            Capture, Key, Observation, SourceChoice, Transition,
            inject::{InjectError, UinputKeyboard, XtestTypist, wait_until},
            select,
        },
    };
    use crossbeam_channel::{Receiver, unbounded};
    use std::time::{Duration, Instant};

    /// `KEY_UNKNOWN`: no layout gives it a meaning.
    const PROBE: Key = Key::from_evdev(240);
    const START_S: u64 = 5;
    const KEYBOARD: &str = "StillYou timing probe";

    type Emit = Box<dyn FnMut(Transition) -> Result<(), InjectError>>;

    pub(super) fn errors(session: &Session, kind: SourceKind, n: usize) -> Result<Vec<f64>, TimingError> {
        let mut emit = injector(session, kind)?;
        let source = select(session, SourceChoice::Only(kind))?;
        let (sink, observations) = unbounded();
        let capture = Capture::start(source, sink).map_err(|e| TimingError::System(e.to_string()))?;
        wait_for_start(&observations, kind)?;
        let injected = inject(n + 1, &mut emit)?;
        let captured = collect(&observations, injected.len())?;
        drop(capture);
        if captured.len() != injected.len() {
            return Err(TimingError::Missed { injected: injected.len(), captured: captured.len() });
        }
        let intervals =
            |stamps: &[Micros]| -> Vec<i64> { stamps.windows(2).map(|w| w[1].signed_since(w[0])).collect() };
        let pairs = intervals(&captured).into_iter().zip(intervals(&injected));
        Ok(pairs.map(|(captured, injected)| (captured - injected).abs() as f64).collect())
    }

    fn injector(session: &Session, kind: SourceKind) -> Result<Emit, TimingError> {
        match kind {
            SourceKind::Evdev => {
                let mut keyboard = UinputKeyboard::create(KEYBOARD)?;
                Ok(Box::new(move |transition| keyboard.emit(PROBE, transition)))
            }
            SourceKind::X11 | SourceKind::Rdev => {
                let display = session.display.as_deref().ok_or(NoSource::NoDisplay { asked: kind })?;
                let typist = XtestTypist::connect(display)?;
                Ok(Box::new(move |transition| typist.emit(PROBE, transition)))
            }
            SourceKind::System => Err(NoSource::NotBuilt { asked: kind }.into()),
        }
    }

    fn wait_for_start(observations: &Receiver<Observation>, kind: SourceKind) -> Result<(), TimingError> {
        let deadline = Instant::now() + Duration::from_secs(START_S);
        let (mut ready, mut plugged) = (false, kind != SourceKind::Evdev);
        while !(ready && plugged) {
            match observations.recv_deadline(deadline) {
                Ok(Observation::Ready) => ready = true,
                Ok(Observation::DeviceAdded { name, .. }) if name == KEYBOARD => plugged = true,
                Ok(Observation::Lost(error)) => return Err(TimingError::Source(error)),
                Ok(_) => {}
                Err(_) => return Err(TimingError::NotReady(START_S)),
            }
        }
        Ok(())
    }

    fn inject(transitions: usize, emit: &mut Emit) -> Result<Vec<Micros>, TimingError> {
        let mut at = Micros::now().plus(Duration::from_millis(50));
        let mut stamps = Vec::with_capacity(transitions);
        for i in 0..transitions {
            wait_until(at);
            stamps.push(Micros::now());
            emit(if i % 2 == 0 { Transition::Press } else { Transition::Release })?;
            // Spread over 15 to 60 ms without a pattern that could fall in step with a timer (golden ratio).
            let share = (i as f64 * 0.618_033_988_749_895).fract();
            at = at.plus(Duration::from_micros(15_000 + (share * 45_000.0) as u64));
        }
        if transitions % 2 == 1 {
            emit(Transition::Release)?;
        }
        Ok(stamps)
    }

    fn collect(observations: &Receiver<Observation>, expected: usize) -> Result<Vec<Micros>, TimingError> {
        let mut stamps = Vec::with_capacity(expected);
        while stamps.len() < expected {
            match observations.recv_timeout(Duration::from_secs(2)) {
                Ok(Observation::Event(event)) if event.key == PROBE => stamps.push(event.at),
                Ok(Observation::Lost(error)) => return Err(TimingError::Source(error)),
                Ok(_) => {}
                Err(_) => break,
            }
        }
        Ok(stamps)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_nearest_ranks() {
        let errors: Vec<f64> = (1..=200).rev().map(f64::from).collect();
        let r = report(SourceKind::X11, errors);
        assert_eq!((r.n, r.median_us, r.p95_us, r.p99_us), (200, 100.0, 190.0, 198.0));
    }

    #[test]
    fn too_few_intervals_are_refused() {
        let session =
            Session { session_type: None, wayland_display: None, display: None, input_folder: "/dev/input".into() };
        assert_eq!(measure(&session, SourceKind::X11, 99), Err(TimingError::TooFew(99)));
    }
}
