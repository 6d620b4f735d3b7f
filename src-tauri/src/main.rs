//! StillYou's desktop app: a tray icon, windows while they are needed, and a prompt when proof is asked for. It is only a
//! view: the agent is a process of its own, and ending this one changes nothing.
#![cfg_attr(windows, windows_subsystem = "windows")]

mod app;
mod approving;
mod commands;
mod export;
mod figures;
mod governed;
mod keys;
mod link;
mod pending;
mod policy_view;
mod refusal;
mod start;
mod texts;
mod tray;
mod view;
mod windows;

use clap::Parser;
use std::alloc::System;
use view::View;
use zeroizing_alloc::ZeroAlloc;

/// A secret passes through the webview's messages: every piece of memory is wiped when it is given back.
#[global_allocator]
static MEMORY: ZeroAlloc<System> = ZeroAlloc(System);

/// Is it still you? The desktop app.
#[derive(Clone, Debug, Parser)]
#[command(name = "stillyou-desktop", version)]
pub struct Args {
    /// Open a window at once; without it the app starts in the tray
    #[arg(long, value_enum)]
    open: Option<View>,
    /// Run this once: don't start with every session from now on
    #[arg(long)]
    once: bool,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let filter = tracing_subscriber::EnvFilter::try_from_env("STILLYOU_LOG").unwrap_or_else(|_| "info".into());
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false).init();
    app::run(&Args::parse())
}
