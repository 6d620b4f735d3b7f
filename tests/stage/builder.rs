use crate::{Stage, User, leftovers};
use anyhow::{Context, Result, bail, ensure};
use std::{
    io::{BufRead, BufReader},
    os::unix::{fs::PermissionsExt, process::CommandExt},
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const PATIENCE: Duration = Duration::from_secs(60);

/// How a [`Stage`] is to be.
#[derive(Clone, Debug)]
pub struct Builder {
    screen: String,
    window_manager: Option<String>,
    policy: Option<String>,
    own_system: bool,
}

impl Builder {
    pub(crate) fn new() -> Self {
        Self { screen: "1280x800x24".to_owned(), window_manager: None, policy: None, own_system: false }
    }

    /// The size of the X server's screen in pixels.
    pub fn screen(mut self, width: u16, height: u16) -> Self {
        self.screen = format!("{width}x{height}x24");
        self
    }

    /// A window manager to run, by its command.
    pub fn window_manager(mut self, command: &str) -> Self {
        self.window_manager = Some(command.to_owned());
        self
    }

    /// The text of `/etc/stillyou/policy.toml` on the stage; without it there is none. Only as root.
    pub fn policy(mut self, text: &str) -> Self {
        self.policy = Some(text.to_owned());
        self
    }

    /// What is written to `/usr` and `/var` on the stage stays there, so that packages can be installed. Only as root.
    pub fn own_system(mut self) -> Self {
        self.own_system = true;
        self
    }

    /// Builds the stage: all is up and answering when this returns.
    ///
    /// As root its commands run as a throw-away user, otherwise as the user who calls this.
    ///
    /// # Errors
    /// When a program is missing, or the system refuses a namespace; the error says which.
    pub fn build(self) -> Result<Stage> {
        let root = rustix::process::geteuid().is_root();
        ensure!(root || self.policy.is_none(), "a stage with a policy of its own needs root");
        ensure!(root || !self.own_system, "a stage with a system of its own needs root");
        for (program, package) in NEEDED.iter().filter(|(_, _, only_root)| root || !only_root).map(|n| (n.0, n.1)) {
            ensure!(installed(program), "a stage needs `{program}` (Debian package {package})");
        }
        leftovers::clear();
        let folder = tempfile::Builder::new().prefix(leftovers::PREFIX).tempdir().context("a folder for the stage")?;
        std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o755))?;
        std::fs::write(folder.path().join("init.sh"), include_str!("init.sh"))?;
        let world = folder.path().join("world");
        std::fs::create_dir(&world)?;
        let user = if root { User::random()? } else { User::current()? };

        let mut guardian = Command::new("sh")
            .args(["-c", include_str!("guardian.sh"), "stillyou-stage-guardian"])
            .arg(folder.path())
            .env_clear()
            .env("PATH", PATH)
            .env("STAGE", folder.path())
            .env("SCREEN", &self.screen)
            .env("WORLD", &world)
            .env("USER_NAME", &user.name)
            .env("USER_ID", user.id.to_string())
            .env("PASSWORD", &user.password)
            .env("OWN_SYSTEM", if self.own_system { "yes" } else { "no" })
            .env("WINDOW_MANAGER", self.window_manager.as_deref().unwrap_or_default())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            // Ctrl-C at the terminal is for us: the guardian must outlive it.
            .process_group(0)
            .spawn()
            .context("the stage's guardian")?;
        // From here the guardian removes the folder.
        let folder = folder.keep();
        let stdin = guardian.stdin.take();
        let stdout = guardian.stdout.take().context("the guardian's output")?;
        let mut stage = Stage {
            folder,
            world,
            user,
            root,
            guardian,
            stdin,
            first: 0,
            display: String::new(),
            environment: Vec::new(),
        };

        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line)?;
        let holder: u32 = line.trim().parse().context("the process id of the stage's world")?;
        wait_until_ready(&stage.folder, holder)?;
        stage.first = if root { only_child(holder)? } else { holder };
        stage.display = format!(":{}", std::fs::read_to_string(stage.folder.join("display"))?.trim());
        let environment = std::fs::read_to_string(stage.folder.join("environment"))?;
        stage.environment = environment.split_terminator('\0').map(str::to_owned).collect();
        if let Some(policy) = &self.policy {
            stage.set_policy(policy)?;
        }
        Ok(stage)
    }
}

/// Program, its Debian package, whether only root's stage needs it.
const NEEDED: [(&str, &str, bool); 7] = [
    ("Xvfb", "xvfb", false),
    ("dbus-daemon", "dbus", false),
    ("dbus-send", "dbus", false),
    ("gnome-keyring-daemon", "gnome-keyring", false),
    ("unshare", "util-linux", true),
    ("useradd", "passwd", true),
    ("setpriv", "util-linux", true),
];

fn installed(program: &str) -> bool {
    PATH.split(':').any(|folder| Path::new(folder).join(program).exists())
}

fn wait_until_ready(folder: &Path, holder: u32) -> Result<()> {
    let end = Instant::now() + PATIENCE;
    let log = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap_or_default();
    loop {
        if folder.join("ready").exists() {
            return Ok(());
        }
        let gone = !Path::new(&format!("/proc/{holder}")).exists();
        if gone || folder.join("failed").exists() || Instant::now() > end {
            bail!(
                "the stage did not come up ({}); as root this needs the right to make namespaces (CAP_SYS_ADMIN)\n{}{}",
                log("failed").trim(),
                log("init.log"),
                log("xvfb.log")
            );
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn only_child(parent: u32) -> Result<u32> {
    let children = std::fs::read_to_string(format!("/proc/{parent}/task/{parent}/children"))?;
    children.trim().parse().with_context(|| format!("process {parent} should have one child, has `{children}`"))
}
