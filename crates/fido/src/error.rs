/// Why a security key did not answer, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FidoError {
    /// None is plugged in.
    #[error("no security key is plugged in: plug one in, and try again")]
    NoKey,
    /// Which one is meant can't be told.
    #[error("{0} security keys are plugged in: leave one in, and try again")]
    SeveralKeys(usize),
    /// The system does not let this user near it.
    #[error(
        "{0} may not be opened: log in at this machine, or add a udev rule that gives its seat's user access (TAG+=\"uaccess\")"
    )]
    NoAccess(String),
    /// Windows gives security keys to its own dialogue alone.
    #[error(
        "security keys are not available on Windows yet: it lets no program near them but through its own dialogue"
    )]
    NotOnWindows,
    /// The key wants its PIN.
    #[error("the security key wants its PIN")]
    PinNeeded,
    /// Another PIN is right.
    #[error("wrong PIN; the security key takes {0} more before it blocks")]
    WrongPin(u32),
    /// It was wrong too often for now.
    #[error("the security key takes no PIN until it was unplugged and plugged in again")]
    PinPaused,
    /// It was wrong too often.
    #[error("the security key's PIN is blocked: it has to be reset, which erases all that it holds")]
    PinBlocked,
    /// It can't check who touches it.
    #[error(
        "this security key can't check who touches it: give it a PIN, or a fingerprint, with the tool of its maker"
    )]
    CantVerify,
    /// It did not recognise the finger.
    #[error("the security key did not recognise the finger")]
    WrongFinger,
    /// Nobody touched it.
    #[error("the security key was not touched in time")]
    NotTouched,
    /// It is not one that was set up here.
    #[error("this security key is not one that was set up here")]
    OtherKey,
    /// It was set up before.
    #[error("this security key is set up already")]
    Known,
    /// Anything else it says.
    #[error("the security key says: {0}")]
    Said(String),
    /// It says nothing at all.
    #[error("the security key does not answer: unplug it, plug it in again, and try again")]
    Silent,
    /// What it said made the library fail.
    #[error("the security key's answer can't be understood")]
    Nonsense,
    /// There is no thread.
    #[error("the system gives no thread: {0}")]
    Thread(String),
}

impl FidoError {
    /// What an error of the library means. It says in words which status a key gave (CTAP 2.1, section 8.2); the names are matched.
    #[cfg(not(windows))]
    pub(crate) fn said(words: &str) -> Self {
        let known = [
            ("CTAP2_ERR_PIN_AUTH_BLOCKED", Self::PinPaused),
            ("CTAP2_ERR_PIN_BLOCKED", Self::PinBlocked),
            ("CTAP2_ERR_PIN_REQUIRED", Self::PinNeeded),
            ("CTAP2_ERR_PIN_NOT_SET", Self::CantVerify),
            ("CTAP2_ERR_UNSUPPORTED_OPTION", Self::CantVerify),
            ("CTAP2_ERR_UV_BLOCKED", Self::PinNeeded),
            ("CTAP2_ERR_UV_INVALID", Self::WrongFinger),
            ("CTAP2_ERR_NO_CREDENTIALS", Self::OtherKey),
            ("CTAP2_ERR_CREDENTIAL_EXCLUDED", Self::Known),
            ("CTAP2_ERR_USER_ACTION_TIMEOUT", Self::NotTouched),
            ("CTAP2_ERR_ACTION_TIMEOUT", Self::NotTouched),
            ("CTAP2_ERR_OPERATION_DENIED", Self::NotTouched),
            ("CTAP2_ERR_KEEPALIVE_CANCEL", Self::NotTouched),
        ];
        let meant = known.into_iter().find(|(name, _)| words.contains(name));
        meant.map_or_else(|| Self::Said(words.to_owned()), |(_, error)| error)
    }
}

#[cfg(all(test, not(windows)))]
mod tests {
    use super::FidoError;

    #[test]
    fn what_a_key_says_is_named() {
        let said = |words| FidoError::said(words);
        assert_eq!(said("0x34 CTAP2_ERR_PIN_AUTH_BLOCKED PIN authentication, pinAuth, blocked."), FidoError::PinPaused);
        assert_eq!(said("0x32 CTAP2_ERR_PIN_BLOCKED PIN Blocked."), FidoError::PinBlocked);
        assert_eq!(said("0x2E CTAP2_ERR_NO_CREDENTIALS    No valid credentials provided."), FidoError::OtherKey);
        assert_eq!(said("0x3A CTAP2_ERR_ACTION_TIMEOUT The operation has timed out."), FidoError::NotTouched);
        assert_eq!(said("write error"), FidoError::Said("write error".into()));
    }
}
