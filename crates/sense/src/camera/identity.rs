//! Which camera it is, and whether there is a device behind it.

use serde::{Deserialize, Serialize};
use std::fmt;

/// By what a camera is known again: what its driver says of it, and USB's numbers where it hangs on USB. Any of it can be
/// made up by a device or a driver that wants to: it finds mistakes and cheap tricks, and proves nothing.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CameraIdentity {
    /// The driver (`uvcvideo`; `avfoundation` and `msmf` on macOS and Windows).
    pub driver: String,
    /// What the device calls itself.
    pub card: String,
    /// Where it is plugged in, in the system's words (`usb-0000:00:14.0-4`).
    pub place: String,
    /// Its numbers on USB.
    pub usb: Option<UsbIdentity>,
}

/// What a USB device says it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UsbIdentity {
    /// `idVendor`.
    pub vendor: u16,
    /// `idProduct`.
    pub product: u16,
    /// The serial number, where it has one. Many webcams of one model share theirs.
    pub serial: Option<String>,
}

/// How a camera compares with one that was known before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sameness {
    /// The same, as far as it says.
    Same,
    /// The same model at another place, without a serial number: it may be another one.
    Moved,
    /// Another.
    Another,
}

impl CameraIdentity {
    /// How this one compares with `known`.
    pub fn compared_with(&self, known: &CameraIdentity) -> Sameness {
        let (CameraIdentity { usb: Some(usb), .. }, CameraIdentity { usb: Some(known_usb), .. }) = (self, known) else {
            return if self == known { Sameness::Same } else { Sameness::Another };
        };
        let model = usb == known_usb && (&self.driver, &self.card) == (&known.driver, &known.card);
        match (model, self.place == known.place || usb.serial.is_some()) {
            (false, _) => Sameness::Another,
            (true, true) => Sameness::Same,
            (true, false) => Sameness::Moved,
        }
    }

    /// The name under which policy can demand this camera; see [`Self::is`].
    pub fn name(&self) -> String {
        match &self.usb {
            Some(UsbIdentity { vendor, product, serial: Some(serial) }) => {
                format!("usb:{vendor:04x}:{product:04x}:{serial}")
            }
            Some(UsbIdentity { vendor, product, serial: None }) => format!("usb:{vendor:04x}:{product:04x}"),
            None => format!("{}:{}", self.driver, self.card),
        }
    }

    /// Whether `name` names this camera: by its whole [name](Self::name), or by `usb:VENDOR:PRODUCT` without the serial.
    pub fn is(&self, name: &str) -> bool {
        let model = self.usb.as_ref().map(|usb| format!("usb:{:04x}:{:04x}", usb.vendor, usb.product));
        name == self.name() || model.is_some_and(|model| name == model)
    }
}

impl fmt::Display for CameraIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.card, self.name())
    }
}

/// By what a camera is known to be virtual: its picture comes from a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VirtualReason {
    /// The system knows no device behind it.
    NoDevice,
    /// Its driver makes cameras for programs and tests.
    Driver(String),
    /// It is on a USB controller that is a program.
    EmulatedUsb(String),
    /// It calls itself as a program does that makes cameras.
    Name(String),
}

impl fmt::Display for VirtualReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            VirtualReason::NoDevice => write!(f, "no device is behind it"),
            VirtualReason::Driver(driver) => write!(f, "its driver {driver} makes cameras for programs"),
            VirtualReason::EmulatedUsb(controller) => write!(f, "its USB controller {controller} is a program"),
            VirtualReason::Name(name) => write!(f, "it calls itself as {name} does"),
        }
    }
}

/// Programs that make cameras, in lower case, by a part of what their cameras are called.
const PROGRAMS: [&str; 14] = [
    "obs virtual",
    "obs-camera",
    "manycam",
    "snap camera",
    "xsplit",
    "nvidia broadcast",
    "droidcam",
    "iriun",
    "epoccam",
    "mmhmm",
    "camtwist",
    "e2esoft",
    "splitcam",
    "virtual",
];

impl VirtualReason {
    /// What the name of a camera tells, where the system tells nothing better.
    pub(super) fn of_name(card: &str) -> Option<Self> {
        let card = card.to_lowercase();
        PROGRAMS.iter().find(|program| card.contains(*program)).map(|program| VirtualReason::Name((*program).into()))
    }
}

