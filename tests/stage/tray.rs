use crate::Stage;
use anyhow::{Context, Result, bail};
use std::collections::HashMap;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};
use zbus::blocking::{Connection, Proxy, connection};
use zbus::zvariant::{OwnedObjectPath, OwnedValue, Structure, Value};

const PATIENCE: Duration = Duration::from_secs(30);

/// The panel of a stage's desktop: the watcher that tray icons make themselves known to (StatusNotifierItem), until it is
/// dropped.
pub struct Panel {
    connection: Connection,
    known: Arc<(Mutex<Vec<String>>, Condvar)>,
}

/// An icon in the tray.
pub struct TrayIcon<'a> {
    item: Proxy<'a>,
    menu: Proxy<'a>,
}

/// A line of an icon's menu; those of submenus come after their own.
#[derive(Clone, Debug, PartialEq)]
pub struct MenuLine {
    id: i32,
    /// What it says; empty for a separator.
    pub text: String,
    /// Whether it can be chosen.
    pub enabled: bool,
}

/// Width, height and pixels, four bytes each (ARGB).
pub type Picture = (i32, i32, Vec<u8>);

/// A line of a menu as it comes over the bus: id, properties, lines below.
type Layout = (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>);

struct Watcher(Arc<(Mutex<Vec<String>>, Condvar)>);

#[zbus::interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    fn register_status_notifier_item(&self, service: String, #[zbus(header)] header: zbus::message::Header<'_>) {
        // An item names itself by a bus name, or by a path on the connection that it calls from.
        let sender = header.sender().map(ToString::to_string).unwrap_or_default();
        let name = if service.starts_with('/') { sender } else { service };
        let (known, news) = &*self.0;
        known.lock().unwrap_or_else(PoisonError::into_inner).push(name);
        news.notify_all();
    }

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn protocol_version(&self) -> i32 {
        0
    }

    #[zbus(property)]
    fn registered_status_notifier_items(&self) -> Vec<String> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Panel {
    /// Puts a panel on the stage's desktop.
    ///
    /// # Errors
    /// When the bus doesn't answer or there is a panel already.
    pub fn on(stage: &Stage) -> Result<Self> {
        let known = Arc::new((Mutex::new(Vec::new()), Condvar::new()));
        let bus = format!("unix:path={}", stage.outside(stage.bus()).display());
        let connection = connection::Builder::address(bus.as_str())?
            .serve_at("/StatusNotifierWatcher", Watcher(known.clone()))?
            .name("org.kde.StatusNotifierWatcher")?
            .build()
            .context("the stage's panel")?;
        Ok(Self { connection, known })
    }

    /// Waits until an icon has made itself known; its name on the bus, of several that of the last.
    ///
    /// # Errors
    /// When there is none in time.
    pub fn wait_for_icon(&self) -> Result<String> {
        let (known, news) = &*self.known;
        let known = known.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = news.wait_timeout_while(known, PATIENCE, |known| known.is_empty());
        waited.unwrap_or_else(PoisonError::into_inner).0.last().cloned().context("no icon came to the tray")
    }

    /// The icon that made itself known last; waits for one.
    ///
    /// # Errors
    /// When there is none in time.
    pub fn icon(&self) -> Result<TrayIcon<'_>> {
        let name = self.wait_for_icon()?;
        let item = Proxy::new(&self.connection, name.clone(), "/StatusNotifierItem", "org.kde.StatusNotifierItem")?;
        let menu: OwnedObjectPath = item.get_property("Menu")?;
        Ok(TrayIcon { item, menu: Proxy::new(&self.connection, name, menu, "com.canonical.dbusmenu")? })
    }
}

impl TrayIcon<'_> {
    /// What is shown when the pointer rests on it.
    ///
    /// # Errors
    /// When it is gone.
    pub fn tooltip(&self) -> Result<String> {
        let (_, _, title, _): (String, Vec<Picture>, String, String) = self.uncached("ToolTip")?;
        Ok(title)
    }

    /// Its picture.
    ///
    /// # Errors
    /// When it is gone or has none.
    pub fn picture(&self) -> Result<Picture> {
        let pictures: Vec<Picture> = self.uncached("IconPixmap")?;
        pictures.into_iter().next().context("an icon without a picture")
    }

    /// Its menu.
    ///
    /// # Errors
    /// When it is gone.
    pub fn menu(&self) -> Result<Vec<MenuLine>> {
        let none: Vec<String> = Vec::new();
        let (_, root): (u32, Layout) = self.menu.call("GetLayout", &(0, -1, none))?;
        let mut lines = Vec::new();
        for child in root.2 {
            collect(&child, &mut lines)?;
        }
        Ok(lines)
    }

    /// Chooses the line of its menu that says `text`, once there is one.
    ///
    /// # Errors
    /// When there is none in time.
    pub fn choose(&self, text: &str) -> Result<()> {
        let end = Instant::now() + PATIENCE;
        loop {
            let menu = self.menu()?;
            let line = menu.iter().find(|line| line.text == text && line.enabled);
            // A menu that has just been changed has other ids.
            if line.is_some_and(|line| {
                self.menu.call::<_, _, ()>("Event", &(line.id, "clicked", Value::from(0_i32), 0_u32)).is_ok()
            }) {
                return Ok(());
            }
            if Instant::now() > end {
                bail!("the tray's menu has no {text:?}; it has {menu:?}");
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    fn uncached<T: TryFrom<OwnedValue>>(&self, property: &str) -> Result<T>
    where
        T::Error: Into<zbus::Error>,
    {
        let of = self.item.interface().to_string();
        let connection = self.item.connection();
        let properties = Proxy::new(
            connection,
            self.item.destination().to_owned(),
            self.item.path().to_owned(),
            "org.freedesktop.DBus.Properties",
        )?;
        let value: OwnedValue = properties.call("Get", &(of, property))?;
        T::try_from(value).map_err(|e| anyhow::Error::new(e.into()))
    }
}

/// A line and its submenu: `(id, properties, children)`.
fn collect(line: &Value<'_>, lines: &mut Vec<MenuLine>) -> Result<()> {
    let line: &Structure<'_> = line.downcast_ref()?;
    let [id, properties, children] = line.fields() else { bail!("a menu's line has three parts, this has {line:?}") };
    let properties: HashMap<String, Value<'_>> = properties.try_clone()?.try_into()?;
    let text = properties.get("label").and_then(|text| text.downcast_ref::<String>().ok()).unwrap_or_default();
    let enabled = properties.get("enabled").is_none_or(|on| on.downcast_ref::<bool>().unwrap_or(true));
    lines.push(MenuLine { id: id.downcast_ref()?, text: text.replace("__", "_"), enabled });
    let children: Vec<Value<'_>> = children.try_clone()?.try_into()?;
    children.iter().try_for_each(|child| collect(child, lines))
}
