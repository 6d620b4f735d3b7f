//! What the kernel says about an input device's node, through sysfs, which every user may read.

use crate::source::SourceError;
use std::{
    fs, io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

/// Whether a program made the device through uinput. A node that tells nothing counts as a real device's.
///
/// Bluetooth keyboards are made by a system service through uhid and are real: only uinput's place counts.
pub(crate) fn is_uinput(node: &Path) -> bool {
    sysfs(node).and_then(|s| fs::canonicalize(s).ok()).is_some_and(|p| p.starts_with("/sys/devices/virtual/input"))
}

/// The event nodes (`event0`, `event1`, …) of a folder of input devices, by name.
pub(crate) fn event_nodes(folder: &Path) -> Result<Vec<PathBuf>, SourceError> {
    let failed = |e: io::Error| SourceError::Folder { path: folder.into(), reason: e.to_string() };
    let mut nodes = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name();
        let number = name.to_str().and_then(|n| n.strip_prefix("event"));
        if number.is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit())) {
            nodes.push(entry.path());
        }
    }
    nodes.sort();
    Ok(nodes)
}

/// The first device of a kind in the folder that this user may not read, if there is one.
pub(crate) fn first_unreadable(folder: &Path, is: fn(&Path) -> bool) -> Result<Option<PathBuf>, SourceError> {
    let unreadable = |node: &PathBuf| {
        let error = fs::File::open(node).err();
        error.is_some_and(|e| e.kind() == io::ErrorKind::PermissionDenied) && is(node)
    };
    Ok(event_nodes(folder)?.into_iter().find(unreadable))
}

/// Whether a device that can't be opened has letter or digit keys; true when the kernel does not say.
pub(crate) fn may_be_keyboard(node: &Path) -> bool {
    let Some(sysfs) = sysfs(node) else { return true };
    match fs::read_to_string(sysfs.join("device/capabilities/key")) {
        Ok(words) => TYPING_KEYS.iter().any(|&key| has_bit(&words, key).unwrap_or(true)),
        Err(_) => true,
    }
}

/// Whether a device has the button of a mouse or touches; false when the kernel does not say.
pub(crate) fn is_pointer(node: &Path) -> bool {
    let words = sysfs(node).and_then(|s| fs::read_to_string(s.join("device/capabilities/key")).ok());
    words.is_some_and(|words| POINTER_BUTTONS.iter().any(|&button| has_bit(&words, button) == Some(true)))
}

/// `BTN_LEFT`, `BTN_TOUCH`.
const POINTER_BUTTONS: [u16; 2] = [0x110, 0x14a];

/// `KEY_1`, `KEY_0`, `KEY_Q`, `KEY_P`, `KEY_KP1`, `KEY_KP0`: any of these makes a device a keyboard; power buttons,
/// lids and mice have none.
pub(crate) const TYPING_KEYS: [u16; 6] = [2, 11, 16, 25, 79, 82];

/// Whether `bit` is set in a bitmap as sysfs prints it: machine words in hexadecimal, the highest first. `None` when
/// it is not such a bitmap.
fn has_bit(words: &str, bit: u16) -> Option<bool> {
    let (word, bit) = (usize::from(bit) / usize::BITS as usize, usize::from(bit) % usize::BITS as usize);
    match words.split_ascii_whitespace().rev().nth(word) {
        Some(word) => usize::from_str_radix(word, 16).ok().map(|w| w >> bit & 1 == 1),
        None => Some(false),
    }
}

fn sysfs(node: &Path) -> Option<PathBuf> {
    let rdev = fs::metadata(node).ok()?.rdev();
    let (major, minor) = (rustix::fs::major(rdev), rustix::fs::minor(rdev));
    (major != 0).then(|| PathBuf::from(format!("/sys/dev/char/{major}:{minor}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_event_nodes_are_listed() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["event0", "event12", "mice", "mouse0", "event", "eventful", "by-id"] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        let names: Vec<_> = event_nodes(folder.path()).unwrap();
        let names: Vec<_> = names.iter().map(|p| p.file_name().unwrap().to_str().unwrap()).collect();
        assert_eq!(names, ["event0", "event12"]);
    }

    #[test]
    fn sysfs_bitmaps_are_read_from_their_last_word() {
        assert_eq!(has_bit("4", 2), Some(true));
        assert_eq!(has_bit("4", 3), Some(false));
        assert_eq!(has_bit("1 0", usize::BITS as u16), Some(true));
        assert_eq!(has_bit("0", 700), Some(false));
        assert_eq!(has_bit("what", 2), None);
    }

    #[test]
    fn a_missing_folder_is_named() {
        let error = event_nodes(Path::new("/nowhere/input")).unwrap_err().to_string();
        assert!(error.contains("/nowhere/input"), "{error}");
    }
}
