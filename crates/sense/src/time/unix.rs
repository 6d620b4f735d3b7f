use rustix::time::{ClockId, clock_gettime};

pub(super) fn micros() -> u64 {
    let t = clock_gettime(ClockId::Monotonic);
    t.tv_sec as u64 * 1_000_000 + t.tv_nsec as u64 / 1_000
}
