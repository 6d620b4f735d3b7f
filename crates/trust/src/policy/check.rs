use super::field::Value;
use super::model::{Policy, VERSION};
use super::{LockMethod, PolicyError};
use crate::rules::CEILING_NATS;

impl Policy {
    /// Refuses values that would make the product unsafe or meaningless.
    pub(super) fn check(&self, file: &str) -> Result<(), PolicyError> {
        let refuse = |field: &'static str, value: String, must: &str| {
            Err(PolicyError::Unsafe { file: file.into(), field, value, must: must.into() })
        };
        if self.version != VERSION {
            return refuse("version", self.version.to_string(), "1, the version this program understands");
        }
        let s = &self.score;
        let odds = [
            ("score.floor_odds", s.floor_odds),
            ("score.unlock_odds", s.unlock_odds),
            ("score.watch_odds", s.watch_odds),
            ("score.step_up_odds", s.step_up_odds),
            ("score.lock_odds", s.lock_odds),
            ("step_up.password_odds", self.step_up.password_odds),
            ("step_up.totp_odds", self.step_up.totp_odds),
            ("step_up.recovery_code_odds", self.step_up.recovery_code_odds),
            ("step_up.security_key_odds", self.step_up.security_key_odds),
            ("step_up.pass_phrase_odds", self.step_up.pass_phrase_odds),
            ("step_up.face_odds", self.step_up.face_odds),
            ("step_up.override_odds", self.step_up.override_odds),
        ];
        // Beyond, `log O` does not go: a lock there would never come.
        for (field, odds) in odds {
            if odds.log().0.abs() > CEILING_NATS {
                return refuse(field, odds.to_string(), "from 1:1e13 to 1e13:1");
            }
        }
        let order = [
            ("score.watch_odds", s.floor_odds, s.watch_odds, "over score.floor_odds"),
            ("score.step_up_odds", s.watch_odds, s.step_up_odds, "over score.watch_odds"),
            ("score.lock_odds", s.step_up_odds, s.lock_odds, "over score.step_up_odds"),
            ("score.unlock_odds", s.floor_odds, s.unlock_odds, "over score.floor_odds"),
            ("score.step_up_odds", s.unlock_odds, s.step_up_odds, "over score.unlock_odds"),
            ("score.watch_odds", self.step_up.password_odds, s.watch_odds, "over step_up.password_odds"),
            ("score.watch_odds", self.step_up.totp_odds, s.watch_odds, "over step_up.totp_odds"),
            ("score.watch_odds", self.step_up.recovery_code_odds, s.watch_odds, "over step_up.recovery_code_odds"),
            ("score.watch_odds", self.step_up.security_key_odds, s.watch_odds, "over step_up.security_key_odds"),
            ("score.watch_odds", self.step_up.pass_phrase_odds, s.watch_odds, "over step_up.pass_phrase_odds"),
            ("score.watch_odds", self.step_up.face_odds, s.watch_odds, "over step_up.face_odds"),
            ("score.watch_odds", self.step_up.override_odds, s.watch_odds, "over step_up.override_odds"),
        ];
        for (field, below, above, must) in order {
            if below.log() >= above.log() {
                return refuse(field, above.to_string(), must);
            }
        }
        for field in Policy::fields() {
            if let (Some(range), Value::Number(value)) = (&field.range, field.value(self))
                && !range.contains(&value)
            {
                let must = format!("from {} to {}", range.start(), range.end());
                return refuse(field.name, value.to_string(), &must);
            }
        }
        if let Some(text) = self.context.no_uuid() {
            let must = "UUIDs of NetworkManager connections, as `nmcli -g NAME,UUID connection` prints them";
            return refuse("context.known_networks", format!("{text:?}"), must);
        }
        let camera = &self.camera;
        if camera.lock_on_leave && camera.presence_seconds == 0 {
            return refuse(
                "camera.presence_seconds",
                "0".into(),
                "over 0, as camera.lock_on_leave needs somebody to look",
            );
        }
        if let Some((field, value, must)) = self.governance.wrong() {
            return refuse(field, value, must);
        }
        let l = &self.lock;
        if l.methods.is_empty() {
            return refuse("lock.methods", "empty".into(), "at least one of \"logind\", \"screen-saver\", \"command\"");
        }
        let folder = &self.model.folder;
        if !(folder.is_empty() || folder.starts_with('/') || folder.chars().nth(1) == Some(':')) {
            return refuse("model.folder", folder.clone(), "a whole path, or empty");
        }
        let program = &self.tell.program;
        if !(program.is_empty() || program.starts_with('/') || program.chars().nth(1) == Some(':')) {
            return refuse("tell.program", program.clone(), "a whole path, or empty");
        }
        if let Some(program) = l.command.first()
            && (program.is_empty() || program.contains('/') && !program.starts_with('/'))
        {
            let must = "a whole path, or a bare name to be found in the system's folders";
            return refuse("lock.command", program.clone(), must);
        }
        if l.methods == [LockMethod::Command] && l.command.is_empty() {
            return refuse("lock.command", "empty".into(), "set, as it is the only way to lock in lock.methods");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::Policy;

    fn error(text: &str) -> String {
        Policy::parse(&format!("version = 1\n{text}"), "policy.toml").unwrap_err().to_string()
    }

    #[test]
    fn defaults_pass_and_read_back() {
        let policy = Policy::default();
        assert_eq!(Policy::parse(&policy.to_toml().unwrap(), "x"), Ok(policy.clone()));
        assert_eq!(Policy::parse("version = 1", "x"), Ok(policy));
    }

    #[test]
    fn errors_name_file_field_and_what_would_be_right() {
        let e = error("[score]\nlock_odds = \"1:2\"");
        assert_eq!(e, "policy.toml: score.lock_odds is 1:2; it must be over score.step_up_odds");
        assert!(error("[score]\nlock_odd = \"1:2\"").contains("unknown field `lock_odd`"));
        assert!(error("[score]\nlock_odds = \"2\"").contains("\"2\" is not odds"));
        assert!(error("[lock]\ncommand = [\"./i3lock\"]").contains("a whole path"));
        assert!(
            error("[context]\nknown_networks = [\"home\"]")
                .contains("context.known_networks is \"home\"; it must be UUIDs")
        );
        assert!(error("[context]\nremote_session_per_s = -1.0").contains("context.remote_session_per_s is -1"));
        assert!(error("[context]\nnew_device_fades_s = 0").contains("from 1 to 86400"));
        assert!(error("[context]\nrequired = [\"camera\"]").contains("unknown variant `camera`"));
        assert!(error("[camera]\nlock_on_leave = true").contains("camera.presence_seconds is 0; it must be over 0"));
        assert!(error("[camera]\nmode = \"always\"").contains("unknown variant `always`"));
        assert!(error("[hazard]\nidle_per_s = nan").contains("hazard.idle_per_s is NaN; it must be from"));
        for odds in ["lock_odds = \"1e14:1\"", "floor_odds = \"1e-300:1e300\"", "lock_odds = \"1e300:1e-300\""] {
            let e = error(&format!("[score]\n{odds}"));
            assert!(e.contains("_odds is ") && e.ends_with("it must be from 1:1e13 to 1e13:1"), "{e}");
        }
        assert!(Policy::parse("version = 2", "p").unwrap_err().to_string().contains("version is 2"));
        assert!(Policy::parse("", "p").unwrap_err().to_string().contains("missing field `version`"));
    }
}
