use zbus::{
    MatchRule, Message,
    blocking::Connection,
    message::Type,
    zvariant::{OwnedObjectPath, OwnedValue},
};

use super::bus::{self, BusError, Which};
use crate::{Desktop, SessionKind, session::SessionInfo};

const LOGIND: &str = "org.freedesktop.login1";
const MANAGER_PATH: &str = "/org/freedesktop/login1";
const MANAGER: &str = "org.freedesktop.login1.Manager";
const SESSION: &str = "org.freedesktop.login1.Session";
const USER: &str = "org.freedesktop.login1.User";

/// logind, and this desktop's session in it.
pub(crate) struct Logind {
    pub(crate) bus: Connection,
    path: String,
    pub(crate) session: SessionInfo,
}

/// Why there is no session to speak of.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum LogindError {
    #[error(transparent)]
    Bus(#[from] BusError),
    #[error("logind is not on the system bus")]
    Absent,
    #[error("logind knows no session of this user ({})", tried.join("; "))]
    NoSession { tried: Vec<String> },
}

impl Logind {
    /// Finds the session by this process, by the id in the environment, by the user's display: the first graphical
    /// one, else the first. A session of another user is never taken, whatever the environment says.
    pub(crate) fn connect(desktop: &Desktop) -> Result<Self, LogindError> {
        let bus = bus::connect(&desktop.system_bus, Which::System)?;
        if bus::owner(&bus, LOGIND)?.is_none() {
            return Err(LogindError::Absent);
        }
        let uid = rustix::process::getuid().as_raw();
        let mut tried = Vec::new();
        let mut found = Vec::new();
        for (how, path) in candidates(&bus, desktop.session_id.as_deref(), uid) {
            match path.and_then(|path| Ok((read_session(&bus, &path)?, path))) {
                Ok((session, path)) if session.uid == uid => found.push((session, path)),
                Ok((session, _)) => tried.push(format!("{how}: session {} is user {}'s", session.id, session.uid)),
                Err(error) => tried.push(format!("{how}: {error}")),
            }
        }
        match choose(found) {
            Some((session, path)) => Ok(Self { bus, path, session }),
            None => Err(LogindError::NoSession { tried }),
        }
    }

    pub(crate) fn lock(&self) -> Result<(), BusError> {
        bus::call(&self.bus, LOGIND, &self.path, SESSION, "Lock", &()).map(drop)
    }

    pub(crate) fn locked_hint(&self) -> Result<bool, BusError> {
        bus::property(&self.bus, LOGIND, &self.path, SESSION, "LockedHint")
    }

    /// Whether the session is in front; a locker that switches to a greeter puts it to the back.
    pub(crate) fn active(&self) -> Result<bool, BusError> {
        bus::property(&self.bus, LOGIND, &self.path, SESSION, "Active")
    }

    /// Since when the session says it is idle, in microseconds of the monotonic clock; `None` when it isn't.
    pub(crate) fn idle_since_micros(&self) -> Result<Option<u64>, BusError> {
        let get = |name| bus::property(&self.bus, LOGIND, &self.path, SESSION, name);
        if !bus::property::<bool>(&self.bus, LOGIND, &self.path, SESSION, "IdleHint")? {
            return Ok(None);
        }
        get("IdleSinceHintMonotonic").map(Some)
    }

    /// Signals about the session, about suspend and about logind itself.
    pub(crate) fn signals(&self) -> Result<crossbeam_channel::Receiver<Message>, BusError> {
        let rules = [
            format!("type='signal',sender='{LOGIND}',path='{}'", self.path),
            format!("type='signal',sender='{LOGIND}',interface='{MANAGER}',member='PrepareForSleep'"),
            format!("type='signal',sender='{LOGIND}',interface='{MANAGER}',member='SessionRemoved'"),
            format!("type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',arg0='{LOGIND}'"),
        ];
        let rules: Result<Vec<_>, _> = rules.iter().map(|rule| MatchRule::try_from(rule.as_str())).collect();
        let rules = rules.map_err(|e| BusError::NoAnswer { call: "AddMatch".into(), why: e.to_string() })?;
        debug_assert!(rules.iter().all(|rule| rule.msg_type() == Some(Type::Signal)));
        bus::signals(&self.bus, rules)
    }

