//! Recorded and generated typing.
