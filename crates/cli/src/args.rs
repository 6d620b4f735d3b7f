use crate::factor::Factor;
use crate::verify::Verify;
use crate::{case, grant, report, review};
use clap::{Args as ClapArgs, Parser, Subcommand};
use clap_complete::Shell;
use std::ffi::OsString;
use std::path::PathBuf;
use stillyou_evaluate::Subjects;
use stillyou_evaluate::face::{Normalisation, Part};
use stillyou_ledger::{Hash, VerifierKey};
use stillyou_models::keystroke::KeyDetail;
use stillyou_trust::Modality;

/// Is it still the person who signed in?
///
/// StillYou watches how the keyboard is used, keeps one score, and asks for the password or locks the session when the
/// score falls. Everything happens on this machine.
#[derive(Parser)]
#[command(name = "stillyou", version, arg_required_else_help = true, subcommand_value_name = "COMMAND")]
pub struct Args {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
    /// Run the agent of this desktop session, in the foreground
    Agent(Agent),
    /// End the agent (needs `verify` first; told by a signal instead, it locks the session)
    Quit,
    /// Learn how you type (needs `verify` first)
    Enroll(Enroll),
    /// Show where things stand
    Status(Status),
    /// Prove that it is you
    Verify(Verify),
    /// What proves who you are, beside your password
    Factor {
        #[command(subcommand)]
        what: Factor,
    },
    /// Erase every template, and prove it (needs `verify` first)
    Erase,
    /// Take back your consent to being recognised: erases every template, and StillYou asks for proof at intervals instead
    /// (needs `verify` first). Enrolling gives it
    WithdrawConsent,
    /// Capture, ask and lock nothing for a while, where policy allows it (needs `verify` first)
    Pause {
        /// For so many minutes
        minutes: u64,
    },
    /// End a pause
    Resume,
    /// Lock the session
    Lock,
    /// Turn a sensor on, or off where policy allows it (off needs `verify` first)
    Sensor {
        /// Which
        #[arg(value_parser = modality)]
        modality: Modality,
        /// What to turn it
        #[arg(value_parser = ["on", "off"])]
        to: String,
    },
    /// Say what is stored, and where
    Stored,
    /// Show the reasons of the score, or of a recorded decision (needs `verify` first)
    Explain {
        /// Number of the decision in the ledger
        entry: Option<u64>,
        /// List the last decisions with their numbers
        #[arg(long, conflicts_with_all = ["entry", "json"])]
        list: bool,
        /// Print the whole record as JSON
        #[arg(long)]
        json: bool,
    },
    /// The record of decisions
    #[command(subcommand_value_name = "COMMAND")]
    Ledger {
        #[command(subcommand)]
        what: Ledger,
    },
    /// Verifications that failed, and how to get help (needs `verify` first, but not while you are asked)
    #[command(subcommand_value_name = "COMMAND")]
    Case {
        #[command(subcommand)]
        what: case::Case,
    },
    /// Approvals of cases: use one here; issue, sign and revoke them as an approver
    #[command(subcommand_value_name = "COMMAND")]
    Grant {
        #[command(subcommand)]
        what: grant::Grant,
    },
    /// Reviews of cases that were granted
    #[command(subcommand_value_name = "COMMAND")]
    Review {
        #[command(subcommand)]
        what: review::Review,
    },
    /// Repeated failure, in figures about five people at least
    Report(report::Report),
    /// The organisation's policy
    #[command(subcommand_value_name = "COMMAND")]
    Policy {
        #[command(subcommand)]
        what: Policy,
    },
    /// Measure error rates on recorded people
    #[command(subcommand_value_name = "COMMAND")]
    Evaluate {
        #[command(subcommand)]
        what: Evaluate,
    },
    /// Train a model pack, on recordings of your own too: `stillyou train keystroke --pack own --data DIR --out OUT`
    #[command(disable_help_flag = true)]
    Train {
        /// For `stillyou-train`; see `stillyou train --help`
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<OsString>,
    },
    /// Play a recording through the engine, faster than real time
    Replay(Replay),
    /// Play the fallback in a sandbox; fails unless every check held
    #[command(subcommand_value_name = "COMMAND")]
    Drill {
        #[command(subcommand)]
        what: Drill,
    },
    /// Say what works on this machine, and how to mend what doesn't
    Doctor {
        /// Also measure how far each key source's stamps are off; types Shift keys for some seconds
        #[arg(long)]
        timing: bool,
    },
    /// Print what a shell needs to complete `stillyou` commands
    #[command(after_help = COMPLETIONS)]
    Completions {
        /// Which shell
        shell: Shell,
    },
    /// Write the manual pages into a folder, for packagers
    #[command(hide = true)]
    Man {
        /// The folder; made when it is not there
        folder: PathBuf,
    },
}

