use crate::VaultError;

/// The key that seals this user's templates.
pub fn key(user: &str) -> String {
    format!("{}/key", escaped(user))
}

/// The key that signs this user's ledger. It and the head have two parts in their names: no slot can take them.
pub fn ledger_key(user: &str) -> String {
    format!("{}/ledger-key", escaped(user))
}

/// Where this user's ledger stood.
pub fn ledger_head(user: &str) -> String {
    format!("{}/ledger-head", escaped(user))
}

/// What this user signs grants and reviews with, if they are an approver.
pub fn approver_key(user: &str) -> String {
    format!("{}/approver-key", escaped(user))
}

/// The desk's secret for grants by telephone, if this user works there.
pub fn desk_secret(user: &str) -> String {
    format!("{}/desk-secret", escaped(user))
}

/// The list of this user's slots.
pub fn catalogue(user: &str) -> String {
    format!("{}/slots", escaped(user))
}

/// The index of a slot.
pub fn index(user: &str, slot: &str) -> String {
    format!("{}/{slot}/index", escaped(user))
}

/// Piece `number` of a slot's `generation`.
///
/// Two banks take turns, so the set of possible names is bounded and an erasure can try them all even where the index
/// is damaged and the keychain can't be listed.
pub fn piece(user: &str, slot: &str, generation: u64, number: usize) -> String {
    format!("{}/{slot}/{}/{number}", escaped(user), if generation.is_multiple_of(2) { "even" } else { "odd" })
}

/// What all names of this user start with.
pub fn prefix(user: &str) -> String {
    format!("{}/", escaped(user))
}

/// Refuses what can't be part of an entry's name or of an index that must fit into one entry.
pub fn check(field: &'static str, value: &str) -> Result<(), VaultError> {
    let (fits, rule) = match field {
        "slot" => (
            (1..=32).contains(&value.len())
                && value.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'),
            "1 to 32 lower-case letters, digits and hyphens",
        ),
        _ => ((1..=128).contains(&value.len()), "1 to 128 bytes"),
    };
    if fits { Ok(()) } else { Err(VaultError::BadName { field, value: value.to_owned(), rule }) }
}

fn escaped(user: &str) -> String {
    let mut name = String::with_capacity(user.len());
    for byte in user.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-') {
            name.push(char::from(byte));
        } else {
            name.push_str(&format!("%{byte:02X}"));
        }
    }
    name
}
