//! The face's pipeline on drawn faces: the shipped packs, no data set.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::path::Path;
use std::sync::LazyLock;
use stillyou_models::face::occlusion::{AlignedFace, Mask, Masks, Region, by_region};
use stillyou_models::face::{
    Appraisal, Flaw, Frame, Model, ModelError, Pack, PackSource, Seen, Template, Unseen, write_card,
};
use stillyou_models::keystroke::{PackError, TemplateError};
use stillyou_recordings::portrait::{Portrait, Pose};
use stillyou_sense::Micros;
use stillyou_trust::OcclusionMap;

static MODEL: LazyLock<Model> = LazyLock::new(|| Model::load(&PackSource::Dlib).unwrap());

fn picture(width: u32, height: u32, rgb: Vec<u8>) -> Frame {
    Frame::new(width, height, rgb, Micros(0)).unwrap()
}

fn frame(who: u64, pose: Pose) -> Frame {
    picture(320, 240, Portrait::new(who).draw(320, 240, pose))
}

fn seen(who: u64, pose: Pose) -> Seen {
    MODEL.look(&frame(who, pose)).unwrap().face.unwrap()
}

fn at(x: f32, y: f32, radius: f32) -> Pose {
    Pose { middle: (x, y), radius, light: 1.0 }
}

#[test]
fn a_face_is_found_where_it_is() {
    for pose in [Pose::default(), at(0.35, 0.5, 0.25), at(0.6, 0.45, 0.3)] {
        let look = MODEL.look(&frame(1, pose)).unwrap();
        assert_eq!(look.faces.len(), 1, "{pose:?}");
        let mesh = look.face.unwrap().mesh;
        let radius = pose.radius * 240.0;
        // The drawing's eyes are 0.32 to the sides, its chin is 1.07 below the middle.
        let (middle, eyes) = ((pose.middle.0 * 320.0, pose.middle.1 * 240.0), mesh.eye_distance() / radius);
        assert!((0.5..0.8).contains(&eyes), "{eyes}");
        let chin = mesh.point(152);
        assert!((chin.x - middle.0).abs() < 0.2 * radius && (chin.y - middle.1 - 1.07 * radius).abs() < 0.3 * radius);
        let turned = mesh.pose();
        assert!(turned.yaw.abs() < 15.0 && turned.roll.abs() < 8.0, "{turned:?}");
    }
}

#[test]
fn where_there_is_no_face_nothing_is_said() {
    let noise = (0..320 * 240 * 3).map(|i: u32| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    for rgb in [vec![0; 320 * 240 * 3], vec![128; 320 * 240 * 3], noise] {
        let look = MODEL.look(&picture(320, 240, rgb)).unwrap();
        assert!(look.faces.is_empty());
        assert_eq!(look.face.unwrap_err(), Unseen::NoFace);
    }
    assert!(MODEL.look(&picture(16, 4000, vec![90; 16 * 4000 * 3])).unwrap().faces.is_empty());
}

#[test]
fn the_same_picture_gives_the_same_bits_and_its_mirror_image_nearly() {
    let once = frame(2, Pose::default());
    let (a, b) = (seen(2, Pose::default()), seen(2, Pose::default()));
    assert_eq!(a.embedding.values(), b.embedding.values());
    let mirrored = once.rgb().chunks(3 * 320).flat_map(|row| row.chunks(3).rev().flatten().copied()).collect();
    let c = MODEL.look(&picture(320, 240, mirrored)).unwrap().face.unwrap();
    assert!(dot(a.embedding.values(), c.embedding.values()) > 0.99);
}

#[test]
fn one_is_nearer_to_oneself_than_to_others() {
    let poses = [Pose::default(), at(0.45, 0.5, 0.3), at(0.52, 0.48, 0.36)];
    let template = |who| {
        let all: Vec<_> = poses.iter().map(|pose| seen(who, *pose).embedding).collect();
        Template::from_embeddings(MODEL.version(), &all).unwrap()
    };
    let people = [3, 4, 5];
    let templates = people.map(template);
    for (i, who) in people.into_iter().enumerate() {
        let probe = seen(who, at(0.55, 0.52, 0.31));
        let near: Vec<f64> = templates.iter().map(|t| MODEL.similarity(t, &probe.embedding).unwrap()).collect();
        let best = near.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).unwrap().0;
        assert_eq!(best, i, "{near:?}");
        let evidence = MODEL.evidence(&templates[i], &probe).unwrap();
        assert_eq!(evidence.quality, probe.appraisal.quality());
        assert!(evidence.llr_nats > MODEL.evidence(&templates[(i + 1) % 3], &probe).unwrap().llr_nats);
    }
}