/// Where the shells look for completions.
const COMPLETIONS: &str = "\
Packages bring these along. By hand:
  bash        stillyou completions bash > ~/.local/share/bash-completion/completions/stillyou
  zsh         stillyou completions zsh > DIR/_stillyou, DIR being in $fpath
  fish        stillyou completions fish > ~/.config/fish/completions/stillyou.fish
  elvish      stillyou completions elvish >> ~/.config/elvish/rc.elv
  powershell  stillyou completions powershell >> $PROFILE";

#[derive(ClapArgs)]
pub struct Agent {
    /// Leave starting again after a loss to the service manager
    #[arg(long)]
    pub service: bool,
    /// Be the process that captures and decides, watched over by the one that started it
    #[arg(long, hide = true)]
    pub worker: bool,
}

#[derive(ClapArgs)]
pub struct Enroll {
    /// Stop learning and forget what was learnt
    #[arg(long, conflicts_with = "recording")]
    pub cancel: bool,
    /// Learn your face through the camera, where policy allows it
    #[arg(long, conflicts_with = "recording")]
    pub face: bool,
    /// Learn from a recording instead, where policy allows it (CSV or CSV.gz)
    #[arg(long, requires = "subject")]
    pub recording: Option<PathBuf>,
    /// Whose sentences in the recording
    #[arg(long, requires = "recording")]
    pub subject: Option<String>,
    /// Only the first so many sentences of the recording
    #[arg(long, requires = "recording")]
    pub sentences: Option<u32>,
}

#[derive(ClapArgs)]
pub struct Status {
    /// Go on, with a line at every change
    #[arg(long)]
    pub watch: bool,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
}

#[derive(Subcommand)]
pub enum Ledger {
    /// Find edits, removals and reordering (needs `verify` first while the agent runs)
    Verify,
    /// Print a proof that an entry is on record, for somebody else to check (needs `verify` first)
    Prove {
        /// Number of the entry
        entry: u64,
        /// Put the whole entry into the proof, reasons included
        #[arg(long)]
        with_entry: bool,
    },
    /// Check somebody's proof; needs nothing but the log's public key
    Check(Box<Check>),
    /// Print the record without biometrics, one entry a line (needs `verify` first)
    Export {
        /// Number of the first entry
        #[arg(long, default_value_t = 1)]
        from: u64,
        /// Go on with entries as they are made
        #[arg(long)]
        follow: bool,
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
}

#[derive(ClapArgs)]
pub struct Check {
    /// The proof
    pub proof: PathBuf,
    /// The public key, as `prove` prints it
    #[arg(long)]
    pub key: VerifierKey,
    /// Hash of the entry, where the proof does not carry the entry itself
    #[arg(long, value_parser = hash)]
    pub hash: Option<Hash>,
}

#[derive(Subcommand)]
pub enum Policy {
    /// Say whether a policy is understood and safe
    Check {
        /// The document; by default the one in force on this machine
        file: Option<PathBuf>,
    },
    /// Say what each field means, its value, who set it, and what a user's file may do with it
    Explain {
        /// A field, or a section: `step_up.grace_seconds`, `lock`; by default all
        field: Option<String>,
    },
    /// Print a JSON Schema (2020-12) of the policy, for editors and checks elsewhere
    Schema,
}

#[derive(Subcommand)]
pub enum Evaluate {
    /// Sentence against enrolment: EER, FNMR, Cllr
    Keystroke(Keystroke),
    /// A day's work and a change of person: false step-ups, and keystrokes until an impostor is asked
    Session(Session),
    /// A minute of pointing against an enrolment: EER; labelled sessions of accounts: AUC
    Pointer(Pointer),
    /// Pictures of faces against an enrolment: EER, FNMR, Cllr
    Face(Face),
    /// Faces and pictures of faces: APCER by kind of attack, BPCER
    Pad(Pad),
    /// Recordings before the live check: how often one passes that knows nothing of what is asked
    LiveCheck(LiveCheck),
    /// One text again and again: EER beside classical detectors
    Fixed(Fixed),
    /// Forgeries, replays, machines and people in turns, with and without the signal that it is a person
    Attacks(Attacks),
}

#[derive(ClapArgs)]
pub struct Keystroke {
    #[command(flatten)]
    pub common: Common,
    /// How typing is cut into samples: numbered sentences, or one stream of free text
    #[arg(long, value_enum, default_value_t = Protocol::Sentences)]
    pub protocol: Protocol,
    /// Sentences that enrol, 5 by default
    #[arg(long, conflicts_with_all = ["enrol_keys", "window"])]
    pub enrol: Option<usize>,
    /// Of a stream: keystrokes that enrol, 500 by default
    #[arg(long)]
    pub enrol_keys: Option<usize>,
    /// Of a stream: keystrokes of a probe, 20 to 200, 50 by default
    #[arg(long)]
    pub window: Option<usize>,
    /// What the network is shown of the keys: keys, movements or nothing
    #[arg(long, default_value = "keys", value_parser = key_detail)]
    pub keys: KeyDetail,
    /// Write every trial to this CSV file
    #[arg(long)]
    pub scores: Option<PathBuf>,
}

/// How recorded typing is cut into samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Protocol {
    /// Sentences 1 to 15
    Sentences,
    /// The first keystrokes enrol, disjoint windows of the rest are probes
    Stream,
}

