//! Good examples of every format, for the corpus: the fuzzer starts from them.

use crate::proof::SECRET;
use crate::{governance, pack, security_key, template};
use stillyou_agent::ipc::{CaseRequest, Reply, Request};
use stillyou_ledger::{At, Ledger, Signer};
use stillyou_trust::{Activity, Evidence, Input, Modality, Monitor, Policy, Quality, TrustTime};

/// For each target some examples, by the name of the target. Keys and ids in them are random: another time, other bytes.
pub fn examples() -> Vec<(&'static str, Vec<u8>)> {
    let mut all = pack::examples().to_vec();
    all.push(("vault", template::example()));
    all.push(("policy", Policy::default().to_toml().unwrap().into_bytes()));
    all.push(("ipc_reply", explained()));
    all.extend(requests());
    all.extend(governance::examples());
    all.extend(ledgers());
    all.extend(security_key::examples().map(|bytes| ("security_key", bytes)));
    all
}

fn requests() -> impl Iterator<Item = (&'static str, Vec<u8>)> {
    let requests = [
        Request::Status {},
        Request::Watch {},
        Request::EnrollRecording { file: "a.csv".into(), subject: "1".into(), sentences: Some(3) },
        Request::Explain { entry: Some(7) },
        Request::ProveEntry { entry: 7, with_entry: true },
        Request::ExportLedger { from: 1, follow: true },
        Request::Case { about: CaseRequest::Open { modality: None, cannot_use: true, unsuitable: false } },
        Request::Case { about: CaseRequest::Enter { text: "a.b.c".into() } },
    ];
    requests.into_iter().map(|request| ("ipc_request", serde_json::to_vec(&request).unwrap()))
}

/// The reasons of a score that time, an unlock and evidence moved.
fn explained() -> Vec<u8> {
    let at = |seconds| TrustTime::since_boot(std::time::Duration::from_secs(seconds));
    let (mut monitor, _) = Monitor::begin(Policy::default(), at(1), None);
    monitor.handle(at(90), Input::Tick(Activity::Idle));
    let attribution = vec![stillyou_trust::Attribution { feature: "hold time of common letters".into(), nats: -2.0 }];
    let evidence = Evidence {
        modality: Modality::Keystroke,
        llr_nats: -2.0,
        quality: Quality::FULL,
        attribution,
        occlusion: None,
        pictures: None,
    };
    monitor.handle(at(91), Input::Evidence { evidence, overlap: 0.2 });
    monitor.handle(at(92), Input::SessionLocked);
    monitor.handle(at(99), Input::SessionUnlocked);
    let explanation = Box::new(monitor.explanation());
    serde_json::to_vec(&Reply::Explanation { entry: None, event: None, explanation }).unwrap()
}

/// A head, a public key, and a proof without and with its entry.
fn ledgers() -> [(&'static str, Vec<u8>); 4] {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = Ledger::open(&folder.path().join("ledger.db")).unwrap();
    ledger.sign_with(Signer::from_secret(&SECRET)).unwrap();
    (1..=5).for_each(|n| _ = ledger.append(At { unix_ms: 1_700_000_000_000, boot_ms: n }, "band", &n).unwrap());
    let (proof, entry) = (ledger.prove(3).unwrap(), ledger.entry(3).unwrap());
    [
        ("head", ledger.head(None).to_bytes()),
        ("head", ledger.verifier_key().unwrap().to_string().into_bytes()),
        ("proof", proof.to_string().into_bytes()),
        ("proof", proof.with_entry(entry).to_string().into_bytes()),
    ]
}
