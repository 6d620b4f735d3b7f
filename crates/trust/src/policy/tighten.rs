use super::PolicyError;
use super::model::{Policy, syntax};

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
        for field in Policy::fields() {
            let (system, wanted) = (field.value(self), field.value(user));
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
            "[score]\nwatch_odds = \"1:2\"",
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
            "[pointer]\nwatch = false",
            "[pointer]\nscore_injected = true",
            "[camera]\ntrust_virtual = true",
            "[camera]\nmode = \"off\"",
            "[camera]\nlook_after_idle = false",
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
    fn a_user_document_with_an_unknown_key_is_refused_whole() {
        assert!(tighten("[step_up]\ngrace_seconds = 10\nspeed = 3").unwrap_err().contains("speed"));
        assert!(tighten("[nonsense]\na = 1").is_err());
    }
}
