//! Where policy comes from.

#![allow(clippy::unwrap_used)]

use std::fs;
use stillyou_agent::load_policy;
use stillyou_trust::Policy;

#[test]
fn without_documents_the_defaults_are_in_force() {
    let folder = tempfile::tempdir().unwrap();
    let loaded = load_policy(&folder.path().join("none.toml"), None).unwrap();
    assert_eq!(loaded.policy, Policy::default());
    assert!(loaded.files.is_empty());
}

#[test]
fn a_system_policy_that_somebody_else_could_have_written_is_refused() {
    // On Unix the temporary folder's parent is writable by everybody, as it is for an intruder.
    let folder = if cfg!(unix) { tempfile::tempdir_in("/tmp") } else { tempfile::tempdir() }.unwrap();
    let file = folder.path().join("policy.toml");
    fs::write(&file, "version = 1\n[lock]\ncommand = [\"/bin/true\"]\n").unwrap();
    let error = load_policy(&file, None).unwrap_err().to_string();
    assert!(error.contains("not administrator-owned"), "{error}");
}

#[test]
fn a_users_policy_tightens_and_never_loosens() {
    let folder = tempfile::tempdir().unwrap();
    let (system, user) = (folder.path().join("none.toml"), folder.path().join("user.toml"));
    fs::write(&user, "[step_up]\ngrace_seconds = 10\n").unwrap();
    assert_eq!(load_policy(&system, Some(&user)).unwrap().policy.step_up.grace_seconds, 10);
    fs::write(&user, "[step_up]\ngrace_seconds = 120\n").unwrap();
    let error = load_policy(&system, Some(&user)).unwrap_err().to_string();
    assert!(error.contains("user.toml: step_up.grace_seconds may not be 120"), "{error}");
}

#[test]
fn a_document_that_is_far_too_large_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let user = folder.path().join("user.toml");
    fs::write(&user, "#".repeat(300_000)).unwrap();
    let error = load_policy(&folder.path().join("none.toml"), Some(&user)).unwrap_err().to_string();
    assert!(error.contains("300000 bytes"), "{error}");
}
