use super::PasswordError;
use crate::{Unsupported, secret::Secret};

const CHECK: Unsupported = Unsupported("the OS password check");

pub(super) fn prepare(_: Option<&str>) -> Result<(String, String), PasswordError> {
    Err(CHECK.into())
}

pub(super) fn check(_: &str, _: &str, _: &Secret) -> Result<(), PasswordError> {
    Err(CHECK.into())
}

pub(super) fn lockout_after(_: &str) -> Option<u32> {
    None
}
