#![allow(unsafe_code)]

use objc2_core_foundation::{
    CFOptionFlags, CFString, CFUserNotification, kCFUserNotificationCautionAlertLevel,
    kCFUserNotificationNoteAlertLevel,
};

use super::{NotShown, Notice, Urgency};
use crate::Desktop;

/// A panel of the system: it needs no app bundle. A normal one goes away by itself.
pub(super) fn notify(_: &Desktop, notice: &Notice) -> Result<u32, NotShown> {
    let (level, seconds): (CFOptionFlags, f64) = match notice.urgency {
        Urgency::Normal => (kCFUserNotificationNoteAlertLevel, NORMAL_SECONDS),
        Urgency::Critical => (kCFUserNotificationCautionAlertLevel, 0.0),
    };
    let (summary, body) = (CFString::from_str(&notice.summary), CFString::from_str(&notice.body));
    let code = CFUserNotification::display_notice(seconds, level, None, None, None, Some(&summary), Some(&body), None);
    if code == 0 { Ok(0) } else { Err(NotShown::NoServer(format!("CFUserNotificationDisplayNotice: error {code}"))) }
}

const NORMAL_SECONDS: f64 = 10.0;
