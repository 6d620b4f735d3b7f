use crate::{
    calibrate,
    learner::Variation,
    people::{self, Subject},
    recipe::Kind,
    scored, trials,
};
use anyhow::{Result, anyhow};
use burn::{
    store::{BurnpackStore, FloatCastAdapter, ModuleSnapshot},
    tensor::DType,
};
use std::path::Path;
use stillyou_evaluate::{
    EvaluateError, Subjects,
    keystroke::{self as protocol, Protocol},
};
use stillyou_models::keystroke::{
    CARD, Calibration, Calibrations, Card, Cohort, Cohorts, FEATURES, Feature, Features, Files, KeyDetail, Measured,
    Model, Neutral, PackSource, Terms, Training, WINDOW,
    network::{Architecture, Network},
    seen_hash, write_pack,
};
use stillyou_recordings::Share;

/// How the weights came to be.
pub struct Origin {
    /// Which pack.
    pub kind: Kind,
    /// The training's seed.
    pub seed: u64,
    /// Its steps.
    pub steps: u64,
    /// The network's sizes.
    pub sizes: Architecture,
    /// What was done otherwise.
    pub variations: Vec<Variation>,
}

/// Writes a pack of a trained network: weights in half precision, calibrated on people it was not trained on, measured
/// on others again, all through the pack as it is read back.
pub fn pack(network: &Network, origin: &Origin, data: &Path, folder: &Path) -> Result<()> {
    let kind = origin.kind;
    let train = people::load(data, kind, Share::Train)?;
    let mut calibrate = people::load(data, kind, Share::Calibrate)?;
    calibrate.retain(|s| s.keyed);
    let mut store = BurnpackStore::from_bytes(None).with_to_adapter(FloatCastAdapter::to(DType::F16));
    network.save_into(&mut store).map_err(|e| anyhow!("{e}"))?;
    let weights = store.get_bytes().map_err(|e| anyhow!("{e}"))?.to_vec();
    let salt = format!("stillyou-{}-{}-{}", kind.name(), origin.seed, origin.steps);
    let seen: Vec<[u8; 8]> = train.iter().chain(&calibrate).map(|s| seen_hash(&salt, &s.set, &s.name)).collect();
    let mut card = card(origin, kind.sets(data)?, &salt, &train, &calibrate);
    let cohort = cohorts(network, &train)?;
    write_pack(folder, card.clone(), &weights, &cohort, seen.clone())?;
    let load = |detail| Ok::<_, anyhow::Error>(Model::load(&PackSource::Directory(folder.to_owned()))?.showing(detail));
    for detail in KeyDetail::ALL {
        let trials = scored::trials(&load(detail)?, &calibrate, origin.seed)?;
        let fitted = calibrate::fit(&trials);
        let cost = calibrate::cllr(trials.iter().map(|t| (fitted.llr_nats(t.score, t.keystrokes), t.genuine)));
        println!("{} shown: calibrated on {} people: {fitted:?}, Cllr {cost:.4} there", detail.name(), calibrate.len());
        *card.calibration.of_mut(detail) = fitted;
    }
    write_pack(folder, card.clone(), &weights, &cohort, seen.clone())?;
    for detail in KeyDetail::ALL {
        for share in [Share::Validate, Share::Test] {
            card.measured.extend(measure(&load(detail)?, kind, data, share, detail)?);
        }
    }
    write_pack(folder, card, &weights, &cohort, seen)?;
    let bytes = std::fs::metadata(folder.join("weights.bpk"))?.len();
    println!(
        "wrote {} ({bytes} bytes of weights), {}",
        folder.display(),
        Model::load(&PackSource::Directory(folder.to_owned()))?.version()
    );
    Ok(())
}

/// The evaluation's protocol on real people that the pack was not trained on: sentences where a set of them is known to
/// be there, else whatever free text there is; nothing, said so, where there are too few people.
fn measure(model: &Model, kind: Kind, data: &Path, share: Share, detail: KeyDetail) -> Result<Option<Measured>> {
    let (set, protocol, words) = match kind.measured_on() {
        Some(set) => (
            set,
            Protocol::Sentences { enrol: 5 },
            "evaluate keystroke: 5 sentences enrol, one sentence of at most 50 keys probes, one threshold for all, seed 1",
        ),
        None => (
            "",
            Protocol::Stream { enrol_keys: 500, window: WINDOW },
            "evaluate keystroke --protocol stream: 500 keys enrol, 50 keys probe, one threshold for all, seed 1",
        ),
    };
    let subjects = Subjects::Only(share);
    let options = protocol::Options { subjects, protocol, ..protocol::Options::new(data.join(set)) };
    let report = match protocol::evaluate(&options, model, &mut |_, _| {}) {
        Err(too_few @ (EvaluateError::TooFew { .. } | EvaluateError::NoSentences { .. })) => {
            println!("{share}, {} shown: not measured: {too_few}", detail.name());
            return Ok(None);
        }
        report => report?,
    };
    let sets = report.sets.join(", ");
    let m = report.measures;
    println!(
        "{sets}, {share}, {} shown, {} people: EER {:.2} % ({:.2} to {:.2}), FNMR at FMR 1 % {:.1} %, at 0.1 % {:.1} %, Cllr {:.4}",
        detail.name(),
        report.evaluated,
        m.eer.value * 100.0,
        m.eer.interval.0 * 100.0,
        m.eer.interval.1 * 100.0,
        m.fnmr_at_fmr_1e_2.value * 100.0,
        m.fnmr_at_fmr_1e_3.value * 100.0,
        m.cllr.value
    );
    Ok(Some(Measured {
        set: sets,
        share: share.name().to_owned(),
        shown: detail.name().to_owned(),
        protocol: words.to_owned(),
        subjects: report.evaluated as u32,
        eer: m.eer.value,
        fnmr_at_fmr_1e_2: m.fnmr_at_fmr_1e_2.value,
        fnmr_at_fmr_1e_3: m.fnmr_at_fmr_1e_3.value,
        cllr: m.cllr.value,
    }))
}

