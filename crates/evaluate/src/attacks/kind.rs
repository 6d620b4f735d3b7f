use super::forge::{self, Detail, Habits, Shape};
use super::typing::joined;
use super::{ENROL, KEYSTROKES};
use crate::keystroke::LAST_SENTENCE;
use crate::session::typing::moved;
use rand::Rng;
use std::fmt;
use stillyou_recordings::Person;
use stillyou_sense::keyboard::{Key, Keystroke};

/// What an attacker does. Jitters are standard deviations, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Attack {
    /// Somebody else types as they type: the baseline.
    Human,
    /// Every time drawn by itself around the mean of people, key by key.
    Population,
    /// Every time drawn by itself around the owner's mean, key by key.
    Own(Shape),
    /// The same with the owner's gaps pair by pair.
    OwnPairs,
    /// What the owner typed earlier in this session.
    Replay {
        /// Noise on every press and release.
        jitter_ms: f64,
    },
    /// What the owner typed in another session.
    ReplayElsewhere,
    /// One interval and one hold for all keys, the owner's means.
    Robot {
        /// Noise on every press and release.
        jitter_ms: f64,
    },
    /// One log-normal interval and hold for all keys, as wide as people's.
    HumanLikeRobot,
    /// A text at once.
    Paste,
    /// A word at once, every 0.8 s.
    PasteWords,
    /// The owner and somebody else in turns, a sentence each; the owner begins.
    TurnsBySentence,
    /// The owner and somebody else in turns, 100 keystrokes each; the owner begins.
    TurnsByHundred,
}

/// The one who is attacked, and what an attacker knows of them.
#[derive(Clone, Debug)]
pub struct Victim {
    /// Sentences 1 to 10, each by itself.
    pub enrol: Vec<Vec<Keystroke>>,
    /// Sentences 11 to 15 in one go.
    pub session: Vec<Keystroke>,
    /// Sentences 11 to 15, then 1 to 10, each by itself.
    pub sentences: Vec<Vec<Keystroke>>,
}

impl Victim {
    /// A recorded person as a victim; `None` where there is nothing to attack with.
    pub fn of(person: &Person) -> Option<Self> {
        let (first, last) = (ENROL as u32 + 1, LAST_SENTENCE);
        let each = |numbers: std::ops::RangeInclusive<u32>| -> Vec<Vec<Keystroke>> {
            numbers.map(|n| joined(person, n..=n, usize::MAX)).filter(|s| s.len() > 1).collect()
        };
        let enrol = each(1..=ENROL as u32);
        let sentences = [each(first..=last), enrol.clone()].concat();
        let session = joined(person, first..=last, usize::MAX);
        let usable = Habits::of(enrol.iter().map(Vec::as_slice)).is_some() && !session.is_empty();
        usable.then_some(Self { enrol, session, sentences })
    }

    /// The keys of [`Victim::sentences`], over and over, [`KEYSTROKES`] of them.
    pub fn keys(&self) -> Vec<Key> {
        self.sentences.iter().flatten().map(|k| k.key).cycle().take(KEYSTROKES).collect()
    }

    fn all(&self) -> Vec<Keystroke> {
        on_end(self.sentences.iter().map(Vec::as_slice))
    }
}

impl Attack {
    /// Every attack of a report, in its order.
    pub fn all() -> Vec<Attack> {
        let mut all = vec![
            Attack::Human,
            Attack::Population,
            Attack::Own(Shape::Gaussian),
            Attack::Own(Shape::Lognormal),
            Attack::OwnPairs,
        ];
        all.extend([0.0, 1.0, 2.0, 5.0, 10.0].map(|jitter_ms| Attack::Replay { jitter_ms }));
        all.push(Attack::ReplayElsewhere);
        all.extend([1.0, 5.0, 10.0, 20.0, 40.0].map(|jitter_ms| Attack::Robot { jitter_ms }));
        all.extend([
            Attack::HumanLikeRobot,
            Attack::Paste,
            Attack::PasteWords,
            Attack::TurnsBySentence,
            Attack::TurnsByHundred,
        ]);
        all
    }

