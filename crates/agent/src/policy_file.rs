use crate::places::Places;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use stillyou_desktop_os::owner::{NotAdministrators, administrator_owned};
use stillyou_trust::Policy;
use stillyou_trust::policy::{Field, PolicyError};
use thiserror::Error;

/// Largest policy document read, in bytes.
const MAX_BYTES: u64 = 256 * 1024;

/// The policy in force and where it came from.
#[derive(Clone, Debug)]
pub struct PolicyInForce {
    /// The policy.
    pub policy: Policy,
    /// The documents it was read from; none means the compiled-in defaults.
    pub files: Vec<PathBuf>,
    /// Which document sets a field, by the field's name; the others have their defaults.
    pub set_by: BTreeMap<&'static str, PathBuf>,
}

/// Why no policy could be read. Nothing of it is used then.
#[derive(Debug, Error)]
pub enum PolicyFileError {
    /// It can't be read.
    #[error("{}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// It is far too large.
    #[error("{}: {bytes} bytes; a policy has at most {MAX_BYTES}", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Its size.
        bytes: u64,
    },
    /// Somebody else than the administrator could have written the system policy.
    #[error("{}: not administrator-owned: {why}", path.display())]
    Owner {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        why: NotAdministrators,
    },
    /// It is refused.
    #[error(transparent)]
    Policy(#[from] PolicyError),
}

/// The policy to run with, whatever the files hold: an agent that stops over a bad policy protects nobody.
#[derive(Debug)]
pub struct Usable {
    /// What can be used: without the user's file when that can't be, the compiled-in defaults when the administrator's
    /// can't.
    pub in_force: PolicyInForce,
    /// Why something could not be used.
    pub problem: Option<PolicyFileError>,
}

/// The policy to run with.
pub fn usable(places: &Places) -> Usable {
    let problem = match load(&places.system_policy, Some(&places.user_policy)) {
        Ok(in_force) => return Usable { in_force, problem: None },
        Err(problem) => Some(problem),
    };
    let defaults = || in_force(Policy::default(), Vec::new());
    Usable { in_force: load(&places.system_policy, None).unwrap_or_else(|_| defaults()), problem }
}

/// The administrator's policy, or the defaults where there is none, tightened by the user's where there is one.
///
/// # Errors
/// When a file that is there can't be used completely.
pub fn load(system: &Path, user: Option<&Path>) -> Result<PolicyInForce, PolicyFileError> {
    let mut files = Vec::new();
    let mut policy = Policy::default();
    if let Some(text) = read(system)? {
        administrator_owned(system).map_err(|why| PolicyFileError::Owner { path: system.into(), why })?;
        policy = Policy::parse(&text, &system.display().to_string())?;
        files.push((system, text));
    }
    if let Some(user) = user
        && let Some(text) = read(user)?
    {
        policy = policy.tightened_by(&text, &user.display().to_string())?;
        files.push((user, text));
    }
    Ok(in_force(policy, files))
}

/// `documents` in the order they were laid over each other: the last that sets a field has set it.
fn in_force(policy: Policy, documents: Vec<(&Path, String)>) -> PolicyInForce {
    let setter = |field: &Field| documents.iter().rev().find(|(_, text)| field.is_set_in(text));
    let fields = Policy::fields();
    let set_by = fields.iter().filter_map(|f| Some((f.name, setter(f)?.0.to_owned()))).collect();
    PolicyInForce { policy, files: documents.iter().map(|(path, _)| (*path).to_owned()).collect(), set_by }
}

/// A file's text, `None` when there is no such file.
fn read(path: &Path) -> Result<Option<String>, PolicyFileError> {
    let failed = |source| PolicyFileError::Read { path: path.to_owned(), source };
    let bytes = match std::fs::metadata(path) {
        Ok(meta) => meta.len(),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(failed(e)),
    };
    if bytes > MAX_BYTES {
        return Err(PolicyFileError::TooLarge { path: path.to_owned(), bytes });
    }
    std::fs::read_to_string(path).map(Some).map_err(failed)
}
