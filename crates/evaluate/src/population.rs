use crate::{EvaluateError, Recogniser};
use serde::Serialize;
use std::{fmt, path::Path, str::FromStr};
use stillyou_recordings::{Person, RecordingError, Share, Source, Text, discover};

/// Which subjects of the sets are evaluated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Subjects {
    /// All that the model has not seen.
    #[default]
    All,
    /// One share of them.
    Only(Share),
}

impl Subjects {
    /// Whether it has a subject of a set.
    pub(crate) fn holds(self, set: &str, subject: &str) -> bool {
        match self {
            Subjects::All => true,
            Subjects::Only(share) => Share::of(set, subject) == share,
        }
    }
}

impl fmt::Display for Subjects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Subjects::All => f.write_str("all"),
            Subjects::Only(share) => share.fmt(f),
        }
    }
}

impl FromStr for Subjects {
    type Err = RecordingError;
    fn from_str(word: &str) -> Result<Self, RecordingError> {
        if word == "all" { Ok(Subjects::All) } else { word.parse().map(Subjects::Only) }
    }
}

/// Who was left out, and why.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// The model was trained or calibrated on them.
    pub seen: usize,
    /// Too little typing to enrol: too few usable sentences, or keystrokes.
    pub too_few_to_enrol: usize,
    /// Nothing left to probe with.
    pub no_probe: usize,
}

impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "left out: {} seen in training or calibration, {} with too little to enrol, {} without a probe",
            self.seen, self.too_few_to_enrol, self.no_probe
        )
    }
}

/// What the sessions must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FreeText {
    /// Sentences, numbered.
    Sentences,
    /// Anything but one text again and again; sessions in the order of appearance.
    AsRecorded,
}

/// The people of a share that may be evaluated.
pub struct Population {
    /// The sets' names.
    pub sets: Vec<String>,
    /// Each with the number of their set.
    pub people: Vec<(usize, Person)>,
    /// How many the sets' share has in all.
    pub in_share: usize,
    /// How many of those the model has seen and were therefore left out.
    pub seen: usize,
}

impl Population {
    /// The people at `data`. Of several sets there, those of free text with known keys.
    pub fn load<R: Recogniser>(
        data: &Path,
        text: FreeText,
        subjects: Subjects,
        include_seen: bool,
        model: &R,
    ) -> Result<Self, EvaluateError> {
        let mut all = Self { sets: Vec::new(), people: Vec::new(), in_share: 0, seen: 0 };
        for (at, source) in sentences_at(data)?.into_iter().enumerate() {
            let set = match text {
                FreeText::Sentences => source.load()?,
                FreeText::AsRecorded => source.load_as_recorded()?,
            };
            for person in set.people.into_iter().filter(|p| subjects.holds(&source.name, &p.subject)) {
                all.in_share += 1;
                if !include_seen && model.has_seen(&source.name, &person.subject) {
                    all.seen += 1;
                } else {
                    all.people.push((at, person));
                }
            }
            all.sets.push(source.name);
        }
        let numbered = |p: &Person| p.sessions.iter().any(|s| matches!(s.number(), Some(1..=15)));
        if text == FreeText::Sentences && !all.people.is_empty() && !all.people.iter().any(|(_, p)| numbered(p)) {
            let found = "no session has a number from 1 to 15".to_owned();
            return Err(EvaluateError::NoSentences { path: data.to_owned(), found });
        }
        Ok(all)
    }
}

fn sentences_at(data: &Path) -> Result<Vec<Source>, EvaluateError> {
    let found = discover(data)?;
    let only_one = found.len() == 1;
    let names: Vec<String> = found.iter().map(|s| s.name.clone()).collect();
    let wanted: Vec<Source> = found.into_iter().filter(|s| s.text == Text::Sentences && (s.keys || only_one)).collect();
    if !wanted.is_empty() {
        return Ok(wanted);
    }
    let found = match names.as_slice() {
        [one] => format!("the set {one} is one text typed again and again"),
        many => format!("none of the sets {} has sentences with known keys", many.join(", ")),
    };
    Err(EvaluateError::NoSentences { path: data.to_owned(), found })
}
