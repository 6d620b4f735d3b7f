//! Keyboards and pointers that come: a real X server's, and the kernel's through inotify. Those marked ignored need real
//! device nodes: tests/vm/evdev.sh.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used)]

mod support;

use crossbeam_channel::{Receiver, unbounded};
use std::{fs, path::Path, time::Duration};
use stillyou_sense::{
    context::{DeviceKind, DeviceObservation, DeviceWatch},
    keyboard::{Session, SourceError, inject::UinputKeyboard},
};
use support::Xvfb;
use x11rb::{
    protocol::xinput::{self, ConnectionExt as _},
    rust_connection::RustConnection,
};

fn watch(session: &Session) -> (DeviceWatch, Receiver<DeviceObservation>) {
    let (sink, observations) = unbounded();
    let watch = DeviceWatch::start(session, sink).unwrap();
    assert_eq!(next(&observations), DeviceObservation::Ready);
    (watch, observations)
}

fn next(observations: &Receiver<DeviceObservation>) -> DeviceObservation {
    observations.recv_timeout(Duration::from_secs(30)).unwrap()
}

fn on_the_console(folder: &Path) -> Session {
    Session { session_type: Some("tty".into()), wayland_display: None, display: None, input_folder: folder.into() }
}

fn client(server: &Xvfb) -> RustConnection {
    let (client, _) = x11rb::connect(Some(&server.display)).unwrap();
    client.xinput_xi_query_version(2, 2).unwrap().reply().unwrap();
    client
}

/// A master pair, which comes with an XTEST keyboard and an XTEST pointer.
fn plug_in(client: &RustConnection, name: &[u8]) {
    let add = xinput::HierarchyChangeDataAddMaster { send_core: true, enable: true, name: name.to_vec() };
    change(client, 2 + (name.len() as u16).div_ceil(4), xinput::HierarchyChangeData::AddMaster(add));
}

fn pull_out(client: &RustConnection, name: &str) {
    let infos = client.xinput_xi_query_device(0u16).unwrap().reply().unwrap().infos;
    let deviceid = infos.iter().find(|d| d.name == format!("{name} keyboard").as_bytes()).unwrap().deviceid;
    let return_mode = xinput::ChangeMode::FLOAT;
    let remove =
        xinput::HierarchyChangeDataRemoveMaster { deviceid, return_mode, return_pointer: 0, return_keyboard: 0 };
    change(client, 3, xinput::HierarchyChangeData::RemoveMaster(remove));
}

fn change(client: &RustConnection, len: u16, data: xinput::HierarchyChangeData) {
    client.xinput_xi_change_hierarchy(&[xinput::HierarchyChange { len, data }]).unwrap().check().unwrap();
}

fn both(observations: &Receiver<DeviceObservation>) {
    let mut kinds = [DeviceKind::Keyboard, DeviceKind::Pointer].map(|kind| (kind, false));
    for _ in 0..2 {
        let DeviceObservation::Appeared { kind, injected: true } = next(observations) else { panic!() };
        kinds.iter_mut().filter(|(k, _)| *k == kind).for_each(|(_, seen)| *seen = true);
    }
    assert!(kinds.iter().all(|(_, seen)| *seen), "{kinds:?}");
}

#[test]
fn devices_that_come_to_an_x_server_are_told_and_those_that_were_there_are_not() {
    let server = Xvfb::start();
    let client = client(&server);
    plug_in(&client, b"before");
    let (_watch, observations) = watch(&server.session());
    plug_in(&client, b"second");
    both(&observations);
    // The ids of what is pulled out are used again.
    pull_out(&client, "second");
    plug_in(&client, b"another");
    both(&observations);
    assert!(observations.is_empty());
}

#[test]
fn an_x_server_that_goes_is_told() {
    let server = Xvfb::start();
    let (_watch, observations) = watch(&server.session());
    drop(server);
    assert!(matches!(next(&observations), DeviceObservation::Lost(SourceError::DisplayGone { .. })));
}

#[test]
fn a_node_that_appears_is_told_and_other_files_are_not() {
    let folder = tempfile::tempdir().unwrap();
    let node = |name: &str| folder.path().join(name);
    fs::write(node("event0"), "").unwrap();
    let (_watch, observations) = watch(&on_the_console(folder.path()));
    fs::write(node("mouse0"), "").unwrap();
    fs::write(node("event1"), "").unwrap();
    // What the kernel tells nothing of may be a keyboard.
    let appeared = DeviceObservation::Appeared { kind: DeviceKind::Keyboard, injected: false };
    assert_eq!(next(&observations), appeared);
    // The same number on another device, in one step.
    fs::write(node("new"), "").unwrap();
    fs::rename(node("new"), node("event0")).unwrap();
    assert_eq!(next(&observations), appeared);
    fs::remove_file(node("event1")).unwrap();
    drop(_watch);
    assert!(observations.try_iter().next().is_none());
}

#[test]
fn a_missing_folder_is_told() {
    let (sink, observations) = unbounded();
    let _watch = DeviceWatch::start(&on_the_console(Path::new("/nowhere/input")), sink).unwrap();
    assert!(matches!(next(&observations), DeviceObservation::Lost(SourceError::Folder { .. })));
}

#[test]
#[ignore = "needs /dev/uinput: tests/vm/evdev.sh"]
fn a_real_keyboard_that_is_plugged_in_is_told() {
    let _before = UinputKeyboard::create("before").unwrap();
    let (_watch, observations) = watch(&on_the_console(Path::new("/dev/input")));
    let appeared = DeviceObservation::Appeared { kind: DeviceKind::Keyboard, injected: true };
    for name in ["first", "second"] {
        let keyboard = UinputKeyboard::create(name).unwrap();
        assert_eq!(next(&observations), appeared);
        drop(keyboard);
    }
}
