use super::Agent;
use super::fallback::Asked;
use crate::fallback::voice_key;
use crate::ipc::{CaseReply, CaseRequest, CaseShown, Entered, Reply};
use crate::record::failures;
use crossbeam_channel::Sender;
use stillyou_governance::report::{Failed, Granted};
use stillyou_governance::{CaseId, Decided, Document, Event, GrantId, Refused, Scope, to_html, to_json};
use stillyou_trust::{Factor, Input, Modality, State};

/// A report counts what happened in so long, in milliseconds: 90 days.
const COUNTED_MS: i64 = 90 * 24 * 3_600_000;

impl Agent {
    /// The name of what needs a fresh step-up; nothing for what does not. Whoever is being asked who they are can't have one:
    /// they may get help, and see of cases what an approver is shown.
    pub(super) fn case_needs_proof(&self, about: &CaseRequest) -> Option<&'static str> {
        let asked = matches!(self.engine.monitor().snapshot().state, State::StepUp { .. });
        match about {
            CaseRequest::Enter { .. } | CaseRequest::Code { .. } | CaseRequest::Scan { .. } => None,
            CaseRequest::List {} | CaseRequest::Show { .. } | CaseRequest::Open { .. } if asked => None,
            CaseRequest::List {} | CaseRequest::Show { .. } => Some("cases"),
            CaseRequest::Open { .. } => Some("open-case"),
            CaseRequest::Close { .. } => Some("close-case"),
            CaseRequest::BreakGlass { .. } => Some("break-glass"),
            CaseRequest::Export { .. } => Some("export-case"),
            CaseRequest::Failures {} => Some("failures"),
        }
    }

    pub(super) fn case_asked(&mut self, about: CaseRequest) -> Reply {
        // What another desk of this user did counts here as well.
        self.read_cases();
        let outcome = match about {
            CaseRequest::List {} => self.listed(),
            CaseRequest::Show { case } => self.shown(case).map(|case| CaseReply::Case { case: Box::new(case) }),
            CaseRequest::Open { modality, cannot_use, unsuitable } => self.help(modality, cannot_use, unsuitable),
            CaseRequest::Enter { text } => self.entered(&text),
            CaseRequest::Code { case, approver, minutes, said } => self.heard(case, &approver, minutes, &said),
            CaseRequest::Close { case } => self.closed(case),
            CaseRequest::BreakGlass { case, reason } => self.glass_broken(case, &reason),
            CaseRequest::Export { case, html } => self.exported(case, html),
            CaseRequest::Failures {} | CaseRequest::Scan { .. } => Err("this is answered off the loop".into()),
        };
        match outcome {
            Ok(answer) => Reply::Case { answer },
            Err(why) => Reply::Failed { why },
        }
    }

    /// What a report counts, read on a thread of its own.
    pub(super) fn failures(&mut self, reply: Sender<Reply>) {
        self.read_cases();
        let Ok(fallback) = &self.fallback else {
            let _ = reply.try_send(Reply::Failed { why: self.no_fallback() });
            return;
        };
        let since_ms = self.record.now().unix_ms - COUNTED_MS;
        let counted = |opened_s: u64| i64::try_from(opened_s).is_ok_and(|s| s.saturating_mul(1000) >= since_ms);
        let cases = || fallback.book.cases().filter(|record| counted(record.case.opened.wall_s));
        let mut failed: Vec<Failed> = cases().map(Failed::of).collect();
        let granted: Vec<Granted> = cases().filter_map(Granted::of).collect();
        let (path, identity) = (self.record.path().to_owned(), fallback.book.identity().clone());
        super::answer::off_the_loop("failures", reply, move |reply| {
            failed.extend(failures(&path, &identity, since_ms)?);
            let _ = reply.send(Reply::Case { answer: CaseReply::Failures { failed, granted } });
            Ok(())
        });
    }

    fn listed(&self) -> Result<CaseReply, String> {
        let fallback = self.fallback.as_ref().map_err(|why| why.clone())?;
        let mut cases: Vec<CaseShown> = fallback.book.cases().map(|record| fallback.shown(record)).collect();
        cases.sort_by_key(|case| std::cmp::Reverse(case.opened_ms));
        Ok(CaseReply::Cases { cases })
    }

    fn shown(&self, case: CaseId) -> Result<CaseShown, String> {
        let fallback = self.fallback.as_ref().map_err(|why| why.clone())?;
        fallback.book.case(case).map(|record| fallback.shown(record)).ok_or_else(|| no_case(case))
    }

    fn help(&mut self, modality: Option<Modality>, cannot_use: bool, unsuitable: bool) -> Result<CaseReply, String> {
        if self.engine.monitor().snapshot().state == State::Learning {
            return Err("nobody is enrolled, so nothing asks or locks".into());
        }
        let (goes_on, now) = (self.failure_goes_on(), self.now());
        let fallback = self.fallback.as_mut().map_err(|why| why.clone())?;
        let modality = modality.or(fallback.failure.forced_by);
        if unsuitable && modality.is_none() {
            return Err("say which modality is unsuitable: keystroke, pointer or face".into());
        }
        // Another word about it is another case, as is one that can't be granted in this session.
        let book = &fallback.book;
        let fits = |case: &CaseId| book.case(*case).is_some_and(|known| book.of_this_session(&known.case).is_ok());
        let same = fallback.open_case(goes_on).filter(|_| !cannot_use && !unsuitable).filter(fits);
        let case = match same {
            Some(case) => {
                fallback.failure.asked = true;
                case
            }
            None => {
                fallback
                    .asked
                    .may(now)
                    .map_err(|s| format!("too many cases were opened by asking; the next in {s} s"))?;
                fallback.asked.did(now);
                self.open_case_for(modality, Asked { cannot_use, unsuitable, kept: true })?
            }
        };
        Ok(CaseReply::Case { case: Box::new(self.shown(case)?) })
    }

    /// What somebody pasted, or held before the camera.
    pub(super) fn entered(&mut self, text: &str) -> Result<CaseReply, String> {
        let now = self.moment().ok_or_else(|| self.no_fallback())?;
        let network = self.network_name();
        let fallback = self.fallback.as_ref().map_err(|why| why.clone())?;
        match Document::of(text) {
            Some(Document::Review) => {
                let decided = fallback.book.review(text, now);
                let case = case_of(&decided.event);
                self.taken(decided)?;
                self.entered_for(Entered::Review, case)
            }
            Some(Document::Revocation) => {
                let decided = fallback.book.revoke(text, now);
                let case = match &decided.event {
                    Event::Revoked { grant, .. } => fallback
                        .book
                        .cases()
                        .find(|record| record.used.as_ref().is_some_and(|used| used.grant == *grant))
                        .map(|record| record.case.id),
                    _ => None,
                };
                self.taken(decided)?;
                self.keep_override();
                self.entered_for(Entered::Revocation, case)
            }
            Some(Document::Grant) | None => {
                self.may_be_granted()?;
                let decided = fallback.book.accept(text, now, network.as_deref());
                self.granted(decided)
            }
        }
    }

    fn heard(&mut self, case: CaseId, approver: &str, minutes: u64, said: &str) -> Result<CaseReply, String> {
        self.may_be_granted()?;
        let key = voice_key()?;
        let now = self.moment().ok_or_else(|| self.no_fallback())?;
        let fallback = self.fallback.as_ref().map_err(|why| why.clone())?;
        let id = GrantId::new(rand::random());
        let decided = fallback.book.accept_voice(&key, id, case, approver, minutes, said, now);
        self.granted(decided)
    }

    fn glass_broken(&mut self, case: CaseId, reason: &str) -> Result<CaseReply, String> {
        if reason.trim().is_empty() || reason.len() > 500 {
            return Err("say why, in 1 to 500 bytes: it is read in the review".into());
        }
        self.may_be_granted()?;
        let now = self.moment().ok_or_else(|| self.no_fallback())?;
        let fallback = self.fallback.as_ref().map_err(|why| why.clone())?;
        let id = GrantId::new(rand::random());
        let decided = fallback.book.break_glass(id, case, &fallback.proofs, reason.trim(), now);
        self.granted(decided)
    }

    /// Whether a grant could do anything now. Nothing is used up where it could not.
    fn may_be_granted(&self) -> Result<(), String> {
        match self.engine.monitor().snapshot().state {
            State::Learning => Err("nobody is enrolled, so nothing asks or locks: no grant is needed".into()),
            State::Locked { .. } => {
                Err("unlock the session first: a grant is entered while it asks who you are".into())
            }
            State::Paused { .. } => Err("monitoring is paused: resume it first".into()),
            State::Watching { .. } | State::StepUp { .. } => Ok(()),
        }
    }

    /// A grant is in force: the step-up that waits for it is over.
    fn granted(&mut self, decided: Decided<Refused>) -> Result<CaseReply, String> {
        let case = case_of(&decided.event);
        self.taken(decided)?;
        self.keep_override();
        let fallback = self.fallback.as_ref().map_err(|why| why.clone())?;
        let record = case.and_then(|case| fallback.book.case(case));
        let tell = record.map(|record| record.limits(&fallback.policy).tell).unwrap_or_default();
        if let Some(used) = record.and_then(|record| record.used.clone()) {
            // What replaces a modality is answered with that factor, now as later.
            let declared = matches!(used.scope, Scope::Unsuitable { .. });
            if !declared {
                self.feed(Input::Verified(Factor::Override));
            }
            let summary = if declared { "Declared unsuitable" } else { "Working under a grant" };
            let minutes = used.end_s.saturating_sub(used.from.wall_s).div_ceil(60);
            let told: Vec<&str> = tell.iter().map(|role| role.name()).collect();
            let told = if told.is_empty() { String::new() } else { format!(" To be told: {}.", told.join(", ")) };
            self.tell(summary, format!("For {minutes} min, {}.{told}", used.scope.in_words()));
        }
        self.entered_for(Entered::Grant, case)
    }

    fn closed(&mut self, case: CaseId) -> Result<CaseReply, String> {
        let now = self.moment().ok_or_else(|| self.no_fallback())?;
        let fallback = self.fallback.as_ref().map_err(|why| why.clone())?;
        let record = fallback.book.case(case).ok_or_else(|| no_case(case))?;
        let over = || format!("case {} is {} already", record.case.short_code(), record.state.name());
        let event = fallback.book.give_up(case, now).ok_or_else(over)?;
        self.happened_to_case(&event)?;
        self.keep_override();
        Ok(CaseReply::Case { case: Box::new(self.shown(case)?) })
    }

    fn exported(&self, case: CaseId, html: bool) -> Result<CaseReply, String> {
        let fallback = self.fallback.as_ref().map_err(|why| why.clone())?;
        let record = fallback.book.case(case).ok_or_else(|| no_case(case))?;
        let limits = record.limits(&fallback.policy);
        let text = if html { to_html(record, &limits) } else { to_json(record, &limits) };
        Ok(CaseReply::Exported { text })
    }

    /// Records a decision, whatever it was; the error is why it was refused.
    fn taken<E: std::error::Error>(&mut self, decided: Decided<E>) -> Result<(), String> {
        self.happened_to_case(&decided.event)?;
        decided.outcome.map_err(|why| why.to_string())
    }

    fn entered_for(&self, what: Entered, case: Option<CaseId>) -> Result<CaseReply, String> {
        let case = case.map(|case| self.shown(case)).transpose()?.map(Box::new);
        Ok(CaseReply::Entered { what, case })
    }
}

fn case_of(event: &Event) -> Option<CaseId> {
    match event {
        Event::Granted { case, .. } | Event::Ended { case, .. } => Some(*case),
        Event::Refused { case, .. } => *case,
        Event::Reviewed { review, .. } => Some(review.case),
        _ => None,
    }
}

fn no_case(case: CaseId) -> String {
    format!("there is no case {case} here; `stillyou case list` lists them")
}
