//! Which of a camera's offers is taken.

use crate::camera::{Format, PixelFormat, SIDE};
use std::cmp::Reverse;

/// One way in which a camera can send pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Offer {
    pub(super) pixels: PixelFormat,
    pub(super) width: u32,
    pub(super) height: u32,
    /// The highest rate, where it is known.
    pub(super) fps: Option<u32>,
}

/// Slower than this is taken only where nothing else is: a blink lasts 100 to 400 ms.
const SLOW_FPS: u32 = 15;
/// Larger pictures than these are taken only where nothing else is.
const LARGE: u32 = 1920;

/// The offer nearest to what is asked for: of its size, else the smallest larger one, else the largest smaller one; not
/// slow, if it can be; then by [`PixelFormat`].
pub(super) fn nearest(wish: &Format, offers: &[Offer]) -> Option<Offer> {
    let fits = |offer: &&Offer| SIDE.contains(&offer.width) && SIDE.contains(&offer.height);
    offers.iter().filter(fits).min_by_key(|offer| distance(wish, offer)).copied()
}

fn distance(wish: &Format, offer: &Offer) -> (bool, bool, u8, u32, Reverse<u32>, PixelFormat) {
    let (width, height, area) = (offer.width, offer.height, offer.width * offer.height);
    let slow = offer.fps.is_some_and(|fps| fps < SLOW_FPS.min(wish.fps));
    let large = width.max(height) > LARGE;
    let (class, larger, smaller) = if (width, height) == (wish.width, wish.height) {
        (0, 0, 0)
    } else if width >= wish.width && height >= wish.height {
        (1, area, 0)
    } else {
        (2, 0, area)
    };
    (large, slow, class, larger, Reverse(smaller), offer.pixels)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offer(pixels: PixelFormat, width: u32, height: u32, fps: u32) -> Offer {
        Offer { pixels, width, height, fps: Some(fps) }
    }

    #[test]
    fn the_modest_size_is_taken_and_not_the_best() {
        use PixelFormat::*;
        // What a common webcam offers.
        let webcam = [
            offer(Mjpeg, 1920, 1080, 30),
            offer(Mjpeg, 640, 480, 30),
            offer(Yuyv, 1920, 1080, 5),
            offer(Yuyv, 640, 480, 30),
            offer(Yuyv, 320, 240, 30),
            offer(Yuyv, 160, 120, 120),
        ];
        assert_eq!(nearest(&Format::default(), &webcam), Some(offer(Yuyv, 640, 480, 30)));
        // Uncompressed is too slow at this size.
        let slow = [offer(Yuyv, 640, 480, 5), offer(Mjpeg, 640, 480, 30), offer(Yuyv, 320, 240, 30)];
        assert_eq!(nearest(&Format::default(), &slow), Some(offer(Mjpeg, 640, 480, 30)));
    }

    #[test]
    fn without_the_size_the_next_larger_is_taken_then_the_next_smaller() {
        use PixelFormat::*;
        let sizes = [offer(Yuyv, 1280, 720, 30), offer(Yuyv, 800, 600, 30), offer(Yuyv, 352, 288, 30)];
        assert_eq!(nearest(&Format::default(), &sizes).map(|o| o.width), Some(800));
        let small = [offer(Yuyv, 160, 120, 30), offer(Nv12, 352, 288, 30), offer(Mjpeg, 3840, 2160, 30)];
        assert_eq!(nearest(&Format::default(), &small).map(|o| o.width), Some(352));
    }

    #[test]
    fn an_unknown_rate_is_no_hindrance_and_impossible_sizes_are() {
        let unknown = Offer { pixels: PixelFormat::Rgb24, width: 640, height: 480, fps: None };
        assert_eq!(nearest(&Format::default(), &[unknown]), Some(unknown));
        assert_eq!(nearest(&Format::default(), &[offer(PixelFormat::Yuyv, 8000, 6000, 30)]), None);
        assert_eq!(nearest(&Format::default(), &[]), None);
    }
}
