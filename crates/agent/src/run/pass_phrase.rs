use super::Agent;
use super::factors::SET_UP_TIME;
use crate::ipc::Reply;
use stillyou_stepup::{PassPhrase, Secret};
use zeroize::Zeroizing;

/// Setting up a pass-phrase of StillYou's own.
impl Agent {
    /// A new pass-phrase may come from now on.
    pub(super) fn set_up_pass_phrase(&mut self) -> Reply {
        self.factors.new_pass_phrase = Some(self.now());
        Reply::Done {}
    }

    /// The new pass-phrase. What was typed until then is forgotten, as after a password: it is not for models to learn from.
    pub(super) fn keep_pass_phrase(&mut self, mut typed: Zeroizing<Vec<u8>>) -> Reply {
        let kept = self.try_to_keep(Secret::new(std::mem::take(&mut *typed)).map_err(|e| e.to_string()));
        self.engine.forget();
        kept.map_or_else(|why| Reply::Failed { why }, |()| Reply::Done {})
    }

    fn try_to_keep(&mut self, typed: Result<Secret, String>) -> Result<(), String> {
        let since = self.factors.new_pass_phrase.ok_or("no pass-phrase is being set up; begin again")?;
        if self.now().since(since) > SET_UP_TIME {
            self.factors.new_pass_phrase = None;
            return Err("that took longer than ten minutes; begin again".into());
        }
        let name = stillyou_desktop_os::user::name().unwrap_or_default();
        // Until a good one comes, another may be tried.
        let stored = PassPhrase::new(&typed?, &[&name]).map_err(|e| e.to_string())?;
        self.home.store_pass_phrase(&mut self.record, &stored).map_err(|e| e.to_string())?;
        self.factors.new_pass_phrase = None;
        self.factors.pass_phrase = true;
        self.verifier.take_pass_phrase(Some(stored));
        Ok(())
    }
}
