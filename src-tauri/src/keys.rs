//! Security keys. The app talks to the key that is plugged in, the agent makes the challenge and checks the answer: a key's PIN
//! goes no further than here.

use crate::commands::{Agent, body, off, proven};
use crate::refusal::Refusal;
use std::sync::{Mutex, PoisonError};
use stillyou_agent::ipc::{Attempt, Reply, Request};
use stillyou_fido::{FidoError, Key};
use stillyou_stepup::{AskKey, AskNewKey};
use tauri::{AppHandle, Manager, WebviewWindow};
use zeroize::Zeroizing;

/// What the agent asks the key that is plugged in, until it has answered.
#[derive(Default)]
pub struct Asks {
    known: Mutex<Option<AskKey>>,
    new: Mutex<Option<AskNewKey>>,
}

impl From<FidoError> for Refusal {
    fn from(error: FidoError) -> Self {
        Self::failed(error)
    }
}

/// Begins to prove who is there by the key that is plugged in; whether it wants its PIN.
#[tauri::command]
pub async fn ask_key(app: AppHandle, link: Agent<'_>) -> Result<bool, Refusal> {
    off(&link, move |link| {
        let ask = match link.ask(&Request::AskKey {})? {
            Reply::AskKey { ask } => ask,
            other => return Err(link.refusal(other)),
        };
        let wants_pin = Key::find()?.wants_pin(ask.verify)?;
        keep(&app.state::<Asks>().known, ask);
        Ok(wants_pin)
    })
    .await
}

/// Waits for a touch, and proves who is there by it. The body is as [`add_key`]'s, its name empty.
#[tauri::command]
pub async fn check_key(
    call: tauri::ipc::Request<'_>,
    window: WebviewWindow,
    link: Agent<'_>,
) -> Result<Attempt, Refusal> {
    let (_, pin) = named(body(&call)?)?;
    off(&link, move |link| {
        let ask = taken(&window.state::<Asks>().known)?;
        let answer = Key::find()?.sign(&ask, pin)?;
        match link.ask(&Request::CheckKey { answer })? {
            Reply::Verification { attempt } => Ok(proven(link, &window, attempt)),
            other => Err(link.refusal(other)),
        }
    })
    .await
}

/// Begins to set up the key that is plugged in; whether it wants its PIN.
#[tauri::command]
pub async fn set_up_key(app: AppHandle, link: Agent<'_>) -> Result<bool, Refusal> {
    off(&link, move |link| {
        let ask = match link.ask(&Request::SetUpKey {})? {
            Reply::AskNewKey { ask } => ask,
            other => return Err(link.refusal(other)),
        };
        let wants_pin = Key::find()?.wants_pin(ask.verify)?;
        keep(&app.state::<Asks>().new, ask);
        Ok(wants_pin)
    })
    .await
}

/// Waits for a touch, and sets the key up. The body is raw: how many bytes its name has, the name, the PIN. Where there is no
/// name, a number is one.
#[tauri::command]
pub async fn add_key(call: tauri::ipc::Request<'_>, app: AppHandle, link: Agent<'_>) -> Result<(), Refusal> {
    let (name, pin) = named(body(&call)?)?;
    off(&link, move |link| {
        let ask = taken(&app.state::<Asks>().new)?;
        let authenticator_data = Key::find()?.make(&ask, pin)?;
        link.done(&Request::KeepKey { name, authenticator_data })
    })
    .await
}

/// A key is taken no longer.
#[tauri::command]
pub async fn remove_key(link: Agent<'_>, name: String) -> Result<(), Refusal> {
    off(&link, move |link| link.done(&Request::RemoveKey { name })).await
}

fn keep<T>(place: &Mutex<Option<T>>, ask: T) {
    *place.lock().unwrap_or_else(PoisonError::into_inner) = Some(ask);
}

fn taken<T>(place: &Mutex<Option<T>>) -> Result<T, Refusal> {
    let ask = place.lock().unwrap_or_else(PoisonError::into_inner).take();
    ask.ok_or_else(|| Refusal::failed("no security key was asked; begin again"))
}

/// A name and a PIN, where there are any.
type Named = (Option<String>, Option<Zeroizing<String>>);

fn named(body: &[u8]) -> Result<Named, Refusal> {
    let (&length, rest) = body.split_first().ok_or_else(|| Refusal::failed("the first byte is the name's length"))?;
    let (name, pin) = rest
        .split_at_checked(usize::from(length))
        .ok_or_else(|| Refusal::failed(format!("a name of {length} bytes is announced; there are {}", rest.len())))?;
    Ok((text(name)?, text(pin)?.map(Zeroizing::new)))
}

/// A text, where there is any.
fn text(bytes: &[u8]) -> Result<Option<String>, Refusal> {
    let text = std::str::from_utf8(bytes).map_err(|_| Refusal::failed("name and PIN are UTF-8 text"))?;
    Ok(Some(text.to_owned()).filter(|text| !text.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_and_a_pin_are_told_apart() {
        let read = |body: &[u8]| named(body).map(|(name, pin)| (name, pin.map(|pin| pin.to_string())));
        assert_eq!(read(b"\x04blue1234"), Ok((Some("blue".into()), Some("1234".into()))));
        assert_eq!(read(b"\x00"), Ok((None, None)));
        assert!(read(b"").is_err() && read(b"\x05blue").is_err() && read(b"\x01\xff").is_err());
    }
}
