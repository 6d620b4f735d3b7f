//! How well a person's evidence fits their template, week by week: what tells somebody who has slowly changed from
//! somebody else.

use std::collections::BTreeMap;
use stillyou_trust::{Band, Evidence, Modality, State};

/// Evidence of poorer quality says more about the sensor than about the person.
const GOOD: f64 = 0.5;

/// The mean of a modality's evidence while it looked like the owner, since it was last taken.
#[derive(Debug, Default)]
pub struct Fits(BTreeMap<Modality, Sum>);

#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    nats: f64,
    count: u32,
}

impl Fits {
    /// Takes evidence that came while the monitor was in `state`. What comes while the score is low may be somebody
    /// else's.
    pub fn push(&mut self, evidence: &Evidence, state: State) {
        let owner = matches!(state, State::Watching { band: Band::Verified | Band::Watch });
        if owner && evidence.quality.value() >= GOOD {
            let sum = self.0.entry(evidence.modality).or_default();
            sum.nats += evidence.llr_nats;
            sum.count += 1;
        }
    }

    /// The mean in nats, once enough came for it to say something; counting begins anew then.
    pub fn take(&mut self, modality: Modality) -> Option<f64> {
        let sum = self.0.get(&modality).copied().filter(|sum| sum.count >= enough(modality))?;
        self.0.remove(&modality);
        Some(sum.nats / f64::from(sum.count))
    }

    /// Another template: what came before says nothing of it.
    pub fn forget(&mut self) {
        self.0.clear();
    }
}

/// Pieces of evidence for one mean. Windows of keys and strokes overlap, so that 500 of them are worth about 100: with
/// a deviation of about 3 nats their mean errs by 0.3, and the difference of two by 0.4, well under the nat that counts
/// as drift. Looks hardly overlap, and are few.
fn enough(modality: Modality) -> u32 {
    match modality {
        Modality::Keystroke | Modality::Pointer => 500,
        Modality::Face => 30,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use stillyou_trust::Quality;

    fn evidence(modality: Modality, llr_nats: f64, quality: f64) -> Evidence {
        Evidence::new(modality, llr_nats, Quality::new(quality).unwrap(), Vec::new()).unwrap()
    }

    #[test]
    fn the_mean_is_that_of_good_evidence_while_it_looks_like_the_owner() {
        let mut fits = Fits::default();
        let watching = State::Watching { band: Band::Verified };
        for n in 0..30 {
            assert_eq!(fits.take(Modality::Face), None, "{n} looks are too few");
            fits.push(&evidence(Modality::Face, if n % 2 == 0 { 3.0 } else { 5.0 }, 0.9), watching);
            fits.push(&evidence(Modality::Face, -9.0, 0.2), watching);
            fits.push(&evidence(Modality::Face, -9.0, 0.9), State::Watching { band: Band::StepUp });
            fits.push(&evidence(Modality::Keystroke, -1.0, 0.9), watching);
        }
        assert_eq!(fits.take(Modality::Face), Some(4.0));
        assert_eq!(fits.take(Modality::Face), None, "it begins anew");
        assert_eq!(fits.take(Modality::Keystroke), None);
    }
}
