use crate::link::Link;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use stillyou_agent::ipc::Request;
use tauri::AppHandle;
use tauri_plugin_autostart::ManagerExt;

/// Where a package starts the app with every session.
const PACKAGED: &str = "/etc/xdg/autostart/stillyou.desktop";

/// The unit that a package brings.
const UNIT: &str = "/usr/lib/systemd/user/stillyou.service";

/// Starts the app with the session from now on, where no package does.
pub fn with_the_session(app: &AppHandle) {
    if Path::new(PACKAGED).exists() {
        return;
    }
    let autostart = app.autolaunch();
    if !autostart.is_enabled().unwrap_or(false)
        && let Err(e) = autostart.enable()
    {
        tracing::warn!("the app does not start with the session: {e}");
    }
}

/// Starts an agent where none answers.
pub fn agent_if_none(link: &Link) {
    if link.ask(&Request::Status {}).is_err()
        && let Err(e) = agent()
    {
        tracing::error!("the agent can't be started: {e}");
    }
}

/// Starts an agent that outlives the app: the one that the system's manager keeps up, where there is one.
///
/// # Errors
/// When there is no `stillyou`, or it can't be started.
pub fn agent() -> std::io::Result<()> {
    if Path::new(UNIT).exists() && started_by_manager() {
        return Ok(());
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

fn started_by_manager() -> bool {
    let unit = Path::new(UNIT).file_name().unwrap_or_default();
    let started = Command::new("systemctl").args(["--user", "start"]).arg(unit).stdin(Stdio::null()).output();
    started.is_ok_and(|output| output.status.success())
}

/// The agent beside this program, else the one in the path.
fn program() -> PathBuf {
    let name = format!("stillyou{}", std::env::consts::EXE_SUFFIX);
    let beside = std::env::current_exe().ok().and_then(|own| Some(own.parent()?.join(&name)));
    beside.filter(|program| program.exists()).unwrap_or_else(|| name.into())
}
