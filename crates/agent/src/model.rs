use crate::home::hex;
use std::path::PathBuf;
use stillyou_models::keystroke::{Model, PackError, PackSource};
use stillyou_models::{face, pointer};
use stillyou_trust::Policy;
use stillyou_trust::policy::{ModelPolicy, Pack};

/// The model that a policy names, shown as much of the keys as it says.
///
/// # Errors
/// When the pack can't be used.
pub fn load_model(policy: &ModelPolicy) -> Result<Model, PackError> {
    let source = match policy.pack {
        _ if !policy.folder.is_empty() => PackSource::Directory(policy.folder.clone().into()),
        Pack::Research => PackSource::Research,
        Pack::Open => PackSource::Open,
    };
    Ok(Model::load(&source)?.showing(policy.keys.into()))
}

/// The pointer's model, where policy wants the pointer judged and takes weights for research: there are no others.
///
/// # Errors
/// When the pack can't be used.
pub fn load_pointer_model(policy: &Policy) -> Result<Option<pointer::Model>, PackError> {
    let wanted = policy.pointer.watch && policy.model.allows_research_weights();
    wanted.then(|| pointer::Model::load(&pointer::PackSource::BuiltIn)).transpose()
}

/// The networks for faces.
///
/// # Errors
/// When a pack can't be used.
pub fn load_face_model() -> Result<face::Model, PackError> {
    face::Model::load(&face::PackSource::Dlib)
}

/// The networks against pictures and screens held up to the camera, where somebody fetched them (`./x models --pad`). Only
/// the very ones that were measured are taken: others could be made to find everything real.
pub fn load_passive(folders: &[PathBuf]) -> Option<face::Passive> {
    folders.iter().map(|folder| folder.join(PASSIVE_FOLDER)).filter(|folder| folder.is_dir()).find_map(|folder| {
        let sources = PASSIVE.map(|(pack, _)| face::PackSource::Directory(folder.join(pack)));
        let loaded = face::Passive::load(&sources).map_err(|e| e.to_string()).and_then(|passive| {
            let found: Vec<String> = passive.versions().map(|v| hex(v.hash())).collect();
            let known = found.iter().eq(PASSIVE.iter().map(|(_, hash)| hash));
            if known { Ok(passive) } else { Err(format!("their hashes are {found:?}, which are not the known ones")) }
        });
        loaded.inspect_err(|e| tracing::error!("{}: these networks are not used: {e}", folder.display())).ok()
    })
}

/// Where they lie in a folder of networks.
pub const PASSIVE_FOLDER: &str = "pad";

/// Their packs, and the hash of each one's files.
const PASSIVE: [(&str, &str); 2] = [
    ("passive-v2", "316509f09b28f7f612685aadb61b3d305a1455fbb5917291d85892faf793ea34"),
    ("passive-v1se", "2a112ebaa17f7fa5df565e0092552608830b7117a391bbf58cffd83d4615d245"),
];
