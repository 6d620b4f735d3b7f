use super::Agent;
use crate::ipc::Health;
use std::collections::BTreeMap;
use stillyou_trust::{Input, Trouble};

/// What can't protect at the moment, and why in words.
#[derive(Default)]
pub struct Troubles(BTreeMap<Trouble, String>);

impl Troubles {
    /// Whether this is among it.
    pub fn has(&self, trouble: Trouble) -> bool {
        self.0.contains_key(&trouble)
    }

    /// All of it.
    pub fn list(&self) -> Vec<Health> {
        self.0.iter().map(|(trouble, why)| Health { trouble: *trouble, why: why.clone() }).collect()
    }
}

impl Agent {
    /// Something that should protect can't; said, recorded, never hidden.
    pub(super) fn trouble_began(&mut self, trouble: Trouble, why: String) {
        if self.troubles.0.get(&trouble) != Some(&why) {
            tracing::warn!("trouble: {why}");
        }
        let known = self.troubles.0.insert(trouble, why).is_some();
        if !known {
            self.feed(Input::TroubleBegan(trouble));
        }
    }

    /// It can again.
    pub(super) fn trouble_ended(&mut self, trouble: Trouble) {
        if self.troubles.0.remove(&trouble).is_some() {
            tracing::info!("trouble over: {trouble:?}");
            self.feed(Input::TroubleEnded(trouble));
        }
    }
}
