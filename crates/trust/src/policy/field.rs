use super::{Policy, governance};
use crate::Odds;
use serde::Serialize;
use std::ops::RangeInclusive;

/// One field of the policy: its name, unit, range, and which way a user's document may move it.
///
/// What is said here holds for reading ([`Policy::parse`]), for tightening ([`Policy::tightened_by`]) and for the
/// [`schema`](Policy::schema).
#[derive(Clone, Debug)]
pub struct Field {
    /// Its dotted name, like `step_up.grace_seconds`.
    pub name: &'static str,
    /// What a number counts, in words; empty for flags, names and lists.
    pub unit: &'static str,
    /// The least and the most a number may be.
    pub range: Option<RangeInclusive<f64>>,
    /// Which way a user may move it.
    pub may: May,
    value: fn(&Policy) -> Value,
}

/// Which way a user may move a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum May {
    /// Up only.
    Raise,
    /// Down only.
    Lower,
    /// From on to off only.
    TurnOff,
    /// From off to on only.
    TurnOn,
    /// Not at all.
    Leave,
}

/// A field's value, comparable where it has a direction.
#[derive(Clone, Debug)]
pub enum Value {
    /// A number in the field's unit.
    Number(f64),
    /// Odds that somebody else is there.
    Odds(Odds),
    /// On or off.
    Flag(bool),
    /// A name or a list, as TOML.
    Named(String),
}

