//! Completions and manual pages come from the command line's own definition, whole.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Output};

const SHELLS: [&str; 5] = ["bash", "elvish", "fish", "powershell", "zsh"];

#[test]
fn bash_completes_from_the_script() {
    let script = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(script.path(), completions("bash")).unwrap();
    assert!(bash("bash -n \"$0\"", script.path()).status.success());

    assert_eq!(complete(script.path(), &["stillyou", "le"]), ["ledger"]);
    assert_eq!(complete(script.path(), &["stillyou", "ledger", "pr"]), ["prove"]);
    assert_eq!(complete(script.path(), &["stillyou", "ledger", "prove", "--w"]), ["--with-entry"]);
    assert_eq!(complete(script.path(), &["stillyou", "completions", "fi"]), ["fish"]);
    let agent = complete(script.path(), &["stillyou", "agent", "--"]);
    assert!(agent.contains(&"--service".to_owned()) && !agent.contains(&"--worker".to_owned()), "{agent:?}");
}

#[test]
fn no_script_shows_what_is_hidden() {
    for shell in SHELLS {
        let script = completions(shell);
        assert!(script.contains("ledger") && script.contains("follow"), "{shell}");
        assert!(!script.contains("worker") && !script.contains("__man") && !script.contains("'man'"), "{shell}");
    }
}

#[test]
fn every_command_has_a_page_and_every_page_a_command() {
    let folder = tempfile::tempdir().unwrap();
    let pages = folder.path().join("man1");
    assert!(stillyou(&["man", pages.to_str().unwrap()]).status.success());
    let written: BTreeSet<String> =
        std::fs::read_dir(&pages).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    let mut expected = BTreeSet::new();
    named(&mut vec![], &mut expected);
    assert!(expected.len() > 20 && expected.contains("stillyou-ledger-verify.1"), "{expected:?}");
    assert_eq!(written, expected);
    for page in &written {
        let roff = std::fs::read_to_string(pages.join(page)).unwrap();
        assert!(roff.contains(".SH NAME") && roff.contains(".SH SYNOPSIS"), "{page}");
        assert!(!roff.contains("worker"), "{page}");
    }
    assert!(std::fs::read_to_string(pages.join("stillyou.1")).unwrap().contains("/etc/stillyou/policy.toml"));
}

#[test]
fn explain_refuses_an_unknown_field_and_names_the_near_one() {
    let output = stillyou(&["policy", "explain", "stepup.grace_seconds"]);
    assert!(!output.status.success());
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("no field or section `stepup.grace_seconds`; did you mean step_up.grace_seconds?"), "{said}");
}

#[test]
fn explain_says_who_set_what() {
    let home = tempfile::tempdir().unwrap();
    let config = home.path().join(".config/stillyou");
    std::fs::create_dir_all(&config).unwrap();
    std::fs::write(config.join("policy.toml"), "[step_up]\ngrace_seconds = 20\n").unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_stillyou"));
    command.args(["policy", "explain", "step_up"]).env("HOME", home.path()).env_remove("XDG_CONFIG_HOME");
    let output = command.output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("grace_seconds = 20\n"), "{said}");
    // Not where the machine's own policy sets it, if it has one.
    let flat = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains("seconds, 5 to 300 · set by ~/.config/stillyou/policy.toml (default 30)"), "{flat}");
    assert!(flat.contains("a user's file may lower it") && !said.contains("lock_odds"), "{flat}");
}

/// The page names of a command and those within it, by its own `--help`.
fn named(path: &mut Vec<String>, into: &mut BTreeSet<String>) {
    let mut page = vec!["stillyou".to_owned()];
    page.extend(path.iter().cloned());
    into.insert(format!("{}.1", page.join("-")));
    // Handed over to a program of its own, which has its own help.
    if path.as_slice() == ["train"] {
        return;
    }
    let args: Vec<&str> = path.iter().map(String::as_str).chain(["--help"]).collect();
    let help = String::from_utf8(stillyou(&args).stdout).unwrap();
    let Some((_, commands)) = help.split_once("\nCommands:\n") else { return };
    for line in commands.lines().take_while(|line| !line.is_empty()) {
        let name = line.split_whitespace().next().unwrap();
        if name != "help" {
            path.push(name.to_owned());
            named(path, into);
            path.pop();
        }
    }
}

/// What bash offers after loading the script, through its own record of how `stillyou` is completed.
fn complete(script: &Path, words: &[&str]) -> Vec<String> {
    let words: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
    let program = format!(
        "source \"$0\" || exit 1
         function=$(complete -p stillyou | sed -n 's/.* -F \\([^ ]*\\) .*/\\1/p')
         COMP_WORDS=({}) COMP_CWORD={}
         \"$function\" stillyou \"${{COMP_WORDS[COMP_CWORD]}}\" \"${{COMP_WORDS[COMP_CWORD-1]}}\"
         printf '%s\\n' \"${{COMPREPLY[@]}}\"",
        words.join(" "),
        words.len() - 1,
    );
    let output = bash(&program, script);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

fn bash(program: &str, script: &Path) -> Output {
    Command::new("bash").args(["--norc", "-c", program]).arg(script).output().unwrap()
}

fn completions(shell: &str) -> String {
    let output = stillyou(&["completions", shell]);
    assert!(output.status.success(), "{shell}");
    String::from_utf8(output.stdout).unwrap()
}

fn stillyou(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_stillyou")).args(args).output().unwrap()
}
