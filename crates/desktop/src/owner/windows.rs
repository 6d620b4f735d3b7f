#![allow(unsafe_code)]

use std::{
    ffi::OsString,
    fs::{File, OpenOptions},
    io,
    os::windows::{
        ffi::OsStringExt,
        fs::OpenOptionsExt,
        io::{AsRawHandle, OwnedHandle},
    },
    path::{Path, PathBuf},
    ptr, slice,
};

use windows_sys::Win32::{
    Foundation::{ERROR_SUCCESS, GENERIC_ALL, GENERIC_WRITE, LocalFree},
    Security::{
        ACCESS_ALLOWED_ACE, ACE_HEADER, ACL, Authorization::GetSecurityInfo, Authorization::SE_FILE_OBJECT,
        Authorization::SE_KERNEL_OBJECT, DACL_SECURITY_INFORMATION, GetAce, INHERIT_ONLY_ACE,
        OWNER_SECURITY_INFORMATION, PSECURITY_DESCRIPTOR, PSID,
    },
    Storage::FileSystem::{
        DELETE, FILE_APPEND_DATA, FILE_DELETE_CHILD, FILE_FLAG_BACKUP_SEMANTICS, FILE_FLAG_OPEN_REPARSE_POINT,
        FILE_WRITE_ATTRIBUTES, FILE_WRITE_DATA, FILE_WRITE_EA, READ_CONTROL, WRITE_DAC, WRITE_OWNER,
    },
    System::{
        Com::CoTaskMemFree,
        SystemServices::{
            ACCESS_ALLOWED_ACE_TYPE, ACCESS_ALLOWED_CALLBACK_ACE_TYPE, ACCESS_DENIED_ACE_TYPE,
            ACCESS_DENIED_CALLBACK_ACE_TYPE,
        },
    },
    UI::Shell::{FOLDERID_ProgramData, SHGetKnownFolderPath},
};

use super::NotAdministrators;
use crate::windows::sid;

pub(super) const MEND_OWNER: &str = " (icacls PATH /setowner Administrators)";
pub(super) const MEND_WRITABLE: &str = " (icacls PATH shows who; icacls PATH /inheritance:d, then /remove:g)";

/// Checks one file, folder or link, without following it.
pub(super) fn check(path: &Path) -> Result<(), NotAdministrators> {
    let unreadable = |source| NotAdministrators::Unreadable { path: path.into(), source };
    let open = OpenOptions::new()
        .access_mode(READ_CONTROL)
        // Folders open with backup semantics only.
        .custom_flags(FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT)
        .open(path)
        .map_err(unreadable)?;
    let is_folder = path.symlink_metadata().map_err(unreadable)?.is_dir();
    let found = Found::of(&open).map_err(unreadable)?;
    judge(path, is_folder, &found)
}

/// Whether a pipe belongs to this user.
pub(super) fn is_own(pipe: &OwnedHandle) -> io::Result<bool> {
    let (mut owner, mut descriptor): (PSID, PSECURITY_DESCRIPTOR) = (ptr::null_mut(), ptr::null_mut());
    // SAFETY: the handle is open; the out-parameters may be written, the others are optional.
    let code = unsafe {
        GetSecurityInfo(
            pipe.as_raw_handle(),
            SE_KERNEL_OBJECT,
            OWNER_SECURITY_INFORMATION,
            &mut owner,
            ptr::null_mut(),
            ptr::null_mut(),
            ptr::null_mut(),
            &mut descriptor,
        )
    };
    if code != ERROR_SUCCESS {
        return Err(io::Error::from_raw_os_error(code as i32));
    }
    // SAFETY: the call succeeded: the owner points into `descriptor`, which is ours to free and not used afterwards.
    let owner = unsafe {
        let owner = if owner.is_null() { Err(io::Error::other("it has no owner")) } else { sid::text(owner) };
        LocalFree(descriptor);
        owner
    }?;
    Ok(owner == sid::TokenUser::own()?.text()?)
}

