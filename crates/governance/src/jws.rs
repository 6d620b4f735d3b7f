//! JWS Compact Serialization (RFC 7515) with Ed25519 (RFC 8037), and nothing else of JOSE: no other algorithm, no header that
//! chooses a key or asks for anything.

use crate::plain::{on_one_line, plain};
use crate::{SigningKey, VerifyingKey};
use base64ct::{Base64UrlUnpadded, Encoding};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// The longest text that is looked at.
pub(crate) const MAX_BYTES: usize = 8192;
const ALGORITHM: &str = "EdDSA";

/// What is signed; its name stands in the header, so that one is never taken for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Grant,
    Revocation,
    Review,
    Drill,
}

/// A text that is not what it should be. What is wrong with it is the sender's to mend.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JwsError {
    /// It is too long, or does not have three parts of base64url.
    #[error("it is not three parts of base64url with points between them")]
    Shape,
    /// The header has other fields, or other types.
    #[error("its header is not understood: {0}")]
    Header(String),
    /// Another algorithm.
    #[error("it is signed with {0:?}; it must be EdDSA")]
    Algorithm(String),
    /// A document of another kind.
    #[error("it is a {found:?}; it must be a {wanted}")]
    Type {
        /// What it says it is.
        found: String,
        /// What it must be.
        wanted: &'static str,
    },
    /// The claims have other fields, or other types.
    #[error("its content is not understood: {0}")]
    Claims(String),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    alg: String,
    typ: String,
    kid: String,
}

/// A text of the right shape whose signature nobody has checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unchecked {
    pub signer: String,
    pub payload: Vec<u8>,
    signed: String,
    signature: [u8; 64],
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Kind::Grant => "stillyou-grant+jwt",
            Kind::Revocation => "stillyou-revocation+jwt",
            Kind::Review => "stillyou-review+jwt",
            Kind::Drill => "stillyou-drill+jwt",
        }
    }
}

/// What a text's header says it is, unchecked.
pub(crate) fn claimed_kind(text: &str) -> Option<Kind> {
    let header = text.split('.').next().filter(|header| header.len() <= MAX_BYTES)?;
    let header: Header = serde_json::from_slice(&Base64UrlUnpadded::decode_vec(header).ok()?).ok()?;
    let kinds = [Kind::Grant, Kind::Revocation, Kind::Review, Kind::Drill];
    kinds.into_iter().find(|kind| kind.name() == header.typ)
}

/// Signs claims.
pub(crate) fn sign(kind: Kind, signer: &str, claims: &impl Serialize, key: &SigningKey) -> String {
    sign_bytes(kind, signer, &serde_json::to_vec(claims).unwrap_or_default(), key)
}

/// Signs the very bytes that somebody else has signed.
pub(crate) fn sign_bytes(kind: Kind, signer: &str, payload: &[u8], key: &SigningKey) -> String {
    let header = Header { alg: ALGORITHM.into(), typ: kind.name().into(), kid: signer.into() };
    let header = serde_json::to_vec(&header).unwrap_or_default();
    let signed = format!("{}.{}", Base64UrlUnpadded::encode_string(&header), Base64UrlUnpadded::encode_string(payload));
    let signature = key.sign(signed.as_bytes());
    format!("{signed}.{}", Base64UrlUnpadded::encode_string(&signature))
}

/// Reads a text; the signature is still to be checked.
pub(crate) fn parse(kind: Kind, text: &str) -> Result<Unchecked, JwsError> {
    if text.len() > MAX_BYTES { Err(JwsError::Shape) } else { parse_long(kind, text) }
}

/// The same without a limit, for what one reads from one's own files.
pub(crate) fn parse_long(kind: Kind, text: &str) -> Result<Unchecked, JwsError> {
    let (signed, signature) = text.rsplit_once('.').ok_or(JwsError::Shape)?;
    let (header, payload) = signed.split_once('.').ok_or(JwsError::Shape)?;
    let decode = |part: &str| Base64UrlUnpadded::decode_vec(part).map_err(|_| JwsError::Shape);
    let (header, payload) = (decode(header)?, decode(payload)?);
    let signature: [u8; 64] = decode(signature)?.try_into().map_err(|_| JwsError::Shape)?;
    let header: Header = serde_json::from_slice(&header).map_err(|e| JwsError::Header(on_one_line(&e.to_string())))?;
    plain(&header.kid).map_err(|e| JwsError::Header(format!("the signer's name: {e}")))?;
    if header.alg != ALGORITHM {
        return Err(JwsError::Algorithm(header.alg));
    }
    if header.typ != kind.name() {
        return Err(JwsError::Type { found: header.typ, wanted: kind.name() });
    }
    Ok(Unchecked { signer: header.kid, payload, signed: signed.to_owned(), signature })
}

