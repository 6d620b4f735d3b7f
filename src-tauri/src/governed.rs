//! Commands on cases, grants, reviews and the report.

use crate::approving::{self, Decision, GrantView, OwnRoles, RecordView, RequestView, Signed};
use crate::commands::{Agent, downloads, now_s, off};
use crate::export::write_new;
use crate::figures::{self, Figures};
use crate::link::Link;
use crate::refusal::Refusal;
use crate::view::{EnteredView, Help};
use crate::windows;
use stillyou_agent::ipc::{CaseReply, CaseRequest, CaseShown, Reply, Request, Wanted};
use stillyou_governance::{CaseId, Verdict, plain};
use stillyou_trust::Modality;
use tauri::{AppHandle, WebviewWindow};

fn ask(link: &Link, about: CaseRequest) -> Result<CaseReply, Refusal> {
    match link.ask(&Request::Case { about })? {
        Reply::Case { answer } => Ok(answer),
        other => Err(link.refusal(other)),
    }
}

fn other<T>() -> Result<T, Refusal> {
    Err(Refusal::failed("the agent gave an answer to another question; are agent and app of one version?"))
}

fn help(case: CaseShown) -> Help {
    Help { code: approving::code(&case.request), parts: approving::codes_in_parts(&case.request), case }
}

/// Get help: a case for the step-up that is open.
#[tauri::command]
pub async fn open_case(
    window: WebviewWindow,
    link: Agent<'_>,
    modality: Option<Modality>,
    cannot_use: bool,
    unsuitable: bool,
) -> Result<Help, Refusal> {
    let about = CaseRequest::Open { modality, cannot_use: cannot_use || unsuitable, unsuitable };
    let asking = |link: &Link| match ask(link, about)? {
        CaseReply::Case { case } => Ok(help(*case)),
        _ => other(),
    };
    let help = off(&link, asking).await?;
    windows::make_room(&window);
    Ok(help)
}

/// A grant, a revocation or a review, as it was pasted.
#[tauri::command]
pub async fn enter_document(link: Agent<'_>, text: String) -> Result<EnteredView, Refusal> {
    let asking = |link: &Link| match ask(link, CaseRequest::Enter { text })? {
        CaseReply::Entered { what, case } => Ok(EnteredView { what, case: case.map(|case| *case) }),
        _ => other(),
    };
    off(&link, asking).await
}

/// The same, as it is held before the camera; only where its edges are comes of the picture.
#[tauri::command]
pub async fn scan_document(link: Agent<'_>) -> Result<EnteredView, Refusal> {
    let asking = |link: &Link| match link.scan(Wanted::Document)? {
        CaseReply::Entered { what, case } => Ok(EnteredView { what, case: case.map(|case| *case) }),
        _ => other(),
    };
    off(&link, asking).await
}

/// Another person's case that is held before an approver's camera, as text.
#[tauri::command]
pub async fn scan_request(link: Agent<'_>) -> Result<String, Refusal> {
    let asking = |link: &Link| match link.scan(Wanted::Request)? {
        CaseReply::Scanned { request } => Ok(request),
        _ => other(),
    };
    off(&link, asking).await
}

/// The digits that an approver said.
#[tauri::command]
pub async fn enter_code(
    link: Agent<'_>,
    case: CaseId,
    approver: String,
    minutes: u64,
    said: String,
) -> Result<EnteredView, Refusal> {
    let asking = move |link: &Link| match ask(link, CaseRequest::Code { case, approver, minutes, said })? {
        CaseReply::Entered { what, case } => Ok(EnteredView { what, case: case.map(|case| *case) }),
        _ => other(),
    };
    off(&link, asking).await
}

#[tauri::command]
pub async fn cases(link: Agent<'_>) -> Result<Vec<CaseShown>, Refusal> {
    let asking = |link: &Link| match ask(link, CaseRequest::List {})? {
        CaseReply::Cases { cases } => Ok(cases),
        _ => other(),
    };
    off(&link, asking).await
}

