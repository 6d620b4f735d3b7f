//! What is around the session, as far as the desktop's services tell: who is in front, who looks on, which network.

use sha2::{Digest, Sha256};

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

/// A network: a hash of its connection's UUID. It lives in this process alone; what leaves it is a [name](NetworkId::name).
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct NetworkId([u8; 32]);

impl NetworkId {
    /// The network of the connection with this UUID, in either case.
    pub fn of_uuid(uuid: &str) -> Self {
        let hash = Sha256::new().chain_update(b"stillyou network\0").chain_update(uuid.to_ascii_lowercase());
        Self(hash.finalize().into())
    }

    /// What tells it from others among whoever knows `salt`, and to nobody anything else: 16 hexadecimal digits.
    pub fn name(&self, salt: &str) -> String {
        let hash = Sha256::new().chain_update(b"stillyou network name\0").chain_update(self.0).chain_update(salt);
        hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
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
        let named = home.name("a salt");
        assert!(named.len() == 16 && named != home.name("another") && named == home.name("a salt"));
    }
}
