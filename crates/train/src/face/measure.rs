use super::known::{KNOWN, Known};
use super::{Read, read};
use anyhow::{Context, Result, anyhow};
use clap::Args;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::time::Instant;
use stillyou_models::face::net::{Net, Precision, Weights, Workspace};

#[derive(Args)]
pub struct Measure {
    /// Folder of the ONNX files
    #[arg(long)]
    from: PathBuf,
    /// Folder for inputs, outputs and `nets.json`
    #[arg(long)]
    out: PathBuf,
    /// Times that every look is taken
    #[arg(long, default_value_t = 30)]
    rounds: usize,
    /// Draws the pictures
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Pictures that each network is shown.
const PICTURES: usize = 4;

/// What was measured of a network; its inputs and outputs lie beside as 32-bit floats, picture by picture.
#[derive(Serialize)]
struct Measured {
    name: &'static str,
    file: &'static str,
    /// Pixels of a side.
    size: usize,
    /// Pictures of one look.
    passes: usize,
    median_ms: f64,
    /// Whether a look consists of it; the other embedder is instead of the one that is.
    in_look: bool,
}

#[derive(Serialize)]
struct All {
    pictures: usize,
    nets: Vec<Measured>,
    /// All networks of a look, one after the other.
    look_median_ms: f64,
}

/// Runs every network in 32-bit floats and as it is shipped, then takes times of looks: all networks of one in turn.
pub fn measure(how: &Measure) -> Result<()> {
    std::fs::create_dir_all(&how.out).with_context(|| how.out.display().to_string())?;
    let mut rng = ChaCha8Rng::seed_from_u64(how.seed);
    let mut work = Workspace::default();
    let mut loaded = Vec::new();
    for known in &KNOWN {
        let Read { plan, weights, .. } = read(&how.from, known)?;
        let half = weights.to_bytes(Precision::Half).and_then(Weights::from_bytes).map_err(|e| anyhow!(e))?;
        let net = |weights| Net::new(&plan, weights).map_err(|e| anyhow!(e));
        let (single, half) = (net(weights)?, net(half)?);
        let pictures: Vec<Vec<f32>> = (0..PICTURES).map(|_| picture(known, plan.input[0], &mut rng)).collect();
        let run = |net: &Net, work: &mut Workspace| -> Result<Vec<f32>> {
            let outputs = pictures.iter().map(|p| net.run(work, p).map(|o| o.concat()));
            Ok(outputs.collect::<Result<Vec<_>, _>>().map_err(|e| anyhow!(e))?.concat())
        };
        write(&how.out, known, "input", &pictures.concat())?;
        write(&how.out, known, "single", &run(&single, &mut work)?)?;
        write(&how.out, known, "half", &run(&half, &mut work)?)?;
        loaded.push((known, half, pictures));
    }

    let mut times = vec![Vec::new(); loaded.len()];
    let mut looks = Vec::new();
    for round in 0..=how.rounds {
        let mut look = 0.0;
        for ((known, net, pictures), times) in loaded.iter().zip(&mut times) {
            let picture = &pictures[round % PICTURES];
            let input = if known.at_once() { picture.repeat(known.passes()) } else { picture.clone() };
            let start = Instant::now();
            for _ in 0..if known.at_once() { 1 } else { known.passes() } {
                net.run(&mut work, &input).map_err(|e| anyhow!(e))?;
            }
            let ms = start.elapsed().as_secs_f64() * 1e3;
            look += if known.in_look() { ms } else { 0.0 };
            // The first round warms up.
            if round > 0 {
                times.push(ms);
            }
        }
        if round > 0 {
            looks.push(look);
        }
    }
    let nets = loaded.iter().zip(&mut times).map(|((known, net, _), times)| Measured {
        name: known.name,
        file: known.file,
        size: net.input()[0],
        passes: known.passes(),
        median_ms: median(times),
        in_look: known.in_look(),
    });
    let all = All { pictures: PICTURES, nets: nets.collect(), look_median_ms: median(&mut looks) };
    let file = how.out.join("nets.json");
    std::fs::write(&file, serde_json::to_string_pretty(&all)?).with_context(|| file.display().to_string())
}

/// Soft waves with noise on them, as the network is shown them.
fn picture(known: &Known, size: usize, rng: &mut ChaCha8Rng) -> Vec<f32> {
    let waves: Vec<[f32; 4]> = (0..6).map(|_| std::array::from_fn(|_| rng.random_range(-1.0..1.0))).collect();
    let mut values = Vec::with_capacity(size * size * 3);
    for (y, x) in (0..size).flat_map(|y| (0..size).map(move |x| (y, x))) {
        let (u, v) = (x as f32 / size as f32, y as f32 / size as f32);
        for (channel, mean) in known.mean.iter().enumerate() {
            let wave = |[a, b, c, d]: &[f32; 4]| (12.0 * (a * u + b * v) + 6.0 * c + d * channel as f32).sin();
            let value = 127.0 + 40.0 * waves.iter().map(wave).sum::<f32>() / 2.0 + rng.random_range(-20.0..20.0);
            values.push((value.clamp(0.0, 255.0) - mean) * known.scale);
        }
    }
    values
}

fn write(folder: &Path, known: &Known, what: &str, values: &[f32]) -> Result<()> {
    let file = folder.join(format!("{}.{what}.f32", known.name));
    let bytes: Vec<u8> = values.iter().flat_map(|v| v.to_le_bytes()).collect();
    std::fs::write(&file, bytes).with_context(|| file.display().to_string())
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
