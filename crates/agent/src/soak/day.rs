use crate::engine::{Effect, Engine};
use crate::ipc::{Asked, Client, Reply, Request, Server};
use crate::places::Places;
use crate::record::{Attempted, EnrolledRecord, Locked, Record, export};
use crossbeam_channel::{Receiver, unbounded};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering::Relaxed};
use std::time::Duration;
use stillyou_desktop_os::clock::Clock;
use stillyou_desktop_os::session::LoginId;
use stillyou_ledger::At;
use stillyou_models::keystroke::{Enrolled, Model, PackSource};
use stillyou_recordings::typist::Typist;
use stillyou_sense::Micros;
use stillyou_stepup::{RateLimit, RateLimitPolicy};
use stillyou_trust::{Activity, Event, Factor, Input, Modality, Policy, State, StepUpReason, TrustTime};
use stillyou_vault::{Digest, Stored};

const SECOND: Duration = Duration::from_secs(1);
const YEAR_MS: i64 = 365 * 24 * 3_600_000;

/// Who types.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Answers a step-up after 5 s, every third time with a wrong password first.
    Owner,
    /// Can't answer.
    Stranger,
}

/// A day at one desk, in its own time.
pub struct Day {
    engine: Engine,
    record: Record,
    limit: RateLimit,
    /// Boot time, in milliseconds.
    boot_ms: Arc<AtomicU64>,
    /// How far the wall clock is from what it was.
    wall_ms: Arc<AtomicI64>,
    /// How much of the boot time the machine slept: the clock of the keys stood still.
    slept: Duration,
    sittings: u64,
    asked_at: Option<TrustTime>,
    locked: bool,
    pub keystrokes: u64,
    step_ups: [u64; 3],
    locks: u64,
    verified: u64,
    asked: Receiver<Asked>,
    socket: PathBuf,
    _server: Server,
    folder: tempfile::TempDir,
}

