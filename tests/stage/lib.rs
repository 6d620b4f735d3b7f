//! A stage for tests and the demo.
