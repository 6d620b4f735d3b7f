//! Every file of the corpus keeps the promises of its target.

#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use stillyou_fuzz_targets::TARGETS;

#[test]
fn every_file_of_the_corpus_keeps_its_targets_promises() {
    let mut broken = Vec::new();
    for &(name, target) in TARGETS {
        let files = files(name);
        assert!(files.len() >= 3, "{name} has {} files", files.len());
        for file in files {
            let bytes = std::fs::read(&file).unwrap();
            if std::panic::catch_unwind(|| target(&bytes)).is_err() {
                broken.push(file);
            }
        }
    }
    assert_eq!(broken, Vec::<PathBuf>::new());
}

#[cfg(unix)]
#[test]
fn every_folder_and_program_is_of_a_target_and_the_corpus_is_small() {
    use std::collections::BTreeSet;
    let names: BTreeSet<String> = TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
    let listed = |folder: &Path| -> BTreeSet<String> {
        let entries = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path());
        entries.map(|path| path.file_stem().unwrap().to_string_lossy().into_owned()).collect()
    };
    assert_eq!(listed(&fuzz().join("corpus")), names);
    assert_eq!(listed(&fuzz().join("fuzz_targets")), names);
    let bytes: u64 = names.iter().flat_map(|n| files(n)).map(|f| f.metadata().unwrap().len()).sum();
    assert!(bytes < 200_000, "{bytes} bytes");
}

fn files(target: &str) -> Vec<PathBuf> {
    let folder = std::fs::read_dir(fuzz().join("corpus").join(target)).unwrap();
    let mut files: Vec<PathBuf> = folder.map(|e| e.unwrap().path()).collect();
    files.sort();
    files
}

fn fuzz() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}
