use super::logistic::Example;
use super::*;
use stillyou_recordings::typist::Typist;

const PHRASE: &str = "open the door";

fn repetitions(seed: u64, many: usize, from: u64) -> Vec<Rhythm> {
    let typist = Typist::new(seed);
    let typed = (from..).map(|session| typist.type_text(PHRASE, session)).filter(|k| k.len() == PHRASE.len());
    typed.take(many).map(|k| Rhythm::of(&k).unwrap()).collect()
}

#[test]
fn owners_are_told_from_others() {
    let people: Vec<Vec<Rhythm>> = (0..12).map(|seed| repetitions(seed, 40, 0)).collect();
    let habits: Vec<Habit> = people[6..].iter().map(|r| Habit::of(&r[..5]).unwrap()).collect();
    let learnt = Detector::new(Population::learn(&habits).unwrap(), Weighing::TYPICAL);
    for detector in [Detector::typical(PHRASE.len()).unwrap(), learnt] {
        let (mut right, mut all) = (0, 0);
        for owner in 0..6 {
            let template = Template::enrol(&people[owner][..20]).unwrap();
            for (who, typed) in people[..6].iter().enumerate() {
                for repetition in &typed[20..] {
                    let llr = detector.llr_nats(&template, repetition).unwrap();
                    assert!(llr.is_finite());
                    right += usize::from((llr > 0.0) == (who == owner));
                    all += 1;
                }
            }
        }
        assert!(right * 100 > all * 85, "{right} of {all}");
    }
}

#[test]
fn more_repetitions_and_newer_ones_are_taken() {
    let typed = repetitions(3, KEPT + 20, 0);
    assert_eq!(Template::enrol(&typed[..4]).unwrap_err(), FixedError::TooFew { repetitions: 4 });
    assert_eq!(Template::enrol(&[]).unwrap_err(), FixedError::TooFew { repetitions: 0 });
    let all = Template::enrol(&typed).unwrap();
    assert_eq!(all.repetitions(), KEPT);
    assert_eq!(all, Template::enrol(&typed[20..]).unwrap());
    assert_eq!(all, Template::enrol(&typed[19..KEPT + 19]).unwrap().with(&typed[KEPT + 19]).unwrap());
}

#[test]
fn templates_round_trip_and_damage_is_refused() {
    let template = Template::enrol(&repetitions(1, 7, 0)).unwrap();
    let bytes = template.to_bytes();
    assert_eq!(bytes.len(), 12 + 4 * 7 * (3 * PHRASE.len() - 2));
    assert_eq!(Template::from_bytes(&bytes).unwrap(), template);
    for cut in 0..bytes.len() {
        assert!(Template::from_bytes(&bytes[..cut]).is_err(), "{cut}");
    }
    let with = |at: usize, byte: u8| {
        let mut damaged = bytes.clone();
        damaged[at] = byte;
        Template::from_bytes(&damaged).unwrap_err().to_string()
    };
    assert!(with(0, b'X').contains("SYPT"));
    assert!(with(4, 2).contains("format is not 1"));
    assert!(with(6, 3).contains("out of range"));
    assert!(with(8, 6).contains("length"));
    let mut not_a_number = bytes.clone();
    not_a_number[12..16].copy_from_slice(&f32::NAN.to_le_bytes());
    assert!(Template::from_bytes(&not_a_number).unwrap_err().to_string().contains("a value is not a number"));
    assert_eq!(format!("{template:?}"), "Template(13 keys, 7 repetitions, times hidden)");
}

#[test]
fn what_is_not_this_text_is_refused() {
    let typed = repetitions(1, 6, 0);
    let template = Template::enrol(&typed).unwrap();
    let other = Typist::new(1).type_text("open", 1);
    let other = Rhythm::of(&other[..4]).unwrap();
    let error = Detector::typical(PHRASE.len()).unwrap().llr_nats(&template, &other).unwrap_err();
    assert_eq!(error, FixedError::OtherText { keys: 4, expected: 13 });
    assert!(error.to_string().contains("again without corrections"));
    assert!(Detector::typical(9).unwrap().llr_nats(&template, &typed[0]).is_err());
    assert_eq!(template.with(&other).unwrap_err(), FixedError::OtherText { keys: 4, expected: 13 });
    assert_eq!(Detector::typical(3).unwrap_err(), FixedError::Length { keys: 3 });
    assert_eq!(Population::learn(&[]).unwrap_err(), FixedError::Nobody);
    let mut keys = Typist::new(1).type_text(PHRASE, 1);
    assert_eq!(Rhythm::of(&keys[..3]).unwrap_err(), FixedError::Length { keys: 3 });
    keys.swap(0, 5);
    assert_eq!(Rhythm::of(&keys).unwrap_err(), FixedError::Order);
}

#[test]
fn a_rhythm_is_what_it_says() {
    let typed = Typist::new(5).type_text("abcd", 1);
    let typed = &typed[..4];
    let rhythm = Rhythm::of(typed).unwrap();
    let ms = |of: stillyou_sense::Micros, since: stillyou_sense::Micros| of.signed_since(since) as f64 / 1e6;
    let near = |a: f32, b: f64| assert!((f64::from(a) - b).abs() < 1e-6, "{a} {b}");
    assert_eq!((rhythm.keys(), rhythm.values().len()), (4, 10));
    near(rhythm.values()[2], ms(typed[2].released_at, typed[2].pressed_at).ln());
    near(rhythm.values()[4], (ms(typed[1].pressed_at, typed[0].pressed_at) / 0.1).asinh());
    near(rhythm.values()[9], (ms(typed[3].pressed_at, typed[2].released_at) / 0.1).asinh());
}

// Expected: scikit-learn's LogisticRegression(C=10), weights .5/3.
#[test]
fn logistic_regression_agrees_with_scikit_learn() {
    let of = [
        ([0.0, 1.0], false),
        ([1.0, 0.0], false),
        ([2.0, 1.0], true),
        ([3.0, 3.0], true),
        ([1.0, 2.0], false),
        ([4.0, 1.0], true),
    ];
    let examples: Vec<Example<2>> =
        of.iter().map(|(terms, genuine)| Example { terms: *terms, genuine: *genuine, weight: 2.0 }).collect();
    let (intercept, slopes) = logistic::fit(&examples, 0.1).unwrap();
    for (found, expected) in [(intercept, -2.730_320_07), (slopes[0], 1.403_906_03), (slopes[1], 0.217_579_76)] {
        assert!((found - expected).abs() < 1e-5, "{found} {expected}");
    }
    assert_eq!(logistic::fit(&examples[..2], 0.1), None);
}
