use stillyou_governance::{
    CaseId, Casebook, Desk, Document, Failure, Grant, GrantId, Identity, Moment, PolicyId, Request, Scope, SigningKey,
    Terms, Verdict, from_json, to_html, to_json,
};
use stillyou_trust::policy::{Approver, GovernancePolicy, Role};
use stillyou_trust::{Modality, Policy, TrustTime};

const NOW_S: u64 = 1_800_000_000;

/// A case on its way to an approver, or exported for its review.
///
/// What is understood reads back the same, and shows as a page that runs nothing.
pub fn case(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    if let Ok(request) = text.parse::<Request>() {
        assert_eq!(request.to_string().parse(), Ok(request.clone()));
        // An approver's desk answers: with a grant, or with why not.
        let policy = policy();
        let _ = desk(&policy).issue(&request, terms(), GrantId::new([2; 16]), NOW_S);
    }
    if let Ok(record) = from_json(text) {
        let limits = &policy().standard;
        assert_eq!(from_json(&to_json(&record, limits)).as_ref(), Ok(&record));
        let page = to_html(&record, limits);
        assert!(!page.contains("<script") && page.ends_with("</html>\n"));
        let _ = desk(&policy()).review(&record, Verdict::Abuse, "", NOW_S);
    }
}

/// What somebody enters on a device with one open case: a grant, a revocation, a review.
///
/// Nothing is in force afterwards that the approver's key has not signed, for this case, and for no longer than policy says.
pub fn grant(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    let mut book = book();
    let now = moment();
    let decided = match Document::of(text) {
        Some(Document::Review) => {
            let decided = book.review(text, now);
            (decided.event, decided.outcome.is_ok())
        }
        Some(Document::Revocation) => {
            let decided = book.revoke(text, now);
            (decided.event, decided.outcome.is_ok())
        }
        Some(Document::Grant) | None => {
            let decided = book.accept(text, now, None);
            (decided.event, decided.outcome.is_ok())
        }
    };
    // As it is recorded, it reads back, and is applied.
    let (event, taken) = decided;
    let again = serde_json::to_vec(&event).unwrap();
    assert_eq!(serde_json::from_slice::<stillyou_governance::Event>(&again).unwrap(), event);
    book.apply(&event).unwrap();
    if let Some(granted) = book.in_force(&now, None).unwrap() {
        let grant = Grant::parse(text).unwrap();
        assert!(taken && grant.is_signed_by(&policy().approvers[0]) && grant.claims.case == CASE.parse().unwrap());
        assert!(granted.left_s <= 60 * policy().standard.longest_minutes);
        assert!(book.accept(text, now, None).outcome.is_err(), "it works once");
    }
}

/// A request, an export, a grant and a revocation of it.
pub fn examples() -> Vec<(&'static str, Vec<u8>)> {
    let (book, policy) = (book(), policy());
    let record = book.case(CASE.parse().unwrap()).unwrap().clone();
    let (request, desk) = (record.case.request(), desk(&policy));
    let grant = desk.issue(&request, terms(), GrantId::new([2; 16]), NOW_S).unwrap();
    let without = Terms { scope: Scope::NonBiometric {}, ..terms() };
    let wider = desk.issue(&request, without, GrantId::new([3; 16]), NOW_S).unwrap();
    let revocation = desk.revoke(GrantId::new([2; 16]), &request.identity, "a mistake", NOW_S).unwrap();
    let other = Request { modality: None, ..request.clone() };
    let all = [
        ("case", request.to_string()),
        ("case", other.to_string()),
        ("case", to_json(&record, &policy.standard)),
        ("grant", grant),
        ("grant", wider),
        ("grant", revocation),
    ];
    all.map(|(target, text)| (target, text.into_bytes())).into()
}

const CASE: &str = "01010101010101010101010101010101";

fn policy() -> GovernancePolicy {
    let mut policy = Policy::default().governance;
    let roles = vec![Role::ServiceDesk];
    policy.approvers.push(Approver { id: "ada".into(), roles, key: key().public().to_string() });
    policy
}

fn key() -> SigningKey {
    SigningKey::from_secret(&[7; 32])
}

fn desk(policy: &GovernancePolicy) -> Desk<'_> {
    Desk::new(policy, "ada", key()).unwrap()
}

fn terms() -> Terms {
    let scope = Scope::SetAside { modality: Modality::Keystroke };
    Terms { scope, start_s: NOW_S, minutes: 30, channel: None, reason: "a splint".into() }
}

fn moment() -> Moment {
    Moment { wall_s: NOW_S + 60, up: TrustTime::since_boot(std::time::Duration::from_secs(100)), boot: 1 }
}

fn book() -> Casebook {
    let policy = policy();
    let identity = Identity::new("pat", "desk-7").unwrap();
    let mut book = Casebook::new(policy.clone(), PolicyId::of(&policy), identity);
    let failure = Failure { modality: Some(Modality::Keystroke), ..Failure::default() };
    let opened = Moment { wall_s: NOW_S, up: TrustTime::since_boot(std::time::Duration::from_secs(40)), boot: 1 };
    let event = book.open(CaseId::new([1; 16]), failure, opened);
    book.apply(&event).unwrap();
    book
}
