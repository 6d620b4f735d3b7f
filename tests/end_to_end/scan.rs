//! A grant that is held before the camera as QR codes. What needs a camera runs in the machine of `tests/vm` (`./x test
//! --full`).

use crate::camera::canary_in;
use crate::desk::{Desk, POLICY};
use crate::fallback::Approver;
use crate::puppet::{CANARY, NODE, SIZE};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::thread::{JoinHandle, sleep};
use std::time::{Duration, Instant};
use stillyou_governance::{Qr, in_parts};
use stillyou_sense::camera::{PixelFormat, cameras, inject::Loopback};

/// How long each code is shown: the app shows them for half as long, to a machine that is not emulated.
const TURN: Duration = Duration::from_millis(1200);
const EVERY: Duration = Duration::from_millis(100);
/// The side of a code with its quiet zone, in pixels.
const SIDE: usize = 400;

/// Codes before the camera, in turn.
struct Held {
    codes: Arc<Mutex<Vec<String>>>,
    done: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Held {
    fn up(codes: Vec<String>) -> Self {
        let camera = Loopback::open(Path::new(NODE), SIZE, PixelFormat::Rgb24, 3 * SIZE.0 * SIZE.1).unwrap();
        let (codes, done) = (Arc::new(Mutex::new(codes)), Arc::new(AtomicBool::new(false)));
        let (shown, over) = (codes.clone(), done.clone());
        let thread = std::thread::spawn(move || {
            let (began, mut noise) = (Instant::now(), 1);
            while !over.load(Relaxed) {
                let turn = (began.elapsed().as_millis() / TURN.as_millis()) as usize;
                let code = {
                    let codes = shown.lock().unwrap();
                    codes[turn % codes.len()].clone()
                };
                camera.write(&picture(&code, &mut noise)).unwrap();
                sleep(EVERY);
            }
        });
        Self { codes, done, thread: Some(thread) }
    }

    fn turn_to(&self, codes: Vec<String>) {
        *self.codes.lock().unwrap() = codes;
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.done.store(true, Relaxed);
        self.thread.take().unwrap().join().unwrap();
    }
}

/// A code on a screen in a dim room, with a sensor's noise, and the canary in a corner.
fn picture(code: &str, noise: &mut u64) -> Vec<u8> {
    let rows = Qr::of(code).unwrap().rows();
    let (width, height) = (SIZE.0 as usize, SIZE.1 as usize);
    let mut rgb = vec![90; 3 * width * height];
    let (left, top) = ((width - SIDE) / 2, (height - SIDE) / 2);
    for y in 0..SIDE {
        for x in 0..SIDE {
            let dark = rows[y * rows.len() / SIDE][x * rows.len() / SIDE];
            let at = 3 * ((top + y) * width + left + x);
            rgb[at..at + 3].fill(if dark { 30 } else { 200 });
        }
    }
    rgb[..CANARY.len()].copy_from_slice(&CANARY);
    for byte in &mut rgb[CANARY.len()..] {
        *noise ^= *noise << 13;
        *noise ^= *noise >> 7;
        *noise ^= *noise << 17;
        *byte += (*noise >> 60) as u8;
    }
    rgb
}

#[test]
fn without_a_camera_that_is_on_nothing_is_scanned() {
    let desk = Desk::new();
    let (passed, said) = desk.stillyou(&["grant", "scan"]);
    assert!(!passed && said.contains("the camera is not switched on"), "{said}");
    assert!(!desk.ledger().contains("\nscan "));
}

#[test]
#[ignore = "needs the loopback camera of the test machine: `./x test --full`"]
fn a_grant_that_is_held_before_the_camera_takes_effect_and_no_pixel_is_left() {
    let held = Held::up(vec!["https://example.org".into()]);
    let front = cameras().unwrap().into_iter().find(|camera| camera.to_string().contains(NODE)).unwrap();
    let approver = Approver::new();
    let policy = format!(
        "{}\n[camera]\nmode = \"on\"\ndevice = \"{}\"\n{}",
        POLICY.replace("grace_seconds = 5", "grace_seconds = 120").replace("fresh_seconds = 5", "fresh_seconds = 60"),
        front.identity.name(),
        approver.lines
    );
    approver.stage.set_policy(&policy).unwrap();
    let log = tempfile::NamedTempFile::new().unwrap();
    let desk = Desk::under_logging_to(&policy, log.path());
    desk.enrol();
    assert!(desk.verify(&desk.stage.user().password));
    let (passed, said) = desk.stillyou(&["case", "open", "--modality", "keystroke", "--cannot-use"]);
    assert!(passed, "{said}");
    let text = said.lines().last().unwrap().to_owned();

    // A code that does not belong here is passed over, and nothing of it is told.
    let (passed, said) = desk.stillyou(&["grant", "scan"]);
    assert!(!passed && said.contains("this is another code") && said.contains("no code that belongs here"), "{said}");
    assert!(!said.contains("example.org") && !desk.ledger().contains("example.org"), "{said}");

    let grant = approver.issues(&text, 20);
    let parts = in_parts(&grant);
    assert!(parts.len() > 5, "{} bytes", grant.len());
    held.turn_to(parts);
    let began = Instant::now();
    let (passed, said) = desk.stillyou(&["grant", "scan"]);
    println!("scanned in {:?}: {said}", began.elapsed());
    assert!(passed && said.contains("work goes on under a grant"), "{said}");
    let status = desk.status();
    assert_eq!(status["under_grant"]["set_aside"], serde_json::json!(["keystroke"]), "{status}");
    assert_eq!(status["camera"]["on"], false);

    // An approver's camera reads the case; here nobody has a key to go on with.
    held.turn_to(in_parts(&text));
    let (passed, said) = desk.stillyou(&["grant", "issue", "camera", "--minutes", "5", "--reason", "x"]);
    assert!(!passed && said.contains("there is no key in your keychain"), "{said}");
    let scans: Vec<String> = desk.ledger().lines().filter(|l| l.starts_with("scan ")).map(str::to_owned).collect();
    assert_eq!(scans.iter().filter(|scan| scan.contains(r#""outcome":"read""#)).count(), 2, "{scans:?}");

    // What it saw is gone: no pixel in a file, an answer, or the memory of either process.
    for (name, bytes) in desk.kept(log.path()) {
        assert_eq!(canary_in(&bytes), None, "{name} ({} bytes)", bytes.len());
    }
}
