use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Somebody who may grant an override.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Approver {
    /// The name of their account, as cases name people: nobody approves their own.
    #[schemars(length(min = 1, max = 64))]
    pub id: String,
    /// What they may do.
    #[schemars(length(min = 1))]
    pub roles: Vec<Role>,
    /// Their public Ed25519 key, 32 bytes in base64url without padding.
    #[schemars(extend("pattern" = "^[A-Za-z0-9_-]{43}$"))]
    pub key: String,
}

/// What an approver is trusted with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// The help desk.
    ServiceDesk,
    /// The security team.
    Security,
    /// The person's line.
    Manager,
}

impl Role {
    /// The name used in policy, records and messages.
    pub fn name(self) -> &'static str {
        match self {
            Role::ServiceDesk => "service-desk",
            Role::Security => "security",
            Role::Manager => "manager",
        }
    }
}

impl Approver {
    /// Whether they have one of these roles.
    pub fn has_one_of(&self, roles: &[Role]) -> bool {
        self.roles.iter().any(|role| roles.contains(role))
    }
}
