use crate::RecordingError;
use sha2::{Digest, Sha256};
use std::{fmt, str::FromStr};

/// Which part of an experiment a person belongs to, for good: decided by a hash of set and subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Share {
    /// Networks are fitted on them: 60 of 100.
    Train,
    /// Scores are calibrated on them: 10 of 100.
    Calibrate,
    /// Choices are made on them: 15 of 100.
    Validate,
    /// Final tables only: 15 of 100.
    Test,
}

impl Share {
    /// Every share, in order.
    pub const ALL: [Share; 4] = [Share::Train, Share::Calibrate, Share::Validate, Share::Test];

    /// The share of a subject: `sha256("<set>:<subject>:stillyou")`, its first 8 bytes big-endian, modulo 100: below
    /// 60 train, below 70 calibrate, below 85 validate, else test.
    pub fn of(set: &str, subject: &str) -> Self {
        let digest = Sha256::digest(format!("{set}:{subject}:stillyou").as_bytes());
        let first = digest.iter().take(8).fold(0u64, |acc, b| acc << 8 | u64::from(*b));
        match first % 100 {
            0..60 => Share::Train,
            60..70 => Share::Calibrate,
            70..85 => Share::Validate,
            _ => Share::Test,
        }
    }

    /// The name used on the command line and in reports.
    pub fn name(self) -> &'static str {
        match self {
            Share::Train => "train",
            Share::Calibrate => "calibrate",
            Share::Validate => "validate",
            Share::Test => "test",
        }
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Share {
    type Err = RecordingError;
    fn from_str(word: &str) -> Result<Self, RecordingError> {
        Share::ALL.into_iter().find(|s| s.name() == word).ok_or_else(|| RecordingError::Share(word.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Expected values computed with Python's hashlib.
    #[test]
    fn shares_follow_the_hash() {
        let got: Vec<_> = ["23", "5", "10001", "subject0"].map(|s| Share::of("aalto", s).name()).to_vec();
        assert_eq!(got, EXPECTED);
        let mut counts = [0usize; 4];
        for i in 0..10_000 {
            counts[Share::ALL.iter().position(|s| *s == Share::of("x", &i.to_string())).unwrap()] += 1;
        }
        for (n, expected) in counts.into_iter().zip([6000.0, 1000.0, 1500.0, 1500.0]) {
            assert!((n as f64 - expected).abs() < 200.0, "{counts:?}");
        }
    }

    const EXPECTED: [&str; 4] = ["test", "train", "test", "validate"];

    #[test]
    fn names_round_trip() {
        for share in Share::ALL {
            assert_eq!(share.name().parse::<Share>().unwrap(), share);
        }
        assert!("tests".parse::<Share>().unwrap_err().to_string().contains("validate"));
    }
}
