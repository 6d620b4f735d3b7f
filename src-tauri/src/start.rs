use crate::link::Link;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tauri::AppHandle;
use tauri_plugin_autostart::ManagerExt;

/// Where a package starts the app with every session; what it starts must be there as well, for the first outlives a removal.
const PACKAGED: [&str; 2] = ["/etc/xdg/autostart/stillyou.desktop", "/usr/bin/stillyou-desktop"];

/// The unit that a package brings.
const UNIT: &str = "/usr/lib/systemd/user/stillyou.service";

/// Starts the app with the session from now on, where no package does.
pub fn with_the_session(app: &AppHandle) {
    if PACKAGED.iter().all(|path| Path::new(path).exists()) {
        return;
    }
    let autostart = app.autolaunch();
    if !autostart.is_enabled().unwrap_or(false)
        && let Err(e) = autostart.enable()
    {
        tracing::warn!("the app does not start with the session: {e}");
    }
}

/// How long an agent that the service manager started may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Starts an agent where none answers.
pub fn agent_if_none(link: &Link) {
    if !answers(link)
        && let Err(e) = agent(link)
    {
        tracing::error!("the agent can't be started: {e}");
    }
}

/// Starts an agent that outlives the app: the one that the system's manager keeps up, where there is one and it comes up on this
/// desk.
///
/// # Errors
/// When there is no `stillyou`, or it can't be started.
pub fn agent(link: &Link) -> std::io::Result<()> {
    if Path::new(UNIT).exists() && started_by_manager() {
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            if answers(link) {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(200));
        }
    }
    let mut command = Command::new(program());
    command.arg("agent").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let mut agent = command.spawn()?;
    // Whoever started it must hear of its end.
    std::thread::Builder::new().name("agent-end".into()).spawn(move || drop(agent.wait()))?;
    Ok(())
}

/// Whether somebody listens; an agent that has just begun listens before it answers.
fn answers(link: &Link) -> bool {
    link.client().is_ok()
}

/// The manager may have begun before there was a display.
fn started_by_manager() -> bool {
    let unit = Path::new(UNIT).file_name().unwrap_or_default();
    let systemctl = |args: &[&str]| {
        let mut command = Command::new("systemctl");
        command.arg("--user").args(args).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    };
    let display =
        ["DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY"].into_iter().filter(|name| std::env::var_os(name).is_some());
    systemctl(&[&["import-environment"][..], &display.collect::<Vec<_>>()].concat())
        && systemctl(&["start", &unit.to_string_lossy()])
}

/// The agent beside this program, else the one in the path.
fn program() -> PathBuf {
    let name = format!("stillyou{}", std::env::consts::EXE_SUFFIX);
    let beside = std::env::current_exe().ok().and_then(|own| Some(own.parent()?.join(&name)));
    beside.filter(|program| program.exists()).unwrap_or_else(|| name.into())
}
