//! A security key that the kernel takes for one on USB, through `/dev/uhid`: CTAPHID and CTAP 2.0 as far as clients need them here,
//! over the keys of [`SoftKey`].

use ciborium::Value;
use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::{JoinHandle, sleep};
use std::time::{Duration, Instant};
use stillyou_stage::SoftKey;

/// Of `linux/uhid.h`.
const DESTROY: u32 = 1;
const OUTPUT: u32 = 6;
const CREATE2: u32 = 11;
const INPUT2: u32 = 12;
const DATA_MAX: usize = 4096;
const EVENT: usize = 4 + 128 + 64 + 64 + 2 + 2 + 4 * 4 + DATA_MAX;

/// CTAP 2.1, section 11.2.8.1: usage page 0xF1D0, reports of 64 bytes in and out.
const REPORTS: [u8; 34] = [
    0x06, 0xd0, 0xf1, 0x09, 0x01, 0xa1, 0x01, 0x09, 0x20, 0x15, 0x00, 0x26, 0xff, 0x00, 0x75, 0x08, 0x95, 0x40, 0x81,
    0x02, 0x09, 0x21, 0x15, 0x00, 0x26, 0xff, 0x00, 0x75, 0x08, 0x95, 0x40, 0x91, 0x02, 0xc0,
];
const PACKET: usize = 64;
/// Commands of CTAPHID, section 11.2.9.
const INIT: u8 = 0x86;
const CBOR: u8 = 0x90;
const KEEPALIVE: u8 = 0xbb;
const ERROR: u8 = 0xbf;

/// A key that is plugged in.
pub struct UsbKey {
    soft: Arc<Mutex<SoftKey>>,
    node: PathBuf,
    end: Arc<AtomicBool>,
    plugged: Option<JoinHandle<()>>,
}

impl UsbKey {
    /// Plugs a new key in, and waits until there is a device for it. Nobody but root may open that.
    pub fn plug_in() -> Self {
        let before = nodes();
        let mut uhid = File::options()
            .read(true)
            .write(true)
            .custom_flags(rustix::fs::OFlags::NONBLOCK.bits() as i32)
            .open("/dev/uhid")
            .unwrap();
        uhid.write_all(&created()).unwrap();
        let (soft, end) = (Arc::new(Mutex::new(SoftKey::default())), Arc::new(AtomicBool::new(false)));
        let (key, ended) = (soft.clone(), end.clone());
        let plugged = std::thread::spawn(move || {
            let mut link = Link { uhid, soft: key, asked: None };
            while !ended.load(Relaxed) {
                link.step();
            }
            link.uhid.write_all(&DESTROY.to_ne_bytes()).unwrap();
        });
        let deadline = Instant::now() + Duration::from_secs(20);
        loop {
            if let Some(node) = nodes().into_iter().find(|node| !before.contains(node)) {
                return Self { soft, node, end, plugged: Some(plugged) };
            }
            assert!(Instant::now() < deadline, "no /dev/hidraw came of it");
            sleep(Duration::from_millis(50));
        }
    }

    /// Lets everybody open the device, as a udev rule lets whoever sits there.
    pub fn let_everybody(&self) {
        std::fs::set_permissions(&self.node, PermissionsExt::from_mode(0o666)).unwrap();
    }

    /// Its keys, and what it says of itself.
    pub fn soft(&self) -> MutexGuard<'_, SoftKey> {
        self.soft.lock().unwrap()
    }

    pub fn unplug(mut self) {
        self.end.store(true, Relaxed);
        self.plugged.take().unwrap().join().unwrap();
        let deadline = Instant::now() + Duration::from_secs(20);
        while self.node.exists() {
            assert!(Instant::now() < deadline, "{} stays", self.node.display());
            sleep(Duration::from_millis(50));
        }
    }
}

fn nodes() -> Vec<PathBuf> {
    let all = std::fs::read_dir("/dev").unwrap().map(|entry| entry.unwrap().path());
    all.filter(|path| path.file_name().unwrap().to_string_lossy().starts_with("hidraw")).collect()
}

/// `struct uhid_event` with `struct uhid_create2_req`.
fn created() -> Vec<u8> {
    let mut event = CREATE2.to_ne_bytes().to_vec();
    let mut name = b"StillYou test key".to_vec();
    // The name, where it is plugged in, its serial number.
    name.resize(128 + 64 + 64, 0);
    event.extend(name);
    event.extend((REPORTS.len() as u16).to_ne_bytes());
    // BUS_USB, and numbers for tests (pid.codes).
    event.extend(3u16.to_ne_bytes());
    for number in [0x1209u32, 0x0001, 1, 0] {
        event.extend(number.to_ne_bytes());
    }
    event.extend(REPORTS);
    event.resize(EVENT, 0);
    event
}

/// What was asked so far: the channel, the command, how long it is, its bytes.
type Asked = (u32, u8, usize, Vec<u8>);

struct Link {
    uhid: File,
    soft: Arc<Mutex<SoftKey>>,
    asked: Option<Asked>,
}

