use crate::jws::{self, JwsError, Kind, Unchecked};
use crate::{GrantId, Identity};
use serde::{Deserialize, Serialize};

/// An approver takes a grant back. It takes effect when the device sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Revocation {
    /// Which grant.
    pub grant: GrantId,
    /// Whose, and where.
    pub identity: Identity,
    /// Signed then, in seconds since 1970.
    #[serde(rename = "iat")]
    pub issued_s: u64,
    /// Why.
    pub reason: String,
}

pub(crate) fn parse(text: &str) -> Result<(Revocation, Unchecked), JwsError> {
    let unchecked = jws::parse(Kind::Revocation, text.trim())?;
    let revocation: Revocation = unchecked.claims()?;
    jws::all_plain([("reason", &*revocation.reason)])?;
    Ok((revocation, unchecked))
}
