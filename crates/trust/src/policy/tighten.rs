use super::PolicyError;
use super::model::{Policy, syntax};
use crate::Odds;

/// Which way a user may move a field.
#[derive(Clone, Copy)]
enum May {
    Raise,
    Lower,
    TurnOff,
    TurnOn,
    Leave,
}

impl Policy {
    /// This policy with a user's document laid over it.
    ///
    /// # Errors
    /// When the document is not understood, unsafe, or loosens anything: then nothing of it is used. What names
    /// programs, models or sources belongs to the administrator alone and can't be changed at all.
    pub fn tightened_by(&self, text: &str, file: &str) -> Result<Policy, PolicyError> {
        let user: toml::Table = toml::from_str(text).map_err(|e| syntax(file, &e))?;
        let mut merged: toml::Table = toml::from_str(&self.to_toml()?).map_err(|e| syntax("system policy", &e))?;
        lay_over(&mut merged, user);
        let merged: Policy = merged.try_into().map_err(|e| syntax(file, &e))?;
        merged.check(file)?;
        self.refuse_looser(&merged, file)?;
        Ok(merged)
    }

    fn refuse_looser(&self, user: &Policy, file: &str) -> Result<(), PolicyError> {
        for field in fields() {
            let (system, wanted) = ((field.value)(self), (field.value)(user));
            if field.may.loosens(&system, &wanted) {
                return Err(PolicyError::Loosens {
                    file: file.into(),
                    field: field.name,
                    value: wanted.to_string(),
                    system: system.to_string(),
                    may: field.may.words(),
                });
            }
        }
        Ok(())
    }
}

/// A field of the policy and which way a user may move it.
struct Field {
    name: &'static str,
    may: May,
    value: fn(&Policy) -> Value,
}

/// A field's value, comparable where it has a direction.
enum Value {
    Number(f64),
    Odds(Odds),
    Flag(bool),
    Named(String),
}

impl Value {
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

impl May {
    fn loosens(self, system: &Value, wanted: &Value) -> bool {
        match self {
            May::Raise | May::TurnOn => wanted.order() < system.order(),
            May::Lower | May::TurnOff => wanted.order() > system.order(),
            May::Leave => wanted.to_string() != system.to_string(),
        }
    }

    fn words(self) -> &'static str {
        match self {
            May::Raise => "raise it",
            May::Lower => "lower it",
            May::TurnOff => "turn it off",
            May::TurnOn => "turn it on",
            May::Leave => "leave it as it is",
        }
    }
}

/// Every field but `version`. A new field of the policy must be listed here: a test counts them.
fn fields() -> Vec<Field> {
    use May::{Leave, Lower, Raise, TurnOff, TurnOn};
    use Value::{Flag, Named, Number, Odds};
    let field = |name, may, value| Field { name, may, value };
    vec![
        field("score.floor_odds", Raise, |p| Odds(p.score.floor_odds)),
        field("score.unlock_odds", Raise, |p| Odds(p.score.unlock_odds)),
        field("score.watch_odds", Lower, |p| Odds(p.score.watch_odds)),
        field("score.step_up_odds", Lower, |p| Odds(p.score.step_up_odds)),
        field("score.lock_odds", Lower, |p| Odds(p.score.lock_odds)),
        field("score.hysteresis_nats", Raise, |p| Number(p.score.hysteresis_nats)),
        field("hazard.input_per_s", Raise, |p| Number(p.hazard.input_per_s)),
        field("hazard.idle_per_s", Raise, |p| Number(p.hazard.idle_per_s)),
        field("hazard.nobody_seen_per_s", Raise, |p| Number(p.hazard.nobody_seen_per_s)),
        field("hazard.locked_per_s", Raise, |p| Number(p.hazard.locked_per_s)),
        field("hazard.idle_after_s", Lower, |p| Number(p.hazard.idle_after_s as f64)),
        field("context.remote_session_per_s", Raise, |p| Number(p.context.remote_session_per_s)),
        field("context.screen_shared_per_s", Raise, |p| Number(p.context.screen_shared_per_s)),
        field("context.unknown_network_per_s", Raise, |p| Number(p.context.unknown_network_per_s)),
        field("context.switched_away_per_s", Raise, |p| Number(p.context.switched_away_per_s)),
        field("context.new_device_per_s", Raise, |p| Number(p.context.new_device_per_s)),
        field("context.new_device_fades_s", Raise, |p| Number(p.context.new_device_fades_s as f64)),
        field("context.injected_input_per_s", Raise, |p| Number(p.context.injected_input_per_s)),
        field("context.injected_input_fades_s", Raise, |p| Number(p.context.injected_input_fades_s as f64)),
        field("context.known_networks", Leave, |p| Named(format!("{:?}", p.context.known_networks))),
        field("context.required", Leave, |p| Named(format!("{:?}", p.context.required))),
        field("evidence.keystroke", Leave, |p| Named(format!("{:?}", p.evidence.keystroke))),
        field("evidence.pointer", Leave, |p| Named(format!("{:?}", p.evidence.pointer))),
        field("evidence.face", Leave, |p| Named(format!("{:?}", p.evidence.face))),
        field("step_up.grace_seconds", Lower, |p| Number(p.step_up.grace_seconds as f64)),
        field("step_up.fresh_seconds", Lower, |p| Number(p.step_up.fresh_seconds as f64)),
        field("step_up.tries", Lower, |p| Number(f64::from(p.step_up.tries))),
        field("step_up.wait_seconds", Raise, |p| Number(p.step_up.wait_seconds as f64)),
        field("step_up.password_odds", Raise, |p| Odds(p.step_up.password_odds)),
        field("step_up.after_unlock", TurnOn, |p| Flag(p.step_up.after_unlock)),
        field("step_up.mute_after", Raise, |p| Number(f64::from(p.step_up.mute_after))),
        field("step_up.mute_window_minutes", Lower, |p| Number(p.step_up.mute_window_minutes as f64)),
        field("enrolment.min_keystrokes", Raise, |p| Number(f64::from(p.enrolment.min_keystrokes))),
        field("enrolment.max_self_rejects", Lower, |p| Number(p.enrolment.max_self_rejects)),
        field("enrolment.accept_recordings", TurnOff, |p| Flag(p.enrolment.accept_recordings)),
        field("keyboard.source", Leave, |p| Named(format!("{:?}", p.keyboard.source))),
        field("keyboard.score_injected", TurnOff, |p| Flag(p.keyboard.score_injected)),
        field("lock.methods", Leave, |p| Named(format!("{:?}", p.lock.methods))),
        field("lock.command", Leave, |p| Named(format!("{:?}", p.lock.command))),
        field("status.reveal", TurnOff, |p| Flag(p.status.reveal)),
        field("model.pack", Leave, |p| Named(format!("{:?}", p.model.pack))),
    ]
}

