//! A face before a real camera device. Only in the machine of `tests/vm` (`./x test --full`), which has one to feed.

use crate::desk::{Desk, POLICY};
use crate::privacy::files;
use std::io::Read;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::thread::{JoinHandle, sleep};
use std::time::{Duration, Instant};
use stillyou_recordings::typist::Typist;
use stillyou_sense::camera::{Camera, Format, PixelFormat, cameras, inject::Loopback};
use stillyou_sense::keyboard::inject::XtestTypist;
use stillyou_sense::source::Stop;

/// The loopback camera, and the pictures a second that it is fed.
const NODE: &str = "/dev/video10";
const SIZE: (u32, u32) = (640, 480);
/// Sixteen pixels in the upper left corner of every picture that is fed, and of none that anybody sees.
const CANARY: [u8; 48] = *b"\x07\xd9\x31\xa4\x6e\x1f\xc3\x58\x92\x0b\xe7\x4d\xb6\x25\xf8\x63\x9a\x14\xcf\x71\x3c\xe2\x89\x50\xad\x06\xfb\x47\x98\x2e\xd4\x6b\x13\xbf\x75\xe0\x3a\x8c\x51\xf6\x29\x9e\x42\xc7\x0d\xb8\x64\xeb";
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
                picture[..CANARY.len()].copy_from_slice(&CANARY);
                for byte in &mut picture[CANARY.len()..] {
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

/// How the canary is kept in `bytes`, if it is: as bytes, or as the numbers that networks take.
fn canary_in(bytes: &[u8]) -> Option<&'static str> {
    let floats = |of: fn(u8) -> f32| CANARY[..24].iter().flat_map(|b| of(*b).to_le_bytes()).collect::<Vec<u8>>();
    let blues: Vec<u8> = CANARY.as_chunks::<3>().0.iter().flat_map(|[r, g, b]| [*b, *g, *r]).collect();
    let forms = [
        ("bytes", CANARY[..24].to_vec()),
        ("bytes, blue first", blues[..24].to_vec()),
        ("floats", floats(f32::from)),
        ("floats up to 1", floats(|b| f32::from(b) / 255.0)),
    ];
    forms.into_iter().find(|(_, form)| bytes.windows(form.len()).any(|w| w == form)).map(|(name, _)| name)
}

#[test]
fn the_canary_is_found_however_it_is_kept() {
    let kept = |form: &[u8]| canary_in(&[&[9; 1000], form, &[9; 1000]].concat());
    assert_eq!((kept(&CANARY), kept(&CANARY[1..])), (Some("bytes"), None));
    assert_eq!(kept(&CANARY.map(f32::from).map(f32::to_le_bytes).concat()), Some("floats"));
}

#[test]
#[ignore = "needs the loopback camera of the test machine, and clips of two people: `./x test --full`"]
fn no_pixel_is_left_anywhere_once_the_camera_is_off() {
    let faces = PathBuf::from(std::env::var_os("STILLYOU_FACES").expect("STILLYOU_FACES names a folder of clips"));
    let _clip = Clip::play(&faces.join("owner"));
    // The canary survives the camera's driver and comes to whoever looks.
    let camera = cameras().unwrap().into_iter().find(|c| c.to_string().contains(NODE)).unwrap();
    let mut open = Camera::open(&camera, &Format::default(), Stop::new().unwrap()).unwrap();
    let frame = open.frame(Duration::from_secs(10)).unwrap();
    assert_eq!(canary_in(frame.rgb()), Some("bytes"));
    open.close();

    let log = tempfile::NamedTempFile::new().unwrap();
    let desk =
        Desk::under_logging_to(&format!("{POLICY}\n[camera]\nmode = \"on\"\ntrust_virtual = true\n"), log.path());
    let mut watcher = desk.stage.command("stillyou");
    let mut watcher = watcher.args(["status", "--watch", "--json"]).stdout(Stdio::piped()).spawn().unwrap();
    assert!(desk.verify(&desk.stage.user().password));
    let (passed, said) = desk.stillyou(&["enroll", "--face"]);
    assert!(passed, "{said}");
    desk.eventually("the camera is off", |status| status["camera"]["on"] == false);
    watcher.kill().unwrap();
    let mut watched = Vec::new();
    watcher.stdout.take().unwrap().read_to_end(&mut watched).unwrap();
    watcher.wait().unwrap();
    let outlines = String::from_utf8_lossy(&watched).matches("\"lines\":[[").count();
    assert!(outlines > 7, "the watcher saw {outlines} outlines");
    let mut seen = vec![("status --watch".into(), watched), ("the log".into(), std::fs::read(log.path()).unwrap())];
    seen.push(("the keyring's secrets".into(), desk.keyring_secrets()));
    for folder in ["/tmp", "/var/tmp", "/dev/shm"].map(PathBuf::from).into_iter().chain(desk.folders()) {
        files(&desk.stage.outside(folder), desk.stage.user().id, &mut seen);
    }
    seen.extend(desk.memory().into_iter().map(|piece| ("memory".to_owned(), piece)));
    for (name, bytes) in &seen {
        assert_eq!(canary_in(bytes), None, "{name} ({} bytes)", bytes.len());
    }
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
            let go_on =
                |_: usize| if typing.load(Relaxed) { ControlFlow::Continue(()) } else { ControlFlow::Break(()) };
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
