use rand::{Rng, RngExt};

/// A sentence to type: half of them written out below, half put together from its words.
pub fn sentence<R: Rng>(rng: &mut R) -> String {
    if rng.random_bool(0.5) { one(WRITTEN, rng).to_owned() } else { put_together(rng) }
}

fn one<'a, R: Rng>(words: &[&'a str], rng: &mut R) -> &'a str {
    words.get(rng.random_range(0..words.len())).copied().unwrap_or_default()
}

fn put_together<R: Rng>(rng: &mut R) -> String {
    let mut text = String::new();
    if rng.random_bool(0.2) {
        text += one(OPENINGS, rng);
        text += if rng.random_bool(0.6) { ", " } else { " " };
    }
    text += one(WHO, rng);
    text.push(' ');
    text += one(DOES, rng);
    text.push(' ');
    if rng.random_bool(0.35) {
        text += one(HOW_IT_IS, rng);
        text.push(' ');
    }
    text += one(WHAT, rng);
    if rng.random_bool(0.3) {
        text.push(' ');
        text += one(WHERE_AND_WHEN, rng);
    }
    text.push_str(if rng.random_bool(0.08) { "?" } else { "." });
    let mut chars = text.chars();
    chars.next().map(|c| c.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

#[rustfmt::skip]
const OPENINGS: &[&str] = &[
    "as far as I know", "last week", "in the end", "to be honest", "before lunch", "after the meeting", "by the way",
    "on Tuesday", "if nothing changes", "for the first time", "once again", "at least", "in my view", "since March",
    "with a bit of luck", "unfortunately", "usually", "every other month", "quite often", "maybe",
];

#[rustfmt::skip]
const WHO: &[&str] = &[
    "the office", "my neighbour", "our team", "she", "he", "they", "we", "everybody upstairs", "the new manager",
    "a quiet customer", "the whole village", "Jack", "Queen Mary", "the doctor", "your brother", "the committee",
    "a young farmer", "the driver", "Professor Quill", "the school", "Zoe", "Kevin and Paula", "the bank", "nobody",
    "the woman next door", "an old sailor", "the review board", "this project", "Wednesday's visitor", "the kitchen",
];

#[rustfmt::skip]
const DOES: &[&str] = &[
    "will finish", "has forgotten", "wants to keep", "could not find", "is going to move", "never liked", "explained",
    "sold", "brought back", "would rather have", "needs", "was looking for", "asked about", "put away", "must check",
    "paid for", "wrote down", "gave up", "just cancelled", "keeps changing", "hopes to fix", "talked about", "enjoys",
    "does not understand", "ordered", "carried", "opened", "remembers", "might join", "questioned", "painted", "took",
];

#[rustfmt::skip]
const HOW_IT_IS: &[&str] = &[
    "another", "the same", "a very small", "the first", "an expensive", "a broken", "the green", "a quick",
    "the last", "the most useful", "an exact", "a heavy", "the yellow", "a fairly simple", "the wrong", "a zinc",
    "an honest",
];

#[rustfmt::skip]
const WHAT: &[&str] = &[
    "report", "letter to the council", "contract", "box of apples", "schedule", "invoice", "bicycle", "piano lesson",
    "answer", "window", "project", "question", "map of the coast", "shelf", "laptop", "budget for next year", "boat",
    "summary", "holiday", "jacket", "garden gate", "travel plan", "list of names", "recipe", "experiment", "password",
    "photograph", "kettle", "extra copy", "message", "book about whales", "train ticket", "example", "key", "prize",
];

#[rustfmt::skip]
const WHERE_AND_WHEN: &[&str] = &[
    "at the back of the house", "by Friday", "without any help", "in the next room", "before the end of June",
    "near the river", "on the way home", "for almost nothing", "with great care", "under the old bridge", "at noon",
    "because of the weather", "during the holidays", "after all these years", "in two or three days", "at work",
    "just to be sure", "while it rained", "from the very beginning", "when the phone rang", "in front of everyone",
];

const WRITTEN: &[&str] = &[
    "Please send me the final numbers before you leave tonight.",
    "I can't remember where we parked the car.",
    "The second half of the film was much better than the first.",
    "Thanks for the quick reply, that answers my question.",
    "Is there any milk left, or should I buy some on the way?",
    "We moved the meeting to half past three.",
    "It took them six weeks to repair the roof.",
    "Just let me know what works best for you.",
    "The lights went out and everybody started to laugh.",
    "He said he would call back within the hour.",
    "Could you have a look at the attached draft?",
    "My sister plays the violin in a very small orchestra.",
    "There is no reason to hurry, the train is late anyway.",
    "Nobody expected the river to rise so fast.",
    "She keeps a jar of old buttons on the kitchen shelf.",
    "The results look fine, but we need a larger sample.",
    "What would you do if it were your own money?",
    "Our flight leaves at dawn, so let us pack tonight.",
    "I have never seen so many birds in one place.",
    "The printer on the second floor is out of paper again.",
    "Most of the guests arrived by boat.",
    "You were right about the soup, it needs more pepper.",
    "They don't usually work on Saturdays.",
    "A cold wind blew across the empty square.",
    "The new version should be ready by Monday.",
    "He wrote three long letters and posted none of them.",
    "I'll be a few minutes late, please start without me.",
    "The museum is closed on the first Thursday of the month.",
    "Try turning it off and on again.",
    "We agreed on the price, but not on the date.",
    "The baby slept through the whole journey.",
    "Every morning she walks the dog along the canal.",
    "Do you know anyone who could fix an old clock?",
    "The last question was by far the most difficult.",
    "It's not the best hotel, yet the view is wonderful.",
    "Keep the receipt in case something breaks.",
    "They are still waiting for an answer from the insurance.",
    "Grandfather grew potatoes, beans and giant pumpkins.",
    "I would like to change my booking, if possible.",
    "The city looks different when you see it from above.",
    "Her voice was calm, though her hands were shaking.",
    "We ran out of time before we ran out of ideas.",
    "The quality of the sound depends on the size of the room.",
    "Nothing in the fridge looked good enough for dinner.",
    "Six of the boxes were empty and one was full of maps.",
    "He speaks five languages, none of them well.",
    "Don't forget to water the plants while we are away.",
    "The judge asked both sides to keep it short.",
    "A lazy afternoon by the lake is just what I need.",
    "The software asks for a password every ten minutes.",
    "Bring warm clothes, the nights are freezing up there.",
    "That joke wasn't funny the first time either.",
    "The experiment failed, and we learned a great deal.",
    "Somebody left a blue umbrella in the hall.",
    "My knee hurts whenever the weather changes.",
    "It was so quiet that you could hear the snow fall.",
    "The shop around the corner sells excellent bread.",
    "If you need anything else, just ask.",
    "They painted the fence yellow, to our great surprise.",
    "All exits are marked with a green sign.",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::from_char;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;
    use std::collections::HashSet;

    #[test]
    fn sentences_can_be_typed_and_vary() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let all: Vec<String> = (0..2_000).map(|_| sentence(&mut rng)).collect();
        assert!(all.iter().flat_map(|s| s.chars()).all(|c| from_char(c).is_some()));
        assert!(all.iter().all(|s| s.ends_with(['.', '?']) && s.starts_with(|c: char| c.is_uppercase())));
        assert!(all.iter().collect::<HashSet<_>>().len() > 900);
        let mut lengths: Vec<usize> = all.iter().map(String::len).collect();
        lengths.sort_unstable();
        assert!((40..55).contains(&lengths[1_000]), "median {}", lengths[1_000]);
        let letters: HashSet<char> = all.iter().flat_map(|s| s.chars()).filter(char::is_ascii_lowercase).collect();
        assert_eq!(letters.len(), 26);
    }
}
