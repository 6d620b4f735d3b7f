use crate::args;
use crate::ask::variable;
use crate::evaluate::pack_source;
use crate::output::say;
use crate::show::event;
use anyhow::{Context, Result};
use std::process::ExitCode;
use std::sync::Arc;
use stillyou_agent::{Effect, Engine, Moment, Replay, load_model, policies};
use stillyou_models::keystroke::Model;
use stillyou_recordings::{Person, discover};
use stillyou_trust::{Event, Policy, TrustTime};

pub fn run(how: &args::Replay) -> Result<ExitCode> {
    let mut policy = read_policy(how)?;
    // A recording is short, and its keys were typed by a person long ago.
    policy.enrolment.min_keystrokes = policy.enrolment.min_keystrokes.min(300);
    let model = match &how.pack {
        Some(pack) => Model::load(&pack_source(pack))?.showing(policy.model.keys.into()),
        None => load_model(&policy.model)?,
    };
    let model = Arc::new(model);
    let people = people(how)?;
    let genuine = find(&people, how.genuine.as_deref(), how)?;
    let impostor = how.impostor.as_deref().map(|id| find(&people, Some(id), how)).transpose()?;

    let at = TrustTime::default();
    let mut engine = Engine::learning(policy, model, at);
    let (enrol, work) = genuine.sessions.split_at(how.enrol.min(genuine.sessions.len()));
    let sentences: Vec<_> = enrol.iter().map(|s| s.keystrokes.clone()).collect();
    let enrolled = engine.enrol_recording(&sentences).with_context(|| format!("enrolling {}", genuine.subject))?;
    tell(how, &format!("{} enrolled from {} keystrokes", genuine.subject, enrolled.template.keystrokes()));
    engine.enrolled(at, enrolled.template)?;

    let mut replay = Replay::new(engine, at);
    let mut typed_by = |subject: &str, sessions: &[stillyou_recordings::Session]| {
        let before = replay.keystrokes();
        tell(how, &format!("{subject} types"));
        for session in sessions {
            for moment in replay.sentence(&session.keystrokes) {
                show(how, subject, before, &moment);
            }
            if replay.is_locked() {
                break;
            }
        }
        replay.is_locked()
    };
    let locked = typed_by(&genuine.subject, work);
    if let Some(impostor) = impostor.filter(|_| !locked) {
        typed_by(&impostor.subject, &impostor.sessions);
    }
    Ok(ExitCode::SUCCESS)
}

fn read_policy(how: &args::Replay) -> Result<Policy> {
    match &how.policy {
        Some(file) => {
            let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
            Ok(Policy::parse(&text, &file.display().to_string())?)
        }
        None => {
            let (system, user) = policies(variable);
            Ok(stillyou_agent::load_policy(&system, user.as_deref())?.policy)
        }
    }
}

fn people(how: &args::Replay) -> Result<Vec<Person>> {
    let mut people = Vec::new();
    for source in discover(&how.file)? {
        people.extend(source.load()?.people);
    }
    Ok(people)
}

fn find<'a>(people: &'a [Person], subject: Option<&str>, how: &args::Replay) -> Result<&'a Person> {
    let found = match subject {
        Some(id) => people.iter().find(|p| p.subject == id),
        None => people.first(),
    };
    found.with_context(|| format!("{}: no subject {}", how.file.display(), subject.unwrap_or("at all")))
}

fn tell(how: &args::Replay, text: &str) {
    if !how.json {
        say!("{text}");
    }
}

fn show(how: &args::Replay, subject: &str, before: u64, moment: &Moment) {
    let Effect::Decided(decision) = &moment.effect else { return };
    if how.json {
        let line = serde_json::json!({
            "subject": subject,
            "keystrokes": moment.keystrokes - before,
            "decision": decision,
        });
        say!("{line}");
        return;
    }
    if matches!(decision.event, Event::Begun | Event::Locked { .. } | Event::StepUpEnded { .. }) {
        return;
    }
    let what = event(&decision.event);
    say!(
        "{:8.1} s  {:5} keys  score {:5.1}  {what}",
        moment.at.as_duration().as_secs_f64(),
        moment.keystrokes - before,
        decision.log_odds.score()
    );
}
