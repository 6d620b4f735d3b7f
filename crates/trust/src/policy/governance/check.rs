use super::{Approver, GovernancePolicy, Profile, Situation};
use crate::Factor;
use std::collections::BTreeSet;

/// What is wrong with a field: its name, the value found, and what it must be.
type Wrong = (&'static str, String, &'static str);

impl GovernancePolicy {
    /// The first thing that would make overrides unsafe or impossible, beyond the ranges of numbers.
    pub(in crate::policy) fn wrong(&self) -> Option<Wrong> {
        self.wrong_approver()
            .or_else(|| self.wrong_assignment())
            .or_else(|| self.wrong_factors())
            .or_else(|| self.wrong_roles())
            .or_else(|| self.wrong_emergency())
    }

    fn wrong_approver(&self) -> Option<Wrong> {
        let field = "governance.approvers";
        if let Some(bad) = self.approvers.iter().find(|approver| !is_account(&approver.id)) {
            return Some((field, format!("{:?}", bad.id), "account names of 1 to 64 visible characters"));
        }
        if let Some(bad) = self.approvers.iter().find(|approver| !is_key(&approver.key)) {
            return Some((field, format!("{:?}", bad.key), "public Ed25519 keys, 43 characters of base64url"));
        }
        if let Some(bad) = self.approvers.iter().find(|approver| approver.roles.is_empty()) {
            return Some((field, format!("{} without a role", bad.id), "people with at least one role"));
        }
        // One person under two names, or with two keys, would be two approvers.
        if let Some(bad) = repeated(&self.approvers, |approver| &approver.id) {
            return Some((field, format!("{bad:?} twice"), "each person once"));
        }
        repeated(&self.approvers, |approver| &approver.key)
            .map(|key| (field, format!("{key:?} twice"), "each key once"))
    }

    fn wrong_assignment(&self) -> Option<Wrong> {
        let field = "governance.assigned";
        if let Some(bad) = self.assigned.iter().find(|assigned| !is_account(&assigned.person)) {
            return Some((field, format!("{:?}", bad.person), "account names of 1 to 64 visible characters"));
        }
        let mut people = BTreeSet::new();
        if let Some(bad) = self.assigned.iter().find(|assigned| !people.insert(&assigned.person)) {
            return Some((field, format!("{:?} twice", bad.person), "each person once"));
        }
        let must = "standard, remote, regulated or privileged; the others are asked for in a case";
        let asked = |profile| matches!(profile, Profile::Accessibility | Profile::Emergency);
        if asked(self.profile) {
            return Some(("governance.profile", self.profile.name().into(), must));
        }
        let bad = self.assigned.iter().find(|assigned| asked(assigned.profile))?;
        Some((field, bad.profile.name().into(), must))
    }

    fn wrong_factors(&self) -> Option<Wrong> {
        let situations = [
            ("governance.factors.step_up.any_of", Situation::StepUp),
            ("governance.factors.lower_protection.any_of", Situation::LowerProtection),
            ("governance.factors.non_biometric.any_of", Situation::NonBiometric),
            ("governance.factors.emergency.any_of", Situation::Emergency),
        ];
        situations.into_iter().find_map(|(field, situation)| {
            let (policy, must) = (self.factors.of(situation), "at least `count` different factors that need no sensor");
            // An approver gives it; nobody answers with it.
            if policy.any_of.contains(&Factor::Override) {
                return Some((
                    field,
                    format!("{:?}", policy.any_of),
                    "without \"override\", which only an approver gives",
                ));
            }
            // A sensor that failed must leave enough to answer with.
            let enough = policy.not_biometric() >= policy.count as usize;
            (!enough).then(|| (field, format!("{:?}", policy.any_of), must))
        })
    }

    fn wrong_roles(&self) -> Option<Wrong> {
        let fields = [
            ("governance.standard.roles", Profile::Standard),
            ("governance.remote.roles", Profile::Remote),
            ("governance.regulated.roles", Profile::Regulated),
            ("governance.privileged.roles", Profile::Privileged),
            ("governance.accessibility.roles", Profile::Accessibility),
            ("governance.emergency.roles", Profile::Emergency),
        ];
        let empty = fields.into_iter().find(|(_, profile)| self.of(*profile).roles.is_empty());
        if let Some((field, _)) = empty {
            return Some((field, "empty".into(), "at least one of \"service-desk\", \"security\", \"manager\""));
        }
        // Both lists hold for a declaration: without a common role nobody could make one.
        let people = self.assigned.iter().map(|assigned| assigned.profile).chain([self.profile]);
        let remote = |profile| (profile == Profile::Standard).then_some(Profile::Remote);
        let apart = |profile: &Profile| !self.of(*profile).roles.iter().any(|r| self.accessibility.roles.contains(r));
        let apart = people.flat_map(|own| [Some(own), remote(own)]).flatten().find(apart)?;
        let must = "roles that share one with each profile that people have, as a declaration needs a role of both";
        let found =
            format!("{:?}, and those of {} are {:?}", self.accessibility.roles, apart.name(), self.of(apart).roles);
        Some(("governance.accessibility.roles", found, must))
    }

    /// What could have no effect on breaking the glass, or could never be met.
    fn wrong_emergency(&self) -> Option<Wrong> {
        let limits = &self.emergency;
        let flags = [
            ("governance.emergency.second_channel", limits.second_channel),
            ("governance.emergency.same_network", limits.same_network),
            ("governance.emergency.voice", limits.voice),
        ];
        if let Some((field, _)) = flags.into_iter().find(|(_, on)| *on) {
            return Some((field, "true".into(), "false: nobody is asked before the glass is broken"));
        }
        // Proof before breaking it is asked for as before anything else that lowers protection.
        let (wants, asked) = (&self.factors.emergency, &self.factors.lower_protection.any_of);
        let mut there: Vec<_> = wants.any_of.iter().filter(|f| f.modality().is_none() && asked.contains(f)).collect();
        there.sort_unstable();
        there.dedup();
        let must = "at least `count` different factors that need no sensor and are in \
                    governance.factors.lower_protection.any_of too, by which they are asked for";
        let never = self.emergency_allowed && there.len() < wants.count as usize;
        never.then(|| ("governance.factors.emergency.any_of", format!("{:?}", wants.any_of), must))
    }
}

fn is_account(name: &str) -> bool {
    (1..=64).contains(&name.len()) && !name.chars().any(|c| c.is_whitespace() || c.is_control())
}

/// 32 bytes in base64url: 43 characters, of which the last carries four bits.
fn is_key(text: &str) -> bool {
    let url = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    text.len() == 43 && text.bytes().all(url) && text.ends_with(|c| "AEIMQUYcgkosw048".contains(c))
}

fn repeated<'a>(approvers: &'a [Approver], of: impl Fn(&'a Approver) -> &'a String) -> Option<&'a String> {
    let mut seen = BTreeSet::new();
    approvers.iter().map(of).find(|value| !seen.insert(*value))
}
