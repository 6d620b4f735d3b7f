use anyhow::{Context, Result, ensure};
use std::ops::Sub;

/// Clock ticks a second in /proc (USER_HZ: 100 on every Linux that Debian builds).
const TICKS: f64 = 100.0;

/// What some processes have used so far, and hold now.
#[derive(Clone, Copy, Debug, Default)]
pub struct Usage {
    /// Seconds on a processor, ended threads included.
    pub cpu_s: f64,
    /// Times that a thread waited and was woken, of the threads there are.
    pub wake_ups: f64,
    /// Resident memory, shared pages counted whole, in MiB.
    pub rss_mib: f64,
    /// Resident memory, shared pages divided among those who share, in MiB.
    pub pss_mib: f64,
}

impl Sub for Usage {
    type Output = Usage;

    /// What was used between two moments; memory is that of the later one.
    fn sub(self, earlier: Usage) -> Usage {
        Usage { cpu_s: self.cpu_s - earlier.cpu_s, wake_ups: self.wake_ups - earlier.wake_ups, ..self }
    }
}

/// The usage of all that `wrapper` started, without the wrapper.
pub fn usage_below(wrapper: u32) -> Result<Usage> {
    let mut processes = Vec::new();
    descendants(wrapper, &mut processes)?;
    ensure!(!processes.is_empty(), "process {wrapper} has no children");
    let mut sum = Usage::default();
    for process in processes {
        let one = usage(process).with_context(|| format!("process {process}"))?;
        sum.cpu_s += one.cpu_s;
        sum.wake_ups += one.wake_ups;
        sum.rss_mib += one.rss_mib;
        sum.pss_mib += one.pss_mib;
    }
    Ok(sum)
}

fn descendants(process: u32, into: &mut Vec<u32>) -> Result<()> {
    for task in std::fs::read_dir(format!("/proc/{process}/task"))? {
        let children = std::fs::read_to_string(task?.path().join("children")).unwrap_or_default();
        for child in children.split_whitespace() {
            let child = child.parse()?;
            into.push(child);
            descendants(child, into)?;
        }
    }
    Ok(())
}

fn usage(process: u32) -> Result<Usage> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat"))?;
    // Behind the name, which may hold anything: state is field 3, user and system time are 14 and 15.
    let fields: Vec<&str> = stat.rsplit_once(')').context("stat")?.1.split_whitespace().collect();
    let ticks = |index: usize| -> Result<f64> { Ok(fields.get(index).context("stat")?.parse()?) };
    let cpu_s = (ticks(11)? + ticks(12)?) / TICKS;
    let mut wake_ups = 0.0;
    for task in std::fs::read_dir(format!("/proc/{process}/task"))? {
        // A thread may end while we look.
        let Ok(status) = std::fs::read_to_string(task?.path().join("status")) else { continue };
        wake_ups += value(&status, "voluntary_ctxt_switches:")?;
    }
    let memory = std::fs::read_to_string(format!("/proc/{process}/smaps_rollup"))?;
    let mib = |name| value(&memory, name).map(|kib| kib / 1024.0);
    Ok(Usage { cpu_s, wake_ups, rss_mib: mib("Rss:")?, pss_mib: mib("Pss:")? })
}

fn value(text: &str, name: &str) -> Result<f64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name)).with_context(|| format!("no {name}"))?;
    Ok(line.split_whitespace().next().with_context(|| format!("{name} is empty"))?.parse()?)
}

#[cfg(test)]
mod tests {
    use super::usage_below;
    use std::process::Command;

    #[test]
    fn a_child_has_memory_and_its_grandchild_counts() {
        let mut child = Command::new("sh").args(["-c", "sleep 60 & wait"]).spawn().unwrap();
        while usage_below(child.id()).is_err() {
            std::thread::yield_now();
        }
        let below = usage_below(child.id());
        let whole = usage_below(std::process::id());
        // Both are ours; ending the shell alone would leave the other.
        let children = std::fs::read_to_string(format!("/proc/{0}/task/{0}/children", child.id())).unwrap();
        let ended = Command::new("kill").arg(children.trim()).status().unwrap();
        child.wait().unwrap();
        assert!(ended.success());
        let (below, whole) = (below.unwrap(), whole.unwrap());
        assert!(below.rss_mib > 0.0 && below.pss_mib <= below.rss_mib, "{below:?}");
        assert!(whole.rss_mib > below.rss_mib, "{whole:?}");
    }
}
