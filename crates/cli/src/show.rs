use chrono::DateTime;
use stillyou_agent::ipc::{
    CameraStatus, PastDecision, Replaced, SensorState, Status, StoredItem, StoredWhat, UnderGrant, WithoutBiometrics,
};
use stillyou_agent::{PadState, face_parts};
use stillyou_trust::policy::CameraMode;
use stillyou_trust::{
    Band, Contribution, Event, Explanation, LockReason, Modality, Origin, Pictures, State, StepUpEnd, StepUpReason,
};

/// The state in words, with what to do.
pub fn state(status: &Status) -> String {
    let seconds = || status.seconds_left.unwrap_or(0);
    match status.state {
        State::Learning => match status.enrolment {
            Some(p) => format!("learning: {} of {} keystrokes", p.keystrokes, p.needed),
            None => "not enrolled: run `stillyou verify`, then `stillyou enroll`".into(),
        },
        State::Watching { band: Band::Verified } => "verified".into(),
        State::Watching { band: Band::Watch } => "watching closely".into(),
        State::Watching { band } => format!("in the {} band", band.name()),
        State::StepUp { locking: true, .. } => "locking the session".into(),
        State::StepUp { .. } => format!("confirm it's you: run `stillyou verify` within {} s", seconds()),
        State::Paused { .. } => {
            format!("paused for {} more minutes", status.paused_seconds.unwrap_or(0).div_ceil(60))
        }
        State::Locked { .. } => "locked".into(),
    }
}

/// One line: state, score, reasons, trouble.
pub fn line(status: &Status) -> String {
    let mut parts = vec![format!("{:<40}", state(status))];
    if let Some(score) = status.score {
        parts.push(format!("score {score:5.1}"));
    }
    if let Some(contributions) = &status.contributions {
        parts.push(reasons(contributions));
    }
    if let Some(grant) = &status.under_grant {
        parts.push(format!("grant {}", under_grant(grant)));
    }
    if !status.trouble.is_empty() {
        let all: Vec<&str> = status.trouble.iter().map(|t| t.why.as_str()).collect();
        parts.push(format!("TROUBLE: {}", all.join("; ")));
    }
    parts.join("  ").trim_end().to_owned()
}

/// Everything, a line each.
pub fn page(status: &Status) -> String {
    let mut lines = vec![format!("state      {}", state(status))];
    match status.score {
        Some(score) => lines.push(format!("score      {score:.1} of 100")),
        None if status.state != State::Learning => {
            lines.push("score      shown for a minute after `stillyou verify`".into())
        }
        None => {}
    }
    if let Some(contributions) = &status.contributions {
        lines.push(format!("because    {}", reasons(contributions)));
    }
    if let Some(WithoutBiometrics { interval_minutes, idle_minutes }) = status.without_biometrics {
        lines.push(format!(
            "biometrics none, as you chose: proof is asked for every {interval_minutes} min, and after {idle_minutes} min without input"
        ));
    }
    if let Some(grant) = &status.under_grant {
        lines.push(format!("grant      {}", under_grant(grant)));
    }
    if let Some(problem) = &status.enrolment_problem {
        lines.push(format!("enrolment  {problem}"));
    }
    for trouble in &status.trouble {
        lines.push(format!("trouble    {}", trouble.why));
    }
    if let Some(circumstances) = status.circumstances.as_ref().filter(|c| !c.is_empty()) {
        let all: Vec<String> = circumstances.iter().map(ToString::to_string).collect();
        lines.push(format!("around     {}: the score falls faster", all.join(", ")));
    }
    let missing: Vec<&str> =
        status.own_factors.iter().filter(|f| f.needed && !f.set_up).map(|f| f.factor.name()).collect();
    if !missing.is_empty() {
        lines.push(format!("factors    set up what policy asks for: {} (`stillyou factor list`)", missing.join(", ")));
    }
    for modality in &status.muted {
        lines.push(format!("muted      {modality}, until the next login: it asked too often"));
    }
    for Replaced { modality, instead, until_ms } in &status.replaced {
        lines.push(format!(
            "replaced   {modality}, by {} until {} UTC: it doesn't suit you",
            instead.name(),
            utc(*until_ms)
        ));
    }
    lines.push(format!("keyboard   {}", status.keyboard.as_deref().unwrap_or("not captured")));
    lines.push(format!("pointer    {}", pointer(status)));
    lines.push(format!("camera     {}", camera(status)));
    lines.push(format!("model      {}", status.model));
    let files: Vec<String> = status.policy.iter().map(|p| p.display().to_string()).collect();
    lines.push(format!("policy     {}", if files.is_empty() { "defaults".into() } else { files.join(", ") }));
    lines.join("\n")
}

