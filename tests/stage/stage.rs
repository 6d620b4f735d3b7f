use crate::Builder;
use anyhow::{Context, Result, ensure};
use std::{
    ffi::OsStr,
    io::Read,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command},
};

/// An own desktop to run the product on. Everything on it ends when this is dropped or its process dies.
#[derive(Debug)]
pub struct Stage {
    pub(crate) folder: PathBuf,
    pub(crate) world: PathBuf,
    pub(crate) user: User,
    pub(crate) root: bool,
    pub(crate) guardian: Child,
    pub(crate) stdin: Option<ChildStdin>,
    /// Process id of the world's first process, as seen from outside.
    pub(crate) first: u32,
    pub(crate) display: String,
    pub(crate) environment: Vec<String>,
}

/// Who uses the stage.
#[derive(Clone, Debug)]
pub struct User {
    /// Login name.
    pub name: String,
    /// User id; the group has the same for a throw-away user.
    pub id: u32,
    /// Password of a throw-away user and of its keyring; of the keyring alone otherwise.
    pub password: String,
}

impl Stage {
    /// How it is to be; [`Builder::build`] makes it.
    pub fn builder() -> Builder {
        Builder::new()
    }

    /// The X display (":99"). Any user of this machine can reach it.
    pub fn display(&self) -> &str {
        &self.display
    }

    /// Who runs its commands.
    pub fn user(&self) -> &User {
        &self.user
    }

