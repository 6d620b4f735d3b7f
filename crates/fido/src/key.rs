use crate::patience::within;
use crate::{FidoError, PATIENCE};
use ctap_hid_fido2::fidokey::{GetAssertionArgsBuilder, MakeCredentialArgsBuilder};
use ctap_hid_fido2::public_key_credential_user_entity::PublicKeyCredentialUserEntity;
use ctap_hid_fido2::{FidoKeyHid, HidParam, LibCfg, get_fidokey_devices};
use stillyou_stepup::{AskKey, AskNewKey, KeyAnswer};
use zeroize::Zeroizing;

/// A security key that is plugged in.
pub struct Key {
    param: HidParam,
}

/// What a key can check who touches it by, as far as that is set up.
#[derive(Clone, Copy)]
struct Can {
    finger: bool,
    pin: bool,
}

/// How a key learns who touches it.
enum Check<'a> {
    /// It needs not.
    Not,
    /// By what it has itself: a finger.
    BuiltIn,
    /// By its PIN.
    Pin(&'a str),
}

impl Key {
    /// The key that is plugged in.
    ///
    /// # Errors
    /// Where there is none, or more than one, or it may not be opened.
    pub fn find() -> Result<Self, FidoError> {
        let mut found = within(PATIENCE, || Ok(get_fidokey_devices()))?;
        let several = found.len();
        match (found.pop(), several) {
            (Some(one), 1) => {
                allowed(&one.param)?;
                Ok(Self { param: one.param })
            }
            (None, _) => Err(FidoError::NoKey),
            (Some(_), several) => Err(FidoError::SeveralKeys(several)),
        }
    }

    /// Whether it wants its PIN, where it has to check who touches it (`verify`) or not.
    ///
    /// # Errors
    /// Where it does not answer, or can't check who touches it.
    pub fn wants_pin(&self, verify: bool) -> Result<bool, FidoError> {
        if !verify {
            return Ok(false);
        }
        self.talk(|_, can| match can {
            Can { finger: true, .. } => Ok(false),
            Can { pin: true, .. } => Ok(true),
            Can { .. } => Err(FidoError::CantVerify),
        })
    }

    /// Signs a challenge with any of the keys that it names. Waits for a touch.
    ///
    /// # Errors
    /// Why it doesn't.
    pub fn sign(&self, ask: &AskKey, pin: Option<Zeroizing<String>>) -> Result<KeyAnswer, FidoError> {
        let ask = ask.clone();
        self.talk(move |key, can| {
            let mut args = GetAssertionArgsBuilder::new(&ask.rp_id, ask.client_data.as_bytes());
            for id in &ask.credential_ids {
                args = args.add_credential_id(id);
            }
            let args = match check(can, ask.verify, pin.as_deref())? {
                Check::Not => args.without_pin_and_uv(),
                Check::BuiltIn => args,
                Check::Pin(pin) => args.pin(pin),
            };
            let signed = key.get_assertion_with_args(&args.build()).map_err(|e| failed(key, &e.to_string()))?;
            let signed = signed.into_iter().next().ok_or(FidoError::Nonsense)?;
            // A key may leave its name out where only one was asked for (CTAP 2.1, section 6.2.3).
            let credential_id = match (signed.credential_id.is_empty(), &ask.credential_ids[..]) {
                (true, [only]) => only.clone(),
                _ => signed.credential_id,
            };
            Ok(KeyAnswer { credential_id, authenticator_data: signed.auth_data, signature: signed.signature })
        })
    }

    /// Makes something to be known by; what it says then. Nothing is stored on the key. Waits for a touch.
    ///
    /// # Errors
    /// Why it doesn't.
    pub fn make(&self, ask: &AskNewKey, pin: Option<Zeroizing<String>>) -> Result<Vec<u8>, FidoError> {
        let ask = ask.clone();
        self.talk(move |key, can| {
            let name = Some(ask.user_name.as_str());
            let user = PublicKeyCredentialUserEntity::new(Some(&ask.user_id), name, name);
            let mut args = MakeCredentialArgsBuilder::new(&ask.rp_id, ask.client_data.as_bytes()).user_entity(&user);
            for id in &ask.exclude {
                args = args.exclude_authenticator(id);
            }
            let args = match check(can, ask.verify, pin.as_deref())? {
                Check::Not => args.without_pin_and_uv(),
                Check::BuiltIn => args,
                Check::Pin(pin) => args.pin(pin),
            };
            let made = key.make_credential_with_args(&args.build()).map_err(|e| failed(key, &e.to_string()))?;
            Ok(made.auth_data)
        })
    }

    fn talk<T: Send + 'static>(
        &self,
        talk: impl FnOnce(&FidoKeyHid, Can) -> Result<T, FidoError> + Send + 'static,
    ) -> Result<T, FidoError> {
        let param = self.param.clone();
        within(PATIENCE, move || {
            // Its own words for the person are ours to say.
            let quiet = LibCfg { keep_alive_msg: String::new(), ..LibCfg::init() };
            let said = |e: &dyn std::fmt::Display| FidoError::said(&e.to_string());
            let mut key = FidoKeyHid::new(&[param], &quiet).map_err(|e| said(&e))?;
            let info = key.get_info().map_err(|e| said(&e))?;
            let protocols = &info.pin_uv_auth_protocols;
            if !protocols.contains(&1) && protocols.contains(&2) {
                key = key.with_pin_protocol_version(2);
            }
            // CTAP 2.1, section 6.4: an option is there and true once it is set up.
            let has = |option| info.options.iter().any(|(name, set)| name == option && *set);
            talk(&key, Can { finger: has("uv"), pin: has("clientPin") })
        })
    }
}

/// How the key shall check who touches it. A PIN that was given is used, wanted or not.
fn check<'a>(can: Can, verify: bool, pin: Option<&'a String>) -> Result<Check<'a>, FidoError> {
    match pin {
        Some(pin) => Ok(Check::Pin(pin)),
        None if !verify => Ok(Check::Not),
        None if can.finger => Ok(Check::BuiltIn),
        None if can.pin => Err(FidoError::PinNeeded),
        None => Err(FidoError::CantVerify),
    }
}

/// What went wrong; for a wrong PIN the key tells how many more it takes.
fn failed(key: &FidoKeyHid, words: &str) -> FidoError {
    if words.contains("CTAP2_ERR_PIN_INVALID") {
        let left = key.get_pin_retries().ok().and_then(|left| u32::try_from(left).ok());
        return FidoError::WrongPin(left.unwrap_or_default());
    }
    FidoError::said(words)
}

/// Whether this user may open the device.
#[cfg(target_os = "linux")]
fn allowed(param: &HidParam) -> Result<(), FidoError> {
    let HidParam::Path(path) = param else { return Ok(()) };
    match std::fs::File::options().read(true).write(true).open(path) {
        Err(e) if e.kind() == std::io::ErrorKind::PermissionDenied => Err(FidoError::NoAccess(path.clone())),
        _ => Ok(()),
    }
}

#[cfg(not(target_os = "linux"))]
fn allowed(_param: &HidParam) -> Result<(), FidoError> {
    Ok(())
}
