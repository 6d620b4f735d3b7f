use crate::ask::{connect, unexpected};
use crate::output::say;
use anyhow::Result;
use stillyou_agent::ipc::{CaseReply, CaseRequest, Reply, Request, ScanHint, ScanProgress, Wanted};

/// Has the agent read a code that is held before the camera, saying what to do.
pub fn scan(wanted: Wanted) -> Result<CaseReply> {
    let mut watch = connect()?;
    let mut status = watch.ask(&Request::Watch {})?;
    let hints = std::thread::spawn(move || {
        let mut said = String::new();
        while let Reply::Status { status: now } = status {
            if let Some(progress) = now.scan {
                let words = in_words(&progress);
                if words != said {
                    say!("{words}");
                    said = words;
                }
            }
            match watch.next_reply() {
                Ok(next) => status = next,
                Err(_) => return,
            }
        }
    });
    let reply = connect()?.ask(&Request::Case { about: CaseRequest::Scan { wanted } })?;
    // It ends with the process.
    drop(hints);
    match reply {
        Reply::Case { answer } => Ok(answer),
        other => unexpected(other),
    }
}

fn in_words(progress: &ScanProgress) -> String {
    let hint = match progress.hint {
        ScanHint::NoCode => "hold the QR code before the camera",
        ScanHint::MoreLight => "hold the QR code before the camera, with more light",
        ScanHint::ComeCloser => "closer, please",
        ScanHint::KeepStill => "keep it still and straight",
        ScanHint::OtherCode => "this is another code",
        ScanHint::NextPart => "let the next parts come",
    };
    match progress.needed {
        0 => hint.into(),
        needed => format!("{} of {needed}: {hint}", progress.taken),
    }
}
