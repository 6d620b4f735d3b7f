use super::{KeyProof, Profile, Role, Situation};
use crate::{Factor, Modality, Policy};

const KEY: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
const OTHER: &str = "O2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2ik";

fn parse(text: &str) -> Result<Policy, String> {
    Policy::parse(&format!("version = 1\n{text}"), "p").map_err(|e| e.to_string())
}

fn approver(id: &str, key: &str) -> String {
    format!("[[governance.approvers]]\nid = {id:?}\nroles = [\"security\"]\nkey = {key:?}\n")
}

#[test]
fn what_a_profile_leaves_out_is_its_own_default() {
    let policy = parse("[governance.regulated]\nlongest_minutes = 15").unwrap().governance;
    assert_eq!(policy.regulated.longest_minutes, 15);
    assert_eq!((policy.regulated.approvers, policy.regulated.evidence_review), (2, true));
    assert_eq!(policy.privileged, Profile::Privileged.limits());
    assert!(parse("[governance.regulated]\nlongest = 15").unwrap_err().contains("unknown field `longest`"));
}

#[test]
fn each_profile_is_as_strict_as_its_name() {
    let policy = Policy::default().governance;
    assert!(policy.privileged.longest_minutes < policy.standard.longest_minutes);
    assert!(policy.privileged.hazard_factor > policy.standard.hazard_factor && !policy.privileged.tell.is_empty());
    assert!(policy.remote.second_channel && policy.remote.same_network);
    assert_eq!((policy.regulated.approvers, policy.emergency.approvers), (2, 0));
    assert!(policy.emergency.tell.contains(&Role::Security) && policy.emergency.review_hours <= 4);
}

#[test]
fn people_have_the_profile_they_are_assigned() {
    let policy =
        parse("[governance]\nassigned = [{ person = \"root\", profile = \"privileged\" }]").unwrap().governance;
    assert_eq!(policy.profile_of("ada", false), Profile::Standard);
    assert_eq!(policy.profile_of("ada", true), Profile::Remote);
    assert_eq!(policy.profile_of("root", true), Profile::Privileged);
}

#[test]
fn one_person_is_not_two_approvers() {
    assert!(parse(&(approver("ada", KEY) + &approver("bea", OTHER))).is_ok());
    assert!(parse(&(approver("ada", KEY) + &approver("bea", KEY))).unwrap_err().contains("each key once"));
    assert!(parse(&(approver("ada", KEY) + &approver("ada", OTHER))).unwrap_err().contains("each person once"));
    assert!(parse(&approver("", KEY)).unwrap_err().contains("account names"));
    for bad in ["", "short", &KEY.replace('_', "+"), &KEY.replace("URo", "URp")] {
        assert!(parse(&approver("ada", bad)).unwrap_err().contains("public Ed25519 keys"), "{bad}");
    }
}

#[test]
fn two_approvers_and_a_way_without_a_sensor_can_not_be_configured_away() {
    for (text, why) in [
        ("[governance.regulated]\napprovers = 1", "governance.regulated.approvers is 1; it must be from 2 to 2"),
        ("[governance.standard]\napprovers = 0", "governance.standard.approvers is 0; it must be from 1 to 2"),
        ("[governance.standard]\nroles = []", "governance.standard.roles is empty"),
        (
            "[governance]\nprofile = \"privileged\"\n[governance.accessibility]\nroles = [\"manager\"]",
            "those of privileged are [Security]; it must be roles that share one",
        ),
        ("[governance.emergency]\napprovers = 1", "governance.emergency.approvers is 1; it must be from 0 to 0"),
        (
            "[governance.emergency]\nsecond_channel = true",
            "governance.emergency.second_channel is true; it must be false",
        ),
        ("[governance.emergency]\nsame_network = true", "governance.emergency.same_network is true"),
        ("[governance.emergency]\nvoice = true", "governance.emergency.voice is true"),
        (
            "[governance.factors]\nlower_protection.any_of = [\"password\"]\nemergency.any_of = [\"totp\"]",
            "governance.factors.emergency.any_of is [Totp]; it must be at least `count` different factors that need no",
        ),
        ("[governance.factors.step_up]\nany_of = [\"face\"]", "factors that need no sensor"),
        ("[governance.factors.step_up]\nany_of = [\"password\", \"password\"]\ncount = 2", "different factors"),
        ("[governance.factors.step_up]\nany_of = [\"password\", \"override\"]", "only an approver gives"),
        ("[governance.factors]\nsecurity_key = \"plugged-in\"", "unknown variant `plugged-in`"),
        ("[governance]\nsmallest_group = 4", "from 5 to 1000"),
        ("[governance]\nprofile = \"emergency\"", "asked for in a case"),
    ] {
        let e = parse(text).unwrap_err();
        assert!(e.contains(why), "{text}: {e}");
    }
}

