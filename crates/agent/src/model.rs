use stillyou_models::keystroke::{KeyDetail, Model, PackError, PackSource};
use stillyou_trust::policy::{ModelPolicy, Pack, ShownKeys};

/// The model that a policy names, shown as much of the keys as it says.
///
/// # Errors
/// When the pack can't be used.
pub fn load_model(policy: &ModelPolicy) -> Result<Model, PackError> {
    Ok(Model::load(&source(policy))?.showing(shown_keys(policy)))
}

fn source(policy: &ModelPolicy) -> PackSource {
    match policy.pack {
        _ if !policy.folder.is_empty() => PackSource::Directory(policy.folder.clone().into()),
        Pack::Research => PackSource::Research,
        Pack::Open => PackSource::Open,
    }
}

/// How much of the keys a policy shows the networks.
pub fn shown_keys(policy: &ModelPolicy) -> KeyDetail {
    match policy.keys {
        ShownKeys::Keys => KeyDetail::Keys,
        ShownKeys::Movements => KeyDetail::Movements,
        ShownKeys::Nothing => KeyDetail::Nothing,
    }
}
