//! StillYou says whether it is still the person who signed in, and nothing else about them: no output on how well, how attentively
//! or in what mood anybody works (EU AI Act, article 5(1)(f) and annex III 4). Everything that has a name and leaves the program is
//! read here: what pages are sent, what the record and its exports hold, what policy can set, commands, manual, words on screen.

#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use std::process::Command;

/// What words begin with, English and German, that only an output of that kind would need.
const JUDGING: [&str; 33] = [
    "productiv",
    "performance",
    "attentive",
    "attention",
    "emotion",
    "engagement",
    "motivat",
    "diligen",
    "fatigue",
    "tired",
    "stress",
    "happy",
    "sentiment",
    "mood",
    "workload",
    "attendance",
    "efficien",
    "ranking",
    "lazy",
    "effort",
    "concentrat",
    "leistung",
    "aufmerksam",
    "gefühl",
    "stimmung",
    "produktiv",
    "fleiß",
    "müde",
    "motiviert",
    "anwesenheit",
    "eifer",
    "konzentr",
    "arbeitszeit",
];

fn judged(text: &str) -> Vec<&'static str> {
    let text = text.to_lowercase();
    let words: Vec<&str> = text.split(|c: char| !c.is_alphabetic()).collect();
    JUDGING.into_iter().filter(|stem| words.iter().any(|word| word.starts_with(stem))).collect()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn stillyou(args: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_stillyou")).args(args).output().unwrap();
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(!files.is_empty(), "{} is empty", folder.display());
    files
}

#[test]
fn no_output_judges_how_anybody_works() {
    let manual = tempfile::tempdir().unwrap();
    stillyou(&["man", manual.path().to_str().unwrap()]);
    let mut read: Vec<PathBuf> = files(manual.path());
    read.extend(files(&root().join("ui/src/lib/bindings")));
    read.extend(["locales/en.ftl", "locales/de.ftl", "docs/ledger.md"].map(|file| root().join(file)));
    let mut texts: Vec<(String, String)> =
        read.iter().map(|file| (file.display().to_string(), std::fs::read_to_string(file).unwrap())).collect();
    texts.push(("the policy's schema".into(), stillyou(&["policy", "schema"])));
    texts.push(("what policy explains".into(), stillyou(&["policy", "explain"])));
    assert!(texts.len() > 60, "only {} texts were read", texts.len());
    let found: Vec<_> =
        texts.iter().map(|(name, text)| (name, judged(text))).filter(|(_, found)| !found.is_empty()).collect();
    assert_eq!(found, []);
}

#[test]
fn such_an_output_would_be_found() {
    assert_eq!(judged("export type Span = { attention_span_s: number }"), ["attention"]);
    assert_eq!(judged("pub struct Productivity;"), ["productiv"]);
    assert_eq!(judged("Ihre Stimmung heute"), ["stimmung"]);
    assert!(judged("the score, 0 to 100").is_empty());
}
