//! An approver's side: what they decide on, and their signature.

mod evidence;
mod granted;
#[cfg(test)]
mod tests;

pub use evidence::RecordView;
pub use granted::GrantView;

use crate::link::Link;
use crate::refusal::{Refusal, RefusalKind};
use granted::unix_ms;
use serde::{Deserialize, Serialize};
use std::time::{SystemTime, UNIX_EPOCH};
use stillyou_agent::ipc::{Reply, Request as AgentRequest};
use stillyou_agent::{load_policy, own_identity, user_id};
use stillyou_governance::{
    Cause, Channel, Controls, Desk, Grant, GrantId, PolicyId, Qr, Request, Scope, SigningKey, Terms, Tried, Verdict,
    from_json, in_parts, plain,
};
use stillyou_trust::policy::{GovernancePolicy, Profile, Role};
use stillyou_trust::{Factor, Modality, State};
use stillyou_vault::{Owner, Vault, device_id};
use ts_rs::TS;

/// What the administrator's policy lets this person do for others.
#[derive(Clone, Debug, Serialize, TS)]
pub struct OwnRoles {
    /// Their account.
    pub person: String,
    /// Their roles; none for most people.
    pub roles: Vec<Role>,
    /// Whether the key that policy has for them is in their keychain.
    pub has_key: bool,
}

/// A case as an approver reads it, with what they may decide. Nobody has signed it.
#[derive(Clone, Debug, Serialize, TS)]
pub struct RequestView {
    /// Its name for the telephone.
    pub code: String,
    /// Whose.
    pub person: String,
    /// Where.
    pub device: String,
    /// Under which limits.
    pub profile: Profile,
    /// What failed.
    pub modality: Option<Modality>,
    /// The likeliest cause.
    pub cause: Cause,
    /// The numbers that say so.
    pub because: Vec<String>,
    /// What was tried, in words.
    pub tried: Vec<String>,
    /// When it was opened.
    pub opened_ms: i64,
    /// The longest grant, in minutes.
    pub longest_minutes: u64,
    /// How many approvers it needs.
    pub approvers: u32,
    /// Whether the person must be known on a second channel.
    pub second_channel: bool,
    /// A step-up at least so often, in minutes.
    pub reverify_minutes: u64,
    /// What the hazard is multiplied by.
    pub hazard_factor: f64,
    /// Looks through the camera an hour.
    pub audits_per_hour: u32,
}

/// What an approver decides on.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct Decision {
    /// For so many minutes.
    pub minutes: u64,
    /// Why.
    pub reason: String,
    /// Without any sensor, and not only without what failed.
    pub without_sensors: bool,
    /// The factor that replaces a modality, where that is asked for.
    pub instead: Option<Factor>,
    /// The channel on which the person was known.
    pub channel: Option<Channel>,
}

/// A signed text to be carried back.
#[derive(Clone, Debug, Serialize, TS)]
pub struct Signed {
    /// It.
    pub text: String,
    /// As a QR code: rows of 0 and 1, 1 is dark; none where it does not fit.
    pub code: Vec<String>,
    /// The same as codes to be shown to a webcam in turn.
    pub parts: Vec<Vec<String>>,
    /// Whether it has all the signatures it needs.
    pub complete: bool,
}

/// What policy lets whoever uses this app do for others.
///
/// # Errors
/// When policy or account can't be read.
pub fn own_roles(link: &Link) -> Result<OwnRoles, Refusal> {
    let policy = policy(link)?;
    let person = me()?;
    let Some(approver) = policy.approver(&person) else {
        return Ok(OwnRoles { person, roles: Vec::new(), has_key: false });
    };
    let key = vault()?.approver_key().map_err(Refusal::failed)?;
    let has_key = key.is_some_and(|key| SigningKey::from_secret(&key).public().to_string() == approver.key);
    Ok(OwnRoles { roles: approver.roles.clone(), person, has_key })
}

/// Reads a request.
///
/// # Errors
/// When it is none.
pub fn read_request(link: &Link, text: &str) -> Result<RequestView, Refusal> {
    let request: Request = text.parse().map_err(Refusal::failed)?;
    view(&policy(link)?, request)
}

fn view(policy: &GovernancePolicy, request: Request) -> Result<RequestView, Refusal> {
    if request.policy != PolicyId::of(policy) {
        return Err(Refusal::failed("the case stands under another policy than this machine's"));
    }
    let limits = request.limits(policy);
    let controls = Controls::of(&limits, request.modality);
    Ok(RequestView {
        code: request.short_code().to_string(),
        person: request.identity.person().into(),
        device: request.identity.device().into(),
        profile: request.profile,
        modality: request.modality,
        cause: request.cause,
        because: request.because,
        tried: tried_in_words(&request.tried),
        opened_ms: unix_ms(request.opened_s),
        longest_minutes: limits.longest_minutes,
        approvers: limits.approvers,
        second_channel: limits.second_channel,
        reverify_minutes: controls.reverify_minutes,
        hazard_factor: controls.hazard_factor,
        audits_per_hour: controls.audits_per_hour,
    })
}

