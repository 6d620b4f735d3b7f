mod act;
mod activity;
mod answer;
mod case;
mod consent;
mod context;
mod control;
mod factors;
mod fallback;
mod fit;
mod health;
mod leave;
mod looking;
mod pass_phrase;
mod past;
mod pointing;
mod retention;
mod security_keys;
mod session;
mod status;
mod stored;
mod supervisor;
mod telling;
mod tie;
mod typing;

use crate::capture::{Keyboard, Tap};
use crate::engine::Engine;
use crate::fallback::Fallback;
use crate::home::{Home, HomeError};
use crate::ipc::{Asked, Enrolled, Reply, Server, ServerError, Status};
use crate::locking::{Locking, LockingError};
use crate::model::load_model;
use crate::places::Places;
use crate::policy_file::{self, PolicyInForce, Usable};
use crate::record::{Fitted, Record};
use crate::supervise::harden;
use crate::talk::{BEAT, Word};
use crate::verifier::{Verifier, VerifierError};
use context::Surroundings;
use crossbeam_channel::{Receiver, RecvError, Sender, bounded, select, tick, unbounded};
use factors::Factors;
use health::Troubles;
use leave::Leaving;
use looking::Looking;
use past::Past;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;
use stillyou_desktop_os::clock::Clock;
use stillyou_desktop_os::idle::IdleTime;
use stillyou_desktop_os::lock_state::LockState;
use stillyou_desktop_os::session::login_id;
use stillyou_desktop_os::signals::told_to_end;
use stillyou_desktop_os::watch::{DesktopEvent, DesktopWatch, WatchFailed};
use stillyou_desktop_os::{Desktop, Unsupported};
use stillyou_governance::NonBiometric;
use stillyou_models::keystroke::PackError;
use stillyou_sense::pointer::PointerEvent;
use stillyou_trust::{Before, Input, Modality, State, StepUpReason, Trouble, TrustTime};
use supervisor::{Supervisor, Told};
use telling::Tellings;
use thiserror::Error;
use tie::{Tied, tie};

/// How often the loop looks at the clock.
pub(crate) const TICK: Duration = Duration::from_secs(1);

/// A gap between the two clocks that means the machine slept.
const SLEPT: Duration = Duration::from_secs(2);

/// Requests that wait for the loop before clients have to.
const MAX_ASKED: usize = 64;

