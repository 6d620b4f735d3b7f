mod cases;
mod decisions;
mod entries;
mod export;
mod failures;
mod fit;
mod head;
mod held;
mod kinds;
mod loss;
mod refused;
mod today;

#[cfg(test)]
mod tests;

use crate::places::{Places, private_folder};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeSet, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};
use stillyou_desktop_os::clock::Clock;
use stillyou_desktop_os::session::LoginId;
use stillyou_ledger::{At, Entry, EntryId, Ledger, LedgerError, Signer};
use stillyou_stepup::RateLimitSnapshot;
use stillyou_trust::{Decision, Modality, Policy};
use stillyou_vault::Digest;
use thiserror::Error;

use head::Known;

pub use cases::CASE;
pub use entries::{
    Attempted, Began, CameraTurned, Consent, Decided, EnrolledFace, EnrolledPointer, EnrolledRecord, FactorSetUp,
    KeyChange, KeyCopied, KeysChanged, Looked, Pruned, Requested, Scanned, Sensors, Told, TotpUsed,
};
pub use export::{Exported, export, utc};
pub use failures::failures;
pub use fit::Fitted;
pub use held::OnRecord;
pub use kinds::{
    CONSENT, ENROLLED_FACE, ENROLLED_POINTER, PASS_PHRASE, RECOVERY_CODES, SECURITY_KEY_COPIED, SECURITY_KEYS, TOLD,
    TOTP, TOTP_USED,
};
pub use loss::{Ended, LastRun, Locked, Lost, Who};
pub use today::today;

/// The agent's side of the ledger: which kinds of entries there are and what they mean.
///
/// | kind | payload |
/// |---|---|
/// | `began` | [`Began`]: the agent started |
/// | `ended` | [`Ended`]: the agent ended as it should |
/// | `lost` | [`Lost`]: worker or supervisor was killed or frozen |
/// | `decision` | [`Decided`]: the monitor decided, with reasons |
/// | `attempt` | [`Attempted`]: somebody tried to prove who they are |
/// | `tries` | wrong answers in a row, kept before and after each check |
/// | `enrolled` | [`EnrolledRecord`]: a template of the person's typing was made |
/// | `enrolled-pointer` | [`EnrolledPointer`]: a template of how they point was made |
/// | `enrolled-face` | [`EnrolledFace`]: a template of the person's face was made |
/// | `totp` | [`FactorSetUp`]: a key for one-time codes was set up |
/// | `totp-used` | [`TotpUsed`]: a one-time code was used |
/// | `recovery-codes` | [`FactorSetUp`]: recovery codes were made, or one was used |
/// | `pass-phrase` | [`FactorSetUp`]: a pass-phrase was set up |
/// | `security-keys` | [`KeysChanged`]: a security key was set up, removed or used |
/// | `security-key-copied` | [`KeyCopied`]: a security key answered whose count of signatures did not rise |
/// | `consent` | [`Consent`]: the person consented to being recognised, or took that back |
/// | `erased` | every template was erased, and what factors keep |
/// | `request` | [`Requested`]: something that needs a fresh step-up was asked |
/// | `sensors` | [`Sensors`]: which sensors the person turned off |
/// | `camera` | [`CameraTurned`]: the person turned the camera on or off |
/// | `look` | [`Looked`]: the camera was opened, why and for how long |
/// | `fit` | how well a modality's evidence fitted its template on average, once a week |
/// | `pruned` | which entries about cases were taken out, as they are kept no longer ([`Record::prune_cases`]) |
/// | `told` | [`Told`]: others were told of an exception, or not |
/// | `scan` | [`Scanned`]: the camera was opened to read a code |
/// | `case` | [`Event`](stillyou_governance::Event): what happened to a case, a grant or a review |
/// | `lock` | [`Locked`]: how a lock was proven, or why none could be |
/// | `replaced` | the ledger before this one was refused: why, where it is kept, what the keychain knew of it |
///
/// Every payload also says on which desk it was made (`desk`, [`Places::desk`]): the sessions of one user share a ledger.
///
/// A ledger that can't be used is no reason to stop watching: what happens meanwhile waits in memory until
/// [`Record::catch_up`] succeeds.
pub struct Record {
    path: PathBuf,
    desk: String,
    ledger: Result<Ledger, Arc<LedgerError>>,
    signer: Option<Signer>,
    known: Known,
    waiting: VecDeque<Waiting>,
    now: Box<dyn Fn() -> At + Send>,
    policy: String,
    model: String,
}

struct Waiting {
    at: At,
    kind: &'static str,
    payload: Value,
}

