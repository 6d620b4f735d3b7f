//! The StatusNotifierItem that desktops show in their panels. It waits for a panel that is not there yet and comes back to one
//! that was started again.

use super::Look;
use super::menu::{self, Entry};
use ksni::blocking::{Handle, TrayMethods};
use ksni::menu::{MenuItem, StandardItem, SubMenu};
use ksni::{Category, ToolTip};
use tauri::AppHandle;
use tauri::image::Image;

pub struct Icon(Handle<Item>);

struct Item {
    app: AppHandle,
    look: Look,
}

impl Icon {
    pub fn show(app: &AppHandle, look: &Look) -> Result<Self, String> {
        let item = Item { app: app.clone(), look: look.clone() };
        item.assume_sni_available(true).spawn().map(Self).map_err(|e| e.to_string())
    }

    pub fn change(&self, _: &AppHandle, look: &Look) -> Result<(), String> {
        let look = look.clone();
        self.0.update(|item| item.look = look).ok_or_else(|| "it is gone".to_owned())
    }
}

impl ksni::Tray for Item {
    fn id(&self) -> String {
        "stillyou".into()
    }

    fn category(&self) -> Category {
        Category::SystemServices
    }

    fn title(&self) -> String {
        self.look.words.clone()
    }

    fn tool_tip(&self) -> ToolTip {
        ToolTip { title: self.look.words.clone(), ..ToolTip::default() }
    }

    fn icon_pixmap(&self) -> Vec<ksni::Icon> {
        match Image::from_bytes(self.look.png()) {
            Ok(picture) => vec![pixmap(&picture)],
            Err(e) => {
                tracing::error!("no picture for {:?}: {e}", self.look.mark);
                Vec::new()
            }
        }
    }

    fn activate(&mut self, _x: i32, _y: i32) {
        menu::chosen(&self.app, "open");
    }

    fn menu(&self) -> Vec<MenuItem<Self>> {
        self.look.menu.iter().map(line).collect()
    }
}

fn line(entry: &Entry) -> MenuItem<Item> {
    match entry {
        Entry::Words(text) => StandardItem { label: literal(text), enabled: false, ..StandardItem::default() }.into(),
        Entry::Choice { id, text } => choice(id, text),
        Entry::Choices { text, of } => {
            let submenu = of.iter().map(|(id, text)| choice(id, text)).collect();
            SubMenu { label: literal(text), submenu, ..SubMenu::default() }.into()
        }
        Entry::Line => MenuItem::Separator,
    }
}

fn choice(id: &str, text: &str) -> MenuItem<Item> {
    let id = id.to_owned();
    let activate = Box::new(move |item: &mut Item| menu::chosen(&item.app, &id));
    StandardItem { label: literal(text), activate, ..StandardItem::default() }.into()
}

/// An underscore would mark an access key.
fn literal(text: &str) -> String {
    text.replace('_', "__")
}

/// ARGB, as the specification wants it.
fn pixmap(picture: &Image<'_>) -> ksni::Icon {
    let data = picture.rgba().chunks_exact(4).flat_map(|p| [p[3], p[0], p[1], p[2]]).collect();
    ksni::Icon { width: picture.width() as i32, height: picture.height() as i32, data }
}
