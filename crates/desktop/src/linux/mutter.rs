//! Screen sharing as Mutter's D-Bus interfaces show it (GNOME; niri offers the first of them too). Each session that a
//! program has opened is an object below a known path, and the objects below a path are for everybody to list.

use zbus::{MatchRule, Message, blocking::Connection};

use super::bus::{self, BusError};

const INTROSPECTABLE: &str = "org.freedesktop.DBus.Introspectable";
const SCREEN_CAST: (&str, &str) = ("org.gnome.Mutter.ScreenCast", "/org/gnome/Mutter/ScreenCast");
const REMOTE_DESKTOP: (&str, &str) = ("org.gnome.Mutter.RemoteDesktop", "/org/gnome/Mutter/RemoteDesktop");

/// What programs do with the screen now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sharing {
    pub(crate) viewed: bool,
    pub(crate) controlled: bool,
}

/// What is shared; `None` where no compositor tells.
pub(crate) fn sharing(bus: &Connection) -> Result<Option<Sharing>, BusError> {
    let (viewed, controlled) = (sessions(bus, SCREEN_CAST)?, sessions(bus, REMOTE_DESKTOP)?);
    Ok((viewed.is_some() || controlled.is_some())
        .then(|| Sharing { viewed: viewed.unwrap_or(0) > 0, controlled: controlled.unwrap_or(0) > 0 }))
}

/// Signals that say that sessions may have come or gone. Not every one does: look anyway now and then.
pub(crate) fn signals(bus: &Connection) -> Result<crossbeam_channel::Receiver<Message>, BusError> {
    let texts = [SCREEN_CAST, REMOTE_DESKTOP].map(|(name, path)| {
        [
            format!("type='signal',sender='{name}',path_namespace='{path}'"),
            format!("type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',arg0='{name}'"),
        ]
    });
    let rules: Result<Vec<_>, _> = texts.as_flattened().iter().map(|rule| MatchRule::try_from(rule.as_str())).collect();
    let rules = rules.map_err(|e| BusError::NoAnswer { call: "AddMatch".into(), why: e.to_string() })?;
    bus::signals(bus, rules)
}

/// How many sessions are open; `None` where nobody offers them.
fn sessions(bus: &Connection, (name, path): (&str, &str)) -> Result<Option<usize>, BusError> {
    if bus::owner(bus, name)?.is_none() {
        return Ok(None);
    }
    match bus::call(bus, name, &format!("{path}/Session"), INTROSPECTABLE, "Introspect", &()) {
        Ok(reply) => {
            let xml: String = reply
                .body()
                .deserialize()
                .map_err(|e| BusError::Answer { call: format!("{path}/Session"), why: e.to_string() })?;
            Ok(Some(children(&xml)))
        }
        // No session, no object.
        Err(BusError::Refused { .. }) => Ok(Some(0)),
        Err(error) => Err(error),
    }
}

/// Child nodes in introspection data (D-Bus specification, "Introspection Data Format"): they have a relative name,
/// while the node itself has none or an absolute one.
fn children(xml: &str) -> usize {
    let tags = xml.split("<node").skip(1).filter_map(|rest| rest.split('>').next());
    let names = tags.filter_map(|tag| tag.split("name=").nth(1)?.get(1..));
    names.filter(|name| !name.starts_with('/')).count()
}

#[cfg(test)]
mod tests {
    use super::children;

    #[test]
    fn child_nodes_are_counted_and_the_node_itself_is_not() {
        assert_eq!(children("<node>\n</node>"), 0);
        assert_eq!(children("<node name=\"/org/gnome/Mutter/ScreenCast/Session\"><interface name=\"a\"/></node>"), 0);
        assert_eq!(
            children("<!DOCTYPE node PUBLIC \"-//x\">\n<node>\n <node name=\"u1\"/>\n <node name='u12'/></node>"),
            2
        );
        assert_eq!(children(""), 0);
        assert_eq!(children("<node name="), 0);
    }
}