#[derive(ClapArgs)]
pub struct Session {
    #[command(flatten)]
    pub common: Common,
    /// A policy to play under; by default the one compiled in
    #[arg(long)]
    pub policy: Option<PathBuf>,
    /// Lend the typists faces from this folder of folders of pictures, and look at them through a camera as policy has it
    #[arg(long, value_name = "DIR")]
    pub faces: Option<PathBuf>,
    /// Which people of it: all, choices (those the face's calibration was fitted on) or test
    #[arg(long, default_value = "all", requires = "faces")]
    pub faces_part: Part,
    /// Breaks of ten minutes in 8 hours of typing; impostors then come in one instead of at any key
    #[arg(long, default_value_t = 0, value_name = "N", value_parser = clap::value_parser!(u32).range(..=96))]
    pub breaks: u32,
    /// Write what other step-up thresholds would lead to, to this CSV file
    #[arg(long, value_name = "OUT.csv")]
    pub curve: Option<PathBuf>,
}

#[derive(ClapArgs)]
pub struct Pad {
    /// A folder with a folder of people before the camera and one for each kind of attack
    #[arg(long)]
    pub data: PathBuf,
    /// The folder of people
    #[arg(long, default_value = "real")]
    pub real: String,
    /// Folders to leave out
    #[arg(long, value_name = "NAME")]
    pub skip: Vec<String>,
    /// From this mean of the passive networks on a face is taken for real
    #[arg(long, default_value_t = 0.5)]
    pub threshold: f64,
    /// Where `./x models --pad` put the networks, if elsewhere than by default
    #[arg(long, value_name = "DIR")]
    pub models: Option<PathBuf>,
    /// One JSON object
    #[arg(long)]
    pub json: bool,
}

#[derive(ClapArgs)]
pub struct LiveCheck {
    /// A folder of folders of clips, each a folder of frames
    #[arg(long)]
    pub data: PathBuf,
    /// Checks that each clip meets
    #[arg(long, default_value_t = 1000)]
    pub checks: u32,
    /// Frames of a clip in a second
    #[arg(long, default_value_t = 10)]
    pub fps: u32,
    /// Seconds for each act
    #[arg(long, default_value_t = 7)]
    pub act_seconds: u64,
    /// Seed of every random choice
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// One JSON object
    #[arg(long)]
    pub json: bool,
}

#[derive(ClapArgs)]
pub struct Pointer {
    /// One data set's folder, or a file
    #[arg(long)]
    pub data: PathBuf,
    /// Which share of the subjects: train, calibrate, validate, test or all
    #[arg(long, default_value = "all")]
    pub subjects: Subjects,
    /// Folder of a model pack; by default the built-in one
    #[arg(long)]
    pub pack: Option<PathBuf>,
    /// Seed of every random choice
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Also people the pack was trained or calibrated on
    #[arg(long)]
    pub include_seen: bool,
    /// Write every trial to this CSV file
    #[arg(long)]
    pub scores: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(ClapArgs)]