    /// At most [`KEYSTROKES`] keystrokes of it against `victim`, by a forger who knows the habits of `people`, or with the
    /// hands of `other`.
    pub fn forge(self, victim: &Victim, people: &Habits, other: &Victim, rng: &mut impl Rng) -> Vec<Keystroke> {
        let keys = victim.keys();
        let Some(own) = Habits::of(victim.enrol.iter().map(Vec::as_slice)) else { return Vec::new() };
        let (hold_us, gap_us) = own.tempo_us();
        let all = |v: &Victim| v.all().into_iter().take(KEYSTROKES).collect::<Vec<_>>();
        match self {
            Attack::Human => all(other),
            Attack::Population => people.type_keys(&keys, Shape::Lognormal, Detail::Keys, rng),
            Attack::Own(shape) => own.type_keys(&keys, shape, Detail::Keys, rng),
            Attack::OwnPairs => own.type_keys(&keys, Shape::Lognormal, Detail::Pairs, rng),
            Attack::Replay { jitter_ms } => forge::replay(&victim.session, KEYSTROKES, jitter_ms * 1e3, rng),
            Attack::ReplayElsewhere => {
                forge::replay(&on_end(victim.enrol.iter().map(Vec::as_slice)), KEYSTROKES, 0.0, rng)
            }
            Attack::Robot { jitter_ms } => forge::robot(&keys, gap_us, hold_us, jitter_ms * 1e3, rng),
            Attack::HumanLikeRobot => forge::human_like_robot(&keys, gap_us, hold_us, rng),
            Attack::Paste => forge::paste(&keys, None),
            Attack::PasteWords => forge::paste(&keys, Some(800_000)),
            Attack::TurnsBySentence => {
                let pairs = victim.sentences.iter().zip(&other.sentences);
                let turns = pairs.flat_map(|(mine, theirs)| [mine.as_slice(), theirs.as_slice()]);
                on_end(turns).into_iter().take(KEYSTROKES).collect()
            }
            Attack::TurnsByHundred => {
                let (mine, theirs) = (all(victim), all(other));
                let pairs = mine.chunks(100).zip(theirs.chunks(100));
                on_end(pairs.flat_map(|(m, t)| [m, t])).into_iter().take(KEYSTROKES).collect()
            }
        }
    }
}

impl fmt::Display for Attack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Attack::Human => f.write_str("another person, untrained"),
            Attack::Population => f.write_str("forged: times of people, by key"),
            Attack::Own(Shape::Gaussian) => f.write_str("forged: own means by key, Gaussian"),
            Attack::Own(Shape::Lognormal) => f.write_str("forged: own means by key, log-normal"),
            Attack::OwnPairs => f.write_str("forged: own means by key pair"),
            Attack::Replay { jitter_ms: 0.0 } => f.write_str("replay of this session, exact"),
            Attack::Replay { jitter_ms } => write!(f, "replay of this session, {jitter_ms} ms jitter"),
            Attack::ReplayElsewhere => f.write_str("replay from another session"),
            Attack::Robot { jitter_ms } => write!(f, "robot, {jitter_ms} ms jitter"),
            Attack::HumanLikeRobot => f.write_str("robot, spread as people's"),
            Attack::Paste => f.write_str("pasted at once"),
            Attack::PasteWords => f.write_str("pasted word by word"),
            Attack::TurnsBySentence => f.write_str("two people in turns, by sentence"),
            Attack::TurnsByHundred => f.write_str("two people in turns, 100 keys each"),
        }
    }
}

/// Stretches one after the other, two seconds apart.
fn on_end<'a>(stretches: impl Iterator<Item = &'a [Keystroke]>) -> Vec<Keystroke> {
    let mut all: Vec<Keystroke> = Vec::new();
    for stretch in stretches {
        let start = all.iter().rev().take(10).map(|k| k.released_at.0).max().map_or(0, |end| end + 2_000_000);
        all.extend(moved(stretch, start));
    }
    all
}
