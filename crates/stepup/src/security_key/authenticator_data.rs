use ciborium::Value;

/// Hash, flags and counter: what is always there.
const FIXED_BYTES: usize = 37;
/// Section 6.5.1 of WebAuthn Level 2: an id has 1,023 bytes at most.
const MOST_ID_BYTES: usize = 1023;
/// More than any key says.
const MOST_BYTES: usize = 4096;
const USER_PRESENT: u8 = 1 << 0;
const USER_VERIFIED: u8 = 1 << 2;
const HAS_NEW_KEY: u8 = 1 << 6;
const HAS_EXTENSIONS: u8 = 1 << 7;

/// What a security key says of itself and of who is there: WebAuthn Level 2, section 6.1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthenticatorData {
    /// SHA-256 of who it was asked by.
    pub rp_id_hash: [u8; 32],
    /// Whether it was touched.
    pub user_present: bool,
    /// Whether it checked who touched it.
    pub user_verified: bool,
    /// How many signatures it made, as it says; always 0 where it does not count.
    pub counter: u32,
    /// What it made to be known by, while it is set up.
    pub new_key: Option<NewKey>,
}

/// What a security key made to be known by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewKey {
    /// Its name for it, 1 to 1,023 bytes.
    pub credential_id: Vec<u8>,
    /// The public key: a point of P-256, uncompressed.
    pub public_key: [u8; 65],
}

/// Why what a security key says can't be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadAuthenticatorData {
    /// Too few bytes, or too many.
    #[error("it has {0} bytes; it must have {FIXED_BYTES} to {MOST_BYTES}, and as many as its parts")]
    Length(usize),
    /// An id that is too long, or none.
    #[error("its id has {0} bytes; it must have 1 to {MOST_ID_BYTES}")]
    Id(usize),
    /// The key is not what was asked for.
    #[error("its public key must be one for ES256 (COSE algorithm -7 on P-256): {0}")]
    PublicKey(&'static str),
    /// Extensions that are none.
    #[error("its extensions are no CBOR map")]
    Extensions,
    /// Something follows.
    #[error("{0} bytes follow that mean nothing")]
    Rest(usize),
}

impl AuthenticatorData {
    /// Reads the bytes that a key signed. Extensions are read over.
    ///
    /// # Errors
    /// Where they are not what the standard says, and for another public key than ES256's.
    pub fn parse(bytes: &[u8]) -> Result<Self, BadAuthenticatorData> {
        let length = || BadAuthenticatorData::Length(bytes.len());
        if bytes.len() > MOST_BYTES {
            return Err(length());
        }
        let (rp_id_hash, rest) = bytes.split_first_chunk::<32>().ok_or_else(length)?;
        let (&[flags], rest) = rest.split_first_chunk::<1>().ok_or_else(length)?;
        let (counter, mut rest) = rest.split_first_chunk::<4>().ok_or_else(length)?;
        let new_key = match flags & HAS_NEW_KEY {
            0 => None,
            _ => Some(new_key(&mut rest).ok_or_else(length)??),
        };
        if flags & HAS_EXTENSIONS != 0 && !matches!(ciborium::from_reader(&mut rest), Ok(Value::Map(_))) {
            return Err(BadAuthenticatorData::Extensions);
        }
        if !rest.is_empty() {
            return Err(BadAuthenticatorData::Rest(rest.len()));
        }
        Ok(Self {
            rp_id_hash: *rp_id_hash,
            user_present: flags & USER_PRESENT != 0,
            user_verified: flags & USER_VERIFIED != 0,
            counter: u32::from_be_bytes(*counter),
            new_key,
        })
    }
}

/// Section 6.5.1: the model's number (16 bytes, not looked at), the id's length, the id, the public key. Nothing where that
/// breaks off.
fn new_key(rest: &mut &[u8]) -> Option<Result<NewKey, BadAuthenticatorData>> {
    let (_, after) = rest.split_at_checked(16)?;
    let (length, after) = after.split_first_chunk::<2>()?;
    let length = usize::from(u16::from_be_bytes(*length));
    if !(1..=MOST_ID_BYTES).contains(&length) {
        return Some(Err(BadAuthenticatorData::Id(length)));
    }
    let (id, after) = after.split_at_checked(length)?;
    *rest = after;
    Some(public_key(rest).map(|public_key| NewKey { credential_id: id.to_vec(), public_key }))
}

/// A COSE key (RFC 9052, section 7; RFC 9053, section 7.1): `{1: 2, 3: -7, -1: 1, -2: x, -3: y}`.
fn public_key(rest: &mut &[u8]) -> Result<[u8; 65], BadAuthenticatorData> {
    let bad = BadAuthenticatorData::PublicKey;
    let Ok(Value::Map(entries)) = ciborium::from_reader(rest) else { return Err(bad("it is no CBOR map")) };
    let entry = |label: i64| entries.iter().find(|(key, _)| *key == Value::from(label)).map(|(_, value)| value);
    let number = |label, must: i64| entry(label).is_some_and(|value| *value == Value::from(must));
    if !number(1, 2) || !number(3, -7) || !number(-1, 1) {
        return Err(bad("type, algorithm or curve is another"));
    }
    let mut point = [4; 65];
    for (label, part) in [(-2, 1..33), (-3, 33..65)] {
        let coordinate = entry(label).and_then(Value::as_bytes).filter(|bytes| bytes.len() == 32);
        point[part].copy_from_slice(coordinate.ok_or_else(|| bad("a coordinate is missing or has not 32 bytes"))?);
    }
    Ok(point)
}
