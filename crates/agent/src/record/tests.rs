//! The record on a real ledger: its tie to the keychain, and what of it may leave the machine.

use super::*;
use crate::ipc::MomentState;
use crate::talk::Fate;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};
use stillyou_ledger::Head;
use stillyou_trust::TrustTime;
use stillyou_vault::Stored;

const SECRET: [u8; 32] = [5; 32];

#[test]
fn a_head_is_to_be_kept_after_every_entry_and_only_for_a_ledger_that_fits() {
    let folder = tempfile::tempdir().unwrap();
    let mut record = open(&folder);
    record.note("ended", &Ended { allowed: true }).unwrap();
    // Nobody has asked the keychain yet.
    assert_eq!(record.head_to_keep(), None);
    record.sign_with(Signer::from_secret(&SECRET)).unwrap();
    assert_eq!(record.check(None).unwrap().entries, 1);
    let first = record.head_to_keep().unwrap();
    record.head_is_kept(first);
    assert_eq!(record.head_to_keep(), None);
    record.note("ended", &Ended { allowed: true }).unwrap();
    let second = record.head_to_keep().unwrap();
    assert_eq!((second.size, second.counter), (2, first.counter + 1));
    record.head_is_kept(second);
    drop(record);

    let mut record = open(&folder);
    record.sign_with(Signer::from_secret(&SECRET)).unwrap();
    let verified = record.check(Some(second)).unwrap();
    assert_eq!((verified.ahead, verified.signed), (Some(0), 2));
    assert_eq!(record.head_to_keep(), None);
}

#[test]
fn a_ledger_that_was_put_back_is_named_and_the_known_head_stays() {
    let folder = tempfile::tempdir().unwrap();
    let mut record = open(&folder);
    record.sign_with(Signer::from_secret(&SECRET)).unwrap();
    record.check(None).unwrap();
    record.note("ended", &Ended { allowed: true }).unwrap();
    let known = Head { size: 3, counter: 7, ..record.head_to_keep().unwrap() };
    drop(record);

    let mut record = open(&folder);
    record.sign_with(Signer::from_secret(&SECRET)).unwrap();
    let said = record.check(Some(known)).unwrap_err().to_string();
    assert!(said.contains("entry 2") && said.contains("had 3 entries"), "{said}");
    record.note("ended", &Ended { allowed: true }).unwrap();
    assert_eq!(record.head_to_keep(), None);
    assert!(record.verify().is_err());
    // Another person's key: nothing is signed with it, and what was signed is not taken for ours.
    let mut record = open(&folder);
    assert!(matches!(record.sign_with(Signer::from_secret(&[6; 32])), Err(RecordError::Broken(_))));
    assert!(matches!(record.check(None), Err(RecordError::Broken(_))));
}

