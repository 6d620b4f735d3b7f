use crate::link::Link;
use crate::pending::Pending;
use crate::texts::Texts;
use crate::view::View;
use crate::windows;
use std::sync::{Arc, Mutex, PoisonError};
use stillyou_agent::ipc::{Request, SensorState, Status};
use stillyou_trust::{Band, Modality, State};
use tauri::image::Image;
use tauri::menu::{Menu, MenuBuilder, MenuItem, MenuItemBuilder, SubmenuBuilder};
use tauri::tray::{TrayIcon, TrayIconBuilder};
use tauri::{AppHandle, Manager, Wry};

/// What the ids of pauses begin with; their minutes follow.
const PAUSE: &str = "pause-";

/// What the tray shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    Verified,
    Watch,
    StepUp,
    Learning,
    Paused,
    Camera,
    Trouble,
    Locked,
    Off,
}

impl Mark {
    /// The mark of a state. A prompt goes before trouble, and trouble before all that looks well.
    pub fn of(status: Option<&Status>) -> Self {
        let Some(status) = status else { return Mark::Off };
        let camera = status.sensors.iter().any(|s| s.modality == Modality::Face && s.state == SensorState::On);
        match status.state {
            State::StepUp { .. } => Mark::StepUp,
            State::Locked { .. } => Mark::Locked,
            _ if !status.trouble.is_empty() => Mark::Trouble,
            State::Paused { .. } => Mark::Paused,
            _ if camera => Mark::Camera,
            State::Learning => Mark::Learning,
            State::Watching { band: Band::Verified } => Mark::Verified,
            State::Watching { .. } => Mark::Watch,
        }
    }

    /// The text of its state.
    fn text(self, status: Option<&Status>, texts: &Texts) -> String {
        let minutes = status.and_then(|s| s.paused_seconds).unwrap_or(0).div_ceil(60);
        match (self, status.and_then(|s| s.enrolment)) {
            (Mark::Learning, Some(progress)) => {
                let percent = 100 * u64::from(progress.keystrokes) / u64::from(progress.needed.max(1));
                texts.text("tray-state-enrolling", &[("percent", percent.min(100))])
            }
            (Mark::Paused, _) => texts.text("tray-state-paused", &[("minutes", minutes)]),
            (mark, _) => texts.text(mark.id(), &[]),
        }
    }

    fn id(self) -> &'static str {
        match self {
            Mark::Verified => "tray-state-verified",
            Mark::Watch => "tray-state-watch",
            Mark::StepUp => "tray-state-step-up",
            Mark::Learning => "tray-state-learning",
            Mark::Paused => "tray-state-paused",
            Mark::Camera => "tray-state-camera",
            Mark::Trouble => "tray-state-trouble",
            Mark::Locked => "tray-state-locked",
            Mark::Off => "tray-state-off",
        }
    }

    /// Its icon, for a dark panel: panels are dark on most desktops, and the marks have an outline for the others.
    fn icon(self) -> &'static [u8] {
        match self {
            Mark::Verified => include_bytes!("../../icons/tray/verified-on-dark-64.png"),
            Mark::Watch => include_bytes!("../../icons/tray/watch-on-dark-64.png"),
            Mark::StepUp => include_bytes!("../../icons/tray/step-up-on-dark-64.png"),
            Mark::Learning => include_bytes!("../../icons/tray/learning-on-dark-64.png"),
            Mark::Paused => include_bytes!("../../icons/tray/paused-on-dark-64.png"),
            Mark::Camera => include_bytes!("../../icons/tray/camera-on-dark-64.png"),
            Mark::Trouble => include_bytes!("../../icons/tray/trouble-on-dark-64.png"),
            Mark::Locked => include_bytes!("../../icons/tray/locked-on-dark-64.png"),
            Mark::Off => include_bytes!("../../icons/tray/off-on-dark-64.png"),
        }
    }
}

/// The icon in the tray, where the desktop has one; the app goes on without.
pub struct Tray {
    icon: Option<TrayIcon>,
    shown: Mutex<Option<(Mark, String, bool, bool, u64)>>,
}

impl Tray {
    /// Shows the icon of an app that has heard nothing yet.
    pub fn show(app: &AppHandle) -> Self {
        let icon = match build(app) {
            Ok(icon) => Some(icon),
            Err(why) => {
                tracing::warn!("no tray icon ({why}); start the app again to open its window");
                None
            }
        };
        Self { icon, shown: Mutex::new(None) }
    }

    /// Shows a state: mark, words and menu.
    pub fn show_state(&self, app: &AppHandle, status: Option<&Status>) {
        let Some(icon) = &self.icon else { return };
        let (mark, texts) = (Mark::of(status), app.state::<Texts>());
        let words = mark.text(status, &texts);
        let may_quit = status.is_some_and(|s| s.may_quit);
        let pause_minutes = status.map_or(0, |s| s.may_pause_minutes);
        let look = (mark, words.clone(), status.is_some(), may_quit, pause_minutes);
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        if shown.as_ref() == Some(&look) {
            return;
        }
        let outcome = menu(app, &words, status).and_then(|menu| {
            icon.set_icon(Some(Image::from_bytes(mark.icon())?))?;
            icon.set_menu(Some(menu))?;
            icon.set_title(None::<&str>)?;
            icon.set_tooltip(Some(&words))
        });
        match outcome {
            Ok(()) => *shown = Some(look),
            Err(e) => tracing::warn!("the tray icon does not change: {e}"),
        }
    }
}

