use crate::expected::Expected;
use crate::keychain::{Keychain, KeychainSilent};
use crate::record::{
    ENROLLED_FACE, ENROLLED_POINTER, EnrolledFace, EnrolledPointer, EnrolledRecord, FactorSetUp, KeyChange,
    KeysChanged, OnRecord, Record, RecordError,
};
use std::time::Duration;
use stillyou_desktop_os::user::user_id;
use stillyou_ledger::{EntryId, Head};
use stillyou_models::keystroke::{Enrolled, Model, ModelVersion, Template, TemplateError};
use stillyou_models::{face, pointer};
use stillyou_sense::camera::CameraIdentity;
use stillyou_stepup::{PassPhrase, RecoveryCodes, SecurityKeys, TotpHash, TotpKey};
use stillyou_trust::Modality;
use stillyou_vault::{ErasureProof, Owner, Stored, Vault, VaultError, device_id};
use thiserror::Error;
use zeroize::Zeroizing;

/// How long a decision waits for its head to be in the keychain.
const HEAD_PATIENCE: Duration = Duration::from_secs(1);

/// The keychain as the agent uses it: the person's templates, sealed there and named in the record; and what ties the
/// record to it.
pub struct Home {
    keychain: Keychain,
}

/// Why a template can't be had, kept or erased.
#[derive(Debug, Error)]
pub enum HomeError {
    /// The vault's.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The keychain hangs.
    #[error(transparent)]
    Silent(#[from] KeychainSilent),
    /// The record's.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// The template does not fit.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// What a factor keeps is not what it should be.
    #[error("what is stored of a factor can't be used: {0}; set it up again")]
    Factor(String),
    /// There is a template that the record does not know.
    #[error("the keychain holds a template that the record does not know; erase it and enrol again")]
    NotOnRecord,
    /// The system gives no thread.
    #[error("the system gives no thread: {0}")]
    Thread(#[from] std::io::Error),
}

impl HomeError {
    /// Whether the keychain itself can't be used, rather than what is in it.
    pub fn is_keychain(&self) -> bool {
        matches!(
            self,
            HomeError::Silent(_)
                | HomeError::Vault(
                    VaultError::KeychainMissing(_) | VaultError::KeychainLocked(_) | VaultError::Keychain { .. }
                )
        )
    }
}

impl Home {
    /// The home of this user's templates on this device. The keychain is not asked yet.
    ///
    /// # Errors
    /// When the device can't be named, or there is no thread.
    pub fn open() -> Result<Self, HomeError> {
        let vault = Vault::open(Owner { user: user_id(), device: device_id()? })?;
        Ok(Self { keychain: Keychain::start(vault)? })
    }

    /// The keystroke template that the record names, `None` when it names none. Where the record can't be read, the one
    /// that is in force: watching with it is better than not watching.
    ///
    /// # Errors
    /// When it can't be read, is not the recorded one, or another model made it.
    pub fn load(&self, record: &Record, model: &Model) -> Result<Option<Template>, HomeError> {
        let Some(bytes) = self.bytes(KEYSTROKE, record.template()?)? else { return Ok(None) };
        let template = Template::from_bytes(&bytes)?;
        model.fits(&template)?;
        Ok(Some(template))
    }

    /// The pointer's template, as [`Home::load`]. Whether this model made it, the engine looks.
    ///
    /// # Errors
    /// When it can't be read, or is not the recorded one.
    pub fn load_pointer(&self, record: &Record) -> Result<Option<pointer::Template>, HomeError> {
        let bytes = self.bytes(POINTER, record.pointer_template()?)?;
        Ok(bytes.map(|bytes| pointer::Template::from_bytes(&bytes)).transpose()?)
    }

    /// The face's template and the camera it was learnt by, as [`Home::load`]. Whether this model made it, the eye looks.
    ///
    /// # Errors
    /// When it can't be read, or is not the recorded one.
    pub fn load_face(&self, record: &Record) -> Result<Option<(face::Template, CameraIdentity)>, HomeError> {
        let bytes = self.bytes(FACE, record.face_template()?)?;
        let (Some(bytes), Some(enrolled)) = (bytes, record.enrolled_face()?) else { return Ok(None) };
        Ok(Some((face::Template::from_bytes(&bytes)?, enrolled.camera)))
    }

    /// The key of one-time codes, as [`Home::load`].
    ///
    /// # Errors
    /// When it can't be read, is not the recorded one, or is no key.
    pub fn load_totp(&self, record: &Record) -> Result<Option<TotpKey>, HomeError> {
        let Some(bytes) = self.bytes(TOTP, record.totp_key()?)? else { return Ok(None) };
        TotpKey::new(bytes, TotpHash::Sha1, TOTP_DIGITS).map(Some).map_err(|e| HomeError::Factor(e.to_string()))
    }

    /// The recovery codes that are left, as [`Home::load`].
    ///
    /// # Errors
    /// When they can't be read, or are not the recorded ones.
    pub fn load_codes(&self, record: &Record) -> Result<Option<RecoveryCodes>, HomeError> {
        let Some(bytes) = self.bytes(RECOVERY, record.recovery_codes()?)? else { return Ok(None) };
        serde_json::from_slice(&bytes).map(Some).map_err(|e| HomeError::Factor(e.to_string()))
    }

    /// The pass-phrase's hash, as [`Home::load`].
    ///
    /// # Errors
    /// When it can't be read, or is not the recorded one.
    pub fn load_pass_phrase(&self, record: &Record) -> Result<Option<PassPhrase>, HomeError> {
        let Some(bytes) = self.bytes(PASS_PHRASE, record.pass_phrase()?)? else { return Ok(None) };
        serde_json::from_slice(&bytes).map(Some).map_err(|e| HomeError::Factor(e.to_string()))
    }

    /// The security keys, as [`Home::load`].
    ///
    /// # Errors
    /// When they can't be read, or are not the recorded ones.
    pub fn load_keys(&self, record: &Record) -> Result<Option<SecurityKeys>, HomeError> {
        let Some(bytes) = self.bytes(SECURITY_KEYS, record.security_keys()?)? else { return Ok(None) };
        serde_json::from_slice(&bytes).map(Some).map_err(|e| HomeError::Factor(e.to_string()))
    }

    fn bytes(&self, slot: &'static str, on_record: OnRecord) -> Result<Option<Zeroizing<Vec<u8>>>, HomeError> {
        let expected = match on_record {
            OnRecord::Template(stored) => Some(stored),
            OnRecord::Nothing | OnRecord::Unknown => None,
        };
        let found = self.keychain.ask(move |vault| vault.load(slot, expected.as_ref()))??;
        match found {
            Some(_) if on_record == OnRecord::Nothing => Err(HomeError::NotOnRecord),
            found => Ok(found.map(|found| found.bytes)),
        }
    }

    /// What ties the record to the keychain; the key is made on first use.
    ///
    /// # Errors
    /// The keychain's.
    pub fn tie(&self) -> Result<Tie, HomeError> {
        let read = |vault: &Vault| Ok(Tie { key: vault.ledger_key_or_new()?, head: vault.ledger_head()? });
        self.keychain.ask(read)?
    }

    /// Puts the record's head into the keychain.
    ///
    /// # Errors
    /// The keychain's.
    pub fn keep_head(&self, head: Head) -> Result<(), HomeError> {
        let keep = move |vault: &Vault| vault.keep_ledger_head(&head.to_bytes());
        Ok(self.keychain.ask_within(HEAD_PATIENCE, keep)??)
    }

    /// Stores a new template, all or nothing: pieces, then the record, then the switch.
    ///
    /// # Errors
    /// When any of these fails; the old template is then still in force.
    pub fn store(
        &self,
        record: &mut Record,
        model: &Model,
        enrolled: &Enrolled,
        expected: Expected,
    ) -> Result<(), HomeError> {
        let bytes = Zeroizing::new(enrolled.template.to_bytes());
        self.put(KEYSTROKE, model.version(), bytes, |stored| {
            let entry = EnrolledRecord {
                modality: Modality::Keystroke,
                stored,
                model: model.version().to_string(),
                keystrokes: enrolled.template.keystrokes(),
                self_rejects: enrolled.self_rejects,
                expected: Some(expected),
            };
            record.append("enrolled", &entry)
        })
    }

    /// Stores a new template of the pointer, as [`Home::store`].
    ///
    /// # Errors
    /// As there.
    pub fn store_pointer(
        &self,
        record: &mut Record,
        model: &pointer::Model,
        enrolled: &pointer::Enrolled,
    ) -> Result<(), HomeError> {
        let bytes = Zeroizing::new(enrolled.template.to_bytes());
        self.put(POINTER, model.version(), bytes, |stored| {
            let entry = EnrolledPointer {
                stored,
                model: model.version().to_string(),
                strokes: enrolled.template.strokes(),
                self_rejects: enrolled.self_rejects,
            };
            record.append(ENROLLED_POINTER, &entry)
        })
    }

    /// Stores a new template of the face, as [`Home::store`].
    ///
    /// # Errors
    /// As there.
    pub fn store_face(
        &self,
        record: &mut Record,
        model: &ModelVersion,
        template: &face::Template,
        camera: &CameraIdentity,
    ) -> Result<(), HomeError> {
        let bytes = Zeroizing::new(template.to_bytes());
        self.put(FACE, model, bytes, |stored| {
            let (images, camera) = (template.images(), camera.clone());
            record.append(ENROLLED_FACE, &EnrolledFace { stored, model: model.to_string(), images, camera })
        })
    }

    /// Stores a key for one-time codes, as [`Home::store`].
    ///
    /// # Errors
    /// As there.
    pub fn store_totp(&self, record: &mut Record, key: &TotpKey) -> Result<(), HomeError> {
        let bytes = Zeroizing::new(key.expose().to_vec());
        self.seal(TOTP, "sha1-6".into(), bytes, |stored| {
            record.append(crate::record::TOTP, &FactorSetUp { stored, left: None })
        })
    }

    /// Stores the recovery codes that are left, as [`Home::store`].
    ///
    /// # Errors
    /// As there.
    pub fn store_codes(&self, record: &mut Record, codes: &RecoveryCodes) -> Result<(), HomeError> {
        let bytes = serde_json::to_vec(codes).map_err(|e| HomeError::Factor(e.to_string()))?;
        let left = u32::try_from(codes.left()).ok();
        self.seal(RECOVERY, "argon2id".into(), Zeroizing::new(bytes), |stored| {
            record.append(crate::record::RECOVERY_CODES, &FactorSetUp { stored, left })
        })
    }

    /// Stores a pass-phrase's hash, as [`Home::store`].
    ///
    /// # Errors
    /// As there.
    pub fn store_pass_phrase(&self, record: &mut Record, pass_phrase: &PassPhrase) -> Result<(), HomeError> {
        let bytes = serde_json::to_vec(pass_phrase).map_err(|e| HomeError::Factor(e.to_string()))?;
        self.seal(PASS_PHRASE, "argon2id".into(), Zeroizing::new(bytes), |stored| {
            record.append(crate::record::PASS_PHRASE, &FactorSetUp { stored, left: None })
        })
    }

    /// Stores the security keys after something happened to one of them, as [`Home::store`].
    ///
    /// # Errors
    /// As there.
    pub fn store_keys(
        &self,
        record: &mut Record,
        keys: &SecurityKeys,
        name: &str,
        what: KeyChange,
    ) -> Result<(), HomeError> {
        let bytes = serde_json::to_vec(keys).map_err(|e| HomeError::Factor(e.to_string()))?;
        let left = u32::try_from(keys.list().len()).unwrap_or(u32::MAX);
        self.seal(SECURITY_KEYS, "es256".into(), Zeroizing::new(bytes), |stored| {
            record.append(crate::record::SECURITY_KEYS, &KeysChanged { stored, left, key: name.to_owned(), what })
        })
    }

    fn put(
        &self,
        slot: &'static str,
        model: &ModelVersion,
        bytes: Zeroizing<Vec<u8>>,
        append: impl FnOnce(Stored) -> Result<EntryId, RecordError>,
    ) -> Result<(), HomeError> {
        self.seal(slot, hex(model.hash()), bytes, append)
    }

    fn seal(
        &self,
        slot: &'static str,
        model_hash: String,
        bytes: Zeroizing<Vec<u8>>,
        append: impl FnOnce(Stored) -> Result<EntryId, RecordError>,
    ) -> Result<(), HomeError> {
        let prepared = self.keychain.ask(move |vault| vault.prepare(slot, &model_hash, &bytes))??;
        append(prepared.stored())?;
        self.keychain.ask(move |vault| vault.commit(&prepared))??;
        Ok(())
    }

    /// Erases every template, proves it, and records the proof.
    ///
    /// # Errors
    /// When something could still be found.
    pub fn erase(&self, record: &mut Record) -> Result<ErasureProof, HomeError> {
        let proof = self.keychain.ask(Vault::erase)??;
        record.append(
            "erased",
            &serde_json::json!({ "removed": proof.removed, "verified_absent": proof.verified_absent }),
        )?;
        Ok(proof)
    }
}

/// What ties the record to the keychain.
pub struct Tie {
    /// The key that signs the ledger.
    pub key: Zeroizing<[u8; 32]>,
    /// The head that was kept last, as it was kept.
    pub head: Option<Vec<u8>>,
}

const KEYSTROKE: &str = "keystroke";
const POINTER: &str = "pointer";
const FACE: &str = "face";
const TOTP: &str = "totp";
const RECOVERY: &str = "recovery";
const PASS_PHRASE: &str = "pass-phrase";
const SECURITY_KEYS: &str = "security-keys";

/// Digits of the codes that our keys are for.
const TOTP_DIGITS: u32 = 6;

/// Bytes as hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
