use super::sighting::{Sighting, Sightings, sighting};
use super::watch::{Outcome, Watch};
use super::{Caught, Other, due, typing};
use crate::{EvaluateError, Recogniser};
use stillyou_models::keystroke::{MIN_WINDOW, WINDOW};
use stillyou_sense::{Micros, keyboard::Keystroke};

/// From the owner's last key to the impostor's first.
const HAND_OVER_US: u64 = 2_000_000;

/// Somebody who takes over an owner's session.
pub struct Impostor {
    pub who: usize,
    /// Keystrokes of the owner before their first.
    pub after: usize,
    /// When that is pressed, on the owner's clock.
    begins: Micros,
    pub sightings: Sightings,
}

impl Impostor {
    /// `who` goes on with `theirs` after the first `after` keystrokes of `own`.
    pub fn new(own: &[Keystroke], after: usize, (who, theirs): (usize, &[Keystroke]), stride: usize) -> Self {
        let base = after.saturating_sub(WINDOW);
        let mut typed: Vec<Keystroke> = own.get(base..after).unwrap_or_default().to_vec();
        let begins = Micros(typed.iter().map(|k| k.released_at.0).max().map_or(0, |end| end + HAND_OVER_US));
        typed.extend(typing::moved(theirs, begins.0).take(WINDOW));
        let ends = due(MIN_WINDOW.max(after + 1), after + theirs.len(), stride);
        Self { who, after, begins, sightings: Sightings::new(base, typed, ends) }
    }

    /// Types until the lock, or until the recording ends.
    pub fn play<R: Recogniser>(
        &mut self,
        mut watch: Watch,
        model: &R,
        template: &R::Template,
        other: &mut Other<R::Embedding>,
    ) -> Result<Caught, EvaluateError> {
        let (after, begins) = (self.after, self.begins);
        let mut caught = Caught { step_up: None, lock: None };
        let mut deadline = None;
        for end in self.sightings.ends() {
            let mut look = |ends: &[usize]| pure(model, template, other, after, begins, ends);
            let Some(seen) = self.sightings.of(watch.start, end, model, template, &mut look)? else { continue };
            if deadline.is_some_and(|deadline| seen.at > deadline) {
                break;
            }
            let (outcome, keys) = (watch.take(&seen)?, end - after);
            if outcome >= Outcome::StepUp && caught.step_up.is_none() {
                caught.step_up = Some(keys);
                deadline = Some(Micros(seen.at.0 + watch.grace().as_micros() as u64));
            }
            if outcome == Outcome::Lock {
                caught.lock = Some(keys);
                return Ok(caught);
            }
        }
        caught.lock = deadline.map(|deadline| {
            let zero = other.typed.first().map_or(0, |k| k.pressed_at.0);
            other.typed.partition_point(|k| begins.0 + (k.pressed_at.0 - zero) <= deadline.0)
        });
        Ok(caught)
    }

    /// Judges every window that ends at `last` or before.
    pub fn judge<R: Recogniser>(
        &mut self,
        last: usize,
        model: &R,
        template: &R::Template,
        other: &mut Other<R::Embedding>,
    ) -> Result<(), EvaluateError> {
        let (after, begins) = (self.after, self.begins);
        for end in self.sightings.ends().into_iter().filter(|end| *end <= last) {
            let mut look = |ends: &[usize]| pure(model, template, other, after, begins, ends);
            self.sightings.of(0, end, model, template, &mut look)?;
        }
        Ok(())
    }
}

/// What the windows say that hold the impostor's keystrokes alone.
fn pure<R: Recogniser>(
    model: &R,
    template: &R::Template,
    other: &mut Other<R::Embedding>,
    after: usize,
    begins: Micros,
    ends: &[usize],
) -> Result<Vec<Sighting>, EvaluateError> {
    let theirs: Vec<usize> = ends.iter().map(|end| end - after).collect();
    let unknown: Vec<usize> = theirs.iter().filter(|end| !other.known.contains_key(end)).copied().collect();
    let windows: Vec<&[Keystroke]> = unknown.iter().filter_map(|end| other.typed.get(end - WINDOW..*end)).collect();
    other.known.extend(unknown.iter().copied().zip(model.embed(&windows)?));
    let zero = other.typed.first().map_or(0, |k| k.pressed_at.0);
    let mut seen = Vec::with_capacity(theirs.len());
    for end in theirs {
        if let (Some(window), Some(embedding)) = (other.typed.get(end - WINDOW..end), other.known.get(&end)) {
            let there = sighting(model, template, window, embedding)?;
            seen.push(Sighting { at: Micros(begins.0 + there.at.0 - zero), ..there });
        }
    }
    Ok(seen)
}