pub(super) fn administrators_folder() -> PathBuf {
    program_data().unwrap_or_else(|| PathBuf::from(r"C:\ProgramData")).join("StillYou")
}

/// From the machine's registry, not from `%ProgramData%`.
fn program_data() -> Option<PathBuf> {
    let mut text = ptr::null_mut();
    // SAFETY: the id is a constant; null asks for this machine's user; `text` may be written.
    let code = unsafe { SHGetKnownFolderPath(&FOLDERID_ProgramData, 0, ptr::null_mut(), &mut text) };
    // SAFETY: after a success `text` is a zero-ended string; it is ours to free in any case, and null may be freed.
    unsafe {
        let path = (code == 0 && !text.is_null()).then(|| {
            let length = (0..).take_while(|at| *text.add(*at) != 0).count();
            PathBuf::from(OsString::from_wide(slice::from_raw_parts(text, length)))
        });
        CoTaskMemFree(text.cast());
        path
    }
}

/// Whose a file is and what it grants to whom. SIDs are kept as text.
struct Found {
    owner: String,
    /// `None` where there is no list at all: then everybody may do everything.
    grants: Option<Vec<Grant>>,
}

struct Grant {
    to: String,
    mask: u32,
}

/// The local system, the group of administrators, and the installer of Windows' own files.
const ADMINISTRATORS: [&str; 3] =
    ["S-1-5-18", "S-1-5-32-544", "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464"];

/// What lets somebody remove it, or change who may do what.
const TAKES_OVER: u32 = DELETE | WRITE_DAC | WRITE_OWNER | GENERIC_ALL | GENERIC_WRITE;
/// In folders people may add to what there is (every folder below `%ProgramData%` allows that), but not remove it.
const CHANGES_FOLDER: u32 = TAKES_OVER | FILE_DELETE_CHILD;
const CHANGES_FILE: u32 = TAKES_OVER | FILE_WRITE_DATA | FILE_APPEND_DATA | FILE_WRITE_EA | FILE_WRITE_ATTRIBUTES;

fn judge(path: &Path, is_folder: bool, found: &Found) -> Result<(), NotAdministrators> {
    let is_administrators = |sid: &str| ADMINISTRATORS.contains(&sid);
    if !is_administrators(&found.owner) {
        return Err(NotAdministrators::Owner { path: path.into(), owner: found.owner.clone() });
    }
    let forbidden = if is_folder { CHANGES_FOLDER } else { CHANGES_FILE };
    let writable = |by: &str| NotAdministrators::Writable { path: path.into(), by: by.to_owned() };
    let grants = found.grants.as_ref().ok_or_else(|| writable("everybody"))?;
    match grants.iter().find(|grant| grant.mask & forbidden != 0 && !is_administrators(&grant.to)) {
        Some(grant) => Err(writable(&grant.to)),
        None => Ok(()),
    }
}

impl Found {
    fn of(file: &File) -> io::Result<Self> {
        let (mut owner, mut list, mut descriptor): (PSID, *mut ACL, PSECURITY_DESCRIPTOR) =
            (ptr::null_mut(), ptr::null_mut(), ptr::null_mut());
        // SAFETY: the handle is open and may be asked; the out-parameters may be written, the others are optional.
        let code = unsafe {
            GetSecurityInfo(
                file.as_raw_handle(),
                SE_FILE_OBJECT,
                OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION,
                &mut owner,
                ptr::null_mut(),
                &mut list,
                ptr::null_mut(),
                &mut descriptor,
            )
        };
        if code != ERROR_SUCCESS {
            return Err(io::Error::from_raw_os_error(code as i32));
        }
        // SAFETY: the call succeeded: both point into `descriptor`, which lives until it is freed below.
        let found = unsafe { Self::read(owner, list) };
        // SAFETY: allocated by the call for us, and what was read is a copy.
        unsafe { LocalFree(descriptor) };
        found
    }

