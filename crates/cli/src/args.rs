mod evaluate;

use crate::factor::Factor;
use crate::verify::Verify;
use crate::{case, grant, report, review};
use clap::{Args as ClapArgs, Parser, Subcommand};
use clap_complete::Shell;
use std::ffi::OsString;
use std::path::PathBuf;
use stillyou_governance::plain;
use stillyou_ledger::{Hash, VerifierKey};
use stillyou_trust::Modality;

pub use evaluate::{Attacks, Evaluate, Face, Fixed, Keystroke, LiveCheck, Pad, Pointer, Protocol, Session};

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

pub fn modality(name: &str) -> Result<Modality, String> {
    let known = Modality::ALL.map(Modality::name).join(", ");
    Modality::ALL.into_iter().find(|m| m.name() == name).ok_or_else(|| format!("the sensors are {known}"))
}

/// Words that are signed or kept: only what is shown as itself, on one line.
pub fn plain_text(text: &str) -> Result<String, String> {
    plain(text).map(|()| text.to_owned()).map_err(|e| e.to_string())
}

fn hash(text: &str) -> Result<Hash, String> {
    Hash::parse(text).ok_or_else(|| "a hash is 64 lower-case hexadecimal digits".into())
}
