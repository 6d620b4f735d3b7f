use crate::EvaluateError;
use image::{ImageReader, Limits};
use std::fs;
use std::path::{Path, PathBuf};
use stillyou_sense::Micros;
use stillyou_sense::camera::{Frame, SIDE};

/// The folder whose pictures are of one person each.
const SINGLE: &str = "_single";

/// A person's pictures, by file name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub name: String,
    pub pictures: Vec<PathBuf>,
}

/// Everybody in a folder of folders, by name; those of [`SINGLE`] last.
pub fn people(data: &Path) -> Result<Vec<Person>, EvaluateError> {
    let none = |found: &str| EvaluateError::NoFaces { path: data.to_owned(), found: found.to_owned() };
    let mut people = Vec::new();
    let mut single = Vec::new();
    for folder in entries(data)?.into_iter().filter(|path| path.is_dir()) {
        let pictures: Vec<PathBuf> = entries(&folder)?.into_iter().filter(|path| is_picture(path)).collect();
        let name = file_name(&folder);
        if name == SINGLE {
            let person =
                |path: PathBuf| Person { name: format!("{SINGLE}/{}", file_name(&path)), pictures: vec![path] };
            single = pictures.into_iter().map(person).collect();
        } else if !pictures.is_empty() {
            people.push(Person { name, pictures });
        }
    }
    if people.is_empty() {
        return Err(none("no folder there has a picture (JPEG or PNG)"));
    }
    people.extend(single);
    Ok(people)
}

/// Pictures of one kind: single ones, and clips of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    pub name: String,
    pub pictures: Vec<PathBuf>,
    pub clips: Vec<Vec<PathBuf>>,
}

/// The folders of a folder that have pictures, or folders with pictures, all by name.
pub fn kinds(data: &Path) -> Result<Vec<Folder>, EvaluateError> {
    let pictures = |folder: &Path| -> Result<Vec<PathBuf>, EvaluateError> {
        Ok(entries(folder)?.into_iter().filter(|path| is_picture(path)).collect())
    };
    let mut kinds = Vec::new();
    for folder in entries(data)?.into_iter().filter(|path| path.is_dir()) {
        let clips = entries(&folder)?.into_iter().filter(|path| path.is_dir()).map(|clip| pictures(&clip));
        let mut clips = clips.collect::<Result<Vec<_>, _>>()?;
        clips.retain(|clip| !clip.is_empty());
        let kind = Folder { name: file_name(&folder), pictures: pictures(&folder)?, clips };
        if !kind.pictures.is_empty() || !kind.clips.is_empty() {
            kinds.push(kind);
        }
    }
    Ok(kinds)
}

/// A picture, as if taken at `at`; `None` where it can't be read as one.
pub fn read(path: &Path, at: Micros) -> Option<Frame> {
    let mut reader = ImageReader::open(path).ok()?.with_guessed_format().ok()?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(*SIDE.end());
    limits.max_image_height = Some(*SIDE.end());
    reader.limits(limits);
    let rgb = reader.decode().ok()?.into_rgb8();
    Frame::new(rgb.width(), rgb.height(), rgb.into_raw(), at).ok()
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, EvaluateError> {
    let read = || -> std::io::Result<Vec<PathBuf>> {
        let mut all = fs::read_dir(folder)?.map(|entry| entry.map(|e| e.path())).collect::<Result<Vec<_>, _>>()?;
        all.sort_by_key(|path| path.file_name().map(ToOwned::to_owned));
        Ok(all)
    };
    read().map_err(|e| EvaluateError::NoFaces { path: folder.to_owned(), found: e.to_string() })
}

fn is_picture(path: &Path) -> bool {
    let extension = path.extension().map(|e| e.to_string_lossy().to_lowercase());
    extension.is_some_and(|e| ["jpg", "jpeg", "png"].contains(&e.as_str()))
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
