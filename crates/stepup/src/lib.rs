//! Factors that prove who is there, and their rate limits.
