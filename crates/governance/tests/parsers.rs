//! No text that somebody pastes, scans or says makes a parser panic, or is taken for something that it is not.
#![allow(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;
use stillyou_governance::ocra::Suite;
use stillyou_governance::{
    CaseId, Casebook, Event, Failure, Gathered, Grant, Identity, Moment, PolicyId, Request, ShortCode, VerifyingKey,
    in_parts,
};
use stillyou_trust::{Policy, TrustTime};

fn now() -> Moment {
    Moment { wall_s: 1_800_000_000, up: TrustTime::default(), boot: 1 }
}

fn casebook() -> Casebook {
    let policy = Policy::default().governance;
    let mut book = Casebook::new(policy.clone(), PolicyId::of(&policy), Identity::new("pat", "desk-7").unwrap());
    let event = book.open(CaseId::new([1; 16]), Failure::default(), now());
    book.apply(&event).unwrap();
    book
}

proptest! {
    #[test]
    fn any_text_is_refused(text in "\\PC{0,300}") {
        prop_assert!(Grant::parse(&text).is_err());
        prop_assert!(text.parse::<Request>().is_err());
        prop_assert!(casebook().accept(&text, now(), None).outcome.is_err());
        prop_assert!(casebook().review(&text, now()).outcome.is_err());
        prop_assert!(casebook().revoke(&text, now()).outcome.is_err());
        let _ = (text.parse::<ShortCode>(), text.parse::<Suite>(), text.parse::<VerifyingKey>());
    }

    #[test]
    fn any_three_parts_of_base64_are_refused(text in "([A-Za-z0-9_-]{0,80}\\.){2}[A-Za-z0-9_-]{0,90}") {
        prop_assert!(Grant::parse(&text).is_err());
        prop_assert!(casebook().accept(&text, now(), None).outcome.is_err());
    }

    #[test]
    fn parts_make_their_text_in_any_order(text in "\\PC{1,900}", first in 0usize..20) {
        let (parts, mut gathered) = (in_parts(&text), Gathered::default());
        let mut whole = None;
        for turn in 0..parts.len() {
            whole = gathered.take(&parts[(first + turn) % parts.len()]).unwrap();
        }
        prop_assert_eq!(whole, Some(text));
    }

    #[test]
    fn what_says_that_it_is_a_part_is_one_or_refused(said in "\\PC{0,20}:[0-9]{0,3}:[0-9]{0,3}:\\PC{0,20}") {
        let mut gathered = Gathered::default();
        let taken = gathered.take(&format!("stillyou-part:1:{said}"));
        let (seen, of) = gathered.count();
        prop_assert!(taken.is_err() && of == 0 || taken == Ok(None) && seen == 1 && of <= 64);
    }

    #[test]
    fn a_code_that_is_understood_is_said_the_same_way(text in "[0-9A-Za-z]{5}-[0-9A-Za-z]{5}") {
        if let Ok(code) = text.parse::<ShortCode>() {
            prop_assert_eq!(code.to_string().parse::<ShortCode>(), Ok(code));
        }
    }

    #[test]
    fn an_event_is_read_whole_or_not_at_all(place in 0usize..400, letter in any::<char>()) {
        let event = casebook().open(CaseId::new([2; 16]), Failure::default(), now());
        let mut text: Vec<char> = serde_json::to_string(&event).unwrap().chars().collect();
        let place = place % text.len();
        text[place] = letter;
        if let Ok(read) = serde_json::from_str::<Event>(&text.iter().collect::<String>()) {
            // Another value in a field; what is written again is what was read.
            let again = serde_json::to_string(&read).unwrap();
            prop_assert_eq!(serde_json::from_str::<Event>(&again).unwrap(), read);
        }
    }
}
