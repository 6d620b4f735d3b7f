use crate::{EvaluateError, Recogniser};
use std::{collections::HashMap, ops::RangeInclusive};
use stillyou_models::keystroke::{MIN_WINDOW, Stroke, WINDOW, quality};
use stillyou_sense::{Micros, keyboard::Keystroke};
use zeroize::Zeroize;

/// Windows judged at once where not all are: most impostors are caught in a few.
const AT_ONCE: usize = 4;

/// What one window says about the owner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sighting {
    /// When its last key was pressed.
    pub at: Micros,
    /// Its log-likelihood ratio in nats, not capped.
    pub llr_nats: f64,
    /// Its quality, 0 to 1.
    pub quality: f64,
}

/// What windows say that lie beyond the stretch kept in [`Sightings`], by their ends.
pub type Look<'a> = &'a mut dyn FnMut(&[usize]) -> Result<Vec<Sighting>, EvaluateError>;

/// The windows of a session, and what those judged so far say about the owner. Keystrokes are counted from the session's
/// start.
pub struct Sightings {
    /// Keystrokes of the session before `typed`.
    base: usize,
    typed: Vec<Keystroke>,
    /// Where windows end on which evidence falls due.
    ends: Vec<usize>,
    /// What the first of them say, where no step-up cuts them.
    full: Vec<Sighting>,
    /// Windows that begin at a step-up, by start and end.
    cut: HashMap<(usize, usize), Sighting>,
}

impl Sightings {
    pub fn new(base: usize, typed: Vec<Keystroke>, ends: Vec<usize>) -> Self {
        Self { base, typed, ends, full: Vec::new(), cut: HashMap::new() }
    }

    /// Ends of the windows on which evidence falls due.
    pub fn ends(&self) -> Vec<usize> {
        self.ends.clone()
    }

    /// Judges every window that no step-up cuts.
    pub fn judge_all<R: Recogniser>(&mut self, model: &R, template: &R::Template) -> Result<(), EvaluateError> {
        self.full = self.judged(&self.ends, model, template)?;
        Ok(())
    }

    /// What the last [`WINDOW`] keystrokes before `end` say, no more than those since `start`; `None` if they are too few.
    /// `look` is asked for windows of which none of `typed` is a part.
    pub fn of<R: Recogniser>(
        &mut self,
        start: usize,
        end: usize,
        model: &R,
        template: &R::Template,
        look: Look,
    ) -> Result<Option<Sighting>, EvaluateError> {
        if end < start + MIN_WINDOW {
            return Ok(None);
        }
        if start > 0 && end - start < WINDOW {
            return self.cut(start, end, model, template).map(Some);
        }
        let Ok(at) = self.ends.binary_search(&end) else { return Ok(None) };
        while self.full.len() <= at {
            let next: Vec<usize> = self.ends.iter().skip(self.full.len()).take(AT_ONCE).copied().collect();
            let (here, beyond) = next.split_at(next.partition_point(|end| *end - self.base <= self.typed.len()));
            let seen = if here.is_empty() { look(beyond)? } else { self.judged(here, model, template)? };
            if seen.is_empty() {
                return Ok(None);
            }
            self.full.extend(seen);
        }
        Ok(self.full.get(at).copied())
    }

    /// Sums of ratio times quality of every `windows` full windows in a row that end within `ends`.
    pub fn sums(&self, ends: RangeInclusive<usize>, windows: usize) -> impl Iterator<Item = f64> {
        let judged = self.ends.iter().zip(&self.full).filter(|(end, _)| ends.contains(end));
        let within: Vec<f64> = judged.map(|(_, s)| s.llr_nats * s.quality).collect();
        let sums: Vec<f64> = within.chunks_exact(windows.max(1)).map(|some| some.iter().sum()).collect();
        sums.into_iter()
    }

    fn cut<R: Recogniser>(
        &mut self,
        start: usize,
        end: usize,
        model: &R,
        template: &R::Template,
    ) -> Result<Sighting, EvaluateError> {
        if let Some(known) = self.cut.get(&(start, end)) {
            return Ok(*known);
        }
        let window = &self.typed[start - self.base..end - self.base];
        let seen = sighting(model, template, window, &model.embed(&[window])?[0])?;
        self.cut.insert((start, end), seen);
        Ok(seen)
    }

    /// What the windows that end at `ends`, all in `typed`, say.
    fn judged<R: Recogniser>(
        &self,
        ends: &[usize],
        model: &R,
        template: &R::Template,
    ) -> Result<Vec<Sighting>, EvaluateError> {
        let window = |end: &usize| &self.typed[end.saturating_sub(WINDOW).max(self.base) - self.base..end - self.base];
        let windows: Vec<&[Keystroke]> = ends.iter().map(window).collect();
        let embedded = model.embed(&windows)?;
        windows.iter().zip(&embedded).map(|(w, e)| sighting(model, template, w, e)).collect()
    }
}

/// What a window and its embedding say.
pub fn sighting<R: Recogniser>(
    model: &R,
    template: &R::Template,
    window: &[Keystroke],
    embedding: &R::Embedding,
) -> Result<Sighting, EvaluateError> {
    let llr_nats = model.llr_nats(model.score(template, embedding)?, window.len());
    let mut strokes: Vec<Stroke> = window.iter().map(Stroke::from).collect();
    let quality = quality(&strokes);
    strokes.zeroize();
    let at = window.last().map(|k| k.pressed_at).unwrap_or_default();
    Ok(Sighting { at, llr_nats, quality: quality?.value() })
}
