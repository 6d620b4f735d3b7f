//! Pictures of the app, for people to look at.

use crate::cargo::root;
use crate::frontend::npm;
use anyhow::{Context, Result};
use std::path::Path;

/// The pictures that README shows, and what they are called there.
const README: [(&str, &str); 3] =
    [("now-verified-light.png", "now.png"), ("confirm-light.png", "confirm.png"), ("icons.png", "icons.png")];

/// Every view in every state (light, dark, high contrast, German) and every tray icon, into `folder`; README's anew with `readme`.
pub fn take(folder: &Path, readme: bool) -> Result<()> {
    let folder = root().join(folder);
    std::fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    crate::frontend::build()?;
    let text = folder.display().to_string();
    npm(&["run", "shots", "--silent", "--", &text])?;
    npm(&["run", "icons:sheet", "--silent", "--", &format!("{text}/icons.png")])?;
    if readme {
        for (from, to) in README {
            let to = root().join("docs/pictures").join(to);
            std::fs::copy(folder.join(from), &to).with_context(|| to.display().to_string())?;
        }
    }
    println!("pictures: {text}");
    Ok(())
}
