use crate::link::Link;
use crate::pending::{Pending, ask_if_proven};
use crate::texts::Texts;
use crate::view::View;
use crate::{start, windows};
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

/// Does what was chosen, on a thread of its own: agent and windows may take a moment, and the tray must not wait.
pub fn chosen(app: &AppHandle, id: &str) {
    let (app, id) = (app.clone(), id.to_owned());
    let doing = move || {
        if let Err(why) = choose(&app, &id) {
            tracing::error!("{id} in the tray: {why}");
        }
    };
    if let Err(e) = std::thread::Builder::new().name("tray".into()).spawn(doing) {
        tracing::error!("the system gives no thread: {e}");
    }
}

fn choose(app: &AppHandle, id: &str) -> Result<(), String> {
    let link = app.state::<Arc<Link>>();
    let open = |view| windows::open(app, view).map_err(|e| e.to_string());
    match id {
        "open" => open(View::Now),
        "verify" => {
            app.state::<Pending>().forget();
            open(View::Confirm)
        }
        "start" => start::agent(&link).map_err(|e| e.to_string()),
        "lock" => link.done(&Request::Lock {}).map_err(|refusal| refusal.why),
        "resume" => link.done(&Request::Resume {}).map_err(|refusal| refusal.why),
        "quit" => choose_proven(app, "quit", Request::Quit {}),
        other => match other.strip_prefix(PAUSE).and_then(|minutes| minutes.parse().ok()) {
            Some(minutes) => choose_proven(app, "pause", Request::Pause { minutes }),
            None => Err("there is no such choice".into()),
        },
    }
}

/// What needs proof: at once where a step-up is fresh, else once there is proof. Whoever answers an open step-up proves who they
/// are for nothing else: it may have been somebody else who chose.
fn choose_proven(app: &AppHandle, purpose: &str, request: Request) -> Result<(), String> {
    let asked = app.state::<Arc<Link>>().last().is_some_and(|status| matches!(status.state, State::StepUp { .. }));
    if asked {
        return windows::open(app, View::Confirm).map_err(|e| e.to_string());
    }
    if let Some(request) = ask_if_proven(&app.state::<Arc<Link>>(), request).map_err(|refusal| refusal.why)? {
        windows::open_prompt_to(app, purpose).map_err(|e| e.to_string())?;
        app.state::<Pending>().wants(request);
    }
    Ok(())
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
