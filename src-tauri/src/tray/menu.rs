use crate::link::Link;
use crate::pending::Pending;
use crate::texts::Texts;
use crate::view::View;
use crate::windows;
use std::sync::Arc;
use stillyou_agent::ipc::{Request, Status};
use stillyou_trust::State;
use tauri::{AppHandle, Manager};

/// What the ids of pauses begin with; their minutes follow.
const PAUSE: &str = "pause-";

/// A line of the menu.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry {
    /// Words, nothing to choose.
    Words(String),
    /// Something to choose, by an id for [`chosen`].
    Choice { id: String, text: String },
    /// Choices of a kind.
    Choices { text: String, of: Vec<(String, String)> },
    /// A line between others.
    Line,
}

/// The menu of a state, which its first line says in words.
pub fn of(status: Option<&Status>, words: &str, texts: &Texts) -> Vec<Entry> {
    let choice = |id: &str| Entry::Choice { id: id.to_owned(), text: texts.text(&format!("tray-{id}"), &[]) };
    let mut menu = vec![Entry::Words(words.to_owned()), Entry::Line, choice("open")];
    let Some(status) = status else {
        menu.push(choice("start"));
        return menu;
    };
    menu.extend([choice("verify"), choice("lock")]);
    match status.state {
        State::Paused { .. } => menu.push(choice("resume")),
        State::Watching { .. } if status.may_pause_minutes > 0 => {
            let lengths = pauses(status.may_pause_minutes).into_iter();
            let text = |minutes| texts.text("tray-pause-minutes", &[("minutes", minutes)]);
            let of = lengths.map(|minutes| (format!("{PAUSE}{minutes}"), text(minutes))).collect();
            menu.extend([Entry::Line, Entry::Choices { text: texts.text("tray-pause", &[]), of }]);
        }
        _ => {}
    }
    if status.may_quit {
        menu.extend([Entry::Line, choice("quit")]);
    }
    menu
}

/// Lengths to choose from, the longest that is allowed last.
fn pauses(most: u64) -> Vec<u64> {
    [5, 15, 30, 60].into_iter().filter(|minutes| *minutes < most).chain([most]).collect()
}

/// Does what was chosen.
pub fn chosen(app: &AppHandle, id: &str) {
    let link = app.state::<Arc<Link>>().inner().clone();
    match id {
        "open" => open(app, View::Now),
        "verify" => open(app, View::Confirm),
        "start" => crate::start::agent_if_none(&link),
        "lock" => ask(app, Request::Lock {}),
        "resume" => ask(app, Request::Resume {}),
        "quit" => ask_proven(app, Request::Quit {}),
        other => {
            if let Some(minutes) = other.strip_prefix(PAUSE).and_then(|minutes| minutes.parse().ok()) {
                ask_proven(app, Request::Pause { minutes });
            }
        }
    }
}

/// Opens a window.
pub fn open(app: &AppHandle, view: View) {
    if let Err(e) = windows::open(app, view) {
        tracing::error!("no window: {e}");
    }
}

/// What needs proof: at once where a step-up is fresh, else once there is proof.
fn ask_proven(app: &AppHandle, request: Request) {
    let fresh = app.state::<Arc<Link>>().last().is_some_and(|status| status.fresh_seconds.is_some());
    if fresh {
        return ask(app, request);
    }
    app.state::<Pending>().wants(request);
    open(app, View::Confirm);
}

/// Off the main thread: the agent may take a moment.
fn ask(app: &AppHandle, request: Request) {
    let link = app.state::<Arc<Link>>().inner().clone();
    let asking = move || {
        if let Err(refusal) = link.done(&request) {
            tracing::warn!("not done: {}", refusal.why);
        }
    };
    if let Err(e) = std::thread::Builder::new().name("tray".into()).spawn(asking) {
        tracing::error!("the system gives no thread: {e}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_pause_is_longer_than_policy_allows() {
        assert_eq!(pauses(15), [5, 15]);
        assert_eq!(pauses(3), [3]);
    }

    #[test]
    fn without_an_agent_there_is_one_to_start() {
        let menu = of(None, "off", &Texts::of("en"));
        assert_eq!(menu[0], Entry::Words("off".into()));
        assert_eq!(menu[3], Entry::Choice { id: "start".into(), text: "Start watching".into() });
    }
}
