//! What the windows may ask. The agent checks each for a fresh step-up; nothing here sets a score, a template or a policy,
//! and nothing carries a key or a picture.

use crate::link::Link;
use crate::pending::Pending;
use crate::refusal::Refusal;
use crate::view::{Erased, Explained, LedgerState, NewAuthenticator, PolicyView, View};
use crate::{approving, export, policy_view, start, windows};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};
use stillyou_agent::Progress;
use stillyou_agent::ipc::{Attempt, Moment, PastDecision, Reply, Request, SecretKind, Status, StoredItem};
use stillyou_trust::Modality;
use tauri::async_runtime::spawn_blocking;
use tauri::ipc::{Invoke, InvokeBody};
use tauri::{AppHandle, Manager, State, WebviewWindow};
use zeroize::Zeroizing;

pub type Agent<'a> = State<'a, Arc<Link>>;

/// The longest secret that is taken, in bytes.
const MAX_SECRET_BYTES: usize = 1024;

/// Waits for the agent where nothing else waits: the runtime has few threads.
pub async fn off<T: Send + 'static>(
    link: &Arc<Link>,
    asking: impl FnOnce(&Link) -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    let link = link.clone();
    spawn_blocking(move || asking(&link)).await.map_err(Refusal::failed)?
}

/// All commands, as `build.rs` lists them.
pub fn all() -> impl Fn(Invoke) -> bool {
    tauri::generate_handler![
        status,
        verify,
        check_face,
        set_up_totp,
        confirm_totp,
        make_recovery_codes,
        set_up_pass_phrase,
        confirm_pass_phrase,
        crate::keys::ask_key,
        crate::keys::check_key,
        crate::keys::set_up_key,
        crate::keys::add_key,
        crate::keys::remove_key,
        enroll,
        cancel_enrolment,
        enroll_face,
        cancel_face,
        explain,
        decisions,
        today,
        verify_ledger,
        export_data,
        erase,
        withdraw_consent,
        pause,
        resume,
        lock_now,
        start_agent,
        set_sensor,
        policy,
        stored,
        open_window,
        close_window,
        crate::governed::open_case,
        crate::governed::enter_document,
        crate::governed::scan_document,
        crate::governed::scan_request,
        crate::governed::enter_code,
        crate::governed::cases,
        crate::governed::show_case,
        crate::governed::close_case,
        crate::governed::break_glass,
        crate::governed::export_case,
        crate::governed::export_counts,
        crate::governed::own_roles,
        crate::governed::read_request,
        crate::governed::read_grant,
        crate::governed::issue_grant,
        crate::governed::countersign_grant,
        crate::governed::read_case,
        crate::governed::review_case,
        crate::governed::report,
    ]
}

/// Where things stand; nothing when no agent answers.
#[tauri::command]
async fn status(link: Agent<'_>) -> Result<Option<Status>, Refusal> {
    let asking = |link: &Link| match link.ask(&Request::Status {}) {
        Ok(Reply::Status { status }) => Ok(Some(*status)),
        _ => Ok(None),
    };
    off(&link, asking).await
}

/// A secret, as the raw body of the call: a byte that says which kind it is, as in the agent's frames, and the secret. It never
/// is JSON, and is wiped here and where it came from.
#[tauri::command]
async fn verify(call: tauri::ipc::Request<'_>, window: WebviewWindow, link: Agent<'_>) -> Result<Attempt, Refusal> {
    let body = body(&call)?;
    let kind = body.first().and_then(|tag| SecretKind::PROOFS.into_iter().find(|kind| *kind as u8 == *tag));
    let kind = kind.ok_or_else(|| Refusal::failed("the first byte of a secret says which kind it is: 1, 2, 3 or 5"))?;
    let secret = secret(&body[1..])?;
    off(&link, move |link| Ok(proven(link, &window, link.verify(kind, secret)?))).await
}

/// A live check of the face; only lines and what to do come of it.
#[tauri::command]
async fn check_face(window: WebviewWindow, link: Agent<'_>) -> Result<Attempt, Refusal> {
    off(&link, move |link| Ok(proven(link, &window, link.check_face()?))).await
}

pub fn body<'a>(call: &'a tauri::ipc::Request<'_>) -> Result<&'a [u8], Refusal> {
    match call.body() {
        InvokeBody::Raw(bytes) => Ok(bytes),
        InvokeBody::Json(_) => Err(Refusal::failed("a secret comes as bytes, not as JSON")),
    }
}

