//! The agent on a stage, as the demo and the benchmarks run it.

use anyhow::{Context, Result, bail, ensure};
use std::{
    fs::File,
    io::Write,
    path::Path,
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};
use stillyou_stage::Stage;

/// How long it may take to answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// Starts the agent, which logs into `log`, and waits until it answers.
pub fn start(stage: &Stage, log: &Path) -> Result<Child> {
    std::fs::create_dir_all(log.parent().context("a folder for the log")?)?;
    let output = File::create(log).with_context(|| log.display().to_string())?;
    let mut agent = stage
        .command("stillyou")
        .arg("agent")
        .stdin(Stdio::null())
        .stdout(output.try_clone()?)
        .stderr(output)
        .spawn()
        .context("the agent")?;
    let end = Instant::now() + PATIENCE;
    while !stage.command("stillyou").args(["status", "--json"]).output()?.status.success() {
        if agent.try_wait()?.is_some() || Instant::now() > end {
            bail!("the agent did not start:\n{}", std::fs::read_to_string(log).unwrap_or_default());
        }
        sleep(Duration::from_millis(100));
    }
    Ok(agent)
}

/// The owner proves who they are, and is enrolled from the first `sentences` of a recording; what the command said.
pub fn enrol(stage: &Stage, subject: &str, recording: &str, sentences: usize) -> Result<String> {
    let (passed, said) = verify(stage, &stage.user().password)?;
    ensure!(passed, "the owner's password did not pass: {said}");
    let recording = stage.write("typing.csv", recording.as_bytes())?;
    let mut command = stage.command("stillyou");
    command.args(["enroll", "--subject", subject, "--sentences", &sentences.to_string()]);
    let output = command.arg("--recording").arg(recording).output()?;
    ensure!(output.status.success(), "not enrolled: {}", String::from_utf8_lossy(&output.stderr).trim());
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Whether the password passed, and what the command said.
pub fn verify(stage: &Stage, password: &str) -> Result<(bool, String)> {
    let mut command: Command = stage.command("stillyou");
    command.args(["verify", "--password-stdin"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    writeln!(child.stdin.take().context("its input")?, "{password}")?;
    let output = child.wait_with_output()?;
    let said = if output.status.success() { output.stdout } else { output.stderr };
    Ok((output.status.success(), String::from_utf8_lossy(&said).trim().to_owned()))
}
