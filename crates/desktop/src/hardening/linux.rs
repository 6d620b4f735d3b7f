use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};
use std::io;

pub fn seal_memory() -> io::Result<()> {
    // Not dumpable: /proc/PID/{mem,fd,maps,environ} belong to root, and ptrace needs CAP_SYS_PTRACE (proc(5), ptrace(2)).
    set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    // A core pattern that pipes to a program ignores a limit of 0, but not the above.
    Ok(setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) })?)
}

/// As systemd's `MemoryDenyWriteExecute=`, which in a user's unit would also take PAM's helper the right to check
/// passwords (it implies `NoNewPrivileges=`).
#[allow(unsafe_code)]
pub fn separate_code_from_data() -> io::Result<()> {
    let how = libc::PR_MDWE_REFUSE_EXEC_GAIN | libc::PR_MDWE_NO_INHERIT;
    // SAFETY: PR_SET_MDWE takes four numbers and touches no memory of ours (prctl(2)).
    let outcome = unsafe { libc::prctl(libc::PR_SET_MDWE, libc::c_ulong::from(how), 0, 0, 0) };
    if outcome == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}