fn under_grant(grant: &UnderGrant) -> String {
    let without: Vec<&str> = grant.set_aside.iter().map(|modality| modality.name()).collect();
    let (until, every) = (utc(grant.until_ms), grant.reverify_minutes);
    let glass = if grant.emergency { "THE GLASS IS BROKEN: " } else { "" };
    match &grant.suspended {
        Some(why) => format!("suspended: {why}"),
        None => {
            format!("{glass}in force until {until} UTC, without {}, a step-up every {every} min", without.join(", "))
        }
    }
}

fn pointer(status: &Status) -> String {
    let state = status.sensors.iter().find(|s| s.modality == Modality::Pointer).map(|s| s.state);
    let why = status.enrolled.as_ref().and_then(|e| e.pointer_problem.as_deref());
    match state {
        Some(SensorState::On | SensorState::Ready) => "watched".into(),
        Some(SensorState::NotSeen) => "not captured".into(),
        Some(SensorState::NotLearnt) => {
            format!("says nothing: {}", why.unwrap_or("it was not learnt; enrol anew and use it meanwhile"))
        }
        Some(SensorState::Off | SensorState::NotThere) | None => "not watched".into(),
    }
}

fn camera(status: &Status) -> String {
    let CameraStatus { mode, on, unseen, pad, .. } = &status.camera;
    let state = status.sensors.iter().find(|s| s.modality == Modality::Face).map(|s| s.state);
    let used = match (mode, state) {
        _ if *on => "on",
        (CameraMode::Off, _) => "never used, by policy",
        (CameraMode::Offered, Some(SensorState::Off)) => "off; `stillyou sensor face on` lets it be used",
        (_, Some(SensorState::Off)) => "off for now",
        _ => "off, and opened when that is worth it",
    };
    let unseen = unseen.as_ref().map(|why| format!("the last look saw nothing: {why}"));
    let lost = [unseen, pad.as_ref().and_then(PadState::problem)];
    let lost: String = lost.into_iter().flatten().map(|lost| format!("\n           {lost}")).collect();
    format!("{used}; {}{lost}", face(&status.camera))
}

fn face(camera: &CameraStatus) -> String {
    match (camera.images, &camera.problem) {
        _ if camera.learning => "your face is being learnt".into(),
        (Some(images), None) => format!("your face is known from {images} pictures"),
        (Some(images), Some(problem)) => {
            format!("your face is known from {images} pictures, and was not learnt anew: {problem}")
        }
        (None, Some(problem)) => format!("your face was not learnt: {problem}"),
        (None, None) => "your face is not known; `stillyou enroll --face` learns it".into(),
    }
}

/// A stored thing on one line.
pub fn stored(item: &StoredItem) -> String {
    let what = match item.what {
        StoredWhat::Template => "template",
        StoredWhat::Key => "keys",
        StoredWhat::Ledger => "ledger",
        StoredWhat::Policy => "policy",
    };
    let bytes = item.bytes.map(|bytes| format!(", {bytes} bytes")).unwrap_or_default();
    format!("{what:<9}  {}{bytes}: {}", item.place, item.detail)
}

/// A recorded decision on one line: number, time (UTC), score, what.
pub fn decision(decision: &PastDecision) -> String {
    format!("{:6}  {}  score {:5.1}  {}", decision.entry, utc(decision.unix_ms), decision.score, event(&decision.event))
}

