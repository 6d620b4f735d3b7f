use std::path::{Path, PathBuf};

use super::NotAdministrators;

pub(super) const MEND_OWNER: &str = "";
pub(super) const MEND_WRITABLE: &str = "";

pub(super) fn check(_: &Path) -> Result<(), NotAdministrators> {
    Err(crate::Unsupported("the check of a file's owner").into())
}

pub(super) fn administrators_folder() -> PathBuf {
    "/etc/stillyou".into()
}
