use stillyou_models::keystroke::{Model, PackError, PackSource};
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
