use burn::store::{BurnpackStore, FloatCastAdapter, ModuleSnapshot};
use burn::tensor::{DType, Device};
use std::fs;
use std::path::Path;
use std::sync::OnceLock;
use stillyou_models::keystroke::network::{Architecture, Network};
use stillyou_models::keystroke::{
    CARD, Calibration, Calibrations, Card, Cohort, Cohorts, FEATURES, Files, Model, Neutral, PackSource, Terms,
    Training, write_pack,
};
use stillyou_sense::Micros;
use stillyou_sense::keyboard::{Key, Keystroke};
use stillyou_vault::Digest;
use tempfile::TempDir;

/// A pack's card beside the other files of a small pack; `@weights`, `@cohort` and `@seen` stand for their hashes.
pub fn card(data: &[u8]) {
    let small = Small::get();
    let Files { weights_sha256, cohort_sha256, seen_sha256 } = &small.card.files;
    let text = |text: &str| {
        let text = text.replace("@weights", weights_sha256).replace("@cohort", cohort_sha256);
        text.replace("@seen", seen_sha256).into_bytes()
    };
    let card = str::from_utf8(data).map_or_else(|_| data.to_vec(), text);
    computes(&small.pack(&card, b""));
}

/// A pack's weights, with the right hash on the card: what is tried comes after the hash.
pub fn weights(data: &[u8]) {
    let small = Small::get();
    let folder = tempfile::tempdir().unwrap();
    write_pack(folder.path(), small.card.clone(), data, &small.cohorts, Vec::new()).unwrap();
    computes(&folder);
}

/// A pack's cohorts for embeddings of 8 values, or, after a first byte `s`, its list of subjects seen.
pub fn cohort(data: &[u8]) {
    if let Some((b's', seen)) = data.split_first() {
        let small = Small::get();
        let card = small.text.replace(&small.card.files.seen_sha256, &Digest::of(seen).to_string());
        computes(&small.pack(card.as_bytes(), seen));
    } else if let Ok(cohorts) = Cohorts::from_bytes(data, SIZES.embedding) {
        assert_eq!(cohorts.to_bytes(), data);
    }
}

/// The card and the weights of the small pack, and a cohort.
pub fn examples() -> [(&'static str, Vec<u8>); 3] {
    let small = Small::get();
    let Files { weights_sha256, cohort_sha256, seen_sha256 } = &small.card.files;
    let card = small.text.replace(weights_sha256, "@weights").replace(cohort_sha256, "@cohort");
    let card = card.replace(seen_sha256, "@seen").into_bytes();
    [("card", card), ("weights", small.weights.clone()), ("cohort", small.cohorts.to_bytes())]
}

const SIZES: Architecture = Architecture { width: 8, heads: 2, layers: 1, hidden: 8, embedding: 8 };

/// The files of a pack as small as one can be.
struct Small {
    /// With the hashes of the files.
    card: Card,
    text: String,
    weights: Vec<u8>,
    cohorts: Cohorts,
}

impl Small {
    fn get() -> &'static Small {
        static SMALL: OnceLock<Small> = OnceLock::new();
        SMALL.get_or_init(|| {
            let network = Network::new(&SIZES, &Device::flex());
            let mut store = BurnpackStore::from_bytes(None).with_to_adapter(FloatCastAdapter::to(DType::F16));
            network.save_into(&mut store).unwrap();
            let weights = store.get_bytes().unwrap().to_vec();
            let cohort = Cohort::new(&vec![[[1.0].as_slice(), &[0.0; 7]].concat(); 20]).unwrap();
            let folder = tempfile::tempdir().unwrap();
            let cohorts = Cohorts::new([cohort.clone(), cohort.clone(), cohort]).unwrap();
            write_pack(folder.path(), small_pack_card(), &weights, &cohorts, Vec::new()).unwrap();
            let text = fs::read_to_string(folder.path().join("card.toml")).unwrap();
            let card = Card::parse(&text).unwrap();
            Model::load(&PackSource::Directory(folder.path().to_owned())).unwrap();
            Small { card, text, weights, cohorts }
        })
    }

    /// A folder with its weights and cohort, this card and this list of subjects.
    fn pack(&self, card: &[u8], seen: &[u8]) -> TempDir {
        let folder = tempfile::tempdir().unwrap();
        let cohort = self.cohorts.to_bytes();
        for (name, bytes) in
            [("card.toml", card), ("weights.bpk", &self.weights), ("cohort.bin", &cohort), ("seen.txt", seen)]
        {
            fs::write(folder.path().join(name), bytes).unwrap();
        }
        folder
    }
}

fn small_pack_card() -> Card {
    let plain = Calibration { intercept: 0.0, slope: 1.0, length_intercept: 0.0, length_slope: 0.0 };
    Card {
        card: CARD,
        name: "small".into(),
        features: FEATURES,
        terms: Terms { non_commercial: false, licence: String::new(), attribution: Vec::new() },
        architecture: SIZES,
        files: Files { weights_sha256: String::new(), cohort_sha256: String::new(), seen_sha256: String::new() },
        calibration: Calibrations { keys: plain, movements: plain, nothing: plain },
        neutral: Neutral {
            letter_hold_us: 100_000,
            other_hold_us: 100_000,
            letter_gap_us: 160_000,
            other_gap_us: 190_000,
        },
        training: Training {
            command: String::new(),
            seed: 1,
            steps: 0,
            sets: Vec::new(),
            subjects: 0,
            calibration_subjects: 0,
            protocol: String::new(),
            seen_salt: String::new(),
        },
        measured: Vec::new(),
    }
}

/// A pack is refused with a reason that names it, or its model answers.
fn computes(folder: &TempDir) {
    let named = |folder: &Path, e: String| assert!(e.contains(&folder.display().to_string()), "{e}");
    match Model::load(&PackSource::Directory(folder.path().to_owned())) {
        Ok(model) => {
            let stroke = |at: u64| Keystroke {
                key: Key::from_evdev(30),
                pressed_at: Micros(at * 150_000),
                released_at: Micros(at * 150_000 + 90_000),
                injected: false,
            };
            let window: Vec<Keystroke> = (0..20).map(stroke).collect();
            if let Ok(embeddings) = model.embed(&[&window]) {
                assert!(embeddings.iter().all(|e| e.values().iter().all(|v| v.is_finite())));
            }
        }
        Err(e) => named(folder.path(), e.to_string()),
    }
}
