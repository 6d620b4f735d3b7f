use serde::{Deserialize, Serialize};
use stillyou_trust::{Attribution, Modality, Quality};

/// Under this quality the sensor, not the person, is the likelier reason.
const POOR_QUALITY: f64 = 0.4;
/// Mean luminance, 0 (black) to 1 (white), outside which a camera can't be expected to see a face.
pub const LIGHT: std::ops::RangeInclusive<f64> = 0.12..=0.92;
/// A device that changed so recently, in seconds, may be the reason.
const NEW_DEVICE_S: u64 = 24 * 3600;
/// So many nats a window less than at enrolment, over time and at good quality, are a person who has changed.
const DRIFT_NATS: f64 = 1.0;
/// So few tries left before a lock-out.
const NEAR_LOCKOUT: u32 = 1;

/// Why a verification probably failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// The sensor is gone, poor or another.
    Sensor,
    /// Light, above all.
    Environment,
    /// The modality doesn't suit the person, now or ever.
    Accessibility,
    /// The person has slowly changed since they enrolled.
    Drift,
    /// A program typed, or somebody guesses.
    SuspectedAbuse,
    /// Nothing measured says why.
    Unknown,
    /// Nothing was measured: the person proved who they are, and no case was opened.
    NotMeasured,
}

/// What was measured around a failure. What was not measured is left out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Measured {
    /// Quality of the signal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quality: Option<Quality>,
    /// Mean luminance of the camera's picture, 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub light: Option<f64>,
    /// Whether the sensor was there at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sensor_there: Option<bool>,
    /// Seconds since the sensor was last changed for another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_changed_s: Option<u64>,
    /// Which kind of device the sensor is, as in telemetry: a model, never a serial number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_kind: Option<String>,
    /// Nats a window that the person's own evidence has fallen by since enrolment, over weeks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fallen_nats: Option<f64>,
    /// Whether the evidence of a program, or of a recording played again, was seen.
    pub not_a_person: bool,
    /// The person says that the modality can't work for them: a bandage, a splint, a disability.
    pub cannot_use: bool,
    /// Tries that were left before a lock-out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tries_left: Option<u32>,
    /// What spoke against the person, in nats.
    pub attribution: Vec<Attribution>,
}

impl Measured {
    /// The likeliest cause, and the numbers that say so. Signs of abuse come first: whoever abuses can also dim the light.
    pub fn cause(&self, modality: Option<Modality>) -> (Cause, Vec<String>) {
        let rules = [
            (Cause::SuspectedAbuse, self.abuse()),
            (Cause::Accessibility, self.accessibility()),
            (Cause::Environment, self.environment(modality)),
            (Cause::Sensor, self.sensor()),
            (Cause::Drift, self.drift()),
        ];
        let found = rules.into_iter().find(|(_, because)| !because.is_empty());
        found.unwrap_or_else(|| (Cause::Unknown, vec!["nothing that was measured says why".into()]))
    }

    /// All of it, in words.
    pub fn in_words(&self) -> Vec<String> {
        let flag = |holds: bool, words: &str| holds.then(|| words.to_owned());
        let words = [
            self.quality.map(|quality| format!("quality {:.2}, of 1", quality.value())),
            self.light.map(|light| format!("light {light:.2}, of 1")),
            self.device_kind.as_ref().map(|kind| format!("device: {kind}")),
            flag(self.sensor_there == Some(false), "the sensor was not there"),
            self.device_changed_s.map(|since| format!("device changed {} min before", since / 60)),
            self.fallen_nats.map(|nats| format!("{nats:.1} nats a window less than at enrolment")),
            self.tries_left.map(|left| format!("{left} tries left before the lock-out")),
            flag(self.not_a_person, "the input was a program's, or a recording's"),
            flag(self.cannot_use, "the person says that they can't use it"),
        ];
        words.into_iter().flatten().collect()
    }

    fn abuse(&self) -> Vec<String> {
        let mut because = Vec::new();
        if self.not_a_person {
            because.push("the input was a program's, or a recording's".into());
        }
        if let Some(left) = self.tries_left.filter(|left| *left <= NEAR_LOCKOUT) {
            because.push(format!("{left} tries were left before the lock-out"));
        }
        because
    }

