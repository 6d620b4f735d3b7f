//! Do maps of faces name the parts that count? The deletion test of Petsiuk, Das and Saenko (RISE, 2018).
//!
//! People who can be enrolled are drawn by the seed. One probe of each against their own template, and one of the next
//! person's against it, is mapped; then the cells that say most *for* the person (of genuine probes), or most *against* them
//! (of impostors), are covered, and the log-likelihood ratio is taken again. Beside it as many cells drawn at random, and
//! the same cells moved around the square: their shape counts too. Intervals: bootstrap over people.

use super::pictures::{Person, people, read};
use super::{Options, set_name};
use crate::metrics::{percentile, resample};
use crate::{EvaluateError, Progress};
use rand::{RngExt, SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;
use serde::Serialize;
use std::fmt;
use stillyou_models::face::occlusion::{AlignedFace, Mask, Masks};
use stillyou_models::face::{Embedding, MIN_IMAGES, Model, Template};
use stillyou_sense::Micros;
use stillyou_trust::OcclusionMap;

/// Cells that are covered: a tenth of the face, and a fifth.
const COVERED: [usize; 2] = [14, 29];

/// Times that others are drawn to compare with.
const DRAWS: usize = 8;

const SIDE: usize = OcclusionMap::SIDE;

/// What covering cells did, in nats.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Deletion {
    /// `genuine`: the cells that say most for the person, and by how much less the ratio is without them; `impostor`: those
    /// most against, and by how much more.
    pub probes: &'static str,
    /// Cells covered, of 144.
    pub cells: usize,
    /// Mean effect of the map's cells.
    pub by_map: f64,
    /// Of cells drawn at random.
    pub by_random: f64,
    /// Of the map's cells moved around.
    pub by_moved: f64,
    /// 95 % interval of the mean difference from cells drawn at random.
    pub over_random: (f64, f64),
    /// The same from cells moved around.
    pub over_moved: (f64, f64),
}

/// The deletion test's outcome.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Deletions {
    /// The set's name.
    pub set: String,
    /// Which of its people.
    pub share: String,
    /// How many of them.
    pub people: usize,
    /// Masks behind each map.
    pub masks: usize,
    /// The seed.
    pub seed: u64,
    /// Both kinds of probes, fewer cells first.
    pub deletions: Vec<Deletion>,
}

/// Somebody with a template, and a probe.
struct Enrolled {
    template: Template,
    probe: AlignedFace,
}

/// Maps of up to `wanted` people, and what covering their cells does.
///
/// # Errors
/// When there are no pictures, fewer than 2 people can be enrolled and probed, or the model fails.
pub fn deletions(
    options: &Options,
    wanted: usize,
    masks: Masks,
    model: &Model,
    progress: Progress,
) -> Result<Deletions, EvaluateError> {
    let set = set_name(&options.data);
    let mut chance = ChaCha8Rng::seed_from_u64(options.seed);
    let mut drawn = people(&options.data)?;
    drawn.retain(|person| options.part.holds(&set, &person.name) && person.pictures.len() > options.enrol);
    drawn.shuffle(&mut chance);
    let mut enrolled = Vec::new();
    for person in &drawn {
        if enrolled.len() == wanted {
            break;
        }
        enrolled.extend(Enrolled::of(person, options.enrol, model)?);
    }
    if enrolled.len() < 2 {
        let (share, why) = (options.part.to_string(), "the others show no face often enough".to_owned());
        return Err(EvaluateError::TooFew { left: enrolled.len(), share, why });
    }
    let mut effects: [Vec<[f64; 3]>; 4] = Default::default();
    for (at, owner) in enrolled.iter().enumerate() {
        let other = &enrolled[(at + 1) % enrolled.len()];
        for (kind, probe) in [&owner.probe, &other.probe].into_iter().enumerate() {
            let map = model.occlusion(&owner.template, probe, masks, &mut || true)?;
            let want = "1 or more";
            let map = map.ok_or(EvaluateError::Option { option: "masks", value: masks.count.to_string(), want })?;
            let sign = if kind == 0 { 1.0 } else { -1.0 };
            let mut order: Vec<usize> = (0..SIDE * SIDE).collect();
            order.sort_by(|a, b| (sign * map.cells()[*b]).total_cmp(&(sign * map.cells()[*a])));
            for (which, cells) in COVERED.into_iter().enumerate() {
                let effect = effect(model, owner, probe, &order[..cells], &mut chance)?;
                effects[2 * kind + which].push(effect.map(|nats| sign * nats));
            }
        }
        progress(at + 1, enrolled.len());
    }
    let rows = effects.iter().enumerate().map(|(row, effects)| deletion(row, effects, options.seed));
    Ok(Deletions {
        set,
        share: options.part.to_string(),
        people: enrolled.len(),
        masks: masks.count,
        seed: options.seed,
        deletions: rows.collect(),
    })
}

