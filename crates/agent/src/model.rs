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
