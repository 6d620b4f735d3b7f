use super::Failed;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// One group's failures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// How many failures.
    pub failures: usize,
    /// Of how many people.
    pub people: usize,
}

/// The failures in groups, most first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Groups {
    /// Those with enough people.
    pub shown: Vec<Group>,
    /// How many are not shown: those with too few people, and where these are too few together, the next smallest as well, as
    /// they could else be found by subtraction.
    pub withheld: usize,
}

#[derive(Default)]
struct Counted<'a> {
    failures: usize,
    people: BTreeSet<&'a str>,
}

pub(super) fn all(failed: &[Failed], least: usize) -> Option<Group> {
    let people = people(failed);
    (people >= least).then(|| Group { name: "all".into(), failures: failed.len(), people })
}

pub(super) fn by(failed: &[Failed], least: usize, name: impl Fn(&Failed) -> String) -> Groups {
    let mut counted: BTreeMap<String, Counted<'_>> = BTreeMap::new();
    for one in failed {
        let group = counted.entry(name(one)).or_default();
        group.failures += 1;
        group.people.insert(&one.person);
    }
    let mut groups: Vec<(String, Counted<'_>)> = counted.into_iter().collect();
    // Fewest people first.
    groups.sort_by_key(|(_, group)| group.people.len());
    let mut hidden = BTreeSet::new();
    let mut withheld = 0;
    for (_, group) in &groups {
        let alone = group.people.len() < least;
        let would_give_away = withheld > 0 && hidden.len() < least;
        if !alone && !would_give_away {
            break;
        }
        hidden.extend(group.people.iter().copied());
        withheld += 1;
    }
    let mut shown: Vec<Group> = groups
        .drain(withheld..)
        .map(|(name, group)| Group { name, failures: group.failures, people: group.people.len() })
        .collect();
    shown.sort_by(|a, b| b.failures.cmp(&a.failures).then_with(|| a.name.cmp(&b.name)));
    Groups { shown, withheld }
}

pub(super) fn people<'a>(failed: impl IntoIterator<Item = &'a Failed>) -> usize {
    failed.into_iter().map(|one| one.person.as_str()).collect::<BTreeSet<_>>().len()
}
