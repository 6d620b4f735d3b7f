//! The built-in packs, through the public interface.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::path::{Path, PathBuf};
use stillyou_models::keystroke::{
    Enrolment, EnrolmentProblem, EnrolmentRules, Model, ModelError, PackError, PackSource, Template, TemplateError,
    WINDOW,
};
use stillyou_recordings::typist::Typist;
use stillyou_sense::{Micros, keyboard::Keystroke};

const RULES: EnrolmentRules = EnrolmentRules { min_keystrokes: 450, max_self_rejects: 0.5 };

fn research() -> Model {
    Model::load(&PackSource::Research).unwrap()
}

fn windows(seed: u64, count: usize) -> Vec<Vec<Keystroke>> {
    let typist = Typist::new(seed);
    let keystrokes: Vec<Keystroke> = typist.typing(1).take(count * WINDOW).collect();
    keystrokes.chunks(WINDOW).map(<[Keystroke]>::to_vec).collect()
}

fn template(model: &Model, windows: &[Vec<Keystroke>]) -> Template {
    let windows: Vec<&[Keystroke]> = windows.iter().map(Vec::as_slice).collect();
    let embeddings = model.embed(&windows).unwrap();
    Template::from_embeddings(model.version(), &embeddings, (windows.len() * WINDOW) as u32).unwrap()
}

fn enrol(model: &Model, windows: &[Vec<Keystroke>]) -> Result<f64, EnrolmentProblem> {
    let mut enrolment = Enrolment::new(model);
    for window in windows {
        enrolment.push(model, window).unwrap();
    }
    enrolment.finish(model, &RULES).map(|e| e.self_rejects)
}

fn packs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("packs")
}

/// A copy of the research pack whose `file` went through `change`, loaded.
fn changed(file: &str, change: impl FnOnce(Vec<u8>) -> Vec<u8>) -> Result<Model, PackError> {
    let folder = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(packs().join("research")).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), folder.path().join(entry.file_name())).unwrap();
    }
    let path = folder.path().join(file);
    std::fs::write(&path, change(std::fs::read(&path).unwrap())).unwrap();
    Model::load(&PackSource::Directory(folder.path().to_owned()))
}

