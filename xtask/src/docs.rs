use crate::cargo::{build_agent, must, root};
use anyhow::{Context, Result, ensure};
use std::{path::Path, process::Command};

/// What a `stillyou` command prints, and where packages put it under /usr/share.
const PRINTED: [(&[&str], &str); 6] = [
    (&["completions", "bash"], "bash-completion/completions/stillyou"),
    (&["completions", "zsh"], "zsh/site-functions/_stillyou"),
    (&["completions", "fish"], "fish/vendor_completions.d/stillyou.fish"),
    (&["completions", "elvish"], "stillyou/completions/stillyou.elv"),
    (&["completions", "powershell"], "stillyou/completions/stillyou.ps1"),
    (&["policy", "schema"], "stillyou/policy.schema.json"),
];

/// Writes them into a folder of the checkout, and says where.
pub fn write(folder: &Path) -> Result<()> {
    let folder = root().join(folder);
    write_into(&folder)?;
    println!("manual pages, completions and schema: {}", folder.display());
    Ok(())
}

/// Builds `stillyou` and lets it write its own documents into `folder`.
pub fn write_into(folder: &Path) -> Result<()> {
    let program = build_agent()?;
    must(Command::new(&program).arg("man").arg(folder.join("man/man1")))?;
    for (args, place) in PRINTED {
        let file = folder.join(place);
        let output = Command::new(&program).args(args).output()?;
        ensure!(output.status.success(), "`stillyou {}` failed", args.join(" "));
        std::fs::create_dir_all(file.parent().unwrap_or(folder))?;
        std::fs::write(&file, output.stdout).with_context(|| file.display().to_string())?;
    }
    Ok(())
}
