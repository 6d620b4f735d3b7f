use crate::record::{EnrolledRecord, Record, RecordError};
use stillyou_desktop_os::user::user_id;
use stillyou_models::keystroke::{Enrolled, Model, Template, TemplateError};
use stillyou_trust::Modality;
use stillyou_vault::{ErasureProof, Owner, Vault, VaultError, device_id};
use thiserror::Error;

/// Where the person's templates live: sealed in the keychain, and named in the record.
pub struct TemplateHome {
    vault: Vault,
}

/// Why a template can't be had, kept or erased.
#[derive(Debug, Error)]
pub enum HomeError {
    /// The vault's.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The record's.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// The template does not fit.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// There is a template that the record does not know.
    #[error("the keychain holds a template that the record does not know; erase it and enrol again")]
    NotOnRecord,
}

impl HomeError {
    /// Whether the keychain itself can't be used, rather than what is in it.
    pub fn is_keychain(&self) -> bool {
        matches!(
            self,
            HomeError::Vault(
                VaultError::KeychainMissing(_) | VaultError::KeychainLocked(_) | VaultError::Keychain { .. }
            )
        )
    }
}

impl TemplateHome {
    /// The home of this user's templates on this device. The keychain is not asked yet.
    ///
    /// # Errors
    /// When the device can't be named.
    pub fn open() -> Result<Self, VaultError> {
        Ok(Self { vault: Vault::open(Owner { user: user_id(), device: device_id()? })? })
    }

    /// The keystroke template that the record names, `None` when it names none.
    ///
    /// # Errors
    /// When it can't be read, is not the recorded one, or another model made it.
    pub fn load(&self, record: &Record, model: &Model) -> Result<Option<Template>, HomeError> {
        let expected = record.template()?;
        let Some(found) = self.vault.load(SLOT, expected.as_ref())? else { return Ok(None) };
        if expected.is_none() {
            return Err(HomeError::NotOnRecord);
        }
        let template = Template::from_bytes(&found.bytes)?;
        model.fits(&template)?;
        Ok(Some(template))
    }

    /// Stores a new template, all or nothing: pieces, then the record, then the switch.
    ///
    /// # Errors
    /// When any of these fails; the old template is then still in force.
    pub fn store(&self, record: &mut Record, model: &Model, enrolled: &Enrolled) -> Result<(), HomeError> {
        let model_hash = hex(model.version().hash());
        let bytes = zeroize::Zeroizing::new(enrolled.template.to_bytes());
        let prepared = self.vault.prepare(SLOT, &model_hash, &bytes)?;
        record.append(
            "enrolled",
            &EnrolledRecord {
                modality: Modality::Keystroke,
                stored: prepared.stored(),
                model: model.version().to_string(),
                keystrokes: enrolled.template.keystrokes(),
                self_rejects: enrolled.self_rejects,
            },
        )?;
        self.vault.commit(&prepared)?;
        Ok(())
    }

    /// Erases every template, proves it, and records the proof.
    ///
    /// # Errors
    /// When something could still be found.
    pub fn erase(&self, record: &mut Record) -> Result<ErasureProof, HomeError> {
        let proof = self.vault.erase()?;
        record.append(
            "erased",
            &serde_json::json!({ "removed": proof.removed, "verified_absent": proof.verified_absent }),
        )?;
        Ok(proof)
    }
}

const SLOT: &str = "keystroke";

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
