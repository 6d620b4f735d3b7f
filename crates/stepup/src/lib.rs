//! Factors that prove who is there, and the limit on trying them. The odds that a factor earns are policy, not here.
//!
//! [`RateLimit`] is pure, with time as a parameter; [`StepUp`] puts every factor behind it and keeps the count of tries
//! where killing the agent can't reset it.

mod factor;
mod rate_limit;
mod recovery;
mod step_up;
mod totp;

pub use factor::{FactorError, PasswordFactor, Typed};
pub use rate_limit::{Gate, RateLimit, RateLimitPolicy, RateLimitPolicyError, RateLimitSnapshot};
pub use recovery::{BadRecoveryCodes, RecoveryCodes, RecoveryFactor};
pub use step_up::{Outcome, StepUp};
pub use stillyou_desktop_os::{
    secret::{MAX_SECRET_BYTES, Secret, SecretError},
    session::LoginId,
};
pub use totp::{BadTotpKey, TotpFactor, TotpHash, TotpKey};
