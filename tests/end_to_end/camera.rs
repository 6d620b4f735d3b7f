//! A face before a real camera device. Only in the machine of `tests/vm` (`./x test --full`), which has one to feed.

use crate::desk::{Desk, POLICY, eventually};
use crate::privacy::files;
use crate::puppet::{CANARY, Head, Hold, NODE, Puppet};
use crate::tray;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread::sleep;
use std::time::{Duration, Instant};
use stillyou_recordings::typist::Typist;
use stillyou_sense::camera::{Camera, Format, cameras};
use stillyou_sense::keyboard::inject::XtestTypist;
use stillyou_sense::source::Stop;
use stillyou_stage::Panel;

/// Live checks of the owner, of which one must pass.
const TRIES: usize = 10;

/// Asks for a live check.
const CHECK: [&str; 3] = ["verify", "--with", "face"];

/// How the canary is kept in `bytes`, if it is: as bytes, as its brightness, or as the numbers that networks take.
pub fn canary_in(bytes: &[u8]) -> Option<&'static str> {
    let floats = |of: fn(u8) -> f32| CANARY[..24].iter().flat_map(|b| of(*b).to_le_bytes()).collect::<Vec<u8>>();
    let blues: Vec<u8> = CANARY.as_chunks::<3>().0.iter().flat_map(|[r, g, b]| [*b, *g, *r]).collect();
    let luma = |p: &[u8; 3]| ((77 * u32::from(p[0]) + 150 * u32::from(p[1]) + 29 * u32::from(p[2])) >> 8) as u8;
    let forms = [
        ("bytes", CANARY[..24].to_vec()),
        ("bytes, blue first", blues[..24].to_vec()),
        ("brightness", CANARY.as_chunks::<3>().0.iter().map(luma).collect()),
        ("floats", floats(f32::from)),
        ("floats up to 1", floats(|b| f32::from(b) / 255.0)),
    ];
    forms.into_iter().find(|(_, form)| bytes.windows(form.len()).any(|w| w == form)).map(|(name, _)| name)
}

impl Desk {
    /// All that is kept of what happened on it: the log, the keyring's secrets, the user's files and the memory of both
    /// processes.
    pub fn kept(&self, log: &Path) -> Vec<(String, Vec<u8>)> {
        let mut seen = vec![("the log".into(), std::fs::read(log).unwrap())];
        seen.push(("the keyring's secrets".into(), self.keyring_secrets()));
        for folder in ["/tmp", "/var/tmp", "/dev/shm"].map(PathBuf::from).into_iter().chain(self.folders()) {
            files(&self.stage.outside(folder), self.stage.user().id, &mut seen);
        }
        seen.extend(self.memory().into_iter().map(|piece| ("memory".to_owned(), piece)));
        seen
    }

    /// Looks on record that compared a face.
    fn looks(&self) -> Vec<String> {
        let compared = |line: &&str| line.starts_with("look ") && line.contains("compared");
        self.ledger().lines().filter(compared).map(str::to_owned).collect()
    }

    /// Puts the networks of `folder` where an agent looks for them when it starts.
    fn has_networks_against_attacks(&self, folder: &Path) {
        for network in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            let to = Path::new(".local/share/stillyou/models/pad").join(network.file_name().unwrap());
            assert!(self.stage.command("mkdir").arg("-p").arg(self.stage.home().join(&to)).status().unwrap().success());
            for file in std::fs::read_dir(network).unwrap().map(|entry| entry.unwrap().path()) {
                let name = to.join(file.file_name().unwrap());
                self.stage.write(name.to_str().unwrap(), &std::fs::read(file).unwrap()).unwrap();
            }
        }
    }
}

#[test]
fn the_canary_is_found_however_it_is_kept() {
    let kept = |form: &[u8]| canary_in(&[&[9; 1000], form, &[9; 1000]].concat());
    assert_eq!((kept(&CANARY), kept(&CANARY[1..])), (Some("bytes"), None));
    let grey = [134, 117, 126, 147, 104, 122, 135, 157, 83, 115, 128, 151, 108, 115, 137, 140];
    assert_eq!((kept(&grey), kept(&grey[1..])), (Some("brightness"), None));
    assert_eq!(kept(&CANARY.map(f32::from).map(f32::to_le_bytes).concat()), Some("floats"));
}

