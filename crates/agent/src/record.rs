use crate::ipc::PastDecision;
use crate::places::private_folder;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};
use stillyou_desktop_os::clock::Clock;
use stillyou_desktop_os::session::LoginId;
use stillyou_ledger::{At, EntryId, Ledger, LedgerError, Verified};
use stillyou_stepup::RateLimitSnapshot;
use stillyou_trust::{Before, Decision, Event, Modality, Policy, State};
use stillyou_vault::{Digest, Stored};
use thiserror::Error;

/// The agent's side of the ledger: which kinds of entries there are and what they mean.
///
/// | kind | payload |
/// |---|---|
/// | `began` | [`Began`]: the agent started |
/// | `decision` | [`Decided`]: the monitor decided, with reasons |
/// | `attempt` | [`Attempted`]: somebody tried to prove who they are |
/// | `tries` | wrong answers in a row, kept before and after each check |
/// | `enrolled` | [`EnrolledRecord`]: a template was made |
/// | `erased` | every template was erased |
/// | `request` | [`Requested`]: something that needs a fresh step-up was asked |
/// | `lock` | how a lock was proven, or why none could be |
pub struct Record {
    ledger: Ledger,
    clock: Clock,
    policy: String,
    model: String,
}

/// Why the record can't be used.
#[derive(Debug, Error)]
pub enum RecordError {
    /// The ledger's.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// An entry is not what this version writes.
    #[error("entry {seq} of the ledger is not understood: {reason}")]
    Entry {
        /// Which.
        seq: u64,
        /// What is wrong.
        reason: String,
    },
    /// The chain is broken.
    #[error("the ledger is broken: {0}")]
    Broken(String),
    /// There is no such decision.
    #[error("entry {0} is no decision with reasons; `decision` entries of step-ups, locks and band changes are")]
    NoDecision(u64),
}

/// Payload of `began`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Began {
    /// The program's version.
    pub version: String,
    /// The OS login the agent lives in.
    pub login: LoginId,
    /// SHA-256 of the policy in force.
    pub policy: String,
    /// The model's name and hash.
    pub model: String,
}

/// Payload of `decision`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decided {
    /// The decision, with its explanation.
    pub decision: Decision,
    /// Modalities muted after it.
    pub muted: BTreeSet<Modality>,
    /// SHA-256 of the policy in force.
    pub policy: String,
    /// The model's name and hash.
    pub model: String,
}

/// Payload of `attempt`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attempted {
    /// The factor.
    pub factor: String,
    /// What came of it.
    pub outcome: String,
}

/// Payload of `enrolled`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnrolledRecord {
    /// The modality.
    pub modality: Modality,
    /// Generation and hash of the sealed template: any other is refused.
    pub stored: Stored,
    /// The model that made it.
    pub model: String,
    /// Keystrokes it was made from.
    pub keystrokes: u32,
    /// The share of the person's own windows that would speak against them.
    pub self_rejects: f64,
}

/// Payload of `request`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requested {
    /// What.
    pub what: String,
    /// Whether a fresh step-up allowed it.
    pub allowed: bool,
}

/// Decisions listed at a time.
const LISTED: usize = 50;

/// Entries read at a time while looking for decisions.
const READ_AT_ONCE: u64 = 100;

impl Record {
    /// Opens the ledger at `path`, creating its folder for this user alone.
    ///
    /// # Errors
    /// When the ledger can't be opened.
    pub fn open(path: &Path, clock: Clock, policy: &Policy, model: &str) -> Result<Self, RecordError> {
        if let Some(folder) = path.parent() {
            // A folder that can't be made shows when the ledger is opened.
            let _ = private_folder(folder);
        }
        let policy = policy.to_toml().unwrap_or_default();
        let policy = Digest::of(policy.as_bytes()).to_string();
        Ok(Self { ledger: Ledger::open(path)?, clock, policy, model: model.to_owned() })
    }

    /// The agent started in `login`.
    ///
    /// # Errors
    /// When it can't be recorded.
    pub fn began(&mut self, login: LoginId) -> Result<EntryId, RecordError> {
        let version = env!("CARGO_PKG_VERSION").to_owned();
        let began = Began { version, login, policy: self.policy.clone(), model: self.model.clone() };
        self.append("began", &began)
    }

    /// The monitor decided.
    ///
    /// # Errors
    /// When it can't be recorded.
    pub fn decided(&mut self, decision: &Decision, muted: BTreeSet<Modality>) -> Result<EntryId, RecordError> {
        let (policy, model) = (self.policy.clone(), self.model.clone());
        self.append("decision", &Decided { decision: decision.clone(), muted, policy, model })
    }

