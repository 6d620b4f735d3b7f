//! The vault on a real Secret Service (gnome-keyring) over a private session bus.
//!
//! The keychain library takes the bus from the environment, which a test must not change in its own process: each
//! test runs its inner part, an ignored test of the same name with `_inside`, in a child process on its own bus.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::process::Command;
use stillyou_vault::{Owner, Vault, VaultError};

// The daemon returns before it owns its name: whoever asks at once finds nobody.
const UNLOCKED: &str = "own() { dbus-send --session --print-reply --dest=org.freedesktop.DBus / \
    org.freedesktop.DBus.NameHasOwner string:org.freedesktop.secrets | grep -q true; }
    wait_own() { for _ in $(seq 200); do own && return; sleep 0.05; done; false; }
    printf %s pw | gnome-keyring-daemon --unlock --components=secrets --daemonize >/dev/null && wait_own";
const LOCKED: &str = "own() { dbus-send --session --print-reply --dest=org.freedesktop.DBus / \
    org.freedesktop.DBus.NameHasOwner string:org.freedesktop.secrets | grep -q true; }
    wait_own() { for _ in $(seq 200); do own && return; sleep 0.05; done; false; }
    printf %s pw | gnome-keyring-daemon --unlock --components=secrets --daemonize >/dev/null && wait_own
    \"$TEST\" --ignored --exact store_something
    kill $(pidof_own_keyring); while own; do sleep 0.05; done
    gnome-keyring-daemon --start --components=secrets >/dev/null && wait_own";
const NONE: &str = ":";

#[test]
fn a_template_goes_in_comes_back_and_is_erased() {
    inside("a_template_goes_in_comes_back_and_is_erased_inside", UNLOCKED);
}

#[test]
#[ignore = "runs in a child process"]
fn a_template_goes_in_comes_back_and_is_erased_inside() {
    let vault = vault();
    let first: Vec<u8> = (0..60_000_u32).map(|i| (i * 7) as u8).collect();
    let stored = vault.store("keystroke", "model", &first).unwrap();
    assert_eq!(*vault.load("keystroke", Some(&stored)).unwrap().unwrap().bytes, first);

    let second = vault.store("keystroke", "model", b"a later one").unwrap();
    assert_eq!(*vault.load("keystroke", Some(&second)).unwrap().unwrap().bytes, b"a later one");
    assert!(matches!(vault.load("keystroke", Some(&stored)), Err(VaultError::RolledBack { .. })));

    let other = Vault::open(Owner { user: "another".to_owned(), device: "this device".to_owned() }).unwrap();
    let others = other.store("keystroke", "model", b"not mine").unwrap();
    let proof = vault.erase().unwrap();
    assert_eq!(proof.removed.len(), 4, "{proof:?}");
    assert!(proof.keychain_listed);
    assert!(vault.load("keystroke", None).unwrap().is_none());
    assert!(matches!(vault.load("keystroke", Some(&second)), Err(VaultError::Removed { .. })));
    assert_eq!(*other.load("keystroke", Some(&others)).unwrap().unwrap().bytes, b"not mine");
    assert_eq!(vault.erase().unwrap().removed, [""; 0]);
}

#[test]
fn the_ledgers_key_and_head_outlive_a_restart_and_an_erasure() {
    inside("the_ledgers_key_and_head_outlive_a_restart_and_an_erasure_inside", UNLOCKED);
}

#[test]
#[ignore = "runs in a child process"]
fn the_ledgers_key_and_head_outlive_a_restart_and_an_erasure_inside() {
    assert_eq!(vault().ledger_key().unwrap(), None);
    let key = vault().ledger_key_or_new().unwrap();
    for n in 0..20_u8 {
        vault().keep_ledger_head(&[n; 200]).unwrap();
    }
    vault().store("keystroke", "model", b"template").unwrap();
    let restart = format!("kill $KEYRING_PID; while kill -0 $KEYRING_PID 2>/dev/null; do sleep 0.05; done; {UNLOCKED}");
    assert!(Command::new("bash").args(["-c", &restart]).status().unwrap().success());
    let proof = vault().erase().unwrap();
    assert_eq!((proof.removed.len(), proof.keychain_listed), (4, true));
    assert_eq!(vault().ledger_key_or_new().unwrap(), key);
    assert_eq!(vault().ledger_head().unwrap(), Some(vec![19; 200]));
}

#[test]
fn a_restarted_secret_service_is_found_again() {
    inside("a_restarted_secret_service_is_found_again_inside", UNLOCKED);
}

