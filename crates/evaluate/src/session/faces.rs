use crate::face;
use rand::{RngExt, SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;
use std::collections::BTreeMap;
use std::time::Duration;
use stillyou_trust::policy::CameraPolicy;
use stillyou_trust::{Band, Schedule, Situation, TrustTime, independence_of_looks};

/// Faces lent to typists. Nobody's typing and face were recorded together, so these people are *chimeric*: each typist gets
/// the face of somebody else, drawn by the seed, the same throughout; more typists than faces share them.
pub struct Faces {
    people: Vec<Person>,
    order: Vec<usize>,
    seed: u64,
    /// Of which report.
    pub(super) of: String,
}

/// What looks say about one enrolled person: log-likelihood ratios by who was before the camera.
struct Person {
    name: String,
    said: BTreeMap<String, Vec<f64>>,
}

/// The camera of one session.
#[derive(Clone)]
pub struct Glances<'a> {
    faces: &'a Faces,
    cap_nats: f64,
    owner: usize,
    there: usize,
    schedule: Schedule,
    chance: ChaCha8Rng,
    last: Option<TrustTime>,
    /// Looks so far.
    pub looks: usize,
}

/// How long a look takes: the camera's first frames, then as many as tell a living face. Assumed.
pub const LOOK: Duration = Duration::from_millis(1500);

impl Faces {
    /// The people of a report on faces, each probe of it a look.
    pub fn of(report: &face::Report, seed: u64) -> Self {
        let mut people: Vec<Person> = Vec::new();
        for (trial, [enrolled, probe, _]) in report.compared() {
            if people.last().is_none_or(|p| p.name != *enrolled) {
                people.push(Person { name: enrolled.clone(), said: BTreeMap::new() });
            }
            if let Some(person) = people.last_mut() {
                person.said.entry(probe.clone()).or_default().push(trial.llr_nats);
            }
        }
        let mut order: Vec<usize> = (0..people.len()).collect();
        order.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
        Self { people, order, seed, of: format!("{}, share: {}", report.set, report.options.part) }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.people.len()
    }

    /// The camera before typist `owner`'s desk.
    pub(super) fn before(&self, owner: usize, policy: &CameraPolicy, cap_nats: f64) -> Glances<'_> {
        let seed = self.seed.wrapping_mul(1_000_003).wrapping_add(owner as u64);
        Glances {
            faces: self,
            cap_nats,
            owner: self.face_of(owner),
            there: self.face_of(owner),
            schedule: Schedule::new(policy.clone(), seed, TrustTime::default()),
            chance: ChaCha8Rng::seed_from_u64(seed),
            last: None,
            looks: 0,
        }
    }

    fn face_of(&self, typist: usize) -> usize {
        self.order[typist % self.order.len()]
    }
}

impl Glances<'_> {
    /// From now on typist `who` sits there.
    pub fn sits_down(&mut self, who: usize) {
        let face = self.faces.face_of(who);
        // Where typists share faces, an impostor still has another one than the owner.
        let other = (face + 1) % self.faces.count();
        self.there = if face == self.owner { other } else { face };
    }

    /// What a look says, if one is due: nats and their independence discount.
    pub fn look(&mut self, at: TrustTime, band: Band) -> Option<(f64, f64)> {
        let reason = self.schedule.due(Situation { at, band, active: true })?;
        self.schedule.looks(at, reason);
        self.schedule.spent(LOOK);
        self.looks += 1;
        let there = &self.faces.people[self.there].name;
        let said = self.faces.people[self.owner].said.get(there)?;
        let llr_nats = said[self.chance.random_range(0..said.len())].clamp(-self.cap_nats, self.cap_nats);
        let independence = independence_of_looks(self.last.map(|last| at.since(last)));
        self.last = Some(at);
        Some((llr_nats, independence))
    }
}
