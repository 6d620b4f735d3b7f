use std::collections::BTreeMap;
use stillyou_governance::Measured;
use stillyou_trust::{Attribution, Circumstance, Explanation, Modality, Quality, Step};

/// The most features that a case names.
const MOST_FEATURES: usize = 5;

/// Nats under which a feature is not worth a word.
const LEAST_NATS: f64 = 0.05;

/// What is around a failure, as the agent knows it.
#[derive(Clone, Debug, Default)]
pub struct Around {
    /// Quality of the last evidence of the modality that failed.
    pub quality: Option<Quality>,
    /// How bright it is before the camera, 0 to 1.
    pub light: Option<f64>,
    /// Nats that a window of the person's own says less than it did, over weeks.
    pub fallen_nats: Option<f64>,
    /// Whether its sensor is there.
    pub sensor_there: Option<bool>,
    /// Seconds since its device came.
    pub device_changed_s: Option<u64>,
    /// What kind of sensor it is.
    pub device_kind: Option<String>,
    /// What raises the hazard.
    pub circumstances: Vec<Circumstance>,
    /// Tries that were left.
    pub tries_left: Option<u32>,
    /// The person says that they can't use it.
    pub cannot_use: bool,
}

/// What was measured around a failure of `modality`: what is around, and from the reasons of the score what spoke against the
/// person.
pub fn measured(modality: Option<Modality>, around: Around, reasons: &Explanation) -> Measured {
    Measured {
        quality: around.quality,
        light: around.light,
        sensor_there: around.sensor_there,
        device_changed_s: around.device_changed_s,
        device_kind: around.device_kind,
        fallen_nats: around.fallen_nats,
        not_a_person: around.circumstances.contains(&Circumstance::InjectedInput),
        cannot_use: around.cannot_use,
        tries_left: around.tries_left,
        attribution: modality.map_or_else(Vec::new, |modality| against(modality, reasons)),
    }
}

/// The features of `modality` that spoke against the person, most first.
fn against(modality: Modality, reasons: &Explanation) -> Vec<Attribution> {
    let mut sums: BTreeMap<&str, f64> = BTreeMap::new();
    for step in &reasons.steps {
        let Step::Evidence(evidence) = step else { continue };
        if evidence.modality != modality || evidence.llr_nats == 0.0 {
            continue;
        }
        for part in &evidence.attribution {
            *sums.entry(&part.feature).or_default() += evidence.nats * (part.nats / evidence.llr_nats);
        }
    }
    let mut all: Vec<Attribution> = sums
        .into_iter()
        .filter(|(_, nats)| *nats >= LEAST_NATS)
        .map(|(feature, nats)| Attribution { feature: feature.into(), nats })
        .collect();
    all.sort_by(|a, b| b.nats.total_cmp(&a.nats));
    all.truncate(MOST_FEATURES);
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;
    use stillyou_trust::{Evidence, Input, Monitor, Policy, TrustTime};

    #[test]
    fn what_spoke_against_the_person_is_summed_by_feature_and_modality() {
        let at = |s| TrustTime::since_boot(Duration::from_secs(s));
        let (mut monitor, _) = Monitor::begin(Policy::default(), at(1), None);
        let part = |feature: &str, nats| Attribution { feature: feature.into(), nats };
        let mut sees = |s, modality, parts: Vec<Attribution>| {
            let llr = parts.iter().map(|part| part.nats).sum();
            let evidence = Evidence::new(modality, llr, Quality::FULL, parts).unwrap();
            monitor.handle(at(s), Input::Evidence { evidence, overlap: 0.5 });
        };
        sees(2, Modality::Keystroke, vec![part("pauses", -1.0), part("hold time", -1.0), part("rhythm", 0.5)]);
        sees(3, Modality::Keystroke, vec![part("pauses", -2.0)]);
        sees(4, Modality::Face, vec![part("likeness", -2.0)]);
        let reasons = monitor.explanation();
        let found = measured(Some(Modality::Keystroke), Around::default(), &reasons).attribution;
        let names: Vec<&str> = found.iter().map(|part| part.feature.as_str()).collect();
        assert_eq!(names, ["pauses", "hold time"]);
        assert!((found[0].nats - 1.5).abs() < 0.01, "{found:?}");
        assert_eq!(measured(None, Around::default(), &reasons).attribution, []);
        let around = Around { circumstances: vec![Circumstance::InjectedInput], ..Around::default() };
        assert!(measured(None, around, &reasons).not_a_person);
    }
}