/// Why the agent can't start.
#[derive(Debug, Error)]
pub enum RunError {
    /// Nobody watches over this process.
    #[error("no supervisor: {0}")]
    Supervisor(#[from] std::io::Error),
    /// The socket can't be used.
    #[error(transparent)]
    Server(#[from] ServerError),
    /// The model can't be used.
    #[error(transparent)]
    Model(#[from] PackError),
    /// Nothing can lock.
    #[error(transparent)]
    Locking(#[from] LockingError),
    /// Nobody can be verified.
    #[error(transparent)]
    Verifier(#[from] VerifierError),
    /// There is no place for templates.
    #[error(transparent)]
    Home(#[from] HomeError),
    /// The desktop can't be watched.
    #[error(transparent)]
    Watch(#[from] WatchFailed),
    /// Not on this system yet.
    #[error(transparent)]
    Unsupported(#[from] Unsupported),
    /// A part the loop can't do without has ended.
    #[error("{0} ended")]
    PartEnded(&'static str),
}

/// Runs the worker of this desktop session's agent until it is told to end, or a part that it can't do without fails.
///
/// When its supervisor is lost, the worker locks, and starts the agent anew by `restart`, or leaves that to the service
/// manager where there is none.
///
/// # Errors
/// Why it could not start, or can't go on.
pub fn run(places: &Places, restart: Option<Command>) -> Result<(), RunError> {
    // Being told to end is the supervisor's to hear.
    let _deaf = told_to_end()?;
    harden();
    let supervisor = Supervisor::meet()?;
    let (door, asked) = bounded(MAX_ASKED);
    let server = Server::listen(&places.socket, door)?;
    let mut agent = Agent::new(places, policy_file::usable(places), supervisor)?;
    let (events, happened) = unbounded();
    let watch = DesktopWatch::start(&agent.desktop, agent.locking.started(), events)?;
    agent.begin();
    let leaving = agent.go_on(&asked, &happened)?;
    drop(watch);
    // The next agent finds the door free.
    drop(server);
    agent.leave(&leaving, restart);
    Ok(())
}

/// Everything the loop holds.
struct Agent {
    clock: Clock,
    desktop: Desktop,
    in_force: PolicyInForce,
    engine: Engine,
    record: Record,
    home: Home,
    keyboard: Keyboard,
    pointer: Tap<PointerEvent>,
    looking: Looking,
    /// Why the last enrolment made no template of the pointer.
    pointer_problem: Option<String>,
    locking: Locking,
    verifier: Verifier,
    factors: Factors,
    idle: Option<IdleTime>,
    troubles: Troubles,
    surroundings: Surroundings,
    watchers: Vec<Sender<Reply>>,
    last_status: Option<Status>,
    enrolled: Option<Enrolled>,
    enrolment_problem: Option<String>,
    before: Option<Before>,
    /// Whether the last run was lost and no lock is proven since.
    owes_lock: bool,
    supervisor: Supervisor,
    leaving: Option<Leaving>,
    /// Whether the template on record has yet to be read, because the keychain could not be.
    template_wanted: bool,
    /// The pointer's template could not be read yet.
    pointer_template_wanted: bool,
    /// Modalities whose model failed last.
    not_scored: BTreeSet<Modality>,
    lock_state: LockState,
    /// Whether the person consented to being recognised, or took that back; `None` where they were never asked.
    consent: Option<bool>,
    /// When proof is due, while they work without biometrics.
    without_biometrics: Option<NonBiometric>,
    /// Sensors that the person turned off, as policy allows.
    turned_off: BTreeSet<Modality>,
    step_up_reason: Option<StepUpReason>,
    last_input: Option<Duration>,
    keystrokes: u64,
    /// Boot time minus monotonic time at the last tick: it grows by the time slept.
    slept: Duration,
    /// Cases and grants; where there can't be any, why.
    fallback: Result<Fallback, String>,
    tellings: Tellings,
    /// How the fit to each template has gone.
    fitted: BTreeMap<Modality, Fitted>,
}

impl Agent {
    fn new(places: &Places, policy: Usable, supervisor: Supervisor) -> Result<Self, RunError> {
        let Usable { in_force, problem } = policy;
        let policy = in_force.policy.clone();
        let clock = Clock::new()?;
        let desktop = Desktop::from_env();
        let model = Arc::new(load_model(&policy.model)?);
        let mut record = Record::open(places, clock, &policy, &model.version().to_string());
        let home = Home::open()?;
        let tied = tie(&home, &mut record);
        let login = login_id(&desktop);
        let past = Past::read(&mut record, &login, &policy.control);
        let locking = Locking::start(desktop.clone(), &policy.lock)?;
        let fallback = fallback::fallback(places, &policy.governance, &login);
        let tries = record.tries().unwrap_or_default();
        let verifier = Verifier::start(&policy.step_up, clock, login.clone(), tries.as_ref())?;
        let began = record.began(login);
        let now = TrustTime::since_boot(clock.boot_time());
        let mut agent = Self {
            clock,
            keyboard: Keyboard::new(policy.keyboard.source, clock),
            pointer: Tap::new(clock),
            looking: Looking::new(places, &policy.camera, past.camera_on, rand::random(), now),
            pointer_problem: None,
            engine: pointing::engine(policy, model, now),
            record,
            home,
            locking,
            verifier,
            factors: Factors::new(),
            surroundings: Surroundings::new(&in_force.policy.context, past.before.is_some()),
            idle: IdleTime::new(&desktop).ok(),
            desktop,
            in_force,
            troubles: Troubles::default(),
            watchers: Vec::new(),
            last_status: None,
            enrolled: None,
            enrolment_problem: None,
            before: past.before,
            owes_lock: past.owes_lock || matches!(tied, Tied::Refused(_)),
            supervisor,
            leaving: None,
            template_wanted: true,
            pointer_template_wanted: false,
            not_scored: BTreeSet::new(),
            lock_state: LockState::Unsure,
            consent: past.consent,
            without_biometrics: None,
            turned_off: past.turned_off,
            step_up_reason: None,
            last_input: None,
            keystrokes: 0,
            slept: slept(clock),
            fallback,
            tellings: Tellings::default(),
            fitted: BTreeMap::new(),
        };
        agent.recorded(past.outcome.and(began));
        agent.tied(tied);
        if let Some(problem) = problem {
            agent.trouble_began(Trouble::PolicyUnusable, format!("a policy file is not used: {problem}"));
        }
        Ok(agent)
    }

    fn begin(&mut self) {
        tracing::info!("agent began: model {}, key source to be chosen", self.engine.model().version());
        self.lock_state_is(LockState::Unsure, Some("the desktop has not been asked yet".into()));
        match self.consent {
            Some(false) => self.begin_without_biometrics(),
            Some(true) | None => self.want_template(),
        }
        self.want_factors();
        self.read_cases();
        self.count_opened_cases();
        self.read_fitted();
    }

    fn go_on(&mut self, asked: &Receiver<Asked>, happened: &Receiver<DesktopEvent>) -> Result<Leaving, RunError> {
        let (ticks, beats) = (tick(TICK), tick(BEAT));
        let (locked, verifying) = (self.locking.answers().clone(), self.verifier.news().clone());
        let ended = |part| move |RecvError| RunError::PartEnded(part);
        loop {
            let (observations, words) = (self.keyboard.observations(), self.supervisor.heard());
            let pointed = self.pointer.observations();
            let devices = self.surroundings.devices();
            let eye = self.looking.news();
            let others = self.tellings.told();
            select! {
                recv(observations) -> seen => match seen {
                    Ok(observation) => self.observed(&observation),
                    Err(RecvError) => self.keyboard_ended(),
                },
                recv(pointed) -> seen => match seen {
                    Ok(observation) => self.pointed(&observation),
                    Err(RecvError) => self.pointer_ended(),
                },
                recv(devices) -> seen => self.devices_changed(seen),
                recv(eye) -> told => self.eye_told(told.map_err(ended("the eye"))?),
                recv(others) -> told => self.others_told(told.map_err(ended("the teller"))?),
                recv(happened) -> event => self.happened(event.map_err(ended("the desktop watch"))?),
                recv(locked) -> answer => self.lock_answered(answer.map_err(ended("the locker"))?),
                recv(verifying) -> news => self.verifying(news.map_err(ended("the verifier"))?),
                recv(asked) -> asked => self.asked(asked.map_err(ended("the socket"))?),
                recv(words) -> word => {
                    let told = self.supervisor.told(word);
                    self.told(&told);
                }
                recv(beats) -> _ => {
                    let told = self.supervisor.tick();
                    self.told(&told);
                }
                recv(ticks) -> _ => self.tick(),
            }
            self.keep_head();
            self.tell_watchers();
            let learning = self.engine.monitor().snapshot().state == State::Learning;
            self.supervisor.say(if learning { Word::Learning } else { Word::Protecting });
            if let Some(leaving) = self.leaves() {
                return Ok(leaving);
            }
        }
    }

    fn now(&self) -> TrustTime {
        TrustTime::since_boot(self.clock.boot_time())
    }

    fn tick(&mut self) {
        self.look_for_sleep();
        let activity = self.activity();
        self.feed(Input::Tick(activity));
        self.ask_if_due(activity);
        self.look_if_due(activity);
        let strokes = self.keyboard.tick();
        self.typed(strokes);
        self.pointer_rests();
        if self.lock_state == LockState::Unlocked {
            self.open_senses();
        }
        if self.template_wanted {
            self.want_template();
        }
        self.want_factors();
        if self.pointer_template_wanted {
            self.want_pointer_template();
        }
        self.mend_record();
        self.cases_tick();
    }

    fn feed(&mut self, input: Input) {
        let effects = self.engine.input(self.now(), input);
        self.act(effects);
    }
}

fn slept(clock: Clock) -> Duration {
    clock.boot_time().saturating_sub(Duration::from_micros(clock.monotonic_micros()))
}
