use anyhow::{Context, Result};
use serde::Serialize;
use std::path::Path;
use stillyou_models::keystroke::shapley::{estimate, exact};
use stillyou_models::keystroke::{Game, Model, Template, WINDOW};
use stillyou_recordings::typist::Typist;
use stillyou_sense::keyboard::Keystroke;

/// Writes the games behind explanations as JSON, to be checked with other programs: for windows of made-up typists, own
/// and others', the worth of every set of features (bit i: feature i), the exact Shapley values of that table, and the
/// ones estimated as an explanation does.
pub fn export(model: &Model, to: &Path, windows: usize, seed: u64) -> Result<()> {
    let mut games = Vec::with_capacity(windows);
    for number in 0..windows as u64 {
        let owner = typed(seed * 1_000 + number, 1, 6);
        let enrolled: Vec<&[Keystroke]> = owner[..5].iter().map(Vec::as_slice).collect();
        let embeddings = model.embed(&enrolled)?;
        let template = Template::from_embeddings(model.version(), &embeddings, (5 * WINDOW) as u32)?;
        let other = typed(seed * 1_000 + 500 + number, 1, 1);
        let window = if number % 2 == 0 { &owner[5] } else { &other[0] };
        games.push(table(&Game::new(model, &template, window))?);
    }
    let whole = games.iter().filter_map(|g| g.worth.last()).map(|w| w.abs()).sum::<f64>() / games.len() as f64;
    println!("{} windows, worth {whole:.2} nats on the mean", games.len());
    std::fs::write(to, serde_json::to_string(&games)?).with_context(|| to.display().to_string())?;
    println!("wrote {}", to.display());
    Ok(())
}

#[derive(Serialize)]
struct Table {
    features: Vec<&'static str>,
    worth: Vec<f64>,
    exact: Vec<f64>,
    estimated: Vec<f64>,
}

fn table(game: &Game) -> Result<Table> {
    let players = game.features().len();
    let sets: Vec<usize> = (1..=game.whole()).collect();
    let mut worth = vec![0.0];
    worth.extend(game.worth(&sets)?);
    let value = |set: usize| worth.get(set).copied().unwrap_or(f64::NAN);
    let (exact, estimated) = (exact(players, value), estimate(players, value));
    Ok(Table { features: game.features().iter().map(|f| f.name()).collect(), worth, exact, estimated })
}

fn typed(seed: u64, session: u64, windows: usize) -> Vec<Vec<Keystroke>> {
    let all: Vec<Keystroke> = Typist::new(seed).typing(session).take(windows * WINDOW).collect();
    all.chunks(WINDOW).map(<[Keystroke]>::to_vec).collect()
}
