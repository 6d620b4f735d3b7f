//! Cameras of a real kernel: vivid, which plays a webcam, and loopback devices that the tests give a picture. For the test
//! machine: tests/vm/camera.sh. Elsewhere only what needs no camera is run.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used)]

mod support;

use std::{
    fs,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};
use stillyou_sense::{
    Micros,
    camera::{inject::Loopback, *},
    source::Stop,
};
use support::as_nobody;

/// Emulated processors are slow: nothing that should come takes longer.
const LONG: Duration = Duration::from_secs(60);
const FRONT: &str = "/dev/video10";
const BACK: &str = "/dev/video11";

fn stop() -> Stop {
    Stop::new().unwrap()
}

/// The one camera with this driver or at this node.
fn camera(driver_or_node: &str) -> CameraInfo {
    let found = cameras().unwrap();
    let is = |c: &&CameraInfo| c.identity.driver == driver_or_node || c.handle == driver_or_node;
    found.iter().find(is).unwrap_or_else(|| panic!("no {driver_or_node} in {found:?}")).clone()
}

fn open(camera: &CameraInfo) -> Camera {
    Camera::open(camera, &Format::default(), stop()).unwrap()
}

/// How many camera nodes the process has open.
fn held() -> usize {
    let fds = fs::read_dir("/proc/self/fd").unwrap().flatten();
    fds.filter(|fd| fs::read_link(fd.path()).is_ok_and(|p| p.to_string_lossy().starts_with("/dev/video"))).count()
}

