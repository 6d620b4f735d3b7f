use stillyou_desktop_os::{
    password::{PasswordCheck, PasswordError},
    secret::Secret,
};
use stillyou_trust::Factor;

/// A way to prove who is there by something typed.
pub trait Typed: Send {
    /// Which factor it is.
    fn factor(&self) -> Factor;

    /// Checks what was typed. May block for seconds. What works once has stored that it was used before it says so.
    fn check(&mut self, secret: &Secret) -> Result<(), FactorError>;
}

/// Why a factor didn't verify.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FactorError {
    /// Something else was typed.
    #[error("wrong")]
    Wrong,
    /// What was typed was tried, but can't verify now: an expired account, an answer without a verdict. It counts as a
    /// try, because it may have been a guess.
    #[error("{0}")]
    Refused(String),
    /// Nothing was tried.
    #[error("{0}")]
    Unavailable(String),
}

/// The operating system's password of one's own user.
#[derive(Clone, Debug)]
pub struct PasswordFactor(PasswordCheck);

impl PasswordFactor {
    /// Takes the check to use.
    pub fn new(check: PasswordCheck) -> Self {
        Self(check)
    }
}

impl Typed for PasswordFactor {
    fn factor(&self) -> Factor {
        Factor::Password
    }

    fn check(&mut self, secret: &Secret) -> Result<(), FactorError> {
        self.0.check(secret).map_err(FactorError::from)
    }
}

impl From<PasswordError> for FactorError {
    fn from(error: PasswordError) -> Self {
        match error {
            PasswordError::Wrong => Self::Wrong,
            PasswordError::Account(_) | PasswordError::Inconclusive(_) => Self::Refused(error.to_string()),
            PasswordError::Unavailable(_) | PasswordError::Unsupported(_) => Self::Unavailable(error.to_string()),
        }
    }
}
