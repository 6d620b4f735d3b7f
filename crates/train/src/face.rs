//! The face's networks: converted from ONNX, compared with onnxruntime, calibrated.

mod calibrate;
mod convert;
mod known;
mod measure;
mod memory;
mod minifasnet;
mod onnx;
mod pytorch;

pub use calibrate::{Calibrate, calibrate};
pub use measure::{Measure, measure};
pub use memory::{Memory, memory};

use anyhow::{Context, Result, bail};
use clap::Args;
use convert::{convert, convert_graph};
use known::{KNOWN, Known};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use stillyou_models::face::net::{Net, Plan, Precision, Weights};
use stillyou_models::face::{CARD, Card, Files, Input, Origin, Pack, PackSource, Passive, Role, write_pack};

#[derive(Args)]
pub struct FaceNets {
    /// Folder of the ONNX files, or of published ones
    #[arg(long)]
    from: PathBuf,
    /// Convert those that may not be committed, into a folder outside the sources, instead of those that may
    #[arg(long, requires = "out")]
    optional: bool,
    /// Only these packs
    #[arg(long, value_name = "PACK")]
    only: Vec<String>,
    /// Fail unless the packs against attacks came out as those that were measured: an agent takes no others
    #[arg(long, requires = "optional")]
    measured: bool,
    /// Folder for the packs
    #[arg(long, default_value = "models/packs/face")]
    out: PathBuf,
}

/// Converts networks into packs of 16-bit floats. An embedder's calibration is kept where its pack is there already.
pub fn nets(how: &FaceNets) -> Result<()> {
    let wanted = |known: &&Known| how.only.is_empty() || how.only.iter().any(|pack| pack == known.pack);
    for known in KNOWN.iter().filter(|known| known.may_ship != how.optional).filter(wanted) {
        let Read { plan, weights, file, sha256 } = read(&how.from, known)?;
        let folder = how.out.join(known.pack);
        let card = card(known, &plan, file, sha256, &folder);
        write_pack(&folder, card, &plan, &weights, Precision::Half)?;
        let pack = Pack::load(&PackSource::Directory(folder.clone()))?;
        println!("wrote {}, {}: {} layers", folder.display(), pack.version, plan.layers.len());
    }
    if how.measured {
        Passive::measured(&how.out)?;
    }
    Ok(())
}

/// A network as a file has it.
struct Read {
    plan: Plan,
    weights: Weights,
    /// The file's name and hash.
    file: &'static str,
    sha256: &'static str,
}

/// A network as its ONNX file has it, or where there is none the published one; the file's hash must be the known one.
fn read(from: &Path, known: &Known) -> Result<Read> {
    let onnx = (known.file, known.sha256);
    let published = known.published.filter(|name| !from.join(known.file).exists() && from.join(name).exists());
    let (name, sha256) = published.map_or(onnx, |name| (name, known.package_sha256));
    let path = from.join(name);
    let bytes = std::fs::read(&path).with_context(|| path.display().to_string())?;
    let found: String = Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect();
    if found != sha256 {
        bail!("{}: its SHA-256 is {found}; it must be {sha256}", path.display());
    }
    let converted = match published {
        Some(_) => pytorch::tensors(&bytes).and_then(minifasnet::graph).and_then(|graph| convert_graph(&graph)),
        None => convert(&bytes),
    };
    let (plan, weights) = converted.with_context(|| path.display().to_string())?;
    Net::new(&plan, weights.clone()).map_err(|problem| anyhow::anyhow!("{}: {problem}", path.display()))?;
    Ok(Read { plan, weights, file: name, sha256 })
}

fn card(known: &Known, plan: &Plan, file: &str, sha256: &str, folder: &Path) -> Card {
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
            file: file.to_owned(),
            sha256: sha256.to_owned(),
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
