use crate::args;
use crate::output::say;
use anyhow::{Context, Result};
use std::fs::File;
use std::io::{BufWriter, IsTerminal, Write};
use std::process::ExitCode;
use stillyou_evaluate::keystroke::Options;
use stillyou_evaluate::{attacks, stream};
use stillyou_models::keystroke::{Model, PackSource};

pub fn keystroke(how: &args::Keystroke) -> Result<ExitCode> {
    let model = Model::load(&pack_source(&how.common.pack))?;
    let options = Options {
        data: how.common.data.clone(),
        subjects: how.common.subjects,
        enrol: how.enrol,
        seed: how.common.seed,
        include_seen: how.common.include_seen,
    };
    let report = stillyou_evaluate::keystroke::evaluate(&options, &model, &mut progress)?;
    if let Some(path) = &how.scores {
        let file = File::create(path).with_context(|| path.display().to_string())?;
        let mut file = BufWriter::new(file);
        report.write_scores(&mut file)?;
        file.flush().with_context(|| path.display().to_string())?;
    }
    print(how.common.json, &report.to_json(), &report)
}

pub fn stream(how: &args::Stream) -> Result<ExitCode> {
    let model = Model::load(&pack_source(&how.common.pack))?;
    let options = stream::Options {
        subjects: how.common.subjects,
        enrol: how.enrol,
        seed: how.common.seed,
        include_seen: how.common.include_seen,
        ..stream::Options::new(how.common.data.clone())
    };
    let report = stream::evaluate(&options, &model, &mut progress)?;
    print(how.common.json, &report.to_json(), &report)
}

pub fn attacks(how: &args::Attacks) -> Result<ExitCode> {
    let model = Model::load(&pack_source(&how.common.pack))?;
    let options = attacks::Options {
        subjects: how.common.subjects,
        seed: how.common.seed,
        include_seen: how.common.include_seen,
        ..attacks::Options::new(how.common.data.clone())
    };
    let mut progress = told("people");
    let report = attacks::evaluate(&options, &model, &mut progress)?;
    print(how.common.json, &report.to_json(), &report)
}

/// The pack of a name, or of a folder.
pub fn pack_source(name: &str) -> PackSource {
    match name {
        "research" => PackSource::Research,
        "open" => PackSource::Open,
        folder => PackSource::Directory(folder.into()),
    }
}

fn print(json: bool, value: &serde_json::Value, report: &impl std::fmt::Display) -> Result<ExitCode> {
    if json {
        say!("{}", serde_json::to_string_pretty(value)?);
    } else {
        say!("{report}");
    }
    Ok(ExitCode::SUCCESS)
}

/// How far it is, on a terminal only.
fn progress(done: usize, of: usize) {
    told("windows")(done, of);
}

fn told(what: &str) -> impl FnMut(usize, usize) + '_ {
    move |done, of| {
        if std::io::stderr().is_terminal() {
            eprint!("\r{done} of {of} {what}{}", if done == of { "\n" } else { "" });
        }
    }
}
