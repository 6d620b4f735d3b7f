use crate::Circumstance;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// What circumstances add to the hazard of a change of person, per second, and which networks are known.
///
/// The defaults are sized by the time from the best score to a *scheduled* step-up for somebody who only points and reads,
/// `ln(2 / (1 + O₀)) / h` with the floor's odds `O₀` (1 : 30); ten typed keys of the owner take back far more than their seconds
/// add. Idle time alone (2e-4) asks after 55 minutes; a circumstance of 1e-4 on top of it after 37.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ContextPolicy {
    /// In a remote session. Default 1e-4: asks after 1 h 50 min without a key, so that working remotely all day costs the
    /// owner nothing while they type, and a connection left open is met in half an hour.
    pub remote_session_per_s: f64,
    /// While the screen is shared. Default 5e-5: 3 h 40 min, longer than a meeting in which nobody types; idle, 44 min.
    pub screen_shared_per_s: f64,
    /// On an unknown network. Default 1e-4, as in a remote session: the machine may have been carried away.
    pub unknown_network_per_s: f64,
    /// While another session is in front; its time counts as idle. Default 2e-4: with that, asks after 28 minutes away.
    pub switched_away_per_s: f64,
    /// After a keyboard or pointer came. Default 4e-3 for a minute, 0.28 on the odds: from the best score into watch,
    /// never by itself to a step-up, as docks and switches plug in many times a day.
    pub new_device_per_s: f64,
    /// How long that lasts, in seconds, unless a step-up ends it. Default 60.
    pub new_device_fades_s: u64,
    /// After a program typed or pointed. Default 3e-3 for half a minute, 0.1 on the odds: a password manager's burst alone leads to
    /// nothing; typing on and on, which can't be judged, asks after 4 minutes.
    pub injected_input_per_s: f64,
    /// How long that lasts, in seconds, unless a step-up ends it. Default 30.
    pub injected_input_fades_s: u64,
    /// While the camera saw the person look away from the screen. Default 1e-4, as on an unknown network.
    pub looking_away_per_s: f64,
    /// While the camera saw more than one person. Default 2e-4: one may have taken over from the other.
    pub several_people_per_s: f64,
    /// While the camera saw somebody who does not look like the owner. Default 2e-3 for two minutes, 0.2 on the odds: what the
    /// face itself says is evidence beside it.
    pub somebody_else_per_s: f64,
    /// How long each of these lasts after a look, in seconds, unless another look or a step-up ends it. Default 120.
    pub seen_fades_s: u64,
    /// Networks that are always known, by the UUID of their NetworkManager connection. Others are known when the owner's
    /// last step-up, or the beginning of monitoring, was on them.
    #[schemars(inner(regex(pattern = "^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$")))]
    pub known_networks: Vec<String>,
    /// Sources without which something is in trouble. Default none: one that is missing says nothing.
    pub required: Vec<ContextSource>,
}

/// Where circumstances are seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ContextSource {
    /// The OS's session service: remote, switched away.
    Session,
    /// The desktop's screen sharing.
    Screen,
    /// The network service.
    Network,
    /// The list of input devices.
    Devices,
}

impl ContextSource {
    /// The name used in policy and messages.
    pub fn name(self) -> &'static str {
        match self {
            ContextSource::Session => "session",
            ContextSource::Screen => "screen",
            ContextSource::Network => "network",
            ContextSource::Devices => "devices",
        }
    }
}

impl ContextPolicy {
    /// What `circumstance` adds to the hazard, per second.
    pub fn hazard_per_s(&self, circumstance: Circumstance) -> f64 {
        match circumstance {
            Circumstance::RemoteSession => self.remote_session_per_s,
            Circumstance::ScreenShared => self.screen_shared_per_s,
            Circumstance::UnknownNetwork => self.unknown_network_per_s,
            Circumstance::SwitchedAway => self.switched_away_per_s,
            Circumstance::NewDevice => self.new_device_per_s,
            Circumstance::InjectedInput => self.injected_input_per_s,
            Circumstance::LookingAway => self.looking_away_per_s,
            Circumstance::SeveralPeople => self.several_people_per_s,
            Circumstance::SomebodyElse => self.somebody_else_per_s,
        }
    }

    /// After how long `circumstance` is over by itself; `None` when it lasts until it is said to have ended.
    pub fn fades_after(&self, circumstance: Circumstance) -> Option<Duration> {
        match circumstance {
            Circumstance::NewDevice => Some(Duration::from_secs(self.new_device_fades_s)),
            Circumstance::InjectedInput => Some(Duration::from_secs(self.injected_input_fades_s)),
            Circumstance::LookingAway | Circumstance::SeveralPeople | Circumstance::SomebodyElse => {
                Some(Duration::from_secs(self.seen_fades_s))
            }
            Circumstance::RemoteSession
            | Circumstance::ScreenShared
            | Circumstance::UnknownNetwork
            | Circumstance::SwitchedAway => None,
        }
    }

    /// The first entry of `known_networks` that is no UUID.
    pub(super) fn no_uuid(&self) -> Option<&str> {
        self.known_networks.iter().map(String::as_str).find(|text| !is_uuid(text))
    }
}

/// 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12 (RFC 9562).
fn is_uuid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    groups.iter().map(|g| g.len()).eq([8, 4, 4, 4, 12])
        && groups.iter().all(|g| g.bytes().all(|b| b.is_ascii_hexdigit()))
}

impl Default for ContextPolicy {
    fn default() -> Self {
        Self {
            remote_session_per_s: 1e-4,
            screen_shared_per_s: 5e-5,
            unknown_network_per_s: 1e-4,
            switched_away_per_s: 2e-4,
            new_device_per_s: 4e-3,
            new_device_fades_s: 60,
            injected_input_per_s: 3e-3,
            injected_input_fades_s: 30,
            looking_away_per_s: 1e-4,
            several_people_per_s: 2e-4,
            somebody_else_per_s: 2e-3,
            seen_fades_s: 120,
            known_networks: Vec::new(),
            required: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uuids_are_told_from_names() {
        assert!(is_uuid("12345678-9abc-DEF0-1234-56789abcdef0"));
        for not in ["", "home", "12345678-9abc-def0-1234-56789abcdef", "12345678-9abc-def0-1234-56789abcdefg"] {
            assert!(!is_uuid(not), "{not}");
        }
    }

    #[test]
    fn defaults_ask_when_their_reasons_say() {
        let (policy, idle) = (ContextPolicy::default(), 2e-4);
        let best = crate::Policy::default().score.floor_odds.log().0.exp();
        let minutes = |h: f64| (2.0 / (1.0 + best)).ln() / h / 60.0;
        let shown = |h: f64| minutes(h).round() as u32;
        assert_eq!([shown(idle), shown(idle + policy.remote_session_per_s)], [55, 37]);
        assert_eq!([shown(policy.remote_session_per_s), shown(policy.screen_shared_per_s)], [110, 220]);
        assert_eq!([shown(idle + policy.screen_shared_per_s), shown(idle + policy.switched_away_per_s)], [44, 28]);
        assert_eq!(shown(policy.injected_input_per_s), 4);
    }
}
