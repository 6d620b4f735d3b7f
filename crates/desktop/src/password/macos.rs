#![allow(unsafe_code)]

use std::ptr;

use objc2_core_foundation::{CFError, CFIndex, CFRetained, CFString, kCFAllocatorNull};
use objc2_open_directory::{ODFrameworkErrors, ODNodeRef, ODNodeType, kODNodeTypeAuthentication, kODRecordTypeUsers};

use super::PasswordError;
use crate::{secret::Secret, user};

const SERVICE: &str = "OpenDirectory";

pub(super) fn prepare(service: Option<&str>) -> Result<(String, String), PasswordError> {
    if let Some(name) = service {
        return Err(PasswordError::Unavailable(format!("{name:?}: macOS has one password service; name none")));
    }
    let user = user::name().map_err(PasswordError::Unavailable)?;
    Ok((user, SERVICE.to_owned()))
}

/// OpenDirectory and not PAM: macOS's PAM services are made for root, and its codes are not Linux-PAM's.
pub(super) fn check(user: &str, _: &str, secret: &Secret) -> Result<(), PasswordError> {
    let units = secret.utf16().ok_or_else(|| PasswordError::Unavailable("what was typed is no text".into()))?;
    let mut error: *mut CFError = ptr::null_mut();
    // SAFETY: the constants are the framework's own; `error` may be written, and is ours once it is; the record's name
    // is a string. The password's string borrows `units`, which outlives it, and frees nothing.
    let right = unsafe {
        let node = ODNodeRef::with_node_type(None, None, kODNodeTypeAuthentication as ODNodeType, &mut error)
            .ok_or_else(|| PasswordError::Unavailable(said(error)))?;
        let kind = kODRecordTypeUsers;
        let record = node
            .copy_record(kind, Some(&CFString::from_str(user)), None, &mut error)
            .ok_or_else(|| PasswordError::Unavailable(said(error)))?;
        let length = units.len() as CFIndex - 1;
        let password = CFString::with_characters_no_copy(None, units.as_ptr(), length, kCFAllocatorNull)
            .ok_or_else(|| PasswordError::Unavailable("no memory for the password".into()))?;
        record.verify_password(Some(&password), &mut error)
    };
    if right {
        return Ok(());
    }
    // SAFETY: the call refused: null, or an error that is ours.
    Err(match unsafe { taken(error) } {
        Some(error) => judge(error.code(), &error.to_string()),
        None => PasswordError::Inconclusive("OpenDirectory gave no reason".into()),
    })
}

/// macOS doesn't tell an account's limit to the account.
pub(super) fn lockout_after(_: &str) -> Option<u32> {
    None
}

fn judge(code: CFIndex, why: &str) -> PasswordError {
    let account = |why: &str| PasswordError::Account(why.into());
    match u32::try_from(code).map(ODFrameworkErrors) {
        Ok(ODFrameworkErrors::ErrorCredentialsInvalid) => PasswordError::Wrong,
        Ok(ODFrameworkErrors::ErrorCredentialsAccountDisabled) => account("it is disabled"),
        Ok(ODFrameworkErrors::ErrorCredentialsAccountExpired) => account("it has expired"),
        Ok(ODFrameworkErrors::ErrorCredentialsAccountInactive) => account("it is inactive"),
        Ok(
            ODFrameworkErrors::ErrorCredentialsAccountTemporarilyLocked
            | ODFrameworkErrors::ErrorCredentialsAccountLocked,
        ) => account("too many wrong passwords"),
        Ok(
            ODFrameworkErrors::ErrorCredentialsPasswordExpired
            | ODFrameworkErrors::ErrorCredentialsPasswordChangeRequired,
        ) => account("the password has expired: change it"),
        _ => PasswordError::Inconclusive(why.to_owned()),
    }
}

fn said(error: *mut CFError) -> String {
    // SAFETY: null, or an error that a call that failed has just given us.
    unsafe { taken(error) }.map_or_else(|| "OpenDirectory gave no reason".to_owned(), |error| error.to_string())
}

/// # Safety
/// `error` is null, or owned by the caller, who doesn't use it again.
unsafe fn taken(error: *mut CFError) -> Option<CFRetained<CFError>> {
    // SAFETY: by this function's contract.
    ptr::NonNull::new(error).map(|error| unsafe { CFRetained::from_raw(error) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_wrong_password_is_wrong() {
        assert_eq!(judge(5000, ""), PasswordError::Wrong);
        assert!(matches!(judge(5201, "away"), PasswordError::Inconclusive(why) if why == "away"));
        assert!(matches!(judge(-1, ""), PasswordError::Inconclusive(_)));
    }

    #[test]
    fn the_own_account_has_a_name_and_one_service() {
        assert_eq!(prepare(None).unwrap().1, SERVICE);
        assert!(prepare(Some("login")).is_err());
    }
}