#[test]
#[ignore = "runs in a child process"]
fn a_restarted_secret_service_is_found_again_inside() {
    let vault = vault();
    let stored = vault.store("keystroke", "model", b"template").unwrap();
    let restart = format!("kill $KEYRING_PID; while kill -0 $KEYRING_PID 2>/dev/null; do sleep 0.05; done; {UNLOCKED}");
    assert!(Command::new("bash").args(["-c", &restart]).status().unwrap().success());
    assert_eq!(*vault.load("keystroke", Some(&stored)).unwrap().unwrap().bytes, b"template");
}

#[test]
fn a_locked_keychain_is_named_as_such() {
    inside("a_locked_keychain_is_named_as_such_inside", LOCKED);
}

#[test]
#[ignore = "runs in a child process"]
fn a_locked_keychain_is_named_as_such_inside() {
    let result = vault().load("keystroke", None).map(|_| ());
    assert!(matches!(result, Err(VaultError::KeychainLocked(_))), "{result:?}");
    let result = vault().store("keystroke", "model", b"template");
    assert!(matches!(result, Err(VaultError::KeychainLocked(_))), "{result:?}");
    let result = vault().erase();
    assert!(matches!(result, Err(VaultError::KeychainLocked(_))), "{result:?}");
    let result = vault().ledger_key_or_new().map(drop);
    assert!(matches!(result, Err(VaultError::KeychainLocked(_))), "{result:?}");
    let result = vault().keep_ledger_head(b"head");
    assert!(matches!(result, Err(VaultError::KeychainLocked(_))), "{result:?}");
}

#[test]
#[ignore = "runs in a child process"]
fn store_something() {
    vault().store("keystroke", "model", b"template").unwrap();
}

#[test]
fn a_missing_keychain_is_named_as_such() {
    inside("a_missing_keychain_is_named_as_such_inside", NONE);
}

#[test]
#[ignore = "runs in a child process"]
fn a_missing_keychain_is_named_as_such_inside() {
    let result = vault().load("keystroke", None).map(|_| ());
    assert!(matches!(result, Err(VaultError::KeychainMissing(_))), "{result:?}");
    // It comes later, as at login: the same process then finds it.
    assert!(Command::new("bash").args(["-c", UNLOCKED]).status().unwrap().success());
    let stored = vault().store("keystroke", "model", b"template").unwrap();
    assert_eq!(*vault().load("keystroke", Some(&stored)).unwrap().unwrap().bytes, b"template");
}

fn vault() -> Vault {
    Vault::open(Owner { user: "1000".to_owned(), device: "this device".to_owned() }).unwrap()
}

/// Runs the ignored test `name` on a bus of its own after `start` (bash) has started a secret service there.
fn inside(name: &str, start: &str) {
    let home = tempfile::tempdir().unwrap();
    let runtime = home.path().join("run");
    std::fs::create_dir(&runtime).unwrap();
    // No service files: nothing but what `start` starts can answer.
    let config = home.path().join("bus.conf");
    let bus = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>"#;
    std::fs::write(&config, bus).unwrap();
    let script = format!(
        "pidof_own_keyring() {{ dbus-send --session --print-reply=literal --dest=org.freedesktop.DBus / \
         org.freedesktop.DBus.GetConnectionUnixProcessID string:org.freedesktop.secrets | awk '{{print $2}}'; }}
         {start} || exit 99
         export KEYRING_PID=$(pidof_own_keyring 2>/dev/null)
         \"$TEST\" --ignored --exact {name} --nocapture; result=$?
         kill $(pidof_own_keyring 2>/dev/null) 2>/dev/null; exit $result"
    );
    let output = Command::new("dbus-run-session")
        .arg("--config-file")
        .arg(&config)
        .args(["--", "bash", "-c", &script])
        .env("TEST", std::env::current_exe().unwrap())
        .env("HOME", home.path())
        .env("XDG_RUNTIME_DIR", &runtime)
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .env_remove("XDG_DATA_HOME")
        .env_remove("GNOME_KEYRING_CONTROL")
        .output()
        .expect("dbus-run-session must be installed (package dbus)");
    let stderr = String::from_utf8_lossy(&output.stderr);
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.code() != Some(99), "gnome-keyring must be installed (package gnome-keyring): {stderr}");
    assert!(output.status.success() && stdout.contains("1 passed"), "{stdout}\n{stderr}");
}