#[test]
fn poor_pictures_say_nothing_and_say_why() {
    let flaw = |frame: &Frame| match MODEL.look(frame).unwrap().face.unwrap_err() {
        Unseen::Poor { flaw, .. } => flaw,
        Unseen::NoFace => panic!("no face"),
    };
    assert_eq!(flaw(&frame(6, Pose { light: 0.08, ..Pose::default() })), Flaw::Light);
    let small = picture(128, 96, Portrait::new(6).draw(128, 96, at(0.5, 0.5, 0.18)));
    assert_eq!(flaw(&small), Flaw::Far);
    let fine = seen(6, Pose::default());
    assert!(fine.appraisal.quality().value() > 0.5, "{:?}", fine.appraisal);

    let blurred = box_blur(frame(6, Pose::default()), 9);
    let mesh = MODEL.mesh(&blurred, &MODEL.find(&blurred).unwrap()[0]).unwrap().unwrap();
    assert!(Appraisal::of(&blurred, &mesh).unwrap().sharpness < fine.appraisal.sharpness);
}

#[test]
fn templates_round_trip_and_fit_one_model_only() {
    let embeddings: Vec<_> = (0..3).map(|i| seen(7, at(0.45 + 0.05 * i as f32, 0.5, 0.32)).embedding).collect();
    let few = Template::from_embeddings(MODEL.version(), &embeddings[..2]).unwrap_err();
    assert!(matches!(few, ModelError::TooFew { images: 2 }), "{few}");
    let template = Template::from_embeddings(MODEL.version(), &embeddings).unwrap();
    let bytes = template.to_bytes();
    assert_eq!(bytes.len(), 48 + 4 * 128);
    let again = Template::from_bytes(&bytes).unwrap();
    assert!(again == template && again.images() == 3 && !format!("{again:?}").contains("0."));
    for length in 0..bytes.len() {
        assert!(Template::from_bytes(&bytes[..length]).is_err());
    }
    let stock = Model::load(&PackSource::Dlib).unwrap().stock();
    assert!(matches!(stock.fits(&again), Err(TemplateError::OtherModel { .. })));
    assert_eq!(MODEL.fits(&again), Ok(()));
}

#[test]
fn a_pack_that_was_changed_or_is_for_something_else_is_refused() {
    let built_in = Path::new(env!("CARGO_MANIFEST_DIR")).join("packs/face/detector");
    let folder = tempfile::tempdir().unwrap();
    let source = PackSource::Directory(folder.path().to_owned());
    for name in ["card.toml", "plan.toml", "weights.bpk"] {
        fs::copy(built_in.join(name), folder.path().join(name)).unwrap();
    }
    let card = Pack::load(&source).unwrap().card;
    assert!(Model::load(&source).err().unwrap().to_string().contains("role is detector; it must be embedder"));
    for name in ["plan.toml", "weights.bpk"] {
        let file = folder.path().join(name);
        let good = fs::read(&file).unwrap();
        for place in [0, good.len() / 2, good.len() - 1] {
            let mut bytes = good.clone();
            bytes[place] ^= 1;
            fs::write(&file, bytes).unwrap();
            let refused = Pack::load(&source).err().unwrap();
            assert!(matches!(refused, PackError::Hash { file, .. } if file == name), "{refused}");
        }
        fs::write(&file, good).unwrap();
    }
    let mut wrong = card.clone();
    wrong.input.size = 64;
    write_card(folder.path(), &wrong).unwrap();
    assert!(Pack::load(&source).err().unwrap().to_string().contains("by the card it must be [64, 64, 3]"));
    wrong.input.scale = 0.0;
    assert!(write_card(folder.path(), &wrong).unwrap_err().to_string().contains("input.scale is 0"));
    write_card(folder.path(), &card).unwrap();
    fs::write(folder.path().join("card.toml"), "card = 1\n").unwrap();
    assert!(matches!(Pack::load(&source), Err(PackError::Card { .. })));
    fs::remove_file(folder.path().join("card.toml")).unwrap();
    assert!(matches!(Pack::load(&source), Err(PackError::Read { .. })));
}

/// Faces drawn as one person but for a band of rows, which is somebody else's.
fn patched(who: u64, other: u64, rows: std::ops::Range<usize>) -> Frame {
    let [own, others] = [who, other].map(|who| Portrait::new(who).draw(320, 240, Pose::default()));
    let band = 3 * 320 * rows.start..3 * 320 * rows.end;
    let rgb =
        own.iter().zip(&others).enumerate().map(|(at, (own, other))| if band.contains(&at) { *other } else { *own });
    picture(320, 240, rgb.collect())
}

