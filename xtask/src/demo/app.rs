use super::terminal::say;
use crate::cargo;
use anyhow::{Context, Result};
use std::path::Path;
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::Duration;
use stillyou_stage::Stage;

/// How long a window may take to be drawn.
const DRAWN: Duration = Duration::from_secs(2);

/// The desktop app on the stage, and pictures of the stage's screen.
pub struct App<'a> {
    stage: &'a Stage,
    child: Child,
}

impl<'a> App<'a> {
    /// Opens the app's window.
    pub fn open(stage: &'a Stage, program: &Path) -> Result<Self> {
        stage.provide(program)?;
        let mut command = stage.command("stillyou-desktop");
        command.args(["--once", "--open", "now"]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let app = Self { stage, child: command.spawn().context("the app")? };
        sleep(DRAWN);
        // Typing is work elsewhere, not scrolling here.
        stage.unfocus()?;
        Ok(app)
    }

    /// Keeps what is on the screen as `out/demo-NAME.png`, once what was just opened is drawn.
    pub fn picture(&self, name: &str) -> Result<()> {
        sleep(DRAWN);
        let file = cargo::root().join(format!("out/demo-{name}.png"));
        std::fs::write(&file, self.stage.picture()?).with_context(|| file.display().to_string())?;
        super::give_back(&file);
        say(&format!("A picture of the screen: {}", file.display()));
        Ok(())
    }
}

impl Drop for App<'_> {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
