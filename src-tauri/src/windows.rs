use crate::pending::Pending;
use crate::texts::Texts;
use crate::view::View;
use tauri::{AppHandle, LogicalSize, Manager, WebviewUrl, WebviewWindow, WebviewWindowBuilder, WindowEvent};

const MAIN: &str = "main";

/// The window that asks for proof.
pub const CONFIRM: &str = "confirm";

/// Shows a view: in the prompt's own window, or in the main one. There is a webview only while its window is open.
///
/// # Errors
/// When the desktop gives no window.
pub fn open(app: &AppHandle, view: View) -> tauri::Result<()> {
    show(app, view, &format!("view={}", view.name()))
}

/// Shows the prompt, which names what the proof is for: `pause` or `quit`.
///
/// # Errors
/// When the desktop gives no window.
pub fn open_prompt_to(app: &AppHandle, purpose: &str) -> tauri::Result<()> {
    show(app, View::Confirm, &format!("view={}&to={purpose}", View::Confirm.name()))
}

/// Makes the prompt large enough for a code that is scanned from it.
pub fn make_room(window: &WebviewWindow) {
    if window.label() != CONFIRM {
        return;
    }
    let larger = window.set_size(LogicalSize::new(560.0, 820.0)).and_then(|()| window.center());
    if let Err(e) = larger {
        tracing::warn!("the prompt stays small: {e}");
    }
}

fn show(app: &AppHandle, view: View, query: &str) -> tauri::Result<()> {
    let label = if view == View::Confirm { CONFIRM } else { MAIN };
    if let Some(window) = app.get_webview_window(label) {
        let mut url = window.url()?;
        if url.query() != Some(query) {
            url.set_query(Some(query));
            window.navigate(url)?;
        }
        return raise(&window);
    }
    let url = WebviewUrl::App(format!("index.html?{query}").into());
    let texts = app.state::<Texts>();
    let builder = WebviewWindowBuilder::new(app, label, url);
    let window = if view == View::Confirm {
        let title = texts.text("notice-window-step-up", &[]);
        let size = builder.title(title).inner_size(460.0, 500.0).resizable(false).maximizable(false).minimizable(false);
        size.always_on_top(true).visible_on_all_workspaces(true).center().focused(true).build()?
    } else {
        let title = texts.text("notice-window-main", &[]);
        builder.title(title).inner_size(900.0, 640.0).min_inner_size(640.0, 480.0).build()?
    };
    if label == CONFIRM {
        let handle = app.clone();
        window.on_window_event(move |event| {
            // Whoever closes it does not want it any more.
            if let WindowEvent::Destroyed = event {
                handle.state::<Pending>().forget();
            }
        });
    }
    raise(&window)
}

fn raise(window: &WebviewWindow) -> tauri::Result<()> {
    window.show()?;
    window.unminimize()?;
    window.set_focus()
}
