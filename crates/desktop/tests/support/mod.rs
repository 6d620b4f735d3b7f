//! Real buses, X servers and users for the tests, each gone when dropped. No test sets this process's environment.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::print_stderr)]

use std::{
    collections::HashMap,
    io::{BufRead, BufReader, Read, Write},
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use stillyou_desktop_os::{BusAddress, Desktop, SessionKind};
use zbus::{
    blocking::{Connection, connection::Builder, fdo::DBusProxy},
    zvariant::{ObjectPath, Value},
};

/// Waits as long as any healthy machine may need; a test that runs into it fails.
pub const LONG: Duration = Duration::from_secs(30);

/// A desktop with nothing on it; tests add what they need.
pub fn bare() -> Desktop {
    Desktop {
        system_bus: BusAddress::Nowhere,
        session_bus: BusAddress::Nowhere,
        kind: SessionKind::Console,
        display: None,
        session_id: None,
    }
}

/// A process that ends with the test.
pub struct Process(pub Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A private message bus that starts no services by itself.
pub struct Bus {
    pub address: String,
    folder: tempfile::TempDir,
    daemon: Process,
}

impl Bus {
    pub fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let address = format!("unix:path={}", folder.path().join("bus").display());
        let config = format!(
            "<busconfig><type>session</type><listen>{address}</listen><policy context='default'><allow user='*'/>\
             <allow own='*'/><allow send_destination='*'/><allow receive_sender='*'/></policy></busconfig>"
        );
        std::fs::write(folder.path().join("config"), config).unwrap();
        let daemon = Self::daemon(&folder);
        Self { address, folder, daemon }
    }

    fn daemon(folder: &tempfile::TempDir) -> Process {
        let mut daemon = Command::new("dbus-daemon")
            .arg(format!("--config-file={}", folder.path().join("config").display()))
            .args(["--nofork", "--print-address=1"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("dbus-daemon (package dbus)");
        let mut ready = String::new();
        BufReader::new(daemon.stdout.take().unwrap()).read_line(&mut ready).unwrap();
        Process(daemon)
    }

    /// Starts a bus again at the same address.
    pub fn restart(&mut self) {
        self.kill();
        self.daemon = Self::daemon(&self.folder);
    }

    pub fn at(&self) -> BusAddress {
        BusAddress::At(self.address.clone())
    }

    pub fn connect(&self) -> Connection {
        Builder::address(self.address.as_str()).unwrap().build().unwrap()
    }

    /// Ends the bus as a crash would.
    pub fn kill(&mut self) {
        let _ = self.daemon.0.kill();
        let _ = self.daemon.0.wait();
        let _ = std::fs::remove_file(self.folder.path().join("bus"));
    }

    /// Starts python-dbusmock with `arguments` and waits until it owns `name`.
    pub fn mock(&self, name: &str, arguments: &[&str]) -> Process {
        let mock = Command::new("/usr/bin/python3")
            .args(["-m", "dbusmock"])
            .args(arguments)
            .env("DBUS_SYSTEM_BUS_ADDRESS", &self.address)
            .env("DBUS_SESSION_BUS_ADDRESS", &self.address)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .expect("python3");
        let mock = Process(mock);
        let connection = self.connect();
        let dbus = DBusProxy::new(&connection).unwrap();
        until(&format!("{name} on the bus (package python3-dbusmock)"), || {
            dbus.name_has_owner(name.try_into().unwrap()).unwrap()
        });
        mock
    }
}

/// An X server of its own.
pub struct X {
    pub display: String,
    server: Process,
}

impl X {
    pub fn start() -> Self {
        // Without `-noreset` the server starts anew, and cuts whoever connects just then, when its last client leaves.
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "640x480x24", "-nolisten", "tcp", "-noreset"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb (package xvfb)");
        let mut number = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut number).unwrap();
        Self { display: format!(":{}", number.trim()), server: Process(server) }
    }

    pub fn desktop(&self) -> Desktop {
        Desktop { kind: SessionKind::X11, display: Some(self.display.clone()), ..bare() }
    }

    pub fn kill(&mut self) {
        self.server.0.kill().unwrap();
        self.server.0.wait().unwrap();
    }
}

/// Waits until `seen`, checking every few milliseconds.
pub fn until(what: &str, mut seen: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !seen() {
        assert!(begun.elapsed() < LONG, "waited too long for {what}");
        std::thread::park_timeout(Duration::from_millis(20));
    }
}

/// A logind whose one session belongs to this test's user. `listens`: a locker sets `LockedHint` when asked to lock.
pub struct Logind {
    pub bus: Bus,
    _mock: Process,
    connection: Connection,
}

pub const LOGIND: &str = "org.freedesktop.login1";
pub const SESSION_PATH: &str = "/org/freedesktop/login1/session/c7";
pub const SESSION: &str = "org.freedesktop.login1.Session";
const MOCK: &str = "org.freedesktop.DBus.Mock";

impl Logind {
    pub fn start(listens: bool) -> Self {
        Self::on(Bus::start(), listens)
    }

    /// The same address, a new bus and a new logind on it.
    pub fn restart(mut self, listens: bool) -> Self {
        self.bus.restart();
        Self::on(self.bus, listens)
    }

    fn on(bus: Bus, listens: bool) -> Self {
        let mock = bus.mock(LOGIND, &["--system", "--template", "logind"]);
        let connection = bus.connect();
        let uid = rustix::process::getuid().as_raw();
        call(&connection, LOGIND, "/org/freedesktop/login1", MOCK, "AddSession", &("c7", "seat0", uid, "tester", true));
        if listens {
            let code =
                "self.EmitSignal('', 'Lock', '', []); self.UpdateProperties('', {'LockedHint': dbus.Boolean(True)})";
            call(&connection, LOGIND, SESSION_PATH, MOCK, "AddMethod", &(SESSION, "Lock", "", "", code));
        }
        Self { bus, _mock: mock, connection }
    }

    pub fn desktop(&self) -> Desktop {
        Desktop { system_bus: self.bus.at(), session_id: Some("c7".into()), ..bare() }
    }

    /// What any process of the user may do.
    pub fn set_locked_hint(&self, locked: bool) {
        call(&self.connection, LOGIND, SESSION_PATH, SESSION, "SetLockedHint", &(locked,));
    }

    /// What logind itself does.
    pub fn set_property(&self, name: &str, value: bool) {
        let properties = HashMap::from([(name, Value::from(value))]);
        call(&self.connection, LOGIND, SESSION_PATH, MOCK, "UpdateProperties", &(SESSION, properties));
    }

    pub fn prepare_for_sleep(&self, start: bool) {
        let value = Value::from(start);
        let manager = "org.freedesktop.login1.Manager";
        call(
            &self.connection,
            LOGIND,
            "/org/freedesktop/login1",
            MOCK,
            "EmitSignal",
            &(manager, "PrepareForSleep", "b", vec![value]),
        );
    }

    pub fn connection(&self) -> &Connection {
        &self.connection
    }
}

/// A NetworkManager that does as the test says.
pub struct Network {
    bus: Bus,
    mock: Process,
    connection: Connection,
}

const NETWORK: &str = "org.freedesktop.NetworkManager";
const NETWORK_PATH: &str = "/org/freedesktop/NetworkManager";

impl Network {
    pub fn start() -> Self {
        let bus = Bus::start();
        let mock = bus.mock(NETWORK, &["--system", NETWORK, NETWORK_PATH, NETWORK]);
        let connection = bus.connect();
        let nowhere = ObjectPath::from_static_str_unchecked("/");
        let none = Vec::<ObjectPath<'_>>::new();
        let properties = properties([("PrimaryConnection", nowhere.into()), ("ActiveConnections", none.into())]);
        call(&connection, NETWORK, NETWORK_PATH, MOCK, "AddProperties", &(NETWORK, properties));
        Self { bus, mock, connection }
    }

    pub fn desktop(&self) -> Desktop {
        Desktop { system_bus: self.bus.at(), ..bare() }
    }

    /// An active connection; returns its path.
    pub fn add(&self, uuid: &str, kind: &str) -> String {
        let path = format!("{NETWORK_PATH}/ActiveConnection/{uuid}");
        let active = "org.freedesktop.NetworkManager.Connection.Active";
        let properties = properties([("Uuid", uuid.to_owned().into()), ("Type", kind.to_owned().into())]);
        let none: Vec<(&str, &str, &str, &str)> = Vec::new();
        call(&self.connection, NETWORK, NETWORK_PATH, MOCK, "AddObject", &(path.as_str(), active, properties, none));
        path
    }

    /// Makes these the active connections, the first argument the one with the route.
    pub fn up(&self, primary: &str, active: &[&str]) {
        let path = |p: &str| ObjectPath::<'static>::try_from(p.to_owned()).unwrap();
        self.set("ActiveConnections", active.iter().map(|p| path(p)).collect::<Vec<_>>());
        self.set("PrimaryConnection", path(primary));
    }

    fn set<'a>(&self, name: &str, value: impl Into<Value<'a>>) {
        let properties = "org.freedesktop.DBus.Properties";
        call(&self.connection, NETWORK, NETWORK_PATH, properties, "Set", &(NETWORK, name, value.into()));
    }

    pub fn kill(&mut self) {
        self.mock.0.kill().unwrap();
        self.mock.0.wait().unwrap();
    }
}

fn properties<const N: usize>(pairs: [(&'static str, Value<'static>); N]) -> HashMap<&'static str, Value<'static>> {
    HashMap::from(pairs)
}

/// Opens or closes the one session of a mocked `name`, and says so as Mutter does.
pub fn share(bus: &Bus, name: &str, open: bool) {
    let (connection, path) = (bus.connect(), format!("/{}", name.replace('.', "/")));
    let session = format!("{path}/Session/u1");
    if open {
        let (empty, none) = (HashMap::<&str, Value<'_>>::new(), Vec::<(&str, &str, &str, &str)>::new());
        let interface = format!("{name}.Session");
        call(&connection, name, &path, MOCK, "AddObject", &(session, interface, empty, none));
    } else {
        call(&connection, name, &path, MOCK, "RemoveObject", &(session,));
    }
    let nothing = Vec::<Value<'_>>::new();
    call(&connection, name, &path, MOCK, "EmitSignal", &(name, "Changed", "", nothing));
}

pub fn call<B>(bus: &Connection, to: &str, path: &str, interface: &str, method: &str, body: &B)
where
    B: serde::Serialize + zbus::zvariant::DynamicType,
{
    bus.call_method(Some(to), path, Some(interface), method, body).unwrap();
}

/// A user with a known password, removed when dropped. Needs root.
pub struct TempUser {
    pub name: String,
    folder: tempfile::TempDir,
}

impl TempUser {
    pub fn create(name: &str, password: &str) -> Self {
        let user = Self { name: format!("{name}{}", std::process::id()), folder: tempfile::tempdir().unwrap() };
        run(Command::new("/usr/sbin/useradd").args(["--no-create-home", "--shell", "/bin/sh", &user.name]));
        let mut chpasswd = Command::new("/usr/sbin/chpasswd").stdin(Stdio::piped()).spawn().unwrap();
        writeln!(chpasswd.stdin.take().unwrap(), "{}:{password}", user.name).unwrap();
        assert!(chpasswd.wait().unwrap().success());
        user
    }

    /// Runs the ignored test `test` of this test program as the user; gives whether it passed, and its output.
    pub fn run_test(&self, test: &str, variables: &[(&str, &str)]) -> (bool, String) {
        let program = self.program();
        let mut child = Command::new("/usr/sbin/runuser");
        child.args(["-u", &self.name, "--"]).arg(program).args(["--exact", test, "--ignored", "--nocapture"]);
        child.envs(variables.iter().copied()).current_dir("/");
        let output = child.output().expect("runuser (package util-linux)");
        let mut text = String::new();
        output.stdout.as_slice().read_to_string(&mut text).unwrap();
        text.push_str(&String::from_utf8_lossy(&output.stderr));
        (output.status.success() && text.contains("1 passed"), text)
    }

    /// A copy of this program where the user can reach it.
    fn program(&self) -> PathBuf {
        use std::os::unix::fs::PermissionsExt;
        let copy = self.folder.path().join("test");
        if !copy.exists() {
            std::fs::copy(std::env::current_exe().unwrap(), &copy).unwrap();
            std::fs::set_permissions(self.folder.path(), PermissionsExt::from_mode(0o755)).unwrap();
            std::fs::set_permissions(&copy, PermissionsExt::from_mode(0o755)).unwrap();
        }
        copy
    }
}

impl Drop for TempUser {
    fn drop(&mut self) {
        let _ = Command::new("/usr/sbin/userdel").arg(&self.name).stderr(Stdio::null()).status();
    }
}

pub fn run(command: &mut Command) {
    let status = command.status().unwrap_or_else(|e| panic!("{command:?}: {e}"));
    assert!(status.success(), "{command:?}: {status}");
}

/// Whether tests that need the administrator can run; says so where they can't.
pub fn is_root(test: &str) -> bool {
    let root = rustix::process::getuid().is_root();
    if !root {
        eprintln!("SKIPPED, NOT TESTED: {test} needs root (it creates a user)");
    }
    root
}
