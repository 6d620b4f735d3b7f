use super::*;
use stillyou_governance::{Event, Failure, How, Use};
use stillyou_trust::{Factor, Policy};

fn fallback() -> Fallback {
    let policy = Policy::default().governance;
    Fallback::new(policy.clone(), &policy, Identity::new("pat", "desk-7").unwrap(), 1, "salt".into())
}

fn at(seconds: u64) -> TrustTime {
    TrustTime::since_boot(Duration::from_secs(seconds))
}

fn moment(seconds: u64) -> Moment {
    Moment { wall_s: 1_800_000_000 + seconds, up: at(seconds), boot: 1 }
}

fn open(fallback: &mut Fallback, byte: u8, seconds: u64) -> CaseId {
    let id = CaseId::new([byte; 16]);
    let failure = Failure { modality: Some(Modality::Keystroke), ..Failure::default() };
    let event = fallback.book.open(id, failure, moment(seconds));
    fallback.book.apply(&event).unwrap();
    id
}

fn grant(fallback: &mut Fallback, case: CaseId, scope: Scope, profile: Profile, seconds: u64) {
    let from = moment(seconds);
    let controls = stillyou_governance::Controls::of(fallback.policy.of(profile), Some(Modality::Keystroke));
    let used = Use {
        grant: stillyou_governance::GrantId::new([case.as_bytes()[0]; 16]),
        profile,
        scope,
        from,
        end_s: from.wall_s + 600,
        controls,
        approvers: vec!["ada".into()],
        network: None,
        reason: "a splint".into(),
        how: How::Emergency { factor: Factor::Password, also: Vec::new() },
    };
    fallback.book.apply(&Event::Granted { case, used: Box::new(used) }).unwrap();
}

#[test]
fn a_restart_gives_no_more_cases_in_an_hour() {
    let mut fallback = fallback();
    for byte in 1..=7 {
        open(&mut fallback, byte, 600 * u64::from(byte));
    }
    let restarted = |now: Moment| {
        let mut again = self::fallback();
        again.book = fallback.book.clone();
        again.count_opened(&now);
        again.asked.may(now.up)
    };
    assert_eq!(restarted(moment(4201)), Err(599), "six in the last hour; the first of seven is too long ago");
    assert_eq!(restarted(moment(4800)), Ok(()));
    // After a reboot the wall clock tells.
    let rebooted = |seconds, up| Moment { wall_s: moment(seconds).wall_s, up: at(up), boot: 2 };
    assert_eq!(restarted(rebooted(4500, 60)), Err(3540));
    assert_eq!(restarted(rebooted(20_000, 9000)), Ok(()));
}

#[test]
fn one_failure_has_one_case() {
    let mut fallback = fallback();
    let (first, second) = (open(&mut fallback, 1, 10), open(&mut fallback, 2, 20));
    assert_eq!(fallback.open_case(false), None);
    assert_eq!(fallback.open_case(true), Some(second), "the newest, where the failure goes on");
    fallback.failure.case = Some(first);
    assert_eq!(fallback.open_case(true), Some(first));
    grant(&mut fallback, first, Scope::NonBiometric {}, Profile::Standard, 30);
    assert_eq!(fallback.open_case(false), None, "a granted case waits for nothing");
}

#[test]
fn a_declaration_has_the_controls_it_was_given_with() {
    let mut fallback = fallback();
    let case = open(&mut fallback, 1, 10);
    let scope = Scope::Unsuitable { modality: Modality::Pointer, instead: Factor::Password };
    grant(&mut fallback, case, scope, Profile::Privileged, 20);
    let (declared, audits) = fallback.overriding(&moment(30), None).unwrap().unwrap();
    assert_eq!((declared.hazard_factor, declared.reverify, audits), (5.0, Duration::from_secs(600), 12));
}

#[test]
fn controls_of_a_grant_and_of_a_declaration_come_together() {
    let mut fallback = fallback();
    assert_eq!(fallback.overriding(&moment(5), None), Ok(None));
    let declared = open(&mut fallback, 1, 10);
    let scope = Scope::Unsuitable { modality: Modality::Pointer, instead: Factor::Password };
    grant(&mut fallback, declared, scope, Profile::Accessibility, 20);
    let (alone, audits) = fallback.overriding(&moment(30), None).unwrap().unwrap();
    assert_eq!((alone.set_aside.clone(), alone.hazard_factor, audits), ([Modality::Pointer].into(), 1.0, 0));
    assert_eq!(fallback.under_grant(&moment(30), None), None, "a declaration is nothing to be shown all day");
    let shown = fallback.replaced(&moment(30), None);
    let shown: Vec<_> = shown.iter().map(|replaced| (replaced.modality, replaced.instead, replaced.until_ms)).collect();
    assert_eq!(shown, [(Modality::Pointer, Factor::Password, 1_800_000_620_000)]);
    let shown = fallback.shown(fallback.book.case(declared).unwrap());
    assert_eq!((shown.instead, shown.until_ms), (Some(Factor::Password), Some(1_800_000_620_000)));

    let case = open(&mut fallback, 2, 40);
    grant(&mut fallback, case, Scope::SetAside { modality: Modality::Keystroke }, Profile::Standard, 50);
    let (both, audits) = fallback.overriding(&moment(60), None).unwrap().unwrap();
    assert_eq!(both.set_aside, [Modality::Keystroke, Modality::Pointer].into());
    assert_eq!((both.hazard_factor, both.reverify, audits), (2.0, Duration::from_secs(1800), 4));
    let shown = fallback.under_grant(&moment(60), None).unwrap();
    assert_eq!(
        (shown.until_ms, shown.set_aside, shown.suspended),
        (1_800_000_650_000, vec![Modality::Keystroke], None)
    );

    // The clock is set back: nothing holds, and that is said.
    let back = Moment { wall_s: moment(60).wall_s - 1000, ..moment(60) };
    assert!(fallback.overriding(&back, None).is_err());
    assert!(fallback.under_grant(&back, None).unwrap().suspended.unwrap().contains("clock"));
    assert_eq!(fallback.overriding(&moment(700), None), Ok(None), "both are over");
    assert_eq!(fallback.under_grant(&moment(700), None), None);
}
