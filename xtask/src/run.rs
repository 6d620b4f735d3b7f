use crate::{cargo, demo};
use anyhow::Result;
use std::{os::unix::process::CommandExt, process::Command};

/// Opens the app on the desktop, or plays the demo.
pub fn run(force_demo: bool, how: demo::Args) -> Result<()> {
    let desktop =
        ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some_and(|v| !v.is_empty()));
    if force_demo || !desktop {
        if !force_demo {
            println!("There is no display here: playing the guided demo on one of its own.");
        }
        return demo::run(how);
    }
    let (agent, app) = (cargo::build_agent()?, cargo::build_app()?);
    println!(
        "The app opens; it starts the agent, or finds the one that runs. Closing the app changes nothing for the agent."
    );
    println!(
        "In another terminal:\n  {0} doctor    what works on this machine\n  {0} verify && {0} quit    end the agent",
        agent.display()
    );
    Err(Command::new(&app).args(["--once", "--open", "now"]).exec().into())
}
