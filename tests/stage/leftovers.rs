use std::path::Path;

/// What the names of all stages' folders start with.
pub const PREFIX: &str = "stillyou-stage-";

/// Removes the folders of stages whose guardian was itself killed.
pub fn clear() {
    let Ok(entries) = std::fs::read_dir(std::env::temp_dir()) else { return };
    for folder in entries.flatten().map(|entry| entry.path()) {
        let ours = folder.file_name().is_some_and(|name| name.to_string_lossy().starts_with(PREFIX));
        if ours && abandoned(&folder) {
            // Best effort: it may be another user's.
            let _ = std::fs::remove_dir_all(&folder);
        }
    }
}

fn abandoned(folder: &Path) -> bool {
    // Without the file the stage is just being built, or ended.
    let Ok(guardian) = std::fs::read_to_string(folder.join("guardian")) else { return false };
    let line = std::fs::read(format!("/proc/{}/cmdline", guardian.trim())).unwrap_or_default();
    !String::from_utf8_lossy(&line).contains(&*folder.to_string_lossy())
}
