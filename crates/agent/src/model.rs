use serde::{Deserialize, Serialize};
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

/// The networks against pictures and screens held up to the camera, where somebody fetched them (`./x models --pad`): those
/// of the first folder that has usable ones. Only the very ones that were measured are taken: others could be made to find
/// everything real.
///
/// # Errors
/// When there are some and none can be used: why the last ones can't.
pub fn load_passive(folders: &[PathBuf]) -> Result<Option<face::Passive>, String> {
    let mut refused = None;
    for folder in folders.iter().map(|folder| folder.join(PASSIVE_FOLDER)).filter(|folder| folder.is_dir()) {
        match face::Passive::measured(&folder) {
            Ok(passive) => return Ok(Some(passive)),
            Err(e) => refused = Some(format!("{}: {e}", folder.display())),
        }
    }
    refused.map_or(Ok(None), Err)
}

/// Whether attacks by pictures and screens are looked for with trained networks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(tag = "pad", rename_all = "kebab-case", deny_unknown_fields)]
pub enum PadState {
    /// They are.
    Ready {},
    /// Nobody fetched the networks.
    Missing {},
    /// There are some that can't be used.
    Refused {
        /// Why.
        why: String,
    },
}

impl PadState {
    /// Of the folders in which the networks may lie. They are loaded for it, and dropped.
    pub fn of(folders: &[PathBuf]) -> Self {
        match load_passive(folders) {
            Ok(Some(_)) => PadState::Ready {},
            Ok(None) => PadState::Missing {},
            Err(why) => PadState::Refused { why },
        }
    }

    /// What is lost, in words, and how to mend it; nothing where the networks are there.
    pub fn problem(&self) -> Option<String> {
        match self {
            PadState::Ready {} => None,
            PadState::Missing {} => Some(
                "without liveness weights: face evidence has the lower cap (camera.cap_without_pad_nats), and a live check is not \
                 offered; `./x models --pad` gets them"
                    .to_owned(),
            ),
            PadState::Refused { why } => Some(format!(
                "the liveness weights are not used, so face evidence has the lower cap and a live check is not offered; get them \
                 anew with `./x models --pad`: {why}"
            )),
        }
    }
}

/// Where they lie in a folder of networks.
pub const PASSIVE_FOLDER: &str = "pad";

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::path::Path;

    #[test]
    fn what_is_wrong_with_the_networks_against_attacks_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let places = [folder.path().join("first"), folder.path().join("second")];
        assert_eq!(PadState::of(&places), PadState::Missing {});
        assert!(PadState::of(&places).problem().unwrap().contains("face evidence has the lower cap"));

        // Networks that load, and are not those that were measured.
        let built_in = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models/packs/face/detector");
        for pack in ["passive-v2", "passive-v1se"] {
            let to = places[1].join(PASSIVE_FOLDER).join(pack);
            fs::create_dir_all(&to).unwrap();
            for file in fs::read_dir(&built_in).unwrap().map(|entry| entry.unwrap().path()) {
                fs::copy(&file, to.join(file.file_name().unwrap())).unwrap();
            }
        }
        let PadState::Refused { why } = PadState::of(&places) else { panic!("other networks are taken") };
        assert!(why.contains("second") && why.contains("it must be passive"), "{why}");
        fs::remove_file(places[1].join(PASSIVE_FOLDER).join("passive-v2/weights.bpk")).unwrap();
        let refused = PadState::of(&places).problem().unwrap();
        assert!(refused.contains("weights.bpk") && refused.contains("./x models --pad"), "{refused}");
    }
}