/// Why the record can't be used.
#[derive(Debug, Error)]
pub enum RecordError {
    /// The ledger's.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The ledger could not be opened.
    #[error(transparent)]
    Closed(Arc<LedgerError>),
    /// What is to be recorded is not JSON.
    #[error("what is to be recorded is not JSON: {0}")]
    Payload(String),
    /// There is no key.
    #[error("there is no key to prove with: the keychain can't be used")]
    NoKey,
    /// An entry is not what this version writes.
    #[error("entry {seq} of the ledger is not understood: {reason}")]
    Entry {
        /// Which.
        seq: u64,
        /// What is wrong.
        reason: String,
    },
    /// The chain is broken.
    #[error("{0}")]
    Broken(String),
    /// There is no such decision.
    #[error("entry {0} is no decision with reasons; `decision` entries of step-ups, locks and band changes are")]
    NoDecision(u64),
    /// What the entry said was taken out.
    #[error("what entry {0} said was taken out, as cases are kept no longer; prove it without the entry")]
    Gone(u64),
}

/// Entries that wait for the ledger; more than a day of them.
const MAX_WAITING: usize = 1_000;

/// The field that names the desk.
const DESK: &str = "desk";

/// Entries read at a time while looking for decisions.
const READ_AT_ONCE: u64 = 100;

impl Record {
    /// The record of this desk.
    pub fn open(places: &Places, clock: Clock, policy: &Policy, model: &str) -> Self {
        let policy = policy.to_toml().unwrap_or_default();
        let policy = Digest::of(policy.as_bytes()).to_string();
        let (path, desk) = (places.ledger.clone(), places.desk.clone());
        let ledger = open_ledger(&path);
        let (known, waiting) = (Known::Unknown, VecDeque::new());
        let now = Box::new(move || at(clock));
        Self { path, desk, ledger, signer: None, known, waiting, now, policy, model: model.to_owned() }
    }

    /// The same record in another time.
    #[cfg(all(test, target_os = "linux"))]
    pub fn in_time(self, now: impl Fn() -> At + Send + 'static) -> Self {
        Self { now: Box::new(now), ..self }
    }

    /// The ledger's file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The desk that entries are made for.
    pub fn desk(&self) -> &str {
        &self.desk
    }

    /// The time that an entry made now would have.
    pub fn now(&self) -> At {
        (self.now)()
    }

    /// Opens the ledger if it could not be opened, and records what waits. True when anything was still to be done.
    ///
    /// # Errors
    /// Why the ledger still can't be used.
    pub fn catch_up(&mut self) -> Result<bool, RecordError> {
        if self.ledger.is_ok() && self.waiting.is_empty() {
            return Ok(false);
        }
        if self.ledger.is_err() {
            self.ledger = open_ledger(&self.path);
            self.attach_signer()?;
        }
        while let Some(next) = self.waiting.pop_front() {
            if let Err(e) = self.append_at(next.at, next.kind, &next.payload) {
                self.waiting.push_front(next);
                return Err(e);
            }
        }
        self.ledger().map(|_| true)
    }

    /// The agent started in `login`.
    ///
    /// # Errors
    /// When it can't be recorded.
    pub fn began(&mut self, login: LoginId) -> Result<(), RecordError> {
        let version = env!("CARGO_PKG_VERSION").to_owned();
        let began = Began { version, login, policy: self.policy.clone(), model: self.model.clone() };
        self.note("began", &began)
    }

    /// The monitor decided.
    ///
    /// # Errors
    /// When it can't be recorded.
    pub fn decided(&mut self, decision: &Decision, muted: BTreeSet<Modality>) -> Result<(), RecordError> {
        let (policy, model) = (self.policy.clone(), self.model.clone());
        self.note("decision", &Decided { decision: decision.clone(), muted, policy, model })
    }

    /// Appends an entry of another kind of this record; where that fails it waits in memory.
    ///
    /// # Errors
    /// When it waits.
    pub fn note(&mut self, kind: &'static str, payload: &impl Serialize) -> Result<(), RecordError> {
        let at = self.now();
        let failed = match self.append_at(at, kind, payload) {
            Ok(_) => return Ok(()),
            Err(failed) => failed,
        };
        if self.waiting.len() == MAX_WAITING {
            self.waiting.pop_front();
            tracing::error!("an entry is lost: {MAX_WAITING} wait for the ledger already");
        }
        // What is not JSON can't be recorded at all.
        self.waiting.extend(serde_json::to_value(payload).map(|payload| Waiting { at, kind, payload }));
        Err(failed)
    }

    /// Appends an entry now or not at all.
    ///
    /// # Errors
    /// When it can't be recorded.
    pub fn append(&mut self, kind: &str, payload: &impl Serialize) -> Result<EntryId, RecordError> {
        self.append_at(self.now(), kind, payload)
    }

