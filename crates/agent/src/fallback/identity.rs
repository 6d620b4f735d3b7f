use stillyou_desktop_os::host::host_name;
use stillyou_desktop_os::user;
use stillyou_governance::Identity;
use stillyou_vault::Digest;

/// The longest name in a case, in bytes.
const MAX_BYTES: usize = 64;

/// Whose session this is, and on which device, as cases and policies name them: account and machine.
///
/// # Errors
/// When the system does not tell.
pub fn own_identity() -> Result<Identity, String> {
    let device = host_name().map_err(|e| format!("this machine's name is not known: {e}"))?;
    let person = user::name().map_err(|e| format!("this account's name is not known: {e}"))?;
    Identity::new(&plain(&person), &plain(&device)).map_err(|e| e.to_string())
}

/// A name without what no case can carry: white space, and more than its first 64 bytes.
fn plain(name: &str) -> String {
    let mut plain = String::new();
    for c in name.chars().map(|c| if c.is_whitespace() || c.is_control() { '-' } else { c }) {
        if plain.len() + c.len_utf8() > MAX_BYTES {
            break;
        }
        plain.push(c);
    }
    plain
}

/// A number that differs from boot to boot. Where the system has no name for the boot it differs from run to run: then what
/// must wait waits anew, and no clock is believed more than it should be.
pub fn boot_number(boot: Option<&str>) -> u64 {
    boot.map_or_else(rand::random, |boot| {
        let Digest(bytes) = Digest::of(boot.as_bytes());
        u64::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5], bytes[6], bytes[7]])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_made_to_fit_and_boots_differ() {
        assert_eq!(plain("ada lovelace"), "ada-lovelace");
        assert_eq!(plain(&"é".repeat(40)).len(), 64);
        assert_eq!(boot_number(Some("a")), boot_number(Some("a")));
        assert_ne!(boot_number(Some("a")), boot_number(Some("b")));
        assert_ne!(boot_number(None), boot_number(None));
    }
}
