use anyhow::{Context, Result};
use serde::Serialize;
use std::{collections::HashMap, path::Path};
use stillyou_models::keystroke::shapley::Shapley;
use stillyou_models::keystroke::{BUDGET, Game, Model, Template, WINDOW};
use stillyou_recordings::typist::Typist;
use stillyou_sense::keyboard::Keystroke;

/// Writes the games behind explanations as JSON, to be checked with other programs: for windows of made-up typists, own
/// and others', the worth of every set of features (bit i: feature i), the exact Shapley values of that table, and the
/// sampled ones with their standard errors.
pub fn export(model: &Model, to: &Path, windows: usize, seed: u64) -> Result<()> {
    let mut games = Vec::with_capacity(windows);
    for number in 0..windows as u64 {
        let owner = typed(seed * 1_000 + number, 1, 6);
        let enrolled: Vec<&[Keystroke]> = owner[..5].iter().map(Vec::as_slice).collect();
        let embeddings = model.embed(&enrolled)?;
        let template = Template::from_embeddings(model.version(), &embeddings, (5 * WINDOW) as u32)?;
        let other = typed(seed * 1_000 + 500 + number, 1, 1);
        let window = if number % 2 == 0 { &owner[5] } else { &other[0] };
        games.push(table(&Game::new(model, &template, window), number)?);
    }
    let errors = games.iter().flat_map(|g| g.sampled.iter().zip(&g.exact)).map(|(s, e)| (s - e).abs());
    let (sum, most, count) = errors.fold((0.0, 0.0f64, 0), |(s, m, n), e| (s + e, m.max(e), n + 1));
    println!(
        "{} windows of {BUDGET} sets each: sampled values are off by {:.4} nats on the mean, {most:.4} at most",
        games.len(),
        sum / f64::from(count)
    );
    std::fs::write(to, serde_json::to_string(&games)?).with_context(|| to.display().to_string())?;
    println!("wrote {}", to.display());
    Ok(())
}

#[derive(Serialize)]
struct Table {
    features: Vec<&'static str>,
    worth: Vec<f64>,
    exact: Vec<f64>,
    sampled: Vec<f64>,
    errors: Vec<f64>,
    sets_sampled: usize,
}

fn table(game: &Game, seed: u64) -> Result<Table> {
    let players = game.features().len();
    let sets: Vec<usize> = (1..=game.whole()).collect();
    let mut worth = vec![0.0];
    worth.extend(game.worth(&sets)?);
    let of: HashMap<usize, f64> = worth.iter().copied().enumerate().collect();
    let value = |set: usize| of.get(&set).copied().unwrap_or(f64::NAN);
    let exact = Shapley::plan(players, worth.len(), seed).shares(value);
    let plan = Shapley::plan(players, BUDGET, seed);
    let sampled = plan.shares(value);
    Ok(Table {
        features: game.features().iter().map(|f| f.name()).collect(),
        exact: exact.values,
        sampled: sampled.values,
        errors: sampled.errors,
        sets_sampled: plan.sets().len(),
        worth,
    })
}

fn typed(seed: u64, session: u64, windows: usize) -> Vec<Vec<Keystroke>> {
    let all: Vec<Keystroke> = Typist::new(seed).typing(session).take(windows * WINDOW).collect();
    all.chunks(WINDOW).map(<[Keystroke]>::to_vec).collect()
}