/// One case with its code.
#[tauri::command]
pub async fn show_case(link: Agent<'_>, case: CaseId) -> Result<Help, Refusal> {
    let asking = move |link: &Link| match ask(link, CaseRequest::Show { case })? {
        CaseReply::Case { case } => Ok(help(*case)),
        _ => other(),
    };
    off(&link, asking).await
}

#[tauri::command]
pub async fn close_case(link: Agent<'_>, case: CaseId) -> Result<CaseShown, Refusal> {
    let asking = move |link: &Link| match ask(link, CaseRequest::Close { case })? {
        CaseReply::Case { case } => Ok(*case),
        _ => other(),
    };
    off(&link, asking).await
}

/// Goes on at once without an approver; it is told at once, and reviewed.
#[tauri::command]
pub async fn break_glass(link: Agent<'_>, case: CaseId, reason: String) -> Result<EnteredView, Refusal> {
    let asking = move |link: &Link| {
        plain(&reason).map_err(Refusal::failed)?;
        match ask(link, CaseRequest::BreakGlass { case, reason })? {
            CaseReply::Entered { what, case } => Ok(EnteredView { what, case: case.map(|case| *case) }),
            _ => other(),
        }
    };
    off(&link, asking).await
}

/// Writes a case's whole record among the person's downloads, as JSON or as a page; the file's path.
#[tauri::command]
pub async fn export_case(app: AppHandle, link: Agent<'_>, case: CaseId, page: bool) -> Result<String, Refusal> {
    let folder = downloads(&app)?;
    let asking = move |link: &Link| match ask(link, CaseRequest::Export { case, html: page })? {
        CaseReply::Exported { text } => {
            let end = if page { "html" } else { "json" };
            let seconds = now_s();
            write_new(&folder.join(format!("stillyou-case-{seconds}.{end}")), text.as_bytes())
        }
        _ => other(),
    };
    Ok(off(&link, asking).await?.display().to_string())
}

/// Writes what this device counted among the person's downloads, for a report on many; the file's path.
#[tauri::command]
pub async fn export_counts(app: AppHandle, link: Agent<'_>) -> Result<String, Refusal> {
    let folder = downloads(&app)?;
    let asking = move |link: &Link| {
        let text = figures::own_counts(link)?;
        write_new(&folder.join(format!("stillyou-counts-{}.json", now_s())), text.as_bytes())
    };
    Ok(off(&link, asking).await?.display().to_string())
}

#[tauri::command]
pub async fn own_roles(link: Agent<'_>) -> Result<OwnRoles, Refusal> {
    off(&link, approving::own_roles).await
}

#[tauri::command]
pub async fn read_request(link: Agent<'_>, text: String) -> Result<RequestView, Refusal> {
    off(&link, move |link| approving::read_request(link, &text)).await
}

#[tauri::command]
pub async fn read_grant(link: Agent<'_>, text: String) -> Result<GrantView, Refusal> {
    off(&link, move |link| approving::read_grant(link, &text)).await
}

#[tauri::command]
pub async fn issue_grant(link: Agent<'_>, request: String, decision: Decision) -> Result<Signed, Refusal> {
    off(&link, move |link| approving::issue(link, &request, decision)).await
}

#[tauri::command]
pub async fn countersign_grant(link: Agent<'_>, request: String, grant: String) -> Result<Signed, Refusal> {
    off(&link, move |link| approving::countersign(link, &request, &grant)).await
}

#[tauri::command]
pub async fn read_case(link: Agent<'_>, exported: String) -> Result<RecordView, Refusal> {
    off(&link, move |link| approving::read_case(link, &exported)).await
}

#[tauri::command]
pub async fn review_case(link: Agent<'_>, exported: String, verdict: Verdict, note: String) -> Result<Signed, Refusal> {
    off(&link, move |link| approving::review(link, &exported, verdict, &note)).await
}

#[tauri::command]
pub async fn report(link: Agent<'_>, files: Vec<String>) -> Result<Figures, Refusal> {
    off(&link, move |link| figures::report(link, &files)).await
}
