use zbus::{MatchRule, Message, blocking::Connection, zvariant::OwnedObjectPath};

use super::bus::{self, BusError};
use crate::surroundings::NetworkId;

const NAME: &str = "org.freedesktop.NetworkManager";
const PATH: &str = "/org/freedesktop/NetworkManager";
const ACTIVE: &str = "org.freedesktop.NetworkManager.Connection.Active";

/// Connection types that run over another connection (NetworkManager, settings reference).
const TUNNELS: [&str; 7] = ["vpn", "wireguard", "tun", "ip-tunnel", "vxlan", "loopback", "dummy"];
/// Connection types that reach out of the machine by themselves.
const LINKS: [&str; 6] = ["802-11-wireless", "802-3-ethernet", "gsm", "cdma", "bluetooth", "infiniband"];

/// The network that the machine is on: `Some(None)` when on none, `None` where NetworkManager doesn't run.
pub(crate) fn network(bus: &Connection) -> Result<Option<Option<NetworkId>>, BusError> {
    if bus::owner(bus, NAME)?.is_none() {
        return Ok(None);
    }
    let primary: OwnedObjectPath = bus::property(bus, NAME, PATH, NAME, "PrimaryConnection")?;
    if let Some(id) = connection(bus, &primary, |kind| !TUNNELS.contains(&kind))? {
        return Ok(Some(Some(id)));
    }
    // On no network, or through a tunnel that has taken over the route: then what carries it is among the others.
    let active: Vec<OwnedObjectPath> = bus::property(bus, NAME, PATH, NAME, "ActiveConnections")?;
    for path in active {
        if let Some(id) = connection(bus, &path, |kind| LINKS.contains(&kind))? {
            return Ok(Some(Some(id)));
        }
    }
    Ok(Some(None))
}

/// Signals that say that the network changed, or NetworkManager came or went.
pub(crate) fn signals(bus: &Connection) -> Result<crossbeam_channel::Receiver<Message>, BusError> {
    let texts = [
        format!(
            "type='signal',sender='{NAME}',path='{PATH}',interface='org.freedesktop.DBus.Properties',\
             member='PropertiesChanged'"
        ),
        format!("type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',arg0='{NAME}'"),
    ];
    let rules: Result<Vec<_>, _> = texts.iter().map(|rule| MatchRule::try_from(rule.as_str())).collect();
    let rules = rules.map_err(|e| BusError::NoAnswer { call: "AddMatch".into(), why: e.to_string() })?;
    bus::signals(bus, rules)
}

/// The network of one active connection if its type is wanted. One that went away meanwhile is none.
fn connection(
    bus: &Connection,
    path: &OwnedObjectPath,
    wanted: impl Fn(&str) -> bool,
) -> Result<Option<NetworkId>, BusError> {
    // "/" stands for no object.
    if path.as_str() == "/" {
        return Ok(None);
    }
    let text = |name| match bus::property::<String>(bus, NAME, path.as_str(), ACTIVE, name) {
        Ok(text) => Ok(Some(text)),
        Err(BusError::Refused { .. }) => Ok(None),
        Err(error) => Err(error),
    };
    match text("Type")? {
        Some(kind) if wanted(&kind) => Ok(text("Uuid")?.map(|uuid| NetworkId::of_uuid(&uuid))),
        _ => Ok(None),
    }
}
