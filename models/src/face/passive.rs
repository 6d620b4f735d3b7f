use super::card::Role;
use super::detector::Found;
use super::geometry::{Point, Similarity};
use super::net::Workspace;
use super::pack::{Pack, PackSource};
use super::prepare::prepare;
use super::warp::{Outside, cut};
use super::{Frame, ModelError, ModelVersion};
use crate::keystroke::PackError;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// Passive presentation attack detection: the mean of MiniFASNets, each shown another part of the picture around the face.
///
/// Its packs are never in this program: who wants it brings them.
pub struct Passive {
    packs: Vec<(Pack, f32)>,
    work: Mutex<Workspace>,
}

/// Folders of the packs that were measured, and the content of each ([`Pack::content`]).
const MEASURED: [(&str, &str); 2] = [
    ("passive-v2", "797097b33116cb148779373673cc74d9226d6a2b04abfabb096c88c055d5231e"),
    ("passive-v1se", "988cd94c87d8d64c8a1abbedc263a819c1db460d0ad0d14ed5b87b306206e418"),
];

/// Answers of a network; the second says "real".
const CLASSES: usize = 3;

impl Passive {
    /// Loads packs, at least one.
    ///
    /// # Errors
    /// When one can't be used.
    pub fn load(sources: &[PackSource]) -> Result<Self, PackError> {
        let load = |source: &PackSource| {
            let pack = Pack::load(source)?;
            let Role::Passive { zoom } = pack.card.role else { return Err(pack.other_role(source, "passive")) };
            pack.must_answer(source, &[[1, 1, CLASSES]])?;
            Ok((pack, zoom))
        };
        Ok(Self { packs: sources.iter().map(load).collect::<Result<_, _>>()?, work: Mutex::default() })
    }

    /// The networks that were measured, from a folder with a folder for each.
    ///
    /// # Errors
    /// When one can't be used, or is another than was measured: others could be made to find everything real.
    pub fn measured(folder: &Path) -> Result<Self, PackError> {
        let sources = MEASURED.map(|(name, _)| PackSource::Directory(folder.join(name)));
        let passive = Self::load(&sources)?;
        for (((pack, _), source), (_, expected)) in passive.packs.iter().zip(&sources).zip(MEASURED) {
            let found = pack.content();
            if found != expected {
                let problem =
                    format!("it is not the network that was measured: its content is {found}, not {expected}");
                return Err(PackError::Card { pack: source.to_string(), problem });
            }
        }
        Ok(passive)
    }

    /// Which networks these are.
    pub fn versions(&self) -> impl Iterator<Item = &ModelVersion> {
        self.packs.iter().map(|(pack, _)| &pack.version)
    }

    /// How real a face looks, 0 to 1: the mean probability of the class "real".
    ///
    /// # Errors
    /// When a network fails.
    pub fn real(&self, frame: &Frame, face: &Found) -> Result<f64, ModelError> {
        let mut work = self.work.lock().unwrap_or_else(PoisonError::into_inner);
        let mut sum = 0.0;
        for (pack, zoom) in &self.packs {
            let input = &pack.card.input;
            let place = inside(frame, face, *zoom, input.size);
            let mut values = Vec::new();
            cut(frame, &place, input.size, Outside::Nearest, &mut values);
            prepare(input, &mut values);
            let outputs = pack.net.run(&mut work, &values).map_err(ModelError::Network)?;
            let most = outputs[0].iter().fold(f32::NEG_INFINITY, |a, b| a.max(*b));
            let parts: Vec<f64> = outputs[0].iter().map(|logit| f64::from(logit - most).exp()).collect();
            sum += parts[1] / parts.iter().sum::<f64>();
        }
        work.wipe();
        Ok(sum / self.packs.len().max(1) as f64)
    }
}

/// The face's box so many times as large, smaller and moved where it would leave the picture.
fn inside(frame: &Frame, face: &Found, zoom: f32, size: usize) -> Similarity {
    let (width, height) = (frame.width() as f32, frame.height() as f32);
    let box_side = face.size.x.max(face.size.y);
    let side = (zoom * box_side).min(width).min(height);
    let half = side / 2.0;
    let centre = Point {
        x: face.centre.x.clamp(half, (width - half).max(half)),
        y: face.centre.y.clamp(half, (height - half).max(half)),
    };
    Similarity::square(size, centre, side, 0.0)
}
