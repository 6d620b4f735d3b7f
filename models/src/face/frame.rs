use super::ModelError;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// A picture from the camera. Wiped from memory when dropped, no `Debug` of its pixels.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Frame {
    width: usize,
    height: usize,
    rgb: Vec<u8>,
}

impl Frame {
    /// Pixels of a side at least.
    pub const LEAST: usize = 16;
    /// Pixels of a side at most.
    pub const MOST: usize = 8192;

    /// A picture of `width · height` pixels, row by row, red, green and blue of each.
    ///
    /// # Errors
    /// When a side is shorter than [`Frame::LEAST`] or longer than [`Frame::MOST`], or `rgb` has another size.
    pub fn new(width: usize, height: usize, rgb: Vec<u8>) -> Result<Self, ModelError> {
        let frame = Self { width, height, rgb };
        let sides = [width, height].iter().all(|side| (Self::LEAST..=Self::MOST).contains(side));
        if sides && frame.rgb.len() == 3 * width * height {
            Ok(frame)
        } else {
            Err(ModelError::Frame { width, height, bytes: frame.rgb.len() })
        }
    }

    /// Pixels of a row.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Rows.
    pub fn height(&self) -> usize {
        self.height
    }

    /// The pixels.
    pub fn rgb(&self) -> &[u8] {
        &self.rgb
    }
}

impl std::fmt::Debug for Frame {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Frame({} x {}, pixels hidden)", self.width, self.height)
    }
}
