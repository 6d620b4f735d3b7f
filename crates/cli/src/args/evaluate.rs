use clap::{Args as ClapArgs, Subcommand};
use std::path::PathBuf;
use stillyou_evaluate::Subjects;
use stillyou_evaluate::face::{Normalisation, Part};
use stillyou_models::keystroke::KeyDetail;

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
    /// Lend them the pointers of others too, from this set of sessions of pointing (SapiMouse)
    #[arg(long, value_name = "DIR")]
    pub pointer: Option<PathBuf>,
    /// Breaks of ten minutes in 8 hours of typing; impostors then come in one instead of at any key
    #[arg(long, default_value_t = 0, value_name = "N", value_parser = clap::value_parser!(u32).range(..=96))]
    pub breaks: u32,
    /// Write what other step-up thresholds would lead to, to this CSV file
    #[arg(long, value_name = "OUT.csv")]
    pub curve: Option<PathBuf>,
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
    /// A folder of folders of pictures (JPEG or PNG), one a person; each picture in `_single` is an impostor's
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
    #[arg(long, value_name = "PEOPLE", conflicts_with = "scores", value_parser = at_least_one)]
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

fn at_least_one(number: &str) -> Result<usize, String> {
    number.parse().ok().filter(|number| *number > 0).ok_or_else(|| "it must be 1 or more".into())
}

fn key_detail(name: &str) -> Result<KeyDetail, String> {
    let known = KeyDetail::ALL.map(KeyDetail::name).join(", ");
    KeyDetail::ALL.into_iter().find(|d| d.name() == name).ok_or_else(|| format!("it must be one of {known}"))
}