impl Policy {
    /// Every field but `version`, in the order of the document. A new field must be listed here: a test compares.
    pub fn fields() -> Vec<Field> {
        use May::{Leave, Lower, Raise, TurnOff, TurnOn};
        let mut fields = vec![
            odds("score.floor_odds", Raise, |p| Value::Odds(p.score.floor_odds)),
            odds("score.unlock_odds", Raise, |p| Value::Odds(p.score.unlock_odds)),
            odds("score.watch_odds", Lower, |p| Value::Odds(p.score.watch_odds)),
            odds("score.step_up_odds", Lower, |p| Value::Odds(p.score.step_up_odds)),
            odds("score.lock_odds", Lower, |p| Value::Odds(p.score.lock_odds)),
            number("score.hysteresis_nats", "nats", Raise, 0.0..=3.0, |p| Value::Number(p.score.hysteresis_nats)),
            number("hazard.input_per_s", "per second", Raise, 1e-9..=1.0, |p| Value::Number(p.hazard.input_per_s)),
            number("hazard.idle_per_s", "per second", Raise, 1e-6..=1.0, |p| Value::Number(p.hazard.idle_per_s)),
            number("hazard.nobody_seen_per_s", "per second", Raise, 1e-4..=1.0, |p| {
                Value::Number(p.hazard.nobody_seen_per_s)
            }),
            number("hazard.locked_per_s", "per second", Raise, 1e-7..=1.0, |p| Value::Number(p.hazard.locked_per_s)),
            number("hazard.idle_after_s", "seconds", Lower, 1.0..=600.0, |p| {
                Value::Number(p.hazard.idle_after_s as f64)
            }),
            number("context.remote_session_per_s", "per second", Raise, 0.0..=1.0, |p| {
                Value::Number(p.context.remote_session_per_s)
            }),
            number("context.screen_shared_per_s", "per second", Raise, 0.0..=1.0, |p| {
                Value::Number(p.context.screen_shared_per_s)
            }),
            number("context.unknown_network_per_s", "per second", Raise, 0.0..=1.0, |p| {
                Value::Number(p.context.unknown_network_per_s)
            }),
            number("context.switched_away_per_s", "per second", Raise, 0.0..=1.0, |p| {
                Value::Number(p.context.switched_away_per_s)
            }),
            number("context.new_device_per_s", "per second", Raise, 0.0..=1.0, |p| {
                Value::Number(p.context.new_device_per_s)
            }),
            number("context.new_device_fades_s", "seconds", Raise, 1.0..=86_400.0, |p| {
                Value::Number(p.context.new_device_fades_s as f64)
            }),
            number("context.injected_input_per_s", "per second", Raise, 0.0..=1.0, |p| {
                Value::Number(p.context.injected_input_per_s)
            }),
            number("context.injected_input_fades_s", "seconds", Raise, 1.0..=86_400.0, |p| {
                Value::Number(p.context.injected_input_fades_s as f64)
            }),
            number("context.looking_away_per_s", "per second", Raise, 0.0..=1.0, |p| {
                Value::Number(p.context.looking_away_per_s)
            }),
            number("context.several_people_per_s", "per second", Raise, 0.0..=1.0, |p| {
                Value::Number(p.context.several_people_per_s)
            }),
            number("context.somebody_else_per_s", "per second", Raise, 0.0..=1.0, |p| {
                Value::Number(p.context.somebody_else_per_s)
            }),
            number("context.seen_fades_s", "seconds", Raise, 1.0..=86_400.0, |p| {
                Value::Number(p.context.seen_fades_s as f64)
            }),
            named("context.known_networks", |p| text(&p.context.known_networks)),
            named("context.required", |p| text(&p.context.required)),
            number("evidence.keystroke.cap_nats", "nats", Leave, 0.0..=10.0, |p| {
                Value::Number(p.evidence.keystroke.cap_nats)
            }),
            flag("evidence.keystroke.weak", Leave, |p| Value::Flag(p.evidence.keystroke.weak)),
            number("evidence.pointer.cap_nats", "nats", Leave, 0.0..=10.0, |p| {
                Value::Number(p.evidence.pointer.cap_nats)
            }),
            flag("evidence.pointer.weak", Leave, |p| Value::Flag(p.evidence.pointer.weak)),
            number("evidence.face.cap_nats", "nats", Leave, 0.0..=10.0, |p| Value::Number(p.evidence.face.cap_nats)),
            flag("evidence.face.weak", Leave, |p| Value::Flag(p.evidence.face.weak)),
            number("step_up.grace_seconds", "seconds", Lower, 5.0..=300.0, |p| {
                Value::Number(p.step_up.grace_seconds as f64)
            }),
            number("step_up.fresh_seconds", "seconds", Lower, 5.0..=60.0, |p| {
                Value::Number(p.step_up.fresh_seconds as f64)
            }),
            number("step_up.tries", "answers", Lower, 1.0..=10.0, |p| Value::Number(f64::from(p.step_up.tries))),
            number("step_up.wait_seconds", "seconds", Raise, 30.0..=3600.0, |p| {
                Value::Number(p.step_up.wait_seconds as f64)
            }),
            odds("step_up.password_odds", Raise, |p| Value::Odds(p.step_up.password_odds)),
            odds("step_up.totp_odds", Raise, |p| Value::Odds(p.step_up.totp_odds)),
            odds("step_up.recovery_code_odds", Raise, |p| Value::Odds(p.step_up.recovery_code_odds)),
            odds("step_up.security_key_odds", Raise, |p| Value::Odds(p.step_up.security_key_odds)),
            odds("step_up.pass_phrase_odds", Raise, |p| Value::Odds(p.step_up.pass_phrase_odds)),
            odds("step_up.face_odds", Raise, |p| Value::Odds(p.step_up.face_odds)),
            odds("step_up.override_odds", Raise, |p| Value::Odds(p.step_up.override_odds)),
            flag("step_up.after_unlock", TurnOn, |p| Value::Flag(p.step_up.after_unlock)),
            number("step_up.mute_after", "step-ups", Raise, 3.0..=100.0, |p| {
                Value::Number(f64::from(p.step_up.mute_after))
            }),
            number("step_up.mute_window_minutes", "minutes", Lower, 1.0..=60.0, |p| {
                Value::Number(p.step_up.mute_window_minutes as f64)
            }),
            number("enrolment.min_keystrokes", "keystrokes", Raise, 300.0..=100_000.0, |p| {
                Value::Number(f64::from(p.enrolment.min_keystrokes))
            }),
            number("enrolment.max_self_rejects", "share of windows", Lower, 0.0..=0.5, |p| {
                Value::Number(p.enrolment.max_self_rejects)
            }),
            flag("enrolment.accept_recordings", TurnOff, |p| Value::Flag(p.enrolment.accept_recordings)),
            named("keyboard.source", |p| text(&p.keyboard.source)),
            flag("keyboard.score_injected", TurnOff, |p| Value::Flag(p.keyboard.score_injected)),
            flag("pointer.watch", TurnOn, |p| Value::Flag(p.pointer.watch)),
            flag("pointer.score_injected", TurnOff, |p| Value::Flag(p.pointer.score_injected)),
            number("pointer.min_strokes", "strokes", Raise, 160.0..=100_000.0, |p| {
                Value::Number(f64::from(p.pointer.min_strokes))
            }),
            number("pointer.max_self_rejects", "share of windows", Lower, 0.0..=0.5, |p| {
                Value::Number(p.pointer.max_self_rejects)
            }),
            named("camera.mode", |p| text(&p.camera.mode)),
            named("camera.device", |p| text(&p.camera.device)),
            flag("camera.trust_virtual", TurnOff, |p| Value::Flag(p.camera.trust_virtual)),
            number("camera.seconds_per_hour", "seconds", Leave, 0.0..=3600.0, |p| {
                Value::Number(p.camera.seconds_per_hour as f64)
            }),
            number("camera.look_seconds", "seconds", Leave, 1.0..=30.0, |p| {
                Value::Number(p.camera.look_seconds as f64)
            }),
            number("camera.act_seconds", "seconds", Leave, 3.0..=60.0, |p| Value::Number(p.camera.act_seconds as f64)),
            number("camera.audit_minutes", "minutes", Leave, 0.0..=480.0, |p| {
                Value::Number(p.camera.audit_minutes as f64)
            }),
            flag("camera.look_after_idle", TurnOn, |p| Value::Flag(p.camera.look_after_idle)),
            number("camera.presence_seconds", "seconds", Leave, 0.0..=600.0, |p| {
                Value::Number(p.camera.presence_seconds as f64)
            }),
            flag("camera.lock_on_leave", TurnOn, |p| Value::Flag(p.camera.lock_on_leave)),
            number("camera.left_seconds", "seconds", Lower, 5.0..=600.0, |p| {
                Value::Number(p.camera.left_seconds as f64)
            }),
            number("camera.cap_without_pad_nats", "nats", Leave, 0.0..=10.0, |p| {
                Value::Number(p.camera.cap_without_pad_nats)
            }),
            number("camera.cap_in_doubt_nats", "nats", Leave, 0.0..=10.0, |p| {
                Value::Number(p.camera.cap_in_doubt_nats)
            }),
            named("lock.methods", |p| text(&p.lock.methods)),
            named("lock.command", |p| text(&p.lock.command)),
            number("control.pause_minutes", "minutes", Lower, 0.0..=480.0, |p| {
                Value::Number(p.control.pause_minutes as f64)
            }),
            flag("control.may_quit", TurnOff, |p| Value::Flag(p.control.may_quit)),
            named("control.may_turn_off", |p| text(&p.control.may_turn_off)),
            flag("status.reveal", TurnOff, |p| Value::Flag(p.status.reveal)),
            flag("tell.system_log", TurnOn, |p| Value::Flag(p.tell.system_log)),
            named("tell.program", |p| text(&p.tell.program)),
            number("tell.program_seconds", "seconds", Leave, 1.0..=60.0, |p| {
                Value::Number(p.tell.program_seconds as f64)
            }),
            named("model.pack", |p| text(&p.model.pack)),
            named("model.folder", |p| text(&p.model.folder)),
            named("model.keys", |p| text(&p.model.keys)),
        ];
        fields.extend(governance::fields());
        fields
    }
}

