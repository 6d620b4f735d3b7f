use base64ct::{Base64UrlUnpadded, Encoding};
use serde::{Deserialize, Serialize};
use stillyou_trust::policy::KeyProof;

/// Who asks the keys. Every device has it: which person and device a key is for is in the user's id.
pub const RP_ID: &str = "stillyou.local";

/// What a challenge is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ceremony {
    /// A key is set up.
    SetUp,
    /// One that is set up shall prove who is there.
    Use,
}

/// 32 random bytes that a key signs, and what they are for. One challenge serves one answer: it can't be cloned.
#[derive(Debug)]
pub struct Challenge {
    ceremony: Ceremony,
    proof: KeyProof,
    client_data: String,
}

/// What a client asks a security key that is set up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AskKey {
    /// Who asks: [`RP_ID`].
    pub rp_id: String,
    /// What the key signs the SHA-256 of.
    pub client_data: String,
    /// Any of these answers.
    pub credential_ids: Vec<Vec<u8>>,
    /// Whether the key has to check who touches it.
    pub verify: bool,
}

/// What a client asks a security key that shall be set up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AskNewKey {
    /// Who asks: [`RP_ID`].
    pub rp_id: String,
    /// What the key gets the SHA-256 of.
    pub client_data: String,
    /// Whom it is for: a hash that names the person on this device.
    pub user_id: Vec<u8>,
    /// Their account's name, for keys that show one.
    pub user_name: String,
    /// Keys that have one of these are set up already.
    pub exclude: Vec<Vec<u8>>,
    /// Whether the key has to check who touches it.
    pub verify: bool,
}

/// What a security key answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyAnswer {
    /// Which key, by its own name for it.
    pub credential_id: Vec<u8>,
    /// What it says of itself and of who is there.
    pub authenticator_data: Vec<u8>,
    /// ECDSA on P-256 with SHA-256, in ASN.1.
    pub signature: Vec<u8>,
}

impl Challenge {
    /// A new challenge for keys that have to prove this.
    ///
    /// # Errors
    /// When the system gives no random numbers.
    pub fn new(ceremony: Ceremony, proof: KeyProof) -> Result<Self, getrandom::Error> {
        let mut random = [0; 32];
        getrandom::fill(&mut random)?;
        // As section 5.8.1.1 of WebAuthn Level 2 writes it.
        let kind = match ceremony {
            Ceremony::SetUp => "webauthn.create",
            Ceremony::Use => "webauthn.get",
        };
        let challenge = Base64UrlUnpadded::encode_string(&random);
        let client_data = format!(
            "{{\"type\":\"{kind}\",\"challenge\":\"{challenge}\",\"origin\":\"stillyou://agent\",\"crossOrigin\":false}}"
        );
        Ok(Self { ceremony, proof, client_data })
    }

    /// What it is for.
    pub fn ceremony(&self) -> Ceremony {
        self.ceremony
    }

    /// What a key has to prove.
    pub fn proof(&self) -> KeyProof {
        self.proof
    }

    /// What the key signs the SHA-256 of.
    pub fn client_data(&self) -> &str {
        &self.client_data
    }
}
