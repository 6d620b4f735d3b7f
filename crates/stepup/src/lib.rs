//! Factors that prove who is there, and the limit on trying them. The odds that a factor earns are policy, not here.
//!
//! [`RateLimit`] is pure, with time as a parameter; [`StepUp`] puts every factor behind it and keeps the count of tries
//! where killing the agent can't reset it.

mod factor;
mod pass_phrase;
mod rate_limit;
mod recovery;
mod security_key;
mod slow_hash;
mod step_up;
mod totp;

pub use factor::{FactorError, PasswordFactor, Typed};
pub use pass_phrase::{BadPassPhrase, PassPhrase, PassPhraseFactor, TooEasy};
pub use rate_limit::{Gate, RateLimit, RateLimitPolicy, RateLimitPolicyError, RateLimitSnapshot};
pub use recovery::{BadRecoveryCodes, RecoveryCodes, RecoveryFactor};
pub use security_key::{
    AskKey, AskNewKey, AuthenticatorData, BadAuthenticatorData, BadSecurityKeys, Ceremony, Challenge, Copied,
    KeyAnswer, KeyRefused, KeyUse, MOST_KEYS, NewKey, RP_ID, SecurityKey, SecurityKeyFactor, SecurityKeys,
};
pub use step_up::{Outcome, StepUp};
pub use stillyou_desktop_os::{
    secret::{MAX_SECRET_BYTES, Secret, SecretError},
    session::LoginId,
};
pub use totp::{BadTotpKey, TotpFactor, TotpHash, TotpKey};