impl Enrolled {
    /// The first pictures enrol, the first of the others with a face is the probe.
    fn of(person: &Person, enrol: usize, model: &Model) -> Result<Option<Self>, EvaluateError> {
        let (first, others) = person.pictures.split_at(enrol);
        let mut embeddings: Vec<Embedding> = Vec::new();
        for path in first {
            if let Some(face) = aligned(path, model)? {
                embeddings.push(model.embed_aligned(&face)?);
            }
        }
        if embeddings.len() < MIN_IMAGES {
            return Ok(None);
        }
        let template = Template::from_embeddings(model.version(), &embeddings)?;
        for path in others {
            if let Some(probe) = aligned(path, model)? {
                return Ok(Some(Self { template, probe }));
            }
        }
        Ok(None)
    }
}

fn aligned(path: &std::path::Path, model: &Model) -> Result<Option<AlignedFace>, EvaluateError> {
    let Some(frame) = read(path, Micros(0)) else { return Ok(None) };
    let Some(face) = model.find(&frame)?.into_iter().next() else { return Ok(None) };
    let Some(mesh) = model.mesh(&frame, &face)? else { return Ok(None) };
    Ok(Some(model.align(&frame, &mesh)?))
}

/// By how much less the ratio is without cells: those of the map, drawn ones, and the map's moved around.
fn effect(
    model: &Model,
    owner: &Enrolled,
    probe: &AlignedFace,
    cells: &[usize],
    chance: &mut ChaCha8Rng,
) -> Result<[f64; 3], EvaluateError> {
    let mut masks = vec![Mask::of(&[]), Mask::of(cells)];
    for _ in 0..DRAWS {
        let mut all: Vec<usize> = (0..SIDE * SIDE).collect();
        let (drawn, _) = all.partial_shuffle(chance, cells.len());
        masks.push(Mask::of(drawn));
    }
    for _ in 0..DRAWS {
        let [down, right] = [(); 2].map(|()| chance.random_range(0..SIDE));
        let moved = |at: &usize| (at / SIDE + down) % SIDE * SIDE + (at % SIDE + right) % SIDE;
        masks.push(Mask::of(&cells.iter().map(moved).collect::<Vec<_>>()));
    }
    let llrs = model.llrs_when_covered(&owner.template, probe, &masks)?;
    let mean = |some: &[f64]| llrs[0] - some.iter().sum::<f64>() / some.len() as f64;
    Ok([mean(&llrs[1..2]), mean(&llrs[2..2 + DRAWS]), mean(&llrs[2 + DRAWS..])])
}

fn deletion(row: usize, effects: &[[f64; 3]], seed: u64) -> Deletion {
    let mean = |of: &dyn Fn(&[f64; 3]) -> f64| effects.iter().map(of).sum::<f64>() / effects.len() as f64;
    let interval = |beside: usize| {
        let mut means = Vec::new();
        resample(effects.len(), seed, |times| {
            let sum = |(effect, n): (&[f64; 3], &u32)| f64::from(*n) * (effect[0] - effect[beside]);
            means.push(effects.iter().zip(times).map(sum).sum::<f64>() / effects.len() as f64);
        });
        (percentile(&mut means, 0.025), percentile(&mut means, 0.975))
    };
    Deletion {
        probes: if row < COVERED.len() { "genuine" } else { "impostor" },
        cells: COVERED[row % COVERED.len()],
        by_map: mean(&|e| e[0]),
        by_random: mean(&|e| e[1]),
        by_moved: mean(&|e| e[2]),
        over_random: interval(1),
        over_moved: interval(2),
    }
}

impl fmt::Display for Deletions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { set, share, people, masks, seed, deletions } = self;
        writeln!(f, "maps of faces, {masks} masks each: what covering cells takes away, in nats")?;
        writeln!(f, "  data       {set}, share: {share}, seed {seed}, {people} people")?;
        for d in deletions {
            let side = if d.probes == "genuine" { "for the owner" } else { "against them" };
            write!(
                f,
                "  {:<8} {:>2} cells most {side}: {:.1}; at random {:.1}, so {:.1} to {:.1} more (95 %); moved {:.1}, {:.1} to \
                 {:.1} more",
                d.probes,
                d.cells,
                d.by_map,
                d.by_random,
                d.over_random.0,
                d.over_random.1,
                d.by_moved,
                d.over_moved.0,
                d.over_moved.1
            )?;
            if d != &deletions[deletions.len() - 1] {
                writeln!(f)?;
            }
        }
        Ok(())
    }
}
