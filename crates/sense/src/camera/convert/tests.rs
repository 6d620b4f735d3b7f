use super::*;
use proptest::prelude::*;

fn layout(pixels: PixelFormat, width: u32, height: u32, stride: usize) -> Layout {
    Layout { pixels, width, height, stride, colours: Colours::default() }
}

/// The eight corners of the RGB cube as ITU-R BT.601 and BT.709 code them in 8 bits, limited range: RGB, then Y, Cb, Cr.
const BT601: [([u8; 3], [u8; 3]); 8] = [
    ([0, 0, 0], [16, 128, 128]),
    ([255, 255, 255], [235, 128, 128]),
    ([255, 0, 0], [81, 90, 240]),
    ([0, 255, 0], [145, 54, 34]),
    ([0, 0, 255], [41, 240, 110]),
    ([255, 255, 0], [210, 16, 146]),
    ([0, 255, 255], [170, 166, 16]),
    ([255, 0, 255], [106, 202, 222]),
];
const BT709: [([u8; 3], [u8; 3]); 5] = [
    ([0, 0, 0], [16, 128, 128]),
    ([255, 255, 255], [235, 128, 128]),
    ([255, 0, 0], [63, 102, 240]),
    ([0, 255, 0], [173, 42, 26]),
    ([0, 0, 255], [32, 240, 118]),
];

fn near(found: [u8; 3], expected: [u8; 3]) -> bool {
    found.iter().zip(expected).all(|(f, e)| f.abs_diff(e) <= 2)
}

#[test]
fn the_standards_colours_come_out() {
    for (bt709, cases) in [(false, &BT601[..]), (true, &BT709[..])] {
        let matrix = Matrix::of(Colours { bt709, full_range: false });
        for (rgb, [y, cb, cr]) in cases {
            let found = matrix.rgb(*y, *cb, *cr);
            assert!(near(found, *rgb), "{bt709} {y} {cb} {cr}: {found:?} instead of {rgb:?}");
        }
    }
}

#[test]
fn whole_numbers_agree_with_the_formula_of_jfif() {
    // JFIF 1.02: BT.601 in full range.
    let matrix = Matrix::of(Colours { bt709: false, full_range: true });
    for y in (0..=255u8).step_by(5) {
        for cb in (0..=255u8).step_by(15) {
            for cr in (0..=255u8).step_by(15) {
                let (fy, fb, fr) = (f64::from(y), f64::from(cb) - 128.0, f64::from(cr) - 128.0);
                let exact = [fy + 1.402 * fr, fy - 0.344136 * fb - 0.714136 * fr, fy + 1.772 * fb];
                let found = matrix.rgb(y, cb, cr);
                for (f, e) in found.iter().zip(exact) {
                    assert!((f64::from(*f) - e.clamp(0.0, 255.0)).abs() <= 0.51, "{y} {cb} {cr}: {found:?} {exact:?}");
                }
            }
        }
    }
}

/// Red and blue in pairs by turns; every second row the other way round.
fn packed(order: fn(u8, u8, u8, u8) -> [u8; 4], width: usize, height: usize, stride: usize) -> Vec<u8> {
    let (red, blue) = (BT601[2].1, BT601[4].1);
    let mut bytes = vec![0xee; stride * height];
    for (y, row) in bytes.chunks_exact_mut(stride).enumerate() {
        for (x, pair) in row[..2 * width].chunks_exact_mut(4).enumerate() {
            let [y, cb, cr] = if (x + y) % 2 == 0 { red } else { blue };
            pair.copy_from_slice(&order(y, y, cb, cr));
        }
    }
    bytes
}

fn is_chequered(rgb: &[u8], width: usize) {
    for (i, pixel) in rgb.chunks_exact(3).enumerate() {
        let (x, y) = (i % width, i / width);
        let expected = if (x / 2 + y).is_multiple_of(2) { BT601[2].0 } else { BT601[4].0 };
        assert!(near([pixel[0], pixel[1], pixel[2]], expected), "pixel {x}, {y}: {pixel:?}");
    }
}

#[test]
fn packed_pairs_and_padded_rows() {
    let yuyv = packed(|y0, y1, cb, cr| [y0, cb, y1, cr], 32, 16, 80);
    is_chequered(&layout(PixelFormat::Yuyv, 32, 16, 80).rgb(&yuyv).unwrap(), 32);
    let uyvy = packed(|y0, y1, cb, cr| [cb, y0, cr, y1], 32, 16, 64);
    is_chequered(&layout(PixelFormat::Uyvy, 32, 16, 64).rgb(&uyvy).unwrap(), 32);
    // The gap after the last row may be missing.
    let short = &yuyv[..80 * 15 + 64];
    is_chequered(&layout(PixelFormat::Yuyv, 32, 16, 80).rgb(short).unwrap(), 32);
    assert!(layout(PixelFormat::Yuyv, 32, 16, 80).rgb(&short[1..]).is_err());
}

#[test]
fn the_two_luma_values_of_a_pair_keep_their_places() {
    let bytes: Vec<u8> = (0..17 * 16).flat_map(|_| [16, 128, 235, 128]).collect();
    // An odd width: the last pair of a row gives one pixel.
    let rgb = layout(PixelFormat::Yuyv, 33, 16, 68).rgb(&bytes).unwrap();
    for (i, pixel) in rgb.chunks_exact(3).enumerate() {
        assert_eq!(pixel, if (i % 33).is_multiple_of(2) { [0, 0, 0] } else { [255, 255, 255] });
    }
}

