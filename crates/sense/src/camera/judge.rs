use super::Frame;
use crate::Micros;
use std::{
    collections::VecDeque,
    hash::{BuildHasher, RandomState},
    time::Duration,
};

/// What the camera sees, as far as that can be told without looking for a face.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// Something.
    Clear,
    /// A scene without enough light on anything in it.
    Dark,
    /// One flat surface: a shutter, a sticker, a finger, or no light at all.
    Covered,
    /// No live picture: the same bits again and again, or bits that were there before. A sensor has noise, so no two of its
    /// pictures are the same.
    Frozen,
}

impl View {
    /// What a person can do about it; nothing for [`View::Clear`].
    pub fn fix(self) -> Option<&'static str> {
        match self {
            View::Clear => None,
            View::Dark => Some("turn on a light in front of you"),
            View::Covered => Some("open the camera's shutter, or take off what covers it"),
            View::Frozen => {
                Some("close programs that put a picture in the camera's place; unplug it and plug it in again")
            }
        }
    }
}

/// The grid over which light is averaged: coarse enough that a sensor's noise averages out.
const COLUMNS: usize = 16;
const ROWS: usize = 12;
/// Every this many pixels one is looked at, across and down.
const STEP: usize = 2;
/// The lightest tenth of the grid is darker than this, of 255: nothing in the scene has light on it.
const DARK: f32 = 40.0;
/// The grid's lightest and darkest are nearer than this, of 255, leaving out a tenth at both ends.
const FLAT: f32 = 8.0;
/// The same bits for so long are no picture of a live sensor. In little light a driver repeats pictures for up to 0.2 s.
const STILL: Duration = Duration::from_secs(1);
/// So many pictures in a row that were there before, with others in between, are a loop.
const LOOPED: u32 = 3;
/// How many pictures are remembered by their hash: 40 s at 30 a second.
const REMEMBERED: usize = 1200;

/// Judges the frames of one camera, in the order in which they were taken. It keeps hashes of them, under a key that lives in
/// this process alone, and no pixel.
#[derive(Debug, Default)]
pub struct Judge {
    key: RandomState,
    /// Newest last; frames that repeat the one before are in it once.
    seen: VecDeque<u64>,
    /// When the frame that is repeated came first.
    since: Option<Micros>,
    /// Frames in a row that came back.
    returned: u32,
}

impl Judge {
    /// One that has seen nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// What this frame shows, in the light of those before it.
    pub fn judge(&mut self, frame: &Frame) -> View {
        let frozen = self.is_frozen(frame);
        let mut light = grid(frame);
        light.sort_by(f32::total_cmp);
        let (low, high) = (light[light.len() / 10], light[light.len() - 1 - light.len() / 10]);
        // A shutter can be so flat that its pictures are the same: that is the better thing to say then.
        if high - low < FLAT {
            View::Covered
        } else if frozen {
            View::Frozen
        } else if high < DARK {
            View::Dark
        } else {
            View::Clear
        }
    }

    fn is_frozen(&mut self, frame: &Frame) -> bool {
        let hash = self.key.hash_one(frame.rgb());
        if self.seen.back() == Some(&hash) {
            let since = *self.since.get_or_insert(frame.taken_at());
            return self.returned >= LOOPED || frame.taken_at().since(since) >= STILL;
        }
        self.returned = if self.seen.contains(&hash) { self.returned.saturating_add(1) } else { 0 };
        self.since = Some(frame.taken_at());
        if self.seen.len() == REMEMBERED {
            self.seen.pop_front();
        }
        self.seen.push_back(hash);
        self.returned >= LOOPED
    }
}

