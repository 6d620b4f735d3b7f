use super::{
    Attempted, Began, CASE, CONSENT, CameraTurned, Consent, Decided, ENROLLED_FACE, ENROLLED_POINTER, Ended,
    EnrolledFace, EnrolledPointer, EnrolledRecord, FactorSetUp, KeyCopied, KeysChanged, Locked, Looked, Lost,
    PASS_PHRASE, RECOVERY_CODES, RecordError, Requested, SECURITY_KEY_COPIED, SECURITY_KEYS, Scanned, Sensors, TOLD,
    TOTP, TOTP_USED, Told, TotpUsed, desk_of, parse, refused::Replaced,
};
use chrono::{DateTime, SecondsFormat};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;
use stillyou_ledger::{Entry, Hash, Ledger};
use stillyou_stepup::RateLimitSnapshot;
use stillyou_trust::{Explanation, Step};

/// One entry as it leaves the machine: what was decided, never what it was decided from. `docs/ledger.md` is its schema.
///
/// Left out: features and their shares, evidence one by one, how well the person's typing fits their own template, names
/// of keychain entries, of the boot and of the login.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exported {
    /// Version of this schema: 1.
    pub v: u32,
    /// The entry's place, from 1.
    pub seq: u64,
    /// When, by the machine's clock then: RFC 3339, UTC.
    pub time: String,
    /// Milliseconds since boot, suspend included.
    pub boot_ms: u64,
    /// Which of the user's desktop sessions it is about, by its display; `null` where that is not recorded.
    pub desk: Option<String>,
    /// What kind of entry.
    pub kind: String,
    /// What happened; its fields depend on the kind. `null` for kinds that this version does not export.
    pub what: Value,
    /// The entry's hash: what a proof proves.
    pub hash: Hash,
    /// Hash of the entry before it.
    pub prev_hash: Hash,
}

/// Entries in one page.
const PAGE: u64 = 100;

/// The largest payload that is exported as it is, in bytes: so a page stays small.
const MAX_PLAIN_BYTES: usize = 4096;

/// How often a follower looks for new entries.
const LOOK: Duration = Duration::from_millis(500);

/// Looks without an entry after which a follower is sent an empty page: one that is gone is noticed by that.
const QUIET_LOOKS: u32 = 20;

/// Reads the ledger at `path` from entry `from` on, page by page, to `page`, which returns false once nobody wants more.
/// Ends with the last entry (the last page may be empty); with `follow` it goes on with what is appended.
///
/// It opens the ledger for itself and reads only, so that the loop does not wait for it.
///
/// # Errors
/// When the ledger can't be read or an entry is not understood.
pub fn export(
    path: &Path,
    from: u64,
    follow: bool,
    mut page: impl FnMut(Vec<Exported>, bool) -> bool,
) -> Result<(), RecordError> {
    let ledger = Ledger::open_read_only(path)?;
    let mut next = from.max(1);
    let mut quiet = 0;
    loop {
        let end = ledger.end()?.map_or(0, |end| end.seq);
        let last = end.min(next.saturating_add(PAGE - 1));
        let mut lines = Vec::new();
        // One at a time: an entry can be a mebibyte large, its line is not.
        while next <= last {
            lines.push(exported(&ledger.entry(next)?)?);
            next += 1;
        }
        let done = next > end;
        quiet = if lines.is_empty() { quiet + 1 } else { 0 };
        if !follow || quiet % QUIET_LOOKS == 0 {
            let wanted = page(lines, done && !follow);
            if !wanted || (done && !follow) {
                return Ok(());
            }
        }
        if done {
            std::thread::sleep(LOOK);
        }
    }
}

/// What of an entry may leave the machine.
pub fn exported(entry: &Entry) -> Result<Exported, RecordError> {
    Ok(Exported {
        v: 1,
        seq: entry.id.seq,
        time: utc(entry.at.unix_ms),
        boot_ms: entry.at.boot_ms,
        desk: desk_of(entry),
        kind: entry.kind.clone(),
        what: what(entry)?,
        hash: entry.id.hash,
        prev_hash: entry.prev_hash,
    })
}

