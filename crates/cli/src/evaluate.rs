use crate::args;
use crate::output::say;
use anyhow::{Context, Result};
use std::fs::File;
use std::io::{BufWriter, IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;
use stillyou_evaluate::EvaluateError;
use stillyou_evaluate::keystroke::Options;
use stillyou_evaluate::stream;
use stillyou_models::keystroke::{Model, PackSource};
use stillyou_models::pointer;

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
        write_scores(path, |file| report.write_scores(file))?;
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

pub fn pointer(how: &args::Pointer) -> Result<ExitCode> {
    let pack = how.pack.clone().map_or(pointer::PackSource::BuiltIn, pointer::PackSource::Directory);
    let model = pointer::Model::load(&pack)?;
    let options = stillyou_evaluate::pointer::Options {
        data: how.data.clone(),
        subjects: how.subjects,
        seed: how.seed,
        include_seen: how.include_seen,
    };
    let mut progress = |done: usize, of: usize| {
        if std::io::stderr().is_terminal() {
            eprint!("\r{done} of {of} subjects{}", if done == of { "\n" } else { "" });
        }
    };
    let report = stillyou_evaluate::pointer::evaluate(&options, &model, &mut progress)?;
    if let Some(path) = &how.scores {
        write_scores(path, |file| report.write_scores(file))?;
    }
    print(how.json, &report.to_json(), &report)
}

fn write_scores(path: &Path, write: impl FnOnce(&mut dyn Write) -> Result<(), EvaluateError>) -> Result<()> {
    let mut file = BufWriter::new(File::create(path).with_context(|| path.display().to_string())?);
    write(&mut file)?;
    file.flush().with_context(|| path.display().to_string())
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
    if std::io::stderr().is_terminal() {
        eprint!("\r{done} of {of} windows{}", if done == of { "\n" } else { "" });
    }
}