impl Field {
    /// The field's value in a policy.
    pub fn value(&self, policy: &Policy) -> Value {
        (self.value)(policy)
    }

    /// Its names from the outermost table in: `["evidence", "face", "weak"]`.
    pub fn path(&self) -> impl Iterator<Item = &'static str> {
        self.name.split('.')
    }

    /// Whether a TOML document sets it. One that is no TOML sets nothing.
    pub fn is_set_in(&self, document: &str) -> bool {
        let Ok(table) = document.parse::<toml::Table>() else { return false };
        let mut value = &toml::Value::Table(table);
        self.path().all(|key| {
            value.get(key).is_some_and(|inner| {
                value = inner;
                true
            })
        })
    }
}

impl May {
    /// What a user may do with a field, in words.
    pub fn words(self) -> &'static str {
        match self {
            May::Raise => "raise it",
            May::Lower => "lower it",
            May::TurnOff => "turn it off",
            May::TurnOn => "turn it on",
            May::Leave => "leave it as it is",
        }
    }

    /// Whether going from `system` to `wanted` is the other way.
    pub(super) fn loosens(self, system: &Value, wanted: &Value) -> bool {
        match self {
            May::Raise | May::TurnOn => wanted.order() < system.order(),
            May::Lower | May::TurnOff => wanted.order() > system.order(),
            May::Leave => wanted.to_string() != system.to_string(),
        }
    }
}

