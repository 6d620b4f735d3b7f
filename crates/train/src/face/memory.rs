use anyhow::{Context, Result, anyhow, ensure};
use clap::Args;
use serde::Serialize;
use std::path::PathBuf;
use stillyou_models::face::occlusion::Masks;
use stillyou_models::face::{self, Frame, MIN_IMAGES, Passive, Template};
use stillyou_models::{keystroke, pointer};
use stillyou_recordings::portrait::{Portrait, Pose};
use stillyou_sense::Micros;

#[derive(Args)]
pub struct Memory {
    /// Folder with the packs passive-v2 and passive-v1se
    #[arg(long)]
    pad: PathBuf,
}

/// Looks that are taken: the first fills the buffers that the networks share.
const LOOKS: usize = 3;

/// What this process holds, in MiB.
#[derive(Serialize)]
struct Held {
    /// Resident memory.
    rss_mib: f64,
    /// Resident memory, shared pages divided among those who share.
    pss_mib: f64,
}

#[derive(Serialize)]
struct Steps {
    begun: Held,
    /// The networks for keystrokes and pointer.
    behaviour: Held,
    /// Detector, mesh and embedder too.
    face: Held,
    /// The passive networks too.
    passive: Held,
    /// After looks at frames of 640 x 480 and a map of a face.
    looked: Held,
}

/// Loads every network that an agent may have and takes looks, as the agent's eye does; prints what the process holds after
/// each step, as JSON.
pub fn memory(how: &Memory) -> Result<()> {
    let begun = held()?;
    let typing = keystroke::Model::load(&keystroke::PackSource::Research)?;
    let pointing = pointer::Model::load(&pointer::PackSource::BuiltIn)?;
    let behaviour = held()?;
    let model = face::Model::load(&face::PackSource::Dlib)?;
    let of_face = held()?;
    let sources = ["passive-v2", "passive-v1se"].map(|pack| face::PackSource::Directory(how.pad.join(pack)));
    let nets = Passive::load(&sources)?;
    let passive = held()?;
    let frame = || {
        let rgb = Portrait::new(1).draw(640, 480, Pose::default());
        Frame::new(640, 480, rgb, Micros(0)).map_err(|e| anyhow!("{e}"))
    };
    let mut embeddings = Vec::new();
    for _ in 0..LOOKS.max(MIN_IMAGES) {
        let frame = frame()?;
        let look = model.look(&frame)?;
        nets.real(&frame, look.faces.first().context("the drawn face is not found")?)?;
        embeddings.push(look.face.map_err(|e| anyhow!("{e:?}"))?.embedding);
    }
    let template = Template::from_embeddings(model.version(), &embeddings)?;
    let frame = frame()?;
    let mesh = model.mesh(&frame, &model.find(&frame)?[0])?.context("the drawn face has no mesh")?;
    let masks = Masks { count: 20, seed: 1 };
    ensure!(model.occlusion(&template, &model.align(&frame, &mesh)?, masks, &mut || true)?.is_some(), "no map");
    let steps = Steps { begun, behaviour, face: of_face, passive, looked: held()? };
    println!("{}", serde_json::to_string(&steps)?);
    drop((typing, pointing));
    Ok(())
}

/// Linux alone tells.
fn held() -> Result<Held> {
    let text = std::fs::read_to_string("/proc/self/smaps_rollup").context("/proc/self/smaps_rollup")?;
    let mib = |name: &str| -> Result<f64> {
        let line = text.lines().find_map(|line| line.strip_prefix(name)).with_context(|| format!("no {name}"))?;
        let kib: f64 = line.split_whitespace().next().unwrap_or_default().parse()?;
        Ok(kib / 1024.0)
    };
    Ok(Held { rss_mib: mib("Rss:")?, pss_mib: mib("Pss:")? })
}
