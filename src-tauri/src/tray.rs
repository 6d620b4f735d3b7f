//! What the tray shows and offers; the system's own way of showing it is below.

mod ground;
mod mark;
mod menu;

#[cfg(target_os = "linux")]
#[path = "tray/linux.rs"]
mod icon;
#[cfg(not(target_os = "linux"))]
#[path = "tray/others.rs"]
mod icon;

use crate::texts::Texts;
use ground::Ground;
use icon::Icon;
use mark::Mark;
use menu::Entry;
use std::sync::{Mutex, PoisonError};
use stillyou_agent::ipc::Status;
use tauri::{AppHandle, Manager};

/// The icon in the tray, where the desktop has one; the app goes on without.
pub struct Tray {
    icon: Option<Icon>,
    shown: Mutex<Look>,
}

/// Everything that can be seen of it.
#[derive(Clone, Debug, PartialEq)]
struct Look {
    mark: Mark,
    ground: Ground,
    words: String,
    menu: Vec<Entry>,
}

impl Look {
    /// Its picture, a PNG.
    fn png(&self) -> &'static [u8] {
        self.mark.png(self.ground)
    }

    fn of(status: Option<&Status>, ground: Ground, texts: &Texts) -> Self {
        let mark = Mark::of(status);
        let words = mark.words(status, texts);
        Self { mark, ground, menu: menu::of(status, &words, texts), words }
    }
}

impl Tray {
    /// Shows the icon of an app that has heard nothing yet.
    pub fn show(app: &AppHandle) -> Self {
        let look = Look::of(None, Ground::Dark, &app.state::<Texts>());
        let icon = match Icon::show(app, &look) {
            Ok(icon) => Some(icon),
            Err(why) => {
                tracing::warn!("no tray icon ({why}); start the app again to open its window");
                None
            }
        };
        Self { icon, shown: Mutex::new(look) }
    }

    /// Shows a state: mark, words and menu.
    pub fn show_state(&self, app: &AppHandle, status: Option<&Status>) {
        let Some(icon) = &self.icon else { return };
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        let mut look = Look::of(status, shown.ground, &app.state::<Texts>());
        if *shown == look {
            return;
        }
        // Asking takes a while, and people seldom change it.
        look.ground = Ground::now();
        match icon.change(app, &look) {
            Ok(()) => *shown = look,
            Err(why) => tracing::warn!("the tray icon does not change: {why}"),
        }
    }
}