/// Mean light (Y of ITU-R BT.601, 0 to 255) of each field of the grid.
fn grid(frame: &Frame) -> Vec<f32> {
    let (width, height) = (frame.width() as usize, frame.height() as usize);
    let mut sums = vec![(0u64, 0u64); COLUMNS * ROWS];
    for y in (0..height).step_by(STEP) {
        let row = &frame.rgb()[3 * width * y..3 * width * (y + 1)];
        for (x, pixel) in row.chunks_exact(3).enumerate().step_by(STEP) {
            let light = 299 * u64::from(pixel[0]) + 587 * u64::from(pixel[1]) + 114 * u64::from(pixel[2]);
            let (sum, count) = &mut sums[y * ROWS / height * COLUMNS + x * COLUMNS / width];
            (*sum, *count) = (*sum + light, *count + 1);
        }
    }
    sums.into_iter().filter(|(_, count)| *count > 0).map(|(sum, count)| (sum / count) as f32 / 1000.0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const WIDTH: u32 = 160;
    const HEIGHT: u32 = 120;

    /// A frame of `light` at each place, with noise of up to ±3 from `seed`, taken at `ms`.
    fn frame(ms: u64, seed: u64, light: impl Fn(u32, u32) -> i32) -> Frame {
        let mut state = seed.wrapping_mul(2).wrapping_add(1);
        let mut rgb = Vec::new();
        for y in 0..HEIGHT {
            for x in 0..WIDTH {
                for _ in 0..3 {
                    state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                    rgb.push((light(x, y) + (state >> 33) as i32 % 7 - 3).clamp(0, 255) as u8);
                }
            }
        }
        Frame::new(WIDTH, HEIGHT, rgb, Micros(ms * 1000)).unwrap()
    }

    /// A room: light falls from left to right, somebody's face is in the middle.
    fn room(x: u32, y: u32) -> i32 {
        let face = x.abs_diff(80).pow(2) + y.abs_diff(60).pow(2) < 900;
        if face { 170 } else { 120 - x as i32 / 2 }
    }

    fn judged(light: impl Fn(u32, u32) -> i32) -> View {
        let mut judge = Judge::new();
        (0..40)
            .map(|i| judge.judge(&frame(i * 33, i, &light)))
            .reduce(|a, b| if a == b { a } else { panic!("{a:?}, {b:?}") })
            .unwrap()
    }

    #[test]
    fn a_room_is_clear_and_a_dark_one_is_dark() {
        assert_eq!(judged(room), View::Clear);
        assert_eq!(judged(|x, y| room(x, y) / 6), View::Dark);
        // A face that a screen lights in a dark room can be seen.
        assert_eq!(judged(|x, y| if room(x, y) == 170 { 90 } else { 6 }), View::Clear);
    }

    #[test]
    fn a_flat_picture_is_covered_whatever_its_light() {
        for light in [0, 12, 90, 255] {
            assert_eq!(judged(|_, _| light), View::Covered, "{light}");
        }
        // A lens that something covers still gets a little light at the rim.
        assert_eq!(judged(|x, _| if x < 8 { 60 } else { 20 }), View::Covered);
    }

    #[test]
    fn the_same_bits_for_a_second_are_frozen_and_a_repeated_picture_is_not() {
        let mut judge = Judge::new();
        let views: Vec<_> = (0..60).map(|i| judge.judge(&frame(i * 33, 7, room))).collect();
        assert!(views[..30].iter().all(|v| *v == View::Clear), "{views:?}");
        assert!(views[31..].iter().all(|v| *v == View::Frozen), "{views:?}");
        // Alive again.
        assert_eq!(judge.judge(&frame(2_000, 8, room)), View::Clear);
        // Every picture four times, as in little light.
        let mut judge = Judge::new();
        assert!((0..120).all(|i| judge.judge(&frame(i * 33, i / 4, room)) == View::Clear));
    }

    #[test]
    fn slow_pictures_of_a_frozen_source_are_found_too() {
        let mut judge = Judge::new();
        assert_eq!(judge.judge(&frame(0, 7, room)), View::Clear);
        assert_eq!(judge.judge(&frame(1_500, 7, room)), View::Frozen);
    }

    #[test]
    fn a_loop_is_frozen() {
        let mut judge = Judge::new();
        let views: Vec<_> = (0..90).map(|i| judge.judge(&frame(i * 33, i % 40, room))).collect();
        assert!(views[..42].iter().all(|v| *v == View::Clear), "{views:?}");
        assert!(views[42..].iter().all(|v| *v == View::Frozen), "{views:?}");
        assert_eq!(judge.judge(&frame(3_000, 99, room)), View::Clear);
    }

    #[test]
    fn a_still_shutter_is_covered_and_not_frozen() {
        let mut judge = Judge::new();
        let black = |ms| Frame::new(WIDTH, HEIGHT, vec![0; (WIDTH * HEIGHT * 3) as usize], Micros(ms)).unwrap();
        assert!((0..90).all(|i| judge.judge(&black(i * 33_000)) == View::Covered));
    }

    #[test]
    fn the_smallest_frame_can_be_judged() {
        let tiny = Frame::new(16, 16, (0..768).map(|i| (i / 3 % 16 * 15) as u8).collect(), Micros(0)).unwrap();
        assert_eq!(Judge::new().judge(&tiny), View::Clear);
    }
}
