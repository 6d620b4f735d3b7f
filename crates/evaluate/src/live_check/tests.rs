use super::*;
use std::fs;
use stillyou_models::face::PackSource;
use stillyou_models::face::challenge::Failure;
use stillyou_recordings::portrait::{Portrait, Pose};

fn options(data: PathBuf) -> Options {
    Options { data, checks: 400, frames_per_second: 10, act_seconds: 7, seed: 1 }
}

fn face(yaw_deg: f32, pitch_deg: f32, eyes_open: f32) -> Shown {
    let bearing = Bearing { yaw_deg, pitch_deg, eyes_open };
    Shown::Face { bearing, owner: bearing.is_ahead(AHEAD_DEG).then_some(true) }
}

#[test]
fn a_picture_never_passes_and_a_head_that_does_everything_sometimes_does() {
    let share = |shown: &[Shown]| {
        let ends = ends(shown, 0, &options(PathBuf::new()));
        ends.iter().filter(|end| **end == Check::Passed).count()
    };
    assert_eq!(share(&[face(0.0, 0.0, 0.3)]), 0);
    // Blinks and looks up all the time, but never turns, which every check asks for.
    let nods =
        [[face(0.0, 0.0, 0.3); 10], [face(0.0, 0.0, 0.1); 10], [face(0.0, 0.0, 0.3); 10], [face(0.0, 12.0, 0.3); 10]];
    assert_eq!(share(nods.as_flattened()), 0);
    // Does all four in turn: a wrong turn ends most checks, not all.
    let all =
        [[face(0.0, 0.0, 0.3); 8], [face(20.0, 0.0, 0.3); 8], [face(0.0, 0.0, 0.3); 8], [face(-20.0, 0.0, 0.3); 8]];
    let passed = share(&[all.as_flattened(), nods.as_flattened()].concat());
    assert!((1..200).contains(&passed), "{passed} of 400");
}

#[test]
fn several_faces_and_none_never_pass() {
    let all = |shown| ends(&[shown], 0, &options(PathBuf::new()));
    let failed = |why| move |end: &Check| *end == Check::Failed { why };
    assert!(all(Shown::Several).iter().all(failed(Failure::Several)));
    assert!(all(Shown::Nobody).iter().all(failed(Failure::TimeOver)));
}

#[test]
fn clips_are_read_and_reported() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_owned();
    for at in 0..12u8 {
        let path = data.join(format!("real/one/{at:02}.jpg"));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let pose = Pose { middle: (0.5, 0.52), radius: 0.3, light: 1.0 };
        image::RgbImage::from_raw(200, 160, Portrait::new(1).draw(200, 160, pose)).unwrap().save(path).unwrap();
    }
    let model = Model::load(&PackSource::Dlib).unwrap();
    let report = evaluate(&options(data.clone()), &model, &mut |_, _| {}).unwrap();
    let [clip] = report.clips.as_slice() else { panic!("{report}") };
    assert_eq!((clip.kind.as_str(), clip.name.as_str(), clip.frames, clip.checks), ("real", "one", 12, 400));
    assert_eq!((clip.passed, clip.failed.values().sum::<usize>()), (0, 400));
    // One clip tells nothing of others: 3/N.
    assert_eq!(report.passed(), (0.0, (0.0, 1.0)));
    assert_eq!(report, evaluate(&options(data.clone()), &model, &mut |_, _| {}).unwrap());

    let refused = |options: &Options| evaluate(options, &model, &mut |_, _| {}).unwrap_err().to_string();
    assert!(refused(&Options { checks: 0, ..options(data.clone()) }).contains("--checks is 0"));
    assert!(refused(&options(data.join("real"))).contains("each a folder of frames"));
}