/// A loopback camera with a picture, until it is dropped.
struct Feed {
    end: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

const WIDTH: u32 = 320;
const HEIGHT: u32 = 240;

impl Feed {
    /// Shows `picture(0)`, `picture(1)`, … ten times a second.
    fn start(node: &'static str, picture: impl Fn(u64) -> Vec<u8> + Send + 'static) -> Self {
        let device = Loopback::open(Path::new(node), (WIDTH, HEIGHT), PixelFormat::Rgb24, WIDTH * HEIGHT * 3).unwrap();
        device.write(&picture(0)).unwrap();
        let end = Arc::new(AtomicBool::new(false));
        let ended = end.clone();
        let show = move || {
            let mut count = 1;
            while !ended.load(Ordering::SeqCst) {
                let frame = Frame::new(WIDTH, HEIGHT, picture(count), Micros::now()).unwrap();
                device.show(&frame).unwrap();
                count += 1;
                thread::sleep(Duration::from_millis(100));
            }
        };
        Self { end, thread: Some(thread::spawn(show)) }
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        self.end.store(true, Ordering::SeqCst);
        self.thread.take().unwrap().join().unwrap();
    }
}

/// A room with somebody's face in the middle, its light divided by `by`, with a sensor's noise.
fn room(seed: u64, by: i32) -> Vec<u8> {
    with_noise(seed, move |x, y| {
        let face = x.abs_diff(160).pow(2) + y.abs_diff(120).pow(2) < 3600;
        if face { 170 / by } else { (120 - x as i32 / 4) / by }
    })
}

fn with_noise(seed: u64, light: impl Fn(u32, u32) -> i32) -> Vec<u8> {
    let mut state = seed.wrapping_mul(2).wrapping_add(1);
    let mut rgb = Vec::with_capacity((WIDTH * HEIGHT * 3) as usize);
    for i in 0..WIDTH * HEIGHT {
        for _ in 0..3 {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            rgb.push((light(i % WIDTH, i / WIDTH) + (state >> 33) as i32 % 7 - 3).clamp(0, 255) as u8);
        }
    }
    rgb
}

/// What is seen in each of `n` frames.
fn views(camera: &mut Camera, n: usize) -> Vec<View> {
    let mut judge = Judge::new();
    (0..n).map(|_| judge.judge(&camera.frame(LONG).unwrap())).collect()
}

/// Why it gives no more frames, which it must say before long.
fn failure(camera: &mut Camera, timeout: Duration) -> CameraError {
    (0..300).find_map(|_| camera.frame(timeout).err()).unwrap()
}

#[test]
#[ignore = "needs cameras: tests/vm/camera.sh"]
fn exactly_the_capture_nodes_are_listed() {
    // vivid alone has nodes for output, metadata and touch beside.
    let nodes = fs::read_dir("/sys/class/video4linux").unwrap().flatten();
    let video: Vec<_> = nodes.map(|n| n.file_name()).filter(|n| n.to_string_lossy().starts_with("video")).collect();
    assert!(video.len() >= 5, "{video:?}");
    let handles = || cameras().unwrap().into_iter().map(|c| c.handle).collect::<Vec<_>>();
    assert_eq!(handles(), ["/dev/video0"]);
    // A loopback that nobody feeds is an output.
    let feed = Feed::start(FRONT, |i| room(i, 1));
    assert_eq!(handles(), ["/dev/video0", FRONT]);
    drop(feed);
    assert_eq!(handles(), ["/dev/video0"]);
}

/// vivid's test picture: white, yellow, cyan, green, magenta, red, blue, black, at three quarters.
const BARS: [[u8; 3]; 8] =
    [[191, 191, 191], [191, 191, 0], [0, 191, 191], [0, 191, 0], [191, 0, 191], [191, 0, 0], [0, 0, 191], [0, 0, 0]];

#[test]
#[ignore = "needs cameras: tests/vm/camera.sh"]
fn frames_come_in_the_format_that_was_asked_for() {
    let mut webcam = open(&camera("vivid"));
    assert_eq!(webcam.size(), Some((640, 480)));
    let before = Micros::now();
    let frames: Vec<Frame> = (0..10).map(|_| webcam.frame(LONG).unwrap()).collect();
    for pair in frames.windows(2) {
        assert!(pair[0].taken_at() < pair[1].taken_at());
        assert!(pair[0].rgb() != pair[1].rgb());
    }
    assert!(frames[0].taken_at().0 + 1_000_000 > before.0 && frames[9].taken_at() <= Micros::now());
    let middle = &frames[9].rgb()[3 * 640 * 400..3 * 640 * 401];
    let bar = |i: usize| [middle[3 * (80 * i + 40)], middle[3 * (80 * i + 40) + 1], middle[3 * (80 * i + 40) + 2]];
    for (i, expected) in BARS.into_iter().enumerate() {
        let near = bar(i).into_iter().zip(expected).all(|(found, is)| found.abs_diff(is) <= 6);
        assert!(near, "bar {i}: {:?} instead of {expected:?}", bar(i));
    }
    assert_eq!(views(&mut webcam, 5), [View::Clear; 5]);
    drop(webcam);
    let small = Camera::open(&camera("vivid"), &Format { width: 320, height: 180, fps: 15 }, stop()).unwrap();
    assert_eq!(small.size(), Some((320, 180)));
}

#[test]
#[ignore = "needs cameras: tests/vm/camera.sh"]
fn a_camera_that_is_in_use_is_busy_at_once() {
    let info = camera("vivid");
    let mut first = open(&info);
    first.frame(LONG).unwrap();
    let error = Camera::open(&info, &Format::default(), stop()).err().unwrap();
    assert!(matches!(&error, CameraError::Busy { camera } if camera.contains("/dev/video0")), "{error}");
    assert!(error.fix().contains("close the program"));
}

#[test]
#[ignore = "needs cameras: tests/vm/camera.sh"]
fn it_is_let_go_when_another_program_opens_it() {
    let info = camera("vivid");
    let mut ours = open(&info);
    ours.frame(LONG).unwrap();
    let other = fs::OpenOptions::new().read(true).write(true).open(&info.handle).unwrap();
    let error = failure(&mut ours, LONG);
    assert!(matches!(error, CameraError::Wanted { .. }), "{error}");
    assert_eq!(ours.size(), None);
    assert!(matches!(ours.frame(LONG), Err(CameraError::Wanted { .. })));
    // We closed it, though the value still lives: the other one can use it.
    let mut theirs = open(&info);
    theirs.frame(LONG).unwrap();
    drop(other);
}

#[test]
#[ignore = "needs cameras: tests/vm/camera.sh"]
fn it_is_free_again_when_it_is_dropped() {
    let info = camera("vivid");
    for _ in 0..5 {
        let mut webcam = open(&info);
        webcam.frame(LONG).unwrap();
        assert_eq!(held(), 1);
        webcam.close();
        assert_eq!(held(), 0);
    }
}

#[test]
#[ignore = "needs cameras: tests/vm/camera.sh"]
fn a_stop_ends_a_wait_and_closes_it() {
    let feed = Feed::start(FRONT, |i| room(i, 1));
    let (info, stop) = (camera(FRONT), stop());
    let mut front = Camera::open(&info, &Format::default(), stop.clone()).unwrap();
    front.frame(LONG).unwrap();
    // No picture comes any more.
    drop(feed);
    let waiting = thread::spawn(move || (failure(&mut front, LONG * 2), front.size()));
    thread::sleep(Duration::from_millis(300));
    assert!(!waiting.is_finished());
    stop.request();
    assert_eq!(waiting.join().unwrap(), (CameraError::Stopped, None));
    assert_eq!(held(), 0);
}

#[test]
#[ignore = "needs cameras: tests/vm/camera.sh"]
fn a_camera_that_sends_nothing_times_out_and_stays_open() {
    let silent = Arc::new(AtomicBool::new(false));
    let device = Loopback::open(Path::new(FRONT), (WIDTH, HEIGHT), PixelFormat::Rgb24, WIDTH * HEIGHT * 3).unwrap();
    device.write(&room(0, 1)).unwrap();
    let mut front = open(&camera(FRONT));
    let error = failure(&mut front, Duration::from_secs(1));
    assert!(matches!(error, CameraError::TimedOut { .. }), "{error}");
    let ended = silent.clone();
    let feeding = thread::spawn(move || {
        while !ended.load(Ordering::SeqCst) {
            device.write(&room(1, 1)).unwrap();
            thread::sleep(Duration::from_millis(50));
        }
    });
    let frame = front.frame(LONG);
    silent.store(true, Ordering::SeqCst);
    feeding.join().unwrap();
    // The loopback changes no bit.
    assert!(frame.unwrap().rgb() == room(1, 1));
}

#[test]
#[ignore = "needs cameras: tests/vm/camera.sh"]
fn covered_dark_frozen_and_clear_are_told_apart() {
    type Picture = fn(u64) -> Vec<u8>;
    let cases: [(View, Picture); 4] = [
        (View::Clear, |i| room(i, 1)),
        (View::Dark, |i| room(i, 6)),
        (View::Covered, |i| with_noise(i, |_, _| 12)),
        (View::Frozen, |_| room(7, 1)),
    ];
    for (expected, picture) in cases {
        let _feed = Feed::start(FRONT, picture);
        let seen = views(&mut open(&camera(FRONT)), 25);
        // A picture that stands still takes a second to be told.
        assert!(seen[20..].iter().all(|view| *view == expected), "{expected:?}: {seen:?}");
        assert!(expected == View::Frozen || seen.iter().all(|view| *view == expected), "{expected:?}: {seen:?}");
    }
}

#[test]
#[ignore = "needs cameras: tests/vm/camera.sh"]
fn motion_jpeg_is_read() {
    let jpeg = include_bytes!("data/quarters.jpg");
    let device = Loopback::open(Path::new(FRONT), (64, 48), PixelFormat::Mjpeg, 64 * 48 * 3).unwrap();
    device.write(jpeg).unwrap();
    let mut front = open(&camera(FRONT));
    assert_eq!(front.size(), Some((64, 48)));
    let end = Arc::new(AtomicBool::new(false));
    let ended = end.clone();
    let feeding = thread::spawn(move || {
        while !ended.load(Ordering::SeqCst) {
            device.write(jpeg).unwrap();
            thread::sleep(Duration::from_millis(50));
        }
    });
    let frame = front.frame(LONG);
    end.store(true, Ordering::SeqCst);
    feeding.join().unwrap();
    let frame = frame.unwrap();
    for (x, y, colour) in [(8, 8, [255, 0, 0]), (56, 8, [0, 255, 0]), (8, 40, [0, 0, 255]), (56, 40, [255, 255, 255])] {
        let pixel = &frame.rgb()[3 * (y * 64 + x)..][..3];
        assert!(pixel.iter().zip(colour).all(|(found, is): (&u8, u8)| found.abs_diff(is) <= 4), "{x}, {y}: {pixel:?}");
    }
}

#[test]
#[ignore = "needs cameras: tests/vm/camera.sh"]
fn virtual_cameras_and_a_changed_one_are_recognised() {
    let any = Wish { allow_virtual: true, ..Wish::default() };
    let _front = Feed::start(FRONT, |i| room(i, 1));
    let found = cameras().unwrap();
    let vivid = camera("vivid");
    assert_eq!(vivid.made_by_program, Some(VirtualReason::Driver("vivid".into())));
    let loopback = camera(FRONT);
    assert_eq!((loopback.identity.card.as_str(), loopback.identity.usb.as_ref()), ("Front", None));
    let reason = loopback.made_by_program.clone().unwrap();
    assert!(matches!(reason, VirtualReason::Driver(_)), "{reason}");
    assert!(matches!(choose(&found, &Wish::default()), Err(CameraError::OnlyVirtual { .. })));

    // The one that was used last is taken, and missed when another is in its place.
    let known = Wish { known: Some(loopback.identity.clone()), ..any.clone() };
    let chosen = choose(&found, &known).unwrap();
    assert_eq!((chosen.camera, chosen.doubts), (loopback.clone(), vec![Doubt::Virtual(reason.clone())]));
    let _back = Feed::start(BACK, |i| room(i, 1));
    let others: Vec<CameraInfo> = vec![camera(BACK)];
    let changed = vec![Doubt::Virtual(reason), Doubt::Changed { known: loopback.identity.clone() }];
    assert_eq!(choose(&others, &known).unwrap().doubts, changed);
    let named = Wish { wanted: Some(vivid.identity.name()), ..any };
    assert_eq!(choose(&cameras().unwrap(), &named).unwrap().camera, vivid);

    // A node that another camera got since is not opened.
    let stale = CameraInfo { handle: vivid.handle, ..loopback };
    let error = Camera::open(&stale, &Format::default(), stop()).err().unwrap();
    assert!(matches!(error, CameraError::Unplugged { .. }), "{error}");
}

#[test]
#[ignore = "needs cameras: tests/vm/camera.sh"]
fn an_ordinary_user_without_the_right_is_told() {
    let info = camera("vivid");
    let (listed, opened) = as_nobody(|| (cameras(), Camera::open(&info, &Format::default(), stop()).err()));
    let error = listed.unwrap_err();
    // What it is called is known all the same.
    assert!(matches!(&error, CameraError::PermissionDenied { camera } if camera.contains("vivid")), "{error}");
    assert!(error.fix().contains("group `video`"));
    assert!(matches!(opened, Some(CameraError::PermissionDenied { .. })), "{opened:?}");
}

#[test]
#[ignore = "needs cameras: tests/vm/camera.sh"]
fn a_camera_that_is_pulled_out_is_gone_and_comes_back() {
    let info = camera("vivid");
    let mut webcam = open(&info);
    webcam.frame(LONG).unwrap();
    let pulling = thread::spawn(|| {
        thread::sleep(Duration::from_millis(300));
        PulledOut::now()
    });
    let error = failure(&mut webcam, LONG);
    assert!(matches!(&error, CameraError::Unplugged { camera } if camera.contains("/dev/video0")), "{error}");
    let pulled_out = pulling.join().unwrap();
    assert_eq!(cameras().unwrap(), []);
    assert_eq!(choose(&cameras().unwrap(), &Wish::default()).unwrap_err(), CameraError::NoneFound);
    let error = Camera::open(&info, &Format::default(), stop()).err().unwrap();
    assert!(matches!(error, CameraError::Unplugged { .. }), "{error}");
    drop(webcam);
    drop(pulled_out);
    let again = camera("vivid");
    assert_eq!(again.identity.compared_with(&info.identity), Sameness::Same);
    open(&again).frame(LONG).unwrap();
}

/// vivid's device without its driver, until it is dropped.
struct PulledOut;

impl PulledOut {
    fn now() -> Self {
        Self::driver("unbind");
        Self
    }

    fn driver(what: &str) {
        fs::write(format!("/sys/bus/platform/drivers/vivid/{what}"), "vivid.0").unwrap();
    }
}

impl Drop for PulledOut {
    fn drop(&mut self) {
        Self::driver("bind");
    }
}

/// On any machine.
#[test]
fn what_is_no_camera_is_not_opened() {
    let identity = CameraIdentity { driver: "none".into(), card: "none".into(), place: "none".into(), usb: None };
    let none = |handle: &str| CameraInfo {
        identity: identity.clone(),
        handle: handle.into(),
        made_by_program: None,
        readable: true,
    };
    let opened = |handle| Camera::open(&none(handle), &Format::default(), stop()).err().unwrap();
    let error = opened("/dev/null");
    assert!(matches!(error, CameraError::System { what: "asking what it is", .. }), "{error}");
    let error = opened("/nowhere/video0");
    assert!(matches!(error, CameraError::Unplugged { .. }), "{error}");
}
