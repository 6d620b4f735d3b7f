//! An icon in the tray with one line of menu, and, with `--window`, an empty window.

use tauri::image::Image;
use tauri::menu::MenuBuilder;
use tauri::tray::TrayIconBuilder;
use tauri::{RunEvent, WebviewUrl, WebviewWindowBuilder};

fn main() -> tauri::Result<()> {
    let window = std::env::args().any(|arg| arg == "--window");
    let app = tauri::Builder::default()
        .setup(move |app| {
            let menu = MenuBuilder::new(app).text("open", "Open").build()?;
            let icon = Image::from_bytes(include_bytes!("../../../icons/tray/off-on-dark-64.png"))?;
            TrayIconBuilder::new().icon(icon).menu(&menu).build(app)?;
            if window {
                WebviewWindowBuilder::new(app, "main", WebviewUrl::default()).inner_size(900.0, 640.0).build()?;
            }
            Ok(())
        })
        .build(tauri::generate_context!())?;
    app.run(|_, event| {
        if let RunEvent::ExitRequested { api, .. } = event {
            api.prevent_exit();
        }
    });
    Ok(())
}
