use sha2::{Digest, Sha256};

/// How many folds.
pub const FOLDS: usize = 5;

/// The fold of each subject: they are ordered by `sha256("<seed>:<subject>")` and dealt in turn, so that folds differ by
/// one person at most.
pub fn deal(subjects: &[&str], seed: u64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..subjects.len()).collect();
    order.sort_by_key(|at| Sha256::digest(format!("{seed}:{}", subjects[*at]).as_bytes()));
    let mut folds = vec![0; subjects.len()];
    for (turn, at) in order.into_iter().enumerate() {
        folds[at] = turn % FOLDS;
    }
    folds
}
