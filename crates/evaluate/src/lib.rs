//! Error rates with protocol, seed and confidence interval.
