//! Writes good examples of every format into `fuzz/corpus`, for a format that changed:
//! `cargo run -p stillyou-fuzz-targets --example seeds`. `./x fuzz --keep` then finds what the fuzzer makes of them.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::path::Path;
use stillyou_fuzz_targets::seeds;

fn main() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("corpus");
    let mut written = BTreeMap::new();
    for (target, bytes) in seeds::examples() {
        let number = written.entry(target).and_modify(|n| *n += 1).or_insert(1);
        let folder = corpus.join(target);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(format!("example-{number}")), bytes).unwrap();
    }
}
