/// The kind of entry that a template of the pointer makes.
pub const ENROLLED_POINTER: &str = "enrolled-pointer";

/// The kind of entry that a template of the face makes.
pub const ENROLLED_FACE: &str = "enrolled-face";

/// The kind of entry that a key for one-time codes makes.
pub const TOTP: &str = "totp";

/// The kind of entry that the use of a one-time code makes.
pub const TOTP_USED: &str = "totp-used";

/// The kind of entry that recovery codes make, new ones and those left after one was used.
pub const RECOVERY_CODES: &str = "recovery-codes";

/// The kind of entry that a pass-phrase makes.
pub const PASS_PHRASE: &str = "pass-phrase";

/// The kind of entry that security keys make: one set up, removed or used.
pub const SECURITY_KEYS: &str = "security-keys";

/// The kind of entry that a security key makes that may have been copied.
pub const SECURITY_KEY_COPIED: &str = "security-key-copied";

/// The kind of entry that telling others of a case makes, or trying to.
pub const TOLD: &str = "told";

/// The kind of entry that consent makes, given or taken back.
pub const CONSENT: &str = "consent";
