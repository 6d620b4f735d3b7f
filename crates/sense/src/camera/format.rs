//! What a camera is asked for: always something explicit and modest, never the best it has.

/// The picture asked for; the camera's nearest is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Format {
    /// Pixels a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Pictures a second.
    pub fps: u32,
}

impl Default for Format {
    /// 640x480 at 30 a second, which nearly every webcam has.
    fn default() -> Self {
        Self { width: 640, height: 480, fps: 30 }
    }
}

/// How a camera packs its pixels: the formats that can be read, in order of preference. Uncompressed comes first because it
/// keeps what the sensor saw; JPEG is where it is the only way to the size or the rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PixelFormat {
    /// Two pixels in four bytes: Y, Cb, Y, Cr.
    Yuyv,
    /// A plane of Y, then one of Cb and Cr, a pair for four pixels.
    Nv12,
    /// Two pixels in four bytes: Cb, Y, Cr, Y.
    Uyvy,
    /// Red, green, blue.
    Rgb24,
    /// Blue, green, red.
    Bgr24,
    /// A JPEG a picture.
    Mjpeg,
}
