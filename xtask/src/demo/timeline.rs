use super::{
    counters::Who,
    watch::{Seen, State},
};
use anyhow::{Context, Result, ensure};
use std::time::Instant;

/// What happened in the demo, for the picture and the verdict.
#[derive(Debug)]
pub struct Timeline {
    pub described: String,
    pub start: Instant,
    pub seen: Vec<Seen>,
    /// When who began and stopped typing.
    pub turns: Vec<(Who, Instant, Instant)>,
    /// Step-ups that the genuine typist's typing caused, and whether the password then passed.
    pub genuine_step_ups: Vec<bool>,
}

/// How it went.
#[derive(Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The impostor's keystrokes until the step-up.
    pub step_up_after: usize,
    /// The impostor's keystrokes until the session was locked.
    pub locked_after: usize,
}

impl Timeline {
    /// The verdict.
    ///
    /// # Errors
    /// When the genuine typist was locked out or failed a step-up, or the impostor was not locked out.
    pub fn outcome(&self) -> Result<Outcome> {
        for seen in &self.seen {
            ensure!(
                seen.typed[1] > 0 || seen.status.state != State::Locked {},
                "the genuine typist was locked out after {} keystrokes",
                seen.typed[0]
            );
        }
        ensure!(self.genuine_step_ups.iter().all(|passed| *passed), "a step-up failed the genuine typist");
        let by_impostor = |state: State| self.seen.iter().find(|s| s.typed[1] > 0 && s.status.state == state);
        let locked = by_impostor(State::Locked {}).context("the impostor was never locked out")?;
        let step_up = by_impostor(State::StepUp {}).unwrap_or(locked);
        Ok(Outcome { step_up_after: step_up.typed[1], locked_after: locked.typed[1] })
    }

    /// Seconds since the start.
    pub fn seconds(&self, at: Instant) -> f64 {
        at.saturating_duration_since(self.start).as_secs_f64()
    }

    /// The first status of every step-up that the genuine typist met.
    pub fn answered(&self) -> impl Iterator<Item = &Seen> {
        let opens = |pair: &&[Seen]| {
            pair[1].typed[1] == 0
                && pair[1].status.state == State::StepUp {}
                && pair[0].status.state != State::StepUp {}
        };
        self.seen.windows(2).filter(opens).map(|pair| &pair[1])
    }

    /// When the impostor met this state first.
    pub fn met(&self, state: &State) -> Option<&Seen> {
        self.seen.iter().find(|s| s.typed[1] > 0 && s.status.state == *state)
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::demo::watch::Status;
    use std::time::Duration;

    /// A demo that went as it should: a line a second.
    pub fn good() -> Timeline {
        let start = Instant::now();
        let at = |s: u64| start + Duration::from_secs(s);
        let watching = |band: &str| State::Watching { band: band.to_owned() };
        let steps = [
            (watching("verified"), -2.4, [0, 0]),
            (watching("verified"), -2.2, [50, 0]),
            (watching("watch"), -0.9, [100, 0]),
            (watching("verified"), -2.4, [150, 0]),
            (watching("watch"), -0.6, [200, 20]),
            (State::StepUp {}, 0.4, [200, 31]),
            (State::StepUp {}, 3.0, [200, 60]),
            (State::Locked {}, 7.2, [200, 77]),
        ];
        let seen = steps.into_iter().enumerate().map(|(i, (state, log_odds, typed))| Seen {
            at: at(5 * i as u64),
            status: Status { state, log_odds: Some(log_odds), ..Status::default() },
            typed,
        });
        let seen = seen.collect();
        let turns = vec![(Who::Genuine, at(1), at(16)), (Who::Impostor, at(18), at(35))];
        Timeline { described: "made-up <people>".to_owned(), start, seen, turns, genuine_step_ups: vec![] }
    }

    #[test]
    fn only_the_impostor_locked_out_is_a_success() {
        assert_eq!(good().outcome().unwrap(), Outcome { step_up_after: 31, locked_after: 77 });

        let mut straight = good();
        straight.seen.retain(|s| s.status.state != State::StepUp {});
        assert_eq!(straight.outcome().unwrap(), Outcome { step_up_after: 77, locked_after: 77 });

        let mut never = good();
        never.seen.pop();
        assert!(never.outcome().unwrap_err().to_string().contains("never locked"));

        let mut genuine = good();
        genuine.seen[2].status.state = State::Locked {};
        assert!(genuine.outcome().unwrap_err().to_string().contains("genuine typist was locked out after 100"));

        let mut failed = good();
        failed.genuine_step_ups = vec![true, false];
        assert!(failed.outcome().is_err());
    }
}
