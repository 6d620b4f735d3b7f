use serde::{Deserialize, Serialize};
use std::str::FromStr;
use thiserror::Error;

/// Odds that somebody else is there, as policy writes them: `"1:1000"`.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Odds {
    against: f64,
    for_: f64,
}

/// Why a text is not odds.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{0:?} is not odds; write two positive numbers with a colon, like \"1:1000\"")]
pub struct OddsError(String);

impl Odds {
    /// Odds of `somebody_else : owner`; `None` unless both are positive and finite.
    pub fn new(somebody_else: f64, owner: f64) -> Option<Self> {
        let ok = |x: f64| x.is_finite() && x > 0.0;
        (ok(somebody_else) && ok(owner)).then_some(Self { against: somebody_else, for_: owner })
    }

    /// The same odds on the logarithmic scale.
    pub fn log(self) -> LogOdds {
        LogOdds((self.against / self.for_).ln())
    }
}

impl FromStr for Odds {
    type Err = OddsError;
    fn from_str(s: &str) -> Result<Self, OddsError> {
        let parse = || {
            let (a, b) = s.split_once(':')?;
            Odds::new(a.trim().parse().ok()?, b.trim().parse().ok()?)
        };
        parse().ok_or_else(|| OddsError(s.to_owned()))
    }
}

impl TryFrom<String> for Odds {
    type Error = OddsError;
    fn try_from(s: String) -> Result<Self, OddsError> {
        s.parse()
    }
}

impl From<Odds> for String {
    fn from(o: Odds) -> String {
        o.to_string()
    }
}

impl std::fmt::Display for Odds {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.against, self.for_)
    }
}

/// Natural logarithm of the odds `O` that somebody else is there, in nats.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LogOdds(pub f64);

impl LogOdds {
    /// The score, `100 / (1 + O)`: 100 when it is surely the owner, 0 when it surely is not.
    pub fn score(self) -> f64 {
        100.0 / (1.0 + self.0.exp())
    }

    /// The larger of the two.
    pub fn max(self, other: LogOdds) -> LogOdds {
        LogOdds(self.0.max(other.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odds_parse_and_print() {
        let odds: Odds = "1:1000".parse().unwrap();
        assert_eq!(odds.to_string(), "1:1000");
        assert!((odds.log().0 + 1000f64.ln()).abs() < 1e-12);
        for bad in ["", "1", "0:1", "1:0", "-1:2", "a:b", "inf:1", "1:2:3", "nan:1"] {
            assert!(bad.parse::<Odds>().is_err(), "{bad}");
        }
    }

    #[test]
    fn score_of_even_odds_is_fifty() {
        assert_eq!(LogOdds(0.0).score(), 50.0);
        assert!(LogOdds(30.0).score() < 1e-9);
    }
}
