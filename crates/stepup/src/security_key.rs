mod authenticator_data;
mod ceremony;
mod keys;
#[cfg(test)]
mod tests;

pub use authenticator_data::{AuthenticatorData, BadAuthenticatorData, NewKey};
pub use ceremony::{AskKey, AskNewKey, Ceremony, Challenge, KeyAnswer, RP_ID};
pub use keys::{BadSecurityKeys, MOST_KEYS, SecurityKey, SecurityKeys};

use crate::FactorError;
use ring::signature::{ECDSA_P256_SHA256_ASN1, UnparsedPublicKey};
use sha2::{Digest, Sha256};
use stillyou_trust::policy::KeyProof;

/// Why what a security key said does not count.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyRefused {
    /// It can't be read.
    #[error("the key's answer can't be read: {0}")]
    Unreadable(#[from] BadAuthenticatorData),
    /// It is not one of the person's.
    #[error("this is not one of the keys that are set up; use one that `stillyou factor list` names")]
    Unknown,
    /// It was asked by somebody else.
    #[error("the key answered for something else than StillYou")]
    OtherParty,
    /// Nobody touched it.
    #[error("the key was not touched")]
    NotTouched,
    /// It did not check who touched it.
    #[error("the key did not check who touched it, by PIN or finger, and policy wants that")]
    NotVerified,
    /// It has no new key in it.
    #[error("the key made nothing to be known by")]
    NoNewKey,
    /// It is set up already.
    #[error("this key is set up already")]
    Known,
    /// It signed something else: another challenge, or with another key.
    #[error("the key's signature is not about this challenge")]
    Signature,
    /// Its count of signatures did not rise.
    #[error(
        "this key may have been copied: it counts {} signatures, and {} were seen; remove it, unless you know better", .0.counter, .0.known
    )]
    Copied(Copied),
}

/// A count of signatures that did not rise: there may be two keys of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copied {
    /// The key's name.
    pub name: String,
    /// What it counts.
    pub counter: u32,
    /// What was seen of it before.
    pub known: u32,
}

/// What is stored, or told, before an answer counts.
pub enum KeyUse<'a> {
    /// The keys, with the count of the one that answered.
    Counted {
        /// All of them.
        keys: &'a SecurityKeys,
        /// The one that answered.
        name: &'a str,
    },
    /// A key may have been copied. Its answer does not count.
    Copied(&'a Copied),
}

type Keep = Box<dyn FnMut(KeyUse<'_>) -> Result<(), String> + Send>;

/// Security keys as a factor: any of a person's keys answers.
pub struct SecurityKeyFactor {
    keys: SecurityKeys,
    keep: Keep,
}

impl SecurityKeyFactor {
    /// `keys` is what `keep` stored last. `keep` must store the keys where that outlives the agent; an answer whose count can't
    /// be stored does not verify.
    pub fn new(keys: SecurityKeys, keep: impl FnMut(KeyUse<'_>) -> Result<(), String> + Send + 'static) -> Self {
        Self { keys, keep: Box::new(keep) }
    }

    /// Checks what a key answered to a challenge. It may be used for one check: whoever calls this gives it up.
    pub fn check(&mut self, challenge: Challenge, answer: &KeyAnswer) -> Result<(), FactorError> {
        let refused = |why: KeyRefused| FactorError::Refused(why.to_string());
        let unstored = |why: String| FactorError::Unavailable(format!("the use of the key can't be stored: {why}"));
        match self.keys.verify(&challenge, answer) {
            Ok(counted) => {
                (self.keep)(KeyUse::Counted { keys: &counted.keys, name: &counted.name }).map_err(unstored)?;
                self.keys = counted.keys;
                Ok(())
            }
            Err(KeyRefused::Copied(copied)) => {
                (self.keep)(KeyUse::Copied(&copied)).map_err(unstored)?;
                Err(refused(KeyRefused::Copied(copied)))
            }
            Err(why) => Err(refused(why)),
        }
    }
}

/// Keys after one of them answered.
struct Counted {
    keys: SecurityKeys,
    name: String,
}

impl SecurityKeys {
    /// Verifies an answer: WebAuthn Level 2, section 7.2, steps 5 and 15 to 21. The steps between compare what a browser says of
    /// the ceremony; here it is the agent itself that wrote it.
    fn verify(&self, challenge: &Challenge, answer: &KeyAnswer) -> Result<Counted, KeyRefused> {
        if challenge.ceremony() != Ceremony::Use {
            return Err(KeyRefused::Signature);
        }
        let key = self.by_id(&answer.credential_id).ok_or(KeyRefused::Unknown)?;
        let said = said(&answer.authenticator_data, challenge.proof())?;
        let signed = [&answer.authenticator_data[..], &Sha256::digest(challenge.client_data())].concat();
        let public = UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, key.public_key());
        public.verify(&signed, &answer.signature).map_err(|_| KeyRefused::Signature)?;
        // Keys that don't count say 0 for ever.
        if (said.counter, key.counter()) != (0, 0) && said.counter <= key.counter() {
            let (name, counter, known) = (key.name().to_owned(), said.counter, key.counter());
            return Err(KeyRefused::Copied(Copied { name, counter, known }));
        }
        Ok(Counted { keys: self.counted(&answer.credential_id, said.counter), name: key.name().to_owned() })
    }

    /// Takes a new key: WebAuthn Level 2, section 7.1, without attestation, which is not asked for.
    ///
    /// `name` is what the person calls it; a number where they don't. `added_s` is seconds since 1970.
    ///
    /// # Errors
    /// Why the key's answer does not count, or no more keys or no such name are taken.
    pub fn with_new(
        &self,
        challenge: &Challenge,
        authenticator_data: &[u8],
        name: Option<&str>,
        added_s: u64,
    ) -> Result<Self, BadSecurityKeys> {
        if challenge.ceremony() != Ceremony::SetUp {
            return Err(KeyRefused::NoNewKey.into());
        }
        let said = said(authenticator_data, challenge.proof())?;
        let counter = said.counter;
        let new = said.new_key.ok_or(KeyRefused::NoNewKey)?;
        if self.by_id(&new.credential_id).is_some() {
            return Err(KeyRefused::Known.into());
        }
        self.with(new, counter, name, added_s)
    }
}

/// What the key says, if it says enough: steps 15 to 17 of section 7.2.
fn said(bytes: &[u8], proof: KeyProof) -> Result<AuthenticatorData, KeyRefused> {
    let said = AuthenticatorData::parse(bytes)?;
    if said.rp_id_hash[..] != Sha256::digest(RP_ID)[..] {
        return Err(KeyRefused::OtherParty);
    }
    if !said.user_present {
        return Err(KeyRefused::NotTouched);
    }
    if proof == KeyProof::Verified && !said.user_verified {
        return Err(KeyRefused::NotVerified);
    }
    Ok(said)
}
