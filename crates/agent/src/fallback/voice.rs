use std::path::Path;
use stillyou_desktop_os::owner::{administrator_owned, administrators_folder};
use stillyou_governance::VoiceKey;
use zeroize::Zeroizing;

/// The file with this device's secret for grants by telephone, among the administrator's.
const FILE: &str = "voice.key";

/// This device's secret for grants by telephone.
///
/// It lies in an administrator's file and not in the keychain: whoever could put another in its place could grant themselves
/// what they like.
///
/// # Errors
/// When there is none, or somebody else could have written it.
pub fn voice_key() -> Result<VoiceKey, String> {
    read(&administrators_folder().join(FILE))
}

fn read(path: &Path) -> Result<VoiceKey, String> {
    administrator_owned(path).map_err(|why| match why.is_missing() {
        true => {
            format!("this device has no secret for the telephone: an administrator puts one into {}", path.display())
        }
        false => format!("{}: not administrator-owned: {why}", path.display()),
    })?;
    let text = Zeroizing::new(std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?);
    VoiceKey::from_hex(&text).ok_or_else(|| format!("{}: it must be 64 lower-case hexadecimal digits", path.display()))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_missing_or_that_others_may_write_gives_no_secret() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        assert!(read(&path).err().unwrap().contains("has no secret"));
        std::fs::write(&path, "0".repeat(64)).unwrap();
        std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o666)).unwrap();
        assert!(read(&path).err().unwrap().contains("not administrator-owned"));
    }
}