fn build(app: &AppHandle) -> Result<TrayIcon, String> {
    host_library()?;
    let words = Mark::Off.text(None, &app.state::<Texts>());
    let made = menu(app, &words, None).and_then(|menu| {
        TrayIconBuilder::with_id("stillyou")
            .icon(Image::from_bytes(Mark::Off.icon())?)
            .tooltip(&words)
            .menu(&menu)
            .show_menu_on_left_click(true)
            .on_menu_event(|app, event| chosen(app, event.id().as_ref()))
            .build(app)
    });
    made.map_err(|e| e.to_string())
}

/// The library that shows icons in a tray is looked for when it is needed, and the search for a missing one would not return.
#[cfg(target_os = "linux")]
fn host_library() -> Result<(), String> {
    let names = ["libayatana-appindicator3.so.1", "libappindicator3.so.1"];
    // SAFETY: both are plain GTK libraries, and the tray loads the same one a moment later.
    #[allow(unsafe_code, reason = "loading a library runs its initialisers")]
    let found = names.iter().any(|name| unsafe { libloading::Library::new(name) }.is_ok());
    if found { Ok(()) } else { Err(format!("neither {} nor {} is installed", names[0], names[1])) }
}

#[cfg(not(target_os = "linux"))]
fn host_library() -> Result<(), String> {
    Ok(())
}

fn menu(app: &AppHandle, words: &str, status: Option<&Status>) -> tauri::Result<Menu<Wry>> {
    let texts = app.state::<Texts>();
    let item =
        |id: &str, text: String| -> tauri::Result<MenuItem<Wry>> { MenuItemBuilder::with_id(id, text).build(app) };
    let plain = |id: &str| item(id, texts.text(&format!("tray-{id}"), &[]));
    let state = MenuItemBuilder::with_id("state", words).enabled(false).build(app)?;
    let mut menu = MenuBuilder::new(app).item(&state).separator().item(&plain("open")?);
    let Some(status) = status else { return menu.item(&plain("start")?).build() };
    menu = menu.item(&plain("verify")?).item(&plain("lock")?);
    match status.state {
        State::Paused { .. } => menu = menu.item(&plain("resume")?),
        State::Watching { .. } if status.may_pause_minutes > 0 => {
            let mut lengths = SubmenuBuilder::new(app, texts.text("tray-pause", &[]));
            for minutes in pauses(status.may_pause_minutes) {
                let text = texts.text("tray-pause-minutes", &[("minutes", minutes)]);
                lengths = lengths.item(&item(&format!("{PAUSE}{minutes}"), text)?);
            }
            menu = menu.separator().item(&lengths.build()?);
        }
        _ => {}
    }
    if status.may_quit {
        menu = menu.separator().item(&plain("quit")?);
    }
    menu.build()
}

/// Lengths to choose from, the longest that is allowed last.
fn pauses(most: u64) -> Vec<u64> {
    [5, 15, 30, 60].into_iter().filter(|minutes| *minutes < most).chain([most]).collect()
}

fn chosen(app: &AppHandle, id: &str) {
    let link = app.state::<Arc<Link>>().inner().clone();
    match id {
        "open" => open(app, View::Now),
        "verify" => open(app, View::Confirm),
        "start" => crate::start::agent_if_none(&link),
        "lock" => ask(app, Request::Lock {}),
        "resume" => ask(app, Request::Resume {}),
        "quit" => ask_proven(app, Request::Quit {}),
        other => {
            if let Some(minutes) = other.strip_prefix(PAUSE).and_then(|minutes| minutes.parse().ok()) {
                ask_proven(app, Request::Pause { minutes });
            }
        }
    }
}

fn open(app: &AppHandle, view: View) {
    if let Err(e) = windows::open(app, view) {
        tracing::error!("no window: {e}");
    }
}

/// What needs proof: at once where a step-up is fresh, else once there is proof.
fn ask_proven(app: &AppHandle, request: Request) {
    let fresh = app.state::<Arc<Link>>().last().is_some_and(|status| status.fresh_seconds.is_some());
    if fresh {
        return ask(app, request);
    }
    app.state::<Pending>().wants(request);
    open(app, View::Confirm);
}

/// Off the main thread: the agent may take a moment.
fn ask(app: &AppHandle, request: Request) {
    let link = app.state::<Arc<Link>>().inner().clone();
    let asking = move || {
        if let Err(refusal) = link.done(&request) {
            tracing::warn!("not done: {}", refusal.why);
        }
    };
    if let Err(e) = std::thread::Builder::new().name("tray".into()).spawn(asking) {
        tracing::error!("the system gives no thread: {e}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    const ALL: [Mark; 9] = [
        Mark::Verified,
        Mark::Watch,
        Mark::StepUp,
        Mark::Learning,
        Mark::Paused,
        Mark::Camera,
        Mark::Trouble,
        Mark::Locked,
        Mark::Off,
    ];

    #[test]
    fn every_mark_has_an_icon_and_words_of_its_own() {
        let texts = Texts::of("en");
        let words: BTreeSet<String> = ALL.iter().map(|mark| mark.text(None, &texts)).collect();
        let icons: BTreeSet<&[u8]> = ALL.iter().map(|mark| mark.icon()).collect();
        assert_eq!((words.len(), icons.len()), (ALL.len(), ALL.len()));
        assert!(ALL.iter().all(|mark| Image::from_bytes(mark.icon()).is_ok()));
    }

    #[test]
    fn without_an_agent_nothing_looks_protected() {
        assert_eq!(Mark::of(None), Mark::Off);
    }

    #[test]
    fn no_pause_is_longer_than_policy_allows() {
        assert_eq!(pauses(15), [5, 15]);
        assert_eq!(pauses(3), [3]);
    }
}
