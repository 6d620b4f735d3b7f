use super::{Doing, ScanProgress};
use crate::eye::{EyeError, Order, Wanted};
use crate::ipc::{CaseReply, Reply};
use crate::record::Scanned;
use crate::run::Agent;
use crossbeam_channel::Sender;
use std::time::Duration;
use stillyou_trust::Modality;

/// Scans in an hour. They take nothing of the looks' budget: whoever scans over and over must not use that up.
pub(super) const MOST_SCANS: usize = 10;

/// A scan that goes on.
pub(super) struct Scanning {
    wanted: Wanted,
    /// Who waits for what it reads.
    reply: Sender<Reply>,
    pub(super) progress: Option<ScanProgress>,
}

impl Agent {
    /// Has the eye read a code. Answered when that is over.
    pub(in crate::run) fn scan(&mut self, wanted: Wanted, reply: Sender<Reply>) {
        if let Err(why) = self.may_scan() {
            let _ = reply.try_send(Reply::Refused { why });
            return;
        }
        match self.looking.obey(Order::Scan(self.wish(), wanted), Doing::Scanning) {
            Ok(()) => {
                self.looking.scans.did(self.now());
                self.looking.scanning = Some(Scanning { wanted, reply, progress: None });
            }
            Err(e) => {
                let why = format!("the camera is not used: the system gives no thread or pipe: {e}");
                let _ = reply.try_send(Reply::Failed { why });
            }
        }
    }

    fn may_scan(&mut self) -> Result<(), String> {
        if !self.uses_camera() {
            return Err("the camera is not switched on: turn it on in Privacy, or paste the text".into());
        }
        if !self.listens_to(Modality::Face) {
            let why =
                "the camera rests: the session is locked or not in front, it is paused, or you work without biometrics";
            return Err(format!("{why}; paste the text"));
        }
        self.looking.doing.gives_way()?;
        let now = self.now();
        let too_many = |s| format!("too many codes were scanned; the next in {s} s, or paste the text");
        self.looking.scans.may(now).map_err(too_many)
    }

    pub(super) fn scan_goes_on(&mut self, progress: ScanProgress) {
        if let Some(scanning) = &mut self.looking.scanning {
            scanning.progress = Some(progress);
        }
    }

    /// A scan is over: what it read is taken as if it had been pasted.
    pub(super) fn scanned(&mut self, on: Duration, text: Result<String, EyeError>) {
        let Some(Scanning { wanted, reply, .. }) = self.looking.scanning.take() else { return };
        let outcome = match &text {
            Ok(_) => "read".to_owned(),
            Err(e) => e.to_string(),
        };
        let on_ms = u64::try_from(on.as_millis()).unwrap_or(u64::MAX);
        self.note("scan", &Scanned { on_ms, outcome });
        let answer = text.map_err(|e| e.to_string()).and_then(|text| match wanted {
            Wanted::Document => {
                self.read_cases();
                self.entered(&text)
            }
            Wanted::Request => Ok(CaseReply::Scanned { request: text }),
        });
        // Whoever asked may be gone.
        let _ = reply.try_send(match answer {
            Ok(answer) => Reply::Case { answer },
            Err(why) => Reply::Failed { why },
        });
    }
}
