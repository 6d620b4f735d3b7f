use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{fmt, str::FromStr};
use stillyou_trust::policy::GovernancePolicy;

/// A text that is no identifier.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an identifier; one is {1} lower-case hexadecimal digits")]
pub struct BadId(String, usize);

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $bytes:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name([u8; $bytes]);

        impl $name {
            /// From its bytes; where they name something new, random ones.
            pub fn new(bytes: [u8; $bytes]) -> Self {
                Self(bytes)
            }

            /// Its bytes.
            pub fn as_bytes(&self) -> &[u8] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }

        impl FromStr for $name {
            type Err = BadId;
            fn from_str(text: &str) -> Result<Self, BadId> {
                let mut bytes = [0; $bytes];
                match hex(text, &mut bytes) {
                    true => Ok(Self(bytes)),
                    false => Err(BadId(text.chars().take(100).collect(), 2 * $bytes)),
                }
            }
        }

        impl TryFrom<String> for $name {
            type Error = BadId;
            fn try_from(text: String) -> Result<Self, BadId> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.to_string()
            }
        }
    };
}

id!(
    /// A case: 16 random bytes.
    CaseId,
    16
);
id!(
    /// A grant: 16 random bytes.
    GrantId,
    16
);
id!(
    /// The rules on overrides that a grant was given under: SHA-256 of the policy's section.
    PolicyId,
    32
);
id!(
    /// What a reviewer had before them: SHA-256 of a case's evidence.
    EvidenceHash,
    32
);

impl PolicyId {
    /// Of the administrator's policy: before a user's document is laid over it, as an approver doesn't have that.
    pub fn of(system: &GovernancePolicy) -> Self {
        // Numbers, names and lists: nothing that JSON can't say.
        Self(Sha256::digest(serde_json::to_vec(system).unwrap_or_default()).into())
    }
}

fn hex(text: &str, into: &mut [u8]) -> bool {
    let digit = |b: u8| match b {
        b'0'..=b'9' => Some(b - b'0'),
        b'a'..=b'f' => Some(b - b'a' + 10),
        _ => None,
    };
    let pairs = text.as_bytes().chunks(2);
    text.len() == 2 * into.len()
        && pairs.zip(into).all(|(pair, byte)| match (digit(pair[0]), digit(pair[1])) {
            (Some(high), Some(low)) => {
                *byte = high << 4 | low;
                true
            }
            _ => false,
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use stillyou_trust::Policy;

    #[test]
    fn identifiers_read_back_and_nothing_else_reads() {
        let id = CaseId::new([0xa5; 16]);
        assert_eq!(id.to_string().parse(), Ok(id));
        for bad in ["", "a5", &"A5".repeat(16), &"a5".repeat(17), &"g5".repeat(16)] {
            assert!(bad.parse::<CaseId>().is_err(), "{bad}");
        }
    }

    #[test]
    fn another_rule_is_another_policy() {
        let mut policy = Policy::default().governance;
        let before = PolicyId::of(&policy);
        assert_eq!(before, PolicyId::of(&Policy::default().governance));
        policy.standard.longest_minutes += 1;
        assert_ne!(before, PolicyId::of(&policy));
    }
}