fn refused(file: &str, change: impl FnOnce(Vec<u8>) -> Vec<u8>) -> String {
    match changed(file, change) {
        Ok(_) => panic!("{file} was changed and the pack was loaded"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn both_packs_load_and_say_what_they_are() {
    for (source, name) in [(PackSource::Research, "research"), (PackSource::Open, "open")] {
        let model = Model::load(&source).unwrap();
        assert_eq!(model.version().name(), name);
        assert_eq!(model.card().terms.non_commercial, name == "research");
        let aalto = model.card().training.sets.iter().any(|s| s.starts_with("aalto"));
        assert_eq!(aalto, name == "research");
        let beside = Model::load(&PackSource::Directory(packs().join(name))).unwrap();
        assert_eq!(beside.version(), model.version());
        assert!(!model.card().measured.is_empty());
    }
    // By Python's hashlib: 25 trains, 40 calibrates, 49 validates, 23 tests.
    let research = research();
    assert!(research.has_seen("aalto", "25") && research.has_seen("aalto", "40"));
    assert!(!research.has_seen("aalto", "49") && !research.has_seen("aalto", "23"));
    assert!(!research.has_seen("other", "25"));
}

#[test]
fn a_changed_pack_is_refused() {
    for file in ["weights.bpk", "cohort.bin", "seen.txt"] {
        let message = refused(file, |mut bytes| {
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            bytes
        });
        assert!(message.contains(file) && message.contains("SHA-256"), "{message}");
    }
    let text = |old: &'static str, new: &'static str| {
        move |bytes: Vec<u8>| {
            let text = String::from_utf8(bytes).unwrap();
            assert!(text.contains(old), "{old}");
            text.replacen(old, new, 1).into_bytes()
        }
    };
    let card = |old, new| refused("card.toml", text(old, new));
    assert!(card("features = ", "features = 9").contains("features"));
    assert!(card("card = 2", "card = 3").contains("card is 3"));
    assert!(card("[architecture]", "[architecture]\ndepth = 3").contains("depth"));
    assert!(card("heads = 4", "heads = 5").contains("heads"));
    assert!(card("heads = 4", "").contains("heads"));
    assert!(card("slope = ", "slope = -").contains("slope"));
    assert!(card("width = 64", "width = 48").contains("weights.bpk"));
    assert!(card("weights_sha256 = \"", "weights_sha256 = \"x").contains("weights_sha256"));
    assert!(refused("card.toml", |_| vec![0xff]).contains("UTF-8"));
    // What is left is understood, so the version must change with it.
    let other = changed("card.toml", text("seed = ", "seed = 9")).unwrap();
    assert_ne!(other.version(), research().version());
    let missing = Model::load(&PackSource::Directory(PathBuf::from("/nonexistent"))).err().unwrap();
    assert!(matches!(missing, PackError::Read { .. }));
}

#[test]
fn windows_that_make_no_sense_are_refused() {
    let model = research();
    let good = windows(1, 2).concat();
    for n in [0, 1, 19, 51, 100] {
        assert_eq!(model.embed(&[&good[..n]]).unwrap_err(), ModelError::Length { keystrokes: n });
    }
    let mut swapped = good[..WINDOW].to_vec();
    swapped.swap(3, 9);
    assert_eq!(model.embed(&[&swapped]).unwrap_err(), ModelError::Order);
    let mut backwards = good[..WINDOW].to_vec();
    backwards[5].released_at = Micros(backwards[5].pressed_at.0.wrapping_sub(1));
    assert_eq!(model.embed(&[&backwards]).unwrap_err(), ModelError::Order);
    // Absurd times are clipped, not passed on.
    let mut absurd = good[..WINDOW].to_vec();
    absurd[49].pressed_at = Micros(u64::MAX / 4);
    absurd[49].released_at = Micros(u64::MAX / 2 - 1);
    for stroke in absurd.iter_mut().take(20) {
        *stroke = Keystroke { released_at: Micros(good[0].pressed_at.0), ..good[0].clone() };
    }
    let embedding = model.embed(&[&absurd]).unwrap().remove(0);
    assert!(embedding.values().iter().all(|v| v.is_finite()));
    assert!(model.embed(&[]).unwrap().is_empty());
}

#[test]
fn a_window_alone_and_in_a_batch_is_the_same() {
    let model = research();
    let all = windows(2, 6);
    let mut slices: Vec<&[Keystroke]> = all.iter().map(Vec::as_slice).collect();
    slices[3] = &slices[3][..23];
    let together = model.embed(&slices).unwrap();
    for (window, embedding) in slices.iter().zip(&together) {
        let alone = model.embed(&[window]).unwrap().remove(0);
        let apart = alone.values().iter().zip(embedding.values()).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(apart < 1e-5, "{apart}");
    }
}

#[test]
fn the_owner_scores_above_others_and_shares_sum_to_the_ratio() {
    let model = research();
    let (mut own, mut others) = (0.0, 0.0);
    for seed in 0..6 {
        let mine = windows(100 + seed, 11);
        let template = template(&model, &mine[..10]);
        let genuine = model.attributed_evidence(&template, &mine[10]).unwrap();
        let impostor = model.attributed_evidence(&template, &windows(200 + seed, 1)[0]).unwrap();
        own += genuine.llr_nats;
        others += impostor.llr_nats;
        for evidence in [genuine, impostor] {
            let sum: f64 = evidence.attribution.iter().map(|a| a.nats).sum();
            assert!((sum - evidence.llr_nats).abs() < 1e-9);
            assert_eq!(evidence.attribution.len(), 4);
            assert!(evidence.attribution.iter().any(|a| a.feature == "hold time of letters"));
            assert!(evidence.quality.value() > 0.8);
        }
        let plain = model.evidence(&template, &mine[10]).unwrap();
        let attributed = model.attributed_evidence(&template, &mine[10]).unwrap();
        assert!((plain.llr_nats - attributed.llr_nats).abs() < 1e-4);
        assert!(plain.attribution.is_empty() && plain.quality == attributed.quality);
    }
    assert!(own > others + 6.0, "{own} {others}");
}

#[test]
fn templates_round_trip_and_belong_to_one_model() {
    let model = research();
    let mine = windows(3, 6);
    let made = template(&model, &mine[..5]);
    let bytes = made.to_bytes();
    assert!(bytes.len() < 2560);
    let read = Template::from_bytes(&bytes).unwrap();
    let probe = model.embed(&[&mine[5]]).unwrap().remove(0);
    assert_eq!(model.score(&read, &probe).unwrap(), model.score(&made, &probe).unwrap());
    assert_eq!((read.windows(), read.keystrokes()), (5, 250));
    for cut in 0..bytes.len() {
        assert!(Template::from_bytes(&bytes[..cut]).is_err(), "{cut}");
    }
    assert!(Template::from_bytes(&[bytes.as_slice(), &[0]].concat()).is_err());
    for at in [0, 4] {
        let mut other = bytes.clone();
        other[at] ^= 1;
        assert!(matches!(Template::from_bytes(&other), Err(TemplateError::Format(_))));
    }
    let mut nan = bytes.clone();
    let last = nan.len() - 4;
    nan[last..].copy_from_slice(&f32::NAN.to_le_bytes());
    assert!(Template::from_bytes(&nan).is_err());

    let open = Model::load(&PackSource::Open).unwrap();
    assert!(matches!(open.fits(&read), Err(TemplateError::OtherModel { .. })));
    assert!(matches!(open.evidence(&read, &mine[5]), Err(ModelError::Template(TemplateError::OtherModel { .. }))));
    assert_eq!(Template::from_embeddings(model.version(), &[], 0).unwrap_err(), TemplateError::Empty);
}

#[test]
fn enrolment_takes_a_person_and_refuses_what_is_none() {
    let model = research();
    let mut alone = 0;
    for seed in 0..5 {
        alone += usize::from(enrol(&model, &windows(300 + seed, 12)).is_ok());
    }
    assert!(alone >= 4, "{alone} of 5 people alone were enrolled");

    let few = windows(300, 8);
    assert!(matches!(enrol(&model, &few), Err(EnrolmentProblem::TooFew { keystrokes: 400, windows: 8, least: 450 })));

    let mut robot = windows(301, 12);
    for window in &mut robot {
        for (i, stroke) in window.iter_mut().enumerate() {
            stroke.pressed_at = Micros(1_000_000 + 150_000 * i as u64 + (i as u64 * 7919) % 3_000);
            stroke.released_at = Micros(stroke.pressed_at.0 + 90_000 + (i as u64 * 104_729) % 3_000);
        }
    }
    assert!(matches!(enrol(&model, &robot), Err(EnrolmentProblem::TooUniform { what: "hold times", .. })));

    let mut mixed = 0;
    for seed in 0..6 {
        let both = [windows(400 + seed, 6), windows(500 + seed, 6)].concat();
        mixed += usize::from(matches!(enrol(&model, &both), Err(EnrolmentProblem::TwoPeople { .. })));
    }
    assert!(mixed >= 4, "{mixed} of 6 mixtures were found");
}

#[test]
fn an_enrolment_belongs_to_one_model() {
    let (model, open) = (research(), Model::load(&PackSource::Open).unwrap());
    let enrolment = Enrolment::new(&model);
    assert!(matches!(enrolment.finish(&open, &RULES), Err(EnrolmentProblem::OtherModel { .. })));
}
