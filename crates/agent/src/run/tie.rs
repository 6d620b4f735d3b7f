use super::Agent;
use crate::home::{Home, HomeError};
use crate::record::{Record, RecordError};
use stillyou_trust::{Input, Trouble};

/// What came of tying the record to the keychain.
pub enum Tied {
    /// It is tied.
    Yes,
    /// The ledger was refused, and another begun; why.
    Refused(String),
    /// Not yet: the keychain or the disk can't be used.
    NotYet(HomeError),
}

/// Checks the ledger against what the keychain knows of it, and replaces one that is not what was written.
pub fn tie(home: &Home, record: &mut Record) -> Tied {
    // A ledger that can't even be opened needs no keychain to be refused.
    if let Err(e) = record.catch_up()
        && e.refuses_ledger()
    {
        return replaced(record, &e);
    }
    let tie = match home.tie() {
        Ok(tie) => tie,
        Err(e) => return Tied::NotYet(e),
    };
    match record.tie(&tie.key, tie.head.as_deref()) {
        Ok(_) => Tied::Yes,
        Err(e) if e.refuses_ledger() => replaced(record, &e),
        Err(e) => Tied::NotYet(e.into()),
    }
}

fn replaced(record: &mut Record, why: &RecordError) -> Tied {
    match record.replace(why) {
        Ok(()) => Tied::Refused(why.to_string()),
        Err(e) => Tied::NotYet(e.into()),
    }
}

impl Agent {
    /// What was found out about the record.
    pub(super) fn tied(&mut self, tied: Tied) {
        match tied {
            Tied::Yes => {}
            Tied::Refused(why) => {
                let why = format!("the record of decisions was not what was written, and another was begun: {why}");
                self.trouble_began(Trouble::LedgerRefused, why);
                self.feed(Input::WatchLost);
            }
            Tied::NotYet(e) if e.is_keychain() => self.trouble_began(Trouble::KeychainUnavailable, e.to_string()),
            Tied::NotYet(e) => self.trouble_began(Trouble::LedgerUnavailable, e.to_string()),
        }
    }

    /// Records what waits, and ties the record again where that has not been possible yet or it is no longer what was
    /// written.
    pub(super) fn mend_record(&mut self) {
        let refused = match self.record.catch_up() {
            Ok(false) => false,
            Ok(true) => {
                self.trouble_ended(Trouble::LedgerUnavailable);
                false
            }
            Err(e) if e.refuses_ledger() => true,
            Err(_) => return,
        };
        if refused || !self.record.is_tied() {
            let tied = tie(&self.home, &mut self.record);
            self.tied(tied);
        }
        self.put_head();
    }

    /// Puts the head of the record into the keychain, so that what it holds can't be taken back unseen. A keychain that
    /// is known to be out of use is tried again by [`Agent::mend_record`] only: a decision must not wait for it.
    pub(super) fn keep_head(&mut self) {
        if !self.troubles.has(Trouble::KeychainUnavailable) {
            self.put_head();
        }
    }

    fn put_head(&mut self) {
        let Some(head) = self.record.head_to_keep() else { return };
        match self.home.keep_head(head) {
            Ok(()) => {
                self.record.head_is_kept(head);
                if !self.template_wanted {
                    self.trouble_ended(Trouble::KeychainUnavailable);
                }
            }
            Err(e) => self.trouble_began(Trouble::KeychainUnavailable, e.to_string()),
        }
    }
}
