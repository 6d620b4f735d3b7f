use super::{
    encoder::{self, Recipe},
    people::Person,
};
use crate::trials;
use anyhow::{Result, anyhow};
use burn::{
    store::{BurnpackStore, ModuleSnapshot},
    tensor::Device,
};
use std::path::Path;
use stillyou_evaluate::pointer::{cut, strokes};
use stillyou_models::{
    keystroke::{Cohort, Files, Terms, Training, seen_hash},
    pointer::{
        CARD, Calibration, Card, FEATURES, Features, MIN_WINDOW, Model, PackSource,
        network::{Batch, Network},
        write_pack,
    },
};

/// Trains on all of these people and writes the pack.
pub fn pack(people: &[Person], recipe: &Recipe, calibration: Calibration, folder: &Path) -> Result<()> {
    let people: Vec<&Person> = people.iter().collect();
    let network = encoder::train(&people, recipe)?;
    write(folder, &network, &people, recipe, calibration)?;
    let model = Model::load(&PackSource::Directory(folder.to_owned()))?;
    println!("wrote {}, {}, trained on {} people", folder.display(), model.version(), people.len());
    Ok(())
}

/// Writes a network as a pack; the people it was trained on are its cohort.
pub fn write(
    folder: &Path,
    network: &Network,
    people: &[&Person],
    recipe: &Recipe,
    calibration: Calibration,
) -> Result<()> {
    let mut store = BurnpackStore::from_bytes(None);
    network.save_into(&mut store).map_err(|e| anyhow!("{e}"))?;
    let weights = store.get_bytes().map_err(|e| anyhow!("{e}"))?.to_vec();
    let salt = format!("stillyou-pointer-{}-{}", recipe.seed, recipe.steps);
    let seen = people.iter().map(|p| seen_hash(&salt, &p.set, &p.subject)).collect();
    let mut sets: Vec<String> = people.iter().map(|p| p.set.clone()).collect();
    sets.dedup();
    let card = Card {
        card: CARD,
        modality: "pointer".to_owned(),
        name: "pointer".to_owned(),
        features: FEATURES,
        terms: Terms {
            non_commercial: true,
            licence: "weights trained on the SapiMouse set, which states no licence: research use".to_owned(),
            attribution: vec![
                "M. Antal, N. Fejér, K. Buza: SapiMouse: Mouse Dynamics-based User Authentication Using Deep Feature \
                 Learning, SACI 2021"
                    .to_owned(),
            ],
        },
        architecture: recipe.sizes,
        files: Files { weights_sha256: String::new(), cohort_sha256: String::new(), seen_sha256: String::new() },
        calibration,
        training: Training {
            command: format!(
                "stillyou-train pointer --data DIR --seed {} --steps {} --balance {} --out DIR",
                recipe.seed, recipe.steps, recipe.sizes.balance
            ),
            seed: recipe.seed,
            steps: recipe.steps,
            sets,
            subjects: people.len() as u32,
            calibration_subjects: people.len() as u32,
            protocol:
                "everybody outside the share test (sha256(\"<set>:<subject>:stillyou\"), first 8 bytes big-endian \
                       modulo 100, 85 and above) was trained on; calibrated on the scores of a cross-validation among \
                       them, each person scored by a network trained on other people"
                    .to_owned(),
            seen_salt: salt,
        },
    };
    write_pack(folder, card, &weights, &cohort(network, people)?, seen)?;
    Ok(())
}

/// The mean embedding of each person's enrolling session.
fn cohort(network: &Network, people: &[&Person]) -> Result<Cohort> {
    let device = Device::flex();
    let mut vectors = Vec::new();
    for person in people {
        let strokes = strokes(&person.enrol);
        let windows = cut(&strokes).into_iter().filter(|w| w.len() >= MIN_WINDOW).map(Features::of);
        let windows = windows.collect::<Result<Vec<_>, _>>()?;
        if windows.is_empty() {
            continue;
        }
        let embeddings = network.forward(Batch::of(&windows, &device));
        let [_, size] = embeddings.dims();
        let values: Vec<f32> = embeddings.into_data().try_to_vec().map_err(|e| anyhow!("{e:?}"))?;
        vectors.push(trials::mean(&values.chunks(size).collect::<Vec<_>>()));
    }
    Cohort::new(&vectors).map_err(|e| anyhow!("the cohort: {e}"))
}
