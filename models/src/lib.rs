//! Networks, calibration and templates: observations in, evidence out.
