use super::Agent;
use crate::ipc::{Asked, Attempt, CaseRequest, Question, Reply, Request};
use crate::record::{Attempted, RecordError, Requested, TOTP_USED, TotpUsed, export, today};
use crate::verifier::{Kept, News};
use crossbeam_channel::Sender;
use std::path::Path;
use stillyou_recordings::{Person, discover};
use stillyou_sense::keyboard::Keystroke;
use stillyou_trust::{Activity, Factor, Input, Modality, State, Trouble};

impl Agent {
    pub(super) fn asked(&mut self, asked: Asked) {
        let Asked { question, reply } = asked;
        let request = match question {
            Question::Secret(kind, secret) => return self.typed_secret(kind, secret, reply),
            Question::Request(Request::CheckFace {}) => return self.check_face(reply),
            Question::Request(Request::CheckKey { answer }) => return self.check_key(answer, reply),
            Question::Request(Request::Watch {}) => return self.watch(reply),
            Question::Request(request) => request,
        };
        let answer = match self.permission(&request) {
            Ok(()) => match request {
                Request::ExportLedger { from, follow } => return self.export(from, follow, reply),
                Request::Today {} => return self.today(reply),
                Request::Case { about: CaseRequest::Failures {} } => return self.failures(reply),
                Request::Case { about: CaseRequest::Scan { wanted } } => return self.scan(wanted, reply),
                request => self.answer(request),
            },
            Err(why) => Reply::Refused { why },
        };
        // A client that is gone needs no answer.
        let _ = reply.try_send(answer);
    }

    fn watch(&mut self, watcher: Sender<Reply>) {
        let status = Box::new(self.status());
        if watcher.try_send(Reply::Status { status }).is_ok() {
            self.watchers.push(watcher);
        }
    }

    /// What lowers protection or gives reasons away needs a fresh step-up, and is recorded either way.
    fn permission(&mut self, request: &Request) -> Result<(), String> {
        let what = match request {
            Request::Status {} | Request::Watch {} | Request::Stored {} | Request::Today {} => return Ok(()),
            // What only raises protection, or is itself a proof.
            Request::Lock {} | Request::Resume {} | Request::CancelFace {} | Request::CheckFace {} => return Ok(()),
            Request::AskKey {} | Request::CheckKey { .. } => return Ok(()),
            // Its challenge needed proof.
            Request::KeepKey { .. } => return Ok(()),
            Request::SetUpKey {} => "set-up-key",
            Request::RemoveKey { .. } => "remove-key",
            Request::SetUpPassPhrase {} => "set-up-pass-phrase",
            // The camera is the person's to turn on.
            Request::Turn { modality: Modality::Face, on: true } => "turn-on-camera",
            Request::Turn { on: true, .. } => return Ok(()),
            Request::Case { about } => match self.case_needs_proof(about) {
                Some(what) => what,
                None => return Ok(()),
            },
            Request::EnrollFace {} => "enroll-face",
            Request::SetUpTotp {} => "set-up-totp",
            Request::MakeRecoveryCodes {} => "make-recovery-codes",
            Request::Enroll {} => "enroll",
            Request::EnrollRecording { .. } => "enroll-recording",
            Request::CancelEnrolment {} => "cancel-enrolment",
            Request::Erase {} => "erase",
            Request::WithdrawConsent {} => "withdraw-consent",
            Request::Explain { .. } => "explain",
            Request::Decisions {} => "decisions",
            Request::VerifyLedger {} => "verify-ledger",
            Request::ProveEntry { .. } => "prove-entry",
            Request::ExportLedger { .. } => "export-ledger",
            Request::Quit {} => "quit",
            Request::Pause { .. } => "pause",
            Request::Turn { on: false, .. } => "turn-off",
        };
        let activity = self.activity();
        self.feed(Input::Tick(activity));
        let fresh = self.engine.monitor().step_up_is_fresh();
        self.note("request", &Requested { what: what.into(), allowed: fresh });
        let seconds = self.in_force.policy.step_up.fresh_seconds;
        if fresh {
            Ok(())
        } else {
            Err(format!("confirm it's you first: run `stillyou verify`, which counts for {seconds} s"))
        }
    }