/// The numbers on USB in what macOS (`VendorID_1133 ProductID_2085`) and Windows (`vid_046d&pid_0825`) call a camera.
#[cfg(any(target_os = "macos", windows, test))]
pub(super) fn usb_of_text(text: &str) -> Option<UsbIdentity> {
    let text = text.to_lowercase();
    let number = |name: &str, radix| {
        let rest = text.split_once(name)?.1;
        let end = rest.find(|c: char| !c.is_digit(radix)).unwrap_or(rest.len());
        u16::from_str_radix(&rest[..end], radix).ok()
    };
    let vendor = number("vid_", 16).or_else(|| number("vendorid_", 10))?;
    let product = number("pid_", 16).or_else(|| number("productid_", 10))?;
    Some(UsbIdentity { vendor, product, serial: None })
}

/// A camera that can be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CameraInfo {
    /// Which one it is.
    pub identity: CameraIdentity,
    /// How this system calls it until it is unplugged: a device node on Linux, an id elsewhere.
    pub handle: String,
    /// Why it is taken for virtual, when it is.
    pub made_by_program: Option<VirtualReason>,
    /// Whether it offers a picture that can be read. An infrared camera doesn't.
    pub readable: bool,
}

impl fmt::Display for CameraInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.identity.card, self.handle)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn webcam(place: &str, serial: Option<&str>) -> CameraIdentity {
        let usb = UsbIdentity { vendor: 0x46d, product: 0x825, serial: serial.map(Into::into) };
        CameraIdentity { driver: "uvcvideo".into(), card: "Webcam C270".into(), place: place.into(), usb: Some(usb) }
    }

    fn soldered(place: &str) -> CameraIdentity {
        CameraIdentity { driver: "isp".into(), card: "front".into(), place: place.into(), usb: None }
    }

    #[test]
    fn a_serial_number_makes_a_camera_the_same_on_every_port() {
        let known = webcam("usb-1", Some("5A3F"));
        assert_eq!(webcam("usb-1", Some("5A3F")).compared_with(&known), Sameness::Same);
        assert_eq!(webcam("usb-2", Some("5A3F")).compared_with(&known), Sameness::Same);
        assert_eq!(webcam("usb-1", Some("5A40")).compared_with(&known), Sameness::Another);
        assert_eq!(webcam("usb-1", None).compared_with(&known), Sameness::Another);
    }

    #[test]
    fn without_one_the_port_tells_and_without_usb_everything_does() {
        let known = webcam("usb-1", None);
        assert_eq!(webcam("usb-1", None).compared_with(&known), Sameness::Same);
        assert_eq!(webcam("usb-2", None).compared_with(&known), Sameness::Moved);
        let renamed = CameraIdentity { card: "Other".into(), ..known.clone() };
        assert_eq!(renamed.compared_with(&known), Sameness::Another);
        assert_eq!(soldered("a").compared_with(&soldered("a")), Sameness::Same);
        assert_eq!(soldered("b").compared_with(&soldered("a")), Sameness::Another);
        assert_eq!(soldered("usb-1").compared_with(&known), Sameness::Another);
    }

    #[test]
    fn policy_can_name_the_device_or_the_model() {
        let camera = webcam("usb-1", Some("5A3F"));
        assert_eq!(camera.name(), "usb:046d:0825:5A3F");
        assert!(camera.is("usb:046d:0825:5A3F") && camera.is("usb:046d:0825"));
        for other in ["usb:046d:0826", "usb:046d:0825:5A40", "usb:046d", "Webcam C270", ""] {
            assert!(!camera.is(other), "{other}");
        }
        assert!(soldered("a").is("isp:front") && !soldered("a").is("isp"));
    }

    #[test]
    fn numbers_are_found_in_the_names_of_other_systems() {
        let found = |text| usb_of_text(text).map(|usb| (usb.vendor, usb.product));
        assert_eq!(found(r"\\?\usb#vid_046d&pid_0825&mi_00#6&1a2b#{e5323777}\global"), Some((0x46d, 0x825)));
        assert_eq!(found("UVC Camera VendorID_1133 ProductID_2085"), Some((0x46d, 0x825)));
        for text in
            ["", "FaceTime HD Camera", "vid_046d", "vid_&pid_", "VendorID_99999 ProductID_1", "vid_12345&pid_0825"]
        {
            assert_eq!(found(text), None, "{text}");
        }
    }

    #[test]
    fn programs_are_known_by_the_name_of_their_camera() {
        for name in ["OBS Virtual Camera", "ManyCam 4.0", "Snap Camera", "e2eSoft VCam"] {
            assert!(VirtualReason::of_name(name).is_some(), "{name}");
        }
        for name in ["Logitech Webcam C270", "FaceTime HD Camera", "Integrated Camera: Integrated C"] {
            assert_eq!(VirtualReason::of_name(name), None, "{name}");
        }
    }
}
