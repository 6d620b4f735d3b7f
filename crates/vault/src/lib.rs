//! Biometric templates, sealed, in the keychain of the operating system.
