use serde::Serialize;
use stillyou_agent::ipc::{ClientError, Reply};
use ts_rs::TS;

/// Why a command did not do what it was asked.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Refusal {
    /// What kind of reason.
    pub kind: RefusalKind,
    /// In words.
    pub why: String,
}

/// A kind of reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum RefusalKind {
    /// No agent answers.
    NoAgent,
    /// It needs a fresh step-up.
    NeedsStepUp,
    /// It is not allowed.
    Refused,
    /// It did not work.
    Failed,
}

impl Refusal {
    /// Something that did not work.
    pub fn failed(why: impl ToString) -> Self {
        Self { kind: RefusalKind::Failed, why: why.to_string() }
    }

    /// What an answer says that is not the one hoped for; `fresh` tells whether a step-up counts now.
    pub fn of(reply: Reply, fresh: bool) -> Self {
        match reply {
            Reply::Refused { why } if fresh => Self { kind: RefusalKind::Refused, why },
            Reply::Refused { why } => Self { kind: RefusalKind::NeedsStepUp, why },
            Reply::Failed { why } => Self::failed(why),
            _ => Self::failed("the agent gave an answer to another question; are agent and app of one version?"),
        }
    }
}

impl From<ClientError> for Refusal {
    fn from(error: ClientError) -> Self {
        let kind = match error {
            ClientError::NoAgent { .. } => RefusalKind::NoAgent,
            ClientError::Frame(_) | ClientError::Reply(_) => RefusalKind::Failed,
        };
        Self { kind, why: error.to_string() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_asks_for_proof_only_where_that_would_help() {
        let refused = || Reply::Refused { why: "no".into() };
        assert_eq!(Refusal::of(refused(), false).kind, RefusalKind::NeedsStepUp);
        assert_eq!(Refusal::of(refused(), true).kind, RefusalKind::Refused);
        assert_eq!(Refusal::of(Reply::Done {}, true).kind, RefusalKind::Failed);
    }
}
