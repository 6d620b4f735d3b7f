//! A camera's bytes as RGB.

use super::PixelFormat;
use super::frame::{FrameError, pixels};
use std::borrow::Cow;
use zune_jpeg::{
    JpegDecoder,
    zune_core::{bytestream::ZCursor, colorspace::ColorSpace, options::DecoderOptions},
};

/// How the pixels of a camera's picture lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) pixels: PixelFormat,
    pub(super) width: u32,
    pub(super) height: u32,
    /// Bytes from one row to the next; of no meaning for JPEG.
    pub(super) stride: usize,
    pub(super) colours: Colours,
}

/// Which colours Y, Cb and Cr mean. JPEG says it itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Colours {
    /// ITU-R BT.709 instead of BT.601.
    pub(super) bt709: bool,
    /// 0 to 255 instead of 16 to 235 (Y) and 16 to 240 (Cb, Cr).
    pub(super) full_range: bool,
}

impl Layout {
    /// The picture as RGB, 3 bytes a pixel without gaps.
    pub(super) fn rgb(&self, bytes: &[u8]) -> Result<Vec<u8>, FrameError> {
        let mut rgb = vec![0; 3 * pixels(self.width, self.height)?];
        match self.pixels {
            PixelFormat::Mjpeg => self.jpeg(bytes, &mut rgb)?,
            PixelFormat::Rgb24 => self.rows(bytes, 3, &mut rgb, |row, out| out.copy_from_slice(row))?,
            PixelFormat::Bgr24 => self.rows(bytes, 3, &mut rgb, |row, out| {
                for (bgr, out) in row.chunks_exact(3).zip(out.chunks_exact_mut(3)) {
                    out.copy_from_slice(&[bgr[2], bgr[1], bgr[0]]);
                }
            })?,
            PixelFormat::Yuyv => self.pairs(bytes, &mut rgb, |pair| [pair[0], pair[2], pair[1], pair[3]])?,
            PixelFormat::Uyvy => self.pairs(bytes, &mut rgb, |pair| [pair[1], pair[3], pair[0], pair[2]])?,
            PixelFormat::Nv12 => self.planes(bytes, &mut rgb)?,
        }
        Ok(rgb)
    }

    /// Each row's `width * pixel_bytes` bytes, and where its pixels go.
    fn rows(
        &self,
        bytes: &[u8],
        pixel_bytes: usize,
        rgb: &mut [u8],
        mut each: impl FnMut(&[u8], &mut [u8]),
    ) -> Result<(), FrameError> {
        let width = self.width as usize;
        let row_bytes = width * pixel_bytes;
        let plane = plane(bytes, "rows of pixels", row_bytes, self.stride, self.height as usize)?;
        for (row, out) in plane.chunks(self.stride).zip(rgb.chunks_exact_mut(3 * width)) {
            each(&row[..row_bytes], out);
        }
        Ok(())
    }

    /// Rows of four bytes for two pixels; `order` gives Y, Y, Cb, Cr.
    fn pairs(&self, bytes: &[u8], rgb: &mut [u8], order: fn(&[u8]) -> [u8; 4]) -> Result<(), FrameError> {
        let (width, matrix) = (self.width as usize, Matrix::of(self.colours));
        let row_bytes = width.div_ceil(2) * 4;
        let plane = plane(bytes, "rows of pixels", row_bytes, self.stride, self.height as usize)?;
        for (row, out) in plane.chunks(self.stride).zip(rgb.chunks_exact_mut(3 * width)) {
            for (pair, out) in row[..row_bytes].chunks_exact(4).zip(out.chunks_mut(6)) {
                let [first, second, cb, cr] = order(pair);
                out[..3].copy_from_slice(&matrix.rgb(first, cb, cr));
                // The last pixel of an odd row has no second.
                if let Some(out) = out.get_mut(3..6) {
                    out.copy_from_slice(&matrix.rgb(second, cb, cr));
                }
            }
        }
        Ok(())
    }

    /// A plane of Y, then one of Cb and Cr at half the size.
    fn planes(&self, bytes: &[u8], rgb: &mut [u8]) -> Result<(), FrameError> {
        let (width, height, matrix) = (self.width as usize, self.height as usize, Matrix::of(self.colours));
        let luma = plane(bytes, "rows of Y", width, self.stride, height)?;
        let rest = bytes.get(self.stride * height..).unwrap_or_default();
        let chroma = plane(rest, "rows of Cb and Cr", width.next_multiple_of(2), self.stride, height.div_ceil(2))?;
        for (y, (row, out)) in luma.chunks(self.stride).zip(rgb.chunks_exact_mut(3 * width)).enumerate() {
            let colours = &chroma[y / 2 * self.stride..];
            for (x, out) in out.chunks_exact_mut(3).enumerate() {
                out.copy_from_slice(&matrix.rgb(row[x], colours[x & !1], colours[x | 1]));
            }
        }
        Ok(())
    }

