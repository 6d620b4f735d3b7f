//! A day of work in virtual time, with the parts of the real agent that keep state: engine, window, enrolment, record, step-up's
//! count, socket, export. `./x soak` runs it.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test, in files of its own")]

mod day;
mod sample;

use crate::run::TICK;
use crate::talk::BEAT;
use day::Day;
use sample::Sample;

/// How much more memory the last quarter may have on average than the second, in KiB.
const MARGIN_KIB: u64 = 2 * 1024;

#[test]
#[ignore = "a day takes minutes: ./x soak"]
fn a_day_of_work_leaves_memory_and_handles_as_they_were() {
    let hours: usize = std::env::var("STILLYOU_SOAK_HOURS").map_or(24, |h| h.parse().unwrap());
    assert!(hours >= 4, "STILLYOU_SOAK_HOURS is {hours}; it must be at least 4, an hour a quarter");
    println!("{}", Sample::HEADER);
    let mut day = Day::begin();
    let samples: Vec<Sample> = (1..=hours)
        .map(|hour| {
            day.hour(hour);
            let sample = Sample::take(hour, &day);
            println!("{sample}");
            sample
        })
        .collect();
    println!("{}", day.summary());
    println!("an idle worker's loop wakes {} times a second", 1.0 / TICK.as_secs_f64() + 2.0 / BEAT.as_secs_f64());

    let quarter = |n: usize| &samples[n * hours / 4..(n + 1) * hours / 4];
    let mean = |samples: &[Sample]| samples.iter().map(|s| s.rss_kib).sum::<u64>() / samples.len() as u64;
    let most = |samples: &[Sample]| samples.iter().map(|s| (s.handles, s.threads)).max();
    let (second, last) = (mean(quarter(1)), mean(quarter(3)));
    println!("memory: second quarter {second} KiB, last quarter {last} KiB, allowed {MARGIN_KIB} KiB more");
    assert!(last <= second + MARGIN_KIB, "memory grows");
    assert!(most(quarter(3)) <= most(quarter(1)), "handles or threads grow");
    day.end();
}
