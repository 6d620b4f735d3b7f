use super::Agent;
use stillyou_trust::Modality;

impl Agent {
    /// Records once a week how well each modality's evidence fits its template. Asked once a minute.
    pub(super) fn note_fits(&mut self) {
        let now_ms = self.record.now().unix_ms;
        for modality in Modality::ALL {
            let known = self.fitted.get(&modality);
            if known.is_some_and(|fitted| !fitted.is_due(now_ms)) {
                continue;
            }
            if let Some(mean_nats) = self.engine.take_fit(modality) {
                let noted = self.record.fits(modality, mean_nats);
                self.recorded(noted);
                self.read_fitted();
            }
        }
    }

    /// Reads again what the record has of it.
    pub(super) fn read_fitted(&mut self) {
        match self.record.fitted() {
            Ok(fitted) => self.fitted = fitted,
            Err(e) => tracing::warn!("how well templates fit can't be read: {e}"),
        }
    }

    /// Nats that a window of this modality says less for the person than it did weeks ago.
    pub(super) fn fallen_nats(&self, modality: Modality) -> Option<f64> {
        self.fitted.get(&modality)?.fallen_nats()
    }
}
