use thiserror::Error;

/// Why a policy was refused. Nothing of a refused policy is used.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum PolicyError {
    /// It is not TOML, or has unknown keys or values of the wrong type.
    #[error("{file}: {reason}")]
    Syntax {
        /// The document, as named by the caller.
        file: String,
        /// The parser's message with line and column.
        reason: String,
    },
    /// A value would make the product unsafe or meaningless.
    #[error("{file}: {field} is {value}; it must be {must}")]
    Unsafe {
        /// The document.
        file: String,
        /// The field, like `step_up.grace_seconds`.
        field: &'static str,
        /// The value found.
        value: String,
        /// What would be right.
        must: String,
    },
    /// A user's document tries to loosen the administrator's.
    #[error("{file}: {field} may not be {value}: the system policy sets {system}, and a user may only {may}")]
    Loosens {
        /// The user's document.
        file: String,
        /// The field.
        field: &'static str,
        /// The value found.
        value: String,
        /// The administrator's value.
        system: String,
        /// The direction that is allowed.
        may: &'static str,
    },
}
