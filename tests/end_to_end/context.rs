//! What is around the session, seen by the agent on a real X server and a real session bus.

use crate::desk::Desk;
use serde_json::{Value, json};
use std::process::{Child, Stdio};
use x11rb::protocol::xinput::{ConnectionExt as _, HierarchyChange, HierarchyChangeData, HierarchyChangeDataAddMaster};

#[test]
fn a_new_keyboard_and_a_shared_screen_are_seen_and_a_step_up_ends_what_fades() {
    let desk = Desk::new();
    desk.enrol();
    let around = |wanted: Value| move |status: &Value| status["circumstances"] == wanted;
    desk.eventually("nothing unusual", around(json!([])));
    plug_in_a_keyboard(desk.stage.display());
    desk.eventually("a new keyboard", around(json!(["new-device"])));
    let sharing = Sharing(desk.stage.command("/usr/bin/python3").args(MUTTER).stdout(Stdio::null()).spawn().unwrap());
    desk.eventually("a shared screen", around(json!(["screen-shared", "new-device"])));
    assert!(desk.verify(&desk.stage.user().password));
    desk.eventually("what lasts, lasts", around(json!(["screen-shared"])));
    let (passed, said) = desk.stillyou(&["status"]);
    assert!(passed && said.contains("screen shared"), "{said}");
    drop(sharing);
    desk.eventually("nothing unusual again", around(json!([])));
}

#[test]
fn what_is_around_is_told_only_after_a_fresh_step_up_and_a_demanded_source_that_is_missing_is_trouble() {
    let mut desk = Desk::new();
    desk.enrol();
    desk.quit();
    // The stage has no compositor.
    let demanding = "version = 1\n[keyboard]\nscore_injected = true\n[context]\nrequired = [\"screen\"]\n\
                     [lock]\nmethods = [\"command\"]\ncommand = [\"/usr/bin/i3lock\", \"--nofork\"]\n";
    desk.stage.set_policy(demanding).unwrap();
    desk.start();
    desk.eventually("monitoring goes on", |status| status["state"]["state"] == "watching");
    assert_eq!(desk.status()["circumstances"], Value::Null);
    desk.eventually("trouble", |status| status["trouble"].to_string().contains("policy demands to see \\\"screen\\\""));
    assert!(desk.verify(&desk.stage.user().password));
    desk.eventually("what is around is told", |status| status["circumstances"].is_array());
}

const MUTTER: [&str; 6] = [
    "-m",
    "dbusmock",
    "--session",
    "org.gnome.Mutter.ScreenCast",
    "/org/gnome/Mutter/ScreenCast/Session/u1",
    "org.gnome.Mutter.ScreenCast.Session",
];

/// A compositor with one recording.
struct Sharing(Child);

impl Drop for Sharing {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn plug_in_a_keyboard(display: &str) {
    let (client, _) = x11rb::connect(Some(display)).unwrap();
    client.xinput_xi_query_version(2, 2).unwrap().reply().unwrap();
    let add = HierarchyChangeDataAddMaster { send_core: true, enable: true, name: b"second".to_vec() };
    let change = HierarchyChange { len: 4, data: HierarchyChangeData::AddMaster(add) };
    client.xinput_xi_change_hierarchy(&[change]).unwrap().check().unwrap();
}
