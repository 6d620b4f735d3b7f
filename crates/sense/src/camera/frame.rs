use crate::Micros;
use std::fmt;
use thiserror::Error;
use zeroize::Zeroizing;

/// One picture of the camera: 8-bit RGB, row by row from the top, 3 bytes a pixel, no gaps. Its bytes are wiped when it is
/// dropped, and its `Debug` shows none of them.
#[derive(Clone)]
pub struct Frame {
    width: u32,
    height: u32,
    rgb: Zeroizing<Vec<u8>>,
    taken_at: Micros,
}

/// The smallest and the largest width and height of a [`Frame`], in pixels.
pub const SIDE: std::ops::RangeInclusive<u32> = 16..=4096;

/// Why bytes are no frame.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum FrameError {
    /// A side out of [`SIDE`].
    #[error("a frame of {width}x{height} pixels; each side must be in {}..={}", SIDE.start(), SIDE.end())]
    Size {
        /// In pixels.
        width: u32,
        /// In pixels.
        height: u32,
    },
    /// Bytes that don't fill the frame, or overflow it.
    #[error("{found} bytes for {what}; there must be {expected}")]
    Length {
        /// What they are for.
        what: &'static str,
        /// How many there are.
        found: usize,
        /// How many there must be.
        expected: usize,
    },
    /// A compressed picture that can't be read.
    #[error("the camera's JPEG can't be read: {0}")]
    Jpeg(String),
}

impl Frame {
    /// A frame of `width` x `height` pixels from its `3 * width * height` bytes, taken at `taken_at`.
    ///
    /// # Errors
    /// When a side is out of [`SIDE`] or the bytes are too few or too many.
    pub fn new(width: u32, height: u32, rgb: Vec<u8>, taken_at: Micros) -> Result<Self, FrameError> {
        // Wiped even where it is refused.
        let rgb = Zeroizing::new(rgb);
        let expected = 3 * pixels(width, height)?;
        if rgb.len() != expected {
            return Err(FrameError::Length { what: "RGB pixels", found: rgb.len(), expected });
        }
        Ok(Self { width, height, rgb, taken_at })
    }

    /// Pixels a row.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Rows.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// The bytes: red, green, blue of the first pixel of the topmost row, and so on; `3 * width * height` of them.
    pub fn rgb(&self) -> &[u8] {
        &self.rgb
    }

    /// When the camera took it, on the clock of key stamps; when it came, where the camera doesn't say.
    pub fn taken_at(&self) -> Micros {
        self.taken_at
    }
}

impl fmt::Debug for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Frame({}x{} at {:?})", self.width, self.height, self.taken_at)
    }
}

/// How many pixels a frame of this size has.
pub(super) fn pixels(width: u32, height: u32) -> Result<usize, FrameError> {
    if SIDE.contains(&width) && SIDE.contains(&height) {
        Ok(width as usize * height as usize)
    } else {
        Err(FrameError::Size { width, height })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_as_large_as_its_bytes() {
        let frame = Frame::new(32, 16, vec![7; 32 * 16 * 3], Micros(9)).unwrap();
        assert_eq!((frame.width(), frame.height(), frame.taken_at()), (32, 16, Micros(9)));
        assert_eq!(frame.rgb().len(), 32 * 16 * 3);
        for bytes in [0, 32 * 16 * 3 - 1, 32 * 16 * 3 + 1] {
            let error = Frame::new(32, 16, vec![0; bytes], Micros(0)).unwrap_err();
            assert_eq!(error, FrameError::Length { what: "RGB pixels", found: bytes, expected: 1536 });
        }
        for (width, height) in [(0, 16), (16, 0), (15, 16), (16, 4097), (u32::MAX, u32::MAX)] {
            let error = Frame::new(width, height, Vec::new(), Micros(0)).unwrap_err();
            assert_eq!(error, FrameError::Size { width, height });
        }
    }

    #[test]
    fn debug_shows_no_pixel() {
        let frame = Frame::new(16, 16, vec![201; 768], Micros(5)).unwrap();
        assert_eq!(format!("{frame:?}"), "Frame(16x16 at Micros(5))");
    }
}
