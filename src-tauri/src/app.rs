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
use tauri::plugin::TauriPlugin;
use tauri::{AppHandle, Emitter, Manager, RunEvent, Wry};

/// The name of the event that carries every change to the windows.
const STATUS: &str = "status";

/// Runs the app until the session ends.
///
/// # Errors
/// When the session has no place for it, or the system gives it no event loop.
pub fn run(args: &Args) -> Result<(), Box<dyn std::error::Error>> {
    let args = args.clone();
    let link = Arc::new(Link::of_session()?);
    // A second start may come before this one is set up.
    let app = tauri::Builder::default()
        .manage(link.clone())
        .manage(Texts::of_system())
        .manage(Pending::default())
        .manage(crate::keys::Asks::default())
        .plugin(single_instance(&link))
        .plugin(tauri_plugin_autostart::Builder::new().app_name("StillYou").build())
        .invoke_handler(commands::all())
        .setup(move |app| {
            // In the menu bar alone: what the bundle says of this (LSUIElement) would be overruled here.
            #[cfg(target_os = "macos")]
            app.set_activation_policy(tauri::ActivationPolicy::Accessory);
            set_up(app.handle(), link, &args)?;
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

/// One app a desk: a user's sessions share a bus.
fn single_instance(link: &Link) -> TauriPlugin<Wry> {
    let desk = link.places().desk.replace(|c: char| !c.is_ascii_alphanumeric(), "_");
    let plugin = tauri_plugin_single_instance::Builder::new().dbus_id(format!("io.github.stillyou.desk_{desk}"));
    plugin.callback(|app, words, _| second_start(app, words)).build()
}

fn set_up(app: &AppHandle, link: Arc<Link>, args: &Args) -> Result<(), Box<dyn std::error::Error>> {
    app.manage(Tray::show(app));
    if !args.once {
        start::with_the_session(app);
    }
    // An agent that has just begun answers late; the windows don't wait for it.
    let started = link.clone();
    std::thread::Builder::new().name("start".into()).spawn(move || start::agent_if_none(&started))?;
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
    if let Err(e) = app.emit(STATUS, status) {
        tracing::warn!("the windows were not told: {e}");
    }
    // Once it locks, the prompt comes too late.
    let asks =
        |status: Option<&Status>| status.is_some_and(|s| matches!(s.state, State::StepUp { locking: false, .. }));
    let asked = !asks(before.status.as_ref()) && asks(status);
    if asked || status.is_some_and(|s| matches!(s.state, State::Locked { .. })) {
        // Whoever answers now answers something else.
        app.state::<Pending>().forget();
    }
    // The prompt says what came of it and closes by itself.
    if asked && let Err(e) = windows::open(app, View::Confirm) {
        tracing::error!("the prompt can't be shown: {e}");
    }
    // Last: a panel may be slow.
    app.state::<Tray>().show_state(app, status);
    *before = Heard { anything: true, status: status.cloned() };
}