    /// # Safety
    /// `owner` is null or a SID, `list` null or an access control list.
    unsafe fn read(owner: PSID, list: *const ACL) -> io::Result<Self> {
        if owner.is_null() {
            return Err(io::Error::other("it has no owner"));
        }
        // SAFETY: not null, so a SID.
        let owner = unsafe { sid::text(owner) }?;
        if list.is_null() {
            return Ok(Self { owner, grants: None });
        }
        let mut grants = Vec::new();
        // SAFETY: not null, so a list.
        for index in 0..u32::from(unsafe { (*list).AceCount }) {
            let mut entry = ptr::null_mut();
            // SAFETY: as above; `entry` may be written.
            if unsafe { GetAce(list, index, &mut entry) } == 0 {
                return Err(io::Error::last_os_error());
            }
            // SAFETY: every entry begins with a header.
            let header = unsafe { *entry.cast::<ACE_HEADER>() };
            if u32::from(header.AceFlags) & INHERIT_ONLY_ACE != 0 {
                continue;
            }
            match u32::from(header.AceType) {
                ACCESS_ALLOWED_ACE_TYPE | ACCESS_ALLOWED_CALLBACK_ACE_TYPE => {
                    let entry = entry.cast::<ACCESS_ALLOWED_ACE>();
                    // SAFETY: entries of these two types have a mask and then a SID, see `ACCESS_ALLOWED_ACE`.
                    let grant =
                        unsafe { Grant { to: sid::text((&raw mut (*entry).SidStart).cast())?, mask: (*entry).Mask } };
                    grants.push(grant);
                }
                ACCESS_DENIED_ACE_TYPE | ACCESS_DENIED_CALLBACK_ACE_TYPE => {}
                other => return Err(io::Error::other(format!("its access list has an entry of unknown type {other}"))),
            }
        }
        Ok(Self { owner, grants: Some(grants) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SYSTEM: &str = "S-1-5-18";
    const USERS: &str = "S-1-5-32-545";
    const PERSON: &str = "S-1-5-21-1-2-3-1001";

    fn passes(owner: &str, is_folder: bool, grants: &[(&str, u32)]) -> bool {
        let grants = grants.iter().map(|(to, mask)| Grant { to: (*to).into(), mask: *mask }).collect();
        judge(Path::new(r"C:\x"), is_folder, &Found { owner: owner.into(), grants: Some(grants) }).is_ok()
    }

    #[test]
    fn owner_and_grants_decide() {
        assert!(passes(SYSTEM, false, &[(USERS, READ_CONTROL), (SYSTEM, GENERIC_ALL)]));
        assert!(!passes(PERSON, false, &[]));
        assert!(!passes(SYSTEM, false, &[(PERSON, FILE_WRITE_DATA)]));
        assert!(!passes(SYSTEM, false, &[(USERS, WRITE_DAC)]));
    }

    #[test]
    fn a_folder_may_take_more_files_but_lose_none() {
        assert!(passes(SYSTEM, true, &[(USERS, FILE_WRITE_DATA | FILE_APPEND_DATA)]));
        assert!(!passes(SYSTEM, true, &[(USERS, FILE_DELETE_CHILD)]));
        assert!(!passes(SYSTEM, true, &[(USERS, DELETE)]));
    }

    #[test]
    fn no_list_at_all_lets_everybody_write() {
        let found = Found { owner: SYSTEM.into(), grants: None };
        assert!(matches!(judge(Path::new(r"C:\x"), false, &found), Err(NotAdministrators::Writable { .. })));
    }

    #[test]
    fn a_persons_own_file_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("policy.toml");
        std::fs::write(&file, "").unwrap();
        assert!(crate::owner::administrator_owned(&file).is_err());
        assert!(crate::owner::administrator_owned(&folder.path().join("none")).unwrap_err().is_missing());
    }
}
