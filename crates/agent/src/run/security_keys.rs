use super::Agent;
use super::factors::SET_UP_TIME;
use crate::ipc::{Attempt, OwnKey, Reply};
use crate::record::{KeyChange, KeyCopied, SECURITY_KEY_COPIED};
use crate::verifier::{Proof, unix_s};
use crossbeam_channel::Sender;
use std::time::Duration;
use stillyou_desktop_os::user;
use stillyou_stepup::{AskKey, AskNewKey, Ceremony, Challenge, Copied, KeyAnswer, RP_ID, SecurityKeys};
use stillyou_trust::Factor;
use stillyou_trust::policy::KeyProof;
use stillyou_vault::{Digest, device_id};

/// For so long a key's answer to a challenge is waited for: a PIN has to be typed, and a key to be found.
const ANSWER_TIME: Duration = Duration::from_secs(120);

/// Security keys. The agent makes challenges and checks answers; clients talk to the keys, so that a hostile device meets nothing
/// but them, and a key's PIN never comes here.
impl Agent {
    /// The keys that are set up, as anybody may know them.
    pub(super) fn own_keys(&self) -> Vec<OwnKey> {
        let since = |s: u64| i64::try_from(s.saturating_mul(1000)).unwrap_or(i64::MAX);
        let keys = self.factors.keys.list().iter();
        keys.map(|key| OwnKey { name: key.name().to_owned(), since_unix_ms: since(key.added_s()) }).collect()
    }

    /// A challenge for a key that is set up, in place of any before.
    pub(super) fn ask_key(&mut self) -> Reply {
        if self.factors.keys.list().is_empty() {
            return Reply::Failed { why: "no security key is set up: `stillyou factor security-key add`".into() };
        }
        match self.challenge(Ceremony::Use) {
            Ok((client_data, verify)) => {
                let credential_ids = self.factors.keys.credential_ids();
                Reply::AskKey { ask: AskKey { rp_id: RP_ID.into(), client_data, credential_ids, verify } }
            }
            Err(why) => Reply::Failed { why },
        }
    }

    /// What a key answered. The challenge is spent by that, whatever comes of it.
    pub(super) fn check_key(&mut self, answer: KeyAnswer, reply: Sender<Reply>) {
        match self.spent(Ceremony::Use, ANSWER_TIME) {
            Ok(challenge) => self.prove(Factor::SecurityKey, Proof::Key(challenge, answer), reply),
            Err(why) => {
                let _ = reply.try_send(Reply::Verification { attempt: Attempt::Unavailable { why } });
            }
        }
    }

    /// A challenge for a new key.
    pub(super) fn set_up_key(&mut self) -> Reply {
        match self.challenge(Ceremony::SetUp) {
            Ok((client_data, verify)) => {
                let user_id = user_handle();
                let user_name = user::name().unwrap_or_default();
                let exclude = self.factors.keys.credential_ids();
                let ask = AskNewKey { rp_id: RP_ID.into(), client_data, user_id, user_name, exclude, verify };
                Reply::AskNewKey { ask }
            }
            Err(why) => Reply::Failed { why },
        }
    }

    /// What a new key said: it is taken from now on.
    pub(super) fn keep_key(&mut self, name: Option<&str>, authenticator_data: &[u8]) -> Reply {
        let kept = self.spent(Ceremony::SetUp, SET_UP_TIME).and_then(|challenge| {
            let keys = self.factors.keys.with_new(&challenge, authenticator_data, name, unix_s());
            let keys = keys.map_err(|e| e.to_string())?;
            let name = keys.list().last().map(|key| key.name().to_owned()).unwrap_or_default();
            self.store_keys(&keys, &name, KeyChange::Added)?;
            self.take_keys(keys);
            Ok(())
        });
        kept.map_or_else(|why| Reply::Failed { why }, |()| Reply::Done {})
    }

    /// A key is taken no longer.
    pub(super) fn remove_key(&mut self, name: &str) -> Reply {
        let removed = self.factors.keys.without(name).map_err(|e| e.to_string()).and_then(|keys| {
            self.store_keys(&keys, name, KeyChange::Removed)?;
            self.take_keys(keys);
            Ok(())
        });
        removed.map_or_else(|why| Reply::Failed { why }, |()| Reply::Done {})
    }

    /// Stores a key's count, before its answer verifies.
    pub(super) fn keep_counted(&mut self, keys: SecurityKeys, name: &str) -> Result<(), String> {
        self.store_keys(&keys, name, KeyChange::Used)?;
        self.factors.has_keys(keys);
        Ok(())
    }

    /// A key may have been copied: that is on record.
    pub(super) fn key_copied(&mut self, copied: Copied) {
        let Copied { name: key, counter, known } = copied;
        self.note(SECURITY_KEY_COPIED, &KeyCopied { key, counter, known });
    }

    fn store_keys(&mut self, keys: &SecurityKeys, name: &str, what: KeyChange) -> Result<(), String> {
        self.home.store_keys(&mut self.record, keys, name, what).map_err(|e| e.to_string())
    }

    fn challenge(&mut self, ceremony: Ceremony) -> Result<(String, bool), String> {
        let proof = self.in_force.policy.governance.factors.security_key;
        let challenge = Challenge::new(ceremony, proof).map_err(|e| format!("no random numbers: {e}"))?;
        let client_data = challenge.client_data().to_owned();
        self.factors.challenge = Some((challenge, self.now()));
        Ok((client_data, proof == KeyProof::Verified))
    }

    /// The challenge that is open, which it is no more.
    fn spent(&mut self, ceremony: Ceremony, within: Duration) -> Result<Challenge, String> {
        let (challenge, since) = self.factors.challenge.take().ok_or("no security key was asked; begin again")?;
        if challenge.ceremony() != ceremony {
            return Err("the security key was asked for something else; begin again".into());
        }
        if self.now().since(since) > within {
            return Err("the security key took too long; begin again".into());
        }
        Ok(challenge)
    }
}

/// The person on this device, as a key may know them: 64 bytes, the most that a key takes.
fn user_handle() -> Vec<u8> {
    let whom = format!("stillyou security key v1\n{}\n{}", user::user_id(), device_id().unwrap_or_default());
    Digest::of(whom.as_bytes()).to_string().into_bytes()
}
