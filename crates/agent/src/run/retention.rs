use super::Agent;

impl Agent {
    /// Once a day: cases that are over, reviewed and older than policy keeps them go out of the record.
    pub(super) fn prune_cases(&mut self) {
        let (now, unix_ms) = (self.now(), self.record.now().unix_ms);
        let Ok(fallback) = &mut self.fallback else { return };
        if !fallback.day_is_over(now) {
            return;
        }
        let days = fallback.policy.keep_cases_days;
        let before_ms = unix_ms - i64::try_from(days * 24 * 3_600_000).unwrap_or(i64::MAX);
        let kept = fallback.kept(u64::try_from(before_ms / 1000).unwrap_or(0));
        match self.record.prune_cases(&kept, before_ms, days) {
            Ok(0) => return,
            Ok(entries) => tracing::info!("{entries} entries about cases were kept for {days} days, and are taken out"),
            Err(e) => return tracing::warn!("what is kept no longer stays for now: {e}"),
        }
        self.keep_head();
        if let Ok(fallback) = &mut self.fallback
            && let Err(e) = fallback.read_anew(&self.record)
        {
            tracing::warn!("cases can't be read: {e}");
        }
    }
}
