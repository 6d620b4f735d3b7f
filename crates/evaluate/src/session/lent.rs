use crate::{face, pointer};
use rand::{RngExt, SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;
use std::collections::BTreeMap;

/// Faces or pointers lent to typists. Nobody's typing was recorded together with them, so these people are *chimeric*: each
/// typist gets those of somebody else, drawn by the seed, the same throughout; more typists than others share them.
#[derive(Clone, Debug)]
pub struct Lent {
    pub(super) people: Vec<Person>,
    pub(super) order: Vec<usize>,
    pub(super) seed: u64,
    /// Of which report.
    pub(super) of: String,
}

/// What is said about one enrolled person: log-likelihood ratios by who was there.
#[derive(Clone, Debug)]
pub(super) struct Person {
    pub name: String,
    pub said: BTreeMap<String, Vec<f64>>,
}

impl Lent {
    /// The people of a report on faces, each probe of it a look.
    pub fn faces(report: &face::Report, seed: u64) -> Self {
        let said = report.compared().map(|(trial, [enrolled, probe, _])| (&**enrolled, &**probe, [trial.llr_nats]));
        Self::of(said, seed, format!("{}, share: {}", report.set, report.options.part))
    }

    /// The people of a report on pointers, each window of theirs a piece of evidence.
    pub fn pointers(report: &pointer::Sessions, seed: u64) -> Self {
        let windows = report.trials.iter().zip(&report.windows);
        let said = windows.map(|((_, enrolled, probe), windows)| (&**enrolled, &**probe, windows.iter().copied()));
        Self::of(said, seed, format!("{}, share: {}", report.set, report.subjects))
    }

    /// From what was said of enrolled people, each about all who were there in a row.
    fn of<'t>(
        said: impl Iterator<Item = (&'t str, &'t str, impl IntoIterator<Item = f64>)>,
        seed: u64,
        of: String,
    ) -> Self {
        let mut people: Vec<Person> = Vec::new();
        for (enrolled, there, llrs_nats) in said {
            if people.last().is_none_or(|p| p.name != enrolled) {
                people.push(Person { name: enrolled.to_owned(), said: BTreeMap::new() });
            }
            if let Some(person) = people.last_mut() {
                person.said.entry(there.to_owned()).or_default().extend(llrs_nats);
            }
        }
        let mut order: Vec<usize> = (0..people.len()).collect();
        order.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
        Self { people, order, seed, of }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.people.len()
    }

    /// The desk of typist `owner`, who sits there.
    pub(super) fn at_desk_of(&self, owner: usize) -> AtDesk<'_> {
        let whose = self.of_typist(owner);
        AtDesk { lent: self, owner: whose, there: whose, chance: ChaCha8Rng::seed_from_u64(self.seed_of(owner)) }
    }

    /// What draws what happens at the desk of typist `owner`.
    pub(super) fn seed_of(&self, owner: usize) -> u64 {
        self.seed.wrapping_mul(1_000_003).wrapping_add(owner as u64)
    }

    fn of_typist(&self, typist: usize) -> usize {
        self.order[typist % self.order.len()]
    }
}

/// Whose desk it is, and who sits there.
#[derive(Clone)]
pub(super) struct AtDesk<'a> {
    lent: &'a Lent,
    owner: usize,
    there: usize,
    chance: ChaCha8Rng,
}

impl AtDesk<'_> {
    /// From now on typist `who` sits there.
    pub fn sits_down(&mut self, who: usize) {
        let theirs = self.lent.of_typist(who);
        // Where typists share faces, an impostor still has another one than the owner.
        let other = (theirs + 1) % self.lent.count();
        self.there = if theirs == self.owner { other } else { theirs };
    }

    /// What is said of whoever sits there, in nats, drawn from all that was.
    pub fn said(&mut self) -> Option<f64> {
        let there = &self.lent.people[self.there].name;
        let said = self.lent.people[self.owner].said.get(there).filter(|said| !said.is_empty())?;
        Some(said[self.chance.random_range(0..said.len())])
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Two of whom all says 9 nats for themselves and against the other.
    pub fn two() -> Lent {
        let said = [("a", "a", [9.0]), ("a", "b", [-9.0]), ("b", "a", [-9.0]), ("b", "b", [9.0])];
        Lent { order: vec![0, 1], ..Lent::of(said.into_iter(), 1, "two".to_owned()) }
    }

    #[test]
    fn an_impostor_is_somebody_else_even_where_typists_share_them() {
        let two = two();
        let mut desk = two.at_desk_of(0);
        assert_eq!(desk.said(), Some(9.0));
        // Typists 0 and 2 have the same one.
        for who in [1, 2] {
            desk.sits_down(who);
            assert_eq!(desk.said(), Some(-9.0));
        }
    }
}