impl Unchecked {
    pub(crate) fn is_signed_with(&self, key: &VerifyingKey) -> bool {
        key.has_signed(self.signed.as_bytes(), &self.signature)
    }

    pub(crate) fn claims<T: DeserializeOwned>(&self) -> Result<T, JwsError> {
        serde_json::from_slice(&self.payload).map_err(|e| JwsError::Claims(on_one_line(&e.to_string())))
    }
}

/// That what was written by hand is shown as itself.
pub(crate) fn all_plain<'a>(texts: impl IntoIterator<Item = (&'static str, &'a str)>) -> Result<(), JwsError> {
    let check = |(what, text)| plain(text).map_err(|e| JwsError::Claims(format!("{what}: {e}")));
    texts.into_iter().try_for_each(check)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 8037, appendix A: the key, and a signature over another header.
    const SECRET: [u8; 32] = [
        0x9d, 0x61, 0xb1, 0x9d, 0xef, 0xfd, 0x5a, 0x60, 0xba, 0x84, 0x4a, 0xf4, 0x92, 0xec, 0x2c, 0xc4, 0x44, 0x49,
        0xc5, 0x69, 0x7b, 0x32, 0x69, 0x19, 0x70, 0x3b, 0xac, 0x03, 0x1c, 0xae, 0x7f, 0x60,
    ];

    fn with_header(header: &str) -> String {
        let text = sign(Kind::Grant, "ada", &"x", &SigningKey::from_secret(&SECRET));
        let rest = text.split_once('.').unwrap().1;
        format!("{}.{rest}", Base64UrlUnpadded::encode_string(header.as_bytes()))
    }

    #[test]
    fn the_signature_is_that_of_rfc_8037() {
        let key = SigningKey::from_secret(&SECRET);
        assert_eq!(key.public().to_string(), "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
        let signed = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
        assert_eq!(
            Base64UrlUnpadded::encode_string(&key.sign(signed.as_bytes())),
            "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
        );
    }

    #[test]
    fn what_is_signed_reads_back_and_any_other_bit_does_not_verify() {
        let key = SigningKey::from_secret(&SECRET);
        let text = sign(Kind::Review, "ada", &"hello", &key);
        let read = parse(Kind::Review, &text).unwrap();
        assert!(read.is_signed_with(&key.public()) && read.signer == "ada");
        assert_eq!(read.claims::<String>(), Ok("hello".into()));
        assert!(!read.is_signed_with(&SigningKey::from_secret(&[1; 32]).public()));
        for place in 0..text.len() {
            let mut changed = text.clone().into_bytes();
            changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            let passes = parse(Kind::Review, &changed).is_ok_and(|read| read.is_signed_with(&key.public()));
            assert!(!passes, "byte {place}");
        }
    }

    #[test]
    fn no_other_algorithm_type_or_header() {
        let error = |header: &str| parse(Kind::Grant, &with_header(header)).unwrap_err();
        assert_eq!(
            error(r#"{"alg":"none","typ":"stillyou-grant+jwt","kid":"ada"}"#),
            JwsError::Algorithm("none".into())
        );
        assert_eq!(
            error(r#"{"alg":"HS256","typ":"stillyou-grant+jwt","kid":"ada"}"#),
            JwsError::Algorithm("HS256".into())
        );
        assert!(matches!(error(r#"{"alg":"EdDSA","typ":"JWT","kid":"ada"}"#), JwsError::Type { .. }));
        assert!(matches!(error(r#"{"alg":"EdDSA","typ":"stillyou-review+jwt","kid":"a"}"#), JwsError::Type { .. }));
        for bad in [
            r#"{"alg":"EdDSA","typ":"stillyou-grant+jwt"}"#,
            r#"{"alg":"EdDSA","typ":"stillyou-grant+jwt","kid":"ada","jwk":{}}"#,
            r#"{"alg":"EdDSA","typ":"stillyou-grant+jwt","kid":"ada","crit":["b64"],"b64":false}"#,
            r#"{"alg":"EdDSA","alg":"none","typ":"stillyou-grant+jwt","kid":"ada"}"#,
        ] {
            assert!(matches!(error(bad), JwsError::Header(_)), "{bad}");
        }
        for bad in ["", ".", "a.b", "a.b.c", "a.b.c.d", "é.é.é", &"A".repeat(MAX_BYTES + 1)] {
            assert_eq!(parse(Kind::Grant, bad), Err(JwsError::Shape), "{bad}");
        }
    }
}
