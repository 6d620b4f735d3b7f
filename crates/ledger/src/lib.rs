//! The tamper-evident record of decisions.
