use crate::link::Link;
use crate::pending::Pending;
use crate::texts::Texts;
use crate::tray::Tray;
use crate::view::View;
use crate::{Args, commands, start, windows};
use clap::Parser;
use std::sync::{Arc, Mutex};
use stillyou_agent::ipc::Status;
use stillyou_trust::State;
use tauri::{AppHandle, Emitter, Manager, RunEvent};

/// The name of the event that carries every change to the windows.
const STATUS: &str = "status";

/// Runs the app until the session ends.
///
/// # Errors
/// When the desktop has no place for it.
pub fn run(args: &Args) -> tauri::Result<()> {
    let args = args.clone();
    let app = tauri::Builder::default()
        .plugin(tauri_plugin_single_instance::init(|app, words, _| second_start(app, words)))
        .plugin(tauri_plugin_autostart::Builder::new().app_name("StillYou").build())
        .invoke_handler(commands::all())
        .setup(move |app| {
            // In the menu bar alone: what the bundle says of this (LSUIElement) would be overruled here.
            #[cfg(target_os = "macos")]
            app.set_activation_policy(tauri::ActivationPolicy::Accessory);
            set_up(app.handle(), &args)?;
            Ok(())
        })
        .build(tauri::generate_context!())?;
    app.run(|_, event| {
        // The app lives in the tray: the last window's end is not its own.
        if let RunEvent::ExitRequested { code: None, api, .. } = event {
            api.prevent_exit();
        }
    });
    Ok(())
}

fn set_up(app: &AppHandle, args: &Args) -> Result<(), Box<dyn std::error::Error>> {
    let link = Arc::new(Link::of_session()?);
    app.manage(link.clone());
    app.manage(Texts::of_system());
    app.manage(Pending::default());
    app.manage(Tray::show(app));
    if !args.once {
        start::with_the_session(app);
    }
    start::agent_if_none(&link);
    if let Some(view) = args.open {
        windows::open(app, view)?;
    }
    let handle = app.clone();
    std::thread::Builder::new().name("agent".into()).spawn(move || {
        let before = Mutex::new(Heard::default());
        link.watch(|status| heard(&handle, &before, status))
    })?;
    Ok(())
}

/// Somebody started the app again: they want to see it.
fn second_start(app: &AppHandle, words: Vec<String>) {
    let view = Args::try_parse_from(words).ok().and_then(|args| args.open).unwrap_or(View::Now);
    if let Err(e) = windows::open(app, view) {
        tracing::warn!("no window: {e}");
    }
}

/// What was heard before, to tell what changed.
#[derive(Default)]
struct Heard {
    anything: bool,
    status: Option<Status>,
}

fn heard(app: &AppHandle, before: &Mutex<Heard>, status: Option<&Status>) {
    let mut before = before.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if before.anything && before.status.as_ref() == status {
        return;
    }
    app.state::<Tray>().show_state(app, status);
    if let Err(e) = app.emit(STATUS, status) {
        tracing::warn!("the windows were not told: {e}");
    }
    let asks = |status: Option<&Status>| status.is_some_and(|s| matches!(s.state, State::StepUp { .. }));
    // The prompt says what came of it and closes by itself.
    if !asks(before.status.as_ref())
        && asks(status)
        && let Err(e) = windows::open(app, View::Confirm)
    {
        tracing::error!("the prompt can't be shown: {e}");
    }
    *before = Heard { anything: true, status: status.cloned() };
}
