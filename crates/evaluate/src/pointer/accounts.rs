use super::report::pack_hash;
use super::{Embedded, Options};
use crate::{
    EvaluateError, Progress, Subjects,
    metrics::{RESAMPLES, Trial, percentile},
};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};
use std::fmt;
use stillyou_models::{keystroke::ModelVersion, pointer::Model};
use stillyou_recordings::pointer::{Label, Set};

/// How well labelled sessions of accounts are told apart.
#[derive(Clone, Debug, PartialEq)]
pub struct Accounts {
    /// The set, by the name of its folder.
    pub set: String,
    /// The share asked for.
    pub subjects: Subjects,
    /// Accounts of that share.
    pub in_share: usize,
    /// How many of those the model has seen and were therefore left out.
    pub seen: usize,
    /// How many of the others had too few strokes to enrol, or no test session of both kinds.
    pub unusable: usize,
    /// What drew the resamples.
    pub seed: u64,
    /// Whether accounts seen in training or calibration are among them.
    pub include_seen: bool,
    /// The pack.
    pub pack: ModelVersion,
    /// Area under the curve of all sessions under one threshold: the chance that a genuine one scores above an
    /// impostor's.
    pub auc: f64,
    /// Its 95 % interval, sessions resampled within their accounts.
    pub auc_interval: (f64, f64),
    /// Each account.
    pub accounts: Vec<Account>,
    /// Test sessions of too few strokes; they score 0 nats.
    pub too_short: usize,
    /// Every test session: its trial, the account, the session.
    pub trials: Vec<(Trial, String, String)>,
}

/// One account.
#[derive(Clone, Debug, PartialEq)]
pub struct Account {
    /// Its name.
    pub subject: String,
    /// Area under the curve of its sessions.
    pub auc: f64,
    /// Its 95 % interval.
    pub auc_interval: (f64, f64),
    /// Genuine sessions.
    pub genuine: usize,
    /// Impostors' sessions.
    pub impostor: usize,
}

pub(super) fn evaluate(
    options: &Options,
    set: &Set,
    (in_share, seen): (usize, usize),
    model: &Model,
    progress: Progress,
) -> Result<Accounts, EvaluateError> {
    let (mut trials, mut too_short, mut unusable) = (Vec::new(), 0, 0);
    let mut enrolled: Vec<String> = Vec::new();
    for (at, person) in set.people.iter().enumerate() {
        progress(at + 1, set.people.len());
        let (mut enrol, mut probes) = (Vec::new(), Vec::new());
        for session in &person.sessions {
            let embedded = Embedded::of(model, &session.events)?;
            match session.label {
                Some(Label::Test { illegal }) => probes.push((embedded, illegal, &session.name)),
                _ => enrol.extend(embedded),
            }
        }
        let both = probes.iter().any(|p| p.1) && probes.iter().any(|p| !p.1);
        if enrol.is_empty() || !both {
            unusable += 1;
            continue;
        }
        let template = Embedded::template(model, &enrol)?;
        for (probe, illegal, session) in probes {
            too_short += usize::from(probe.is_none());
            let (score, llr_nats) = probe.map_or(Ok((0.0, 0.0)), |probe| probe.score(model, &template))?;
            let trial = Trial { enrolled: enrolled.len() as u32, genuine: !illegal, score, llr_nats };
            trials.push((trial, person.subject.clone(), session.clone()));
        }
        enrolled.push(person.subject.clone());
    }
    if enrolled.is_empty() {
        let share = format!("{in_share} accounts (share: {})", options.subjects);
        let why = format!("left out: {seen} seen in training or calibration, {unusable} without the sessions needed");
        return Err(EvaluateError::NoAccount { share, why });
    }
    let of = |account: usize| -> Vec<Trial> {
        trials.iter().map(|t| t.0).filter(|t| t.enrolled as usize == account).collect()
    };
    let by_account: Vec<Vec<Trial>> = (0..enrolled.len()).map(of).collect();
    let accounts = enrolled.iter().zip(&by_account).map(|(subject, trials)| {
        let (auc, auc_interval) = with_interval(std::slice::from_ref(trials), options.seed);
        let genuine = trials.iter().filter(|t| t.genuine).count();
        Account { subject: subject.clone(), auc, auc_interval, genuine, impostor: trials.len() - genuine }
    });
    let accounts = accounts.collect();
    let (auc, auc_interval) = with_interval(&by_account, options.seed);
    Ok(Accounts {
        set: set.name.clone(),
        subjects: options.subjects,
        in_share,
        seen,
        unusable,
        seed: options.seed,
        include_seen: options.include_seen,
        pack: model.version().clone(),
        auc,
        auc_interval,
        accounts,
        too_short,
        trials,
    })
}

