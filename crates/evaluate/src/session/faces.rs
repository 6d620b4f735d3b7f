use crate::face;
use rand::{RngExt, SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;
use std::collections::BTreeMap;
use std::time::Duration;
use stillyou_trust::policy::CameraPolicy;
use stillyou_trust::{Band, LookReason, Schedule, Situation, TrustTime, independence_of_looks};

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

    /// Nobody works: only a look for presence may be due, which brings no evidence.
    pub fn idle(&mut self, at: TrustTime, band: Band) {
        if let Some(reason) = self.schedule.due(Situation { at, band, active: false }) {
            self.opens(at, reason);
        }
    }

    /// What a look says, if one is due: nats and their independence discount.
    pub fn look(&mut self, at: TrustTime, band: Band) -> Option<(f64, f64)> {
        let reason = self.schedule.due(Situation { at, band, active: true })?;
        self.opens(at, reason);
        let there = &self.faces.people[self.there].name;
        let said = self.faces.people[self.owner].said.get(there)?;
        let llr_nats = said[self.chance.random_range(0..said.len())].clamp(-self.cap_nats, self.cap_nats);
        let independence = independence_of_looks(self.last.map(|last| at.since(last)));
        self.last = Some(at);
        Some((llr_nats, independence))
    }

    fn opens(&mut self, at: TrustTime, reason: LookReason) {
        self.schedule.looks(at, reason);
        self.schedule.spent(LOOK);
        self.looks += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two whose faces say 9 nats for themselves and against the other.
    fn two() -> Faces {
        let said =
            |own: &str, other: &str| BTreeMap::from([(own.to_owned(), vec![9.0]), (other.to_owned(), vec![-9.0])]);
        let person = |name: &str, said| Person { name: name.to_owned(), said };
        let people = vec![person("a", said("a", "b")), person("b", said("b", "a"))];
        Faces { people, order: vec![0, 1], seed: 1, of: "two".to_owned() }
    }

    #[test]
    fn whoever_comes_back_from_a_break_is_looked_at_once() {
        let faces = two();
        let policy = CameraPolicy { audit_minutes: 0, ..CameraPolicy::default() };
        let mut glances = faces.before(0, &policy, 3.0);
        let at = |seconds| TrustTime::since_boot(Duration::from_secs(seconds));
        assert_eq!(glances.look(at(1), Band::Verified), None);
        (2..600).for_each(|second| glances.idle(at(second), Band::Verified));
        assert_eq!((glances.looks, glances.look(at(600), Band::Verified)), (0, Some((3.0, 1.0))));
        assert_eq!((glances.looks, glances.look(at(601), Band::Verified)), (1, None));
        glances.sits_down(1);
        glances.idle(at(1_300), Band::Verified);
        assert_eq!(glances.look(at(1_301), Band::Verified), Some((-3.0, 1.0)));
    }

    #[test]
    fn looks_for_presence_cost_seconds_and_say_nothing() {
        let faces = two();
        let policy = CameraPolicy { presence_seconds: 60, ..CameraPolicy::default() };
        let mut glances = faces.before(0, &policy, 3.0);
        (0..600).for_each(|second| glances.idle(TrustTime::since_boot(Duration::from_secs(second)), Band::Verified));
        assert_eq!(glances.looks, 10);
    }
}
