use super::Look;
use crate::sight::Sight;
use std::time::{Duration, Instant};
use stillyou_models::face::Model;
use stillyou_models::face::occlusion::{AlignedFace, Masks};
use stillyou_sense::source::Stop;

/// Covered pictures of the face: what they cost is in `docs/science.md`.
const MASKS: Masks = Masks { count: 150, seed: 1 };

/// The longest that a map may take; what the look says waits for it, so that the record has both.
const MOST: Duration = Duration::from_millis(2500);

/// Adds what each part of the face said to a look that speaks against the person: only such a look is asked about. To be
/// called with the camera off. `face` is the one picture of the look that was best.
pub(super) fn explain(model: &Model, look: &Look, sight: &mut Sight, face: &AlignedFace, stop: &Stop) {
    let (Some(seen), Some(known)) = (&mut sight.face, &look.known) else { return };
    if seen.llr_nats >= 0.0 {
        return;
    }
    let began = Instant::now();
    let mut go_on = || began.elapsed() < MOST && !stop.requested();
    match model.occlusion(known, face, MASKS, &mut go_on) {
        Ok(map) => seen.occlusion = map,
        Err(e) => tracing::error!("a look is not explained by parts of the face: {e}"),
    }
}
