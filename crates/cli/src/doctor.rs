use crate::ask::places;
use crate::output::say;
use anyhow::Result;
use std::process::ExitCode;
use stillyou_agent::ipc::Client;
use stillyou_agent::{PadState, Places, load_model, load_pointer_model, lock_methods};
use stillyou_desktop_os::Desktop;
use stillyou_desktop_os::lock::Locker;
use stillyou_desktop_os::password::PasswordCheck;
use stillyou_desktop_os::session::session_info;
use stillyou_ledger::Ledger;
use stillyou_sense::camera::{CameraError, CameraInfo, cameras};
use stillyou_sense::keyboard::{Session, SourceChoice, SourceKind, select, timing};
use stillyou_sense::pointer;
use stillyou_trust::Policy;
use stillyou_trust::policy::CameraMode;
use stillyou_vault::{Owner, Vault, device_id};

/// Intervals measured for each source.
const INTERVALS: usize = 300;

/// What one check found: fine, or what is wrong and how to mend it.
type Finding = Result<String, String>;

pub fn run(timing: bool) -> Result<ExitCode> {
    let places = places()?;
    let desktop = Desktop::from_env();
    let (policy, policy_finding) = policy(&places);
    let mut all = vec![
        ("agent", agent(&places)),
        ("policy", policy_finding),
        ("session", session(&desktop)),
        ("keyboard", keyboard()),
        ("pointer", pointer(&policy)),
        ("camera", camera()),
        ("liveness", liveness(&places, &policy)),
        ("lock", lock(&desktop, &policy)),
        ("password", password()),
        ("keychain", keychain()),
        ("model", model(&policy)),
        ("ledger", ledger(&places)),
    ];
    if timing {
        let session = Session::from_env();
        let sources: &[SourceKind] = if cfg!(target_os = "linux") {
            &[SourceKind::X11, SourceKind::Evdev, SourceKind::Rdev]
        } else {
            &[SourceKind::System]
        };
        all.extend(sources.iter().map(|kind| ("timing", measure(&session, *kind))));
    }
    for (part, finding) in &all {
        match finding {
            Ok(fine) => say!("ok       {part:<9} {fine}"),
            Err(wrong) => say!("PROBLEM  {part:<9} {wrong}"),
        }
    }
    // Timing is a measurement: a source that can't be measured here is no problem of this machine.
    let sound = all.iter().all(|(part, finding)| finding.is_ok() || *part == "timing");
    Ok(if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn agent(places: &Places) -> Finding {
    match Client::connect(&places.socket) {
        Ok(_) => Ok(format!("answers at {}", places.socket.display())),
        Err(e) => Err(e.to_string()),
    }
}

fn policy(places: &Places) -> (Policy, Finding) {
    match stillyou_agent::load_policy(&places.system_policy, Some(&places.user_policy)) {
        Ok(loaded) => {
            let files: Vec<String> = loaded.files.iter().map(|f| f.display().to_string()).collect();
            let from = if files.is_empty() { "the defaults are in force".into() } else { files.join(", ") };
            (loaded.policy, Ok(from))
        }
        Err(e) => (Policy::default(), Err(e.to_string())),
    }
}

fn session(desktop: &Desktop) -> Finding {
    let info = session_info(desktop).map(|i| format!(", session {}", i.id));
    Ok(format!("{:?}{}", desktop.kind, info.unwrap_or_else(|e| format!(" ({e})"))))
}

fn keyboard() -> Finding {
    match select(&Session::from_env(), SourceChoice::Auto) {
        Ok(source) => Ok(format!("seen through {}", source.name())),
        Err(e) => {
            let risk = e.risk().map(|r| format!("\n{:19}risk: {r}", "")).unwrap_or_default();
            Err(format!("{e}\n{:19}to mend it: {}{risk}", "", e.fix()))
        }
    }
}

fn pointer(policy: &Policy) -> Finding {
    let Some(model) = load_pointer_model(policy).map_err(|e| e.to_string())? else {
        return Ok("not judged: policy says so, or the pack in use leaves no weights for it".into());
    };
    let source = pointer::select(&Session::from_env()).map_err(|e| e.to_string())?;
    Ok(format!("seen through {}, judged by {}", source.name(), model.version()))
}

/// No camera is turned on for it.
fn camera() -> Finding {
    match cameras() {
        Ok(found) if found.is_empty() => Ok("none; keyboard and pointer do without".into()),
        Ok(found) => Ok(found.iter().map(one_camera).collect::<Vec<_>>().join(&format!("\n{:19}", ""))),
        Err(CameraError::Unsupported) => Ok(CameraError::Unsupported.to_string()),
        Err(e) => Err(format!("{e}\n{:19}to mend it: {}", "", e.fix())),
    }
}

/// Being without the weights is no problem of this machine: that is as it comes. Weights that can't be used are.
fn liveness(places: &Places, policy: &Policy) -> Finding {
    if policy.camera.mode == CameraMode::Off {
        return Ok("not looked for: the policy never uses the camera".into());
    }
    let found = PadState::of(&places.models);
    let refused = matches!(found, PadState::Refused { .. });
    match found.problem() {
        None => Ok("pictures and screens held up to the camera are looked for".into()),
        Some(lost) if refused => Err(lost),
        Some(lost) => Ok(lost),
    }
}

fn one_camera(camera: &CameraInfo) -> String {
    let CameraInfo { identity, handle, made_by_program, readable } = camera;
    let made = made_by_program.as_ref().map(|why| format!("; virtual ({why}), so trusted less")).unwrap_or_default();
    let unread = if *readable { "" } else { "; not usable, it offers no colour picture (infrared?)" };
    format!("{identity} at {handle}{made}{unread}")
}

fn lock(desktop: &Desktop, policy: &Policy) -> Finding {
    let methods = lock_methods(&policy.lock).map_err(|e| format!("lock.command: {e}"))?;
    let probes = Locker::new(desktop.clone(), methods).probe_lock_methods();
    let usable = probes.iter().any(|p| p.looks_usable.is_ok());
    let words: Vec<String> = probes
        .iter()
        .map(|p| match &p.looks_usable {
            Ok(what) => format!("{}: {what}", p.method),
            Err(why) => format!("{}: no, {why}", p.method),
        })
        .collect();
    let words = words.join(&format!("\n{:19}", ""));
    if usable {
        Ok(words)
    } else {
        Err(format!("nothing can lock this session; install a locker and name it in lock.command\n{:19}{words}", ""))
    }
}

fn password() -> Finding {
    match PasswordCheck::for_own_user(None) {
        Ok(check) => Ok(format!("of {} through {}", check.user(), check.service())),
        Err(e) => Err(e.to_string()),
    }
}

fn keychain() -> Finding {
    let device = device_id().map_err(|e| e.to_string())?;
    let user = stillyou_agent::user_id();
    let slots = Vault::open(Owner { user, device }).and_then(|v| v.status()).map_err(|e| e.to_string())?;
    let enrolled: Vec<&str> = slots.iter().filter(|s| s.stored.is_some()).map(|s| s.slot.as_str()).collect();
    Ok(if enrolled.is_empty() { "reachable, nobody enrolled".into() } else { format!("holds {}", enrolled.join(", ")) })
}

fn model(policy: &Policy) -> Finding {
    let model = load_model(&policy.model).map_err(|e| e.to_string())?;
    let terms = &model.card().terms;
    let note =
        if terms.non_commercial { ": NON-COMMERCIAL USE ONLY; model.pack = \"open\" has open terms" } else { "" };
    Ok(format!("{}, {}{note}", model.version(), terms.licence))
}

fn ledger(places: &Places) -> Finding {
    if !places.ledger.exists() {
        return Ok("none yet".into());
    }
    let verified = Ledger::open_read_only(&places.ledger).map_err(|e| e.to_string())?.verify(None, None);
    verified.map(|v| format!("{} entries, unbroken", v.entries)).map_err(|broken| format!("broken: {broken}"))
}

fn measure(session: &Session, kind: SourceKind) -> Finding {
    let r = timing::measure(session, kind, INTERVALS).map_err(|e| format!("{}: {e}", kind.name()))?;
    Ok(format!(
        "{}: error of intervals median {:.2} ms, p95 {:.2} ms, p99 {:.2} ms (n = {})",
        kind.name(),
        r.median_us / 1e3,
        r.p95_us / 1e3,
        r.p99_us / 1e3,
        r.n
    ))
}
