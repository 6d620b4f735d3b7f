use super::*;
use std::fs;
use std::path::Path;
use stillyou_models::face::PackSource;
use stillyou_recordings::portrait::{Portrait, Pose};

// Expected values computed with Python's hashlib.
#[test]
fn people_are_divided_by_their_hash() {
    let expected = EXPECTED;
    for (set, person, choices) in expected {
        assert_eq!(Part::Choices.holds(set, person), choices);
        assert_eq!(Part::Test.holds(set, person), !choices);
        assert!(Part::All.holds(set, person));
    }
    for part in [Part::All, Part::Choices, Part::Test] {
        assert_eq!(part.to_string().parse(), Ok(part));
    }
    assert!("train".parse::<Part>().is_err());
}

#[test]
fn everybody_is_counted_as_what_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("drawn");
    for who in 0..3 {
        (0..7).for_each(|at| draw(&data.join(format!("p{who}")), who, at));
    }
    // Too few to enrol and probe; a single one; nothing but damaged or faceless pictures among the first five.
    (0..4).for_each(|at| draw(&data.join("few"), 3, at));
    draw(&data.join("_single"), 4, 0);
    (0..7).for_each(|at| draw(&data.join("damaged"), 5, at));
    (0..3).for_each(|at| fs::write(data.join(format!("damaged/{at}.jpg")), b"no picture").unwrap());
    // The last probe of p0 shows nobody.
    image::RgbImage::new(64, 64).save(data.join("p0/6.jpg")).unwrap();
    fs::write(data.join("p1/notes.txt"), "not a picture").unwrap();

    let model = Model::load(&PackSource::Dlib).unwrap();
    let options =
        Options { data: data.clone(), part: Part::All, enrol: 5, probes: 1, normalise: Normalisation::None, seed: 1 };
    let mut steps = 0;
    let report = evaluate(&options, &model, &mut |_, _| steps += 1).unwrap();
    let counts = report.counts;
    assert_eq!((counts.identities, counts.impostors_only, counts.too_few_to_enrol), (3, 2, 1));
    assert_eq!((counts.pictures, counts.unreadable, counts.faceless), (3 * 7 + 4 + 1 + 7, 3, 1));
    assert_eq!(steps, counts.pictures);
    // Each of three templates: own two probes; those of the two others, four of "few", one single.
    assert_eq!((report.measures.genuine, report.measures.impostor), (3 * 2, 3 * (4 + 4 + 1)));
    let missed: Vec<&Trial> = report.trials.iter().filter(|t| t.score == -1.0).collect();
    assert!(missed.len() == 3 && missed.iter().all(|t| t.llr_nats == 0.0));

    let json = report.to_json();
    for key in ["eer", "fnmr_at_fmr_1e-3", "fnmr_at_fmr_1e-4", "cllr", "identities", "genuine", "impostor"] {
        assert!(json[key].is_number(), "{key}");
    }
    assert!(json["fnmr_at_fmr_1e-4"].as_f64().unwrap() >= 1.0 / 6.0);
    let mut csv = Vec::new();
    report.write_scores(&mut csv).unwrap();
    let csv = String::from_utf8(csv).unwrap();
    assert!(csv.starts_with("enrolled,probe,session,genuine,score,llr\np0,") && csv.lines().count() == 1 + 33);

    let joined = evaluate(&Options { probes: 2, ..options.clone() }, &model, &mut |_, _| {}).unwrap();
    assert_eq!((joined.measures.genuine, joined.measures.impostor), (3, 3 * (2 + 2 + 1)));
    assert_eq!(joined.measures.eer.value, 0.0);

    // The cohort are p0, p1, p2, "few", the single one and "damaged", or those of them in the half that choices are made with.
    let normalised = evaluate(&Options { normalise: Normalisation::Both, ..options.clone() }, &model, &mut |_, _| {});
    let normalised = normalised.unwrap();
    assert!((2..=6).contains(&normalised.counts.cohort), "{}", normalised.counts.cohort);
    assert_eq!(normalised.trials.len(), report.trials.len());
    assert!(!normalised.calibrated && normalised.to_json()["cllr"].is_null());
    assert!(!normalised.to_string().contains("bits") && report.to_string().contains("bits"));
    let genuine = normalised.trials.iter().filter(|t| t.genuine && t.score > -1000.0).map(|t| t.score);
    assert!(genuine.fold(f64::INFINITY, f64::min) > 0.0, "oneself is more alike than others are");

    let refused = |options: Options| evaluate(&options, &model, &mut |_, _| {}).unwrap_err().to_string();
    assert!(refused(Options { enrol: 2, ..options.clone() }).contains("--enrol is 2"));
    assert!(refused(Options { probes: 0, ..options.clone() }).contains("--probes is 0"));
    assert!(refused(Options { data: data.join("p0"), ..options.clone() }).contains("no folder there"));
    assert!(refused(Options { data: data.join("nowhere"), ..options }).contains("nowhere"));
}

fn draw(folder: &Path, who: u64, at: u32) {
    fs::create_dir_all(folder).unwrap();
    let shift = at as f32 / 100.0;
    let pose = Pose { middle: (0.46 + shift, 0.52 - shift), radius: 0.3 + shift, light: 1.0 };
    let rgb = Portrait::new(who).draw(200, 160, pose);
    image::RgbImage::from_raw(200, 160, rgb).unwrap().save(folder.join(format!("{at}.jpg"))).unwrap();
}

const EXPECTED: [(&str, &str, bool); 4] =
    [("faces_lfw", "Aaron_Peirsol", false), ("faces_orl", "s02", true), ("x", "y", true), ("a", "b", false)];
