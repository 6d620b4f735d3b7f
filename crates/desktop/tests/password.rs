//! The password check against the system's real PAM, for a real user who exists only during the test.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::{env, process::Command};

use stillyou_desktop_os::{
    password::{PasswordCheck, PasswordError},
    secret::Secret,
};
use support::{TempUser, is_root, run};

const RIGHT: &str = "an umbrella for 7 geese";

#[test]
fn right_wrong_expired_and_locked_are_told_apart() {
    if !is_root("the password check") {
        return;
    }
    let user = TempUser::create("stillyou-pw", RIGHT);
    let expect = |typed: &str, verdict: &str| {
        let variables = [("STILLYOU_TYPED", typed), ("STILLYOU_EXPECT", verdict), ("STILLYOU_USER", &user.name)];
        let (passed, output) = user.run_test("as_the_user", &variables);
        assert!(passed, "{typed:?} should be {verdict}: {output}");
    };
    expect(RIGHT, "right");
    expect("an umbrella for 8 geese", "wrong");
    run(Command::new("chage").args(["--expiredate", "1", &user.name]));
    expect(RIGHT, "account");
    run(Command::new("chage").args(["--expiredate", "-1", &user.name]));
    run(Command::new("chage").args(["--lastday", "0", &user.name]));
    expect(RIGHT, "account");
    run(Command::new("chage").args(["--lastday", "-1", &user.name]));
    expect(RIGHT, "right");
    // Without a password everybody would be let in unasked.
    run(Command::new("passwd").args(["--quiet", "--delete", &user.name]));
    expect(RIGHT, "not right");
}

/// What the test above runs as the other user.
#[test]
#[ignore = "run by right_wrong_expired_and_locked_are_told_apart, as another user"]
fn as_the_user() {
    let get = |name: &str| env::var(name).unwrap();
    let check = PasswordCheck::for_own_user(None).unwrap();
    assert_eq!(check.user(), get("STILLYOU_USER"));
    let verdict = check.check(&Secret::new(get("STILLYOU_TYPED").into_bytes()).unwrap());
    match get("STILLYOU_EXPECT").as_str() {
        "right" => assert_eq!(verdict, Ok(())),
        "wrong" => assert_eq!(verdict, Err(PasswordError::Wrong)),
        "account" => assert!(matches!(verdict, Err(PasswordError::Account(_))), "{verdict:?}"),
        "not right" => assert!(verdict.is_err()),
        other => panic!("{other}"),
    }
}

#[test]
fn a_missing_service_is_unavailable_not_wrong() {
    let error = PasswordCheck::for_own_user(Some("no-such-service")).unwrap_err();
    assert!(matches!(&error, PasswordError::Unavailable(why) if why.contains("no-such-service")), "{error}");
}