/// The area under the curve of some accounts' trials, and its interval from [`RESAMPLES`] resamples of each account's
/// trials.
fn with_interval(accounts: &[Vec<Trial>], seed: u64) -> (f64, (f64, f64)) {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut areas = Vec::with_capacity(RESAMPLES);
    for _ in 0..RESAMPLES {
        let mut drawn = Vec::new();
        for trials in accounts {
            drawn.extend((0..trials.len()).filter_map(|_| trials.get(rng.random_range(0..trials.len())).copied()));
        }
        areas.extend(area(drawn));
    }
    let interval = (percentile(&mut areas, 0.025), percentile(&mut areas, 0.975));
    (area(accounts.concat()).unwrap_or(f64::NAN), interval)
}

/// The share of pairs of a genuine and an impostor trial in which the genuine one has the higher ratio, ties half
/// (Mann and Whitney, 1947); `None` without such a pair.
pub(super) fn area(mut trials: Vec<Trial>) -> Option<f64> {
    trials.sort_by(|a, b| a.llr_nats.total_cmp(&b.llr_nats));
    let (mut below, mut won, mut genuine) = (0.0, 0.0, 0.0);
    for alike in trials.chunk_by(|a, b| a.llr_nats == b.llr_nats) {
        let mine = alike.iter().filter(|t| t.genuine).count() as f64;
        let theirs = alike.len() as f64 - mine;
        won += mine * (below + theirs / 2.0);
        below += theirs;
        genuine += mine;
    }
    (genuine > 0.0 && below > 0.0).then(|| won / (genuine * below))
}

impl Accounts {
    pub(super) fn to_json(&self) -> Value {
        let pair = |(low, high): (f64, f64)| json!([low, high]);
        let accounts: Vec<Value> = self
            .accounts
            .iter()
            .map(|a| {
                json!({
                    "account": a.subject, "auc": a.auc, "auc_ci": pair(a.auc_interval),
                    "genuine": a.genuine, "impostor": a.impostor,
                })
            })
            .collect();
        json!({
            "protocol": "pointer-accounts",
            "set": self.set,
            "share": self.subjects.to_string(),
            "subjects": self.accounts.len(),
            "subjects_in_share": self.in_share,
            "left_out": { "seen": self.seen, "unusable": self.unusable },
            "genuine": self.accounts.iter().map(|a| a.genuine).sum::<usize>(),
            "impostor": self.accounts.iter().map(|a| a.impostor).sum::<usize>(),
            "sessions_too_short": self.too_short,
            "auc": self.auc,
            "auc_ci": pair(self.auc_interval),
            "accounts": accounts,
            "resamples": RESAMPLES,
            "seed": self.seed,
            "include_seen": self.include_seen,
            "pack": self.pack.name(),
            "pack_hash": pack_hash(&self.pack),
        })
    }
}

impl fmt::Display for Accounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "pointer verification, labelled sessions against accounts")?;
        writeln!(f, "  pack       {}", self.pack)?;
        writeln!(f, "  data       {}, share: {}, seed {}", self.set, self.subjects, self.seed)?;
        writeln!(
            f,
            "  accounts   {} of {} in the share; left out: {} seen in training or calibration, {} without the sessions needed",
            self.accounts.len(),
            self.in_share,
            self.seen,
            self.unusable
        )?;
        if self.include_seen {
            writeln!(f, "  CAUTION    accounts seen in training or calibration are included: too rosy")?;
        }
        if self.too_short > 0 {
            writeln!(f, "  too short  {} test sessions; they score 0 nats", self.too_short)?;
        }
        for a in &self.accounts {
            let (low, high) = a.auc_interval;
            let (genuine, impostor) = (a.genuine, a.impostor);
            let sessions = format!("{genuine} genuine, {impostor} impostor");
            writeln!(f, "  {:<10} AUC {:.3} (95 %: {low:.3} to {high:.3}), {sessions}", a.subject, a.auc)?;
        }
        let (low, high) = self.auc_interval;
        write!(f, "  {:<10} AUC {:.3} (95 %: {low:.3} to {high:.3})", "pooled", self.auc)
    }
}
