/// What the icon stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    Dark,
    Light,
}

impl Ground {
    /// The ground of this desktop's panel, as well as it can be known now.
    pub fn now() -> Self {
        if is_light() { Ground::Light } else { Ground::Dark }
    }
}

/// GNOME's and its like's panels are dark whatever the windows are; others follow the person's choice.
#[cfg(target_os = "linux")]
fn is_light() -> bool {
    const ALWAYS_DARK: [&str; 4] = ["GNOME", "Unity", "Pantheon", "Budgie"];
    /// The portal's word for "prefers light".
    const LIGHT: u32 = 2;
    let desktop = std::env::var("XDG_CURRENT_DESKTOP").unwrap_or_default();
    !desktop.split(':').any(|name| ALWAYS_DARK.contains(&name)) && preference() == Some(LIGHT)
}

/// How long the portal may take: on some desktops it is started by being asked.
#[cfg(target_os = "linux")]
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(1);

/// `org.freedesktop.appearance color-scheme`, where a portal answers.
#[cfg(target_os = "linux")]
fn preference() -> Option<u32> {
    use zbus::{blocking::connection, zvariant::OwnedValue};
    let bus = connection::Builder::session().ok()?.method_timeout(PATIENCE).build().ok()?;
    let (portal, settings) = ("org.freedesktop.portal.Desktop", "org.freedesktop.portal.Settings");
    let asked = ("org.freedesktop.appearance", "color-scheme");
    let reply =
        bus.call_method(Some(portal), "/org/freedesktop/portal/desktop", Some(settings), "ReadOne", &asked).ok()?;
    reply.body().deserialize::<OwnedValue>().ok()?.downcast_ref().ok()
}

#[cfg(windows)]
fn is_light() -> bool {
    let themes = r"Software\Microsoft\Windows\CurrentVersion\Themes\Personalize";
    let key = windows_registry::CURRENT_USER.open(themes);
    key.and_then(|key| key.get_u32("SystemUsesLightTheme")).is_ok_and(|light| light != 0)
}

/// macOS draws a template picture in the menu bar's own colours.
#[cfg(target_os = "macos")]
fn is_light() -> bool {
    false
}
