//! What proves who somebody is beside the password: set up, used once, counted together, erased.

use crate::desk::{Desk, POLICY};
use std::io::{BufRead, BufReader, Read, Write};
use std::process::Stdio;
use std::thread::sleep;
use std::time::Duration;

/// An authenticator that was given the key.
struct Authenticator(String);

impl Authenticator {
    /// The code of the time step that is `later` after this one.
    fn code(&self, desk: &Desk, later: u32) -> String {
        desk.python(&format!(
            "import base64, hmac, struct, time\n\
             key = base64.b32decode('{}')\n\
             mac = hmac.new(key, struct.pack('>Q', int(time.time()) // 30 + {later}), 'sha1').digest()\n\
             at = mac[-1] & 15\n\
             print('%06d' % ((struct.unpack('>I', mac[at:at + 4])[0] & 0x7fffffff) % 1000000))",
            self.0
        ))
    }
}

impl Desk {
    /// Proves with something other than the password, and what was said to it.
    pub fn proves(&self, with: &str, secret: &str) -> (bool, String) {
        let mut command = self.stage.command("stillyou");
        command.args(["verify", "--stdin", "--with", with]).stdin(Stdio::piped());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        writeln!(child.stdin.take().unwrap(), "{secret}").unwrap();
        let output = child.wait_with_output().unwrap();
        (output.status.success(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
    }

    /// Sets an authenticator up, with its code or a wrong one.
    fn set_up(&self, right: bool) -> (bool, Authenticator) {
        let mut command = self.stage.command("stillyou");
        command.args(["factor", "totp", "--stdin"]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        while !line.contains("otpauth://") {
            line.clear();
            assert!(said.read_line(&mut line).unwrap() > 0, "no key is shown");
        }
        let secret = line.split("secret=").nth(1).unwrap().split('&').next().unwrap();
        let authenticator = Authenticator(secret.to_owned());
        if right {
            // The agent hangs up after ten seconds of silence; whoever types takes longer.
            sleep(Duration::from_secs(11));
        }
        let code = if right { authenticator.code(self, 0) } else { "abcdef".into() };
        writeln!(child.stdin.take().unwrap(), "{code}").unwrap();
        said.read_to_string(&mut line).unwrap();
        (child.wait().unwrap().success(), authenticator)
    }

    /// Offers a pass-phrase to be set up, and what was said to it.
    fn sets_pass_phrase(&self, typed: &str) -> (bool, String) {
        let mut command = self.stage.command("stillyou");
        command.args(["factor", "pass-phrase", "--stdin"]).stdin(Stdio::piped());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        writeln!(child.stdin.take().unwrap(), "{typed}").unwrap();
        let output = child.wait_with_output().unwrap();
        (output.status.success(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
    }

    fn recovery_codes(&self) -> Vec<String> {
        let (passed, said) = self.stillyou(&["factor", "recovery-codes"]);
        assert!(passed, "{said}");
        said.lines().filter(|line| line.matches('-').count() == 3).map(|line| line.trim().to_owned()).collect()
    }
}

#[test]
fn each_code_counts_once_even_when_the_agent_is_killed_between() {
    let mut desk = Desk::under(&POLICY.replace("fresh_seconds = 5", "fresh_seconds = 60"));
    // Both need proof.
    for request in ["totp", "recovery-codes"] {
        let (passed, said) = desk.stillyou(&["factor", request]);
        assert!(!passed && said.contains("stillyou verify"), "{request}: {said}");
    }
    let (_, said) = desk.proves("totp", "123456");
    assert!(said.contains("totp does not answer now; these do: password"), "{said}");

    assert!(desk.verify(&desk.stage.user().password));
    assert!(!desk.set_up(false).0);
    let (_, said) = desk.stillyou(&["factor", "list"]);
    assert!(said.contains("totp: not set up"), "{said}");
    let (passed, authenticator) = desk.set_up(true);
    assert!(passed);
    // Clocks may drift by one step: the next code counts already, and then none before it.
    let next = authenticator.code(&desk, 1);
    assert_eq!(desk.proves("totp", &next), (true, "verified\n".into()));
    let (passed, said) = desk.proves("totp", &next);
    assert!(!passed && said.contains("used before"), "{said}");

    let codes = desk.recovery_codes();
    assert_eq!(codes.len(), 10);
    assert!(desk.proves("recovery-code", &codes[4]).0);
    desk.run(&format!("kill -9 {} {}", desk.supervisor(), desk.worker()));
    desk.agent.take().unwrap().wait().unwrap();
    desk.start();
    desk.eventually("what is set up is known again", |status| status["own_factors"][1]["left"] == 9);
    assert!(!desk.proves("recovery-code", &codes[4]).0);
    assert!(desk.proves("recovery-code", &codes[5].to_lowercase().replace('-', " ")).0);
    let (passed, said) = desk.proves("totp", &next);
    assert!(!passed && (said.contains("used before") || said.contains("wrong")), "{said}");

    // Neither key nor code is anywhere but in the keychain, sealed.
    let record = desk.ledger();
    let kept =
        [&authenticator.0, &codes[4], &codes[6], &codes[6].replace('-', "")].map(|secret| record.contains(secret));
    assert_eq!(kept, [false; 4]);
    assert!(record.contains("totp-used") && record.contains("\"recovery-code\""), "{record}");

    assert!(desk.stillyou(&["erase"]).0);
    let (_, said) = desk.stillyou(&["factor", "list"]);
    assert!(said.contains("totp: not set up") && said.contains("recovery-code: not set up"), "{said}");
    let (_, said) = desk.proves("recovery-code", &codes[6]);
    assert!(said.contains("does not answer now"), "{said}");
}

#[test]
fn policy_may_want_two_factors_and_nobody_is_enrolled_without_them() {
    let two = "[governance.factors.step_up]\ncount = 2\nany_of = [\"password\", \"totp\"]\n";
    let mut desk = Desk::under(&format!("{}\n{two}", POLICY.replace("grace_seconds = 5", "grace_seconds = 60")));
    assert!(desk.verify(&desk.stage.user().password));
    let (passed, said) = desk.stillyou(&["enroll"]);
    assert!(!passed && said.contains("set up first") && said.contains("totp"), "{said}");
    assert!(desk.verify(&desk.stage.user().password));
    let (passed, authenticator) = desk.set_up(true);
    assert!(passed);
    desk.enrol();

    // A lock that somebody else made needs no proof here; the agent's own does.
    desk.run("kill -9 $(ps -o ppid= -p $(cat $XDG_RUNTIME_DIR/stillyou/x11-${DISPLAY#:}.lock))");
    desk.eventually("the lock", |_| desk.locked());
    desk.run("pkill i3lock");
    desk.eventually("a step-up", |status| status["state"]["state"] == "step-up");
    let code = authenticator.code(&desk, 1);
    let (passed, said) = desk.proves("totp", &code);
    assert!(passed && said.contains("1 more"), "{said}");
    assert_eq!(desk.status()["state"]["state"], "step-up", "one of two is not enough");
    assert_eq!(desk.status()["factors"], serde_json::json!(["password"]));
    assert!(desk.verify(&desk.stage.user().password));
    desk.eventually("the step-up is answered", |status| status["state"]["state"] == "watching");

    // Whoever takes the authenticator's key out of the keychain is not asked for less.
    desk.run(&format!("kill -9 {} {}", desk.supervisor(), desk.worker()));
    desk.agent.take().unwrap().wait().unwrap();
    let removed = desk.python(
        "import dbus\n\
         bus = dbus.SessionBus()\n\
         service = bus.get_object('org.freedesktop.secrets', '/org/freedesktop/secrets')\n\
         for path in service.SearchItems({'service': 'stillyou'}, dbus_interface='org.freedesktop.Secret.Service')[0]:\n\
        \x20   item = bus.get_object('org.freedesktop.secrets', path)\n\
        \x20   names = item.Get('org.freedesktop.Secret.Item', 'Attributes', dbus_interface=dbus.PROPERTIES_IFACE)\n\
        \x20   if any('/totp/' in str(name) for name in names.values()):\n\
        \x20       item.Delete(dbus_interface='org.freedesktop.Secret.Item')\n\
        \x20       print(path)",
    );
    assert!(removed.lines().count() >= 2, "{removed}");
    desk.start();
    desk.eventually("the lock", |_| desk.locked());
    desk.run("pkill i3lock");
    desk.eventually("a step-up", |status| status["state"]["state"] == "step-up");
    let (_, said) = desk.proves("password", &desk.stage.user().password);
    assert!(said.contains("1 more"), "{said}");
    assert_eq!(desk.status()["state"]["state"], "step-up");
    assert!(desk.trouble().contains("codes can't be checked"), "{}", desk.trouble());
}

#[test]
fn a_pass_phrase_answers_until_it_is_erased() {
    let mut desk = Desk::under(&POLICY.replace("fresh_seconds = 5", "fresh_seconds = 60"));
    let good = "six green pears sing at noon";
    let (passed, said) = desk.sets_pass_phrase(good);
    assert!(!passed && said.contains("stillyou verify"), "{said}");
    assert!(desk.verify(&desk.stage.user().password));
    let own = format!("{} 1 2 3 4 5", desk.stage.user().name.repeat(2));
    for (easy, why) in [
        ("six green pear", "must have 15 or more"),
        ("abcdefghijklmnopqrst", "goes on as the alphabet"),
        (&own, "lives on your name"),
    ] {
        let (passed, said) = desk.sets_pass_phrase(easy);
        assert!(!passed && said.contains(why), "{easy}: {said}");
    }
    assert!(desk.proves("pass-phrase", good).1.contains("does not answer now"));
    let (passed, said) = desk.sets_pass_phrase(good);
    assert!(passed, "{said}");

    let (passed, said) = desk.proves("pass-phrase", "six green pears sing at night");
    assert!(!passed && said.contains("wrong pass-phrase; 4 more"), "{said}");
    assert_eq!(desk.proves("pass-phrase", good), (true, "verified\n".into()));
    desk.run(&format!("kill -9 {} {}", desk.supervisor(), desk.worker()));
    desk.agent.take().unwrap().wait().unwrap();
    desk.start();
    desk.eventually("what is set up is known again", |status| status["own_factors"][3]["set_up"] == true);
    assert_eq!(desk.proves("pass-phrase", good), (true, "verified\n".into()));
    let record = desk.ledger();
    assert!(record.contains("\"pass-phrase\"") && !record.contains("pears"), "{record}");
    assert!(record.lines().any(|line| line.starts_with("pass-phrase ")), "{record}");

    assert!(desk.stillyou(&["erase"]).0);
    let (_, said) = desk.stillyou(&["factor", "list"]);
    assert!(said.contains("pass-phrase: not set up"), "{said}");
    assert!(desk.proves("pass-phrase", good).1.contains("does not answer now"));
}
