use crate::args::Agent;
use crate::ask::places;
use anyhow::Result;
use std::process::{Command, ExitCode};
use stillyou_agent::ipc::ServerError;
use stillyou_agent::{RunError, SuperviseError};
use tracing_subscriber::EnvFilter;

/// The status of an agent that did not begin because another one runs.
const ALREADY_RUNNING: u8 = 3;

/// Runs the agent until it is told to end: a supervisor, and a worker that it starts. Logs to standard error; what is
/// typed is never in it.
pub fn run(how: &Agent) -> Result<ExitCode> {
    let filter = EnvFilter::try_from_env("STILLYOU_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false).init();
    let (places, program) = (places()?, std::env::current_exe()?);
    let again = |worker: bool| {
        let mut command = Command::new(&program);
        command.arg("agent").args(worker.then_some("--worker")).args(how.service.then_some("--service"));
        if worker {
            // Networks this small gain nothing from more threads and cost twice the processor time.
            command.env("RAYON_NUM_THREADS", "1");
        }
        command
    };
    if how.worker {
        let restart = (!how.service).then(|| again(false));
        return match stillyou_agent::run(&places, restart) {
            Err(e @ RunError::Server(ServerError::AlreadyRunning { .. })) => {
                eprintln!("stillyou: {e}");
                Ok(ExitCode::from(ALREADY_RUNNING))
            }
            outcome => Ok(outcome.map(|()| ExitCode::SUCCESS)?),
        };
    }
    match stillyou_agent::supervise(&places, || again(true)) {
        // The worker has said why.
        Err(SuperviseError::NotBegun(status)) => {
            Ok(status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from))
        }
        outcome => Ok(outcome.map(|()| ExitCode::SUCCESS)?),
    }
}
