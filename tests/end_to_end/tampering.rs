//! What somebody can do to the agent's files and to its door as the same user, without a step-up.

use crate::desk::Desk;
use std::{
    io::{Read, Write},
    os::unix::net::UnixStream,
    time::Duration,
};

#[test]
fn a_ledger_that_was_edited_is_refused_kept_and_answered_with_a_lock() {
    refused(
        "import os, sqlite3\n\
         db = sqlite3.connect(os.environ['HOME'] + '/.local/state/stillyou/ledger.db')\n\
         db.execute('drop trigger entry_no_update')\n\
         db.execute(\"update entry set payload = replace(payload, 'true', 'false') where kind = 'request'\")\n\
         db.commit()",
    );
}

#[test]
fn a_ledger_that_was_removed_is_missed_and_answered_with_a_lock() {
    refused("import os\nos.remove(os.environ['HOME'] + '/.local/state/stillyou/ledger.db')");
}

#[test]
fn a_ledger_of_noise_is_refused_kept_and_answered_with_a_lock() {
    refused("import os\nopen(os.environ['HOME'] + '/.local/state/stillyou/ledger.db', 'wb').write(os.urandom(50000))");
}

#[test]
fn a_ledger_that_was_cut_off_is_refused_while_the_agent_runs() {
    let desk = Desk::new();
    desk.enrol();
    desk.python(
        "import os, sqlite3\n\
         db = sqlite3.connect(os.environ['HOME'] + '/.local/state/stillyou/ledger.db')\n\
         db.execute('drop trigger entry_no_delete')\n\
         db.execute('delete from entry where seq > 3')\n\
         db.commit()",
    );
    // The next entry finds it out.
    desk.stillyou(&["explain"]);
    desk.eventually("the lock", |_| desk.locked());
    assert!(desk.trouble().contains("not what was written"), "{}", desk.trouble());
}

#[test]
fn a_template_piece_that_was_changed_is_refused() {
    let mut desk = Desk::new();
    desk.enrol();
    desk.quit();
    desk.python(
        "import dbus\n\
         keyring = dbus.SessionBus().get_object('org.freedesktop.secrets', '/org/freedesktop/secrets')\n\
         service = dbus.Interface(keyring, 'org.freedesktop.Secret.Service')\n\
         session = service.OpenSession('plain', dbus.String('', variant_level=1))[1]\n\
         for item, secret in service.GetSecrets(service.SearchItems({'service': 'stillyou'})[0], session).items():\n\
        \x20   value = bytearray(secret[2])\n\
        \x20   if len(value) > 500:\n\
        \x20       value[100] ^= 1\n\
        \x20       new = dbus.Struct([session, dbus.ByteArray(b''), dbus.ByteArray(bytes(value)), secret[3]])\n\
        \x20       item = dbus.SessionBus().get_object('org.freedesktop.secrets', item)\n\
        \x20       dbus.Interface(item, 'org.freedesktop.Secret.Item').SetSecret(new)\n",
    );
    desk.start();
    desk.eventually("the template is refused", |status| status["trouble"].as_array().is_some_and(|t| !t.is_empty()));
    let said = desk.trouble();
    assert!(said.contains("template") && said.contains("damaged"), "{said}");
    assert_eq!(desk.status()["state"]["state"], "learning");
}

#[test]
fn clients_that_flood_stall_or_babble_change_nothing() {
    let desk = Desk::new();
    desk.enrol();
    let before = desk.status()["state"].clone();
    let socket = desk.stage.outside(desk.run("echo $XDG_RUNTIME_DIR/stillyou/agent.sock"));
    let connect = || UnixStream::connect(&socket).unwrap();
    // As root we are another user: heard by nobody.
    let mut answer = Vec::new();
    let mut stranger = connect();
    let _ = stranger.write_all(b"\x00\x00\x00\x00\x14{\"request\":\"status\"}");
    stranger.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    let _ = stranger.read_to_end(&mut answer);
    assert_eq!(answer, b"", "another user is answered");
    // As the same user: many that say nothing, many that babble, many that ask and never read.
    desk.python(
        "import os, socket, random\n\
         path = os.environ['XDG_RUNTIME_DIR'] + '/stillyou/agent.sock'\n\
         def client():\n\
        \x20   s = socket.socket(socket.AF_UNIX)\n\
        \x20   s.settimeout(1)\n\
        \x20   s.connect(path)\n\
        \x20   return s\n\
         random.seed(3)\n\
         idle = []\n\
         for _ in range(200):\n\
        \x20   try: idle.append(client())\n\
        \x20   except OSError: pass\n\
         del idle\n\
         for n in range(300):\n\
        \x20   try:\n\
        \x20       s = client()\n\
        \x20       s.sendall(bytes(random.randrange(256) for _ in range(random.randrange(1, 3000))))\n\
        \x20       s.sendall(b'\\x00\\xff\\xff\\xff\\xff' + b'a' * 100000)\n\
        \x20   except OSError: pass\n",
    );
    desk.eventually("it still answers", |status| status["state"] == before);
    assert!(desk.run("ps -o nlwp= -p $(cat $XDG_RUNTIME_DIR/stillyou/agent.lock)").trim().parse::<u32>().unwrap() < 64);
}

#[test]
fn a_false_lock_hint_buys_nothing() {
    // Without logind the hint is the screen saver's signal; any process may send it.
    let desk = Desk::new();
    desk.enrol();
    let score = || desk.status()["score"].as_f64().unwrap();
    let before = score();
    for active in ["true", "false", "true", "false"] {
        desk.run(&format!(
            "dbus-send --session --type=signal /org/freedesktop/ScreenSaver \
             org.freedesktop.ScreenSaver.ActiveChanged boolean:{active}"
        ));
        std::thread::sleep(Duration::from_millis(500));
    }
    desk.eventually("monitoring goes on", |status| status["state"]["state"] == "watching");
    assert!(score() <= before);
}

/// Does something to the ledger of a stopped agent, and sees it refused at the next start.
fn refused(harm: &str) {
    let mut desk = Desk::new();
    desk.enrol();
    desk.quit();
    desk.python(harm);
    desk.start();
    desk.eventually("the lock", |status| status["state"]["state"] == "locked");
    assert!(desk.trouble().contains("not what was written"), "{}", desk.trouble());
    // Monitoring goes on with the template: taking away the record does not take away the watch.
    desk.run("pkill i3lock");
    desk.eventually("a step-up after the unlock", |status| status["state"]["state"] == "step-up");
    assert!(desk.verify(&desk.stage.user().password));
    desk.eventually("monitoring goes on", |status| status["state"]["state"] == "watching");
    assert_eq!(desk.trouble(), "", "the owner has seen it");
    assert!(desk.ledger().starts_with("replaced"), "{}", desk.ledger());
    let (passed, said) = desk.stillyou(&["ledger", "verify"]);
    assert!(passed, "{said}");
}
