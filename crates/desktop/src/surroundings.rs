//! What is around the session, as far as the desktop's services tell: who is in front, who looks on, which network.

use std::{
    hash::{BuildHasher, RandomState},
    sync::OnceLock,
};

/// Something around the session, told when it is first seen and at every change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Surrounding {
    /// The session itself.
    Session {
        /// Whether it is the one in front, rather than another on the same machine.
        in_front: bool,
        /// Whether it came over a network, or has no seat that somebody could sit at.
        remote: bool,
    },
    /// Its screen, as the compositor gives it away.
    Screen {
        /// Whether a program records or sends it.
        viewed: bool,
        /// Whether a program may send input for somebody elsewhere.
        controlled: bool,
    },
    /// The network the machine is on; `None` when on none. A tunnel is not a network: what it runs over is.
    Network(Option<NetworkId>),
}

impl Surrounding {
    /// Where it is seen.
    pub fn source(&self) -> SurroundingSource {
        match self {
            Surrounding::Session { .. } => SurroundingSource::Session,
            Surrounding::Screen { .. } => SurroundingSource::Screen,
            Surrounding::Network(_) => SurroundingSource::Network,
        }
    }
}

/// Where surroundings are seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SurroundingSource {
    /// The OS's session service.
    Session,
    /// The compositor.
    Screen,
    /// The network service.
    Network,
}

/// A network, recognisable within this process and nowhere else: a hash of its connection's UUID with a salt that is
/// drawn at the start of the process and never leaves it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct NetworkId(u64);

impl NetworkId {
    /// The network of the connection with this UUID, in either case.
    pub fn of_uuid(uuid: &str) -> Self {
        static SALT: OnceLock<RandomState> = OnceLock::new();
        Self(SALT.get_or_init(RandomState::new).hash_one(uuid.to_ascii_lowercase()))
    }
}

impl std::fmt::Debug for NetworkId {
    /// Tells nothing, so that no log can.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NetworkId")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_are_told_apart_and_not_told() {
        let home = NetworkId::of_uuid("12345678-9abc-def0-1234-56789abcdef0");
        assert_eq!(home, NetworkId::of_uuid("12345678-9ABC-DEF0-1234-56789ABCDEF0"));
        assert_ne!(home, NetworkId::of_uuid("12345678-9abc-def0-1234-56789abcdef1"));
        assert_eq!(format!("{home:?}"), "NetworkId");
    }
}
