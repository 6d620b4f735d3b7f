mod facts;

pub use facts::facts;

use crate::CaseRecord;
use crate::plain::{is_plain, on_one_line};
use chrono::DateTime;
use std::fmt::Write;
use stillyou_trust::policy::ProfilePolicy;

/// The whole record of a case as JSON, with the hash that a review of it names.
pub fn to_json(record: &CaseRecord, limits: &ProfilePolicy) -> String {
    let whole = serde_json::json!({
        "short_code": record.case.short_code().to_string(),
        "evidence": record.evidence(),
        "review_due_s": record.review_due_s(limits),
        "record": record,
    });
    format!("{whole:#}")
}

/// Reads the record of a case out of an export, for a reviewer.
///
/// # Errors
/// When it is not understood.
pub fn from_json(text: &str) -> Result<CaseRecord, BadExport> {
    let bad = |e: serde_json::Error| BadExport(on_one_line(&e.to_string()));
    let mut whole: serde_json::Value = serde_json::from_str(text).map_err(bad)?;
    serde_json::from_value(whole.get_mut("record").map_or(serde_json::Value::Null, serde_json::Value::take))
        .map_err(bad)
}

/// A text that is no export of a case.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not an exported case: {0}")]
pub struct BadExport(String);

/// The same as a page that a manager can read and print: one file, no scripts, nothing fetched.
pub fn to_html(record: &CaseRecord, limits: &ProfilePolicy) -> String {
    let mut page = Page::new(&format!("Case {}", record.case.short_code()));
    page.table(&facts::of_case(record));
    for (heading, items) in facts::lists(record) {
        page.list(heading, items.into_iter());
    }
    match &record.used {
        Some(used) => {
            page.heading("The grant");
            page.table(&facts::of_grant(record, used, limits));
        }
        None => page.note("No grant was used for this case."),
    }
    page.note(&format!("Evidence: SHA-256 {}", record.evidence()));
    page.end()
}

/// Seconds since 1970 as a person reads them, in UTC.
fn time(unix_s: u64) -> String {
    let time = i64::try_from(unix_s).ok().and_then(|s| DateTime::from_timestamp(s, 0));
    time.map_or_else(|| format!("{unix_s} s since 1970"), |time| time.format("%Y-%m-%d %H:%M:%S UTC").to_string())
}

/// A page in the making.
pub(crate) struct Page(String);

impl Page {
    pub(crate) fn new(title: &str) -> Self {
        let style = "body{font:12pt/1.4 sans-serif;max-width:45em;margin:2em auto}table{border-collapse:collapse}\
                     th,td{border:1px solid #888;padding:.3em .6em;text-align:left;vertical-align:top}";
        let title = escaped(title);
        Self(format!(
            "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title>\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\
             <style>{style}</style></head>\n<body><h1>{title}</h1>\n"
        ))
    }

    pub(crate) fn heading(&mut self, text: &str) {
        // Writing to a string can't fail.
        let _ = writeln!(self.0, "<h2>{}</h2>", escaped(text));
    }

    pub(crate) fn table(&mut self, rows: &[(&str, String)]) {
        self.0 += "<table>\n";
        for (name, value) in rows {
            let _ = writeln!(self.0, "<tr><th>{}</th><td>{}</td></tr>", escaped(name), escaped(value));
        }
        self.0 += "</table>\n";
    }

    pub(crate) fn list(&mut self, heading: &str, items: impl Iterator<Item = String>) {
        let mut items = items.peekable();
        if items.peek().is_some() {
            self.heading(heading);
            let items: String = items.map(|item| format!("<li>{}</li>\n", escaped(&item))).collect();
            let _ = writeln!(self.0, "<ul>\n{items}</ul>");
        }
    }

    pub(crate) fn note(&mut self, text: &str) {
        let _ = writeln!(self.0, "<p>{}</p>", escaped(text));
    }

    pub(crate) fn end(mut self) -> String {
        self.0 += "</body></html>\n";
        self.0
    }
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => safe += "&lt;",
            '>' => safe += "&gt;",
            '&' => safe += "&amp;",
            '"' => safe += "&quot;",
            '\'' => safe += "&#39;",
            c if !is_plain(c) => safe.push('\u{fffd}'),
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{CaseId, Casebook, Failure, Identity, Moment, PolicyId, Tried};
    use stillyou_trust::{Factor, Policy, TrustTime};

    fn record() -> CaseRecord {
        let policy = Policy::default().governance;
        let mut book =
            Casebook::new(policy.clone(), PolicyId::of(&policy), Identity::new("<b>pat", "desk\"7").unwrap());
        let outcome = "<script>alert(1)</script> & more".into();
        let failure = Failure { tried: vec![Tried { factor: Factor::Password, outcome }], ..Failure::default() };
        let now = Moment { wall_s: 1_800_000_000, up: TrustTime::default(), boot: 1 };
        let event = book.open(CaseId::new([1; 16]), failure, now);
        book.apply(&event).unwrap();
        book.case(CaseId::new([1; 16])).unwrap().clone()
    }

    #[test]
    fn a_page_says_what_was_tried_and_runs_nothing() {
        let page = to_html(&record(), &Policy::default().governance.standard);
        assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; more"));
        assert!(!page.contains("<script") && !page.contains("<b>") && !page.contains("desk\"7"));
        assert!(page.contains("2027-01-15 08:00:00 UTC") && page.contains("default-src 'none'"));
        assert!(!page.contains("http://") && !page.contains("https://") && !page.contains("src="));
    }

    #[test]
    fn json_carries_the_whole_record_and_the_hash_a_review_names() {
        let record = record();
        let text = to_json(&record, &Policy::default().governance.standard);
        let read = from_json(&text).unwrap();
        assert_eq!((&read, read.evidence()), (&record, record.evidence()));
        assert!(text.contains(&record.evidence().to_string()));
        for bad in ["", "1", "[]", "{}", "{\"record\":{}}"] {
            assert!(from_json(bad).is_err(), "{bad}");
        }
    }
}
