use super::{GovernancePolicy, Profile, ProfilePolicy};

impl GovernancePolicy {
    /// The limits of a person's case. A modality declared unsuitable is no way round their own profile: whoever grants it must
    /// be allowed to by both, and whoever is watched more closely than others still is.
    pub fn limits_for(&self, profile: Profile, person: &str, remote_session: bool) -> ProfilePolicy {
        let mut limits = match profile {
            Profile::Accessibility => self.declared(self.profile_of(person, remote_session)),
            Profile::Emergency => return self.emergency.clone(),
            _ => self.of(profile).clone(),
        };
        // A remote session needs no fewer approvers than the office.
        limits.approvers = limits.approvers.max(self.of(self.profile_of(person, false)).approvers);
        limits
    }

    fn declared(&self, own: Profile) -> ProfilePolicy {
        let limits = self.accessibility.clone().given_as(self.of(own));
        match own {
            Profile::Standard => limits,
            // Nothing goes on for longer than they have anything.
            Profile::Privileged => ProfilePolicy {
                longest_minutes: limits.longest_minutes.min(self.privileged.longest_minutes),
                ..limits.watched_as(&self.privileged)
            },
            _ => limits.watched_as(self.of(own)),
        }
    }
}

impl ProfilePolicy {
    /// Given as strictly as another as well.
    fn given_as(mut self, other: &ProfilePolicy) -> Self {
        self.roles.retain(|role| other.roles.contains(role));
        Self {
            approvers: self.approvers.max(other.approvers),
            grants_per_day: self.grants_per_day.min(other.grants_per_day),
            evidence_review: self.evidence_review || other.evidence_review,
            second_channel: self.second_channel || other.second_channel,
            same_network: self.same_network || other.same_network,
            voice: self.voice && other.voice,
            ..self
        }
    }

    /// Watched as closely as another as well.
    fn watched_as(self, other: &ProfilePolicy) -> Self {
        let new = other.tell.iter().filter(|role| !self.tell.contains(role));
        Self {
            review_hours: self.review_hours.min(other.review_hours),
            reverify_minutes: self.reverify_minutes.min(other.reverify_minutes),
            hazard_factor: self.hazard_factor.max(other.hazard_factor),
            audits_per_hour: self.audits_per_hour.max(other.audits_per_hour),
            tell: self.tell.iter().chain(new).copied().collect(),
            ..self
        }
    }
}
