//! What the kernel knows of a camera beside what its driver says, through sysfs, which every user may read.

use crate::camera::{UsbIdentity, VirtualReason};
use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
};

/// Where the kernel keeps it.
pub(super) const SYS: &str = "/sys";

/// Drivers whose cameras are made by programs, or of a test picture.
const MADE: [&str; 5] = ["vivid", "vimc", "v4l2 loopback", "v4l2loopback", "akvcam"];
/// USB controllers that are programs: a camera of another machine (usbip), or one that a program plays.
const EMULATED: [&str; 2] = ["vhci_hcd", "dummy_hcd"];

/// The names of the video nodes (`video0`), by number.
pub(super) fn video_nodes(sys: &Path) -> Vec<String> {
    let entries = fs::read_dir(sys.join("class/video4linux")).into_iter().flatten().flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    let mut found: Vec<(u32, String)> =
        names.filter_map(|name| Some((name.strip_prefix("video")?.parse().ok()?, name))).collect();
    found.sort();
    found.into_iter().map(|(_, name)| name).collect()
}

/// The name that the driver gave the node, for one that can't be opened.
pub(super) fn card(sys: &Path, node: &str) -> Option<String> {
    let name = fs::read_to_string(sys.join("class/video4linux").join(node).join("name")).ok()?;
    Some(name.trim_end().to_owned())
}

/// Its numbers on USB, if it hangs there.
pub(super) fn usb(sys: &Path, node: &str) -> Option<UsbIdentity> {
    // The node's device is an interface of the USB device, which is above it.
    let path = device(sys, node)?;
    let usb = path.ancestors().find(|above| above.join("idVendor").is_file())?;
    let read = |name: &str| Some(fs::read_to_string(usb.join(name)).ok()?.trim().to_owned());
    let number = |name: &str| u16::from_str_radix(&read(name)?, 16).ok();
    let serial = read("serial").filter(|serial| !serial.is_empty());
    Some(UsbIdentity { vendor: number("idVendor")?, product: number("idProduct")?, serial })
}

/// Why it is taken for virtual, when it is.
pub(super) fn made_by_program(sys: &Path, node: &str, driver: &str, card: &str) -> Option<VirtualReason> {
    if MADE.contains(&driver) {
        return Some(VirtualReason::Driver(driver.into()));
    }
    let Some(path) = device(sys, node) else { return Some(VirtualReason::NoDevice) };
    let names: Vec<&str> = path.iter().filter_map(OsStr::to_str).collect();
    if let Some(controller) = names.iter().find(|name| EMULATED.iter().any(|e| name.starts_with(e))) {
        return Some(VirtualReason::EmulatedUsb((*controller).into()));
    }
    if names.windows(2).any(|pair| pair == ["devices", "virtual"]) {
        return Some(VirtualReason::NoDevice);
    }
    VirtualReason::of_name(card)
}

/// Where the device behind the node is among all devices; a loopback has none.
fn device(sys: &Path, node: &str) -> Option<PathBuf> {
    fs::canonicalize(sys.join("class/video4linux").join(node).join("device")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    /// A sysfs with the node `video0` on the device `device`, or on none.
    fn sysfs(device: Option<&str>) -> tempfile::TempDir {
        let sys = tempfile::tempdir().unwrap();
        let node = sys.path().join("class/video4linux/video0");
        fs::create_dir_all(&node).unwrap();
        fs::write(node.join("name"), "HD Webcam: HD Webcam\n").unwrap();
        if let Some(device) = device {
            let device = sys.path().join("devices").join(device);
            fs::create_dir_all(&device).unwrap();
            symlink(&device, node.join("device")).unwrap();
        }
        sys
    }

    const WEBCAM: &str = "pci0000:00/0000:00:14.0/usb1/1-4";

    fn write_usb(sys: &Path, device: &str, files: &[(&str, &str)]) {
        for (name, content) in files {
            fs::write(sys.join("devices").join(device).join(name), content).unwrap();
        }
    }

    #[test]
    fn a_usb_camera_has_the_numbers_of_the_device_above_its_interface() {
        let sys = sysfs(Some(&format!("{WEBCAM}/1-4:1.0")));
        write_usb(sys.path(), WEBCAM, &[("idVendor", "046d\n"), ("idProduct", "0825\n"), ("serial", "5A3F\n")]);
        let serial = Some("5A3F".to_owned());
        assert_eq!(usb(sys.path(), "video0"), Some(UsbIdentity { vendor: 0x46d, product: 0x825, serial }));
        assert_eq!(made_by_program(sys.path(), "video0", "uvcvideo", "HD Webcam"), None);
        assert_eq!(card(sys.path(), "video0").as_deref(), Some("HD Webcam: HD Webcam"));
    }

    #[test]
    fn numbers_that_are_none_give_no_identity() {
        let sys = sysfs(Some(&format!("{WEBCAM}/1-4:1.0")));
        write_usb(sys.path(), WEBCAM, &[("idVendor", "logi\n"), ("idProduct", "0825\n")]);
        assert_eq!(usb(sys.path(), "video0"), None);
        assert_eq!(usb(sysfs(Some("platform/isp")).path(), "video0"), None);
    }

    #[test]
    fn cameras_of_programs_are_told_from_devices() {
        let why = |device: Option<&str>, driver: &str| made_by_program(sysfs(device).path(), "video0", driver, "cam");
        assert_eq!(why(None, "new loopback"), Some(VirtualReason::NoDevice));
        assert_eq!(why(Some("virtual/video4linux"), "new loopback"), Some(VirtualReason::NoDevice));
        assert_eq!(why(None, "v4l2 loopback"), Some(VirtualReason::Driver("v4l2 loopback".into())));
        assert_eq!(why(Some("platform/vivid.0"), "vivid"), Some(VirtualReason::Driver("vivid".into())));
        let remote = why(Some("platform/vhci_hcd.0/usb5/5-1/5-1:1.0"), "uvcvideo");
        assert_eq!(remote, Some(VirtualReason::EmulatedUsb("vhci_hcd.0".into())));
        assert_eq!(why(Some("platform/isp"), "isp"), None);
        let named = made_by_program(sysfs(Some("platform/isp")).path(), "video0", "isp", "OBS Virtual Camera");
        assert!(matches!(named, Some(VirtualReason::Name(_))), "{named:?}");
    }

    #[test]
    fn only_video_nodes_are_listed_and_by_number() {
        let sys = sysfs(None);
        for name in ["video10", "video2", "vbi0", "radio0", "v4l-subdev0", "videox", "video"] {
            fs::create_dir_all(sys.path().join("class/video4linux").join(name)).unwrap();
        }
        assert_eq!(video_nodes(sys.path()), ["video0", "video2", "video10"]);
        assert!(video_nodes(Path::new("/nowhere")).is_empty());
    }
}
