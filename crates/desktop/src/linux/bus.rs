use std::{thread, time::Duration};

use crossbeam_channel::{Receiver, unbounded};
use zbus::{
    MatchRule, Message,
    blocking::{Connection, MessageIterator, connection::Builder, fdo::DBusProxy},
    message::Type,
    zvariant::{OwnedValue, Value},
};

use crate::BusAddress;

/// The longest a single call may take.
const CALL_LIMIT: Duration = Duration::from_secs(2);
/// The longest the way onto a bus may take.
const CONNECT_LIMIT: Duration = Duration::from_secs(3);

/// Which of the two buses.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Which {
    System,
    Session,
}

impl Which {
    fn name(self) -> &'static str {
        match self {
            Which::System => "system bus",
            Which::Session => "session bus",
        }
    }
}

/// Why a bus, or somebody on it, can't be spoken to.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum BusError {
    /// The bus itself.
    #[error("no {bus}: {why}")]
    NoBus { bus: &'static str, why: String },
    /// The other side refused, or doesn't know the call.
    #[error("{call}: {why}")]
    Refused { call: String, why: String },
    /// The bus or the other side went away, or doesn't answer.
    #[error("{call}: {why}")]
    NoAnswer { call: String, why: String },
    /// An answer that isn't of the documented type.
    #[error("{call}: unexpected answer: {why}")]
    Answer { call: String, why: String },
}

pub(crate) fn connect(address: &BusAddress, which: Which) -> Result<Connection, BusError> {
    let failed = |why: String| BusError::NoBus { bus: which.name(), why };
    let address = address.clone();
    let attempt = move || {
        let builder = match (&address, which) {
            (BusAddress::Nowhere, _) => return Err("none was given".to_owned()),
            (BusAddress::At(at), _) => Builder::address(at.as_str()),
            (BusAddress::Standard, Which::System) => Builder::system(),
            (BusAddress::Standard, Which::Session) => Builder::session(),
        };
        builder.and_then(|b| b.method_timeout(CALL_LIMIT).build()).map_err(|e| e.to_string())
    };
    match super::within(CONNECT_LIMIT, attempt) {
        Some(result) => result.map_err(failed),
        None => Err(failed(format!("it didn't answer within {CONNECT_LIMIT:?}"))),
    }
}

/// Calls a method; the error tells a refusal from silence.
pub(crate) fn call<B>(
    bus: &Connection,
    destination: &str,
    path: &str,
    interface: &str,
    method: &str,
    body: &B,
) -> Result<Message, BusError>
where
    B: serde::Serialize + zbus::zvariant::DynamicType,
{
    bus.call_method(Some(destination), path, Some(interface), method, body).map_err(|error| {
        let (call, why) = (format!("{interface}.{method}"), error.to_string());
        match error {
            zbus::Error::MethodError(..) => BusError::Refused { call, why },
            _ => BusError::NoAnswer { call, why },
        }
    })
}

/// Reads a property from its owner, never from a cache that a forged signal could fill.
pub(crate) fn property<T>(
    bus: &Connection,
    destination: &str,
    path: &str,
    interface: &str,
    name: &str,
) -> Result<T, BusError>
where
    T: TryFrom<OwnedValue>,
    T::Error: std::fmt::Display,
{
    let unexpected = |why: String| BusError::Answer { call: format!("{interface}.{name}"), why };
    let reply = call(bus, destination, path, "org.freedesktop.DBus.Properties", "Get", &(interface, name))?;
    let body = reply.body();
    let value: Value<'_> = body.deserialize().map_err(|e| unexpected(e.to_string()))?;
    let value = OwnedValue::try_from(value).map_err(|e| unexpected(e.to_string()))?;
    T::try_from(value).map_err(|e| unexpected(e.to_string()))
}

/// The unique name that owns `name` now; `None` where nobody does. Starts no service.
pub(crate) fn owner(bus: &Connection, name: &str) -> Result<Option<String>, BusError> {
    const DBUS: &str = "org.freedesktop.DBus";
    match call(bus, DBUS, "/org/freedesktop/DBus", DBUS, "GetNameOwner", &(name,)) {
        Ok(reply) => {
            let body = reply.body();
            body.deserialize::<String>()
                .map(Some)
                .map_err(|e| BusError::Answer { call: "GetNameOwner".into(), why: e.to_string() })
        }
        Err(BusError::Refused { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Signals that match any of `rules`, and whatever else is sent to this connection directly: judge each by its sender.
/// The channel closes when the connection does; close the connection to end it.
pub(crate) fn signals(bus: &Connection, rules: Vec<MatchRule<'_>>) -> Result<Receiver<Message>, BusError> {
    let failed = |e: zbus::Error| BusError::NoAnswer { call: "AddMatch".into(), why: e.to_string() };
    let messages = MessageIterator::from(bus.clone());
    let dbus = DBusProxy::new(bus).map_err(failed)?;
    for rule in rules {
        dbus.add_match_rule(rule).map_err(|e| failed(e.into()))?;
    }
    let (out, signals) = unbounded();
    let pump = move || {
        for message in messages {
            match message {
                Ok(message) if message.message_type() == Type::Signal => {
                    if out.send(message).is_err() {
                        return;
                    }
                }
                Ok(_) => {}
                Err(_) => return,
            }
        }
    };
    thread::Builder::new()
        .name("desktop-signals".into())
        .spawn(pump)
        .map_err(|e| BusError::NoAnswer { call: "starting a thread".into(), why: e.to_string() })?;
    Ok(signals)
}

/// Whether `message` is the signal `interface.member`.
pub(crate) fn is_signal(message: &Message, interface: &str, member: &str) -> bool {
    let header = message.header();
    header.interface().is_some_and(|i| i.as_str() == interface) && header.member().is_some_and(|m| m.as_str() == member)
}

/// Whether the unique name `sender` sent `message`.
pub(crate) fn is_from(message: &Message, sender: &str) -> bool {
    message.header().sender().is_some_and(|s| s.as_str() == sender)
}
