use std::collections::HashMap;

use zbus::zvariant::Value;

use super::{NotShown, Notice, Urgency};
use crate::{
    Desktop,
    linux::bus::{self, Which},
};

const NAME: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";
/// "The server decides", and "never".
const EXPIRES: (i32, i32) = (-1, 0);

pub(super) fn notify(desktop: &Desktop, notice: &Notice) -> Result<u32, NotShown> {
    let failed = |why: &dyn std::fmt::Display| NotShown::NoServer(why.to_string());
    let session = bus::connect(&desktop.session_bus, Which::Session).map_err(|e| failed(&e))?;
    let (urgency, expires) = match notice.urgency {
        Urgency::Normal => (1u8, EXPIRES.0),
        Urgency::Critical => (2u8, EXPIRES.1),
    };
    let hints = HashMap::from([("urgency", Value::U8(urgency)), ("desktop-entry", Value::from("stillyou"))]);
    let actions: [&str; 0] = [];
    let body = plain(&notice.body);
    let arguments =
        ("StillYou", 0u32, "dialog-password", notice.summary.as_str(), body.as_str(), &actions[..], hints, expires);
    let reply = bus::call(&session, NAME, PATH, NAME, "Notify", &arguments).map_err(|e| failed(&e))?;
    reply.body().deserialize().map_err(|e| failed(&e))
}

/// The body may be read as markup, the summary never is (Desktop Notifications Specification 1.2).
fn plain(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_the_body_is_markup() {
        assert_eq!(plain("<b>a</b> & b"), "&lt;b&gt;a&lt;/b&gt; &amp; b");
    }
}
