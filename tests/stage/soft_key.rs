use anyhow::{Context, Result};
use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom, SystemRandom};
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};

/// A security key without a device: it makes keys, and signs as WebAuthn Level 2 says (sections 6.1 and 6.5.1), also what an
/// honest one would not.
pub struct SoftKey {
    random: SystemRandom,
    made: Vec<Made>,
    /// The signatures it says that it made. Every use adds [`SoftKey::step`].
    pub counter: u32,
    /// What every use adds to the counter; 0 for a key that does not count.
    pub step: u32,
    /// Whether it says that it was touched.
    pub touched: bool,
    /// Whether it says that it checked who touched it.
    pub verifies: bool,
}

struct Made {
    id: Vec<u8>,
    pair: EcdsaKeyPair,
    rp_id: String,
}

/// What it says when it is used.
pub struct Signed {
    /// Its name for the key.
    pub id: Vec<u8>,
    /// What it says of itself.
    pub authenticator_data: Vec<u8>,
    /// Its signature of that and of the client data's hash.
    pub signature: Vec<u8>,
}

impl Default for SoftKey {
    fn default() -> Self {
        let random = SystemRandom::new();
        Self { random, made: Vec::new(), counter: 0, step: 1, touched: true, verifies: true }
    }
}

impl SoftKey {
    /// Whether it made one of these for `rp_id`.
    pub fn has_one_of(&self, rp_id: &str, ids: &[Vec<u8>]) -> bool {
        self.made.iter().any(|made| made.rp_id == rp_id && ids.contains(&made.id))
    }

    /// Makes a key; what it says then.
    pub fn make(&mut self, rp_id: &str) -> Result<Vec<u8>> {
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &self.random).ok();
        let document = document.context("no key can be made")?;
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, document.as_ref(), &self.random);
        let pair = pair.ok().context("the key can't be read")?;
        let mut id = vec![0; 32];
        self.random.fill(&mut id).ok().context("no random numbers")?;
        let point = pair.public_key().as_ref().to_vec();
        let mut said = self.says(rp_id, 1 << 6);
        said.extend([0; 16]);
        said.extend((id.len() as u16).to_be_bytes());
        said.extend(&id);
        // COSE: {1: 2, 3: -7, -1: 1, -2: x, -3: y}.
        said.extend([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]);
        said.extend(&point[1..33]);
        said.extend([0x22, 0x58, 0x20]);
        said.extend(&point[33..]);
        self.made.push(Made { id, pair, rp_id: rp_id.to_owned() });
        Ok(said)
    }

    /// Signs with the first of these keys that it has; nothing where it has none.
    pub fn sign(&mut self, rp_id: &str, client_data_hash: &[u8], ids: &[Vec<u8>]) -> Result<Option<Signed>> {
        self.counter += self.step;
        let said = self.says(rp_id, 0);
        let Some(made) = self.made.iter().find(|made| made.rp_id == rp_id && ids.contains(&made.id)) else {
            return Ok(None);
        };
        let signature = made.pair.sign(&self.random, &[&said, client_data_hash].concat());
        let signature = signature.ok().context("it can't sign")?.as_ref().to_vec();
        Ok(Some(Signed { id: made.id.clone(), authenticator_data: said, signature }))
    }

    fn says(&self, rp_id: &str, more: u8) -> Vec<u8> {
        let flags = u8::from(self.touched) | u8::from(self.verifies) << 2 | more;
        let mut said = digest(&SHA256, rp_id.as_bytes()).as_ref().to_vec();
        said.push(flags);
        said.extend(self.counter.to_be_bytes());
        said
    }
}
