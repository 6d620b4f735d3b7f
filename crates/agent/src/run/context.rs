use super::{Agent, SLEPT, slept};
use crossbeam_channel::{Receiver, RecvError, never, unbounded};
use std::collections::{BTreeMap, HashSet};
use stillyou_desktop_os::lock_state::LockState;
use stillyou_desktop_os::surroundings::{NetworkId, Surrounding, SurroundingSource};
use stillyou_sense::Micros;
use stillyou_sense::context::{DeviceObservation, DeviceWatch};
use stillyou_sense::keyboard::Session;
use stillyou_trust::policy::{ContextPolicy, ContextSource};
use stillyou_trust::{Activity, Circumstance, Input, Trouble};

/// What is around the session, as the sources told it last. A source that is lost changes nothing: neither does it end
/// what raises the hazard, nor does it raise it.
pub(super) struct Surroundings {
    devices: Receiver<DeviceObservation>,
    _watch: Option<DeviceWatch>,
    missing: BTreeMap<ContextSource, String>,
    in_front: bool,
    remote: bool,
    controlled: bool,
    network: Option<NetworkId>,
    networks: Known,
}

impl Surroundings {
    /// Surroundings of which nothing is known yet. `resumed`: the agent started again within the same login.
    pub(super) fn new(policy: &ContextPolicy, resumed: bool) -> Self {
        let (sink, devices) = unbounded();
        let unseen = Self::unseen(policy, resumed);
        match DeviceWatch::start(&Session::from_env(), sink) {
            Ok(watch) => Self { devices, _watch: Some(watch), ..unseen },
            Err(e) => Self { missing: [(ContextSource::Devices, e.to_string())].into(), ..unseen },
        }
    }

    fn unseen(policy: &ContextPolicy, resumed: bool) -> Self {
        Self {
            devices: never(),
            _watch: None,
            missing: BTreeMap::new(),
            in_front: true,
            remote: false,
            controlled: false,
            network: None,
            networks: Known::new(policy, resumed),
        }
    }

    /// Takes what a source told; returns the circumstances that hold now or don't.
    fn told(&mut self, surrounding: Surrounding) -> Vec<(Circumstance, bool)> {
        match surrounding {
            Surrounding::Session { in_front, remote } => {
                (self.in_front, self.remote) = (in_front, remote);
                vec![(Circumstance::SwitchedAway, !in_front), (Circumstance::RemoteSession, self.is_remote())]
            }
            Surrounding::Screen { viewed, controlled } => {
                self.controlled = controlled;
                vec![(Circumstance::ScreenShared, viewed), (Circumstance::RemoteSession, self.is_remote())]
            }
            Surrounding::Network(network) => {
                self.network = network;
                // On no network the machine is nowhere new, and nowhere known.
                let unknown = |id| (Circumstance::UnknownNetwork, !self.networks.knows(id));
                network.map(unknown).into_iter().collect()
            }
        }
    }

    /// Whether the session is used, or may be, from another machine.
    pub(super) fn is_remote(&self) -> bool {
        self.remote || self.controlled
    }

    /// The network, where the machine is on one.
    pub(super) fn network(&self) -> Option<NetworkId> {
        self.network
    }

    /// Where input devices are told; hand each to [`Agent::devices_changed`].
    pub(super) fn devices(&self) -> Receiver<DeviceObservation> {
        self.devices.clone()
    }

    /// Whether this session is in front, so that what is typed is typed into it.
    pub(super) fn in_front(&self) -> bool {
        self.in_front
    }
}

impl Agent {
    /// Something around the session changed. While another session is in front capture is off as if locked: what is typed
    /// there is not this person's, and nobody's business.
    pub(super) fn around(&mut self, surrounding: Surrounding) {
        self.seen(source(surrounding.source()));
        let circumstances = self.surroundings.told(surrounding);
        if !self.surroundings.in_front {
            self.rest();
        }
        circumstances.into_iter().for_each(|(circumstance, holds)| self.circumstance(circumstance, holds));
        if self.lock_state == LockState::Unlocked {
            self.open_senses();
        }
    }

    /// A source on the desktop's buses is missing.
    pub(super) fn not_seen(&mut self, at: SurroundingSource, why: String) {
        self.missing(source(at), why);
    }

    /// The watch over input devices spoke, or ended.
    pub(super) fn devices_changed(&mut self, seen: Result<DeviceObservation, RecvError>) {
        match seen {
            Ok(DeviceObservation::Ready) => self.seen(ContextSource::Devices),
            Ok(DeviceObservation::Appeared { .. }) => {
                self.device_came();
                self.circumstance(Circumstance::NewDevice, true);
            }
            Ok(DeviceObservation::Lost(e)) => self.missing(ContextSource::Devices, e.to_string()),
            Err(RecvError) => {
                self.surroundings.devices = never();
                self.missing(ContextSource::Devices, "the watch over input devices ended".into());
            }
        }
    }

    /// The owner proved who they are: where that was is known from now on.
    pub(super) fn owner_verified(&mut self) {
        if self.engine.monitor().step_up_is_fresh() {
            self.surroundings.networks.verified(self.surroundings.network);
            self.circumstance(Circumstance::UnknownNetwork, false);
        }
    }

    /// Notices that the machine slept: to be asked before anything that happened is believed to have just happened. The
    /// sleep counts as idle, and no window spans it.
    pub(super) fn look_for_sleep(&mut self) {
        let slept = slept(self.clock);
        if slept.saturating_sub(self.slept) > SLEPT {
            self.feed(Input::Tick(Activity::Idle));
            self.slept_or_sleeps();
        }
        self.slept = slept;
    }

    /// Forgets everything typed and pointed until now, what is still on its way included.
    pub(super) fn slept_or_sleeps(&mut self) {
        self.keyboard.forget();
        self.engine.slept(Micros::now());
    }

