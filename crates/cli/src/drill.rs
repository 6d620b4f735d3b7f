use crate::args::BiometricOutage;
use crate::output::say;
use anyhow::{Context, Result, anyhow};
use std::path::Path;
use std::process::ExitCode;
use stillyou_governance::SigningKey;
use stillyou_governance::drill::{self, Config, Report};
use zeroize::Zeroizing;

/// Plays the drill; succeeds only if every check held.
pub fn biometric_outage(how: &BiometricOutage) -> Result<ExitCode> {
    let config = Config { spoil: how.spoil.clone(), ..Config::new(how.hours, how.seed) };
    let report = drill::biometric_outage(&config)?;
    if let Some(out) = &how.out {
        let key = key(how.key.as_deref())?;
        let text = report.sign("stillyou drill", &key);
        std::fs::write(out, text + "\n").with_context(|| out.display().to_string())?;
        eprintln!("stillyou: signed report in {}; public key {}", out.display(), key.public());
    }
    if how.json {
        say!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        in_words(&report);
    }
    Ok(if report.held { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn in_words(report: &Report) {
    let outage = &report.outage;
    say!(
        "{} hours without biometrics (simulated, seed {}): {} min of work under {} grants, {} min by factors alone, \
         {} step-ups",
        report.hours,
        report.seed,
        outage.granted_minutes,
        outage.grants,
        outage.factor_minutes,
        outage.step_ups
    );
    for check in &report.checks {
        match check.held {
            true => say!("  held    {}: {}", check.name, check.seen),
            false => say!("  FAILED  {}: {}; it had to be {}", check.name, check.seen, check.expected),
        }
    }
    let held = report.checks.iter().filter(|check| check.held).count();
    say!("{held} of {} checks held", report.checks.len());
}

/// The key in a file, or a new one.
fn key(file: Option<&Path>) -> Result<SigningKey> {
    let mut secret = Zeroizing::new([0; 32]);
    match file {
        Some(file) => {
            let text = Zeroizing::new(std::fs::read_to_string(file).with_context(|| file.display().to_string())?);
            read_hex(text.trim(), &mut secret)
                .ok_or_else(|| anyhow!("{}: a key is 64 lower-case hexadecimal digits", file.display()))?;
        }
        None => getrandom::fill(secret.as_mut_slice()).context("no random numbers")?,
    }
    Ok(SigningKey::from_secret(&secret))
}

fn read_hex(text: &str, into: &mut [u8; 32]) -> Option<()> {
    let digits = text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    if text.len() != 64 || !digits {
        return None;
    }
    for (pair, byte) in text.as_bytes().chunks(2).zip(into) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(())
}
