//! Seeded typists: made-up people whose typing has the statistics of real people's.
//!
//! A [`Typist`] is a person: the same seed gives the same hands for ever. Everything is drawn from normal and
//! log-normal distributions whose sizes were measured on the 1,648 people of the development part of the Aalto set
//! (copied English sentences; natural logarithms of milliseconds):
//!
//! | what | centre | between people | within a person |
//! |---|---|---|---|
//! | hold, all keys | median 103 ms | sd .207 of the mean | sd .24 (sd of its log .19), heavy tails |
//! | hold of a finger against the person's own mean | −.08 (index) to +.15 (little) | sd .08 to .12 | |
//! | hold of a key against its finger | | sd .045 | |
//! | press to press, all keys | median 169 ms | sd .33 | sd .33 (sd of its log .25), long right tail |
//! | … same key, same finger, same hand, other hand | −.05, +.20, −.01, −.10 | sd .28, .18, .09, .05 | × .45, .6, 1, 1 |
//! | … to space, from space | −.14, +.34 | sd .15, .22 | × .85, 1.15 |
//! | … key pair against its kind of movement | sd .12 | sd .14 | |
//! | sentence to sentence, same person | | | hold sd .04, press to press sd .055 |
//! | rollover (a key is pressed before the last is up) | 21 % | 0 to 57 % (1st to 95th percentile) | |
//! | backspace, share of keys | 5.5 % | 1.1 to 11 % (5th to 95th percentile) | runs of 1: 55 %, 2: 25 %, 3: 10 % |
//!
//! How different they are: a per-key and per-pair log-likelihood model (five sentences enrol, one sentence is the probe)
//! has an equal error rate of 17.4 % on 800 of them and of 17.9 % on the real people; an early network trained on real
//! people, under the evaluation's protocol, 8.2 % (7.2 to 9.2) on 237 of them and 6.8 % (5.9 to 7.6) on 215 real people.
//!
//! Real hands have structure that these draws lack, and these draws are tidier than real people. Whoever reports a rate
//! measured on them must say that they are made up.

pub(crate) mod draw;
mod hands;
mod person;
mod plan;
mod text;
mod timing;

use crate::{Person, Session, Set, Text};
use person::Traits;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use stillyou_sense::{Micros, keyboard::Keystroke};

pub use text::sentence;

/// The name of a set of made-up people.
pub const SET_NAME: &str = "typists";

/// A made-up person with hands of their own.
#[derive(Clone, Debug)]
pub struct Typist {
    seed: u64,
    traits: Traits,
}

impl Typist {
    /// The person of a seed.
    pub fn new(seed: u64) -> Self {
        Self { seed, traits: Traits::draw(seed) }
    }

    /// Endless typing of sentences, with pauses between them, from time 0: the same `session` gives the same typing,
    /// another one other sentences on another day.
    pub fn typing(&self, session: u64) -> Typing<'_> {
        Typing { typist: self, rng: self.rng(session), at_us: 0, ready: Vec::new().into_iter() }
    }

    /// Types one text from time 0, mistakes and corrections included. Characters that no key of a US keyboard writes
    /// are left out.
    pub fn type_text(&self, text: &str, session: u64) -> Vec<Keystroke> {
        self.type_at(text, 0, &mut self.rng(session))
    }

    /// The person as people of recorded sets are: sessions `"1"` to `sentences`, one sentence each.
    pub fn record(&self, sentences: usize) -> Person {
        let mut rng = self.rng(0);
        let mut at_us = 0;
        let mut sessions = Vec::with_capacity(sentences);
        for number in 1..=sentences {
            let keystrokes = self.type_at(&sentence(&mut rng), at_us, &mut rng);
            at_us = self.traits.after_sentence(&keystrokes, &mut rng);
            sessions.push(Session { name: number.to_string(), rep: None, keystrokes });
        }
        Person { subject: self.seed.to_string(), sessions }
    }

    fn type_at(&self, text: &str, at_us: u64, rng: &mut ChaCha8Rng) -> Vec<Keystroke> {
        let planned = plan::plan(text, &self.traits, rng);
        timing::time(&planned, &self.traits, at_us, rng)
    }

    fn rng(&self, session: u64) -> ChaCha8Rng {
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed);
        rng.set_stream(person::STREAMS + session);
        rng
    }
}

/// A set of made-up people, named [`SET_NAME`]; subjects are their seeds, drawn from `seed`.
pub fn set(people: usize, sentences: usize, seed: u64) -> Set {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut seeds = std::collections::BTreeSet::new();
    while seeds.len() < people {
        seeds.insert(u64::from(rng.random::<u32>()));
    }
    let people = seeds.into_iter().map(|s| Typist::new(s).record(sentences)).collect();
    Set { name: SET_NAME.to_owned(), text: Text::Sentences, keys: true, people }
}

/// Keystrokes of a [`Typist`], in the order of pressing; it never ends.
#[derive(Debug)]
pub struct Typing<'a> {
    typist: &'a Typist,
    rng: ChaCha8Rng,
    at_us: u64,
    ready: std::vec::IntoIter<Keystroke>,
}

impl Iterator for Typing<'_> {
    type Item = Keystroke;

    fn next(&mut self) -> Option<Keystroke> {
        loop {
            if let Some(keystroke) = self.ready.next() {
                return Some(keystroke);
            }
            let text = sentence(&mut self.rng);
            let typed = self.typist.type_at(&text, self.at_us, &mut self.rng);
            self.at_us = self.typist.traits.after_sentence(&typed, &mut self.rng);
            self.ready = typed.into_iter();
        }
    }
}

impl Typing<'_> {
    /// When the next sentence starts, on the clock of the keystrokes.
    pub fn next_sentence_at(&self) -> Micros {
        Micros(self.at_us)
    }
}
