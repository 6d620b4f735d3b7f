use super::time;
use crate::{CaseRecord, Channel, Grant, How, Use};
use stillyou_trust::policy::ProfilePolicy;

/// Something that is known, and its name.
pub type Fact = (&'static str, String);

/// All that a reviewer has to know of a case, in words: what failed, why, what was tried, what was granted and how it went.
pub fn facts(record: &CaseRecord, limits: &ProfilePolicy) -> Vec<Fact> {
    let mut all = of_case(record);
    for (name, items) in lists(record) {
        all.extend(items.into_iter().map(|item| (name, item)));
    }
    all.extend(record.used.iter().flat_map(|used| of_grant(record, used, limits)));
    all.push(("Evidence", format!("SHA-256 {}", record.evidence())));
    all
}

pub(super) fn of_case(record: &CaseRecord) -> Vec<Fact> {
    let case = &record.case;
    let modality = case.modality.map_or("none in particular", |modality| modality.name());
    let mut facts = vec![
        ("Person", case.identity.person().into()),
        ("Device", case.identity.device().into()),
        ("Opened", time(case.opened.wall_s)),
        ("What failed", modality.into()),
        ("Likeliest cause", case.cause.name().into()),
        ("Profile", case.profile.name().into()),
        ("State", record.state.name().into()),
    ];
    if record.wrong_codes > 0 {
        facts.push(("Wrong spoken codes", record.wrong_codes.to_string()));
    }
    facts
}

pub(super) fn lists(record: &CaseRecord) -> [(&'static str, Vec<String>); 4] {
    let case = &record.case;
    let tried = case.tried.iter().map(|tried| format!("{}: {}", tried.factor.name(), tried.outcome));
    let against = case.measured.attribution.iter().map(|part| format!("{}: {:.2} nats", part.feature, part.nats));
    [
        ("Why this cause", case.because.clone()),
        ("What was tried", tried.collect()),
        ("What was measured", case.measured.in_words()),
        ("What spoke against the person", against.collect()),
    ]
}

/// The reason comes last: whoever stands for it comes before the words that they could write.
pub(super) fn of_grant(record: &CaseRecord, used: &Use, limits: &ProfilePolicy) -> Vec<Fact> {
    let how = match &used.how {
        How::Signature { .. } => "signed".to_owned(),
        How::Voice {} => "by telephone".to_owned(),
        How::Emergency { factor, also } => {
            let factors: Vec<&str> = std::iter::once(factor).chain(also).map(|factor| factor.name()).collect();
            format!("the glass was broken, after {}", factors.join(" and "))
        }
    };
    let end = record.ended.map_or_else(
        || format!("{} at the latest", time(used.end_s)),
        |(why, at)| format!("{}: {}", time(at), why.in_words()),
    );
    let controls = used.controls;
    let review = match &record.review {
        Some((by, review)) => {
            format!("{}: {} ({by}: {})", time(review.issued_s), review.verdict.in_words(), review.note)
        }
        None => format!("due {}", record.review_due_s(limits).map_or_else(String::new, time)),
    };
    vec![
        ("Allows", used.scope.in_words()),
        ("How", how),
        ("Approved by", if used.approvers.is_empty() { "nobody".into() } else { used.approvers.join(", ") }),
        ("Known by", used.channel().map_or("no second channel", Channel::in_words).into()),
        ("Network", used.network.clone().unwrap_or_else(|| "any".into())),
        ("From", time(used.from.wall_s)),
        ("Until", end),
        ("Step-up", format!("every {} min", controls.reverify_minutes)),
        ("Hazard", format!("{} times", controls.hazard_factor)),
        ("Camera audits", format!("{} an hour", controls.audits_per_hour)),
        ("Review was late", record.escalated_s.map_or_else(|| "no".into(), |at| format!("told at {}", time(at)))),
        ("Why", used.reason.clone()),
        ("Review", review),
    ]
}

impl Use {
    /// On which second channel the person was known, as the grant says.
    pub fn channel(&self) -> Option<Channel> {
        match &self.how {
            How::Signature { text } => Grant::parse(text).ok()?.claims.channel,
            How::Voice {} | How::Emergency { .. } => None,
        }
    }
}
