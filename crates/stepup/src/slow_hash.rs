use argon2::{Algorithm, Argon2, Params, Version};

/// OWASP's recommendation for Argon2id: 19 MiB, two passes, one lane.
pub const MEMORY_KIB: u32 = 19 * 1024;
pub const PASSES: u32 = 2;
/// The most memory and passes that what is stored may ask for.
pub const MOST_MEMORY_KIB: u32 = 256 * 1024;
pub const MOST_PASSES: u32 = 10;

/// Whether what is stored asks for a cost that is sound.
pub fn is_sound(memory_kib: u32, passes: u32) -> bool {
    (8..=MOST_MEMORY_KIB).contains(&memory_kib) && (1..=MOST_PASSES).contains(&passes)
}

/// The Argon2id hash of a secret (RFC 9106); `None` where Argon2 takes no such cost.
pub fn slow_hash(secret: &[u8], salt: &[u8; 16], memory_kib: u32, passes: u32) -> Option<[u8; 32]> {
    let params = Params::new(memory_kib, passes, 1, Some(32)).ok()?;
    let mut hash = [0; 32];
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon2.hash_password_into(secret, salt, &mut hash).ok()?;
    Some(hash)
}

/// Whether two hashes are the same; the time it takes does not tell where they differ.
pub fn same(one: &[u8; 32], other: &[u8; 32]) -> bool {
    one.iter().zip(other).fold(0, |different, (a, b)| different | (a ^ b)) == 0
}
