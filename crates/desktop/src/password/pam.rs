//! The few calls of Linux-PAM that a password check needs (`pam(3)`), bound by hand: the wrapper crates keep unerased
//! copies of the secret and need a C parser to build.
#![allow(unsafe_code)]

use std::{
    ffi::{CStr, CString, c_char, c_int, c_void},
    ptr, slice,
};

use crate::secret::Secret;

pub(super) const SUCCESS: c_int = 0;
#[cfg(test)]
pub(super) const SERVICE_ERR: c_int = 3;
const BUF_ERR: c_int = 5;
pub(super) const PERM_DENIED: c_int = 6;
pub(super) const AUTH_ERR: c_int = 7;
#[cfg(test)]
pub(super) const AUTHINFO_UNAVAIL: c_int = 9;
pub(super) const USER_UNKNOWN: c_int = 10;
pub(super) const MAXTRIES: c_int = 11;
pub(super) const NEW_AUTHTOK_REQD: c_int = 12;
pub(super) const ACCT_EXPIRED: c_int = 13;
const CONV_ERR: c_int = 19;

const DISALLOW_NULL_AUTHTOK: c_int = 1;
const PROMPT_ECHO_OFF: c_int = 1;
const ERROR_MSG: c_int = 3;
const TEXT_INFO: c_int = 4;
/// The most messages in one call of the conversation (`PAM_MAX_NUM_MSG`).
const MAX_MESSAGES: c_int = 32;
/// What is kept of what the service says.
const MAX_SAID: usize = 5;

/// How the conversation with a PAM service went.
#[derive(Debug)]
pub(super) struct Asked {
    /// It asked for the password, and got it.
    pub(super) password: bool,
    /// It asked for something else, or again, and got nothing.
    pub(super) more: bool,
    /// What it told the person.
    pub(super) said: Vec<String>,
    /// What `pam_authenticate` returned.
    pub(super) authenticated: c_int,
    /// What `pam_acct_mgmt` returned, where it was reached.
    pub(super) account: Option<c_int>,
}

/// Goes through one authentication of `user`. An error means that PAM could not even begin.
pub(super) fn ask(service: &str, user: &str, secret: &Secret) -> Result<Asked, String> {
    let service = CString::new(service).map_err(|_| "the service's name contains a zero byte")?;
    let user = CString::new(user).map_err(|_| "the user's name contains a zero byte")?;
    let mut talk = Talk { secret, password: false, more: false, said: Vec::new() };
    let conversation = Conversation { answer, talk: ptr::from_mut(&mut talk).cast() };
    let mut handle = ptr::null_mut();
    // SAFETY: both strings end with a zero and, like `conversation` and `talk`, live until `pam_end` below. `handle` is
    // null or valid after a success, and used by this thread alone. Nothing else touches `talk` before `pam_end`.
    let (authenticated, account) = unsafe {
        let begun = pam_start(service.as_ptr(), user.as_ptr(), &conversation, &mut handle);
        if begun != SUCCESS || handle.is_null() {
            return Err(format!("PAM can't begin (error {begun})"));
        }
        let authenticated = pam_authenticate(handle, DISALLOW_NULL_AUTHTOK);
        let account = (authenticated == SUCCESS).then(|| pam_acct_mgmt(handle, DISALLOW_NULL_AUTHTOK));
        pam_end(handle, account.unwrap_or(authenticated));
        (authenticated, account)
    };
    Ok(Asked { password: talk.password, more: talk.more, said: talk.said, authenticated, account })
}

struct Talk<'a> {
    secret: &'a Secret,
    password: bool,
    more: bool,
    said: Vec<String>,
}

#[repr(C)]
struct Message {
    style: c_int,
    text: *const c_char,
}

#[repr(C)]
struct Response {
    text: *mut c_char,
    code: c_int,
}

type Answer = unsafe extern "C" fn(c_int, *const *const Message, *mut *mut Response, *mut c_void) -> c_int;

#[repr(C)]
struct Conversation {
    answer: Answer,
    talk: *mut c_void,
}

