//! The continuous loop.
