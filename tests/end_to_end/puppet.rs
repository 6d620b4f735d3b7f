//! A recorded head before the loopback camera that holds as it is told to: what enrolment and the live check ask for.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::thread::{JoinHandle, sleep};
use std::time::{Duration, Instant};
use stillyou_models::face::bearing::Bearing;
use stillyou_models::face::{Frame, Model, PackSource};
use stillyou_sense::Micros;
use stillyou_sense::camera::{PixelFormat, inject::Loopback};

/// The loopback camera, and the size of its pictures.
pub const NODE: &str = "/dev/video10";
pub const SIZE: (u32, u32) = (640, 480);
/// Sixteen pixels in the upper left corner of every picture that is fed, and of none that anybody sees.
pub const CANARY: [u8; 48] = *b"\x07\xd9\x31\xa4\x6e\x1f\xc3\x58\x92\x0b\xe7\x4d\xb6\x25\xf8\x63\x9a\x14\xcf\x71\x3c\xe2\x89\x50\xad\x06\xfb\x47\x98\x2e\xd4\x6b\x13\xbf\x75\xe0\x3a\x8c\x51\xf6\x29\x9e\x42\xc7\x0d\xb8\x64\xeb";
const EVERY: Duration = Duration::from_millis(80);

/// How the head is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hold {
    /// As it moved when it was recorded.
    Recorded,
    /// Straight at the camera.
    Ahead,
    /// Turned to its own left.
    Left,
    /// Turned to its own right.
    Right,
    /// Looking up.
    Up,
    /// Looking down.
    Down,
    /// With closed eyes.
    Blink,
}

/// Pictures of one head, and what each holds.
pub struct Head {
    pictures: Vec<Vec<u8>>,
    bearings: Vec<Option<Bearing>>,
    ahead: Bearing,
}

/// A head before the camera.
pub struct Puppet {
    shown: Arc<Mutex<(Arc<Head>, Hold)>>,
    done: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Head {
    /// The pictures of a folder by name, of the camera's size, each measured as the product measures it.
    pub fn read(folder: &Path) -> Self {
        let model = Model::load(&PackSource::Dlib).unwrap();
        let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
        files.sort();
        let picture = |file: &PathBuf| {
            let rgb = image::open(file).unwrap().into_rgb8();
            assert_eq!(rgb.dimensions(), SIZE, "{}", file.display());
            rgb.into_raw()
        };
        let pictures: Vec<Vec<u8>> = files.iter().map(picture).collect();
        let bearings: Vec<Option<Bearing>> = pictures.iter().map(|rgb| bearing(&model, rgb)).collect();
        let mut pitches: Vec<f32> = bearings.iter().flatten().map(|b| b.pitch_deg).collect();
        pitches.sort_by(f32::total_cmp);
        let usual = pitches[pitches.len() / 2];
        let off = |b: &&Bearing| b.yaw_deg.abs() + (b.pitch_deg - usual).abs() - 20.0 * b.eyes_open;
        let ahead = *bearings.iter().flatten().min_by(|a, b| off(a).total_cmp(&off(b))).unwrap();
        Self { pictures, bearings, ahead }
    }

    /// The pictures that hold so, the clearest first.
    pub fn holding(&self, hold: Hold) -> Vec<usize> {
        let mut found: Vec<(f32, usize)> = Vec::new();
        for (place, bearing) in self.bearings.iter().enumerate() {
            let Some(bearing) = bearing else { continue };
            let (yaw, pitch) = (bearing.yaw_deg - self.ahead.yaw_deg, bearing.pitch_deg - self.ahead.pitch_deg);
            let open = bearing.eyes_open / self.ahead.eyes_open;
            let off = match hold {
                Hold::Recorded => 0.0,
                Hold::Ahead => yaw.abs() + pitch.abs() + 10.0 * (1.0 - open).max(0.0),
                Hold::Left => (yaw - 20.0).abs(),
                Hold::Right => (yaw + 20.0).abs(),
                Hold::Up => (pitch - 13.0).abs() + yaw.abs(),
                Hold::Down => (pitch + 11.0).abs() + yaw.abs(),
                Hold::Blink => 40.0 * open + yaw.abs(),
            };
            found.push((off, place));
        }
        found.sort_by(|a, b| a.0.total_cmp(&b.0));
        let near = if hold == Hold::Recorded { f32::MAX } else { found[0].0 + 3.0 };
        let mut places: Vec<usize> =
            found.into_iter().filter(|(off, _)| *off <= near).map(|(_, place)| place).collect();
        if hold == Hold::Recorded {
            places.sort_unstable();
        }
        places
    }

    /// How a picture holds, against the straight one: turn, nod, opening of the eyes.
    pub fn held(&self, place: usize) -> Option<(f32, f32, f32)> {
        let (b, a) = (self.bearings[place]?, self.ahead);
        Some((b.yaw_deg - a.yaw_deg, b.pitch_deg - a.pitch_deg, b.eyes_open / a.eyes_open))
    }
}

fn bearing(model: &Model, rgb: &[u8]) -> Option<Bearing> {
    let frame = Frame::new(SIZE.0, SIZE.1, rgb.to_vec(), Micros(0)).unwrap();
    let faces = model.find(&frame).unwrap();
    let mesh = model.mesh(&frame, faces.first()?).unwrap()?;
    Bearing::of(&mesh)
}

impl Puppet {
    /// Puts a head before the camera: over and over, forwards and backwards, with a sensor's noise.
    pub fn play(head: Arc<Head>) -> Self {
        let camera = Loopback::open(Path::new(NODE), SIZE, PixelFormat::Rgb24, 3 * SIZE.0 * SIZE.1).unwrap();
        let shown = Arc::new(Mutex::new((head, Hold::Recorded)));
        let done = Arc::new(AtomicBool::new(false));
        let (now, over) = (shown.clone(), done.clone());
        let thread = std::thread::spawn(move || {
            let (mut at, mut noise) = (0, 1);
            while !over.load(Relaxed) {
                let began = Instant::now();
                camera.write(&picture(&now.lock().unwrap(), at, &mut noise)).unwrap();
                at += 1;
                sleep(EVERY.saturating_sub(began.elapsed()));
            }
        });
        Self { shown, done, thread: Some(thread) }
    }

    /// Holds the head so from now on.
    pub fn hold(&self, hold: Hold) {
        self.shown.lock().unwrap().1 = hold;
    }

    /// Somebody else sits there from now on.
    pub fn swap(&self, head: Arc<Head>) {
        *self.shown.lock().unwrap() = (head, Hold::Recorded);
    }
}

/// What is shown as the `at`-th picture.
fn picture((head, hold): &(Arc<Head>, Hold), at: usize, noise: &mut u64) -> Vec<u8> {
    let places = head.holding(*hold);
    let there_and_back = (2 * places.len()).saturating_sub(2).max(1);
    let place = at % there_and_back;
    let mut picture = head.pictures[places[place.min(there_and_back - place)]].clone();
    picture[..CANARY.len()].copy_from_slice(&CANARY);
    for byte in &mut picture[CANARY.len()..] {
        // xorshift: fast, and never twice the same.
        *noise ^= *noise << 13;
        *noise ^= *noise >> 7;
        *noise ^= *noise << 17;
        *byte = byte.saturating_add((*noise >> 60) as u8 & 1);
    }
    picture
}

impl Drop for Puppet {
    fn drop(&mut self) {
        self.done.store(true, Relaxed);
        self.thread.take().unwrap().join().unwrap();
    }
}
