use super::Config;
use crate::jws::{self, Kind};
use crate::{
    Case, CaseId, Casebook, Claims, Controls, Decided, Desk, DeskError, Event, Failure, Grant, GrantId, Identity,
    Measured, Moment, PolicyId, Refused, Request, Scope, SigningKey, Terms, VoiceKey,
};
use sha2::{Digest, Sha256};
use std::time::Duration;
use stillyou_trust::policy::{Approver, Assigned, GovernancePolicy, Profile, Role};
use stillyou_trust::{Factor, Modality, Policy, TrustTime};

/// When a drill begins, on its own clock: a Monday in 2027, at eight.
const BEGIN_S: u64 = 1_800_000_000;
/// The machine had been up for so long.
const UP_S: u64 = 3600;
/// The network of the office; the other one is the café's.
pub const OFFICE: &str = "office";
pub const CAFE: &str = "cafe";
/// Who needs help. They may approve other people's cases: nobody may approve their own.
pub const PERSON: &str = "pat";
pub const DEVICE: &str = "desk-7";

/// A person with a device, approvers with keys, a policy and a clock, all made up.
pub struct Sandbox {
    pub policy: GovernancePolicy,
    pub book: Casebook,
    pub events: Vec<Event>,
    pub network: &'static str,
    random: Random,
    now_s: u64,
    set_back_s: u64,
    reboots: u64,
    up_since_s: u64,
}

/// Numbers that follow from a seed: SHA-256 of seed, name and count.
struct Random {
    seed: u64,
    what: String,
    count: u64,
}

impl Sandbox {
    /// One for a check of that name, with a person of that profile.
    pub fn new(config: &Config, what: &str, profile: Profile) -> Self {
        Self::under(config, what, Self::policy(config, profile))
    }

    /// The policy of everybody, with a person of that profile.
    pub fn policy(config: &Config, profile: Profile) -> GovernancePolicy {
        let mut policy = Policy::default().governance;
        let people = [
            ("ada", Role::ServiceDesk),
            ("bea", Role::Security),
            ("cem", Role::Manager),
            ("dia", Role::Security),
            (PERSON, Role::Security),
        ];
        for (id, role) in people {
            let key = signing_key(config.seed, id).public().to_string();
            policy.approvers.push(Approver { id: id.into(), roles: vec![role], key });
        }
        if !matches!(profile, Profile::Accessibility | Profile::Emergency | Profile::Remote) {
            policy.assigned.push(Assigned { person: PERSON.into(), profile });
        }
        policy
    }

    /// One under a policy of its own.
    pub fn under(config: &Config, what: &str, policy: GovernancePolicy) -> Self {
        let identity = Identity::new(PERSON, DEVICE).unwrap_or_else(|_| unreachable!("both are names"));
        let book = Casebook::new(policy.clone(), PolicyId::of(&policy), identity);
        #[cfg(test)]
        let book = book.blind_to(config.blind_to);
        let random = Random { seed: config.seed, what: what.into(), count: 0 };
        let (now_s, up_since_s) = (BEGIN_S, BEGIN_S - UP_S);
        Self { policy, book, events: Vec::new(), network: OFFICE, random, now_s, set_back_s: 0, reboots: 0, up_since_s }
    }

    /// What the device's clocks show.
    pub fn now(&self) -> Moment {
        let up = TrustTime::since_boot(Duration::from_secs(self.now_s - self.up_since_s));
        Moment { wall_s: self.now_s - self.set_back_s, up, boot: self.reboots }
    }

    /// What the approvers' clocks show: the real time.
    pub fn true_s(&self) -> u64 {
        self.now_s
    }

    /// Time passes, a minute at a time, and the device sees it pass.
    pub fn pass(&mut self, minutes: u64) {
        for _ in 0..minutes {
            self.now_s += 60;
            for event in self.book.tick(self.now()) {
                self.keep(event);
            }
        }
    }

    /// Somebody sets the device's clock back.
    pub fn set_clock_back(&mut self, minutes: u64) {
        self.set_back_s += 60 * minutes;
    }

    /// The device starts again, from its record alone.
    pub fn reboot(&mut self) -> bool {
        self.reboots += 1;
        self.up_since_s = self.now_s - 5;
        let identity = self.book.identity().clone();
        let again = Casebook::rebuild(self.policy.clone(), PolicyId::of(&self.policy), identity, self.events.clone());
        let Ok(again) = again else { return false };
        #[cfg(test)]
        let again = again.blind_to(self.book.blind_to);
        let same = again.cases().eq(self.book.cases());
        self.book = again;
        same
    }

    /// Records an event, through its text as the ledger has it, and applies it.
    pub fn keep(&mut self, event: Event) {
        let text = serde_json::to_string(&event).unwrap_or_default();
        if let Ok(event) = serde_json::from_str::<Event>(&text)
            && self.book.apply(&event).is_ok()
        {
            self.events.push(event);
        }
    }