#[link(name = "pam")]
unsafe extern "C" {
    fn pam_start(
        service: *const c_char,
        user: *const c_char,
        conversation: *const Conversation,
        handle: *mut *mut c_void,
    ) -> c_int;
    fn pam_authenticate(handle: *mut c_void, flags: c_int) -> c_int;
    fn pam_acct_mgmt(handle: *mut c_void, flags: c_int) -> c_int;
    fn pam_end(handle: *mut c_void, status: c_int) -> c_int;
}

/// PAM's questions. The password answers the first hidden prompt only: a second one asks for something else.
///
/// # Safety
/// Called by PAM inside `ask`: `messages` points to `count` messages, `responses` may be written, `talk` is the one
/// that `ask` gave.
unsafe extern "C" fn answer(
    count: c_int,
    messages: *const *const Message,
    responses: *mut *mut Response,
    talk: *mut c_void,
) -> c_int {
    if !(1..=MAX_MESSAGES).contains(&count) || messages.is_null() || responses.is_null() || talk.is_null() {
        return CONV_ERR;
    }
    let count = count as usize;
    // SAFETY: by this function's contract; `ask` doesn't use `talk` while PAM runs.
    let (talk, messages) = unsafe { (&mut *talk.cast::<Talk<'_>>(), slice::from_raw_parts(messages, count)) };
    // SAFETY: `calloc` gives null or room for `count` responses, zeroed, as PAM wants it: it frees them with `free`.
    let room = unsafe { libc::calloc(count, size_of::<Response>()) }.cast::<Response>();
    if room.is_null() {
        return BUF_ERR;
    }
    // SAFETY: `room` was just allocated for `count` zeroed responses, for which zeros are valid.
    let answers = unsafe { slice::from_raw_parts_mut(room, count) };
    for (message, answer) in messages.iter().zip(&mut *answers) {
        // SAFETY: PAM's messages are valid while it waits for the answers.
        let code = match unsafe { message.as_ref() } {
            // SAFETY: as above, for the text.
            Some(message) => unsafe { talk.reply(message, answer) },
            None => CONV_ERR,
        };
        if code != SUCCESS {
            for answer in answers {
                // SAFETY: null, or a zero-ended copy from `reply`, ours until it is returned.
                unsafe { erase(answer.text) };
            }
            // SAFETY: allocated above and not handed on.
            unsafe { libc::free(room.cast()) };
            return code;
        }
    }
    // SAFETY: checked for null above; PAM owns `room` from here.
    unsafe { *responses = room };
    SUCCESS
}

impl Talk<'_> {
    /// # Safety
    /// `message.text` is null or zero-ended.
    unsafe fn reply(&mut self, message: &Message, answer: &mut Response) -> c_int {
        match message.style {
            PROMPT_ECHO_OFF if !self.password => {
                // SAFETY: the copy goes to PAM, which erases and frees it, or to `erase`.
                answer.text = unsafe { copy(self.secret.expose()) };
                if answer.text.is_null() {
                    return BUF_ERR;
                }
                self.password = true;
                SUCCESS
            }
            ERROR_MSG | TEXT_INFO => {
                if !message.text.is_null() && self.said.len() < MAX_SAID {
                    // SAFETY: zero-ended by contract.
                    let text = unsafe { CStr::from_ptr(message.text) };
                    self.said.push(text.to_string_lossy().trim().to_owned());
                }
                SUCCESS
            }
            _ => {
                self.more = true;
                CONV_ERR
            }
        }
    }
}

/// A zero-ended copy from `malloc`, or null.
///
/// # Safety
/// The caller passes it to `free`.
unsafe fn copy(bytes: &[u8]) -> *mut c_char {
    // SAFETY: zeroed room for the bytes and the closing zero; the two don't overlap.
    unsafe {
        let to = libc::calloc(bytes.len() + 1, 1).cast::<u8>();
        if !to.is_null() {
            ptr::copy_nonoverlapping(bytes.as_ptr(), to, bytes.len());
        }
        to.cast()
    }
}

/// Erases and frees a copy.
///
/// # Safety
/// `text` is null, or from `copy` and not freed.
unsafe fn erase(text: *mut c_char) {
    if text.is_null() {
        return;
    }
    // SAFETY: zero-ended by `copy`; `explicit_bzero` isn't optimised away.
    unsafe {
        libc::explicit_bzero(text.cast(), libc::strlen(text));
        libc::free(text.cast());
    }
}
