use crate::policy::field::{Field, May, Value, flag, named, number, text};

/// Every field of the section. Who may approve, and in which role, is the administrator's alone; a user may only make
/// overrides shorter, rarer and more closely watched for themselves.
pub(in crate::policy) fn fields() -> Vec<Field> {
    use May::{Lower, Raise, TurnOff, TurnOn};
    /// The same fields for each profile; how many approvers there may be differs.
    macro_rules! profile {
        ($profile:ident, $approvers:expr, $longest:expr) => {
            vec![
                number(
                    concat!("governance.", stringify!($profile), ".longest_minutes"),
                    "minutes",
                    Lower,
                    1.0..=$longest,
                    |p| Value::Number(p.governance.$profile.longest_minutes as f64),
                ),
                number(concat!("governance.", stringify!($profile), ".approvers"), "people", Raise, $approvers, |p| {
                    Value::Number(f64::from(p.governance.$profile.approvers))
                }),
                named(concat!("governance.", stringify!($profile), ".roles"), |p| text(&p.governance.$profile.roles)),
                number(
                    concat!("governance.", stringify!($profile), ".grants_per_day"),
                    "grants",
                    Lower,
                    0.0..=24.0,
                    |p| Value::Number(f64::from(p.governance.$profile.grants_per_day)),
                ),
                number(
                    concat!("governance.", stringify!($profile), ".review_hours"),
                    "hours",
                    Lower,
                    1.0..=720.0,
                    |p| Value::Number(p.governance.$profile.review_hours as f64),
                ),
                flag(concat!("governance.", stringify!($profile), ".evidence_review"), TurnOn, |p| {
                    Value::Flag(p.governance.$profile.evidence_review)
                }),
                flag(concat!("governance.", stringify!($profile), ".second_channel"), TurnOn, |p| {
                    Value::Flag(p.governance.$profile.second_channel)
                }),
                flag(concat!("governance.", stringify!($profile), ".same_network"), TurnOn, |p| {
                    Value::Flag(p.governance.$profile.same_network)
                }),
                flag(concat!("governance.", stringify!($profile), ".voice"), TurnOff, |p| {
                    Value::Flag(p.governance.$profile.voice)
                }),
                number(
                    concat!("governance.", stringify!($profile), ".reverify_minutes"),
                    "minutes",
                    Lower,
                    1.0..=240.0,
                    |p| Value::Number(p.governance.$profile.reverify_minutes as f64),
                ),
                number(
                    concat!("governance.", stringify!($profile), ".hazard_factor"),
                    "times",
                    Raise,
                    1.0..=100.0,
                    |p| Value::Number(p.governance.$profile.hazard_factor),
                ),
                number(
                    concat!("governance.", stringify!($profile), ".audits_per_hour"),
                    "audits",
                    Raise,
                    0.0..=60.0,
                    |p| Value::Number(f64::from(p.governance.$profile.audits_per_hour)),
                ),
                named(concat!("governance.", stringify!($profile), ".tell"), |p| text(&p.governance.$profile.tell)),
            ]
        };
    }
    /// The fields of each situation.
    macro_rules! situation {
        ($situation:ident) => {
            vec![
                named(concat!("governance.factors.", stringify!($situation), ".any_of"), |p| {
                    text(&p.governance.factors.$situation.any_of)
                }),
                number(
                    concat!("governance.factors.", stringify!($situation), ".count"),
                    "factors",
                    Raise,
                    1.0..=3.0,
                    |p| Value::Number(f64::from(p.governance.factors.$situation.count)),
                ),
            ]
        };
    }
    let own = vec![
        named("governance.approvers", |p| text(&p.governance.approvers)),
        named("governance.profile", |p| text(&p.governance.profile)),
        named("governance.assigned", |p| text(&p.governance.assigned)),
        named("governance.factors.security_key", |p| text(&p.governance.factors.security_key)),
        named("governance.escalate_to", |p| text(&p.governance.escalate_to)),
        number("governance.case_after_step_ups", "step-ups", Lower, 1.0..=100.0, |p| {
            Value::Number(f64::from(p.governance.case_after_step_ups))
        }),
        number("governance.case_window_minutes", "minutes", Raise, 1.0..=1440.0, |p| {
            Value::Number(p.governance.case_window_minutes as f64)
        }),
        number("governance.case_waits_hours", "hours", Lower, 1.0..=168.0, |p| {
            Value::Number(p.governance.case_waits_hours as f64)
        }),
        number("governance.keep_cases_days", "days", Raise, 90.0..=3650.0, |p| {
            Value::Number(p.governance.keep_cases_days as f64)
        }),
        number("governance.grant_tries", "grants", Lower, 1.0..=10.0, |p| {
            Value::Number(f64::from(p.governance.grant_tries))
        }),
        number("governance.grant_wait_seconds", "seconds", Raise, 30.0..=3600.0, |p| {
            Value::Number(p.governance.grant_wait_seconds as f64)
        }),
        number("governance.voice_minutes", "minutes", Lower, 1.0..=240.0, |p| {
            Value::Number(p.governance.voice_minutes as f64)
        }),
        number("governance.voice_code_minutes", "minutes", Lower, 1.0..=30.0, |p| {
            Value::Number(p.governance.voice_code_minutes as f64)
        }),
        flag("governance.emergency_allowed", TurnOff, |p| Value::Flag(p.governance.emergency_allowed)),
        number("governance.smallest_group", "people", Raise, 5.0..=1000.0, |p| {
            Value::Number(f64::from(p.governance.smallest_group))
        }),
        number("governance.non_biometric.interval_minutes", "minutes", Lower, 1.0..=240.0, |p| {
            Value::Number(p.governance.non_biometric.interval_minutes as f64)
        }),
        number("governance.non_biometric.idle_minutes", "minutes", Lower, 1.0..=60.0, |p| {
            Value::Number(p.governance.non_biometric.idle_minutes as f64)
        }),
    ];
    [
        own,
        situation!(step_up),
        situation!(lower_protection),
        situation!(non_biometric),
        situation!(emergency),
        profile!(standard, 1.0..=2.0, 1440.0),
        profile!(remote, 1.0..=2.0, 1440.0),
        profile!(regulated, 2.0..=2.0, 1440.0),
        profile!(privileged, 1.0..=2.0, 60.0),
        profile!(accessibility, 1.0..=2.0, 525_600.0),
        profile!(emergency, 0.0..=0.0, 240.0),
    ]
    .concat()
}
