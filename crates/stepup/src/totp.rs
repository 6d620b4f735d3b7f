mod key;
#[cfg(test)]
mod tests;

pub use key::{BadTotpKey, TotpHash, TotpKey};

use crate::{FactorError, Typed};
use stillyou_desktop_os::secret::Secret;
use stillyou_trust::Factor;

/// A code holds for so many seconds: RFC 6238's time step.
const STEP_S: u64 = 30;
/// Codes of one step before and after now are taken as well: clocks drift.
const DRIFT_STEPS: u64 = 1;

/// One-time codes of an authenticator (RFC 6238). Each works once: so does none that is older than the last one used.
pub struct TotpFactor {
    key: TotpKey,
    last_step: Option<u64>,
    now_s: Box<dyn Fn() -> u64 + Send>,
    keep: Box<dyn FnMut(u64) -> Result<(), String> + Send>,
}

impl TotpFactor {
    /// `last_step` is what `keep` stored last, for this key; `now_s` gives seconds since 1970. `keep` must store the step where
    /// it outlives the agent; a code whose use can't be stored does not verify.
    pub fn new(
        key: TotpKey,
        last_step: Option<u64>,
        now_s: impl Fn() -> u64 + Send + 'static,
        keep: impl FnMut(u64) -> Result<(), String> + Send + 'static,
    ) -> Self {
        Self { key, last_step, now_s: Box::new(now_s), keep: Box::new(keep) }
    }
}

impl Typed for TotpFactor {
    fn factor(&self) -> Factor {
        Factor::Totp
    }

    fn check(&mut self, secret: &Secret) -> Result<(), FactorError> {
        let step = self.key.step_of(secret.expose(), (self.now_s)()).ok_or(FactorError::Wrong)?;
        if self.last_step.is_some_and(|last| step <= last) {
            return Err(FactorError::Refused("this code was used before; wait for the next one".into()));
        }
        (self.keep)(step)
            .map_err(|why| FactorError::Unavailable(format!("the use of the code can't be stored: {why}")))?;
        self.last_step = Some(step);
        Ok(())
    }
}
