use super::day::Day;
use std::fmt;

/// What the process holds after an hour.
pub struct Sample {
    hour: usize,
    pub rss_kib: u64,
    pub handles: usize,
    pub threads: u64,
    ledger_kib: u64,
    entries: u64,
    keystrokes: u64,
}

impl Sample {
    pub const HEADER: &str = "hour  RSS KiB  handles  threads  ledger KiB  entries  keystrokes";

    pub fn take(hour: usize, day: &Day) -> Self {
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let field = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
            line.split_whitespace().next().unwrap().parse::<u64>().unwrap()
        };
        Self {
            hour,
            rss_kib: field("VmRSS:"),
            threads: field("Threads:"),
            // One of them is the folder that is read.
            handles: std::fs::read_dir("/proc/self/fd").unwrap().count() - 1,
            ledger_kib: day.ledger_bytes() / 1024,
            entries: day.entries(),
            keystrokes: day.keystrokes,
        }
    }
}

impl fmt::Display for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { hour, rss_kib, handles, threads, ledger_kib, entries, keystrokes } = self;
        write!(f, "{hour:4}  {rss_kib:7}  {handles:7}  {threads:7}  {ledger_kib:10}  {entries:7}  {keystrokes:10}")
    }
}