    /// The camera fails, and a case is opened.
    pub fn camera_fails(&mut self) -> Request {
        self.fails(Failure {
            modality: Some(Modality::Face),
            measured: Measured { sensor_there: Some(false), ..Measured::default() },
            network: Some(self.network.into()),
            ..Failure::default()
        })
    }

    /// Something fails, and a case is opened.
    pub fn fails(&mut self, failure: Failure) -> Request {
        let id = CaseId::new(self.random.next());
        let event = self.book.open(id, failure, self.now());
        let request = match &event {
            Event::Opened { case } => Case::request(case),
            _ => unreachable!("opening a case opens it"),
        };
        self.keep(event);
        // As it travels: by QR or paste.
        request.to_string().parse().unwrap_or(request)
    }

    /// The person asks for a modality to be declared unsuitable, and a case is opened.
    pub fn declares(&mut self, modality: Modality) -> Request {
        self.fails(Failure { modality: Some(modality), declare_unsuitable: true, ..Failure::default() })
    }

    /// The terms that an approver would give: as the policy allows, for an hour at most.
    pub fn terms(&self, request: &Request) -> Terms {
        let (limits, modality) = (request.limits(&self.policy), request.modality.unwrap_or(Modality::Face));
        Terms {
            scope: match request.profile {
                Profile::Accessibility => Scope::Unsuitable { modality, instead: Factor::Totp },
                _ => Scope::SetAside { modality },
            },
            start_s: self.now_s,
            minutes: limits.longest_minutes.min(60),
            channel: limits.second_channel.then_some(crate::Channel::CallBack),
            reason: "the camera is broken; known by call-back".into(),
        }
    }

    /// The grant that the honest approvers of the case's profile sign.
    pub fn honest(&mut self, request: &Request) -> Result<String, DeskError> {
        let terms = self.terms(request);
        self.signed(request, terms)
    }

    /// A grant on these terms, with as many signatures as it needs.
    pub fn signed(&mut self, request: &Request, terms: Terms) -> Result<String, DeskError> {
        let id = self.grant_id();
        let first = self.desk("bea")?.issue(request, terms, id, self.now_s)?;
        match request.limits(&self.policy).approvers {
            2 => self.desk("cem")?.countersign(request, &first),
            _ => Ok(first),
        }
    }

    /// Claims as an approver's desk would sign them, to be made worse.
    pub fn claims(&mut self, request: &Request) -> Option<Claims> {
        self.honest(request).ok().and_then(|text| Grant::parse(&text).ok()).map(|grant| grant.claims)
    }

    /// Signs any claims with an approver's own key, past the desk that would refuse them.
    pub fn past_the_desk(&self, approver: &str, claims: &Claims) -> String {
        jws::sign(Kind::Grant, approver, claims, &self.key(approver))
    }

    pub fn desk(&self, approver: &str) -> Result<Desk<'_>, DeskError> {
        Desk::new(&self.policy, approver, self.key(approver))
    }

    pub fn key(&self, of: &str) -> SigningKey {
        signing_key(self.random.seed, of)
    }

    pub fn voice_key(&self) -> VoiceKey {
        VoiceKey::of_device(&digest(self.random.seed, "voice", 0), DEVICE)
    }

    pub fn grant_id(&mut self) -> GrantId {
        GrantId::new(self.random.next())
    }

    /// A number from `least` to `most`.
    pub fn between(&mut self, least: u64, most: u64) -> u64 {
        let bytes: [u8; 16] = self.random.next();
        least + u64::from(bytes[0]) % (most - least + 1)
    }

    /// Enters a grant; what came of it, by name.
    pub fn enter(&mut self, text: &str) -> String {
        let decided = self.book.accept(text, self.now(), Some(self.network));
        self.take(decided)
    }

    /// Records a decision; what came of it, by name.
    pub fn take(&mut self, decided: Decided<Refused>) -> String {
        self.keep(decided.event);
        decided.outcome.map_or_else(|why| why.name().to_owned(), |()| "accepted".to_owned())
    }

    /// What is in force, by name.
    pub fn standing(&self) -> String {
        match self.book.in_force(&self.now(), Some(self.network)) {
            Ok(Some(_)) => "in force".into(),
            Ok(None) => "nothing in force".into(),
            Err(why) => why.name().into(),
        }
    }

    /// Weak controls, as somebody who edits a grant would like them.
    pub fn weak_controls() -> Controls {
        Controls { reverify_minutes: 10_000, hazard_factor: 1.0, audits_per_hour: 0 }
    }
}

impl Random {
    fn next(&mut self) -> [u8; 16] {
        self.count += 1;
        let [first @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _] = digest(self.seed, &self.what, self.count);
        first
    }
}

fn signing_key(seed: u64, of: &str) -> SigningKey {
    SigningKey::from_secret(&digest(seed, of, 0))
}

fn digest(seed: u64, what: &str, count: u64) -> [u8; 32] {
    let hash = Sha256::new().chain_update(b"stillyou drill\0").chain_update(seed.to_be_bytes());
    hash.chain_update(count.to_be_bytes()).chain_update(what).finalize().into()
}
