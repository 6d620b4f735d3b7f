use crate::plain::{on_one_line, plain};
use crate::{CaseId, Cause, Identity, PolicyId, ShortCode, Tried};
use base64ct::{Base64UrlUnpadded, Encoding};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{fmt, str::FromStr};
use stillyou_trust::Modality;
use stillyou_trust::policy::{GovernancePolicy, Profile, ProfilePolicy};

/// The longest text that is looked at; a QR code carries 2,953 bytes at most.
const MAX_BYTES: usize = 4096;
const PREFIX: &str = "stillyou-case:1:";
/// Bytes of SHA-256 that tell a mangled text from a whole one.
const CHECK_BYTES: usize = 6;

/// What an approver is shown of a case. It is not signed: whoever changes it changes what the grant is bound to, and such a
/// grant fits no case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// Which case.
    pub case: CaseId,
    /// Whose, and where.
    pub identity: Identity,
    /// The rules it stands under.
    pub policy: PolicyId,
    /// The limits of those rules.
    pub profile: Profile,
    /// Whether the session was a remote one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub remote: bool,
    /// When it was opened, by that device's clock: seconds since 1970.
    pub opened_s: u64,
    /// Which modality failed, if it was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modality: Option<Modality>,
    /// The likeliest cause.
    pub cause: Cause,
    /// The numbers that say so.
    pub because: Vec<String>,
    /// What was tried.
    pub tried: Vec<Tried>,
    /// The network, by a name that tells nothing else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<String>,
}

/// A text that is no request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadRequest {
    /// Not a case at all, or of another version.
    #[error("it is not a case; one begins with {PREFIX}")]
    Shape,
    /// Letters are missing or changed.
    #[error("the case was mangled on its way: its check does not fit")]
    Mangled,
    /// It has other fields, or other types.
    #[error("the case is not understood: {0}")]
    Content(String),
}

impl Request {
    /// The case's name for the telephone.
    pub fn short_code(&self) -> ShortCode {
        ShortCode::of(self.case)
    }

    /// What holds for a grant for it.
    pub fn limits(&self, policy: &GovernancePolicy) -> ProfilePolicy {
        policy.limits_for(self.profile, self.identity.person(), self.remote)
    }
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let content = serde_json::to_vec(self).unwrap_or_default();
        let check = Sha256::digest(&content);
        let content = Base64UrlUnpadded::encode_string(&content);
        write!(f, "{PREFIX}{content}.{}", Base64UrlUnpadded::encode_string(&check[..CHECK_BYTES]))
    }
}

impl FromStr for Request {
    type Err = BadRequest;
    fn from_str(text: &str) -> Result<Self, BadRequest> {
        let text = text.trim();
        let rest = text.strip_prefix(PREFIX).filter(|_| text.len() <= MAX_BYTES).ok_or(BadRequest::Shape)?;
        let (content, check) = rest.split_once('.').ok_or(BadRequest::Shape)?;
        let decode = |part: &str| Base64UrlUnpadded::decode_vec(part).map_err(|_| BadRequest::Mangled);
        let (content, check) = (decode(content)?, decode(check)?);
        if Sha256::digest(&content)[..CHECK_BYTES] != *check {
            return Err(BadRequest::Mangled);
        }
        let request: Self =
            serde_json::from_slice(&content).map_err(|e| BadRequest::Content(on_one_line(&e.to_string())))?;
        let tried = request.tried.iter().map(|tried| &tried.outcome);
        let mut texts = request.because.iter().chain(tried).chain(&request.network);
        texts.try_for_each(|text| plain(text)).map_err(|e| BadRequest::Content(e.to_string()))?;
        Ok(request)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use stillyou_trust::Factor;

    fn request() -> Request {
        Request {
            case: CaseId::new([3; 16]),
            identity: Identity::new("pat", "desk-7").unwrap(),
            policy: PolicyId::new([5; 32]),
            profile: Profile::Standard,
            remote: false,
            opened_s: 1_800_000_000,
            modality: Some(Modality::Face),
            cause: Cause::Sensor,
            because: vec!["the sensor is not there".into()],
            tried: Vec::new(),
            network: None,
        }
    }

    #[test]
    fn a_request_reads_back_and_fits_a_qr_code() {
        let text = request().to_string();
        assert_eq!(text.parse(), Ok(request()));
        assert!(text.len() < 1000, "{}", text.len());
    }

    #[test]
    fn reasons_that_could_pass_for_something_else_are_refused() {
        let forged = "no\nsignature  ada: good; security";
        let because = Request { because: vec![forged.into()], ..request() };
        let outcome = "\u{1b}[2Kverified".into();
        let tried = Request { tried: vec![Tried { factor: Factor::Password, outcome }], ..request() };
        let network = Request { network: Some("\u{202e}eciffo".into()), ..request() };
        for (bad, shown) in [(because, "\\n"), (tried, "\\u{1b}"), (network, "\\u{202e}")] {
            let why = bad.to_string().parse::<Request>().unwrap_err().to_string();
            assert!(why.contains(shown) && plain(&why).is_ok(), "{why}");
        }
    }

    #[test]
    fn what_is_not_whole_is_refused() {
        let text = request().to_string();
        assert_eq!(text.replace(":1:", ":2:").parse::<Request>(), Err(BadRequest::Shape));
        assert_eq!(text[..text.len() - 4].parse::<Request>(), Err(BadRequest::Mangled));
        let changed = text.replacen('e', "f", 3);
        assert!(changed.parse::<Request>().is_err());
        assert!("stillyou-case:1:.".parse::<Request>().is_err());
    }
}
