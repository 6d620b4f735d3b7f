#![allow(unsafe_code)]

use std::{
    os::windows::io::{FromRawHandle, OwnedHandle},
    ptr,
};

use windows_sys::Win32::{
    Foundation::{
        ERROR_ACCOUNT_DISABLED, ERROR_ACCOUNT_EXPIRED, ERROR_ACCOUNT_LOCKED_OUT, ERROR_ACCOUNT_RESTRICTION,
        ERROR_INVALID_LOGON_HOURS, ERROR_INVALID_WORKSTATION, ERROR_LOGON_FAILURE, ERROR_PASSWORD_EXPIRED,
        ERROR_PASSWORD_MUST_CHANGE, GetLastError, HANDLE, WIN32_ERROR,
    },
    NetworkManagement::NetManagement::{NetApiBufferFree, NetUserModalsGet, USER_MODALS_INFO_3},
    Security::{LOGON32_LOGON_INTERACTIVE, LOGON32_PROVIDER_DEFAULT, LogonUserW, LookupAccountSidW},
};

use super::PasswordError;
use crate::{
    secret::Secret,
    windows::{last_error, sid::TokenUser, wide},
};

const SERVICE: &str = "LogonUserW";

pub(super) fn prepare(service: Option<&str>) -> Result<(String, String), PasswordError> {
    if let Some(name) = service {
        return Err(PasswordError::Unavailable(format!("{name:?}: Windows has one password service; name none")));
    }
    let (domain, name) = own_account().map_err(PasswordError::Unavailable)?;
    Ok((format!("{domain}\\{name}"), SERVICE.to_owned()))
}

/// Signs in as the person would at this machine, which works with cached credentials too, and drops the sign-in at
/// once. A Windows Hello PIN or gesture is no password and is refused as wrong.
pub(super) fn check(user: &str, _: &str, secret: &Secret) -> Result<(), PasswordError> {
    let unavailable = |e: std::io::Error| PasswordError::Unavailable(e.to_string());
    let (domain, name) = user.split_once('\\').unwrap_or((".", user));
    let (domain, name) = (wide(domain), wide(name));
    let own = TokenUser::own().map_err(unavailable)?;
    let password = secret.utf16().ok_or_else(|| PasswordError::Unavailable("what was typed is no text".into()))?;
    let mut token: HANDLE = ptr::null_mut();
    // SAFETY: the three texts end with a zero and live through the call; `token` may be written.
    let (signed_in, error) = unsafe {
        let signed_in = LogonUserW(
            name.as_ptr(),
            domain.as_ptr(),
            password.as_ptr(),
            LOGON32_LOGON_INTERACTIVE,
            LOGON32_PROVIDER_DEFAULT,
            &mut token,
        );
        (signed_in != 0, GetLastError())
    };
    drop(password);
    if !signed_in {
        return Err(judge(error));
    }
    // SAFETY: the call succeeded, so `token` is an open handle that is ours to close.
    let token = unsafe { OwnedHandle::from_raw_handle(token) };
    match TokenUser::of(&token) {
        Ok(found) if found.is(&own) => Ok(()),
        Ok(_) => Err(PasswordError::Inconclusive("it is the password of another account of this name".into())),
        Err(error) => Err(PasswordError::Inconclusive(error.to_string())),
    }
}

/// The machine's own limit; a domain's is known only to its controllers.
pub(super) fn lockout_after(_: &str) -> Option<u32> {
    let mut buffer = ptr::null_mut();
    // SAFETY: the null name asks this machine; `buffer` may be written.
    let code = unsafe { NetUserModalsGet(ptr::null(), 3, &mut buffer) };
    if code != 0 || buffer.is_null() {
        return None;
    }
    // SAFETY: level 3 gives this structure, in a buffer that is ours to free.
    let threshold = unsafe {
        let threshold = ptr::read_unaligned(buffer.cast::<USER_MODALS_INFO_3>()).usrmod3_lockout_threshold;
        NetApiBufferFree(buffer.cast());
        threshold
    };
    // Zero: never.
    (threshold > 0).then_some(threshold)
}

fn judge(error: WIN32_ERROR) -> PasswordError {
    let account = |why: &str| PasswordError::Account(why.into());
    match error {
        ERROR_LOGON_FAILURE => PasswordError::Wrong,
        ERROR_ACCOUNT_LOCKED_OUT => account("too many wrong passwords"),
        ERROR_ACCOUNT_DISABLED => account("it is disabled"),
        ERROR_ACCOUNT_EXPIRED => account("it has expired"),
        ERROR_PASSWORD_EXPIRED | ERROR_PASSWORD_MUST_CHANGE => account("the password has expired: change it"),
        ERROR_ACCOUNT_RESTRICTION | ERROR_INVALID_LOGON_HOURS | ERROR_INVALID_WORKSTATION => {
            account("signing in is not permitted now")
        }
        other => PasswordError::Inconclusive(std::io::Error::from_raw_os_error(other as i32).to_string()),
    }
}

/// Domain and name of the account that this process runs as.
pub(crate) fn own_account() -> Result<(String, String), String> {
    let own = TokenUser::own().map_err(|e| e.to_string())?;
    let (mut name, mut domain) = ([0u16; 256], [0u16; 256]);
    let (mut name_length, mut domain_length) = (name.len() as u32, domain.len() as u32);
    let mut kind = 0;
    // SAFETY: the SID lives as long as `own`; both buffers have the lengths that are given; the rest may be written.
    let found = unsafe {
        LookupAccountSidW(
            ptr::null(),
            own.sid(),
            name.as_mut_ptr(),
            &mut name_length,
            domain.as_mut_ptr(),
            &mut domain_length,
            &mut kind,
        )
    };
    if found == 0 {
        return Err(last_error("LookupAccountSidW").to_string());
    }
    // After a success the lengths are without the closing zero.
    let text = |buffer: &[u16], length: u32| {
        let text = buffer.get(..length as usize).and_then(|t| String::from_utf16(t).ok());
        text.filter(|t| !t.contains('\0')).ok_or("the account's name is no text")
    };
    Ok((text(&domain, domain_length)?, text(&name, name_length)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_wrong_password_is_wrong() {
        assert_eq!(judge(ERROR_LOGON_FAILURE), PasswordError::Wrong);
        assert!(matches!(judge(ERROR_ACCOUNT_LOCKED_OUT), PasswordError::Account(_)));
        assert!(matches!(judge(1311), PasswordError::Inconclusive(_)));
    }

    #[test]
    fn the_own_account_has_a_name_and_one_service() {
        let (user, service) = prepare(None).unwrap();
        assert!(user.contains('\\') && service == SERVICE, "{user}");
        assert!(prepare(Some("login")).is_err());
    }
}
