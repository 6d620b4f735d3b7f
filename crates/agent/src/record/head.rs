use super::{Record, RecordError};
use stillyou_ledger::{Hash, Head, Proof, Signer, Verified, VerifierKey};

/// What is known of the ledger's head that the keychain keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// The keychain has not been asked yet.
    Unknown,
    /// The ledger was checked against it and holds. `None`: none was kept yet.
    Fits(Option<Head>),
    /// The ledger does not hold, or is not the one that was known.
    Contradicts(Option<Head>),
}

/// The ledger's tie to the keychain.
///
/// Without a keychain there is none: entries go on, and the next signed one covers them.
impl Record {
    /// Signs from now on with the keychain's key, and checks the whole ledger against the head that the keychain holds,
    /// as it was kept; `None` when it never held one.
    ///
    /// # Errors
    /// Where the ledger is broken ([`RecordError::refuses_ledger`]), or why it can't be read.
    pub fn tie(&mut self, key: &[u8; 32], head: Option<&[u8]>) -> Result<Verified, RecordError> {
        let signs = self.sign_with(Signer::from_secret(key));
        let head = head.map(Head::from_bytes).transpose().map_err(|e| RecordError::Broken(e.to_string()))?;
        let checked = self.check(head);
        signs.and(checked)
    }

    /// Whether the ledger was checked against what the keychain holds.
    pub fn is_tied(&self) -> bool {
        matches!(self.known, Known::Fits(_))
    }

    /// From now on every entry is signed. A ledger that can't be opened now is signed once it can.
    ///
    /// # Errors
    /// [`RecordError::Broken`] when the ledger contradicts what the key signed before: entries go on unsigned.
    pub fn sign_with(&mut self, signer: Signer) -> Result<(), RecordError> {
        self.signer = Some(signer);
        self.attach_signer()
    }

    /// Checks the whole ledger against the head that the keychain holds, `None` when it never held one. To be called
    /// once, after [`Record::sign_with`] and before the first [`Record::head_to_keep`].
    ///
    /// # Errors
    /// Where the ledger is broken. The head in the keychain is then evidence: no other is given to replace it.
    pub fn check(&mut self, head: Option<Head>) -> Result<Verified, RecordError> {
        self.known = Known::Contradicts(head);
        let verified = self.verify();
        match &verified {
            Ok(_) => self.known = Known::Fits(head),
            Err(e) if e.refuses_ledger() => {}
            Err(_) => self.known = Known::Unknown,
        }
        verified
    }

    /// The head to put into the keychain before what was recorded last is acknowledged; `None` when the keychain holds
    /// it already, when the ledger was not checked against the one that it holds, or did not hold.
    pub fn head_to_keep(&self) -> Option<Head> {
        let (Known::Fits(kept), Ok(ledger)) = (self.known, &self.ledger) else { return None };
        let head = ledger.head(kept.as_ref());
        let same = |kept: Head| (kept.size, kept.database_id) == (head.size, head.database_id);
        (!kept.is_some_and(same)).then_some(head)
    }

    /// The keychain now holds `head`, which [`Record::head_to_keep`] gave.
    pub fn head_is_kept(&mut self, head: Head) {
        if let Known::Fits(kept) = &mut self.known {
            *kept = Some(head);
        }
    }
}

impl Record {
    /// Checks the whole ledger, with the key and the head as far as they are known.
    ///
    /// # Errors
    /// Where it is broken.
    pub fn verify(&self) -> Result<Verified, RecordError> {
        let ledger = self.ledger()?;
        let head = match &self.known {
            Known::Unknown => None,
            Known::Fits(head) | Known::Contradicts(head) => head.as_ref(),
        };
        ledger.verify(head, self.key()?.as_ref()).map_err(|broken| RecordError::Broken(broken.to_string()))
    }

    /// A proof that entry `seq` is on record, with the whole entry in it if `with_entry`; the entry's hash; and the key to
    /// check it with.
    ///
    /// # Errors
    /// When there is no such entry, no signed one covers it, or the whole entry is wanted of one that was pruned.
    pub fn prove(&self, seq: u64, with_entry: bool) -> Result<(Proof, Hash, VerifierKey), RecordError> {
        let ledger = self.ledger()?;
        let key = self.key()?.ok_or(RecordError::NoKey)?;
        let (proof, entry) = (ledger.prove(seq)?, ledger.entry(seq)?);
        let hash = entry.id.hash;
        if with_entry && entry.is_pruned() {
            return Err(RecordError::Gone(seq));
        }
        Ok((if with_entry { proof.with_entry(entry) } else { proof }, hash, key))
    }

    pub(super) fn attach_signer(&mut self) -> Result<(), RecordError> {
        let (Some(signer), Ok(ledger)) = (&self.signer, &mut self.ledger) else { return Ok(()) };
        ledger.sign_with(signer.clone()).map_err(|broken| RecordError::Broken(broken.to_string()))
    }

    /// Our key, also where the ledger contradicts it and so does not sign.
    fn key(&self) -> Result<Option<VerifierKey>, RecordError> {
        let origin = self.ledger()?.origin();
        let key = self.signer.as_ref().map(|signer| signer.verifier_key(&origin)).transpose();
        key.map_err(|e| RecordError::Broken(e.to_string()))
    }
}
