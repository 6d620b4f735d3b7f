use crate::calibrate::regress;
use anyhow::{Result, bail, ensure};
use clap::Args;
use std::path::PathBuf;
use stillyou_evaluate::face::{Normalisation, Options, Part, evaluate};
use stillyou_models::face::{Calibration, Model, Pack, PackSource, Role, write_card};

#[derive(Args)]
pub struct Calibrate {
    /// A set: a folder of folders of pictures, one a person
    #[arg(long)]
    data: PathBuf,
    /// Folder of the embedder's pack; its card is written anew
    #[arg(long, default_value = "models/packs/face/dlib")]
    pack: PathBuf,
    /// Pictures that enrol
    #[arg(long, default_value_t = 5)]
    enrol: usize,
}

/// Logistic regression at equal priors on single pictures of the people that choices are made with. Probes without a face
/// are no evidence, and left out.
pub fn calibrate(how: &Calibrate) -> Result<()> {
    let source = PackSource::Directory(how.pack.clone());
    let model = Model::load(&source)?;
    let options = Options {
        data: how.data.clone(),
        part: Part::Choices,
        enrol: how.enrol,
        probes: 1,
        normalise: Normalisation::None,
        seed: 1,
    };
    let report = evaluate(&options, &model, &mut |_, _| {})?;
    let scores: Vec<(f64, bool)> =
        report.trials.iter().filter(|t| t.llr_nats != 0.0).map(|t| (t.score, t.genuine)).collect();
    let n = scores.len() as f64;
    let mean = scores.iter().map(|(s, _)| s).sum::<f64>() / n;
    let deviation = (scores.iter().map(|(s, _)| (s - mean).powi(2)).sum::<f64>() / n).sqrt();
    ensure!(deviation > 0.0, "all similarities are {mean}");
    let standard: Vec<_> = scores.iter().map(|(s, g)| ([1.0, (s - mean) / deviation, 0.0, 0.0], *g)).collect();
    let [intercept, slope, ..] = regress(&standard);
    let calibration = Calibration { intercept: intercept - slope * mean / deviation, slope: slope / deviation };

    let mut card = Pack::load(&source)?.card;
    let Role::Embedder { chip, .. } = card.role else { bail!("{}: no embedder", how.pack.display()) };
    let calibrated = format!(
        "stillyou-train face-calibrate --data {} --enrol {}: the half \"choices\" of its people, {} identities, {} genuine \
         and {} impostor trials of one picture",
        report.set, how.enrol, report.counts.identities, report.measures.genuine, report.measures.impostor
    );
    card.role = Role::Embedder { chip, calibration, calibrated };
    write_card(&how.pack, &card)?;
    let again = evaluate(&options, &Model::load(&source)?, &mut |_, _| {})?;
    println!("{calibration:?}\nwrote {}; on the same people:\n{again}", how.pack.display());
    Ok(())
}