    /// What a truncated JPEG lacks stays grey: cameras whose JPEG never ends as it should are too many to refuse them.
    fn jpeg(&self, bytes: &[u8], rgb: &mut [u8]) -> Result<(), FrameError> {
        let unreadable = |e: &dyn std::fmt::Debug| FrameError::Jpeg(format!("{e:?}"));
        let (width, height) = (self.width as usize, self.height as usize);
        let options = DecoderOptions::default()
            .set_max_width(width)
            .set_max_height(height)
            .jpeg_set_out_colorspace(ColorSpace::RGB);
        let bytes = with_tables(bytes);
        let mut decoder = JpegDecoder::new_with_options(ZCursor::new(&*bytes), options);
        decoder.decode_headers().map_err(|e| unreadable(&e))?;
        match decoder.info() {
            Some(info) if (usize::from(info.width), usize::from(info.height)) == (width, height) => {}
            other => {
                let found = other.map(|info| format!("{}x{}", info.width, info.height)).unwrap_or_default();
                return Err(FrameError::Jpeg(format!("it is {found} instead of {width}x{height}")));
            }
        }
        decoder.decode_into(rgb).map_err(|e| unreadable(&e))
    }
}

/// What says to the decoder that the standard's own Huffman tables are meant (`AVI1`, Motion JPEG in AVI).
const MOTION_JPEG: [u8; 18] = [0xff, 0xe0, 0, 16, b'A', b'V', b'I', b'1', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

/// A JPEG that has its Huffman tables or says which it means: many webcams leave out both.
fn with_tables(jpeg: &[u8]) -> Cow<'_, [u8]> {
    let mut at = 2;
    while let Some(&[0xff, marker, high, low]) = jpeg.get(at..at + 4) {
        match marker {
            DHT => return Cow::Borrowed(jpeg),
            SOS => return Cow::Owned([&jpeg[..2], &MOTION_JPEG, &jpeg[2..]].concat()),
            _ => at += 2 + usize::from(u16::from_be_bytes([high, low])),
        }
    }
    Cow::Borrowed(jpeg)
}

/// Markers of JPEG (ITU-T T.81, table B.1): "define Huffman tables" and "start of scan".
const DHT: u8 = 0xc4;
const SOS: u8 = 0xda;

/// The first `rows` rows of `row_bytes` bytes, `stride` apart; what follows the last row may be missing.
fn plane<'a>(
    bytes: &'a [u8],
    what: &'static str,
    row_bytes: usize,
    stride: usize,
    rows: usize,
) -> Result<&'a [u8], FrameError> {
    let expected = stride.max(row_bytes) * (rows - 1) + row_bytes;
    if stride < row_bytes || bytes.len() < expected {
        return Err(FrameError::Length { what, found: bytes.len(), expected });
    }
    Ok(&bytes[..expected])
}

/// From Y, Cb, Cr to RGB, in 1/65536.
struct Matrix {
    black: i32,
    y: i32,
    red_cr: i32,
    green_cb: i32,
    green_cr: i32,
    blue_cb: i32,
}

const ONE: f64 = 65536.0;

impl Matrix {
    /// `R = Y + 2(1−Kr)·Cr`, `B = Y + 2(1−Kb)·Cb`, `Y = Kr·R + Kg·G + Kb·B`, with the constants and ranges of ITU-R BT.601-7
    /// and BT.709-6, section 3.
    fn of(colours: Colours) -> Self {
        let (red, blue) = if colours.bt709 { (0.2126, 0.0722) } else { (0.299, 0.114) };
        let green = 1.0 - red - blue;
        let (black, y, c) = if colours.full_range { (0, 1.0, 1.0) } else { (16, 255.0 / 219.0, 255.0 / 224.0) };
        let fixed = |x: f64| (x * ONE).round() as i32;
        Self {
            black,
            y: fixed(y),
            red_cr: fixed(c * 2.0 * (1.0 - red)),
            green_cb: fixed(-c * 2.0 * (1.0 - blue) * blue / green),
            green_cr: fixed(-c * 2.0 * (1.0 - red) * red / green),
            blue_cb: fixed(c * 2.0 * (1.0 - blue)),
        }
    }

    fn rgb(&self, y: u8, cb: u8, cr: u8) -> [u8; 3] {
        let (cb, cr) = (i32::from(cb) - 128, i32::from(cr) - 128);
        let grey = (i32::from(y) - self.black) * self.y + (ONE as i32) / 2;
        let colours = [self.red_cr * cr, self.green_cb * cb + self.green_cr * cr, self.blue_cb * cb];
        colours.map(|colour| ((grey + colour) >> 16).clamp(0, 255) as u8)
    }
}

#[cfg(test)]
mod tests;
