//! What a page may do, set down twice: here and in the files that grant it. Whoever grants more must say so in both.

#![allow(clippy::unwrap_used)]

use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The window that asks for proof.
const CONFIRM: [&str; 14] = [
    "allow-ask-key",
    "allow-cancel-face",
    "allow-check-face",
    "allow-check-key",
    "allow-close-window",
    "allow-enter-code",
    "allow-enter-document",
    "allow-lock-now",
    "allow-open-case",
    "allow-scan-document",
    "allow-status",
    "allow-verify",
    "core:event:allow-listen",
    "core:event:allow-unlisten",
];

/// The main window.
const MAIN: [&str; 54] = [
    "allow-add-key",
    "allow-ask-key",
    "allow-break-glass",
    "allow-cancel-enrolment",
    "allow-cancel-face",
    "allow-cases",
    "allow-check-face",
    "allow-check-key",
    "allow-close-case",
    "allow-close-window",
    "allow-confirm-pass-phrase",
    "allow-confirm-totp",
    "allow-countersign-grant",
    "allow-decisions",
    "allow-enroll",
    "allow-enroll-face",
    "allow-enter-code",
    "allow-enter-document",
    "allow-erase",
    "allow-explain",
    "allow-export-case",
    "allow-export-counts",
    "allow-export-data",
    "allow-issue-grant",
    "allow-lock-now",
    "allow-make-recovery-codes",
    "allow-open-case",
    "allow-open-window",
    "allow-own-roles",
    "allow-pause",
    "allow-policy",
    "allow-read-case",
    "allow-read-grant",
    "allow-read-request",
    "allow-remove-key",
    "allow-report",
    "allow-resume",
    "allow-review-case",
    "allow-scan-document",
    "allow-scan-request",
    "allow-set-sensor",
    "allow-set-up-key",
    "allow-set-up-pass-phrase",
    "allow-set-up-totp",
    "allow-show-case",
    "allow-start-agent",
    "allow-status",
    "allow-stored",
    "allow-today",
    "allow-verify",
    "allow-verify-ledger",
    "allow-withdraw-consent",
    "core:event:allow-listen",
    "core:event:allow-unlisten",
];

#[test]
fn each_window_may_do_this_and_no_more() {
    let files: BTreeSet<String> = names(&here().join("capabilities"));
    assert_eq!(files, ["confirm.json", "main.json"].map(String::from).into());
    for (name, permissions) in [("confirm", &CONFIRM[..]), ("main", &MAIN[..])] {
        let capability = json(&format!("capabilities/{name}.json"));
        assert_eq!(capability["windows"], serde_json::json!([name]));
        // No page from elsewhere may do any of it.
        assert_eq!(capability["remote"], Value::Null);
        let granted: BTreeSet<&str> =
            capability["permissions"].as_array().unwrap().iter().map(|p| p.as_str().unwrap()).collect();
        assert_eq!(granted, permissions.iter().copied().collect(), "{name}");
    }
}

#[test]
fn the_isolation_script_lets_through_what_some_window_may_and_no_more() {
    let script = std::fs::read_to_string(here().join("../ui/isolation/isolation.js")).unwrap();
    let known = script.split("new Set([").nth(1).unwrap().split("])").next().unwrap();
    let known: BTreeSet<String> = known.split('\'').skip(1).step_by(2).map(str::to_owned).collect();
    let event =
        |permission: &str| permission.strip_prefix("core:event:allow-").map(|name| format!("plugin:event|{name}"));
    let command =
        |permission: &&str| event(permission).unwrap_or_else(|| permission["allow-".len()..].replace('-', "_"));
    assert_eq!(known, MAIN.iter().chain(&CONFIRM).map(command).collect());
}

#[test]
fn the_shell_is_closed() {
    let security = &json("tauri.conf.json")["app"]["security"];
    assert_eq!(json("tauri.conf.json")["app"]["withGlobalTauri"], false);
    assert_eq!(security["pattern"]["use"], "isolation");
    assert_eq!(security["capabilities"], serde_json::json!(["main", "confirm"]));
    let policy = security["csp"].as_object().unwrap();
    assert_eq!(policy["default-src"], "'self'");
    for (directive, sources) in policy {
        let sources = sources.as_str().unwrap();
        assert!(!sources.contains("unsafe") && !sources.contains('*'), "{directive} {sources}");
        let elsewhere = sources.split(' ').filter(|source| source.contains("://") && *source != "http://ipc.localhost");
        assert_eq!(elsewhere.count(), 0, "{directive} {sources}");
    }
    let manifest = std::fs::read_to_string(here().join("Cargo.toml")).unwrap();
    let plugins: Vec<&str> = manifest.lines().filter(|line| line.starts_with("tauri-plugin-")).collect();
    assert_eq!(plugins.len(), 2, "autostart and single-instance, neither of which a page can ask: {plugins:?}");
}

#[test]
fn no_script_stands_in_a_page() {
    for page in ["../ui/index.html", "../ui/isolation/index.html", "../ui/dist/index.html"] {
        let text = std::fs::read_to_string(here().join(page)).unwrap();
        for script in text.split("<script").skip(1) {
            let (attributes, rest) = script.split_once('>').unwrap();
            assert!(attributes.contains("src=") && rest.trim_start().starts_with("</script>"), "{page}: {script}");
        }
        assert!(!text.contains("http://") && !text.contains("https://"), "{page} loads from elsewhere");
    }
}

fn here() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).into()
}

fn names(folder: &Path) -> BTreeSet<String> {
    std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

fn json(file: &str) -> Value {
    serde_json::from_slice(&std::fs::read(here().join(file)).unwrap()).unwrap()
}
