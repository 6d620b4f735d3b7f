use std::{fs, path::Path};

use super::{
    PasswordError,
    pam::{self, Asked},
};
use crate::{secret::Secret, user};

const SERVICES: [&str; 4] = ["stillyou", "login", "system-auth", "common-auth"];
/// Where Linux-PAM looks for services: the administrator's folder and the vendors'.
const FOLDERS: [&str; 4] = ["/etc/pam.d", "/usr/lib/pam.d", "/usr/etc/pam.d", "/usr/share/pam.d"];
const FAILLOCK: &str = "/etc/security/faillock.conf";
/// `pam_faillock`'s own default (faillock.conf(5)).
const FAILLOCK_DENY: u32 = 3;

pub(super) fn prepare(service: Option<&str>) -> Result<(String, String), PasswordError> {
    let unavailable = PasswordError::Unavailable;
    let service = match service {
        Some(name) if name.is_empty() || name.contains(['/', '\0']) => {
            return Err(unavailable(format!("{name:?} is no name of a PAM service")));
        }
        Some(name) if !exists(name) => {
            return Err(unavailable(format!("there is no PAM service {name:?} in {}", FOLDERS.join(", "))));
        }
        Some(name) => name,
        None => SERVICES.into_iter().find(|name| exists(name)).ok_or_else(|| {
            unavailable(format!("none of the PAM services {} is in {}", SERVICES.join(", "), FOLDERS.join(", ")))
        })?,
    };
    let user = user::name().map_err(unavailable)?;
    Ok((user, service.to_owned()))
}

pub(super) fn check(user: &str, service: &str, secret: &Secret) -> Result<(), PasswordError> {
    let answer = pam::ask(service, user, secret).map_err(PasswordError::Unavailable)?;
    judge(&answer)
}

pub(super) fn lockout_after(service: &str) -> Option<u32> {
    let rules = FOLDERS.iter().find_map(|folder| fs::read_to_string(Path::new(folder).join(service)).ok())?;
    let mut texts = vec![rules.clone()];
    texts
        .extend(included(&rules).filter_map(|name| {
            FOLDERS.iter().find_map(|folder| fs::read_to_string(Path::new(folder).join(name)).ok())
        }));
    let conf = fs::read_to_string(FAILLOCK).unwrap_or_default();
    faillock_deny(&texts, &conf)
}

fn exists(service: &str) -> bool {
    FOLDERS.iter().any(|folder| Path::new(folder).join(service).is_file())
}

/// Tells a wrong password from everything else. Only a password that was asked for and given can be right or wrong:
/// a service that lets in without asking proves nothing, and one that refuses without asking (`pam_nologin`,
/// `pam_faillock`) has another reason.
fn judge(asked: &Asked) -> Result<(), PasswordError> {
    let said = |otherwise: &str| if asked.said.is_empty() { otherwise.to_owned() } else { asked.said.join(" ") };
    if asked.more {
        return Err(PasswordError::Inconclusive(
            "the PAM service asks for more than the password, which StillYou can't answer; give it a service of its own \
             (/etc/pam.d/stillyou)"
                .into(),
        ));
    }
    match (asked.authenticated, asked.account) {
        (pam::SUCCESS, _) if !asked.password => Err(PasswordError::Unavailable(
            "the PAM service lets in without asking for the password (an empty password, or another way to sign in); \
             give it a service of its own (/etc/pam.d/stillyou)"
                .into(),
        )),
        (pam::SUCCESS, Some(pam::SUCCESS)) => Ok(()),
        (pam::SUCCESS, Some(pam::NEW_AUTHTOK_REQD)) => {
            Err(PasswordError::Account("the password has expired: change it".into()))
        }
        (pam::SUCCESS, Some(pam::ACCT_EXPIRED)) => Err(PasswordError::Account("the account has expired".into())),
        (pam::SUCCESS, Some(pam::PERM_DENIED | pam::AUTH_ERR | pam::USER_UNKNOWN)) => {
            Err(PasswordError::Account(said("access is not permitted now")))
        }
        (pam::SUCCESS, other) => Err(PasswordError::Inconclusive(format!(
            "the account could not be looked at (PAM {})",
            other.map_or("no answer".to_owned(), |code| code.to_string())
        ))),
        (pam::MAXTRIES, _) => Err(PasswordError::Account(said("too many wrong passwords"))),
        (pam::ACCT_EXPIRED, _) => Err(PasswordError::Account("the account has expired".into())),
        (pam::AUTH_ERR | pam::PERM_DENIED | pam::USER_UNKNOWN, _) if !asked.password => {
            Err(PasswordError::Account(said("it is refused before the password is asked for")))
        }
        (pam::AUTH_ERR, _) => Err(PasswordError::Wrong),
        (code, _) if asked.password => Err(PasswordError::Inconclusive(said(&format!("PAM error {code}")))),
        (code, _) => Err(PasswordError::Unavailable(said(&format!("PAM error {code}")))),
    }
}