    fn circumstance(&mut self, circumstance: Circumstance, holds: bool) {
        self.feed(if holds { Input::CircumstanceBegan(circumstance) } else { Input::CircumstanceEnded(circumstance) });
    }

    fn seen(&mut self, source: ContextSource) {
        if self.surroundings.missing.remove(&source).is_some() {
            self.missing_or_not();
        }
    }

    fn missing(&mut self, source: ContextSource, why: String) {
        self.surroundings.missing.insert(source, why);
        self.missing_or_not();
    }

    /// A missing source is trouble only where policy demands it.
    fn missing_or_not(&mut self) {
        let required = &self.in_force.policy.context.required;
        let missing = self.surroundings.missing.iter().filter(|(source, _)| required.contains(source));
        let why: Vec<String> =
            missing.map(|(s, why)| format!("policy demands to see \"{}\", but: {why}", s.name())).collect();
        if why.is_empty() {
            self.trouble_ended(Trouble::ContextNotVisible);
        } else {
            self.trouble_began(Trouble::ContextNotVisible, why.join("; "));
        }
    }
}

fn source(source: SurroundingSource) -> ContextSource {
    match source {
        SurroundingSource::Session => ContextSource::Session,
        SurroundingSource::Screen => ContextSource::Screen,
        SurroundingSource::Network => ContextSource::Network,
    }
}

/// Networks that raise no hazard: those that policy lists, and the one of the owner's last step-up.
#[derive(Debug)]
struct Known {
    listed: HashSet<NetworkId>,
    proven: Option<NetworkId>,
    /// Whether the next network counts as proven: monitoring begins somewhere. Not after a restart, which earns nothing.
    first: bool,
}

impl Known {
    fn new(policy: &ContextPolicy, resumed: bool) -> Self {
        let listed = policy.known_networks.iter().map(|uuid| NetworkId::of_uuid(uuid)).collect();
        Self { listed, proven: None, first: !resumed }
    }

    fn knows(&mut self, network: NetworkId) -> bool {
        if std::mem::take(&mut self.first) {
            self.proven = Some(network);
        }
        self.proven == Some(network) || self.listed.contains(&network)
    }

    /// The owner was verified on `network`, or on none.
    fn verified(&mut self, network: Option<NetworkId>) {
        if network.is_some() {
            (self.proven, self.first) = (network, false);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    const HOME: &str = "00000000-0000-0000-0000-00000000000a";
    const OFFICE: &str = "00000000-0000-0000-0000-00000000000b";
    const CAFE: &str = "00000000-0000-0000-0000-00000000000c";

    fn known(resumed: bool) -> Known {
        let policy = ContextPolicy { known_networks: vec![OFFICE.to_uppercase()], ..ContextPolicy::default() };
        Known::new(&policy, resumed)
    }

    /// What holds after the sources told this, in order.
    fn holds(surroundings: &mut Surroundings, told: &[Surrounding]) -> BTreeSet<Circumstance> {
        let mut held = BTreeSet::new();
        for (circumstance, holds) in told.iter().flat_map(|t| surroundings.told(*t)) {
            if holds {
                held.insert(circumstance)
            } else {
                held.remove(&circumstance)
            };
        }
        held
    }

    #[test]
    fn what_sources_tell_becomes_circumstances() {
        use Surrounding::{Network, Screen, Session};
        let (front, back) = (Session { in_front: true, remote: false }, Session { in_front: false, remote: false });
        let screen = |viewed, controlled| Screen { viewed, controlled };
        let on = |uuid| Network(Some(NetworkId::of_uuid(uuid)));
        let cases: [(&[Surrounding], &[Circumstance]); 8] = [
            (&[front, screen(false, false), on(HOME)], &[]),
            (&[back], &[Circumstance::SwitchedAway]),
            (&[back, front], &[]),
            (&[Session { in_front: true, remote: true }, screen(false, false)], &[Circumstance::RemoteSession]),
            (&[screen(true, true), front], &[Circumstance::RemoteSession, Circumstance::ScreenShared]),
            (&[on(HOME), on(CAFE)], &[Circumstance::UnknownNetwork]),
            (&[on(HOME), on(CAFE), Network(None)], &[Circumstance::UnknownNetwork]),
            (&[on(HOME), on(CAFE), on(OFFICE)], &[]),
        ];
        for (told, expected) in cases {
            let policy = ContextPolicy { known_networks: vec![OFFICE.into()], ..ContextPolicy::default() };
            let held = holds(&mut Surroundings::unseen(&policy, false), told);
            assert_eq!(held, expected.iter().copied().collect(), "{told:?}");
        }
    }

    #[test]
    fn where_monitoring_began_and_what_policy_lists_is_known() {
        let (home, office, cafe) = (NetworkId::of_uuid(HOME), NetworkId::of_uuid(OFFICE), NetworkId::of_uuid(CAFE));
        let mut known = known(false);
        assert_eq!([home, cafe, office, home].map(|n| known.knows(n)), [true, false, true, true]);
    }

    #[test]
    fn a_restart_of_the_agent_makes_no_network_known() {
        assert!(!known(true).knows(NetworkId::of_uuid(HOME)));
        assert!(known(true).knows(NetworkId::of_uuid(OFFICE)));
    }

    #[test]
    fn a_step_up_makes_the_network_it_was_on_known_in_place_of_the_last() {
        let (home, cafe) = (NetworkId::of_uuid(HOME), NetworkId::of_uuid(CAFE));
        let mut known = known(false);
        assert!(known.knows(home) && !known.knows(cafe));
        known.verified(Some(cafe));
        assert!(known.knows(cafe) && !known.knows(home));
        known.verified(None);
        assert!(known.knows(cafe));
    }
}
