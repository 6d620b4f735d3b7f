//! The built-in pointer pack, through the public interface.
#![allow(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;
use std::{path::Path, sync::OnceLock, time::Duration};
use stillyou_models::{
    keystroke::{PackError, TemplateError},
    pointer::{
        Enrolment, EnrolmentProblem, EnrolmentRules, MIN_WINDOW, Model, ModelError, PAUSE_US, PackSource, Stroke,
        Strokes, Template, WINDOW, quality,
    },
};
use stillyou_recordings::pointer::Mouser;
use stillyou_sense::{
    Micros,
    keyboard::Transition,
    pointer::{Button, PointerEvent, PointerKind},
};
use stillyou_trust::Modality;

const RULES: EnrolmentRules = EnrolmentRules { min_strokes: 160, max_self_rejects: 0.5 };

fn model() -> &'static Model {
    static MODEL: OnceLock<Model> = OnceLock::new();
    MODEL.get_or_init(|| Model::load(&PackSource::BuiltIn).unwrap())
}

fn cut(events: &[PointerEvent]) -> Vec<Stroke> {
    let mut strokes = Strokes::new();
    let mut all: Vec<Stroke> = events.iter().flat_map(|e| strokes.push(e)).collect();
    let end = events.iter().map(|e| e.at.0).max().unwrap_or(0);
    all.extend(strokes.pause(Micros(end.saturating_add(10 * PAUSE_US.unsigned_abs()))));
    all
}

fn pointed(seed: u64, session: u64, minutes: u64) -> Vec<Stroke> {
    cut(&Mouser::new(seed).pointing(session, Duration::from_secs(60 * minutes)))
}

fn enrol(strokes: &[Stroke]) -> Result<Template, EnrolmentProblem> {
    let mut enrolment = Enrolment::new(model());
    for window in strokes.chunks_exact(WINDOW) {
        enrolment.push(model(), window).unwrap();
    }
    enrolment.finish(model(), &RULES).map(|e| e.template)
}

#[test]
fn evidence_speaks_for_the_owner_more_than_for_another() {
    let (mut own, mut other) = (0.0, 0.0);
    for seed in 0..6 {
        let template = enrol(&pointed(seed, 1, 6)).unwrap();
        let mean = |strokes: Vec<Stroke>| {
            let llrs: Vec<f64> =
                strokes.chunks_exact(WINDOW).map(|w| model().evidence(&template, w).unwrap().llr_nats).collect();
            llrs.iter().sum::<f64>() / llrs.len() as f64
        };
        own += mean(pointed(seed, 2, 3));
        other += mean(pointed(seed + 100, 2, 3));
    }
    // Made-up hands are more alike than real ones: against another of them evidence is small, not always negative.
    assert!(own > 24.0 && other < own - 30.0, "{own} {other}");
}

#[test]
fn attribution_sums_to_the_evidence_and_names_what_is_there() {
    let template = enrol(&pointed(1, 1, 6)).unwrap();
    let probe = pointed(2, 1, 2);
    for window in [&probe[..WINDOW], &probe[..MIN_WINDOW]] {
        let plain = model().evidence(&template, window).unwrap();
        let told = model().attributed_evidence(&template, window).unwrap();
        assert_eq!((plain.modality, plain.quality), (Modality::Pointer, quality(window).unwrap()));
        assert!((plain.llr_nats - told.llr_nats).abs() < 1e-3);
        let sum: f64 = told.attribution.iter().map(|a| a.nats).sum();
        assert!((sum - told.llr_nats).abs() < 1e-6);
        assert!(told.attribution.iter().any(|a| a.feature == "speed of the pointer"), "{told:?}");
    }
}

#[test]
fn windows_have_their_lengths() {
    let strokes = pointed(1, 1, 2);
    for length in [0, MIN_WINDOW - 1, WINDOW + 1] {
        let template = enrol(&pointed(1, 1, 6)).unwrap();
        let refused = model().evidence(&template, &strokes[..length]).unwrap_err();
        assert!(matches!(refused, ModelError::Length { strokes } if strokes == length), "{refused}");
    }
}