/// What `stillyou` says of a request while the puppet does what the agent asks its person to.
fn led(desk: &Desk, puppet: &Puppet, request: &[&str]) -> (bool, String) {
    let over = AtomicBool::new(false);
    puppet.hold(Hold::Ahead);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(Relaxed) {
                let status = desk.status();
                let (hint, check) = (&status["camera"]["enrolment"]["hint"], &status["live_check"]["progress"]);
                let wanted = match (hint["pose"].as_str(), check["state"].as_str(), check["act"].as_str()) {
                    (Some("ahead"), ..) | (_, Some("look-ahead"), _) => Some(Hold::Ahead),
                    (Some("left"), ..) | (.., Some("turn-left")) => Some(Hold::Left),
                    (Some("right"), ..) | (.., Some("turn-right")) => Some(Hold::Right),
                    (Some("up"), ..) | (.., Some("look-up")) => Some(Hold::Up),
                    (Some("down"), ..) => Some(Hold::Down),
                    (.., Some("blink")) => Some(Hold::Blink),
                    // Still, or nothing to do yet.
                    _ => None,
                };
                wanted.into_iter().for_each(|hold| puppet.hold(hold));
                sleep(Duration::from_millis(100));
            }
        });
        let answer = desk.stillyou(request);
        over.store(true, Relaxed);
        puppet.hold(Hold::Recorded);
        answer
    })
}

/// The recorded head never closes its eyes, so a check that asks for that fails, and the next one may not.
fn the_owner_passes_a_check(desk: &Desk, puppet: &Puppet) {
    let passed = (0..TRIES).any(|_| {
        let (passed, said) = led(desk, puppet, &CHECK);
        println!("the owner: {}", said.trim().replace('\n', "; "));
        passed
    });
    assert!(passed, "no live check of {TRIES} passed");
}

#[test]
#[ignore = "needs clips of two people: `./x test --full`"]
fn the_clips_hold_every_pose() {
    let faces = PathBuf::from(std::env::var_os("STILLYOU_FACES").expect("STILLYOU_FACES names a folder of clips"));
    let head = Head::read(&faces.join("owner"));
    let best = |hold| head.held(head.holding(hold)[0]).unwrap();
    for hold in [Hold::Ahead, Hold::Left, Hold::Right, Hold::Up, Hold::Down, Hold::Blink] {
        println!("{hold:?}: {:?}", head.holding(hold).into_iter().map(|place| head.held(place)).collect::<Vec<_>>());
    }
    assert!(best(Hold::Left).0 > 12.0 && best(Hold::Right).0 < -12.0);
    assert!(best(Hold::Up).1 > 8.0 && best(Hold::Down).1 < -5.0);
}