#[test]
fn planes() {
    // Left half red, right half blue, in bands of two rows of which the second half has the colours swapped.
    let (width, height, stride) = (32usize, 16usize, 40usize);
    let mut bytes = vec![0xee; stride * height * 3 / 2];
    let colour = |x: usize, y: usize| if (x < 16) == (y < 8) { BT601[2] } else { BT601[4] };
    for y in 0..height {
        for x in 0..width {
            let [luma, cb, cr] = colour(x, y).1;
            bytes[y * stride + x] = luma;
            let at = stride * height + y / 2 * stride + (x & !1);
            (bytes[at], bytes[at + 1]) = (cb, cr);
        }
    }
    let rgb = layout(PixelFormat::Nv12, 32, 16, 40).rgb(&bytes).unwrap();
    for (i, pixel) in rgb.chunks_exact(3).enumerate() {
        assert!(near([pixel[0], pixel[1], pixel[2]], colour(i % width, i / width).0), "{i}: {pixel:?}");
    }
    let error = layout(PixelFormat::Nv12, 32, 16, 40).rgb(&bytes[..stride * height]).unwrap_err();
    assert!(matches!(error, FrameError::Length { what: "rows of Cb and Cr", found: 0, .. }), "{error}");
}

#[test]
fn red_and_blue_are_where_they_belong() {
    let bytes: Vec<u8> = (0..256).flat_map(|_| [1, 2, 3]).collect();
    assert_eq!(layout(PixelFormat::Rgb24, 16, 16, 48).rgb(&bytes).unwrap()[..3], [1, 2, 3]);
    assert_eq!(layout(PixelFormat::Bgr24, 16, 16, 48).rgb(&bytes).unwrap()[..3], [3, 2, 1]);
}

/// 64x48, quarters of red, green, blue and white; written by libjpeg at quality 95 with the standard's own tables.
const QUARTERS: &[u8] = include_bytes!("../../../tests/data/quarters.jpg");

fn is_quartered(rgb: &[u8]) {
    let at = |x: usize, y: usize| [rgb[(y * 64 + x) * 3], rgb[(y * 64 + x) * 3 + 1], rgb[(y * 64 + x) * 3 + 2]];
    let expected = [(8, 8, [255, 0, 0]), (56, 8, [0, 255, 0]), (8, 40, [0, 0, 255]), (56, 40, [255, 255, 255])];
    for (x, y, colour) in expected {
        assert!(at(x, y).iter().zip(colour).all(|(f, e)| f.abs_diff(e) <= 4), "{x}, {y}: {:?}", at(x, y));
    }
}

/// The JPEG without its Huffman tables, as many webcams send it.
fn without_tables(jpeg: &[u8]) -> Vec<u8> {
    let (mut out, mut at) = (jpeg[..2].to_vec(), 2);
    while jpeg[at + 1] != 0xda {
        let end = at + 2 + usize::from(u16::from_be_bytes([jpeg[at + 2], jpeg[at + 3]]));
        if jpeg[at + 1] != 0xc4 {
            out.extend(&jpeg[at..end]);
        }
        at = end;
    }
    out.extend(&jpeg[at..]);
    out
}

#[test]
fn jpeg_with_and_without_its_tables() {
    let layout = layout(PixelFormat::Mjpeg, 64, 48, 0);
    is_quartered(&layout.rgb(QUARTERS).unwrap());
    let bare = without_tables(QUARTERS);
    assert!(bare.len() < QUARTERS.len() - 300, "no tables were taken out");
    is_quartered(&layout.rgb(&bare).unwrap());
}

#[test]
fn a_jpeg_of_another_size_is_refused() {
    for (width, height) in [(48, 64), (32, 24), (640, 480)] {
        let error = layout(PixelFormat::Mjpeg, width, height, 0).rgb(QUARTERS).unwrap_err();
        assert!(matches!(error, FrameError::Jpeg(_)), "{error}");
    }
}

fn any_pixels() -> impl Strategy<Value = PixelFormat> {
    use PixelFormat::*;
    prop_oneof![Just(Yuyv), Just(Nv12), Just(Uyvy), Just(Rgb24), Just(Bgr24), Just(Mjpeg)]
}

proptest! {
    #[test]
    fn any_bytes_in_any_layout_give_a_frame_or_an_error(
        pixels in any_pixels(), width in 0u32..80, height in 0u32..80, stride in 0usize..300,
        bytes in prop::collection::vec(any::<u8>(), 0..20_000),
    ) {
        if let Ok(rgb) = layout(pixels, width, height, stride).rgb(&bytes) {
            prop_assert_eq!(rgb.len(), (3 * width * height) as usize);
        }
    }

    #[test]
    fn a_damaged_jpeg_gives_a_frame_or_an_error(
        damage in prop::collection::vec((0..QUARTERS.len(), any::<u8>()), 1..12), keep in 0..=QUARTERS.len(),
    ) {
        let mut bytes = QUARTERS.to_vec();
        for (at, byte) in damage {
            bytes[at] = byte;
        }
        let _ = layout(PixelFormat::Mjpeg, 64, 48, 0).rgb(&bytes[..keep]);
    }
}
