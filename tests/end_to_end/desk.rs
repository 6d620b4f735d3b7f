use std::{
    fs::File,
    io::Write,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};
use stillyou_recordings::typist::Typist;
use stillyou_stage::{Stage, keyboard_grabbed, recording};

pub const POLICY: &str = r#"
version = 1
[enrolment]
min_keystrokes = 300
accept_recordings = true
[keyboard]
score_injected = true
[pointer]
score_injected = true
[step_up]
grace_seconds = 5
fresh_seconds = 5
[lock]
methods = ["command"]
command = ["/usr/bin/i3lock", "--nofork"]
[status]
reveal = true
"#;

/// A stage with the agent on it.
pub struct Desk {
    pub stage: Stage,
    pub agent: Option<Child>,
}

impl Desk {
    pub fn new() -> Self {
        Self::begin(|stage| stage.command("stillyou"))
    }

    /// A desk with a policy of its own.
    pub fn under(policy: &str) -> Self {
        Self::begin_under(policy, |stage| stage.command("stillyou"))
    }

    /// A desk that has the desktop app as well, with the time that it leaves to answer, and for which an answer counts, in
    /// seconds.
    pub fn with_the_app(grace: u32, fresh: u32) -> Self {
        let policy = POLICY.replace("grace_seconds = 5", &format!("grace_seconds = {grace}"));
        Self::under_with_the_app(&policy.replace("fresh_seconds = 5", &format!("fresh_seconds = {fresh}")))
    }

    /// A desk with a policy of its own that has the desktop app as well.
    pub fn under_with_the_app(policy: &str) -> Self {
        let desk = Self::under(policy);
        desk.stage.provide(&program("stillyou-desktop", "STILLYOU_DESKTOP")).unwrap();
        desk
    }

    /// A desk whose agent logs into `file`.
    pub fn logging_to(file: &Path) -> Self {
        Self::under_logging_to(POLICY, file)
    }

    /// A desk with a policy of its own whose agent logs into `file`.
    pub fn under_logging_to(policy: &str, file: &Path) -> Self {
        let log = File::create(file).unwrap();
        Self::begin_under(policy, move |stage| {
            let mut agent = stage.command("stillyou");
            agent.stderr(log.try_clone().unwrap());
            agent
        })
    }

    /// A desk whose agent has no network, and whose calls for sockets are written to `trace`.
    pub fn offline(trace: &Path) -> Self {
        Self::begin(|stage| stage.traced_offline_command("stillyou", "socket", trace).unwrap())
    }

    /// A desk whose agent and commands see the wall clock that the file `clock` in the home folder says, as `+400d`.
    pub fn with_a_clock_of_its_own() -> Self {
        Self::under_with_a_clock_of_its_own(POLICY)
    }

    /// The same with a policy of its own.
    pub fn under_with_a_clock_of_its_own(policy: &str) -> Self {
        Self::begin_under(policy, |stage| {
            stage.write("clock", b"+0d\n").unwrap();
            let mut agent = stage.command("env");
            agent.arg("LD_PRELOAD=/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1");
            agent.arg(format!("FAKETIME_TIMESTAMP_FILE={}", stage.home().join("clock").display()));
            // Trust time and key stamps are other clocks.
            agent.args(["FAKETIME_NO_CACHE=1", "FAKETIME_DONT_FAKE_MONOTONIC=1", "stillyou"]);
            agent
        })
    }

    fn begin(agent: impl Fn(&Stage) -> Command) -> Self {
        Self::begin_under(POLICY, agent)
    }

    fn begin_under(policy: &str, agent: impl Fn(&Stage) -> Command) -> Self {
        let stage = Stage::builder().policy(policy).build().unwrap();
        stage.provide(&program("stillyou", "STILLYOU")).unwrap();
        let agent = agent(&stage);
        let mut desk = Self { stage, agent: None };
        desk.start_as(agent);
        desk
    }

    pub fn start(&mut self) {
        self.start_as(self.stage.command("stillyou"));
    }

    fn start_as(&mut self, mut agent: Command) {
        // A stopped process whose group nobody holds any more would take its whole group along.
        agent.process_group(0);
        self.agent = Some(agent.arg("agent").stdin(Stdio::null()).stdout(Stdio::null()).spawn().unwrap());
        let end = Instant::now() + Duration::from_secs(30);
        while !self.stillyou(&["status", "--json"]).0 {
            assert!(Instant::now() < end, "the agent does not answer");
            sleep(Duration::from_millis(100));
        }
        self.eventually("the keyboard is captured, or the session locked", |status| {
            !status["keyboard"].is_null()
                || status["state"]["state"] == "locked"
                || status["sensors"][0]["state"] == "off"
        });
    }

