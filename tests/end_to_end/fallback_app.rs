//! One whole case on instances of the app: the person's, the approver's, and that of another approver who reviews it.

use crate::app::stranger_types_until_asked;
use crate::browser::Browser;
use crate::desk::{Desk, POLICY, program};
use std::path::Path;

/// The field of a secret, once it takes one.
const SECRET: &str = "input[type=password]:not([readonly])";

/// An approver's machine, where nobody is enrolled, so nothing asks; and the lines that make them one.
fn approver(app: &Path) -> (Desk, String) {
    let desk = Desk::under(POLICY);
    desk.stage.provide(app).unwrap();
    let (passed, lines) = desk.stillyou(&["grant", "key", "new"]);
    assert!(passed, "{lines}");
    let lines = lines.lines().filter(|line| !line.starts_with("An administrator")).map(|l| format!("{l}\n")).collect();
    (desk, lines)
}

#[test]
fn a_case_goes_from_the_prompt_to_an_approver_back_and_to_a_reviewer() {
    let app = program("stillyou-desktop", "STILLYOU_DESKTOP");
    let ((approver, first), (reviewer, second)) = (approver(&app), approver(&app));
    let policy =
        POLICY.replace("grace_seconds = 5", "grace_seconds = 60").replace("fresh_seconds = 5", "fresh_seconds = 30");
    let policy = format!("{policy}\n{first}\n{second}");
    approver.stage.set_policy(&policy).unwrap();
    reviewer.stage.set_policy(&policy).unwrap();
    let desk = Desk::under(&policy);
    desk.stage.provide(&app).unwrap();
    let approving = Browser::open(&approver, "approvals");
    approving.see("decide on other people’s cases as service desk");

    desk.enrol();
    let browser = Browser::open(&desk, "now");
    desk.proof_is_old();
    stranger_types_until_asked(&desk);
    browser.turn_to("confirm");
    browser.press("Get help");
    browser.see("Or send this text");
    assert!(
        browser.script("return document.querySelector('svg[role=img] path').getAttribute('d').length > 1000") == true
    );
    let request = browser.value("textarea[readonly]");

    approving.paste("textarea", &request);
    approving.press("Read it");
    approving.see(&format!("{} on", desk.stage.user().name));
    approving.see("Nobody has signed these reasons");
    approving.paste("input[maxlength]", "a new keyboard; known by voice");
    approving.press("Sign the grant");
    // Whoever signs proves to be the approver.
    approving.fill(SECRET, &format!("{}\u{e007}", approver.stage.user().password));
    approving.see("Signed. Let the person scan it");
    let grant = approving.value(".sheet textarea[readonly]");

    browser.paste("textarea:not([readonly])", &grant);
    browser.press("Use it");
    desk.eventually("work goes on under the grant", |status| {
        status["state"]["state"] == "watching" && !status["under_grant"].is_null()
    });
    browser.turn_to("now");
    browser.see("Working under a grant until");
    // What it was for, afterwards: the person's own case, after a proof.
    browser.press("Help");
    browser.fill(SECRET, &format!("{}\u{e007}", desk.stage.user().password));
    browser.see("A grant is in force");
    browser.press("End grant");
    browser.see("Waits for its review");
    desk.eventually("the grant is over", |status| status["under_grant"].is_null());

    // Its review: exported here, read and signed by somebody else who may, closed here.
    browser.press("Export");
    browser.see("Written to");
    let written = browser.script("return document.querySelector('li [role=status] .path').innerText");
    let path = written.as_str().unwrap().trim_start_matches("Written to ").to_owned();
    let exported = desk.run(&format!("cat '{path}'"));
    let reviewing = Browser::open(&reviewer, "approvals");
    reviewing.see("Review a case");
    reviewing.give("input[type=file]", &exported);
    reviewing.see("What you sign over, SHA-256");
    reviewing.see("a new keyboard; known by voice");
    reviewing.see(&approver.stage.user().name);
    reviewing.choose("select", "justified");
    reviewing.press("Sign the review");
    reviewing.fill(SECRET, &format!("{}\u{e007}", reviewer.stage.user().password));
    reviewing.see("Signed. Let the person scan it");
    let review = reviewing.value(".sheet textarea[readonly]");
    browser.paste("textarea:not([readonly])", &review);
    browser.press("Use it");
    browser.see("Taken: the case is reviewed.");
}

#[test]
fn what_does_not_suit_is_replaced_and_the_glass_is_broken_where_nobody_answers() {
    let app = program("stillyou-desktop", "STILLYOU_DESKTOP");
    let (approver, lines) = approver(&app);
    let policy = POLICY.replace("fresh_seconds = 5", "fresh_seconds = 60");
    let policy = format!("{policy}\n{}", lines.replace("service-desk", "security"));
    approver.stage.set_policy(&policy).unwrap();
    let desk = Desk::under(&policy);
    desk.stage.provide(&app).unwrap();
    desk.enrol();
    let (browser, approving) = (Browser::open(&desk, "cases"), Browser::open(&approver, "approvals"));
    let proves = || assert!(desk.verify(&desk.stage.user().password));

    // For longer: the pointer is no use to them.
    proves();
    browser.choose("select", "pointer");
    browser.script("document.querySelector('input[type=checkbox]').click()");
    browser.press("Open a case");
    browser.press("Show code");
    approving.paste("textarea", &browser.value("textarea[readonly]"));
    approving.press("Read it");
    approving.see("Replaced by");
    approving.paste("input[maxlength]", "a tremor; agreed with their manager");
    approving.press("Sign the grant");
    approving.fill(SECRET, &format!("{}\u{e007}", approver.stage.user().password));
    approving.see("Signed. Let the person scan it");
    browser.paste("textarea:not([readonly])", &approving.value(".sheet textarea[readonly]"));
    browser.press("Use it");
    browser.see("Taken: it is replaced from now on.");
    proves();
    browser.see("Replaced by: Your password for this computer, until");
    desk.eventually("it is said", |status| {
        (&status["replaced"][0]["modality"], &status["replaced"][0]["instead"])
            == (&"pointer".into(), &"password".into())
    });
    assert!(desk.stillyou(&["status"]).1.contains("replaced   pointer, by password until"));
    browser.press("Now");
    browser.see("Replaced by: Your password for this computer, until");
    browser.press("Help");
    proves();
    browser.press("End the replacement");
    desk.eventually("it is over", |status| status["replaced"].as_array().is_some_and(Vec::is_empty));

    // At once: their hands are full, and no approver answers.
    proves();
    browser.choose("select", "keystroke");
    browser.press("Open a case");
    browser.press("Nobody can be reached…");
    browser.paste("input[maxlength]", "the pump has stopped");
    browser.press("Break the glass");
    desk.eventually("the glass is broken", |status| status["under_grant"]["emergency"] == true);
    browser.press("Now");
    browser.see("THE GLASS IS BROKEN until");
    let (passed, said) = desk.stillyou(&["review", "list"]);
    assert!(passed && said.lines().count() >= 2, "{said}");
}
