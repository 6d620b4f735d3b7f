use crate::Factor;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which factors count, for what.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FactorsPolicy {
    /// What a security key has to prove.
    pub security_key: KeyProof,
    /// Answering a step-up.
    pub step_up: SituationPolicy,
    /// Before anything that lowers protection or gives reasons away.
    pub lower_protection: SituationPolicy,
    /// In non-biometric mode, at its interval and after idle.
    pub non_biometric: SituationPolicy,
    /// Before breaking the glass.
    pub emergency: SituationPolicy,
}

/// What a security key has to prove. One that stays plugged in is touched by whoever sits there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum KeyProof {
    /// That its owner is there, by a PIN or a finger that the key itself checks, and that it was touched.
    #[default]
    Verified,
    /// That it was touched.
    Touch,
}

/// The factors of one situation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SituationPolicy {
    /// Any of these; one at least is not biometric.
    #[schemars(length(min = 1))]
    pub any_of: Vec<Factor>,
    /// So many different ones of them.
    pub count: u32,
}

/// When factors are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Situation {
    /// The score fell.
    StepUp,
    /// Something would lower protection.
    LowerProtection,
    /// There is no sensor.
    NonBiometric,
    /// The glass is to be broken.
    Emergency,
}

impl FactorsPolicy {
    /// One situation's part.
    pub fn of(&self, situation: Situation) -> &SituationPolicy {
        match situation {
            Situation::StepUp => &self.step_up,
            Situation::LowerProtection => &self.lower_protection,
            Situation::NonBiometric => &self.non_biometric,
            Situation::Emergency => &self.emergency,
        }
    }
}

impl SituationPolicy {
    /// How many different factors that need no sensor it names.
    pub(super) fn not_biometric(&self) -> usize {
        let mut factors: Vec<Factor> = self.any_of.iter().copied().filter(|f| f.modality().is_none()).collect();
        factors.sort_unstable();
        factors.dedup();
        factors.len()
    }
}

impl Default for SituationPolicy {
    fn default() -> Self {
        Self {
            any_of: vec![Factor::Password, Factor::Totp, Factor::RecoveryCode, Factor::SecurityKey, Factor::PassPhrase],
            count: 1,
        }
    }
}