    /// Appends an entry of another kind of this record.
    ///
    /// # Errors
    /// When it can't be recorded.
    pub fn append(&mut self, kind: &str, payload: &impl Serialize) -> Result<EntryId, RecordError> {
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let at = At {
            unix_ms: i64::try_from(since_1970.as_millis()).unwrap_or(i64::MAX),
            boot_ms: u64::try_from(self.clock.boot_time().as_millis()).unwrap_or(u64::MAX),
        };
        Ok(self.ledger.append(at, kind, payload)?)
    }

    /// What was known before the agent started again within `login`, if it did.
    ///
    /// # Errors
    /// When the ledger can't be read or its last entries are not understood.
    pub fn before(&self, login: &LoginId) -> Result<Option<Before>, RecordError> {
        let Some(began) = self.last::<Began>("began")? else { return Ok(None) };
        let Some(last) = self.last::<Decided>("decision")? else { return Ok(None) };
        let nothing = matches!(last.decision.event, Event::LearningAgain) || last.decision.state == State::Learning;
        if login.is_another_login(&began.login) || nothing {
            return Ok(None);
        }
        let owes_step_up = matches!(last.decision.state, State::StepUp { .. } | State::Locked { by_score: true });
        Ok(Some(Before { log_odds: last.decision.log_odds, owes_step_up, muted: last.muted }))
    }

    /// The count of wrong answers as it was kept last.
    ///
    /// # Errors
    /// When the ledger can't be read or the entry is not understood.
    pub fn tries(&self) -> Result<Option<RateLimitSnapshot>, RecordError> {
        self.last("tries")
    }

    /// The template on record, `None` when there never was one or it was erased.
    ///
    /// # Errors
    /// When the ledger can't be read or the entry is not understood.
    pub fn template(&self) -> Result<Option<Stored>, RecordError> {
        let enrolled = self.ledger.last("enrolled")?;
        let erased = self.ledger.last("erased")?;
        match (enrolled, erased) {
            (Some(on), Some(off)) if off.id.seq > on.id.seq => Ok(None),
            (Some(on), _) => Ok(Some(parse::<EnrolledRecord>(&on)?.stored)),
            (None, _) => Ok(None),
        }
    }

    /// A recorded decision that has reasons.
    ///
    /// # Errors
    /// When entry `seq` is none.
    pub fn decision(&self, seq: u64) -> Result<Decision, RecordError> {
        let entry = self.ledger.entries(seq..=seq)?.into_iter().next().filter(|e| e.kind == "decision");
        let decision = parse::<Decided>(&entry.ok_or(RecordError::NoDecision(seq))?)?.decision;
        if decision.explanation.is_none() { Err(RecordError::NoDecision(seq)) } else { Ok(decision) }
    }

    /// The last decisions that have reasons, newest last, at most [`LISTED`].
    ///
    /// # Errors
    /// When the ledger can't be read or an entry is not understood.
    pub fn decisions(&self) -> Result<Vec<PastDecision>, RecordError> {
        let mut found = Vec::new();
        let mut end = self.ledger.head()?.map_or(0, |head| head.seq);
        while end > 0 && found.len() < LISTED {
            let begin = end.saturating_sub(READ_AT_ONCE) + 1;
            for entry in self.ledger.entries(begin..=end)?.iter().rev().filter(|e| e.kind == "decision") {
                let decision = parse::<Decided>(entry)?.decision;
                if decision.explanation.is_some() && found.len() < LISTED {
                    let (unix_ms, score) = (entry.at.unix_ms, decision.log_odds.score());
                    found.push(PastDecision { entry: entry.id.seq, unix_ms, event: decision.event, score });
                }
            }
            end = begin - 1;
        }
        found.reverse();
        Ok(found)
    }

    /// Checks the whole chain.
    ///
    /// # Errors
    /// Where it is broken.
    pub fn verify(&self) -> Result<Verified, RecordError> {
        self.ledger.verify(None).map_err(|broken| RecordError::Broken(broken.to_string()))
    }

    fn last<T: for<'a> Deserialize<'a>>(&self, kind: &str) -> Result<Option<T>, RecordError> {
        self.ledger.last(kind)?.map(|entry| parse(&entry)).transpose()
    }
}

fn parse<T: for<'a> Deserialize<'a>>(entry: &stillyou_ledger::Entry) -> Result<T, RecordError> {
    entry.parse().map_err(|e| RecordError::Entry { seq: entry.id.seq, reason: e.to_string() })
}