#[test]
fn an_enrolment_says_what_is_missing() {
    let strokes = pointed(1, 1, 2);
    let few = enrol(&strokes[..2 * WINDOW]).unwrap_err();
    assert!(matches!(few, EnrolmentProblem::TooFew { strokes: 80, windows: 2, least: 160 }), "{few}");
    let mixed: Vec<Stroke> = (0..8).flat_map(|seed| pointed(40 + seed, 1, 2)[..WINDOW].to_vec()).collect();
    let strict = EnrolmentRules { max_self_rejects: 0.0, ..RULES };
    let mut enrolment = Enrolment::new(model());
    for window in mixed.chunks_exact(WINDOW) {
        enrolment.push(model(), window).unwrap();
    }
    let refused = enrolment.finish(model(), &strict).unwrap_err();
    assert!(matches!(refused, EnrolmentProblem::SelfRejects { .. }), "{refused}");
}

#[test]
fn a_template_round_trips_and_belongs_to_its_model() {
    let template = enrol(&pointed(1, 1, 6)).unwrap();
    let bytes = template.to_bytes();
    assert!(bytes.len() < 600, "{}", bytes.len());
    assert!(Template::from_bytes(&bytes).unwrap() == template);
    assert!(bytes.len() > 48 && (0..bytes.len()).all(|cut| Template::from_bytes(&bytes[..cut]).is_err()));
    let mut other = bytes.clone();
    other[6] ^= 1;
    let other = Template::from_bytes(&other).unwrap();
    assert!(matches!(model().fits(&other), Err(TemplateError::OtherModel { .. })));
    assert!(!format!("{template:?}").contains("0."));
}

#[test]
fn a_changed_pack_is_refused() {
    let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("packs/pointer");
    assert_eq!(Model::load(&PackSource::Directory(pack.clone())).unwrap().version(), model().version());
    for file in ["weights.bpk", "cohort.bin", "seen.txt", "card.toml"] {
        let folder = tempfile::tempdir().unwrap();
        for entry in std::fs::read_dir(&pack).unwrap() {
            let entry = entry.unwrap();
            std::fs::copy(entry.path(), folder.path().join(entry.file_name())).unwrap();
        }
        let path = folder.path().join(file);
        let mut bytes = std::fs::read(&path).unwrap();
        bytes[0] ^= 1;
        std::fs::write(&path, bytes).unwrap();
        let error = Model::load(&PackSource::Directory(folder.path().to_owned())).err().unwrap();
        assert!(error.to_string().contains(file), "{error}");
    }
    let keystrokes = Path::new(env!("CARGO_MANIFEST_DIR")).join("packs/open");
    let error = Model::load(&PackSource::Directory(keystrokes)).err().unwrap();
    assert!(matches!(error, PackError::Card { .. }), "{error}");
}

fn any_event() -> impl Strategy<Value = PointerEvent> {
    let place = prop_oneof![Just(65_535), -5_000..5_000i32, any::<i32>()];
    let button = prop_oneof![Just(Button::Left), Just(Button::Right), Just(Button::Other)];
    let transition = prop_oneof![Just(Transition::Press), Just(Transition::Release)];
    let kind = prop_oneof![
        6 => (place.clone(), place).prop_map(|(x, y)| PointerKind::Move { x, y }),
        2 => (button, transition).prop_map(|(button, transition)| PointerKind::Button { button, transition }),
        1 => (any::<i32>(), any::<i32>()).prop_map(|(dx, dy)| PointerKind::Wheel { dx, dy }),
    ];
    let at = prop_oneof![4 => 0..20_000_000u64, 1 => any::<u64>()];
    (at, kind, any::<bool>()).prop_map(|(at, kind, injected)| PointerEvent { at: Micros(at), kind, injected })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn no_events_make_it_panic(mut events in prop::collection::vec(any_event(), 0..400), sorted: bool) {
        if sorted {
            events.sort_by_key(|e| e.at.0);
        }
        let strokes = cut(&events);
        let template = OWNER.get_or_init(|| enrol(&pointed(1, 1, 6)).unwrap());
        if strokes.len() >= MIN_WINDOW {
            let window = &strokes[..strokes.len().min(WINDOW)];
            let evidence = model().attributed_evidence(template, window).unwrap();
            prop_assert!(evidence.llr_nats.is_finite());
        }
    }
}

static OWNER: OnceLock<Template> = OnceLock::new();