fn included(rules: &str) -> impl Iterator<Item = &str> {
    rules.lines().filter_map(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["@include", name, ..] | ["auth", "include" | "substack", name, ..] => Some(*name),
            _ => None,
        }
    })
}

fn faillock_deny(texts: &[String], conf: &str) -> Option<u32> {
    let lines: Vec<&str> = texts
        .iter()
        .flat_map(|text| text.lines())
        .filter(|line| !line.trim_start().starts_with('#') && line.contains("pam_faillock"))
        .collect();
    if lines.is_empty() {
        return None;
    }
    let inline =
        lines.iter().flat_map(|line| line.split_whitespace()).find_map(|word| word.strip_prefix("deny=")?.parse().ok());
    let in_conf = conf.lines().filter(|line| !line.trim_start().starts_with('#')).find_map(|line| {
        let (key, value) = line.split_once('=')?;
        (key.trim() == "deny").then(|| value.trim().parse().ok())?
    });
    // An option in the rules wins over the file (pam_faillock(8)).
    Some(inline.or(in_conf).unwrap_or(FAILLOCK_DENY)).filter(|deny| *deny > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(password: bool, more: bool, authenticated: i32, account: Option<i32>) -> Asked {
        Asked { password, more, said: vec![], authenticated, account }
    }

    #[test]
    fn only_a_password_that_was_asked_for_is_right_or_wrong() {
        assert_eq!(judge(&asked(true, false, pam::SUCCESS, Some(pam::SUCCESS))), Ok(()));
        assert_eq!(judge(&asked(true, false, pam::AUTH_ERR, None)), Err(PasswordError::Wrong));
        assert!(matches!(
            judge(&asked(false, false, pam::SUCCESS, Some(pam::SUCCESS))),
            Err(PasswordError::Unavailable(_))
        ));
        assert!(matches!(judge(&asked(false, false, pam::AUTH_ERR, None)), Err(PasswordError::Account(_))));
        assert!(matches!(
            judge(&asked(true, true, pam::SUCCESS, Some(pam::SUCCESS))),
            Err(PasswordError::Inconclusive(_))
        ));
    }

    #[test]
    fn accounts_and_services_are_told_from_wrong_passwords() {
        for account in [pam::NEW_AUTHTOK_REQD, pam::ACCT_EXPIRED, pam::PERM_DENIED] {
            assert!(matches!(judge(&asked(true, false, pam::SUCCESS, Some(account))), Err(PasswordError::Account(_))));
        }
        assert!(matches!(judge(&asked(true, false, pam::SUCCESS, None)), Err(PasswordError::Inconclusive(_))));
        assert!(matches!(judge(&asked(true, false, pam::MAXTRIES, None)), Err(PasswordError::Account(_))));
        for code in [pam::SERVICE_ERR, pam::AUTHINFO_UNAVAIL] {
            assert!(matches!(judge(&asked(true, false, code, None)), Err(PasswordError::Inconclusive(_))));
            assert!(matches!(judge(&asked(false, false, code, None)), Err(PasswordError::Unavailable(_))));
        }
    }

    #[test]
    fn a_refusal_without_asking_says_what_the_service_said() {
        let locked = Asked {
            said: vec!["The account is locked due to 3 failed logins.".into()],
            ..asked(false, false, pam::AUTH_ERR, None)
        };
        assert_eq!(judge(&locked), Err(PasswordError::Account("The account is locked due to 3 failed logins.".into())));
    }

    #[test]
    fn a_service_that_does_not_exist_is_refused() {
        for bad in ["no-such-service", "", "../login", "a\0"] {
            assert!(matches!(prepare(Some(bad)), Err(PasswordError::Unavailable(_))), "{bad:?}");
        }
        assert!(prepare(None).is_ok());
    }

    #[test]
    fn the_lock_out_is_read_from_rules_and_file() {
        let rules = |line: &str| vec![format!("# pam_faillock\nauth required pam_unix.so\n{line}\n")];
        assert_eq!(faillock_deny(&rules(""), "deny = 9"), None);
        let used = rules("auth required pam_faillock.so preauth");
        assert_eq!(faillock_deny(&used, ""), Some(3));
        assert_eq!(faillock_deny(&used, "# deny = 4\n deny = 10\n"), Some(10));
        assert_eq!(faillock_deny(&rules("auth required pam_faillock.so deny=6"), "deny=10"), Some(6));
        assert_eq!(faillock_deny(&rules("auth required pam_faillock.so deny=0"), ""), None);
        let nested: Vec<&str> =
            included("@include common-auth\nauth substack system-auth\naccount include x\n").collect();
        assert_eq!(nested, ["common-auth", "system-auth"]);
    }
}
