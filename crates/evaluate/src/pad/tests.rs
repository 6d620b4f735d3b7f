use super::*;
use std::fs;
use std::path::Path;
use stillyou_models::face::PackSource;
use stillyou_recordings::portrait::{Portrait, Pose};

fn draw(path: &Path, shift: f32, noise: u8) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let pose = Pose { middle: (0.48 + shift, 0.52), radius: 0.3, light: 1.0 };
    let mut rgb = Portrait::new(1).draw(200, 160, pose);
    rgb.iter_mut().step_by(7).for_each(|b| *b = b.wrapping_add(noise));
    image::RgbImage::from_raw(200, 160, rgb).unwrap().save(path).unwrap();
}

#[test]
fn a_clip_that_repeats_itself_is_an_attack_and_one_that_moves_is_none() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_owned();
    for at in 0..40u8 {
        let shift = 0.02 * (f32::from(at) * 0.9).sin();
        draw(&data.join(format!("real/one/{at:02}.png")).with_extension("jpg"), shift, at);
        draw(&data.join(format!("loop/one/{at:02}.jpg")), 0.0, 0);
    }
    draw(&data.join("real/alone.jpg"), 0.0, 0);
    let model = Model::load(&PackSource::Dlib).unwrap();
    let options = Options { data: data.clone(), real: "real".into(), skip: Vec::new(), threshold: 0.5 };
    let mut steps = 0;
    let report = evaluate(&options, &model, None, &mut |_, _| steps += 1).unwrap();
    let kind = |name: &str| report.kinds.iter().find(|k| k.name == name).unwrap();
    assert_eq!((kind("loop").looks.errors, kind("loop").looks.of), (0, 2));
    assert!(kind("loop").cues.contains_key("a head that keeps perfectly still"), "{:?}", kind("loop").cues);
    assert_eq!((kind("real").looks.of, kind("real").pictures.of), (2, 0));
    assert_eq!((report.auc(), report.to_json()["passive"].as_bool()), (None, Some(false)));
    assert_eq!(steps, 80);

    let refused = |options: Options| evaluate(&options, &model, None, &mut |_, _| {}).unwrap_err().to_string();
    assert!(refused(Options { threshold: 2.0, ..options.clone() }).contains("--threshold is 2"));
    assert!(
        refused(Options { real: "people".into(), ..options.clone() }).contains("there must be a folder \"people\"")
    );
    assert!(refused(Options { skip: vec!["loop".into()], ..options }).contains("one for each kind of attack"));
}

#[test]
fn shares_have_wilsons_interval() {
    let share = Share::of((0..20).map(|i| i < 2));
    // Computed with statsmodels' proportion_confint(2, 20, method="wilson").
    let (low, high) = share.interval.unwrap();
    assert!((low - 0.027_867).abs() < 1e-5 && (high - 0.301_034).abs() < 1e-5, "{low} {high}");
    assert_eq!(Share::of(std::iter::empty()).share, None);
}