impl Day {
    /// Nobody is enrolled yet; the first sitting enrols.
    pub fn begin() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (boot_ms, wall_ms) = (Arc::new(AtomicU64::new(60_000)), Arc::new(AtomicI64::new(0)));
        let (boot, wall) = (boot_ms.clone(), wall_ms.clone());
        let now = move || {
            let boot_ms = boot.load(Relaxed);
            At { unix_ms: 1_700_000_000_000 + boot_ms as i64 + wall.load(Relaxed), boot_ms }
        };
        let policy = Policy::default();
        let model = Arc::new(Model::load(&PackSource::Research).unwrap());
        let version = model.version().to_string();
        let places = Places {
            models: Vec::new(),
            system_policy: folder.path().join("policy.toml"),
            user_policy: folder.path().join("user.toml"),
            ledger: folder.path().join("ledger.db"),
            socket: folder.path().join("door/agent.sock"),
            desk: "x11-0".into(),
        };
        let mut record = Record::open(&places, Clock::new().unwrap(), &policy, &version).in_time(now);
        record.tie(&[5; 32], None).unwrap();
        record.began(LoginId::default()).unwrap();
        let mut engine = Engine::learning(policy, model, TrustTime::since_boot(Duration::from_secs(60)));
        engine.start_enrolment();
        let socket = places.socket;
        let (door, asked) = unbounded();
        let server = Server::listen(&socket, door).unwrap();
        Self {
            engine,
            record,
            limit: RateLimit::new(RateLimitPolicy::default(), LoginId::default()),
            boot_ms,
            wall_ms,
            slept: Duration::ZERO,
            sittings: 0,
            asked_at: None,
            locked: false,
            keystrokes: 0,
            step_ups: [0; 3],
            locks: 0,
            verified: 0,
            asked,
            socket,
            _server: server,
            folder,
        }
    }

    /// An hour: work, breaks, a lock of one's own; some with an intruder, a suspend, or a clock that jumps.
    pub fn hour(&mut self, hour: usize) {
        self.types(Who::Owner, 15 * 60);
        self.passes(10 * 60, Activity::Idle);
        self.types(Who::Owner, 8 * 60);
        self.locks_and_unlocks(10 * 60);
        self.types(if hour.is_multiple_of(2) { Who::Stranger } else { Who::Owner }, 4 * 60);
        if self.locked {
            self.unlocks();
        }
        self.types(Who::Owner, 60);
        match hour % 6 {
            1 => self.clock_jumps(YEAR_MS),
            3 => self.clock_jumps(-2 * YEAR_MS),
            5 => self.clock_jumps(YEAR_MS),
            _ => {}
        }
        if hour.is_multiple_of(3) {
            self.sleeps(12 * 60);
        } else {
            self.passes(12 * 60, Activity::Idle);
        }
        self.is_asked_for(50);
    }

    pub fn summary(&self) -> String {
        let [evidence, scheduled, after_unlock] = self.step_ups;
        format!(
            "step-ups: {evidence} by evidence, {scheduled} scheduled, {after_unlock} after an unlock; {} answered; {} locks",
            self.verified, self.locks
        )
    }

    pub fn entries(&self) -> u64 {
        self.record.verify().unwrap().entries
    }

    pub fn ledger_bytes(&self) -> u64 {
        let size = |name: &str| self.folder.path().join(name).metadata().map_or(0, |m| m.len());
        size("ledger.db") + size("ledger.db-wal")
    }

    /// The day was one: it had all that it should, and its record holds.
    pub fn end(self) {
        assert!(self.keystrokes > 10_000 && self.locks > 0 && self.verified > 0);
        assert!(self.step_ups.iter().sum::<u64>() > 0);
        let verified = self.record.verify().unwrap();
        assert_eq!((verified.ahead, verified.signed), (Some(0), verified.entries));
    }

    fn at(&self) -> TrustTime {
        TrustTime::since_boot(Duration::from_millis(self.boot_ms.load(Relaxed)))
    }

    fn passes(&mut self, seconds: u64, activity: Activity) {
        for _ in 0..seconds {
            self.boot_ms.fetch_add(1_000, Relaxed);
            self.feed(Input::Tick(activity));
        }
    }

    fn types(&mut self, who: Who, seconds: u64) {
        self.sittings += 1;
        let typist = Typist::new(if who == Who::Owner { 1 } else { 2 });
        let (begin, keys_begin) = (self.at(), self.at().as_duration() - self.slept);
        for mut stroke in typist.typing(self.sittings) {
            let due = begin + Duration::from_micros(stroke.released_at.0);
            while !self.locked && self.at() < due {
                let step = due.since(self.at()).min(SECOND).max(Duration::from_millis(1));
                self.boot_ms.fetch_add(step.as_millis() as u64, Relaxed);
                self.feed(Input::Tick(Activity::Input));
                self.answers(who);
            }
            if self.locked || due.since(begin) > SECOND * seconds as u32 {
                return;
            }
            let stamp = |at: Micros| Micros(keys_begin.as_micros() as u64 + at.0);
            (stroke.pressed_at, stroke.released_at) = (stamp(stroke.pressed_at), stamp(stroke.released_at));
            self.keystrokes += 1;
            let effects = self.engine.keystroke(self.at(), stroke);
            self.act(effects);
        }
    }

    /// What a person does who is asked.
    fn answers(&mut self, who: Who) {
        let Some(asked_at) = self.asked_at.filter(|_| who == Who::Owner) else { return };
        if self.at().since(asked_at) < 5 * SECOND {
            return;
        }
        self.asked_at = None;
        let now = self.at().as_duration();
        if self.verified % 3 == 2 {
            self.limit.failed(now);
            self.attempt("wrong");
            self.feed(Input::VerificationFailed);
        }
        self.limit.verified();
        self.attempt("verified");
        self.feed(Input::Verified(Factor::Password));
        self.verified += 1;
    }

    fn attempt(&mut self, outcome: &str) {
        self.record.append("tries", &self.limit.snapshot()).unwrap();
        self.record.note("attempt", &Attempted { factor: "password".into(), outcome: outcome.into() }).unwrap();
    }

    fn locks_and_unlocks(&mut self, seconds: u64) {
        self.locked = true;
        self.engine.forget();
        self.feed(Input::SessionLocked);
        self.passes(seconds, Activity::Idle);
        self.unlocks();
    }

    fn unlocks(&mut self) {
        self.locked = false;
        self.feed(Input::SessionUnlocked);
    }

    fn sleeps(&mut self, seconds: u64) {
        let asleep = SECOND * seconds as u32;
        self.engine.forget();
        self.boot_ms.fetch_add(asleep.as_millis() as u64, Relaxed);
        self.slept += asleep;
        let awake_at = self.at().as_duration() - self.slept;
        self.engine.slept(Micros(awake_at.as_micros() as u64));
        self.feed(Input::Tick(Activity::Idle));
    }

    /// Trust time is boot time: the wall clock moves nothing but the stamps of the record.
    fn clock_jumps(&mut self, by_ms: i64) {
        self.wall_ms.fetch_add(by_ms, Relaxed);
        let before = self.engine.monitor().snapshot();
        self.feed(Input::Tick(Activity::Idle));
        assert_eq!(self.engine.monitor().snapshot().log_odds, before.log_odds);
    }

    /// Others come to the door, some of them with nonsense, and read the record.
    fn is_asked_for(&mut self, clients: usize) {
        let (socket, ledger) = (self.socket.clone(), self.record.path().to_owned());
        let asking = std::thread::spawn(move || {
            for _ in 0..clients {
                let mut client = Client::connect(&socket).unwrap();
                assert!(matches!(client.ask(&Request::Explain { entry: None }), Ok(Reply::Explanation { .. })));
                let mut nonsense = std::os::unix::net::UnixStream::connect(&socket).unwrap();
                std::io::Write::write_all(&mut nonsense, &[9, 9, 9, 9, 9]).unwrap();
                assert_eq!(std::io::Read::read(&mut nonsense, &mut [0]).unwrap_or(0), 0);
            }
            let mut lines = 0;
            export(&ledger, 1, false, |page, _| {
                lines += page.len();
                true
            })
            .unwrap();
            lines
        });
        while !asking.is_finished() {
            if let Ok(Asked { reply, .. }) = self.asked.recv_timeout(Duration::from_millis(50)) {
                let explanation = Box::new(self.engine.monitor().explanation());
                reply.send(Reply::Explanation { entry: None, event: None, explanation }).unwrap();
            }
        }
        assert!(asking.join().unwrap() > 0);
    }

    fn feed(&mut self, input: Input) {
        let effects = self.engine.input(self.at(), input);
        self.act(effects);
        self.keep_head();
    }

    /// As the loop does: record first, the head next, then act.
    fn act(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Decided(decision) => {
                    let muted = self.engine.monitor().snapshot().muted;
                    self.record.decided(&decision, muted).unwrap();
                    self.keep_head();
                    self.decided(&decision.event);
                }
                Effect::Enrolled(enrolled) => self.keep(&enrolled),
                Effect::NotScored(e) => panic!("typing is not scored: {e}"),
                Effect::PointerNotScored(e) => panic!("the pointer is not scored: {e}"),
                Effect::Scored(_) | Effect::Learnt(_) | Effect::NotYet(_) => {}
            }
        }
    }

    fn keep_head(&mut self) {
        if let Some(head) = self.record.head_to_keep() {
            self.record.head_is_kept(head);
        }
    }

    fn decided(&mut self, event: &Event) {
        match event {
            Event::StepUpAsked { reason, .. } => {
                self.asked_at = Some(self.at());
                let kind = match reason {
                    StepUpReason::Evidence => 0,
                    StepUpReason::Scheduled => 1,
                    StepUpReason::AfterUnlock => 2,
                };
                self.step_ups[kind] += 1;
            }
            Event::LockAsked { .. } => {
                self.locks += 1;
                self.locked = true;
                self.asked_at = None;
                self.record.note("lock", &Locked::Proven("in the soak".into())).unwrap();
                self.feed(Input::SessionLocked);
            }
            _ => {}
        }
    }

    fn keep(&mut self, enrolled: &Enrolled) {
        let stored = Stored { generation: 1, hash: Digest::of(&enrolled.template.to_bytes()) };
        let entry = EnrolledRecord {
            modality: Modality::Keystroke,
            stored,
            model: self.engine.model().version().to_string(),
            keystrokes: enrolled.template.keystrokes(),
            self_rejects: enrolled.self_rejects,
            expected: None,
        };
        self.record.append("enrolled", &entry).unwrap();
        let effects = self.engine.enrolled(self.at(), enrolled.template.clone()).unwrap();
        self.act(effects);
        assert_ne!(self.engine.monitor().snapshot().state, State::Learning);
    }
}