    /// `Some(true)` when `message` says that the machine is about to sleep, `Some(false)` when it woke. A signal that
    /// logind didn't send is none.
    pub(crate) fn sleep_signal(&self, message: &Message) -> Option<bool> {
        if !bus::is_signal(message, MANAGER, "PrepareForSleep") {
            return None;
        }
        let owner = bus::owner(&self.bus, LOGIND).ok().flatten()?;
        bus::is_from(message, &owner).then(|| message.body().deserialize::<bool>().ok()).flatten()
    }
}

type Candidate = (&'static str, Result<String, BusError>);

fn candidates(bus: &Connection, id: Option<&str>, uid: u32) -> Vec<Candidate> {
    let manager = |method, body: &dyn Fn() -> Result<Message, BusError>| -> Result<String, BusError> {
        let reply = body()?;
        let path: OwnedObjectPath = reply
            .body()
            .deserialize()
            .map_err(|e| BusError::Answer { call: format!("{MANAGER}.{method}"), why: e.to_string() })?;
        Ok(path.to_string())
    };
    let pid = std::process::id();
    let by_pid =
        manager("GetSessionByPID", &|| bus::call(bus, LOGIND, MANAGER_PATH, MANAGER, "GetSessionByPID", &(pid,)));
    let mut all = vec![("by this process", by_pid)];
    if let Some(id) = id {
        let by_id = manager("GetSession", &|| bus::call(bus, LOGIND, MANAGER_PATH, MANAGER, "GetSession", &(id,)));
        all.push(("by XDG_SESSION_ID", by_id));
    }
    let by_user =
        manager("GetUser", &|| bus::call(bus, LOGIND, MANAGER_PATH, MANAGER, "GetUser", &(uid,))).and_then(|user| {
            let display: OwnedValue = bus::property(bus, LOGIND, &user, USER, "Display")?;
            let (_, path): (String, OwnedObjectPath) = display.try_into().map_err(|e: zbus::zvariant::Error| {
                BusError::Answer { call: "User.Display".into(), why: e.to_string() }
            })?;
            Ok(path.to_string())
        });
    all.push(("by the user's display", by_user));
    all
}

fn read_session(bus: &Connection, path: &str) -> Result<SessionInfo, BusError> {
    let text = |name| bus::property::<String>(bus, LOGIND, path, SESSION, name);
    let pair = |name: &str| -> Result<OwnedValue, BusError> { bus::property(bus, LOGIND, path, SESSION, name) };
    let wrong = |name: &str, e: zbus::zvariant::Error| BusError::Answer {
        call: format!("{SESSION}.{name}"),
        why: e.to_string(),
    };
    let (uid, _): (u32, OwnedObjectPath) = pair("User")?.try_into().map_err(|e| wrong("User", e))?;
    let (seat, _): (String, OwnedObjectPath) = pair("Seat")?.try_into().map_err(|e| wrong("Seat", e))?;
    let some = |text: String| Some(text).filter(|t| !t.is_empty());
    Ok(SessionInfo {
        id: text("Id")?,
        uid,
        kind: match text("Type")?.as_str() {
            "x11" => SessionKind::X11,
            "wayland" | "mir" => SessionKind::Wayland,
            _ => SessionKind::Console,
        },
        seat: some(seat),
        display: some(text("Display")?),
        active: bus::property(bus, LOGIND, path, SESSION, "Active")?,
        remote: bus::property(bus, LOGIND, path, SESSION, "Remote")?,
        since_us: bus::property(bus, LOGIND, path, SESSION, "Timestamp")?,
    })
}

fn choose(mut found: Vec<(SessionInfo, String)>) -> Option<(SessionInfo, String)> {
    if found.is_empty() {
        return None;
    }
    let graphical = found.iter().position(|(session, _)| session.kind != SessionKind::Console);
    Some(found.swap_remove(graphical.unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(id: &str, kind: SessionKind) -> (SessionInfo, String) {
        let info = SessionInfo {
            id: id.into(),
            uid: 1000,
            kind,
            seat: None,
            display: None,
            active: true,
            remote: false,
            since_us: 0,
        };
        (info, format!("/session/{id}"))
    }

    #[test]
    fn a_graphical_session_is_taken_before_a_console() {
        let id = |found| choose(found).map(|(s, _)| s.id);
        use SessionKind::{Console, Wayland, X11};
        assert_eq!(id(vec![]), None);
        assert_eq!(id(vec![session("1", Console), session("2", X11)]).as_deref(), Some("2"));
        assert_eq!(id(vec![session("1", Console), session("2", Console)]).as_deref(), Some("1"));
        assert_eq!(id(vec![session("1", Wayland), session("2", X11)]).as_deref(), Some("1"));
    }
}
