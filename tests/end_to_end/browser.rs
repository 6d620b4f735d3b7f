//! The app's windows, driven as a person would through WebKit's own driver.

use crate::desk::Desk;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Map, json};
use std::{
    net::TcpListener,
    process::{Child, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};
use tokio::runtime::{Builder, Runtime};

const PATIENCE: Duration = Duration::from_secs(30);

/// A driver, the app that it started, and its windows.
pub struct Browser {
    driver: Child,
    runtime: Runtime,
    client: Client,
}

impl Browser {
    /// Starts the app on a desk, with its main window at `view`.
    pub fn open(desk: &Desk, view: &str) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut driver = desk.stage.command("env");
        driver.args(["TAURI_AUTOMATION=true", "TAURI_WEBVIEW_AUTOMATION=true", "LANG=C.UTF-8", "WebKitWebDriver"]);
        driver.args([format!("--port={port}"), "--host=127.0.0.1".into()]);
        let driver = driver.stdin(Stdio::null()).stdout(Stdio::null()).spawn().unwrap();
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let program = desk.run("command -v stillyou-desktop");
        let options = json!({ "binary": program, "args": ["--once", "--open", view] });
        let wanted = Map::from_iter([("webkitgtk:browserOptions".to_owned(), options)]);
        let address = format!("http://127.0.0.1:{port}");
        let end = Instant::now() + PATIENCE;
        let client = loop {
            let mut builder = ClientBuilder::new(HttpConnector::new());
            let connecting = builder.capabilities(wanted.clone()).connect(&address);
            match runtime.block_on(connecting.into_future()) {
                Ok(client) => break client,
                Err(e) => assert!(Instant::now() < end, "no session with the app: {e}"),
            }
            sleep(Duration::from_millis(300));
        };
        Self { driver, runtime, client }
    }

    /// Waits for a text to be shown.
    pub fn see(&self, text: &str) {
        self.eventually(&format!("{text:?} is shown"), || self.shown().contains(text));
    }

    /// All text that is shown.
    pub fn shown(&self) -> String {
        let script = "return document.body ? document.body.innerText : ''";
        let shown = self.runtime.block_on(self.client.execute(script, vec![]));
        shown.ok().and_then(|text| text.as_str().map(str::to_owned)).unwrap_or_default()
    }

    /// Presses the button or link of that name, once there is one.
    pub fn press(&self, name: &str) {
        let path = format!("//*[self::button or self::a][normalize-space()='{name}'][not(@disabled)]");
        self.eventually(&format!("{name:?} is pressed"), || {
            let pressed = async { self.client.find(Locator::XPath(&path)).await?.click().await };
            self.runtime.block_on(pressed).is_ok()
        });
    }

    /// Types into the first element of a CSS selector, once there is one.
    pub fn fill(&self, selector: &str, text: &str) {
        self.eventually(&format!("{selector} is filled"), || {
            let filled = async { self.client.find(Locator::Css(selector)).await?.send_keys(text).await };
            self.runtime.block_on(filled).is_ok()
        });
    }

    /// Pastes a text into the first element of a CSS selector, once there is one.
    pub fn paste(&self, selector: &str, text: &str) {
        let script = "const [field] = [document.querySelector(arguments[0])]; if (!field) return false; \
                      field.value = arguments[1]; field.dispatchEvent(new Event('input', { bubbles: true })); return true";
        self.eventually(&format!("{selector} is pasted into"), || self.did(script, selector, text));
    }

    /// Gives a text as a file to the first element of a CSS selector, once there is one.
    pub fn give(&self, selector: &str, text: &str) {
        let script = "const field = document.querySelector(arguments[0]); if (!field) return false; \
                      const given = new DataTransfer(); given.items.add(new File([arguments[1]], 'given.json')); \
                      field.files = given.files; field.dispatchEvent(new Event('change', { bubbles: true })); return true";
        self.eventually(&format!("{selector} is given a file"), || self.did(script, selector, text));
    }

    /// Chooses a value in the first element of a CSS selector, once there is one.
    pub fn choose(&self, selector: &str, value: &str) {
        let script = "const field = document.querySelector(arguments[0]); if (!field) return false; \
                      field.value = arguments[1]; field.dispatchEvent(new Event('change', { bubbles: true })); return true";
        self.eventually(&format!("{value} is chosen in {selector}"), || self.did(script, selector, value));
    }

    /// Whether a script did what it is for, with an element and a text.
    fn did(&self, script: &str, selector: &str, text: &str) -> bool {
        let done = self.runtime.block_on(self.client.execute(script, vec![json!(selector), json!(text)]));
        done.is_ok_and(|done| done == json!(true))
    }

    /// What stands in the first field of a CSS selector, once something does.
    pub fn value(&self, selector: &str) -> String {
        let script = "const field = document.querySelector(arguments[0]); return field ? field.value : ''";
        let read = || {
            let value = self.runtime.block_on(self.client.execute(script, vec![json!(selector)]));
            value.ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
        };
        self.eventually(&format!("{selector} has a value"), || !read().is_empty());
        read()
    }

    /// What a script of the page's own gives.
    pub fn script(&self, script: &str) -> serde_json::Value {
        self.runtime.block_on(self.client.execute(script, vec![])).unwrap()
    }

    /// Waits for the window that shows `view`, and turns to it.
    pub fn turn_to(&self, view: &str) {
        let query = format!("view={view}");
        let shows = |address: &str| address.split('&').next() == Some(&query);
        self.eventually(&format!("there is a window for {view}"), || {
            self.runtime.block_on(self.client.windows()).unwrap_or_default().into_iter().any(|window| {
                let address = async {
                    self.client.switch_to_window(window).await?;
                    self.client.current_url().await
                };
                self.runtime.block_on(address).is_ok_and(|address| address.query().is_some_and(shows))
            })
        });
    }

    fn eventually(&self, what: &str, check: impl Fn() -> bool) {
        let end = Instant::now() + PATIENCE;
        while !check() {
            assert!(Instant::now() < end, "not so in time: {what}; shown is:\n{}", self.shown());
            sleep(Duration::from_millis(200));
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The app ends with its driver's session.
        let _ = self.runtime.block_on(self.client.clone().close());
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}
