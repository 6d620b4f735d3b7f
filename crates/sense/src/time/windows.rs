#![allow(unsafe_code)]

use windows_sys::Win32::System::WindowsProgramming::QueryUnbiasedInterruptTimePrecise;

/// The performance counter, which `Instant` reads, counts while the machine sleeps; this clock doesn't.
pub(super) fn micros() -> u64 {
    let mut ticks = 0;
    // SAFETY: `ticks` may be written; the call can't fail. It counts 100 ns.
    unsafe { QueryUnbiasedInterruptTimePrecise(&mut ticks) };
    ticks / 10
}
