#![allow(unsafe_code)]

use std::{
    ffi::{CStr, c_void},
    process::{Command, Stdio},
};

use super::{LockFailed, LockMethod, LockMethodProbe, LockMethods, LockProof, StartedLocker, system};
use crate::{Desktop, macos::screen_is_locked};

pub(super) fn lock(_: &Desktop, methods: &LockMethods, _: &StartedLocker) -> Result<LockProof, LockFailed> {
    system::lock(
        methods.hint_patience,
        &[("SACLockScreenImmediate", at_once), ("pmset displaysleepnow", by_display_sleep)],
        screen_is_locked,
    )
}

pub(super) fn probe(_: &Desktop, _: &LockMethods) -> Vec<LockMethodProbe> {
    let looks_usable = screen_is_locked().map(|_| match lock_call() {
        Ok(_) => "SACLockScreenImmediate; macOS says whether it locked".into(),
        Err(why) => format!(
            "{why}; the display's sleep is left, which locks only where a password is required at once after it"
        ),
    });
    vec![LockMethodProbe { method: LockMethod::System, looks_usable }]
}

const FRAMEWORK: &CStr = c"/System/Library/PrivateFrameworks/login.framework/Versions/Current/login";
const SYMBOL: &CStr = c"SACLockScreenImmediate";

/// What it returns is documented nowhere; whether it locked is seen afterwards.
type LockCall = unsafe extern "C" fn();

/// What the menu's "Lock Screen" calls. The framework is private, so it is looked up each time and may be gone.
fn at_once() -> Result<(), String> {
    let call = lock_call()?;
    // SAFETY: the symbol of this name takes nothing, in every macOS that has it; a result would be left in a register.
    unsafe { call() };
    Ok(())
}

fn lock_call() -> Result<LockCall, String> {
    // SAFETY: both strings end with a zero. The framework is the system's own and stays loaded, so that the address
    // stays valid.
    let address = unsafe {
        let framework = libc::dlopen(FRAMEWORK.as_ptr(), libc::RTLD_LAZY);
        if framework.is_null() { std::ptr::null_mut() } else { libc::dlsym(framework, SYMBOL.as_ptr()) }
    };
    if address.is_null() {
        return Err("this macOS doesn't have SACLockScreenImmediate".into());
    }
    // SAFETY: the address is not null and that of a function of this type, see `at_once`.
    Ok(unsafe { std::mem::transmute::<*mut c_void, LockCall>(address) })
}

/// Locks only where the person, or the administrator, requires a password at once after display sleep: whether it did
/// is seen afterwards.
fn by_display_sleep() -> Result<(), String> {
    let ended = Command::new("/usr/bin/pmset")
        .arg("displaysleepnow")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    match ended {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(status.to_string()),
        Err(error) => Err(error.to_string()),
    }
}