impl Link {
    fn step(&mut self) {
        let mut event = [0; EVENT];
        match self.uhid.read(&mut event) {
            Ok(_) => {}
            Err(e) if e.kind() == ErrorKind::WouldBlock => return sleep(Duration::from_millis(5)),
            Err(e) => panic!("/dev/uhid: {e}"),
        }
        if u32::from_ne_bytes(event[..4].try_into().unwrap()) != OUTPUT {
            return;
        }
        let size = u16::from_ne_bytes(event[4 + DATA_MAX..6 + DATA_MAX].try_into().unwrap()) as usize;
        // The number of the report comes first, where the kernel leaves it.
        let packet = &event[4..4 + size];
        self.packet(&packet[size - PACKET..]);
    }

    fn packet(&mut self, packet: &[u8]) {
        let channel = u32::from_be_bytes(packet[..4].try_into().unwrap());
        if packet[4] & 0x80 != 0 {
            let length = usize::from(u16::from_be_bytes([packet[5], packet[6]]));
            self.asked = Some((channel, packet[4], length, packet[7..].to_vec()));
        } else if let Some((_, _, _, bytes)) = &mut self.asked {
            bytes.extend(&packet[5..]);
        }
        let Some((channel, command, length, mut bytes)) =
            self.asked.take_if(|(.., length, bytes)| bytes.len() >= *length)
        else {
            return;
        };
        bytes.truncate(length);
        match command {
            INIT => {
                // Its nonce, a channel, version 2 of the protocol, the device's version, what it can: CBOR and no U2F.
                let said = [&bytes[..], &[0, 0, 0, 7], &[2, 1, 0, 0], &[0x0c]].concat();
                self.say(channel, INIT, &said);
            }
            CBOR => {
                // It waits for a finger.
                self.say(channel, KEEPALIVE, &[2]);
                let said = ctap(&mut self.soft.lock().unwrap(), &bytes);
                self.say(channel, CBOR, &said.unwrap_or_else(|status| vec![status]));
            }
            _ => self.say(channel, ERROR, &[1]),
        }
    }

    fn say(&mut self, channel: u32, command: u8, bytes: &[u8]) {
        let (first, rest) = bytes.split_at(bytes.len().min(PACKET - 7));
        let mut head = vec![command];
        head.extend((bytes.len() as u16).to_be_bytes());
        let mut packets = vec![[&head[..], first].concat()];
        for (number, part) in rest.chunks(PACKET - 5).enumerate() {
            packets.push([&[number as u8], part].concat());
        }
        for packet in packets {
            let mut report = [&channel.to_be_bytes()[..], &packet].concat();
            report.resize(PACKET, 0);
            let event = [&INPUT2.to_ne_bytes()[..], &(PACKET as u16).to_ne_bytes(), &report].concat();
            self.uhid.write_all(&event).unwrap();
        }
    }
}

/// An answer, or a status of CTAP 2.1, section 8.2.
fn ctap(soft: &mut SoftKey, bytes: &[u8]) -> Result<Vec<u8>, u8> {
    let (command, parameters) = (bytes[0], &bytes[1..]);
    let asked = || ciborium::from_reader::<Value, _>(parameters).map_err(|_| 0x12);
    let text = |text: &str| Value::from(text);
    let said = match command {
        // authenticatorGetInfo
        0x04 => {
            let options = ["rk", "up", "uv"].map(|name| (text(name), Value::from(name != "rk")));
            vec![
                (1.into(), Value::Array(vec![text("FIDO_2_0")])),
                (3.into(), Value::from(vec![0u8; 16])),
                (4.into(), Value::Map(options.to_vec())),
            ]
        }
        // authenticatorMakeCredential
        0x01 => {
            let asked = asked()?;
            let rp = of(&asked, 2).and_then(|rp| named(rp, "id")).and_then(Value::as_text).ok_or(0x14)?;
            if soft.has_one_of(rp, &ids(of(&asked, 5))) {
                return Err(0x19);
            }
            let made = soft.make(rp).unwrap();
            vec![(1.into(), text("none")), (2.into(), made.into()), (3.into(), Value::Map(Vec::new()))]
        }
        // authenticatorGetAssertion
        0x02 => {
            let asked = asked()?;
            let rp = of(&asked, 1).and_then(Value::as_text).ok_or(0x14)?;
            let hash = of(&asked, 2).and_then(Value::as_bytes).ok_or(0x14)?;
            let signed = soft.sign(rp, hash, &ids(of(&asked, 3))).unwrap().ok_or(0x2e)?;
            let id = Value::Map(vec![(text("id"), signed.id.into()), (text("type"), text("public-key"))]);
            vec![(1.into(), id), (2.into(), signed.authenticator_data.into()), (3.into(), signed.signature.into())]
        }
        _ => return Err(0x01),
    };
    let mut answer = vec![0];
    ciborium::into_writer(&Value::Map(said), &mut answer).unwrap();
    Ok(answer)
}

fn of(map: &Value, key: i64) -> Option<&Value> {
    map.as_map()?.iter().find(|(k, _)| *k == Value::from(key)).map(|(_, value)| value)
}

fn named<'a>(map: &'a Value, name: &str) -> Option<&'a Value> {
    map.as_map()?.iter().find(|(k, _)| k.as_text() == Some(name)).map(|(_, value)| value)
}

/// The ids in a list of credentials.
fn ids(list: Option<&Value>) -> Vec<Vec<u8>> {
    let list = list.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    list.iter().filter_map(|entry| named(entry, "id")?.as_bytes().cloned()).collect()
}