#[test]
fn a_factor_never_repeats_what_just_failed() {
    let policy = parse("[governance.factors.step_up]\nany_of = [\"face\", \"totp\"]").unwrap().governance;
    let all = vec![Factor::Face, Factor::Totp];
    assert_eq!(policy.factors_after(Situation::StepUp, None), all);
    assert_eq!(policy.factors_after(Situation::StepUp, Some(Modality::Keystroke)), all);
    assert_eq!(policy.factors_after(Situation::StepUp, Some(Modality::Face)), [Factor::Totp]);
}

#[test]
fn a_key_and_a_pass_phrase_repeat_no_modality() {
    let ways = "any_of = [\"security-key\", \"pass-phrase\"]\ncount = 2";
    let policy = parse(&format!("[governance.factors.step_up]\n{ways}")).unwrap().governance;
    for failed in [Modality::Keystroke, Modality::Pointer, Modality::Face] {
        let offered = policy.factors_after(Situation::StepUp, Some(failed));
        assert_eq!(offered, [Factor::SecurityKey, Factor::PassPhrase]);
    }
    assert_eq!(policy.factors.security_key, KeyProof::Verified);
    let policy = parse("[governance.factors]\nsecurity_key = \"touch\"").unwrap().governance;
    assert_eq!(policy.factors.security_key, KeyProof::Touch);
}

#[test]
fn approvers_roles_and_factors_are_the_administrators_alone() {
    let system = parse(&approver("ada", KEY)).unwrap();
    for looser in [
        approver("bea", OTHER),
        "[governance]\napprovers = []".into(),
        "[governance.standard]\nroles = [\"manager\"]".into(),
        "[governance.standard]\nlongest_minutes = 480".into(),
        "[governance.emergency]\nlongest_minutes = 61".into(),
        "[governance.regulated]\nevidence_review = false".into(),
        "[governance.factors.step_up]\nany_of = [\"password\"]".into(),
        "[governance.factors]\nsecurity_key = \"touch\"".into(),
        "[step_up]\npass_phrase_odds = \"1:100\"".into(),
        "[governance]\nassigned = [{ person = \"ada\", profile = \"standard\" }]".into(),
        "[governance.non_biometric]\ninterval_minutes = 120".into(),
    ] {
        let e = system.tightened_by(&looser, "user.toml").unwrap_err().to_string();
        assert!(e.contains("a user may only"), "{looser}: {e}");
    }
    let tighter = "[governance]\nemergency_allowed = false\n[governance.standard]\nlongest_minutes = 30";
    let policy = system.tightened_by(tighter, "user.toml").unwrap().governance;
    assert_eq!((policy.standard.longest_minutes, policy.emergency_allowed), (30, false));
    assert_eq!(policy.approvers.len(), 1);
}

#[test]
fn a_declaration_is_no_way_round_ones_own_profile() {
    let mut policy = Policy::default().governance;
    let assign = |person: &str, profile| super::Assigned { person: person.into(), profile };
    policy.assigned = vec![assign("root", Profile::Privileged), assign("reg", Profile::Regulated)];
    let of = |person, remote| policy.limits_for(Profile::Accessibility, person, remote);
    assert_eq!(of("pat", false), policy.accessibility, "nothing is added to what everybody has");
    let root = of("root", false);
    assert_eq!((root.roles, root.second_channel, root.evidence_review), (vec![Role::Security], true, true));
    assert_eq!((root.longest_minutes, root.hazard_factor, root.reverify_minutes), (30, 5.0, 10));
    assert_eq!((root.audits_per_hour, root.review_hours, root.tell), (12, 8, vec![Role::Security]));
    let regulated = of("reg", false);
    assert_eq!((regulated.approvers, regulated.longest_minutes), (2, policy.accessibility.longest_minutes));
    let remote = of("pat", true);
    assert!(remote.same_network && remote.second_channel && !remote.voice);
    let emergency = policy.limits_for(Profile::Emergency, "reg", true);
    assert_eq!(emergency, policy.emergency, "nobody is asked");
    policy.standard.approvers = 2;
    assert_eq!(policy.limits_for(Profile::Remote, "pat", true).approvers, 2);
}
