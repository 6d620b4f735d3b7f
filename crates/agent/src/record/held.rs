use super::{
    ENROLLED_FACE, ENROLLED_POINTER, EnrolledFace, EnrolledPointer, EnrolledRecord, FactorSetUp, KeysChanged,
    PASS_PHRASE, RECOVERY_CODES, Record, RecordError, SECURITY_KEYS, TOTP, TOTP_USED, TotpUsed, parse,
};
use stillyou_ledger::Entry;
use stillyou_vault::Stored;

/// Which template is on record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnRecord {
    /// This one; any other is refused.
    Template(Stored),
    /// None: there never was one, or it was erased.
    Nothing,
    /// The ledger can't be read.
    Unknown,
}

impl Record {
    /// The template of the person's typing on record.
    ///
    /// # Errors
    /// When the entry is not understood.
    pub fn template(&self) -> Result<OnRecord, RecordError> {
        self.made("enrolled", |entry| Ok(parse::<EnrolledRecord>(entry)?.stored))
    }

    /// The template of how they point on record.
    ///
    /// # Errors
    /// When the entry is not understood.
    pub fn pointer_template(&self) -> Result<OnRecord, RecordError> {
        self.made(ENROLLED_POINTER, |entry| Ok(parse::<EnrolledPointer>(entry)?.stored))
    }

    /// The template of the face on record.
    ///
    /// # Errors
    /// When the entry is not understood.
    pub fn face_template(&self) -> Result<OnRecord, RecordError> {
        self.made(ENROLLED_FACE, |entry| Ok(parse::<EnrolledFace>(entry)?.stored))
    }

    /// What is on record of the template in force.
    ///
    /// # Errors
    /// When the entry is not understood.
    pub fn enrolled(&self) -> Result<Option<EnrolledRecord>, RecordError> {
        match self.template()? {
            OnRecord::Template(_) => self.last("enrolled"),
            OnRecord::Nothing | OnRecord::Unknown => Ok(None),
        }
    }

    /// What is on record of the pointer's template in force.
    ///
    /// # Errors
    /// When the entry is not understood.
    pub fn enrolled_pointer(&self) -> Result<Option<EnrolledPointer>, RecordError> {
        match self.pointer_template()? {
            OnRecord::Template(_) => self.last(ENROLLED_POINTER),
            OnRecord::Nothing | OnRecord::Unknown => Ok(None),
        }
    }

    /// What is on record of the face's template in force.
    ///
    /// # Errors
    /// When the entry is not understood.
    pub fn enrolled_face(&self) -> Result<Option<EnrolledFace>, RecordError> {
        match self.face_template()? {
            OnRecord::Template(_) => self.last(ENROLLED_FACE),
            OnRecord::Nothing | OnRecord::Unknown => Ok(None),
        }
    }

    /// The key of one-time codes on record.
    ///
    /// # Errors
    /// When the entry is not understood.
    pub fn totp_key(&self) -> Result<OnRecord, RecordError> {
        self.made(TOTP, |entry| Ok(parse::<FactorSetUp>(entry)?.stored))
    }

    /// The time step of the last one-time code that was used.
    ///
    /// # Errors
    /// When the ledger can't be read or the entry is not understood.
    pub fn totp_used(&self) -> Result<Option<u64>, RecordError> {
        Ok(self.last::<TotpUsed>(TOTP_USED)?.map(|used| used.step))
    }

    /// The recovery codes on record.
    ///
    /// # Errors
    /// When the entry is not understood.
    pub fn recovery_codes(&self) -> Result<OnRecord, RecordError> {
        self.made(RECOVERY_CODES, |entry| Ok(parse::<FactorSetUp>(entry)?.stored))
    }

    /// Recovery codes that are left by the record; none where none were made, or they were erased.
    ///
    /// # Errors
    /// When the entry is not understood.
    pub fn codes_left(&self) -> Result<Option<u32>, RecordError> {
        match self.recovery_codes()? {
            OnRecord::Template(_) => Ok(self.last::<FactorSetUp>(RECOVERY_CODES)?.and_then(|codes| codes.left)),
            OnRecord::Nothing | OnRecord::Unknown => Ok(None),
        }
    }

    /// The pass-phrase on record.
    ///
    /// # Errors
    /// When the entry is not understood.
    pub fn pass_phrase(&self) -> Result<OnRecord, RecordError> {
        self.made(PASS_PHRASE, |entry| Ok(parse::<FactorSetUp>(entry)?.stored))
    }

    /// The security keys on record.
    ///
    /// # Errors
    /// When the entry is not understood.
    pub fn security_keys(&self) -> Result<OnRecord, RecordError> {
        self.made(SECURITY_KEYS, |entry| Ok(parse::<KeysChanged>(entry)?.stored))
    }

    /// How many security keys are set up by the record.
    ///
    /// # Errors
    /// When the entry is not understood.
    pub fn keys_left(&self) -> Result<u32, RecordError> {
        match self.security_keys()? {
            OnRecord::Template(_) => Ok(self.last::<KeysChanged>(SECURITY_KEYS)?.map_or(0, |keys| keys.left)),
            OnRecord::Nothing | OnRecord::Unknown => Ok(0),
        }
    }

    /// What entries of this kind made and none erased since.
    fn made(
        &self,
        kind: &str,
        stored: impl Fn(&Entry) -> Result<Stored, RecordError>,
    ) -> Result<OnRecord, RecordError> {
        let Ok(ledger) = &self.ledger else { return Ok(OnRecord::Unknown) };
        match (ledger.last(kind)?, ledger.last("erased")?) {
            (Some(on), Some(off)) if off.id.seq > on.id.seq => Ok(OnRecord::Nothing),
            (Some(on), _) => Ok(OnRecord::Template(stored(&on)?)),
            // What was on record is in the ledger that was refused.
            (None, None) if ledger.last("replaced")?.is_some() => Ok(OnRecord::Unknown),
            (None, _) => Ok(OnRecord::Nothing),
        }
    }
}
