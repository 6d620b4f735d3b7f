use super::{Began, Record, RecordError, parse};
use crate::talk::Fate;
use serde::{Deserialize, Serialize};
use stillyou_desktop_os::session::LoginId;
use stillyou_ledger::Entry;

/// Payload of `lost`: for a while nobody watched.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lost {
    /// Who was lost.
    pub who: Who,
    /// What became of it.
    pub fate: Fate,
    /// How it ended, as the system tells.
    pub how: String,
    /// What came of locking the session, where that was tried before the entry was made.
    pub locked: Option<Locked>,
}

/// Who was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Who {
    /// The process that captures and decides.
    Worker,
    /// The process that watches over it.
    Supervisor,
    /// Both, so that nobody could say it then.
    Both,
}

/// Payload of `lock`: what came of locking the session.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Locked {
    /// It is locked, and how that was seen.
    Proven(String),
    /// It could not be locked, or that could not be seen.
    Failed(String),
}

/// Payload of `ended`: the agent ended as it should.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ended {
    /// Whether a fresh step-up allowed it, or nobody is enrolled. Otherwise the session was locked first.
    pub allowed: bool,
}

/// How the agent's last run in this login ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LastRun {
    /// There was none, or it ended as it should.
    Orderly,
    /// It was lost, and the session was locked for it.
    LostAndLocked,
    /// It was lost, and no lock is proven.
    Lost,
    /// It ended without a word: nobody saw it.
    Unseen,
}

impl Record {
    /// How the last run in `login` ended. To be asked before [`Record::began`].
    ///
    /// # Errors
    /// When the ledger can't be read or its entries are not understood.
    pub fn last_run(&self, login: &LoginId) -> Result<LastRun, RecordError> {
        let ledger = self.ledger()?;
        let Some(began) = ledger.last("began")? else { return Ok(LastRun::Orderly) };
        if login.is_another_login(&parse::<Began>(&began)?.login) {
            return Ok(LastRun::Orderly);
        }
        let since = |entry: &Option<Entry>| entry.as_ref().is_some_and(|e| e.id.seq > began.id.seq);
        if since(&ledger.last("ended")?) {
            return Ok(LastRun::Orderly);
        }
        let lost = ledger.last("lost")?;
        let Some(lost) = lost.filter(|e| e.id.seq > began.id.seq) else { return Ok(LastRun::Unseen) };
        if matches!(parse::<Lost>(&lost)?.locked, Some(Locked::Proven(_))) {
            return Ok(LastRun::LostAndLocked);
        }
        let locked = ledger.last("lock")?.filter(|e| e.id.seq > lost.id.seq);
        match locked.map(|e| parse::<Locked>(&e)).transpose()? {
            Some(Locked::Proven(_)) => Ok(LastRun::LostAndLocked),
            _ => Ok(LastRun::Lost),
        }
    }
}
