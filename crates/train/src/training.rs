use crate::{
    Pack, checkpoints,
    learner::{COOLING, Learner},
    people,
    recipe::Kind,
    sampler::Sampler,
    trials,
};
use anyhow::Result;
use std::time::Instant;
use stillyou_models::keystroke::KeyDetail;
use stillyou_recordings::Share;

/// How long to train.
#[derive(Clone, Copy, Debug)]
pub enum Length {
    /// So many steps.
    Steps(u64),
    /// About so long: the number of steps is settled when the rate begins to fall.
    Minutes(f64),
}

/// Trains a pack's network, telling how it goes, and saves it every [`SAVE_EVERY`] steps; goes on where it was stopped.
pub fn train(pack: &Pack, length: Length) -> Result<Learner> {
    let (data, kind, folder) = (&pack.data, pack.pack, checkpoints(&pack.out));
    let subjects = people::load(data, kind, Share::Train)?;
    let recipe = pack.recipe(subjects.len())?;
    let validate = match kind {
        Kind::Research => people::recorded(data, "aalto", Share::Validate)?,
        Kind::Open | Kind::Own => people::load(data, kind, Share::Validate)?,
    };
    println!("{} people to train on, {} to watch", subjects.len(), validate.len());
    let sampler = Sampler::new(&recipe, subjects)?;
    let (mut learner, mut total) = match Learner::resume(&recipe, &folder)? {
        Some(resumed) => resumed,
        None => (Learner::new(recipe)?, None),
    };
    if let Length::Steps(steps) = length {
        total = Some(steps);
    }
    let begun = Instant::now();
    let mut losses = Vec::new();
    while total.is_none_or(|t| learner.step() < t) {
        losses.push(learner.learn(&sampler, total)?);
        let minutes = begun.elapsed().as_secs_f64() / 60.0;
        if let (None, Length::Minutes(limit)) = (total, length)
            && minutes >= limit * (1.0 - COOLING)
        {
            total = Some((learner.step() as f64 / (1.0 - COOLING)).ceil() as u64);
        }
        if losses.len() == TELL_EVERY {
            let mean = losses.drain(..).sum::<f32>() / TELL_EVERY as f32;
            let of = total.map_or("?".to_owned(), |t| t.to_string());
            println!("step {} of {of}, {minutes:.1} min, loss {mean:.4}", learner.step());
        }
        if learner.step() % SAVE_EVERY == 0 || Some(learner.step()) == total {
            learner.save(&folder, total)?;
            let network = learner.network();
            let mut rates = String::new();
            for detail in KeyDetail::ALL {
                let scores = trials::protocol(&network, &validate, 1, detail)?;
                let (equal, at) = (scores.equal_error_rate() * 100.0, scores.false_non_matches_at(0.01) * 100.0);
                rates += &format!(" {} shown: EER {equal:.2} %, FNMR at FMR 1 % {at:.1} %;", detail.name());
            }
            println!("  watched:{rates}");
        }
    }
    Ok(learner)
}

const TELL_EVERY: usize = 20;
const SAVE_EVERY: u64 = 400;