    fn answer(&mut self, request: Request) -> Reply {
        match request {
            Request::Status {} | Request::Watch {} => Reply::Status { status: Box::new(self.status()) },
            Request::Enroll {} | Request::EnrollRecording { .. } | Request::EnrollFace {}
                if self.missing_factors().is_some() =>
            {
                Reply::Refused { why: self.missing_factors().unwrap_or_default() }
            }
            Request::Enroll {} => {
                self.enrolment_problem = None;
                self.consented(true);
                let progress = self.engine.start_enrolment();
                self.open_senses();
                self.open_pointer();
                Reply::Enrolling { progress }
            }
            Request::EnrollRecording { file, subject, sentences } => self.enrol_recording(&file, &subject, sentences),
            Request::CancelEnrolment {} => {
                self.engine.cancel_enrolment();
                self.enrolment_problem = None;
                self.learning_stopped();
                Reply::EnrolmentCancelled {}
            }
            Request::EnrollFace {} => self.enrol_face(),
            Request::CancelFace {} => self.cancel_face(),
            Request::SetUpTotp {} => self.set_up_totp(),
            Request::MakeRecoveryCodes {} => self.make_recovery_codes(),
            Request::AskKey {} => self.ask_key(),
            Request::SetUpKey {} => self.set_up_key(),
            Request::KeepKey { name, authenticator_data } => self.keep_key(name.as_deref(), &authenticator_data),
            Request::RemoveKey { name } => self.remove_key(&name),
            Request::SetUpPassPhrase {} => self.set_up_pass_phrase(),
            Request::Erase {} => self.erase(),
            Request::WithdrawConsent {} => self.withdraw_consent(),
            Request::Explain { entry } => self.explain(entry),
            Request::Decisions {} => match self.record.decisions() {
                Ok(decisions) => Reply::Decisions { decisions },
                Err(e) => Reply::Failed { why: e.to_string() },
            },
            Request::Quit {} if !self.in_force.policy.control.may_quit => {
                Reply::Refused { why: "the policy does not let the agent be told to end (control.may_quit)".into() }
            }
            Request::Quit {} => {
                self.quit();
                Reply::Quitting {}
            }
            Request::Pause { minutes } => self.pause(minutes),
            Request::Resume {} => self.resume(),
            Request::Lock {} => self.lock_now(),
            Request::Turn { modality, on } => self.turn(modality, on),
            Request::Stored {} => Reply::Stored { items: self.stored() },
            Request::Case { about } => self.case_asked(about),
            Request::ProveEntry { entry, with_entry } => match self.record.prove(entry, with_entry) {
                Ok((proof, hash, key)) => {
                    Reply::Proof { proof: proof.to_string(), hash: hash.to_string(), key: key.to_string() }
                }
                Err(e) => Reply::Failed { why: e.to_string() },
            },
            Request::ExportLedger { .. } | Request::Today {} | Request::CheckFace {} | Request::CheckKey { .. } => {
                Reply::Failed { why: "this is answered off the loop".into() }
            }
            Request::VerifyLedger {} => match self.record.verify() {
                Ok(v) => Reply::LedgerVerified { entries: v.entries, head: v.last.map(|h| h.hash.to_string()) },
                Err(e) => Reply::Failed { why: e.to_string() },
            },
        }
    }

    /// Page by page; ends with the last entry or when the client is gone.
    fn export(&self, from: u64, follow: bool, reply: Sender<Reply>) {
        let path = self.record.path().to_owned();
        off_the_loop("export", reply, move |reply| {
            export(&path, from, follow, |lines, last| reply.send(Reply::Exported { lines, last }).is_ok())
        });
    }

    fn today(&self, reply: Sender<Reply>) {
        let (path, desk, now) = (self.record.path().to_owned(), self.record.desk().to_owned(), self.record.now());
        off_the_loop("today", reply, move |reply| {
            let moments = today(&path, &desk, now.unix_ms)?;
            let _ = reply.send(Reply::Today { moments });
            Ok(())
        });
    }

    fn enrol_recording(&mut self, file: &Path, subject: &str, sentences: Option<u32>) -> Reply {
        if !self.in_force.policy.enrolment.accept_recordings {
            return Reply::Refused {
                why: "the policy accepts no recordings (enrolment.accept_recordings); enrol by typing".into(),
            };
        }
        let failed = |why: String| Reply::Failed { why };
        self.consented(true);
        let sentences = match read_sentences(file, subject, sentences) {
            Ok(sentences) => sentences,
            Err(why) => return failed(why),
        };
        let enrolled = match self.engine.enrol_recording(&sentences) {
            Ok(enrolled) => enrolled,
            Err(e) => return failed(e.to_string()),
        };
        match self.keep(&enrolled) {
            Ok(()) => {
                Reply::Enrolled { keystrokes: enrolled.template.keystrokes(), self_rejects: enrolled.self_rejects }
            }
            Err(e) => failed(e.to_string()),
        }
    }

    pub(super) fn erase(&mut self) -> Reply {
        match self.home.erase(&mut self.record) {
            Ok(proof) => {
                self.look_up_enrolled();
                self.face_erased();
                self.factors_erased();
                let effects = self.engine.erased(self.now());
                self.act(effects);
                self.trouble_ended(Trouble::PointerNotVisible);
                Reply::Erased { removed: proof.removed, verified_absent: proof.verified_absent }
            }
            Err(e) => Reply::Failed { why: e.to_string() },
        }
    }