/// A time of the wall clock, as RFC 3339 in UTC.
pub fn utc(unix_ms: i64) -> String {
    DateTime::from_timestamp_millis(unix_ms).unwrap_or_default().to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// Only kinds that are known here are exported: what another version writes may be meant to stay.
fn what(entry: &Entry) -> Result<Value, RecordError> {
    Ok(match entry.kind.as_str() {
        "decision" => decision(&parse(entry)?),
        "began" => {
            let Began { version, policy, model, .. } = parse(entry)?;
            json!({ "version": version, "policy": policy, "model": model })
        }
        "enrolled" => {
            let EnrolledRecord { modality, stored, model, keystrokes, .. } = parse(entry)?;
            json!({ "modality": modality, "generation": stored.generation, "model": model, "keystrokes": keystrokes })
        }
        ENROLLED_POINTER => {
            let EnrolledPointer { stored, model, strokes, .. } = parse(entry)?;
            json!({ "generation": stored.generation, "model": model, "strokes": strokes })
        }
        ENROLLED_FACE => {
            let EnrolledFace { stored, model, images, camera } = parse(entry)?;
            json!({ "generation": stored.generation, "model": model, "images": images, "camera": camera.name() })
        }
        TOTP | RECOVERY_CODES | PASS_PHRASE => {
            let FactorSetUp { stored, left } = parse(entry)?;
            json!({ "generation": stored.generation, "left": left })
        }
        SECURITY_KEYS => {
            let KeysChanged { stored, left, key, what } = parse(entry)?;
            json!({ "generation": stored.generation, "left": left, "key": key, "what": what })
        }
        SECURITY_KEY_COPIED => plain(entry, &parse::<KeyCopied>(entry)?),
        TOTP_USED => plain(entry, &parse::<TotpUsed>(entry)?),
        CONSENT => plain(entry, &parse::<Consent>(entry)?),
        "erased" => {
            let Erased { removed, verified_absent } = parse(entry)?;
            json!({ "removed": removed.len(), "verified_absent": verified_absent })
        }
        "tries" => json!({ "failures": parse::<RateLimitSnapshot>(entry)?.failures }),
        "attempt" => plain(entry, &parse::<Attempted>(entry)?),
        "request" => plain(entry, &parse::<Requested>(entry)?),
        "sensors" => plain(entry, &parse::<Sensors>(entry)?),
        "camera" => plain(entry, &parse::<CameraTurned>(entry)?),
        "look" => plain(entry, &parse::<Looked>(entry)?),
        "scan" => plain(entry, &parse::<Scanned>(entry)?),
        // It was taken out.
        CASE | TOLD if entry.is_pruned() => Value::Null,
        TOLD => plain(entry, &parse::<Told>(entry)?),
        CASE => case(parse(entry)?),
        "pruned" => plain(entry, &parse::<Value>(entry)?),
        "lock" => plain(entry, &parse::<Locked>(entry)?),
        "lost" => plain(entry, &parse::<Lost>(entry)?),
        "ended" => plain(entry, &parse::<Ended>(entry)?),
        "replaced" => {
            let Replaced { why, head, .. } = parse(entry)?;
            json!({ "why": why, "head": head })
        }
        _ => Value::Null,
    })
}

/// Payload of `erased`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Erased {
    removed: Vec<String>,
    verified_absent: usize,
}

/// What happened to a case: who, when, why and what followed. Left out are features and their shares, the signed texts, and
/// what reviewers wrote.
fn case(mut event: stillyou_governance::Event) -> Value {
    use stillyou_governance::{Event, How};
    match &mut event {
        Event::Opened { case } => case.measured.attribution.clear(),
        Event::Granted { used, .. } => {
            if let How::Signature { text } = &mut used.how {
                text.clear();
            }
        }
        Event::Reviewed { review, .. } => review.note.clear(),
        _ => {}
    }
    serde_json::to_value(event).unwrap_or_default()
}

fn decision(decided: &Decided) -> Value {
    let Decided { decision, muted, policy, model } = decided;
    json!({
        "event": decision.event,
        "state": decision.state,
        "score": rounded(decision.log_odds.score(), 1.0),
        "contributions": decision.explanation.as_ref().map(contributions),
        "muted": muted,
        "policy": policy,
        "model": model,
    })
}

/// Nats by cause: a whole modality is one cause. Positive nats speak against the owner.
fn contributions(explanation: &Explanation) -> BTreeMap<&'static str, f64> {
    let mut sums = BTreeMap::new();
    for step in &explanation.steps {
        let cause = match step {
            Step::Predict(_) => "time",
            Step::Unlock { .. } => "unlock",
            Step::Evidence(evidence) => evidence.modality.name(),
        };
        *sums.entry(cause).or_insert(0.0) += step.nats();
    }
    sums.values_mut().for_each(|nats| *nats = rounded(*nats, 10.0));
    sums
}

fn rounded(value: f64, parts: f64) -> f64 {
    // Adding zero turns a negative zero into a plain one.
    (value * parts).round() / parts + 0.0
}

fn plain(entry: &Entry, payload: &impl Serialize) -> Value {
    if entry.payload.len() > MAX_PLAIN_BYTES {
        return Value::Null;
    }
    serde_json::to_value(payload).unwrap_or_default()
}
