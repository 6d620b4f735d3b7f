//! The face's networks: converted from ONNX, compared with onnxruntime, calibrated.

mod calibrate;
mod convert;
mod known;
mod measure;
mod onnx;

pub use calibrate::{Calibrate, calibrate};
pub use measure::{Measure, measure};

use anyhow::{Context, Result, bail};
use clap::Args;
use convert::convert;
use known::{KNOWN, Known};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use stillyou_models::face::net::{Net, Plan, Precision, Weights};
use stillyou_models::face::{CARD, Card, Files, Input, Origin, Pack, PackSource, Role, write_pack};

#[derive(Args)]
pub struct FaceNets {
    /// Folder of the ONNX files
    #[arg(long)]
    from: PathBuf,
    /// Convert those that may not be committed, into a folder outside the sources, instead of those that may
    #[arg(long, requires = "out")]
    optional: bool,
    /// Only these packs
    #[arg(long, value_name = "PACK")]
    only: Vec<String>,
    /// Folder for the packs
    #[arg(long, default_value = "models/packs/face")]
    out: PathBuf,
}

/// Converts networks into packs of 16-bit floats. An embedder's calibration is kept where its pack is there already.
pub fn nets(how: &FaceNets) -> Result<()> {
    let wanted = |known: &&Known| how.only.is_empty() || how.only.iter().any(|pack| pack == known.pack);
    for known in KNOWN.iter().filter(|known| known.may_ship != how.optional).filter(wanted) {
        let (plan, weights, sha256) = read(&how.from, known)?;
        let folder = how.out.join(known.pack);
        let card = card(known, &plan, sha256, &folder);
        write_pack(&folder, card, &plan, &weights, Precision::Half)?;
        let pack = Pack::load(&PackSource::Directory(folder.clone()))?;
        println!("wrote {}, {}: {} layers", folder.display(), pack.version, plan.layers.len());
    }
    Ok(())
}

/// A network as its ONNX file has it, and the file's hash, which must be the known one.
fn read(from: &Path, known: &Known) -> Result<(Plan, Weights, String)> {
    let file = from.join(known.file);
    let bytes = std::fs::read(&file).with_context(|| file.display().to_string())?;
    let sha256: String = Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect();
    if sha256 != known.sha256 {
        bail!("{}: its SHA-256 is {sha256}; it must be {}", file.display(), known.sha256);
    }
    let (plan, weights) = convert(&bytes).with_context(|| file.display().to_string())?;
    Net::new(&plan, weights.clone()).map_err(|problem| anyhow::anyhow!("{}: {problem}", file.display()))?;
    Ok((plan, weights, sha256))
}

fn card(known: &Known, plan: &Plan, sha256: String, folder: &Path) -> Card {
    let before = Pack::load(&PackSource::Directory(folder.to_owned())).ok().map(|pack| pack.card.role);
    let role = match (known.role(), before) {
        (Role::Embedder { chip, .. }, Some(Role::Embedder { calibration, calibrated, .. })) => {
            Role::Embedder { chip, calibration, calibrated }
        }
        (role, _) => role,
    };
    Card {
        card: CARD,
        modality: "face".to_owned(),
        name: known.name.to_owned(),
        terms: known.terms(),
        origin: Origin {
            file: known.file.to_owned(),
            sha256,
            package: known.package.to_owned(),
            package_sha256: known.package_sha256.to_owned(),
            command: format!(
                "stillyou-train face-nets --from DIR{} --out DIR",
                if known.may_ship { "" } else { " --optional" }
            ),
        },
        input: Input { size: plan.input[0], order: known.order, mean: known.mean, scale: known.scale },
        files: Files::default(),
        role,
    }
}