/// Signs a grant for a request. Whoever sits at an approver's machine proves to be them.
///
/// # Errors
/// When they did not, or policy does not allow it.
pub fn issue(link: &Link, text: &str, decision: Decision) -> Result<Signed, Refusal> {
    let request: Request = text.parse().map_err(Refusal::failed)?;
    plain(&decision.reason).map_err(Refusal::failed)?;
    let scope = match (request.profile, request.modality, decision.instead) {
        (Profile::Accessibility, Some(modality), Some(instead)) => Scope::Unsuitable { modality, instead },
        (_, Some(modality), None) if !decision.without_sensors => Scope::SetAside { modality },
        _ => Scope::NonBiometric {},
    };
    let (minutes, channel, reason) = (decision.minutes, decision.channel, decision.reason);
    let terms = Terms { scope, start_s: now_s(), minutes, channel, reason };
    let mut id = [0; 16];
    getrandom::fill(&mut id).map_err(Refusal::failed)?;
    sign(link, |desk| desk.issue(&request, terms, GrantId::new(id), now_s()).map_err(Refusal::failed))
}

/// Signs a grant as the second approver.
///
/// # Errors
/// As [`issue`].
pub fn countersign(link: &Link, text: &str, grant: &str) -> Result<Signed, Refusal> {
    let request: Request = text.parse().map_err(Refusal::failed)?;
    sign(link, |desk| desk.countersign(&request, grant).map_err(Refusal::failed))
}

/// What a grant says that somebody else has signed.
///
/// # Errors
/// When it is none.
pub fn read_grant(link: &Link, text: &str) -> Result<GrantView, Refusal> {
    let grant = Grant::parse(text).map_err(|e| Refusal::failed(format!("this is not a grant: {e}")))?;
    Ok(GrantView::of(&grant, &policy(link)?))
}

/// What a reviewer has to have before them.
///
/// # Errors
/// When it is no exported case.
pub fn read_case(link: &Link, exported: &str) -> Result<RecordView, Refusal> {
    let record = from_json(exported).map_err(Refusal::failed)?;
    Ok(RecordView::of(&record, &policy(link)?))
}

/// Signs a review of an exported case.
///
/// # Errors
/// As [`issue`].
pub fn review(link: &Link, exported: &str, verdict: Verdict, note: &str) -> Result<Signed, Refusal> {
    let record = from_json(exported).map_err(Refusal::failed)?;
    plain(note).map_err(Refusal::failed)?;
    sign(link, |desk| desk.review(&record, verdict, note, now_s()).map_err(Refusal::failed))
}

fn tried_in_words(tried: &[Tried]) -> Vec<String> {
    tried.iter().map(|tried| format!("{}: {}", tried.factor.name(), tried.outcome)).collect()
}

/// A text as rows of a QR code; none where it does not fit.
pub fn code(text: &str) -> Vec<String> {
    let row = |row: Vec<bool>| row.into_iter().map(|dark| if dark { '1' } else { '0' }).collect();
    Qr::of(text).map(|code| code.rows().into_iter().map(row).collect()).unwrap_or_default()
}

/// A text as rows of codes that a webcam can read, to be shown in turn.
pub fn codes_in_parts(text: &str) -> Vec<Vec<String>> {
    in_parts(text).iter().map(|part| code(part)).collect()
}

fn sign(link: &Link, signing: impl FnOnce(&Desk<'_>) -> Result<String, Refusal>) -> Result<Signed, Refusal> {
    proven(link)?;
    let policy = policy(link)?;
    let key = vault()?.approver_key().map_err(Refusal::failed)?;
    let key =
        key.ok_or_else(|| Refusal::failed("there is no key in your keychain; `stillyou grant key new` makes one"))?;
    let desk = Desk::new(&policy, &me()?, SigningKey::from_secret(&key)).map_err(Refusal::failed)?;
    let text = signing(&desk)?;
    Ok(signed(&policy, text))
}

/// A text to be carried back; a review has all the signatures it needs.
fn signed(policy: &GovernancePolicy, text: String) -> Signed {
    let complete = Grant::parse(&text).map_or(true, |grant| grant.signatures_missing(policy) == 0);
    Signed { code: code(&text), parts: codes_in_parts(&text), text, complete }
}

/// Whoever is at the keyboard must have proven to be the approver, where somebody is enrolled here.
fn proven(link: &Link) -> Result<(), Refusal> {
    let Reply::Status { status } = link.ask(&AgentRequest::Status {})? else {
        return Err(Refusal::failed("the agent gave an answer to another question"));
    };
    match status.state == State::Learning || status.fresh_seconds.is_some() {
        true => Ok(()),
        false => Err(Refusal { kind: RefusalKind::NeedsStepUp, why: "an approver proves who they are first".into() }),
    }
}

fn policy(link: &Link) -> Result<GovernancePolicy, Refusal> {
    let loaded = load_policy(&link.places().system_policy, None).map_err(Refusal::failed)?;
    Ok(loaded.policy.governance)
}

fn me() -> Result<String, Refusal> {
    own_identity().map(|identity| identity.person().to_owned()).map_err(Refusal::failed)
}

fn vault() -> Result<Vault, Refusal> {
    let device = device_id().map_err(Refusal::failed)?;
    Vault::open(Owner { user: user_id(), device }).map_err(Refusal::failed)
}

fn now_s() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}
