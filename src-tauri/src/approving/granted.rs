use serde::Serialize;
use stillyou_governance::{Channel, Controls, Grant, Scope, ShortCode, Standing};
use stillyou_trust::policy::{GovernancePolicy, Profile};
use ts_rs::TS;

/// A grant as it is read before it is signed a second time.
#[derive(Clone, Debug, Serialize, TS)]
pub struct GrantView {
    /// The case's name for the telephone.
    pub code: String,
    /// Whose.
    pub person: String,
    /// Where.
    pub device: String,
    /// Under which limits.
    pub profile: Profile,
    /// What it allows.
    pub terms: TermsView,
    /// Who signed it.
    pub signatures: Vec<SignatureView>,
}

/// What a grant allows, how long, and how closely watched.
#[derive(Clone, Debug, Serialize, TS)]
pub struct TermsView {
    /// What the person may do.
    pub scope: Scope,
    /// From then: milliseconds since 1970-01-01 UTC.
    pub from_ms: i64,
    /// Until then.
    pub until_ms: i64,
    /// What makes up for the missing proof.
    pub controls: Controls,
    /// On which second channel the person was known.
    pub channel: Option<Channel>,
    /// On this network only.
    pub network: Option<String>,
    /// Why.
    pub reason: String,
}

/// A signature, and what this machine's policy says of it.
#[derive(Clone, Debug, Serialize, TS)]
pub struct SignatureView {
    /// Whose it says it is.
    pub signer: String,
    /// Whether it is.
    #[serde(flatten)]
    #[ts(flatten)]
    pub standing: Standing,
}

impl GrantView {
    /// By this machine's policy.
    pub fn of(grant: &Grant, policy: &GovernancePolicy) -> Self {
        let claims = &grant.claims;
        let signature = |(signer, standing)| SignatureView { signer, standing };
        Self {
            code: ShortCode::of(claims.case).to_string(),
            person: claims.person.clone(),
            device: claims.device.clone(),
            profile: claims.profile,
            terms: TermsView {
                scope: claims.scope,
                from_ms: unix_ms(claims.start_s),
                until_ms: unix_ms(claims.end_s),
                controls: claims.controls,
                channel: claims.channel,
                network: claims.network.clone(),
                reason: claims.reason.clone(),
            },
            signatures: grant.signed_by(policy).into_iter().map(signature).collect(),
        }
    }
}

/// Seconds as milliseconds since 1970.
pub fn unix_ms(unix_s: u64) -> i64 {
    i64::try_from(unix_s.saturating_mul(1000)).unwrap_or(i64::MAX)
}