fn map_of(template: &Template, frame: &Frame) -> (AlignedFace, OcclusionMap) {
    let mesh = MODEL.mesh(frame, &MODEL.find(frame).unwrap()[0]).unwrap().unwrap();
    let face = MODEL.align(frame, &mesh).unwrap();
    let map = MODEL.occlusion(template, &face, Masks { count: 150, seed: 1 }, &mut || true).unwrap().unwrap();
    (face, map)
}

#[test]
fn a_map_follows_its_seed_and_stops_when_told_to() {
    let poses = [Pose::default(), at(0.45, 0.5, 0.3), at(0.52, 0.48, 0.36)];
    let all: Vec<_> = poses.iter().map(|pose| seen(8, *pose).embedding).collect();
    let template = Template::from_embeddings(MODEL.version(), &all).unwrap();
    let (face, map) = map_of(&template, &frame(8, Pose::default()));
    assert_eq!(map, map_of(&template, &frame(8, Pose::default())).1);
    let other = MODEL.occlusion(&template, &face, Masks { count: 150, seed: 2 }, &mut || true).unwrap();
    assert_ne!(Some(&map), other.as_ref());
    let mut asked = 0;
    let mut twice = || {
        asked += 1;
        asked <= 2
    };
    assert_eq!(MODEL.occlusion(&template, &face, Masks { count: 150, seed: 1 }, &mut twice).unwrap(), None);
    assert_eq!(asked, 3);
    assert_eq!(MODEL.occlusion(&template, &face, Masks { count: 0, seed: 1 }, &mut || true).unwrap(), None);
}

#[test]
fn covering_what_the_map_names_takes_more_away_than_covering_other_cells() {
    let mut more = 0.0;
    for who in [9, 10, 11] {
        let poses = [Pose::default(), at(0.45, 0.5, 0.3), at(0.52, 0.48, 0.36)];
        let all: Vec<_> = poses.iter().map(|pose| seen(who, *pose).embedding).collect();
        let template = Template::from_embeddings(MODEL.version(), &all).unwrap();
        let (face, map) = map_of(&template, &frame(who, at(0.5, 0.52, 0.31)));
        let mut order: Vec<usize> = (0..144).collect();
        order.sort_by(|a, b| map.cells()[*b].total_cmp(&map.cells()[*a]));
        // Every tenth cell of the others is as good as drawn.
        let mut masks = vec![Mask::of(&order[..14])];
        masks.extend((0..8).map(|from| Mask::of(&(0..14).map(|i| (from + 10 * i) % 144).collect::<Vec<_>>())));
        let llrs = MODEL.llrs_when_covered(&template, &face, &masks).unwrap();
        more += llrs[1..].iter().sum::<f64>() / 8.0 - llrs[0];
    }
    assert!(more > 0.0, "{more}");
}

#[test]
fn the_part_of_the_face_that_is_somebody_elses_is_named() {
    let poses = [Pose::default(), at(0.45, 0.5, 0.3), at(0.52, 0.48, 0.36)];
    let mut named = Vec::new();
    for (who, other) in [(12, 13), (14, 15)] {
        let all: Vec<_> = poses.iter().map(|pose| seen(who, *pose).embedding).collect();
        let template = Template::from_embeddings(MODEL.version(), &all).unwrap();
        let region = |frame: &Frame, which: Region| {
            let sums = by_region(&map_of(&template, frame).1);
            sums.into_iter().find(|(region, _)| *region == which).unwrap().1
        };
        // Eyes and brows of the drawing; then mouth and chin.
        for (rows, which) in [(85..118, Region::Eyes), (145..190, Region::Mouth)] {
            let (own, with_another) = (frame(who, Pose::default()), patched(who, other, rows));
            named.push(region(&with_another, which) - region(&own, which));
        }
    }
    assert!(named.iter().filter(|change| **change < 0.0).count() >= 3, "{named:?}");
}

fn box_blur(frame: Frame, width: usize) -> Frame {
    let (w, h) = (frame.width() as usize, frame.height() as usize);
    let rgb = frame.rgb();
    let mean = |x: usize, y: usize, c: usize| {
        let span = |v: usize, most: usize| v.saturating_sub(width / 2)..(v + width / 2 + 1).min(most);
        let all: Vec<u32> =
            span(y, h).flat_map(|y| span(x, w).map(move |x| u32::from(rgb[3 * (y * w + x) + c]))).collect();
        (all.iter().sum::<u32>() / all.len() as u32) as u8
    };
    let pixels = (0..h).flat_map(|y| (0..w).flat_map(move |x| (0..3).map(move |c| (x, y, c))));
    picture(w as u32, h as u32, pixels.map(|(x, y, c)| mean(x, y, c)).collect())
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
