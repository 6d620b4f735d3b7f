use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};
use std::io;

pub fn seal_memory() -> io::Result<()> {
    // Not dumpable: /proc/PID/{mem,fd,maps,environ} belong to root, and ptrace needs CAP_SYS_PTRACE (proc(5), ptrace(2)).
    set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    // A core pattern that pipes to a program ignores a limit of 0, but not the above.
    Ok(setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) })?)
}
