//! The tests that need real cameras, keyboards or sessions, in the virtual machine of `tests/vm`.

use crate::cargo::{build_agent, build_app, cargo, must, root, target};
use crate::models;
use anyhow::{Context, Result};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// The test programs whose tests are left out elsewhere.
const TESTS: [&str; 5] = ["camera", "evdev", "devices", "vm_session", "end_to_end"];

/// One run: the guest's script, its test program, and how long it may take on slow cores, in seconds.
const RUNS: [(&str, &str, &str); 6] = [
    ("camera.sh", "camera", "400"),
    ("evdev.sh", "evdev", "300"),
    ("evdev.sh", "devices", "300"),
    ("logind.sh", "vm_session", "600"),
    ("key.sh", "end_to_end", "600"),
    ("scan.sh", "end_to_end", "900"),
];

/// Recorded heads that turn and nod, by the folder that the guest finds them in, and how many pictures of a second. The
/// phone shows the owner.
const CLIPS: [(&str, &str, u32); 3] =
    [("owner", "spoof/video/real2.mp4", 6), ("stranger", "video/d9.mp4", 6), ("phone", "spoof/video/fake2.mp4", 2)];

/// Sets the machine up and runs every guest script; stops at the first that fails.
pub fn run() -> Result<()> {
    let (scripts, folder) = (root().join("tests/vm"), target().join("machine"));
    let (agent, app) = (build_agent()?, build_app()?);
    let tests = build()?;
    must(Command::new(scripts.join("setup.sh")).arg(&folder))?;
    for (script, test, seconds) in RUNS {
        println!("x: {script} {test}");
        let program = tests.get(test).with_context(|| format!("the build left no test {test}"))?;
        let mut guest = Command::new(folder.join("run.sh"));
        guest.arg(scripts.join(script)).arg(program).env("T", seconds);
        if matches!(script, "camera.sh" | "key.sh" | "scan.sh") {
            guest.arg(&agent);
        }
        must(&mut guest)?;
    }
    let Some(faces) = faces(&folder.join("faces"))? else {
        println!("x: skipped: face.sh (no recorded faces beside the checkout)");
        return Ok(());
    };
    println!("x: face.sh end_to_end");
    let program = tests.get("end_to_end").context("the build left no test end_to_end")?;
    let mut guest = Command::new(folder.join("run.sh"));
    guest.arg(scripts.join("face.sh")).arg(program).args([&agent, &app, &faces]).env("T", "2400");
    match networks(&folder.join("pad"))? {
        Some(networks) => guest.arg(networks),
        None => {
            println!(
                "x: skipped: a phone before the camera (no networks against pictures and screens beside the checkout)"
            );
            &mut guest
        }
    };
    must(&mut guest)
}

/// The networks against pictures and screens, converted from their files beside the checkout; nothing where there are none.
fn networks(folder: &Path) -> Result<Option<PathBuf>> {
    let files = root().join("../shared/models");
    if !files.exists() {
        return Ok(None);
    }
    models::convert(&files, folder)?;
    Ok(Some(folder.to_owned()))
}

/// Pictures of each clip, of a webcam's size; nothing where there are no clips.
fn faces(folder: &Path) -> Result<Option<PathBuf>> {
    let recorded = root().join("../shared/data");
    for (name, clip, rate) in CLIPS {
        let clip = recorded.join(clip);
        if !clip.exists() {
            return Ok(None);
        }
        let to = folder.join(name);
        std::fs::create_dir_all(&to)?;
        let size = "scale=640:480:force_original_aspect_ratio=decrease,pad=640:480:(ow-iw)/2:(oh-ih)/2:color=0x808070";
        let mut ffmpeg = Command::new("ffmpeg");
        ffmpeg
            .args(["-v", "error", "-y", "-i"])
            .arg(clip)
            .args(["-vf", &format!("fps={rate},{size}"), "-q:v", "2"])
            .arg(to.join("%03d.jpg"));
        must(&mut ffmpeg)?;
    }
    Ok(Some(folder.to_owned()))
}

/// Builds the test programs, with the features that all tests have, and returns where each is.
fn build() -> Result<BTreeMap<String, PathBuf>> {
    let mut command = cargo();
    command.args(["test", "--quiet", "--workspace", "--no-run", "--message-format", "json"]);
    for test in TESTS {
        command.args(["--test", test]);
    }
    let output = command.stderr(Stdio::inherit()).output().context("cargo test --no-run")?;
    let mut programs = BTreeMap::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let Ok(message) = serde_json::from_str::<Value>(line) else { continue };
        if let (Some(name), Some(program)) = (message["target"]["name"].as_str(), message["executable"].as_str()) {
            programs.insert(name.to_owned(), Path::new(program).to_owned());
        }
    }
    anyhow::ensure!(output.status.success(), "the tests can't be built");
    Ok(programs)
}