fn secret(bytes: &[u8]) -> Result<Zeroizing<Vec<u8>>, Refusal> {
    if bytes.is_empty() || bytes.len() > MAX_SECRET_BYTES {
        return Err(Refusal::failed(format!("a secret has 1 to {MAX_SECRET_BYTES} bytes")));
    }
    Ok(Zeroizing::new(bytes.to_vec()))
}

pub fn proven(link: &Link, window: &WebviewWindow, attempt: Attempt) -> Attempt {
    // The main window asks for proof of other things.
    if attempt == (Attempt::Verified {}) && window.label() == windows::CONFIRM {
        window.state::<Pending>().verified(link);
    }
    attempt
}

/// A key for an authenticator, shown once.
#[tauri::command]
async fn set_up_totp(link: Agent<'_>) -> Result<NewAuthenticator, Refusal> {
    let asking = |link: &Link| match link.ask(&Request::SetUpTotp {})? {
        Reply::TotpKey { uri } => Ok(NewAuthenticator { code: approving::code(&uri), uri }),
        other => Err(link.refusal(other)),
    };
    off(&link, asking).await
}

/// The first code of an authenticator that is being set up.
#[tauri::command]
async fn confirm_totp(call: tauri::ipc::Request<'_>, link: Agent<'_>) -> Result<(), Refusal> {
    let secret = secret(body(&call)?)?;
    off(&link, move |link| link.set_up(SecretKind::NewTotp, secret)).await
}

/// New recovery codes, shown once.
#[tauri::command]
async fn make_recovery_codes(link: Agent<'_>) -> Result<Vec<String>, Refusal> {
    let asking = |link: &Link| match link.ask(&Request::MakeRecoveryCodes {})? {
        Reply::RecoveryCodes { codes } => Ok(codes),
        other => Err(link.refusal(other)),
    };
    off(&link, asking).await
}

/// A pass-phrase may be set up from now on.
#[tauri::command]
async fn set_up_pass_phrase(link: Agent<'_>) -> Result<(), Refusal> {
    off(&link, |link| link.done(&Request::SetUpPassPhrase {})).await
}

/// The pass-phrase that is being set up.
#[tauri::command]
async fn confirm_pass_phrase(call: tauri::ipc::Request<'_>, link: Agent<'_>) -> Result<(), Refusal> {
    let secret = secret(body(&call)?)?;
    off(&link, move |link| link.set_up(SecretKind::NewPassPhrase, secret)).await
}

#[tauri::command]
async fn enroll(link: Agent<'_>) -> Result<Progress, Refusal> {
    let asking = |link: &Link| match link.ask(&Request::Enroll {})? {
        Reply::Enrolling { progress } => Ok(progress),
        other => Err(link.refusal(other)),
    };
    off(&link, asking).await
}

#[tauri::command]
async fn cancel_enrolment(link: Agent<'_>) -> Result<(), Refusal> {
    off(&link, |link| link.done(&Request::CancelEnrolment {})).await
}

/// Only lines come of it: no picture reaches a page.
#[tauri::command]
async fn enroll_face(link: Agent<'_>) -> Result<(), Refusal> {
    off(&link, |link| link.done(&Request::EnrollFace {})).await
}

#[tauri::command]
async fn cancel_face(link: Agent<'_>) -> Result<(), Refusal> {
    off(&link, |link| link.done(&Request::CancelFace {})).await
}

/// The reasons of a recorded decision, or of the score as it is now.
#[tauri::command]
async fn explain(link: Agent<'_>, entry: Option<u64>) -> Result<Explained, Refusal> {
    let asking = move |link: &Link| match link.ask(&Request::Explain { entry })? {
        Reply::Explanation { entry, event, explanation } => Ok(Explained {
            entry,
            event,
            score: explanation.end.score(),
            log_odds: explanation.end.0,
            start: explanation.start.log_odds.0,
            contributions: explanation.contributions(),
            pictures: explanation.pictures(),
            face: explanation.occlusion().map(Into::into),
            recomputes: explanation.recompute().is_ok(),
        }),
        other => Err(link.refusal(other)),
    };
    off(&link, asking).await
}

