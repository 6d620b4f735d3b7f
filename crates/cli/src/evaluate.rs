use crate::args;
use crate::ask::variable;
use crate::output::say;
use anyhow::{Context, Result, bail};
use std::fs::File;
use std::io::{BufWriter, IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;
use stillyou_agent::{load_passive, model_folders};
use stillyou_evaluate::face::Normalisation;
use stillyou_evaluate::keystroke::{Options, Protocol};
use stillyou_evaluate::session::{self, Cadence, Lent, Sessions};
use stillyou_evaluate::{EvaluateError, attacks, fixed, live_check, pad};
use stillyou_models::keystroke::{Model, PackSource};
use stillyou_models::{face, pointer};
use stillyou_trust::Policy;

pub fn keystroke(how: &args::Keystroke) -> Result<ExitCode> {
    let model = Model::load(&pack_source(&how.common.pack))?.showing(how.keys);
    let protocol = match how.protocol {
        args::Protocol::Sentences if how.enrol_keys.or(how.window).is_some() => {
            bail!("--enrol-keys and --window belong to --protocol stream; sentences are enrolled by --enrol")
        }
        args::Protocol::Stream if how.enrol.is_some() => {
            bail!("--enrol counts sentences; of a stream, say how many keystrokes enrol with --enrol-keys")
        }
        args::Protocol::Sentences => Protocol::Sentences { enrol: how.enrol.unwrap_or(5) },
        args::Protocol::Stream => {
            Protocol::Stream { enrol_keys: how.enrol_keys.unwrap_or(500), window: how.window.unwrap_or(50) }
        }
    };
    let options = Options {
        data: how.common.data.clone(),
        subjects: how.common.subjects,
        protocol,
        seed: how.common.seed,
        include_seen: how.common.include_seen,
    };
    let report = stillyou_evaluate::keystroke::evaluate(&options, &model, &mut progress)?;
    if let Some(path) = &how.scores {
        write_scores(path, |file| report.write_scores(file))?;
    }
    print(how.common.json, &report.to_json(), &report)
}

pub fn session(how: &args::Session) -> Result<ExitCode> {
    let policy = match &how.policy {
        Some(file) => {
            let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
            Policy::parse(&text, &file.display().to_string())?
        }
        None => Policy::default(),
    };
    let model = Model::load(&pack_source(&how.common.pack))?.showing(policy.model.keys.into());
    let options = session::Options {
        data: how.common.data.clone(),
        subjects: how.common.subjects,
        seed: how.common.seed,
        include_seen: how.common.include_seen,
        breaks_per_8h: how.breaks,
    };
    let Cadence { stride, overlap } = Cadence::default();
    let mut sessions = Sessions::load(&options, stride, &policy, &model, &mut |done, of| told(done, of, "owners"))?;
    let figures = sessions.play(&policy, overlap)?;
    let report = sessions.report(figures);
    if let Some(path) = &how.curve {
        let mut file = BufWriter::new(File::create(path).with_context(|| path.display().to_string())?);
        session::write_curve(&sessions.curve(&policy, overlap)?, &mut file)?;
        file.flush().with_context(|| path.display().to_string())?;
    }
    let faces = how.faces.as_ref().map(|data| faces_of(how, data)).transpose()?;
    let pointers = how.pointer.as_ref().map(|data| pointers_of(how, data)).transpose()?;
    if faces.is_none() && pointers.is_none() {
        return print(how.common.json, &report.to_json(), &report);
    }
    // The last is everything together.
    let mut parts = vec![("typing_alone", report)];
    let mut play = |name, typing: bool, faces: Option<&Lent>, pointers: Option<&Lent>| -> Result<()> {
        sessions.lend(faces.cloned(), pointers.cloned());
        let figures = sessions.play(&policy, if typing { overlap } else { 0.0 })?;
        parts.push((name, sessions.report(figures)));
        Ok(())
    };
    if let Some(faces) = &faces {
        play("camera_alone", false, Some(faces), None)?;
        play("typing_and_camera", true, Some(faces), None)?;
    }
    if let Some(pointers) = &pointers {
        play("pointer_alone", false, None, Some(pointers))?;
        play("typing_and_pointer", true, None, Some(pointers))?;
    }
    if faces.is_some() && pointers.is_some() {
        play("all", true, faces.as_ref(), pointers.as_ref())?;
    }
    let words: Vec<String> = parts.iter().map(|(name, part)| format!("{}: {part}", name.replace('_', " "))).collect();
    let mut json = parts.pop().map(|(_, all)| all.to_json()).unwrap_or_default();
    for (name, part) in &parts {
        json[*name] = part.to_json();
    }
    print(how.common.json, &json, &words.join("\n\n"))
}

/// Faces to lend.
fn faces_of(how: &args::Session, data: &Path) -> Result<Lent> {
    let model = face::Model::load(&face::PackSource::Dlib)?;
    let options = stillyou_evaluate::face::Options {
        data: data.to_owned(),
        part: how.faces_part,
        enrol: 5,
        probes: PICTURES_OF_A_LOOK,
        normalise: Normalisation::None,
        seed: how.common.seed,
    };
    let faces = stillyou_evaluate::face::evaluate(&options, &model, &mut |done, of| told(done, of, "pictures"))?;
    Ok(Lent::faces(&faces, how.common.seed))
}

/// Pointers to lend.
fn pointers_of(how: &args::Session, data: &Path) -> Result<Lent> {
    let model = pointer::Model::load(&pointer::PackSource::BuiltIn)?;
    let options = stillyou_evaluate::pointer::Options {
        data: data.to_owned(),
        subjects: how.common.subjects,
        seed: how.common.seed,
        include_seen: how.common.include_seen,
    };
    match stillyou_evaluate::pointer::evaluate(&options, &model, &mut |done, of| told(done, of, "subjects"))? {
        stillyou_evaluate::pointer::Report::Sessions(report) => Ok(Lent::pointers(&report, how.common.seed)),
        stillyou_evaluate::pointer::Report::Accounts(_) => {
            bail!(
                "{}: its sessions are of accounts, and don't say who pointed; a set like SapiMouse does",
                data.display()
            )
        }
    }
}

/// As the agent compares them.
const PICTURES_OF_A_LOOK: usize = 3;

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

pub fn face(how: &args::Face) -> Result<ExitCode> {
    let embedder = match how.embedder.as_str() {
        "dlib" => face::PackSource::Dlib,
        folder => face::PackSource::Directory(folder.into()),
    };
    let model = face::Model::load(&embedder)?;
    let model = match () {
        () if how.stock => model.stock(),
        () if how.no_mirror => model.without_mirror(),
        () => model,
    };
    let options = stillyou_evaluate::face::Options {
        data: how.data.clone(),
        part: how.subjects,
        enrol: how.enrol,
        probes: how.probes,
        normalise: how.normalise,
        seed: how.seed,
    };
    if let Some(people) = how.occlusion {
        let masks = face::occlusion::Masks { count: how.masks, seed: how.seed };
        let mut progress = |done, of| told(done, of, "people");
        let found = stillyou_evaluate::face::occlusion::deletions(&options, people, masks, &model, &mut progress)?;
        return print(how.json, &serde_json::to_value(&found)?, &found);
    }
    let mut progress = |done, of| told(done, of, "pictures");
    let report = stillyou_evaluate::face::evaluate(&options, &model, &mut progress)?;
    if let Some(path) = &how.scores {
        write_scores(path, |file| report.write_scores(file))?;
    }
    print(how.json, &report.to_json(), &report)
}

pub fn pad(how: &args::Pad) -> Result<ExitCode> {
    let folders = match &how.models {
        Some(folder) => vec![folder.clone()],
        None => model_folders(variable),
    };
    let model = face::Model::load(&face::PackSource::Dlib)?;
    let options = pad::Options {
        data: how.data.clone(),
        real: how.real.clone(),
        skip: how.skip.clone(),
        threshold: how.threshold,
    };
    let passive = load_passive(&folders).map_err(anyhow::Error::msg)?;
    let mut progress = |done, of| told(done, of, "pictures");
    let report = pad::evaluate(&options, &model, passive.as_ref(), &mut progress)?;
    print(how.json, &report.to_json(), &report)
}

pub fn live_check(how: &args::LiveCheck) -> Result<ExitCode> {
    let model = face::Model::load(&face::PackSource::Dlib)?;
    let options = live_check::Options {
        data: how.data.clone(),
        checks: how.checks,
        frames_per_second: how.fps,
        act_seconds: how.act_seconds,
        seed: how.seed,
    };
    let report = live_check::evaluate(&options, &model, &mut |done, of| told(done, of, "pictures"))?;
    print(how.json, &report.to_json(), &report)
}

pub fn fixed(how: &args::Fixed) -> Result<ExitCode> {
    let options = fixed::Options { data: how.data.clone(), subjects: how.subjects, seed: how.seed };
    let report = fixed::evaluate(&options, &mut |_, _| {})?;
    if let Some(path) = &how.scores {
        write_scores(path, |file| report.write_scores(file))?;
    }
    print(how.json, &report.to_json(), &report)
}

pub fn attacks(how: &args::Attacks) -> Result<ExitCode> {
    let policy = Policy::default();
    let model = Model::load(&pack_source(&how.common.pack))?.showing(policy.model.keys.into());
    let options = attacks::Options {
        subjects: how.common.subjects,
        seed: how.common.seed,
        include_seen: how.common.include_seen,
        ..attacks::Options::new(how.common.data.clone())
    };
    let report = attacks::evaluate(&options, &model, &mut |done, of| told(done, of, "people"))?;
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

fn write_scores(path: &Path, write: impl FnOnce(&mut dyn Write) -> Result<(), EvaluateError>) -> Result<()> {
    let mut file = BufWriter::new(File::create(path).with_context(|| path.display().to_string())?);
    write(&mut file)?;
    file.flush().with_context(|| path.display().to_string())
}

fn print(json: bool, value: &serde_json::Value, report: &impl std::fmt::Display) -> Result<ExitCode> {
    if json {
        say!("{}", serde_json::to_string_pretty(value)?);
    } else {
        say!("{report}");
    }
    Ok(ExitCode::SUCCESS)
}

fn progress(done: usize, of: usize) {
    told(done, of, "windows");
}

/// How far it is, on a terminal only.
fn told(done: usize, of: usize, what: &str) {
    if std::io::stderr().is_terminal() {
        eprint!("\r{done} of {of} {what}{}", if done == of { "\n" } else { "" });
    }
}