    fn explain(&self, entry: Option<u64>) -> Reply {
        let failed = |why: String| Reply::Failed { why };
        let Some(seq) = entry else {
            let monitor = self.engine.monitor();
            return if monitor.snapshot().state == State::Learning {
                failed("there is no score yet: nobody is enrolled".into())
            } else {
                Reply::Explanation { entry, event: None, explanation: Box::new(monitor.explanation()) }
            };
        };
        match self.record.decision(seq) {
            Ok(decision) => match decision.explanation {
                Some(explanation) => {
                    Reply::Explanation { entry, event: Some(decision.event), explanation: Box::new(explanation) }
                }
                None => failed(format!("entry {seq} has no reasons")),
            },
            Err(e) => failed(e.to_string()),
        }
    }

    /// News of an attempt: what must outlive the agent is kept before and after the check; then the monitor hears what came of
    /// it, then whoever asked.
    pub(super) fn verifying(&mut self, news: News) {
        match news {
            News::Tries { limit, kept } => {
                self.keep_before(&kept, |agent| agent.record.append("tries", &limit).map(drop))
            }
            News::TotpUsed { step, kept } => {
                self.keep_before(&kept, |agent| agent.record.append(TOTP_USED, &TotpUsed { step }).map(drop));
            }
            News::CodesLeft { codes, kept } => {
                let _ = kept.try_send(self.keep_codes(&codes));
            }
            News::KeyCounted { keys, name, kept } => {
                let _ = kept.try_send(self.keep_counted(keys, &name));
            }
            News::KeyCopied { copied, kept } => {
                self.key_copied(copied);
                let _ = kept.try_send(Ok(()));
            }
            News::CheckFace { outcome } => self.begin_check(outcome),
            News::Done { factor, attempt, reply } => {
                let attempt = self.attempted(factor, attempt);
                let _ = reply.try_send(Reply::Verification { attempt });
            }
        }
    }

    /// Keeps something that an attempt waits for.
    fn keep_before(&mut self, kept: &Kept, keep: impl FnOnce(&mut Self) -> Result<(), RecordError>) {
        let outcome = keep(self);
        let answer = outcome.as_ref().copied().map_err(ToString::to_string);
        self.recorded(outcome);
        let _ = kept.try_send(answer);
    }

    fn attempted(&mut self, factor: Factor, attempt: Attempt) -> Attempt {
        let outcome = match &attempt {
            Attempt::Verified {} | Attempt::More { .. } => "verified",
            Attempt::Wrong { .. } => "wrong",
            Attempt::Wait { .. } => "wait",
            Attempt::Disabled {} => "disabled",
            Attempt::Unavailable { .. } => "unavailable",
        };
        self.note("attempt", &Attempted { factor: factor.name().into(), outcome: outcome.into() });
        let attempt = if attempt == (Attempt::Verified {}) { self.proven_by(factor) } else { attempt };
        if !matches!(attempt, Attempt::Verified {} | Attempt::More { .. }) {
            self.tried_in_vain(factor, outcome);
        }
        match attempt {
            Attempt::Verified {} => {
                self.feed(Input::Tick(Activity::Input));
                self.proven_in_case(factor);
                self.feed(Input::Verified(factor));
                // The owner has seen it.
                self.trouble_ended(Trouble::LedgerRefused);
                self.owner_verified();
                self.proven_without_biometrics();
            }
            Attempt::Wrong { .. } => self.feed(Input::VerificationFailed),
            Attempt::More { .. } => self.proven_in_case(factor),
            Attempt::Wait { .. } | Attempt::Disabled {} | Attempt::Unavailable { .. } => {}
        }
        attempt
    }
}

/// Answers on a thread of its own: reading much of the ledger takes a while. Clients, and so threads, are few.
pub(super) fn off_the_loop(
    name: &str,
    reply: Sender<Reply>,
    answer: impl FnOnce(&Sender<Reply>) -> Result<(), RecordError> + Send + 'static,
) {
    let failed = reply.clone();
    let answering = move || {
        if let Err(e) = answer(&reply) {
            let _ = reply.send(Reply::Failed { why: e.to_string() });
        }
    };
    if let Err(e) = std::thread::Builder::new().name(name.into()).spawn(answering) {
        let _ = failed.try_send(Reply::Failed { why: format!("the system gives no thread: {e}") });
    }
}

fn read_sentences(file: &Path, subject: &str, most: Option<u32>) -> Result<Vec<Vec<Keystroke>>, String> {
    let sources = discover(file).map_err(|e| e.to_string())?;
    for source in sources {
        let set = source.load().map_err(|e| e.to_string())?;
        if let Some(Person { sessions, .. }) = set.person(subject) {
            let most = most.map_or(usize::MAX, |m| m as usize);
            return Ok(sessions.iter().take(most).map(|s| s.keystrokes.clone()).collect());
        }
    }
    Err(format!("{}: no subject {subject}", file.display()))
}
