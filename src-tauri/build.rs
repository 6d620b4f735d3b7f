//! The app's commands, so that each needs a permission; and a plain word where the front-end is not built.

/// As in `src/commands.rs`.
const COMMANDS: &[&str] = &[
    "status",
    "verify",
    "check_face",
    "set_up_totp",
    "confirm_totp",
    "make_recovery_codes",
    "set_up_pass_phrase",
    "confirm_pass_phrase",
    "ask_key",
    "check_key",
    "set_up_key",
    "add_key",
    "remove_key",
    "enroll",
    "cancel_enrolment",
    "enroll_face",
    "cancel_face",
    "explain",
    "decisions",
    "today",
    "verify_ledger",
    "export_data",
    "erase",
    "withdraw_consent",
    "pause",
    "resume",
    "lock_now",
    "start_agent",
    "set_sensor",
    "policy",
    "stored",
    "open_window",
    "close_window",
    "open_case",
    "enter_document",
    "scan_document",
    "scan_request",
    "enter_code",
    "cases",
    "show_case",
    "close_case",
    "break_glass",
    "export_case",
    "export_counts",
    "own_roles",
    "read_request",
    "read_grant",
    "issue_grant",
    "countersign_grant",
    "read_case",
    "review_case",
    "report",
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=../ui/dist");
    println!("cargo::rerun-if-changed=../ui/isolation");
    assert!(
        std::path::Path::new("../ui/dist/index.html").exists(),
        "the front-end is not built: run `npm ci && npm run build` in ui/, or build with ./x, which does"
    );
    let manifest = tauri_build::AppManifest::new().commands(COMMANDS);
    tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest))?;
    Ok(())
}