impl Value {
    /// The value as a policy document writes it.
    pub fn to_toml(&self) -> String {
        match self {
            Value::Number(n) if *n != 0.0 && n.abs() < 1e-2 => format!("{n:e}"),
            Value::Odds(odds) => format!("\"{odds}\""),
            other => other.to_string(),
        }
    }

    fn order(&self) -> f64 {
        match self {
            Value::Number(n) => *n,
            Value::Odds(o) => o.log().0,
            Value::Flag(b) => f64::from(u8::from(*b)),
            Value::Named(_) => 0.0,
        }
    }
}

impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Value::Number(n) => write!(f, "{n}"),
            Value::Odds(o) => write!(f, "{o}"),
            Value::Flag(b) => write!(f, "{b}"),
            Value::Named(s) => f.write_str(s),
        }
    }
}

pub(super) fn number(
    name: &'static str,
    unit: &'static str,
    may: May,
    range: RangeInclusive<f64>,
    value: fn(&Policy) -> Value,
) -> Field {
    Field { name, unit, range: Some(range), may, value }
}

fn odds(name: &'static str, may: May, value: fn(&Policy) -> Value) -> Field {
    Field { name, unit: "odds, somebody else to owner", range: None, may, value }
}

pub(super) fn flag(name: &'static str, may: May, value: fn(&Policy) -> Value) -> Field {
    Field { name, unit: "", range: None, may, value }
}

/// What names programs, models or sources is the administrator's alone.
pub(super) fn named(name: &'static str, value: fn(&Policy) -> Value) -> Field {
    Field { name, unit: "", range: None, may: May::Leave, value }
}

pub(super) fn text(value: &impl Serialize) -> Value {
    Value::Named(toml::Value::try_from(value).map_or_else(|e| e.to_string(), |value| value.to_string()))
}

#[cfg(test)]
mod tests {
    use super::{Policy, Value};

    /// The dotted names of a document's values.
    fn names(prefix: &str, table: &toml::Table, into: &mut Vec<String>) {
        for (key, value) in table {
            let name = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
            match value {
                toml::Value::Table(table) => names(&name, table, into),
                _ => into.push(name),
            }
        }
    }

    #[test]
    fn every_field_is_listed_and_no_other() {
        let document: toml::Table = toml::from_str(&Policy::default().to_toml().unwrap()).unwrap();
        let mut written = Vec::new();
        names("", &document, &mut written);
        written.retain(|name| name != "version");
        let mut listed: Vec<&str> = Policy::fields().iter().map(|f| f.name).collect();
        written.sort();
        listed.sort_unstable();
        assert_eq!(written, listed);
    }

    #[test]
    fn a_value_reads_back_as_it_is_written() {
        let policy = Policy::default();
        for field in Policy::fields() {
            let document = format!(
                "version = 1\n{}\n{} = {}",
                rest_of_modality(field.name),
                field.name,
                field.value(&policy).to_toml()
            );
            assert_eq!(Policy::parse(&document, "x"), Ok(policy.clone()), "{document}");
            assert!(field.is_set_in(&document) && !field.is_set_in("version = 1"), "{document}");
        }
        assert_eq!(Value::Number(1e-6).to_toml(), "1e-6");
    }

    /// A modality is given whole.
    fn rest_of_modality(name: &str) -> String {
        let policy = Policy::default();
        let beside = |f: &&super::Field| {
            name.starts_with("evidence.")
                && f.name != name
                && f.name.rsplit_once('.').map(|s| s.0) == name.rsplit_once('.').map(|s| s.0)
        };
        Policy::fields().iter().filter(beside).map(|f| format!("{} = {}", f.name, f.value(&policy).to_toml())).collect()
    }
}