fn card(origin: &Origin, sets: Vec<String>, salt: &str, train: &[Subject], calibrate: &[Subject]) -> Card {
    let kind = origin.kind;
    Card {
        card: CARD,
        name: kind.name().to_owned(),
        features: FEATURES,
        terms: Terms {
            non_commercial: kind == Kind::Research,
            licence: kind.licence().to_owned(),
            attribution: kind.attribution().iter().map(|a| (*a).to_owned()).collect(),
        },
        architecture: origin.sizes,
        files: Files {
            weights_sha256: String::new(),
            cohort_sha256: String::new(),
            seen_sha256: String::new(),
        },
        calibration: Calibrations { keys: NOT_YET, movements: NOT_YET, nothing: NOT_YET },
        neutral: neutral(train),
        training: Training {
            command: command(origin),
            seed: origin.seed,
            steps: origin.steps,
            sets,
            subjects: train.len() as u32,
            calibration_subjects: calibrate.len() as u32,
            protocol: "subjects divided by sha256(\"<set>:<subject>:stillyou\"), first 8 bytes big-endian modulo 100: below \
                       60 trained, below 70 calibrated, below 85 validated (choices), the rest tested (final table only)"
                .to_owned(),
            seen_salt: salt.to_owned(),
        },
        measured: Vec::new(),
    }
}

/// What trains the same pack again.
fn command(origin: &Origin) -> String {
    let Origin { kind, seed, steps, variations, .. } = origin;
    let tried: String = variations.iter().map(|v| format!(" --try {}", v.name())).collect();
    format!("stillyou-train keystroke --data DIR --pack {} --seed {seed} --steps {steps}{tried} --out DIR", kind.name())
}

const NOT_YET: Calibration = Calibration { intercept: 0.0, slope: 1.0, length_intercept: 0.0, length_slope: 0.0 };

fn cohorts(network: &Network, train: &[Subject]) -> Result<Cohorts> {
    let [keys, movements, nothing] = KeyDetail::ALL.map(|detail| cohort(network, train, detail));
    Cohorts::new([keys?, movements?, nothing?]).map_err(|e| anyhow!("the cohorts: {e}"))
}

/// Templates of the first people trained on whose keys are known.
fn cohort(network: &Network, train: &[Subject], detail: KeyDetail) -> Result<Cohort> {
    let mut vectors = Vec::new();
    for subject in train.iter().filter(|s| s.keyed && s.passages.len() > 5).take(COHORT) {
        let windows = subject.passages.iter().take(5).map(|p| Features::of_strokes(&p[..p.len().min(WINDOW)], detail));
        let embeddings = trials::embed(network, &windows.collect::<Result<Vec<_>, _>>()?)?;
        vectors.push(trials::mean(&embeddings.iter().map(Vec::as_slice).collect::<Vec<_>>()));
    }
    Cohort::new(&vectors).map_err(|e| anyhow!("the cohort: {e}"))
}

const COHORT: usize = 400;

/// Prints the medians of the people that a pack is trained on, as they stand in its card.
pub fn tell_neutral(data: &Path, kind: Kind) -> Result<()> {
    let medians = neutral(&people::load(data, kind, Share::Train)?);
    println!("[neutral]\n{}", toml::to_string(&medians)?);
    Ok(())
}

/// Medians of every feature over people with known keys.
fn neutral(train: &[Subject]) -> Neutral {
    Neutral::measure(|feature| {
        let mut times: Vec<i64> = Vec::new();
        for passage in train.iter().filter(|s| s.keyed).flat_map(|s| &s.passages) {
            times.extend(
                passage.iter().filter(|s| Feature::of_hold(s) == feature).map(|s| s.released_us - s.pressed_us),
            );
            let gaps = passage.windows(2).filter(|w| Feature::of_gap(&w[0], &w[1]) == feature);
            times.extend(gaps.map(|w| w[1].pressed_us - w[0].pressed_us));
        }
        times.sort_unstable();
        times.get(times.len() / 2).copied().unwrap_or(100_000)
    })
}
