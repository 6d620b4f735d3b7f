use super::{ENROLLED_FACE, ENROLLED_POINTER, Record, RecordError, parse};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use stillyou_trust::Modality;

/// The kind of entry that tells how well a person's evidence fits their template.
const FIT: &str = "fit";

/// So often it is recorded at most, in milliseconds: one week says nothing about when somebody worked.
const EVERY_MS: i64 = 7 * 24 * 3_600_000;

/// What has fallen within so long is no drift, in milliseconds: two weeks.
const WEEKS_MS: i64 = 14 * 24 * 3_600_000;

/// Entries of a kind read at a time.
const PAGE: u32 = 1000;

/// Payload of `fit`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fit {
    modality: Modality,
    /// Mean of its evidence while it looked like the owner, in nats.
    mean_nats: f64,
}

/// How the fit to the template in force has gone: its first mean and its last one, with their times.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fitted {
    first: (i64, f64),
    last: (i64, f64),
}

impl Fitted {
    /// Nats that the last mean is under the first, where weeks lie between them.
    pub fn fallen_nats(&self) -> Option<f64> {
        (self.last.0 - self.first.0 >= WEEKS_MS).then_some(self.first.1 - self.last.1)
    }

    /// Whether a week is over since the last mean.
    pub fn is_due(&self, unix_ms: i64) -> bool {
        unix_ms - self.last.0 >= EVERY_MS
    }
}

impl Record {
    /// How well a modality's evidence fitted, on average.
    ///
    /// # Errors
    /// When it can't be recorded.
    pub fn fits(&mut self, modality: Modality, mean_nats: f64) -> Result<(), RecordError> {
        self.append(FIT, &Fit { modality, mean_nats }).map(drop)
    }

    /// How the fit to each modality's template has gone since that template was made.
    ///
    /// # Errors
    /// When the ledger can't be read, or an entry is not understood.
    pub fn fitted(&self) -> Result<BTreeMap<Modality, Fitted>, RecordError> {
        let mut fitted: BTreeMap<Modality, Fitted> = BTreeMap::new();
        for modality in Modality::ALL {
            let made = match modality {
                Modality::Keystroke => "enrolled",
                Modality::Pointer => ENROLLED_POINTER,
                Modality::Face => ENROLLED_FACE,
            };
            let Some(made) = self.ledger()?.last(made)? else { continue };
            let mut after = made.id.seq;
            loop {
                let page = self.ledger()?.of_kind(FIT, after, PAGE)?;
                let Some(last) = page.last() else { break };
                after = last.id.seq;
                for entry in &page {
                    let Fit { modality: of, mean_nats } = parse(entry)?;
                    if of == modality {
                        let mean = (entry.at.unix_ms, mean_nats);
                        fitted.entry(modality).or_insert(Fitted { first: mean, last: mean }).last = mean;
                    }
                }
            }
        }
        Ok(fitted)
    }
}