fn lay_over(base: &mut toml::Table, over: toml::Table) {
    for (key, value) in over {
        match (base.get_mut(&key), value) {
            (Some(toml::Value::Table(base)), toml::Value::Table(over)) => lay_over(base, over),
            (_, value) => {
                base.insert(key, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::Policy;

    fn tighten(text: &str) -> Result<Policy, String> {
        Policy::default().tightened_by(text, "user.toml").map_err(|e| e.to_string())
    }

    #[test]
    fn a_user_may_tighten() {
        let p = tighten("[step_up]\ngrace_seconds = 10\nafter_unlock = true\n[score]\nlock_odds = \"100:1\"").unwrap();
        assert_eq!(p.step_up.grace_seconds, 10);
        assert!(p.step_up.after_unlock);
        assert_eq!(p.score.watch_odds, Policy::default().score.watch_odds);
    }

    #[test]
    fn a_user_may_not_loosen_anything() {
        for loose in [
            "[score]\nfloor_odds = \"1:100000\"",
            "[score]\nlock_odds = \"10000:1\"",
            "[score]\nwatch_odds = \"1:3\"",
            "[hazard]\nidle_per_s = 1e-5",
            "[context]\nremote_session_per_s = 0.0",
            "[context]\nnew_device_fades_s = 5",
            "[context]\nknown_networks = [\"12345678-9abc-def0-1234-56789abcdef0\"]",
            "[step_up]\ngrace_seconds = 60",
            "[step_up]\ntries = 9",
            "[enrolment]\nmin_keystrokes = 300",
            "[enrolment]\naccept_recordings = true",
            "[keyboard]\nscore_injected = true",
            "[keyboard]\nsource = \"rdev\"",
            "[lock]\ncommand = [\"/bin/true\"]",
            "[lock]\nmethods = [\"command\"]\ncommand = [\"/bin/true\"]",
            "[status]\nreveal = true",
            "[model]\npack = \"open\"",
            "[evidence.keystroke]\ncap_nats = 0.0",
        ] {
            let e = tighten(loose).unwrap_err();
            assert!(e.starts_with("user.toml: ") && e.contains("a user may only"), "{loose}: {e}");
        }
    }

    #[test]
    fn every_field_has_a_direction() {
        let document: toml::Table = toml::from_str(&Policy::default().to_toml().unwrap()).unwrap();
        let written = document
            .iter()
            .filter_map(|(section, value)| Some((section, value.as_table()?)))
            .flat_map(|(section, table)| table.keys().map(move |key| format!("{section}.{key}")));
        let listed: Vec<&str> = super::fields().iter().map(|f| f.name).collect();
        let missing: Vec<String> = written.filter(|name| !listed.contains(&name.as_str())).collect();
        assert_eq!(missing, Vec::<String>::new());
    }

    #[test]
    fn a_user_document_with_an_unknown_key_is_refused_whole() {
        assert!(tighten("[step_up]\ngrace_seconds = 10\nspeed = 3").unwrap_err().contains("speed"));
        assert!(tighten("[nonsense]\na = 1").is_err());
    }
}
