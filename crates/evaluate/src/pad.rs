//! Pictures of faces and pictures of pictures: does presentation attack detection tell them apart?
//!
//! A folder with one folder of people before the camera (`real`) and one for each kind of attack. Pictures in them, by file
//! name, go through the passive networks alone: each by itself, and the mean of every ten in a row, as in a look. Folders
//! in them are clips, their pictures frames a tenth of a second apart: looks of two seconds, judged by every cue. What is
//! taken for an attack at [`Options::threshold`] is one; of a look, where its cues leave less than half of what the face
//! says. APCER is the share of attacks taken for people, of each kind by itself; BPCER that of people taken for attacks; a
//! picture without a found face answers neither, and is counted apart (ISO/IEC 30107-3).
//!
//! Intervals are Wilson's, as if pictures were independent. Those of one person, or one clip, are not: they are too narrow.

mod judged;
mod report;
#[cfg(test)]
mod tests;

pub use report::{Kind, Report, Share};

use crate::face::pictures;
use crate::{EvaluateError, Progress};
use judged::Judged;
use std::path::PathBuf;
use stillyou_models::face::{Model, Passive};

/// What to evaluate.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// A folder of folders of pictures.
    pub data: PathBuf,
    /// The folder of people before the camera; all others are attacks.
    pub real: String,
    /// Folders to leave out.
    pub skip: Vec<String>,
    /// From this mean of the passive networks on a face is taken for real, 0 to 1.
    pub threshold: f64,
}

/// Pictures in a row whose mean is judged.
pub const IN_A_ROW: usize = 10;

/// Judges all pictures. The same options and networks give the same report.
///
/// # Errors
/// When there are no pictures of people or none of attacks, an option is out of its range, or a network fails.
pub fn evaluate(
    options: &Options,
    model: &Model,
    passive: Option<&Passive>,
    progress: Progress,
) -> Result<Report, EvaluateError> {
    if !(0.0..=1.0).contains(&options.threshold) {
        let value = options.threshold.to_string();
        return Err(EvaluateError::Option { option: "threshold", value, want: "0 to 1" });
    }
    let mut folders = pictures::kinds(&options.data)?;
    folders.retain(|folder| !options.skip.contains(&folder.name));
    if !folders.iter().any(|f| f.name == options.real) || folders.len() < 2 {
        let found = format!("there must be a folder {:?} and one for each kind of attack", options.real);
        return Err(EvaluateError::NoFaces { path: options.data.clone(), found });
    }
    let of = folders.iter().map(|f| f.pictures.len() + f.clips.iter().map(Vec::len).sum::<usize>()).sum();
    let mut done = 0;
    let mut kinds = Vec::new();
    for folder in &folders {
        let mut step = || {
            done += 1;
            progress(done, of);
        };
        let judged = Judged::of(folder, model, passive, &mut step)?;
        kinds.push(Kind::of(&folder.name, folder.name == options.real, &judged, options.threshold));
    }
    Ok(Report::new(options, model, passive, kinds))
}