/// What was decided, in words.
pub fn event(event: &Event) -> String {
    match event {
        Event::BandChanged { from, to } => format!("band {} -> {}", from.name(), to.name()),
        Event::StepUpAsked { reason: StepUpReason::Evidence, forced_by: Some(Modality::Pointer), .. } => {
            "step-up asked: the pointer moved unlike the owner's".into()
        }
        Event::StepUpAsked { reason: StepUpReason::Evidence, .. } => {
            "step-up asked: the typing was unlike the owner's".into()
        }
        Event::StepUpAsked { reason: StepUpReason::Scheduled, .. } => "step-up asked: it had been a while".into(),
        Event::StepUpAsked { reason: StepUpReason::AfterUnlock, .. } => "step-up asked: after an unlock".into(),
        Event::StepUpEnded { how: StepUpEnd::Verified } => "step-up passed".into(),
        Event::StepUpEnded { how: StepUpEnd::Locked } => "step-up ended in a lock".into(),
        Event::LockAsked { reason: LockReason::Score } => "lock asked: the score reached the lock band".into(),
        Event::LockAsked { reason: LockReason::GraceOver } => "lock asked: nobody answered in time".into(),
        Event::LockAsked { reason: LockReason::Failures } => "lock asked: too many wrong answers".into(),
        Event::LockAsked { reason: LockReason::Left } => "lock asked: nobody is in front of the camera any more".into(),
        Event::LockAsked { reason: LockReason::WatchLost } => "lock asked: for a while nobody watched".into(),
        Event::LockAsked { reason: LockReason::Retry } => "lock asked again".into(),
        Event::Locked { by_score: true } => "locked, as asked".into(),
        Event::Locked { by_score: false } => "locked by the person or the system".into(),
        other => format!("{other:?}"),
    }
}

fn utc(unix_ms: i64) -> String {
    DateTime::from_timestamp_millis(unix_ms).map_or("?".into(), |t| t.format("%F %T").to_string())
}

/// How a score came about, term by term.
pub fn explanation(explanation: &Explanation) -> String {
    let origin = match explanation.start.origin {
        Origin::Begun => "monitoring began",
        Origin::Resumed => "the agent started again",
        Origin::Verified => "you were verified",
        Origin::Floor => "the score was at its best",
        Origin::Earlier => "earlier steps, summed",
    };
    let mut out =
        format!("score {:.1}; odds that it is somebody else, as a logarithm in nats:\n", explanation.end.score());
    out += &format!("  {:+7.2}  {origin}\n", explanation.start.log_odds.0);
    for c in explanation.contributions() {
        out += &format!("  {:+7.2}  {}\n", c.nats, c.cause);
    }
    out += &format!("  {:+7.2}  now\n", explanation.end.0);
    if let Some(Pictures { compared, taken, quality }) = explanation.pictures() {
        out += &format!("the last look compared {compared} of {taken} pictures, quality {quality:.2} of 1\n");
    }
    if let Some(map) = explanation.occlusion() {
        let parts: Vec<String> = face_parts(map).iter().map(|p| format!("{} {:+.1}", p.cause, p.nats)).collect();
        out += &format!("parts of the face in the last look against you, roughly: {}\n", parts.join(", "));
    }
    out += match explanation.recompute() {
        Ok(_) => "recomputed from the record: it agrees\n",
        Err(_) => "RECOMPUTED FROM THE RECORD: IT DOES NOT AGREE\n",
    };
    out
}

fn reasons(contributions: &[Contribution]) -> String {
    let sign = |c: &Contribution| if c.nats > 0.0 { "against" } else { "for" };
    let strong = contributions.iter().filter(|c| c.nats.abs() >= 0.05).take(3);
    let all: Vec<String> = strong.map(|c| format!("{} {:.1} {} you", c.cause, c.nats.abs(), sign(c))).collect();
    all.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_face_is_told_beside_what_went_wrong_when_it_was_learnt_anew() {
        let shown = |images, problem: Option<&str>| {
            face(&CameraStatus {
                mode: CameraMode::Offered,
                on: false,
                images,
                learning: false,
                enrolment: None,
                problem: problem.map(str::to_owned),
                unseen: None,
                pad: None,
            })
        };
        let both = shown(Some(7), Some("too dark"));
        assert!(both.contains("known from 7 pictures") && both.contains("too dark"), "{both}");
        assert!(shown(None, Some("too dark")).contains("not learnt: too dark"));
        assert_eq!(shown(Some(7), None), "your face is known from 7 pictures");
    }
}
