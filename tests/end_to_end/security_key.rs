//! Security keys: without one, what is said; with one, in the machine of `tests/vm` (`./x test --full`), the whole way.

use crate::desk::{Desk, POLICY};
use crate::usb_key::UsbKey;

impl Desk {
    /// Proves with the key that is plugged in, and what was said to it.
    fn touches(&self) -> (bool, String) {
        self.stillyou(&["verify", "--with", "security-key"])
    }
}

#[test]
fn without_a_key_that_is_said_and_a_policy_that_wants_one_enrols_nobody() {
    let two = "[governance.factors.step_up]\ncount = 2\nany_of = [\"password\", \"security-key\"]\n";
    let desk = Desk::under(&format!("{POLICY}\n{two}"));
    let (passed, said) = desk.stillyou(&["factor", "security-key", "add"]);
    assert!(!passed && said.contains("stillyou verify"), "{said}");
    assert!(desk.verify(&desk.stage.user().password));
    let (passed, said) = desk.stillyou(&["enroll"]);
    assert!(!passed && said.contains("set up first") && said.contains("security-key"), "{said}");
    assert!(desk.verify(&desk.stage.user().password));
    let (passed, said) = desk.stillyou(&["factor", "security-key", "add"]);
    assert!(!passed && said.contains("no security key is plugged in"), "{said}");
    let (passed, said) = desk.touches();
    assert!(!passed && said.contains("no security key is set up"), "{said}");
    let (passed, said) = desk.stillyou(&["factor", "security-key", "remove", "blue"]);
    assert!(!passed && said.contains("no key is named"), "{said}");
}

#[test]
#[ignore = "needs /dev/uhid of the test machine: `./x test --full`"]
fn a_key_answers_a_step_up_another_does_not_and_removed_it_does_no_more() {
    let policy =
        POLICY.replace("grace_seconds = 5", "grace_seconds = 120").replace("fresh_seconds = 5", "fresh_seconds = 60");
    let mut desk = Desk::under(&policy);
    let add = ["factor", "security-key", "add", "--name", "blue"];
    let blue = UsbKey::plug_in();
    assert!(desk.verify(&desk.stage.user().password));
    let (passed, said) = desk.stillyou(&add);
    assert!(!passed && said.contains("may not be opened") && said.contains("uaccess"), "{said}");
    blue.let_everybody();
    let (passed, said) = desk.stillyou(&add);
    assert!(passed, "{said}");
    println!("set up: {}", said.trim().replace('\n', "; "));
    let (passed, said) = desk.stillyou(&add);
    assert!(!passed && said.contains("set up already"), "{said}");
    assert!(desk.stillyou(&["factor", "security-key", "list"]).1.starts_with("blue, since "));

    // A step-up: the agent's own lock was opened by nobody that it knows.
    desk.enrol();
    desk.run("kill -9 $(ps -o ppid= -p $(cat $XDG_RUNTIME_DIR/stillyou/x11-${DISPLAY#:}.lock))");
    desk.eventually("the lock", |_| desk.locked());
    desk.run("pkill i3lock");
    desk.eventually("a step-up", |status| status["state"]["state"] == "step-up");
    let (passed, said) = desk.touches();
    assert!(passed && said.contains("verified"), "{said}");
    println!("step-up: {}", said.trim().replace('\n', "; "));
    desk.eventually("the step-up is answered", |status| status["state"]["state"] == "watching");

    // Its count outlives the agent, so that a copy with an older one is noticed.
    desk.run(&format!("kill -9 {} {}", desk.supervisor(), desk.worker()));
    desk.agent.take().unwrap().wait().unwrap();
    desk.start();
    desk.eventually("the keys are known again", |status| status["own_keys"][0]["name"] == "blue");
    desk.eventually("the lock", |_| desk.locked());
    desk.run("pkill i3lock");
    desk.eventually("a step-up", |status| status["state"]["state"] == "step-up");
    blue.soft().counter = 0;
    let (passed, said) = desk.touches();
    assert!(!passed && said.contains("may have been copied"), "{said}");
    blue.soft().counter = 50;
    assert!(desk.touches().0);
    blue.soft().verifies = false;
    let (passed, said) = desk.touches();
    assert!(!passed && said.contains("did not check who touched it"), "{said}");
    blue.unplug();

    let other = UsbKey::plug_in();
    other.let_everybody();
    let (passed, said) = desk.touches();
    assert!(!passed && said.contains("not one that was set up here"), "{said}");
    let blue = UsbKey::plug_in();
    blue.let_everybody();
    let (passed, said) = desk.touches();
    assert!(!passed && said.contains("2 security keys are plugged in"), "{said}");
    blue.unplug();

    assert!(desk.verify(&desk.stage.user().password));
    assert!(desk.stillyou(&["factor", "security-key", "remove", "blue"]).0);
    let (passed, said) = desk.touches();
    assert!(!passed && said.contains("no security key is set up"), "{said}");
    other.unplug();
    let record = desk.ledger();
    for entry in ["\"what\":\"added\"", "\"what\":\"used\"", "\"what\":\"removed\"", "security-key-copied "] {
        assert!(record.contains(entry), "{entry}: {record}");
    }
}
