use anyhow::Result;
#[cfg(feature = "ndarray")]
use anyhow::ensure;
use stillyou_models::keystroke::PackSource;

/// Compares a pack's embeddings on burn's `flex` and `ndarray` backends, over windows of made-up typists.
///
/// # Errors
/// When a value differs by more than 1e-4, or the program was built without the second backend.
#[cfg(feature = "ndarray")]
pub fn compare(pack: &PackSource) -> Result<()> {
    use stillyou_models::keystroke::{Compute, MIN_WINDOW, Model, WINDOW};
    use stillyou_recordings::typist::Typist;

    let (flex, ndarray) = (Model::load_on(pack, Compute::Flex)?, Model::load_on(pack, Compute::Ndarray)?);
    let (mut worst, mut count) = (0.0f32, 0);
    for seed in 0..20 {
        let typed: Vec<_> = Typist::new(seed).typing(1).take(500).collect();
        for (at, window) in typed.chunks(WINDOW).enumerate() {
            let window = &window[..(MIN_WINDOW + 3 * at).min(window.len())];
            let (a, b) = (flex.embed(&[window])?, ndarray.embed(&[window])?);
            for (x, y) in a.iter().zip(&b).flat_map(|(a, b)| a.values().iter().zip(b.values())) {
                worst = worst.max((x - y).abs());
            }
            count += 1;
        }
    }
    println!("{}: {count} windows, largest difference of a value {worst:.1e}", flex.version());
    ensure!(worst < 1e-4, "the backends disagree by {worst:.1e}; at most 1e-4 is rounding");
    Ok(())
}

/// Says that the second backend is not there.
///
/// # Errors
/// Always.
#[cfg(not(feature = "ndarray"))]
pub fn compare(_: &PackSource) -> Result<()> {
    anyhow::bail!(
        "built without the ndarray backend; run it with `cargo run -p stillyou-train --features ndarray -- compare-backends`"
    )
}
