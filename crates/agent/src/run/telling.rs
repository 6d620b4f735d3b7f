use super::Agent;
use crate::record::{TOLD, Told as OnRecord};
use crate::tell::{Order, Teller, Told, telling, ways};
use crossbeam_channel::{Receiver, never};
use std::collections::VecDeque;
use stillyou_governance::Event;
use stillyou_trust::Trouble;

/// What waits to be told at most; the oldest is given up first.
const MOST_WAITING: usize = 32;

/// What others are told.
#[derive(Default)]
pub(super) struct Tellings {
    teller: Option<Teller>,
    /// What failed, to be tried again.
    waiting: VecDeque<Order>,
    /// Tries that are not over.
    going_on: usize,
}

impl Tellings {
    /// What came of each; hand it to [`Agent::others_told`].
    pub(super) fn told(&self) -> Receiver<Told> {
        self.teller.as_ref().map_or_else(never, |teller| teller.told().clone())
    }
}

impl Agent {
    /// Others hear of what just happened to a case, as policy has it.
    pub(super) fn tell_others(&mut self, event: &Event) {
        let unix_ms = self.record.now().unix_ms;
        let Ok(fallback) = &self.fallback else { return };
        let Some(telling) = telling(event, &fallback.book, &fallback.policy, unix_ms) else { return };
        for way in ways(&self.in_force.policy.tell) {
            self.try_to_tell(Order { telling: telling.clone(), way, again: false });
        }
    }

    /// The minute's work: what failed is tried again.
    pub(super) fn tell_again(&mut self) {
        for order in std::mem::take(&mut self.tellings.waiting) {
            self.try_to_tell(order);
        }
    }

    fn try_to_tell(&mut self, order: Order) {
        if self.tellings.teller.is_none() {
            match Teller::start() {
                Ok(teller) => self.tellings.teller = Some(teller),
                Err(e) => return self.not_told(order, format!("the system gives no thread: {e}")),
            }
        }
        if let Some(teller) = &self.tellings.teller {
            self.tellings.going_on += 1;
            teller.tell(order);
        }
    }

    /// Whether others were told: it goes on the record, and is trouble until they are.
    pub(super) fn others_told(&mut self, Told { order, outcome }: Told) {
        self.tellings.going_on = self.tellings.going_on.saturating_sub(1);
        if let Err(why) = outcome {
            return self.not_told(order, why);
        }
        self.note(TOLD, &on_record(&order, None));
        if self.tellings.waiting.is_empty() && self.tellings.going_on == 0 {
            self.trouble_ended(Trouble::OthersNotTold);
        }
    }

    fn not_told(&mut self, order: Order, why: String) {
        // What failed before stands on the record already.
        if !order.again {
            self.note(TOLD, &on_record(&order, Some(why.clone())));
        }
        self.tellings.waiting.push_back(Order { again: true, ..order });
        if self.tellings.waiting.len() > MOST_WAITING {
            self.tellings.waiting.pop_front();
        }
        self.trouble_began(Trouble::OthersNotTold, format!("others were not told of an exception: {why}"));
    }
}

fn on_record(order: &Order, failed: Option<String>) -> OnRecord {
    let Order { telling, way, .. } = order;
    OnRecord { event: telling.event, case: telling.case.clone(), by: way.name().into(), failed }
}
