use stillyou_sense::camera::Frame;
use zeroize::Zeroizing;

/// A picture's luma (ITU-R BT.601), a byte a pixel.
pub(super) fn grey(frame: &Frame) -> Zeroizing<Vec<u8>> {
    let luma = |p: &[u8; 3]| ((77 * u32::from(p[0]) + 150 * u32::from(p[1]) + 29 * u32::from(p[2])) >> 8) as u8;
    Zeroizing::new(frame.rgb().as_chunks::<3>().0.iter().map(luma).collect())
}

/// How bright it is on average, 0 (black) to 1 (white).
pub(super) fn light(grey: &[u8]) -> f64 {
    let sum: u64 = grey.iter().map(|v| u64::from(*v)).sum();
    sum as f64 / (255.0 * grey.len().max(1) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use stillyou_sense::Micros;

    #[test]
    fn light_is_the_mean_of_what_is_seen() {
        let of = |rgb: [u8; 3]| light(&grey(&Frame::new(16, 16, rgb.repeat(256), Micros(0)).unwrap()));
        assert_eq!((of([0; 3]), of([255; 3])), (0.0, 1.0));
        assert!((of([128; 3]) - 0.5).abs() < 0.01);
        // Green looks brighter than blue.
        assert!(of([0, 255, 0]) > 0.5 && of([0, 0, 255]) < 0.2);
    }
}