    fn accessibility(&self) -> Vec<String> {
        if self.cannot_use { vec!["the person says that they can't use it".into()] } else { Vec::new() }
    }

    fn environment(&self, modality: Option<Modality>) -> Vec<String> {
        let dark = self.light.filter(|light| modality == Some(Modality::Face) && !LIGHT.contains(light));
        let (least, most) = (LIGHT.start(), LIGHT.end());
        dark.map(|light| format!("the light is {light:.2}; a face is seen from {least} to {most}"))
            .into_iter()
            .collect()
    }

    fn sensor(&self) -> Vec<String> {
        let mut because = Vec::new();
        if self.sensor_there == Some(false) {
            because.push("the sensor is not there".into());
        }
        if let Some(quality) = self.quality.filter(|quality| quality.value() < POOR_QUALITY) {
            because.push(format!("the quality is {:.2}; under {POOR_QUALITY} it says little", quality.value()));
        }
        if let Some(since) = self.device_changed_s.filter(|since| *since < NEW_DEVICE_S) {
            because.push(format!("the device was changed for another {} min ago", since / 60));
        }
        because
    }

    fn drift(&self) -> Vec<String> {
        let fallen = self.fallen_nats.filter(|nats| *nats >= DRIFT_NATS);
        fallen.map(|nats| format!("a window says {nats:.1} nats less than at enrolment")).into_iter().collect()
    }
}

impl Cause {
    /// Every cause, in a fixed order.
    pub const ALL: [Cause; 7] = [
        Cause::Sensor,
        Cause::Environment,
        Cause::Accessibility,
        Cause::Drift,
        Cause::SuspectedAbuse,
        Cause::Unknown,
        Cause::NotMeasured,
    ];

    /// The name used in records and messages.
    pub fn name(self) -> &'static str {
        match self {
            Cause::Sensor => "sensor",
            Cause::Environment => "environment",
            Cause::Accessibility => "accessibility",
            Cause::Drift => "drift",
            Cause::SuspectedAbuse => "suspected-abuse",
            Cause::Unknown => "unknown",
            Cause::NotMeasured => "not-measured",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cause(measured: Measured) -> Cause {
        let (cause, because) = measured.cause(Some(Modality::Face));
        assert!(!because.is_empty());
        cause
    }

    #[test]
    fn a_cause_comes_from_what_was_measured() {
        assert_eq!(cause(Measured::default()), Cause::Unknown);
        assert_eq!(cause(Measured { sensor_there: Some(false), ..Default::default() }), Cause::Sensor);
        assert_eq!(cause(Measured { quality: Quality::new(0.2).ok(), ..Default::default() }), Cause::Sensor);
        assert_eq!(cause(Measured { quality: Quality::new(0.8).ok(), ..Default::default() }), Cause::Unknown);
        assert_eq!(cause(Measured { device_changed_s: Some(600), ..Default::default() }), Cause::Sensor);
        assert_eq!(cause(Measured { device_changed_s: Some(90_000), ..Default::default() }), Cause::Unknown);
        assert_eq!(cause(Measured { light: Some(0.05), ..Default::default() }), Cause::Environment);
        assert_eq!(cause(Measured { fallen_nats: Some(1.5), ..Default::default() }), Cause::Drift);
        assert_eq!(cause(Measured { cannot_use: true, ..Default::default() }), Cause::Accessibility);
        assert_eq!(cause(Measured { tries_left: Some(1), ..Default::default() }), Cause::SuspectedAbuse);
    }

    #[test]
    fn light_says_nothing_about_typing() {
        let dark = Measured { light: Some(0.05), ..Default::default() };
        assert_eq!(dark.cause(Some(Modality::Keystroke)).0, Cause::Unknown);
    }

    #[test]
    fn abuse_is_not_excused_by_a_dimmed_light() {
        let both = Measured { not_a_person: true, light: Some(0.01), cannot_use: true, ..Default::default() };
        assert_eq!(cause(both), Cause::SuspectedAbuse);
    }
}
