use crate::{cargo, demo};
use anyhow::Result;
use std::{os::unix::process::CommandExt, process::Command};

/// Starts the agent on the desktop, or plays the demo.
pub fn run(force_demo: bool, how: demo::Args) -> Result<()> {
    let desktop =
        ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some_and(|v| !v.is_empty()));
    if force_demo || !desktop {
        if !force_demo {
            println!("There is no display here: playing the guided demo on one of its own.");
        }
        return demo::run(how);
    }
    let agent = cargo::build_agent()?;
    println!(
        "The agent runs in the foreground. Once you are enrolled, Ctrl-C locks the session before it ends the agent;"
    );
    println!("`verify` and `quit` just end it. In another terminal:");
    println!(
        "  {0} doctor    what works on this machine\n  {0} verify && {0} enroll    learn how you type\n  \
         {0} verify && {0} quit    end the agent",
        agent.display()
    );
    Err(Command::new(&agent).arg("agent").exec().into())
}
