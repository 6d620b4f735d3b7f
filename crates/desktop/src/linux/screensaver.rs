use zbus::{MatchRule, Message, blocking::Connection};

use super::bus::{self, BusError};

/// A screen saver that speaks `Lock` and `GetActive` on the session bus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ScreenSaver {
    /// Its name on the bus, which is its interface's name too.
    pub(crate) name: &'static str,
    path: &'static str,
}

/// Desktops' own names first: where both exist, the freedesktop one is often a mere relay, or only inhibits.
pub(crate) const KNOWN: [ScreenSaver; 5] = [
    ScreenSaver { name: "org.gnome.ScreenSaver", path: "/org/gnome/ScreenSaver" },
    ScreenSaver { name: "org.cinnamon.ScreenSaver", path: "/org/cinnamon/ScreenSaver" },
    ScreenSaver { name: "org.mate.ScreenSaver", path: "/org/mate/ScreenSaver" },
    ScreenSaver { name: "org.xfce.ScreenSaver", path: "/org/xfce/ScreenSaver" },
    ScreenSaver { name: "org.freedesktop.ScreenSaver", path: "/org/freedesktop/ScreenSaver" },
];

impl ScreenSaver {
    pub(crate) fn lock(self, bus: &Connection) -> Result<(), BusError> {
        bus::call(bus, self.name, self.path, self.name, "Lock", &()).map(drop)
    }

    pub(crate) fn active(self, bus: &Connection) -> Result<bool, BusError> {
        let reply = bus::call(bus, self.name, self.path, self.name, "GetActive", &())?;
        reply
            .body()
            .deserialize()
            .map_err(|e| BusError::Answer { call: format!("{}.GetActive", self.name), why: e.to_string() })
    }
}

/// Those that are running now. Asking starts none.
pub(crate) fn running(bus: &Connection) -> Result<Vec<ScreenSaver>, BusError> {
    let mut found = Vec::new();
    for saver in KNOWN {
        if bus::owner(bus, saver.name)?.is_some() {
            found.push(saver);
        }
    }
    Ok(found)
}

/// Whether any running screen saver is active; `None` when none runs that can be asked. One that runs but doesn't
/// answer is an error.
pub(crate) fn any_active(bus: &Connection) -> Result<Option<bool>, BusError> {
    let mut any = None;
    for saver in running(bus)? {
        match saver.active(bus) {
            Ok(active) => any = Some(any.unwrap_or(false) || active),
            // It owns the name only to let programs inhibit it.
            Err(BusError::Refused { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(any)
}

/// Signals that say a screen saver became active, ended, came or went.
pub(crate) fn signals(bus: &Connection) -> Result<crossbeam_channel::Receiver<Message>, BusError> {
    let texts: Vec<String> = KNOWN
        .iter()
        .flat_map(|saver| {
            [
                format!("type='signal',interface='{}',member='ActiveChanged'", saver.name),
                format!("type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',arg0='{}'", saver.name),
            ]
        })
        .collect();
    let rules: Result<Vec<_>, _> = texts.iter().map(|rule| MatchRule::try_from(rule.as_str())).collect();
    let rules = rules.map_err(|e| BusError::NoAnswer { call: "AddMatch".into(), why: e.to_string() })?;
    bus::signals(bus, rules)
}