#[test]
#[ignore = "needs the loopback camera of the test machine, and clips of two people: `./x test --full`"]
fn the_tray_says_that_the_camera_is_on_as_long_as_its_light_is() {
    let faces = PathBuf::from(std::env::var_os("STILLYOU_FACES").expect("STILLYOU_FACES names a folder of clips"));
    let puppet = Puppet::play(Arc::new(Head::read(&faces.join("owner"))));
    puppet.hold(Hold::Ahead);
    let policy = POLICY.replace("fresh_seconds = 5", "fresh_seconds = 60");
    let desk = Desk::under_with_the_app(&format!("{policy}\n[camera]\ntrust_virtual = true\n"));
    let panel = Panel::on(&desk.stage).unwrap();
    let app = tray::start(&desk);
    let icon = panel.icon().unwrap();
    tray::says(&icon, "StillYou: not learnt yet");
    let dark = icon.picture().unwrap();
    assert!(desk.verify(&desk.stage.user().password));
    assert!(desk.stillyou(&["sensor", "face", "on"]).0);
    // A camera's light is on while somebody but the feeder holds it.
    let light = || {
        let holders = std::process::Command::new("fuser").arg(NODE).output().unwrap();
        String::from_utf8_lossy(&holders.stdout).split_whitespace().count() > 1
    };
    let says_so = || icon.tooltip().unwrap().contains("the camera is on");
    assert!(!light() && !says_so());

    let mut enrol = desk.stage.command("stillyou");
    let mut enrol = enrol.args(["enroll", "--face"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    eventually("the tray says that the camera is on", says_so);
    assert_ne!(icon.picture().unwrap(), dark);
    for _ in 0..10 {
        let said = says_so();
        assert!(light() && said, "light {}, tray: {}", light(), icon.tooltip().unwrap());
        sleep(Duration::from_millis(300));
    }
    assert!(desk.stillyou(&["sensor", "face", "off"]).0);
    eventually("the camera's light is off", || !light());
    eventually("the tray no longer says that it is on", || !says_so());
    enrol.wait().unwrap();
    tray::end(app);
}

#[test]
#[ignore = "needs the loopback camera of the test machine, and clips of two people: `./x test --full`"]
fn no_pixel_is_left_anywhere_once_the_camera_is_off() {
    let faces = PathBuf::from(std::env::var_os("STILLYOU_FACES").expect("STILLYOU_FACES names a folder of clips"));
    let owner = Puppet::play(Arc::new(Head::read(&faces.join("owner"))));
    // The canary survives the camera's driver and comes to whoever looks.
    let camera = cameras().unwrap().into_iter().find(|c| c.to_string().contains(NODE)).unwrap();
    let mut open = Camera::open(&camera, &Format::default(), Stop::new().unwrap()).unwrap();
    let frame = open.frame(Duration::from_secs(10)).unwrap();
    assert_eq!(canary_in(frame.rgb()), Some("bytes"));
    open.close();

    let log = tempfile::NamedTempFile::new().unwrap();
    // The typing ends, and then looks come every few seconds.
    let policy = format!(
        "{POLICY}\n[governance.factors.lower_protection]\nany_of = [\"password\", \"face\"]\n[hazard]\nidle_after_s = 5\n[camera]\n\
         trust_virtual = true\nact_seconds = 10\naudit_minutes = 1\npresence_seconds = 5\nseconds_per_hour = 3600\nlook_seconds = 20\n"
    );
    let desk = Desk::under_logging_to(&policy, log.path());
    let mut watcher = desk.stage.command("stillyou");
    let watched = tempfile::NamedTempFile::new().unwrap();
    let mut watcher = watcher.args(["status", "--watch", "--json"]).stdout(watched.reopen().unwrap()).spawn().unwrap();
    assert!(desk.verify(&desk.stage.user().password));
    let (passed, said) = led(&desk, &owner, &["enroll", "--face"]);
    assert!(passed, "{said}");
    let (passed, said) = led(&desk, &owner, &CHECK);
    println!("live check passed: {passed}, {said}");
    desk.enrol();
    owner.hold(Hold::Ahead);
    desk.eventually("a look compares the face", |_| !desk.looks().is_empty());
    assert!(desk.verify(&desk.stage.user().password));
    assert!(desk.stillyou(&["sensor", "face", "off"]).0);
    desk.eventually("the camera is off", |status| status["camera"]["on"] == false);
    watcher.kill().unwrap();
    watcher.wait().unwrap();
    let watched = std::fs::read(watched.path()).unwrap();
    let said = String::from_utf8_lossy(&watched);
    let outlines = said.matches("\"lines\":[[").count();
    assert!(outlines > 7, "the watcher saw {outlines} outlines");
    assert!(said.contains("\"live_check\":{"), "the watcher saw no live check");
    assert_eq!(canary_in(&watched), None, "status --watch");
    // What a last look saw is thought about for a moment after the camera is off.
    let thought = Instant::now() + Duration::from_secs(3);
    let left = loop {
        let over = Instant::now() > thought;
        let mut seen = desk.kept(log.path()).into_iter();
        let left = seen.find_map(|(name, bytes)| Some((name, bytes.len(), canary_in(&bytes)?)));
        if left.is_none() || over {
            break left;
        }
    };
    assert_eq!(left, None, "where, of how many bytes, and how");
}

#[test]
#[ignore = "needs the loopback camera, clips, and the networks against pictures and screens: `./x test --full`"]
fn a_phone_that_shows_the_owner_is_taken_for_a_screen() {
    let faces = PathBuf::from(std::env::var_os("STILLYOU_FACES").expect("STILLYOU_FACES names a folder of clips"));
    let networks = PathBuf::from(std::env::var_os("STILLYOU_PAD").expect("STILLYOU_PAD names a folder of networks"));
    let policy = format!(
        "{}\n[governance.factors.lower_protection]\nany_of = [\"password\", \"face\"]\n[camera]\nmode = \"on\"\n\
         trust_virtual = true\nact_seconds = 20\naudit_minutes = 1\npresence_seconds = 5\nseconds_per_hour = 3600\nlook_seconds = 20\n\
         [hazard]\nidle_after_s = 5\n",
        POLICY.replace("[step_up]", "[step_up]\ntries = 10")
    );
    let mut desk = Desk::under(&policy);
    assert_eq!(desk.status()["camera"]["pad"]["pad"], "missing");
    desk.has_networks_against_attacks(&networks);
    desk.quit();
    desk.start();
    assert_eq!(desk.status()["camera"]["pad"]["pad"], "ready");

    let [owner, phone] = ["owner", "phone"].map(|name| Arc::new(Head::read(&faces.join(name))));
    let puppet = Puppet::play(owner);
    assert!(desk.verify(&desk.stage.user().password));
    let (passed, said) = led(&desk, &puppet, &["enroll", "--face"]);
    assert!(passed && said.contains("your face is known from 7 pictures"), "{said}");
    the_owner_passes_a_check(&desk, &puppet);
    desk.enrol();
    let takes_for_an_attack = |look: &String| look.contains("looks like a picture or a screen");
    let looks = |count: usize| {
        let (before, end) = (desk.looks().len(), Instant::now() + Duration::from_secs(300));
        while desk.looks().len() < before + count {
            assert!(Instant::now() < end, "too few looks: {}\n{}", desk.status(), desk.ledger());
            sleep(Duration::from_secs(1));
        }
        desk.looks().split_off(before)
    };
    // The networks take people for pictures now and then.
    let living = looks(3);
    println!("the owner: {living:#?}");
    assert!(living.iter().filter(|look| takes_for_an_attack(look)).count() < 2);
    puppet.swap(phone);
    let (passed, said) = led(&desk, &puppet, &CHECK);
    println!("a phone: {}", said.trim().replace('\n', "; "));
    assert!(!passed, "a phone passed: {said}");
    let shown = looks(3);
    println!("a phone: {shown:#?}");
    assert!(shown.iter().all(takes_for_an_attack));
}

#[test]
#[ignore = "needs the loopback camera of the test machine, and clips of two people: `./x test --full`"]
fn a_face_that_is_swapped_for_another_takes_the_score_down() {
    let faces = PathBuf::from(std::env::var_os("STILLYOU_FACES").expect("STILLYOU_FACES names a folder of clips"));
    // Typing says nothing here, so that the face alone moves the score.
    let policy = format!(
        "{}\n[governance.factors.lower_protection]\nany_of = [\"password\", \"face\"]\n[evidence.keystroke]\ncap_nats = 0.0\nweak = false\n[camera]\nmode = \"on\"\ntrust_virtual = true\nact_seconds = 60\n\
         audit_minutes = 1\nseconds_per_hour = 3600\nlook_seconds = 20\n[hazard]\nidle_after_s = 600\n",
        POLICY.replace("[step_up]", "[step_up]\ntries = 10")
    );
    let heads = ["owner", "stranger"].map(|name| Arc::new(Head::read(&faces.join(name))));
    let puppet = Puppet::play(heads[0].clone());
    let desk = Desk::under(&policy);
    assert!(desk.verify(&desk.stage.user().password));
    let (passed, said) = led(&desk, &puppet, &["enroll", "--face"]);
    assert!(passed && said.contains("your face is known from 7 pictures"), "{said}");
    println!("enrolled: {said}");
    let (_, stored) = desk.stillyou(&["stored"]);
    assert!(stored.contains("face, 7 pictures"), "{stored}");
    the_owner_passes_a_check(&desk, &puppet);
    puppet.swap(heads[1].clone());
    let (passed, said) = led(&desk, &puppet, &CHECK);
    assert!(!passed, "a stranger passed: {said}");
    println!("a stranger: {}", said.trim().replace('\n', "; "));
    puppet.swap(heads[0].clone());
    assert!(desk.verify(&desk.stage.user().password));
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
        let wait = |what: &str, check: &dyn Fn(&serde_json::Value) -> bool| {
            let end = Instant::now() + Duration::from_secs(400);
            while !check(&desk.status()) {
                assert!(Instant::now() < end, "{what}: {}\n{}", desk.status(), desk.ledger());
                sleep(Duration::from_secs(1));
            }
        };
        wait("the owner's face is compared", &|_| !desk.looks().is_empty());
        let before = desk.status();
        println!("the owner: score {}", before["score"]);
        assert!(before["score"].as_f64().unwrap() > 75.0, "{before}");
        puppet.swap(heads[1].clone());
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