    /// A command on the stage, as its user and with its environment only; the working folder is its home.
    ///
    /// It is found in the stage's own `bin` (see [`Self::provide`]) or the system's folders. It is killed when the child is.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        if !self.root {
            let mut command = Command::new("env");
            command.arg("-i").arg("-C").arg(self.home()).args(&self.environment).arg(program);
            return command;
        }
        let mut command = self.enter();
        let id = self.user.id.to_string();
        command.args(["setpriv", "--reuid", &id, "--regid", &id, "--init-groups", "--pdeathsig", "KILL", "--"]);
        self.in_environment(command, program)
    }

    /// A command on the stage, as its administrator.
    ///
    /// # Errors
    /// Without root.
    pub fn administrators_command(&self, program: impl AsRef<OsStr>) -> Result<Command> {
        ensure!(self.root, "an administrator is root");
        let mut command = self.enter();
        command.arg(program);
        Ok(command)
    }

    /// Like [`Self::command`], in a network of its own that has no device but a loopback that is down, and with every
    /// call of `calls` (strace's names, separated by commas) written to `trace`, a path outside of the stage.
    ///
    /// # Errors
    /// Without root.
    pub fn traced_offline_command(&self, program: impl AsRef<OsStr>, calls: &str, trace: &Path) -> Result<Command> {
        ensure!(self.root, "a network of its own needs root");
        let mut command = self.enter();
        // Only a tracer that is root lets programs like PAM's have their owner's rights.
        command.args(["unshare", "--net", "--", "strace", "-f", "-u", &self.user.name, "-e"]);
        command.arg(format!("trace={calls}")).arg("-o").arg(trace);
        Ok(self.in_environment(command, program))
    }

    fn in_environment(&self, mut command: Command, program: impl AsRef<OsStr>) -> Command {
        command.args(["env", "-i", "-C"]).arg(self.home()).args(&self.environment).arg(program);
        command
    }

    /// The user's home folder, as its commands see it.
    pub fn home(&self) -> PathBuf {
        self.world.join("home")
    }

    /// The session bus's socket, as the stage's commands see it.
    pub(crate) fn bus(&self) -> PathBuf {
        self.world.join("run/bus")
    }

    /// Where a path of the stage is found from outside.
    pub fn outside(&self, path: impl AsRef<Path>) -> PathBuf {
        let path = path.as_ref();
        if self.root {
            Path::new(&format!("/proc/{}/root", self.first)).join(path.strip_prefix("/").unwrap_or(path))
        } else {
            path.to_owned()
        }
    }

    /// Makes a program of the host a command of the stage, whoever may enter the folder it lies in.
    ///
    /// # Errors
    /// When there is no such file, or the system refuses.
    pub fn provide(&self, program: &Path) -> Result<()> {
        let program = program.canonicalize().with_context(|| format!("no program {}", program.display()))?;
        let name = program.file_name().context("a program has a name")?;
        let place = self.world.join("bin").join(name);
        if !self.root {
            return std::os::unix::fs::symlink(&program, &place).context("a link on the stage");
        }
        std::fs::write(self.outside(&place), "")?;
        let status = self.enter().args(["mount", "--bind"]).args([&program, &place]).status()?;
        ensure!(status.success(), "can't put {} on the stage", program.display());
        Ok(())
    }

    /// Writes a file into the user's home, owned by the user with mode 0600; returns its path on the stage.
    ///
    /// # Errors
    /// When the file can't be written.
    pub fn write(&self, name: &str, contents: &[u8]) -> Result<PathBuf> {
        let path = self.home().join(name);
        let outside = self.outside(&path);
        std::fs::write(&outside, contents).with_context(|| format!("{} on the stage", path.display()))?;
        std::fs::set_permissions(&outside, PermissionsExt::from_mode(0o600))?;
        if self.root {
            std::os::unix::fs::chown(&outside, Some(self.user.id), Some(self.user.id))?;
        }
        Ok(path)
    }

    /// Writes the administrator's `/etc/stillyou/policy.toml` of the stage.
    ///
    /// # Errors
    /// Without root.
    pub fn set_policy(&self, text: &str) -> Result<()> {
        ensure!(self.root, "a stage's policy needs root");
        let path = self.outside("/etc/stillyou/policy.toml");
        std::fs::write(&path, text).context("the stage's policy")?;
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o644))?;
        Ok(())
    }

    /// Stops the secret service, puts another keyring file in the place of its own, and starts it unlocked again.
    ///
    /// # Errors
    /// When the secret service does not come back.
    pub fn restart_keyring_with(&self, keyring: &[u8]) -> Result<()> {
        self.stop_keyring()?;
        self.write(".local/share/keyrings/login.keyring", keyring)?;
        self.start_keyring()
    }

    /// Stops the secret service.
    ///
    /// # Errors
    /// When it does not stop.
    pub fn stop_keyring(&self) -> Result<()> {
        // Its process id by the name it owns on the bus.
        let stop = "pid=$(dbus-send --session --print-reply=literal --dest=org.freedesktop.DBus / \
                    org.freedesktop.DBus.GetConnectionUnixProcessID string:org.freedesktop.secrets) && \
                    kill ${pid##* } && while kill -0 ${pid##* } 2>/dev/null; do sleep 0.05; done";
        ensure!(self.command("bash").args(["-c", stop]).status()?.success(), "the secret service does not stop");
        Ok(())
    }

    /// Starts the secret service, unlocked.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start_keyring(&self) -> Result<()> {
        // It leaves the foreground before it owns its name on the bus.
        let start = "printf %s \"$0\" | gnome-keyring-daemon --unlock --components=secrets --daemonize >/dev/null && \
                     until dbus-send --session --print-reply --dest=org.freedesktop.secrets \
                     /org/freedesktop/secrets org.freedesktop.DBus.Peer.Ping >/dev/null 2>&1; do sleep 0.05; done";
        let started = self.command("bash").args(["-c", start, &self.user.password]).status()?;
        ensure!(started.success(), "the secret service does not start");
        Ok(())
    }

    /// Lets nobody write in the home folder, or lets its owner again.
    ///
    /// # Errors
    /// Without root.
    pub fn read_only_home(&self, read_only: bool) -> Result<()> {
        ensure!(self.root, "a read-only home needs root");
        let mut command = self.enter();
        let home = self.home();
        if read_only {
            let script = "mount --bind \"$0\" \"$0\" && mount -o remount,bind,ro \"$0\"";
            command.args(["sh", "-c", script]).arg(home);
        } else {
            command.args(["umount", "--lazy"]).arg(home);
        }
        ensure!(command.status()?.success(), "the home folder can't be mounted otherwise");
        Ok(())
    }

    /// Ends the X server, as a crash would.
    ///
    /// # Errors
    /// When it can't be found.
    pub fn stop_display(&self) -> Result<()> {
        let children = format!("/proc/{0}/task/{0}/children", self.guardian.id());
        for child in std::fs::read_to_string(children)?.split_whitespace() {
            if std::fs::read_to_string(format!("/proc/{child}/comm"))?.trim() == "Xvfb" {
                ensure!(Command::new("kill").args(["-KILL", child]).status()?.success(), "the X server does not end");
                return Ok(());
            }
        }
        anyhow::bail!("the stage's X server is not there")
    }

    fn enter(&self) -> Command {
        let mut command = Command::new("nsenter");
        command.arg("--target").arg(self.first.to_string()).args(["--mount", "--pid", "--root", "--"]);
        command
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        // The guardian clears everything away when its input ends.
        drop(self.stdin.take());
        let _ = self.guardian.wait();
    }
}

impl User {
    pub(crate) fn random() -> Result<Self> {
        let mut bytes = [0; 12];
        std::fs::File::open("/dev/urandom")?.read_exact(&mut bytes)?;
        let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let (suffix, password) = digits.split_at(8);
        // Above the ids of ordinary users, below those of containers.
        let id = 50_000 + u32::from(u16::from_le_bytes([bytes[0], bytes[1]])) % 10_000;
        Ok(Self { name: format!("stillyou{suffix}"), id, password: password.to_owned() })
    }

    pub(crate) fn current() -> Result<Self> {
        let name = std::env::var("USER").unwrap_or_else(|_| "user".to_owned());
        Ok(Self { name, id: rustix::process::getuid().as_raw(), password: "keyring".to_owned() })
    }
}
