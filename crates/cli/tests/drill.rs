//! The drill of the governed fallback, as anybody can run it.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::process::{Command, Output};
use stillyou_governance::SigningKey;
use stillyou_governance::drill::{DrillError, Report};

fn drill(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_stillyou")).args(["drill", "biometric-outage"]).args(args).output().unwrap()
}

#[test]
fn four_hours_without_biometrics_hold() {
    let output = drill(&["--hours", "4"]);
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{said}");
    assert!(!said.contains("FAILED"), "{said}");
    for attempt in [
        "expired",
        "replayed",
        "self-approved",
        "edited to last longer",
        "over-long",
        "for another device",
        "for another person",
        "clock set back to use it late",
        "two at once",
    ] {
        assert!(said.contains(&format!("  held    {attempt}: ")), "{attempt}\n{said}");
    }
}

#[test]
fn a_broken_check_fails_the_drill_and_is_named() {
    for attempt in ["expired", "self-approved", "one approver where two must"] {
        let output = drill(&["--spoil", attempt]);
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(!output.status.success(), "{said}");
        assert_eq!(said.matches("FAILED").count(), 1, "{said}");
        assert!(said.contains(&format!("  FAILED  {attempt}: accepted; it had to be")), "{said}");
    }
    let output = drill(&["--spoil", "nonsense"]);
    assert!(!output.status.success());
    assert!(String::from_utf8(output.stderr).unwrap().contains("there is no attempt \"nonsense\""));
}

#[test]
fn the_report_is_signed_by_the_key_that_was_given() {
    let folder = tempfile::tempdir().unwrap();
    let (out, key) = (folder.path().join("drill.jws"), folder.path().join("key"));
    std::fs::write(&key, "07".repeat(32)).unwrap();
    let output = drill(&["--seed", "9", "--json", "--out", out.to_str().unwrap(), "--key", key.to_str().unwrap()]);
    assert!(output.status.success());
    let printed: Report = serde_json::from_slice(&output.stdout).unwrap();
    let text = std::fs::read_to_string(&out).unwrap();
    let public = SigningKey::from_secret(&[7; 32]).public();
    assert!(String::from_utf8(output.stderr).unwrap().contains(&public.to_string()));
    assert_eq!(Report::read(&text, &public).unwrap(), printed);
    assert!(printed.held && printed.seed == 9);
    let other = SigningKey::from_secret(&[8; 32]).public();
    assert_eq!(Report::read(&text, &other), Err(DrillError::BadSignature));
}

#[test]
fn the_same_seed_is_the_same_drill() {
    let run = |seed| drill(&["--json", "--seed", seed]).stdout;
    assert_eq!(run("3"), run("3"));
    assert_ne!(run("3"), run("4"));
}