#[tauri::command]
async fn decisions(link: Agent<'_>) -> Result<Vec<PastDecision>, Refusal> {
    let asking = |link: &Link| match link.ask(&Request::Decisions {})? {
        Reply::Decisions { decisions } => Ok(decisions),
        other => Err(link.refusal(other)),
    };
    off(&link, asking).await
}

#[tauri::command]
async fn today(link: Agent<'_>) -> Result<Vec<Moment>, Refusal> {
    let asking = |link: &Link| match link.ask(&Request::Today {})? {
        Reply::Today { moments } => Ok(moments),
        other => Err(link.refusal(other)),
    };
    off(&link, asking).await
}

#[tauri::command]
async fn verify_ledger(link: Agent<'_>) -> Result<LedgerState, Refusal> {
    let asking = |link: &Link| match link.ask(&Request::VerifyLedger {})? {
        Reply::LedgerVerified { entries, head } => Ok(LedgerState { entries, head }),
        other => Err(link.refusal(other)),
    };
    off(&link, asking).await
}

/// Writes what is stored to a file among the person's downloads; its path.
#[tauri::command]
async fn export_data(app: AppHandle, link: Agent<'_>) -> Result<String, Refusal> {
    let (seconds, folder) = (now_s(), downloads(&app)?);
    let exporting = move |link: &Link| export::export(link, &folder, &format!("stillyou-{seconds}.json"));
    Ok(off(&link, exporting).await?.display().to_string())
}

/// Where the person finds what the app writes for them.
pub fn downloads(app: &AppHandle) -> Result<PathBuf, Refusal> {
    let paths = app.path();
    let folder: PathBuf = paths.download_dir().or_else(|_| paths.home_dir()).map_err(Refusal::failed)?;
    if folder.is_dir() { Ok(folder) } else { paths.home_dir().map_err(Refusal::failed) }
}

/// Now, in seconds since 1970.
pub fn now_s() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

#[tauri::command]
async fn erase(link: Agent<'_>) -> Result<Erased, Refusal> {
    off(&link, |link| erased(link, &Request::Erase {})).await
}

/// The person works without biometrics from now on.
#[tauri::command]
async fn withdraw_consent(link: Agent<'_>) -> Result<Erased, Refusal> {
    off(&link, |link| erased(link, &Request::WithdrawConsent {})).await
}

fn erased(link: &Link, request: &Request) -> Result<Erased, Refusal> {
    match link.ask(request)? {
        Reply::Erased { removed, verified_absent } => Ok(Erased { removed, verified_absent }),
        other => Err(link.refusal(other)),
    }
}

#[tauri::command]
async fn pause(link: Agent<'_>, minutes: u64) -> Result<(), Refusal> {
    off(&link, move |link| link.done(&Request::Pause { minutes })).await
}

#[tauri::command]
async fn resume(link: Agent<'_>) -> Result<(), Refusal> {
    off(&link, |link| link.done(&Request::Resume {})).await
}

#[tauri::command]
async fn lock_now(link: Agent<'_>) -> Result<(), Refusal> {
    off(&link, |link| link.done(&Request::Lock {})).await
}

#[tauri::command]
async fn start_agent(link: Agent<'_>) -> Result<(), Refusal> {
    let starting =
        |link: &Link| start::agent(link).map_err(|e| Refusal::failed(format!("the agent can't be started: {e}")));
    off(&link, starting).await
}

#[tauri::command]
async fn set_sensor(link: Agent<'_>, modality: Modality, on: bool) -> Result<(), Refusal> {
    off(&link, move |link| link.done(&Request::Turn { modality, on })).await
}

#[tauri::command]
async fn policy(link: Agent<'_>) -> Result<PolicyView, Refusal> {
    off(&link, |link| policy_view::read(link.places())).await
}

#[tauri::command]
async fn stored(link: Agent<'_>) -> Result<Vec<StoredItem>, Refusal> {
    let asking = |link: &Link| match link.ask(&Request::Stored {})? {
        Reply::Stored { items } => Ok(items),
        other => Err(link.refusal(other)),
    };
    off(&link, asking).await
}

#[tauri::command]
async fn open_window(app: AppHandle, view: View) -> Result<(), Refusal> {
    windows::open(&app, view).map_err(Refusal::failed)
}

#[tauri::command]
async fn close_window(window: WebviewWindow) -> Result<(), Refusal> {
    window.destroy().map_err(Refusal::failed)
}