pub struct Face {
    /// A folder of folders of JPEG pictures, one a person; each picture in `_single` is an impostor's
    #[arg(long)]
    pub data: PathBuf,
    /// Which part of the people: choices (calibration, decisions), test or all
    #[arg(long, visible_alias = "share", default_value = "all")]
    pub subjects: Part,
    /// Pictures of a person that enrol, the first by file name
    #[arg(long, default_value_t = 5)]
    pub enrol: usize,
    /// Pictures of a probe, joined
    #[arg(long, default_value_t = 1)]
    pub probes: usize,
    /// Embedder: dlib, or the folder of a pack
    #[arg(long, default_value = "dlib")]
    pub embedder: String,
    /// Use the embedder plainly: ArcFace's alignment, no mirror image; not calibrated
    #[arg(long)]
    pub stock: bool,
    /// Leave out the mirror image; not calibrated
    #[arg(long, conflicts_with = "stock")]
    pub no_mirror: bool,
    /// Normalise similarities by other people of the half "choices": none, z, t, s, or as and how many of the nearest (as40)
    #[arg(long, default_value = "none", conflicts_with = "occlusion")]
    pub normalise: Normalisation,
    /// Instead of error rates: whether maps of so many people's faces name the parts that count (deletion test)
    #[arg(long, value_name = "PEOPLE", conflicts_with = "scores")]
    pub occlusion: Option<usize>,
    /// Masks behind a map; the agent's 150
    #[arg(long, default_value_t = 150, requires = "occlusion")]
    pub masks: usize,
    /// Seed of the intervals
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Write every trial to this CSV file
    #[arg(long)]
    pub scores: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(ClapArgs)]
pub struct Fixed {
    /// Folder of data sets, one data set's folder, or a file; with a rep column
    #[arg(long)]
    pub data: PathBuf,
    /// Which share of the subjects: train, calibrate, validate, test or all
    #[arg(long, default_value = "all")]
    pub subjects: Subjects,
    /// Seed of the folds and of the intervals
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Write every trial of every detector to this CSV file
    #[arg(long)]
    pub scores: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(ClapArgs)]
pub struct Attacks {
    #[command(flatten)]
    pub common: Common,
}

#[derive(ClapArgs)]
pub struct Common {
    /// Folder of data sets, one data set's folder, or a file
    #[arg(long)]
    pub data: PathBuf,
    /// Which share of the subjects: train, calibrate, validate, test or all
    #[arg(long, default_value = "all")]
    pub subjects: Subjects,
    /// Model pack: research, open, or a folder
    #[arg(long, default_value = "research")]
    pub pack: String,
    /// Seed of every random choice
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Also people the pack was trained or calibrated on
    #[arg(long)]
    pub include_seen: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(ClapArgs)]
pub struct Replay {
    /// The recording (CSV or CSV.gz)
    pub file: PathBuf,
    /// Who is enrolled and types first; by default the first person
    #[arg(long)]
    pub genuine: Option<String>,
    /// Who takes over
    #[arg(long)]
    pub impostor: Option<String>,
    /// Sentences that enrol
    #[arg(long, default_value_t = 10)]
    pub enrol: usize,
    /// A policy to replay under; by default the one in force on this machine
    #[arg(long)]
    pub policy: Option<PathBuf>,
    /// Model pack: research, open, or a folder; by default the policy's
    #[arg(long)]
    pub pack: Option<String>,
    /// One JSON object a decision
    #[arg(long)]
    pub json: bool,
}

#[derive(Subcommand)]
pub enum Drill {
    /// Biometrics are gone: work goes on, grants expire, reviews close, abuse fails
    BiometricOutage(BiometricOutage),
}

#[derive(ClapArgs)]
pub struct BiometricOutage {
    /// For so many simulated hours, 1 to 72
    #[arg(long, default_value_t = 4)]
    pub hours: u64,
    /// Seed of everything random
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Write the signed report to this file
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Sign with the key in this file, 64 hexadecimal digits; by default with a new one that is thrown away
    #[arg(long, value_name = "FILE", requires = "out")]
    pub key: Option<PathBuf>,
    /// Print the report as JSON
    #[arg(long)]
    pub json: bool,
    /// Play an honest grant in place of an attempt at abuse: the drill must fail
    #[arg(long, hide = true, value_name = "ATTEMPT")]
    pub spoil: Option<String>,
}

fn key_detail(name: &str) -> Result<KeyDetail, String> {
    let known = KeyDetail::ALL.map(KeyDetail::name).join(", ");
    KeyDetail::ALL.into_iter().find(|d| d.name() == name).ok_or_else(|| format!("it must be one of {known}"))
}

pub fn modality(name: &str) -> Result<Modality, String> {
    let known = Modality::ALL.map(Modality::name).join(", ");
    Modality::ALL.into_iter().find(|m| m.name() == name).ok_or_else(|| format!("the sensors are {known}"))
}

fn hash(text: &str) -> Result<Hash, String> {
    Hash::parse(text).ok_or_else(|| "a hash is 64 lower-case hexadecimal digits".into())
}
