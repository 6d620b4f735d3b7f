use crate::FidoError;
use stillyou_stepup::{AskKey, AskNewKey, KeyAnswer};
use zeroize::Zeroizing;

/// A security key that is plugged in: on Windows none can be had.
pub enum Key {}

impl Key {
    /// The key that is plugged in.
    ///
    /// # Errors
    /// Always.
    pub fn find() -> Result<Self, FidoError> {
        Err(FidoError::NotOnWindows)
    }

    /// Whether it wants its PIN.
    ///
    /// # Errors
    /// Never: there is none.
    pub fn wants_pin(&self, _verify: bool) -> Result<bool, FidoError> {
        match *self {}
    }

    /// Signs a challenge.
    ///
    /// # Errors
    /// Never: there is none.
    pub fn sign(&self, _ask: &AskKey, _pin: Option<Zeroizing<String>>) -> Result<KeyAnswer, FidoError> {
        match *self {}
    }

    /// Makes something to be known by.
    ///
    /// # Errors
    /// Never: there is none.
    pub fn make(&self, _ask: &AskNewKey, _pin: Option<Zeroizing<String>>) -> Result<Vec<u8>, FidoError> {
        match *self {}
    }
}
