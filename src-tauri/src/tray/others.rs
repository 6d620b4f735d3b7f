//! The menu bar of macOS and the notification area of Windows, through Tauri.

use super::Look;
use super::menu::{self, Entry};
use tauri::image::Image;
use tauri::menu::{Menu, MenuBuilder, MenuItem, MenuItemBuilder, SubmenuBuilder};
use tauri::tray::{TrayIcon, TrayIconBuilder};
use tauri::{AppHandle, Wry};

pub struct Icon(TrayIcon);

impl Icon {
    pub fn show(app: &AppHandle, look: &Look) -> Result<Self, String> {
        let made = lines(app, look).and_then(|lines| {
            TrayIconBuilder::with_id("stillyou")
                .icon(Image::from_bytes(look.png())?)
                .icon_as_template(cfg!(target_os = "macos"))
                .tooltip(&look.words)
                .menu(&lines)
                .show_menu_on_left_click(true)
                .on_menu_event(|app, event| menu::chosen(app, event.id().as_ref()))
                .build(app)
        });
        made.map(Self).map_err(|e| e.to_string())
    }

    pub fn change(&self, app: &AppHandle, look: &Look) -> Result<(), String> {
        let changed = lines(app, look).and_then(|lines| {
            self.0.set_icon(Some(Image::from_bytes(look.png())?))?;
            self.0.set_icon_as_template(cfg!(target_os = "macos"))?;
            self.0.set_menu(Some(lines))?;
            self.0.set_tooltip(Some(&look.words))
        });
        changed.map_err(|e| e.to_string())
    }
}

fn lines(app: &AppHandle, look: &Look) -> tauri::Result<Menu<Wry>> {
    let mut lines = MenuBuilder::new(app);
    for entry in &look.menu {
        lines = match entry {
            Entry::Words(text) => lines.item(&MenuItemBuilder::new(text).enabled(false).build(app)?),
            Entry::Choice { id, text } => lines.item(&choice(app, id, text)?),
            Entry::Choices { text, of } => {
                let mut submenu = SubmenuBuilder::new(app, text);
                for (id, text) in of {
                    submenu = submenu.item(&choice(app, id, text)?);
                }
                lines.item(&submenu.build()?)
            }
            Entry::Line => lines.separator(),
        };
    }
    lines.build()
}

fn choice(app: &AppHandle, id: &str, text: &str) -> tauri::Result<MenuItem<Wry>> {
    MenuItemBuilder::with_id(id, text).build(app)
}
