//! Recordings held before a live check: how often does one that knows nothing of what is asked happen to do it?
//!
//! A folder of folders of clips, each a folder of frames as in [`pad`](crate::pad). The networks read where every frame's
//! face looks, and whether its eyes are open. Then each clip, over and over from a frame drawn by the seed, meets checks as
//! the agent draws them. It is taken for the owner's whenever it looks ahead, and no cue of an attack is heeded: so this is
//! what the acts alone keep out, of the best recording that there can be, one of the owner. Shares are of checks; their
//! interval resamples clips.

mod report;
#[cfg(test)]
mod tests;

pub use report::{Clip, Report};

use crate::face::pictures;
use crate::{EvaluateError, Progress};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::path::PathBuf;
use std::time::Duration;
use stillyou_models::face::bearing::Bearing;
use stillyou_models::face::challenge::{AHEAD_DEG, Challenge, Progress as Check, Shown};
use stillyou_models::face::{Frame, Model, ModelError};
use stillyou_sense::Micros;

/// What to evaluate.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// A folder of folders of clips.
    pub data: PathBuf,
    /// Checks that each clip meets.
    pub checks: u32,
    /// Frames of a clip in a second.
    pub frames_per_second: u32,
    /// Seconds for each act.
    pub act_seconds: u64,
    /// Draws what is asked for and where a clip begins.
    pub seed: u64,
}

/// Plays every clip. The same options and networks give the same report.
///
/// # Errors
/// When there are no clips, an option is out of its range, or a network fails.
pub fn evaluate(options: &Options, model: &Model, progress: Progress) -> Result<Report, EvaluateError> {
    for (option, value) in [("checks", options.checks), ("fps", options.frames_per_second)] {
        if value == 0 {
            return Err(EvaluateError::Option { option, value: value.to_string(), want: "1 or more" });
        }
    }
    let folders = pictures::kinds(&options.data)?;
    let of = folders.iter().flat_map(|folder| &folder.clips).map(Vec::len).sum();
    if of == 0 {
        let found = "there must be folders of clips, each a folder of frames".to_owned();
        return Err(EvaluateError::NoFaces { path: options.data.clone(), found });
    }
    let mut done = 0;
    let mut clips = Vec::new();
    for folder in &folders {
        for paths in &folder.clips {
            let mut shown = Vec::with_capacity(paths.len());
            for path in paths {
                shown.push(pictures::read(path, Micros(0)).map_or(Ok(Shown::Nobody), |frame| shows(&frame, model))?);
                done += 1;
                progress(done, of);
            }
            let name = paths.first().and_then(|path| path.parent()).and_then(|clip| clip.file_name());
            let name = name.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            clips.push(Clip::of(&folder.name, &name, shown.len(), &ends(&shown, clips.len(), options)));
        }
    }
    Ok(Report::new(options, model, clips))
}

fn shows(frame: &Frame, model: &Model) -> Result<Shown, ModelError> {
    let faces = model.find(frame)?;
    if faces.len() > 1 {
        return Ok(Shown::Several);
    }
    let Some(face) = faces.first() else { return Ok(Shown::Nobody) };
    let bearing = model.mesh(frame, face)?.as_ref().and_then(Bearing::of);
    Ok(bearing
        .map_or(Shown::Nobody, |bearing| Shown::Face { bearing, owner: bearing.is_ahead(AHEAD_DEG).then_some(true) }))
}

/// How each check of a clip ended.
fn ends(shown: &[Shown], clip: usize, options: &Options) -> Vec<Check> {
    let mut chance = ChaCha8Rng::seed_from_u64(options.seed);
    chance.set_stream(clip as u64);
    (0..options.checks)
        .map(|_| {
            let act_time = Duration::from_secs(options.act_seconds);
            let mut check = Challenge::draw(chance.random(), Duration::ZERO, act_time);
            let start = chance.random_range(0..shown.len());
            let mut end = check.progress();
            for (at, shown) in (0..).zip(shown.iter().cycle().skip(start)) {
                end = check.frame(Duration::from_secs(1) * at / options.frames_per_second, *shown);
                if matches!(end, Check::Passed | Check::Failed { .. }) {
                    break;
                }
            }
            end
        })
        .collect()
}