    fn append_at(&mut self, at: At, kind: &str, payload: &impl Serialize) -> Result<EntryId, RecordError> {
        let ledger = self.ledger.as_mut().map_err(|why| RecordError::Closed(why.clone()))?;
        Ok(ledger.append(at, kind, &stamped(&self.desk, payload)?)?)
    }

    /// The count of wrong answers as it was kept last.
    ///
    /// # Errors
    /// When the ledger can't be read or the entry is not understood.
    pub fn tries(&self) -> Result<Option<RateLimitSnapshot>, RecordError> {
        self.last("tries")
    }

    /// Whether the person consented to being recognised, or took that back; `None` where neither is on record.
    ///
    /// # Errors
    /// When the ledger can't be read or the entry is not understood.
    pub fn consent(&self) -> Result<Option<bool>, RecordError> {
        Ok(self.last::<Consent>(CONSENT)?.map(|consent| consent.given))
    }

    /// Whether the person turned the camera on; `None` where they have not chosen.
    ///
    /// # Errors
    /// When the ledger can't be read or the entry is not understood.
    pub fn camera_turned(&self) -> Result<Option<bool>, RecordError> {
        Ok(self.last::<CameraTurned>("camera")?.map(|turned| turned.on))
    }

    /// The sensors that the person turned off.
    ///
    /// # Errors
    /// When the ledger can't be read or the entry is not understood.
    pub fn turned_off(&self) -> Result<BTreeSet<Modality>, RecordError> {
        Ok(self.last::<Sensors>("sensors")?.unwrap_or_default().off)
    }

    fn ledger(&self) -> Result<&Ledger, RecordError> {
        self.ledger.as_ref().map_err(|why| RecordError::Closed(why.clone()))
    }

    /// The last entry of `kind` that was made on this desk.
    fn last_here(&self, kind: &str) -> Result<Option<Entry>, RecordError> {
        let Some(last) = self.ledger()?.last(kind)? else { return Ok(None) };
        let mut end = last.id.seq;
        while end > 0 {
            let begin = end.saturating_sub(READ_AT_ONCE) + 1;
            let entries = self.ledger()?.entries(begin..=end)?;
            if let Some(found) =
                entries.into_iter().rev().find(|e| e.kind == kind && desk_of(e).as_deref() == Some(&*self.desk))
            {
                return Ok(Some(found));
            }
            end = begin - 1;
        }
        Ok(None)
    }

    fn last<T: for<'a> Deserialize<'a>>(&self, kind: &str) -> Result<Option<T>, RecordError> {
        self.ledger()?.last(kind)?.map(|entry| parse(&entry)).transpose()
    }
}

/// Appends one entry while no agent of this desk holds the ledger.
///
/// # Errors
/// When the ledger can't be opened or the entry not appended.
pub fn append_alone(places: &Places, clock: Clock, kind: &str, payload: &impl Serialize) -> Result<(), RecordError> {
    let mut ledger = open_ledger(&places.ledger).map_err(RecordError::Closed)?;
    ledger.append(at(clock), kind, &stamped(&places.desk, payload)?)?;
    Ok(())
}

fn open_ledger(path: &Path) -> Result<Ledger, Arc<LedgerError>> {
    if let Some(folder) = path.parent() {
        // A folder that can't be made shows when the ledger is opened.
        let _ = private_folder(folder);
    }
    Ledger::open(path).map_err(Arc::new)
}

fn at(clock: Clock) -> At {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    At {
        unix_ms: i64::try_from(since_1970.as_millis()).unwrap_or(i64::MAX),
        boot_ms: u64::try_from(clock.boot_time().as_millis()).unwrap_or(u64::MAX),
    }
}

/// A payload with the desk that it was made on.
fn stamped(desk: &str, payload: &impl Serialize) -> Result<Value, RecordError> {
    let mut value = serde_json::to_value(payload).map_err(|e| RecordError::Payload(e.to_string()))?;
    if let Value::Object(fields) = &mut value {
        fields.insert(DESK.into(), desk.into());
    }
    Ok(value)
}

fn desk_of(entry: &Entry) -> Option<String> {
    Some(entry.parse::<Value>().ok()?[DESK].as_str()?.to_owned())
}

fn parse<T: for<'a> Deserialize<'a>>(entry: &Entry) -> Result<T, RecordError> {
    let unstamped = entry.parse::<Value>().map(|mut payload| {
        if let Value::Object(fields) = &mut payload {
            fields.remove(DESK);
        }
        payload
    });
    let parsed = unstamped.and_then(|payload| T::deserialize(payload));
    parsed.map_err(|e| RecordError::Entry { seq: entry.id.seq, reason: e.to_string() })
}