#[test]
fn a_proof_is_given_once_there_is_a_key_and_holds() {
    let folder = tempfile::tempdir().unwrap();
    let mut record = open(&folder);
    record.note("ended", &Ended { allowed: true }).unwrap();
    assert!(matches!(record.prove(1, false), Err(RecordError::NoKey)));
    record.sign_with(Signer::from_secret(&SECRET)).unwrap();
    assert!(matches!(record.prove(1, false), Err(RecordError::Ledger(LedgerError::Unsigned { seq: 1 }))));
    record.note("ended", &Ended { allowed: false }).unwrap();
    let (proof, hash, key) = record.prove(1, true).unwrap();
    assert_eq!(proof.verify_carried(&key).unwrap().size, 2);
    assert_eq!(proof.entry().unwrap().payload, r#"{"allowed":true,"desk":"x11-0"}"#);
    let (bare, _, _) = record.prove(1, false).unwrap();
    assert_eq!(bare.entry(), None);
    assert!(bare.verify_hash(&hash, &key).is_ok());
    let at = record.now();
    record.ledger.as_mut().unwrap().prune(at, &[1], &json!({})).unwrap();
    assert!(matches!(record.prove(1, true), Err(RecordError::Gone(1))));
    let (pruned, again, _) = record.prove(1, false).unwrap();
    assert_eq!(again, hash);
    assert!(pruned.verify_hash(&hash, &key).is_ok());
}

#[test]
fn an_export_says_what_was_decided_and_not_from_what() {
    let folder = tempfile::tempdir().unwrap();
    let mut record = open(&folder);
    record.began(LoginId { boot: Some("secret-boot".into()), session: Some("secret-session".into()) }).unwrap();
    record.decided(&decision(), BTreeSet::from([Modality::Pointer])).unwrap();
    record.note("lost", &Lost { who: Who::Both, fate: Fate::Gone, how: "signal 9".into(), locked: None }).unwrap();
    record.note("request", &Requested { what: "erase".into(), allowed: false }).unwrap();
    record.note("attempt", &Attempted { factor: "password".into(), outcome: "wrong".into() }).unwrap();
    record.note("lock", &Locked::Proven("seen".into())).unwrap();
    record.note("erased", &json!({ "removed": ["secret-entry", "b"], "verified_absent": 4 })).unwrap();
    record.note("lock", &Locked::Failed("x".repeat(5_000))).unwrap();
    record.note("from-the-future", &json!({ "secret": 1 })).unwrap();
    let enrolled = EnrolledRecord {
        modality: Modality::Keystroke,
        stored: Stored { generation: 3, hash: Digest::of(b"sealed") },
        model: "model".into(),
        keystrokes: 500,
        self_rejects: 0.25,
        expected: None,
    };
    record.note("enrolled", &enrolled).unwrap();
    record.note(ENROLLED_POINTER, &enrolled_pointer(9)).unwrap();

    let lines = pages(record.path(), 1);
    let text = serde_json::to_string(&lines).unwrap();
    for never in ["secret", "hold time", "self_rejects", "0.25", "llr", "attribution"] {
        assert!(!text.contains(never), "{never}: {text}");
    }
    let what: Vec<(&str, &Value)> = lines.iter().map(|line| (line.kind.as_str(), &line.what)).collect();
    assert_eq!(what[0].0, "began");
    assert_eq!(what[0].1["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(what[1].0, "decision");
    assert_eq!(what[1].1["event"], json!({ "event": "band-changed", "from": "verified", "to": "step-up" }));
    assert_eq!(what[1].1["state"], json!({ "state": "watching", "band": "step-up" }));
    assert_eq!(what[1].1["score"], 38.0);
    assert_eq!(what[1].1["contributions"], json!({ "keystroke": 2.5, "time": 0.1, "unlock": 0.0 }));
    assert_eq!(what[1].1["muted"], json!(["pointer"]));
    assert_eq!(what[2].1["how"], "signal 9");
    assert_eq!(what[3], ("request", &json!({ "what": "erase", "allowed": false })));
    assert_eq!(what[4], ("attempt", &json!({ "factor": "password", "outcome": "wrong" })));
    assert_eq!(what[5], ("lock", &json!({ "proven": "seen" })));
    assert_eq!(what[6], ("erased", &json!({ "removed": 2, "verified_absent": 4 })));
    assert_eq!((what[7], what[8]), (("lock", &Value::Null), ("from-the-future", &Value::Null)));
    assert_eq!(what[9].1["generation"], 3);
    assert_eq!(what[10], (ENROLLED_POINTER, &json!({ "generation": 9, "model": "model", "strokes": 200 })));
    // A line can be tied to a proof, and to the line before it.
    assert!(lines.windows(2).all(|pair| pair[1].prev_hash == pair[0].hash && pair[1].seq == pair[0].seq + 1));
    assert!(lines.iter().all(|line| line.v == 1 && line.time.ends_with('Z') && line.time.len() == 24));
}

#[test]
fn the_templates_of_typing_and_of_the_pointer_are_on_record_apart_and_erased_together() {
    let folder = tempfile::tempdir().unwrap();
    let mut record = open(&folder);
    assert_eq!(record.pointer_template().unwrap(), OnRecord::Nothing);
    record.append(ENROLLED_POINTER, &enrolled_pointer(2)).unwrap();
    assert!(matches!(record.pointer_template().unwrap(), OnRecord::Template(stored) if stored.generation == 2));
    assert_eq!(record.template().unwrap(), OnRecord::Nothing);
    assert_eq!(record.enrolled_pointer().unwrap().map(|e| e.strokes), Some(200));
    record.append("erased", &json!({ "removed": [], "verified_absent": 4 })).unwrap();
    assert_eq!(record.pointer_template().unwrap(), OnRecord::Nothing);
    assert!(record.enrolled_pointer().unwrap().is_none());
}

fn enrolled_pointer(generation: u64) -> EnrolledPointer {
    let stored = Stored { generation, hash: Digest::of(b"sealed") };
    EnrolledPointer { stored, model: "model".into(), strokes: 200, self_rejects: 0.25 }
}

const BEGAN_MS: i64 = 1_800_000_000_000;
const HOUR_MS: i64 = 3_600_000;

#[test]
fn today_begins_with_what_held_a_day_ago() {
    let folder = tempfile::tempdir().unwrap();
    let hours = Arc::new(AtomicI64::new(0));
    let read = hours.clone();
    let mut record = open(&folder).in_time(move || At { unix_ms: BEGAN_MS + read.load(Relaxed) * HOUR_MS, boot_ms: 0 });
    let at = |hour| hours.store(hour, Relaxed);
    record.began(LoginId::default()).unwrap();
    at(1);
    record.decided(&decision(), BTreeSet::new()).unwrap();
    at(2);
    record.decided(&decision(), BTreeSet::new()).unwrap();
    at(30);
    record.note("ended", &Ended { allowed: true }).unwrap();
    let moments = today(record.path(), record.desk(), record.now().unix_ms).unwrap();
    let shown: Vec<(i64, MomentState)> = moments.iter().map(|m| ((m.unix_ms - BEGAN_MS) / HOUR_MS, m.state)).collect();
    assert_eq!(shown, [(2, MomentState::Watch), (30, MomentState::Off)]);
}

#[test]
fn an_export_comes_in_pages_that_can_be_begun_anywhere_and_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let mut record = open(&folder);
    assert_eq!(pages(record.path(), 1), []);
    for n in 0..250 {
        record.note("request", &Requested { what: n.to_string(), allowed: true }).unwrap();
    }
    let seqs = |from| pages(record.path(), from).iter().map(|line| line.seq).collect::<Vec<_>>();
    assert_eq!(seqs(1), (1..=250).collect::<Vec<_>>());
    assert_eq!(seqs(0), seqs(1));
    assert_eq!(seqs(200), (200..=250).collect::<Vec<_>>());
    assert_eq!((seqs(251), seqs(u64::MAX)), (vec![], vec![]));
    let mut sizes = Vec::new();
    export(record.path(), 1, false, |lines, _| {
        sizes.push(lines.len());
        sizes.len() < 2
    })
    .unwrap();
    assert_eq!(sizes, [100, 100]);
}

#[test]
fn a_follower_hears_of_entries_made_later() {
    let folder = tempfile::tempdir().unwrap();
    let mut record = open(&folder);
    record.note("ended", &Ended { allowed: true }).unwrap();
    let path = record.path().to_owned();
    let mut heard = Vec::new();
    export(&path, 1, true, |lines, last| {
        assert!(!last);
        heard.extend(lines.iter().map(|line| line.seq));
        if heard.len() < 3 {
            record.note("ended", &Ended { allowed: true }).unwrap();
        }
        heard.len() < 3
    })
    .unwrap();
    assert_eq!(heard, [1, 2, 3]);
}

fn open(folder: &tempfile::TempDir) -> Record {
    let clock = Clock::new().unwrap();
    Record::open(&places(folder, "x11-0"), clock, &Policy::default(), "model")
}

fn places(folder: &tempfile::TempDir, desk: &str) -> Places {
    let nowhere = PathBuf::new();
    Places {
        models: Vec::new(),
        system_policy: nowhere.clone(),
        user_policy: nowhere.clone(),
        ledger: folder.path().join("ledger.db"),
        socket: nowhere,
        desk: desk.into(),
    }
}

fn pages(path: &Path, from: u64) -> Vec<Exported> {
    let (mut all, mut ended) = (Vec::new(), false);
    export(path, from, false, |lines, last| {
        assert!(lines.len() <= 100 && !ended);
        all.extend(lines);
        ended = last;
        true
    })
    .unwrap();
    assert!(ended);
    all
}

/// A decision as the monitor makes it, with features in its reasons.
fn decision() -> Decision {
    let evidence = |nats: f64| {
        json!({
            "step": "evidence", "modality": "keystroke", "llr_nats": -nats, "weight": 1.0, "nats": nats,
            "attribution": [{ "feature": "hold time of common letters", "nats": -nats }],
        })
    };
    serde_json::from_value(json!({
        "at": TrustTime::since_boot(std::time::Duration::from_secs(9)),
        "event": { "event": "band-changed", "from": "verified", "to": "step-up" },
        "state": { "state": "watching", "band": "step-up" },
        "log_odds": 0.49,
        "explanation": {
            "rules": { "floor": -6.9, "lock": 6.9, "hysteresis_nats": 1.0, "modalities": [] },
            "start": { "at": TrustTime::since_boot(std::time::Duration::from_secs(1)), "log_odds": -2.1, "origin": "floor", "weak": [] },
            "steps": [
                evidence(1.234),
                { "step": "predict", "seconds": 5.0, "hazard_per_s": 0.01, "nats": 0.051, "clamped": false },
                evidence(1.234),
                { "step": "unlock", "to_nats": -2.3, "nats": 0.0 },
            ],
            "end": 0.49,
        },
    }))
    .unwrap()
}

#[cfg(target_os = "linux")]
#[test]
fn cases_that_are_kept_no_longer_go_and_the_others_stay() {
    use crate::tell::Exception;
    use stillyou_governance::{CaseId, Casebook, Failure, Identity, Moment, PolicyId, ShortCode};
    const DAY_MS: i64 = 24 * 3_600_000;
    let folder = tempfile::tempdir().unwrap();
    static NOW_MS: AtomicI64 = AtomicI64::new(0);
    let mut record = open(&folder).in_time(|| At { unix_ms: NOW_MS.load(Relaxed), boot_ms: 1 });
    record.sign_with(Signer::from_secret(&SECRET)).unwrap();
    let policy = Policy::default().governance;
    let mut book = Casebook::new(policy.clone(), PolicyId::of(&policy), Identity::new("pat", "desk-7").unwrap());
    let happened = |book: &mut Casebook, record: &mut Record, days: i64, event: stillyou_governance::Event| {
        NOW_MS.store(days * DAY_MS, Relaxed);
        record.append(CASE, &event).unwrap();
        book.apply(&event).unwrap();
    };
    let at = |days: i64| Moment { wall_s: (days * DAY_MS / 1000) as u64, up: TrustTime::default(), boot: 1 };
    // One that was closed on its day, one that stays open, one that came later.
    for (byte, days) in [(1, 10), (2, 10), (3, 150)] {
        let id = CaseId::new([byte; 16]);
        let opened = book.open(id, Failure::default(), at(days));
        happened(&mut book, &mut record, days, opened);
        if byte != 2 {
            let closed = book.give_up(id, at(days)).unwrap();
            happened(&mut book, &mut record, days, closed);
        }
    }
    // Others were told of each; and of something that belongs to none.
    for (case, days) in [(Some(1), 10), (Some(2), 10), (Some(3), 150), (Some(1), 150), (None, 10)] {
        NOW_MS.store(days * DAY_MS, Relaxed);
        let case = case.map(|byte| ShortCode::of(CaseId::new([byte; 16])).to_string());
        let told = Told { event: Exception::GrantRefused, case, by: "system-log".into(), failed: None };
        record.append(TOLD, &told).unwrap();
    }
    NOW_MS.store(200 * DAY_MS, Relaxed);
    let kept = book.cases().filter(|case| case.over_since_s().is_none_or(|over| over >= at(20).wall_s));
    let kept: BTreeSet<CaseId> = kept.map(|case| case.case.id).collect();
    assert_eq!(kept, [CaseId::new([2; 16]), CaseId::new([3; 16])].into());
    assert_eq!(record.prune_cases(&kept, 20 * DAY_MS, 180).unwrap(), 3);
    assert_eq!(record.prune_cases(&kept, 20 * DAY_MS, 180).unwrap(), 0, "nothing is pruned twice");

    let left: BTreeSet<CaseId> =
        record.cases_after(0).unwrap().into_iter().filter_map(|(_, event)| event.case()).collect();
    assert_eq!(left, kept);
    let lines = pages(record.path(), 1);
    assert_eq!((lines[0].kind.as_str(), &lines[0].what), (CASE, &Value::Null));
    let said = |line: &Exported| (line.kind.clone(), line.what["kind"].clone(), line.what["entries"].clone());
    let [.., cases, told] = &lines[..] else { unreachable!() };
    assert_eq!(said(cases), ("pruned".into(), json!("case"), json!([1, 2])));
    assert_eq!(said(told), ("pruned".into(), json!("told"), json!([6])));
    assert_eq!((&lines[5].what, &lines[6].what["event"]), (&Value::Null, &json!("grant-refused")));
    assert_eq!(told.what["days"], json!(180));
    assert_eq!(record.check(None).unwrap().entries, 12);
}

#[cfg(target_os = "linux")]
#[test]
fn what_has_fallen_over_weeks_is_measured_against_the_template_in_force() {
    const DAY_MS: i64 = 24 * 3_600_000;
    let folder = tempfile::tempdir().unwrap();
    static NOW_MS: AtomicI64 = AtomicI64::new(0);
    let mut record = open(&folder).in_time(|| At { unix_ms: NOW_MS.load(Relaxed), boot_ms: 1 });
    let fits = |record: &mut Record, days: i64, modality, nats| {
        NOW_MS.store(days * DAY_MS, Relaxed);
        record.fits(modality, nats).unwrap();
    };
    fits(&mut record, 0, Modality::Pointer, 9.0);
    assert!(record.fitted().unwrap().is_empty(), "nothing was learnt");
    record.note(ENROLLED_POINTER, &enrolled_pointer(1)).unwrap();
    fits(&mut record, 1, Modality::Pointer, 2.0);
    fits(&mut record, 2, Modality::Keystroke, 5.0);
    fits(&mut record, 10, Modality::Pointer, 0.5);
    let pointer = record.fitted().unwrap()[&Modality::Pointer];
    assert_eq!(pointer.fallen_nats(), None, "nine days are no weeks");
    assert!(!pointer.is_due(16 * DAY_MS) && pointer.is_due(17 * DAY_MS));
    fits(&mut record, 16, Modality::Pointer, 0.75);
    let fitted = record.fitted().unwrap();
    assert_eq!(fitted[&Modality::Pointer].fallen_nats(), Some(1.25));
    assert!(!fitted.contains_key(&Modality::Keystroke), "its template was never made");
    record.note(ENROLLED_POINTER, &enrolled_pointer(2)).unwrap();
    assert!(record.fitted().unwrap().is_empty(), "another template begins anew");
    // How well somebody's hand fits stays here.
    assert!(pages(record.path(), 1).iter().filter(|line| line.kind == "fit").all(|line| line.what.is_null()));
}
