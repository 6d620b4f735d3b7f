//! A face before a real camera device. Only in the machine of `tests/vm` (`./x test --full`), which has one to feed.

use crate::desk::{Desk, POLICY};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::thread::{JoinHandle, sleep};
use std::time::{Duration, Instant};
use stillyou_recordings::typist::Typist;
use stillyou_sense::camera::{PixelFormat, inject::Loopback};
use stillyou_sense::keyboard::inject::XtestTypist;

/// The loopback camera, and the pictures a second that it is fed.
const NODE: &str = "/dev/video10";
const SIZE: (u32, u32) = (640, 480);
const EVERY: Duration = Duration::from_millis(80);

/// A clip of a head that turns and nods, played to a camera over and over, forwards and backwards, with a sensor's noise.
struct Clip {
    pictures: Arc<Mutex<Vec<Vec<u8>>>>,
    done: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Clip {
    fn play(folder: &Path) -> Self {
        let camera = Loopback::open(Path::new(NODE), SIZE, PixelFormat::Rgb24, 3 * SIZE.0 * SIZE.1).unwrap();
        let pictures = Arc::new(Mutex::new(read(folder)));
        let done = Arc::new(AtomicBool::new(false));
        let (shown, over) = (pictures.clone(), done.clone());
        let seed = AtomicU64::new(1);
        let thread = std::thread::spawn(move || {
            let mut at = 0;
            while !over.load(Relaxed) {
                let began = Instant::now();
                let mut picture = {
                    let pictures = shown.lock().unwrap();
                    let there_and_back = 2 * pictures.len() - 2;
                    let place = at % there_and_back;
                    pictures[place.min(there_and_back - place)].clone()
                };
                for byte in &mut picture {
                    // xorshift: fast, and never twice the same.
                    let mut x = seed.load(Relaxed);
                    x ^= x << 13;
                    x ^= x >> 7;
                    x ^= x << 17;
                    seed.store(x, Relaxed);
                    *byte = byte.saturating_add((x >> 60) as u8 & 1);
                }
                camera.write(&picture).unwrap();
                at += 1;
                sleep(EVERY.saturating_sub(began.elapsed()));
            }
        });
        Self { pictures, done, thread: Some(thread) }
    }

    /// Somebody else sits there from now on.
    fn swap(&self, folder: &Path) {
        *self.pictures.lock().unwrap() = read(folder);
    }
}

impl Drop for Clip {
    fn drop(&mut self) {
        self.done.store(true, Relaxed);
        self.thread.take().unwrap().join().unwrap();
    }
}

/// The pictures of a folder by name, of the camera's size.
fn read(folder: &Path) -> Vec<Vec<u8>> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    files.sort();
    let picture = |file: &PathBuf| {
        let rgb = image::open(file).unwrap().into_rgb8();
        assert_eq!(rgb.dimensions(), SIZE, "{}", file.display());
        rgb.into_raw()
    };
    files.iter().map(picture).collect()
}

#[test]
#[ignore = "needs the loopback camera of the test machine, and clips of two people: `./x test --full`"]
fn a_face_that_is_swapped_for_another_takes_the_score_down() {
    let faces = PathBuf::from(std::env::var_os("STILLYOU_FACES").expect("STILLYOU_FACES names a folder of clips"));
    // Typing says nothing here, so that the face alone moves the score.
    let policy = format!(
        "{POLICY}\n[evidence.keystroke]\ncap_nats = 0.0\nweak = false\n[camera]\nmode = \"on\"\ntrust_virtual = true\n\
         audit_minutes = 1\nseconds_per_hour = 3600\nlook_seconds = 20\n[hazard]\nidle_after_s = 600\n"
    );
    let clip = Clip::play(&faces.join("owner"));
    let desk = Desk::under(&policy);
    assert!(desk.verify(&desk.stage.user().password));
    let (passed, said) = desk.stillyou(&["enroll", "--face"]);
    assert!(passed && said.contains("your face is known from 7 pictures"), "{said}");
    println!("enrolled: {said}");
    let (_, stored) = desk.stillyou(&["stored"]);
    assert!(stored.contains("face, 7 pictures"), "{stored}");
    desk.enrol();

    let keys = Typist::new(4);
    let typing = AtomicBool::new(true);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut typist = XtestTypist::connect(desk.stage.display()).unwrap();
            let strokes: Vec<_> = keys.typing(1).take(20_000).collect();
            let go_on = |_: &_| if typing.load(Relaxed) { ControlFlow::Continue(()) } else { ControlFlow::Break(()) };
            typist.type_while(&strokes, go_on).unwrap();
        });
        let looks = || desk.ledger().lines().filter(|l| l.starts_with("look ") && l.contains("compared")).count();
        let wait = |what: &str, check: &dyn Fn(&serde_json::Value) -> bool| {
            let end = Instant::now() + Duration::from_secs(400);
            while !check(&desk.status()) {
                assert!(Instant::now() < end, "{what}: {}\n{}", desk.status(), desk.ledger());
                sleep(Duration::from_secs(1));
            }
        };
        wait("the owner's face is compared", &|_| looks() > 0);
        let before = desk.status();
        println!("the owner: score {}", before["score"]);
        assert!(before["score"].as_f64().unwrap() > 75.0, "{before}");
        clip.swap(&faces.join("stranger"));
        wait("a step-up", &|status| status["state"]["state"] == "step-up");
        let after = desk.status();
        println!("somebody else: score {} because {}", after["score"], after["contributions"]);
        assert_eq!(after["state"]["state"], "step-up");
        let worst = &after["contributions"][0];
        assert!(worst["nats"].as_f64().unwrap() > 0.0 && worst["cause"] == "likeness of the face", "{after}");
        typing.store(false, Relaxed);
    });
    let on = desk.ledger();
    assert!(on.lines().any(|line| line.starts_with("enrolled-face ")), "{on}");
    // The light goes out after each look: nothing holds the device now but who feeds it.
    let holders = std::process::Command::new("fuser").arg(NODE).output().unwrap();
    let holders = String::from_utf8_lossy(&holders.stdout).split_whitespace().count();
    assert!(holders <= 1, "{holders} programs have the camera open");
}