    /// Ends the agent as its owner does.
    pub fn quit(&mut self) {
        assert!(self.verify(&self.stage.user().password));
        let (passed, said) = self.stillyou(&["quit"]);
        assert!(passed, "{said}");
        self.ends();
    }

    /// Waits for the agent to end as it should.
    pub fn ends(&mut self) {
        let ended = self.agent.take().unwrap().wait().unwrap();
        assert!(ended.success(), "{ended}");
    }

    /// What can't protect, in words.
    pub fn trouble(&self) -> String {
        let status = self.status();
        let all = status["trouble"].as_array().unwrap().iter().map(|t| t["why"].as_str().unwrap().to_owned());
        all.collect::<Vec<_>>().join("; ")
    }

    pub fn stillyou(&self, args: &[&str]) -> (bool, String) {
        let output = self.stage.command("stillyou").args(args).stdin(Stdio::null()).output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8_lossy(&said).into_owned())
    }

    /// What a shell line of the stage's user prints.
    pub fn run(&self, line: &str) -> String {
        let output = self.stage.command("bash").args(["-c", line]).output().unwrap();
        assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// Whether somebody holds the keyboard.
    pub fn locked(&self) -> bool {
        keyboard_grabbed(self.stage.display()).unwrap()
    }

    /// What a Python program of the stage's user prints.
    pub fn python(&self, program: &str) -> String {
        let file = self.stage.write("program.py", program.as_bytes()).unwrap();
        self.run(&format!("python3 {}", file.display()))
    }

    /// What is on the record: an entry a line, kind and payload.
    pub fn ledger(&self) -> String {
        self.python(
            "import os, sqlite3\n\
             path = os.environ['HOME'] + '/.local/state/stillyou/ledger.db'\n\
             for entry in sqlite3.connect(path).execute('select kind, payload from entry order by seq'): print(*entry)",
        )
    }

    /// The process that captures and decides, as the stage numbers it.
    pub fn worker(&self) -> String {
        self.run("cat $XDG_RUNTIME_DIR/stillyou/x11-${DISPLAY#:}.lock")
    }

    /// The process that watches over it.
    pub fn supervisor(&self) -> String {
        self.run(&format!("ps -o ppid= -p {}", self.worker()))
    }

    pub fn verify(&self, password: &str) -> bool {
        let mut command = self.stage.command("stillyou");
        let mut child = command
            .args(["verify", "--password-stdin"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        writeln!(child.stdin.take().unwrap(), "{password}").unwrap();
        child.wait().unwrap().success()
    }

    pub fn enrol(&self) {
        let person = Typist::new(4).record(10);
        self.stage.write("typing.csv", recording(&person.subject, &person.sessions).as_bytes()).unwrap();
        assert!(self.verify(&self.stage.user().password));
        let (passed, said) = self.stillyou(&["enroll", "--recording", "typing.csv", "--subject", &person.subject]);
        assert!(passed, "{said}");
        self.eventually("monitoring begins", |status| status["state"]["state"] == "watching");
    }

    pub fn status(&self) -> serde_json::Value {
        let (passed, said) = self.stillyou(&["status", "--json"]);
        assert!(passed, "{said}");
        serde_json::from_str(&said).unwrap()
    }

    /// Waits until the last proof is older than it may be.
    pub fn proof_is_old(&self) {
        self.eventually("the last proof counts no more", |status| status["fresh_seconds"].is_null());
    }

    pub fn eventually(&self, what: &str, check: impl Fn(&serde_json::Value) -> bool) {
        let end = Instant::now() + Duration::from_secs(120);
        loop {
            // An agent that is being started again does not answer.
            let (answered, said) = self.stillyou(&["status", "--json"]);
            if answered && check(&serde_json::from_str(&said).unwrap()) {
                return;
            }
            assert!(Instant::now() < end, "{what}: {said}");
            sleep(Duration::from_millis(200));
        }
    }

    pub fn keyring_entries(&self) -> usize {
        let search = "dbus-send --session --print-reply --dest=org.freedesktop.secrets /org/freedesktop/secrets \
                      org.freedesktop.Secret.Service.SearchItems dict:string:string:service,stillyou";
        let output = self.stage.command("bash").args(["-c", search]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).matches("object path").count()
    }
}

/// A built file: the one that an environment variable names, else the one beside the tests.
pub fn program(name: &str, variable: &str) -> PathBuf {
    let beside = || std::env::current_exe().unwrap().parent().unwrap().parent().unwrap().join(name);
    let program = std::env::var_os(variable).map_or_else(beside, PathBuf::from);
    assert!(program.exists(), "{} must be built first: `./x test` does", program.display());
    program
}

/// Waits until something is so.
pub fn eventually(what: &str, check: impl Fn() -> bool) {
    let end = Instant::now() + Duration::from_secs(30);
    while !check() {
        assert!(Instant::now() < end, "{what}");
        sleep(Duration::from_millis(200));
    }
}
