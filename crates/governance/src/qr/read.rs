use rqrr::PreparedImage;
use std::panic::catch_unwind;
use zeroize::Zeroizing;

/// A QR code in a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Its corners in pixels, from the upper left one clockwise as the code means them; some may lie outside the
    /// picture.
    pub corners: [(i32, i32); 4],
    /// What it says, where it could be read.
    pub text: Option<String>,
}

/// The QR codes in a grey picture: `grey` has a byte a pixel, 0 is black, row by row from the top. Nothing is found in
/// a picture whose bytes are not as many as its pixels. What is read was signed by nobody yet. The reader's own copies
/// of the picture are only wiped by an allocator that wipes what it frees, as the agent's does.
pub fn codes(width: usize, height: usize, grey: Zeroizing<Vec<u8>>) -> Vec<Seen> {
    if width == 0 || width.checked_mul(height) != Some(grey.len()) {
        return Vec::new();
    }
    // The reader indexes its way through the picture: what it can't do with one is no code.
    catch_unwind(|| {
        let mut picture = PreparedImage::prepare_from_greyscale(width, height, |x, y| grey[y * width + x]);
        let grids = picture.detect_grids();
        grids
            .iter()
            .map(|grid| Seen {
                corners: grid.bounds.map(|corner| (corner.x, corner.y)),
                text: grid.decode().ok().map(|(_, text)| text),
            })
            .collect()
    })
    .unwrap_or_default()
}
