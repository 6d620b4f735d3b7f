use serde::{Deserialize, Serialize};
use stillyou_agent::face_parts;
use stillyou_agent::ipc::{CaseShown, Entered};
use stillyou_trust::{Contribution, Event, OcclusionMap, Pictures};
use ts_rs::TS;

/// A view of the front-end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum View {
    /// How things stand.
    Now,
    /// Enrolment.
    Start,
    /// The prompt for proof, in a small window of its own.
    Confirm,
    /// Past decisions.
    History,
    /// Sensors, what is stored, erasing.
    Privacy,
    /// What the organisation has set.
    Policy,
    /// The person's cases.
    Cases,
    /// Other people's cases, for whoever has a role.
    Approvals,
}

impl View {
    /// Its name in the page's address.
    pub fn name(self) -> &'static str {
        match self {
            View::Now => "now",
            View::Start => "start",
            View::Confirm => "confirm",
            View::History => "history",
            View::Privacy => "privacy",
            View::Policy => "policy",
            View::Cases => "cases",
            View::Approvals => "approvals",
        }
    }
}

/// The reasons of a score.
#[derive(Clone, Debug, Serialize, TS)]
pub struct Explained {
    /// The ledger entry, when one was asked for.
    pub entry: Option<u64>,
    /// What was decided.
    pub event: Option<Event>,
    /// The score, 0 to 100.
    pub score: f64,
    /// `log O` in nats.
    pub log_odds: f64,
    /// `log O` that it began at.
    pub start: f64,
    /// What moved it since, largest first; positive nats speak against the owner.
    pub contributions: Vec<Contribution>,
    /// The pictures that the newest look rests on.
    pub pictures: Option<Pictures>,
    /// The face of the newest look that spoke against the owner, by its parts.
    pub face: Option<FaceMap>,
    /// Whether start and steps give that score again.
    pub recomputes: bool,
}

/// A key for an authenticator, shown once.
#[derive(Clone, Debug, Serialize, TS)]
pub struct NewAuthenticator {
    /// It, as the `otpauth` URI that authenticators scan.
    pub uri: String,
    /// The same as a QR code: rows of 0 and 1, 1 is dark.
    pub code: Vec<String>,
}

/// A case, and its code to be scanned.
#[derive(Clone, Debug, Serialize, TS)]
pub struct Help {
    /// The case.
    pub case: CaseShown,
    /// Its request as a QR code: rows of 0 and 1, 1 is dark.
    pub code: Vec<String>,
    /// The same as codes to be shown to a webcam in turn.
    pub parts: Vec<Vec<String>>,
}

/// What was entered, and taken.
#[derive(Clone, Debug, Serialize, TS)]
pub struct EnteredView {
    /// What it was.
    pub what: Entered,
    /// The case it was for.
    pub case: Option<CaseShown>,
}

/// What each part of a face added to a look's evidence: numbers, no picture.
#[derive(Clone, Debug, Serialize, TS)]
pub struct FaceMap {
    /// Rows of 12 cells from the top, in nats: positive speaks for the owner.
    pub rows: Vec<Vec<f64>>,
    /// The parts of the face, most against the owner first; positive nats speak against.
    pub parts: Vec<Contribution>,
}

impl From<&OcclusionMap> for FaceMap {
    fn from(map: &OcclusionMap) -> Self {
        Self { rows: map.rows().iter().map(|row| row.to_vec()).collect(), parts: face_parts(map) }
    }
}

/// What erasing removed.
#[derive(Clone, Debug, Serialize, TS)]
pub struct Erased {
    /// Names of keychain entries.
    pub removed: Vec<String>,
    /// Places that were looked at again and found empty.
    pub verified_absent: usize,
}

/// What checking the ledger found.
#[derive(Clone, Debug, Serialize, TS)]
pub struct LedgerState {
    /// How many entries.
    pub entries: u64,
    /// Hash of the last.
    pub head: Option<String>,
}

/// The policy, for reading.
#[derive(Clone, Debug, Serialize, TS)]
pub struct PolicyView {
    /// The files in force; none means the defaults.
    pub files: Vec<String>,
    /// Its sections, in order.
    pub sections: Vec<PolicySection>,
}

/// A section of the policy.
#[derive(Clone, Debug, Serialize, TS)]
pub struct PolicySection {
    /// Its name in the file.
    pub name: String,
    /// What it is about.
    pub meaning: String,
    /// Its fields.
    pub fields: Vec<PolicyField>,
}

/// A field of the policy.
#[derive(Clone, Debug, Serialize, TS)]
pub struct PolicyField {
    /// Its name in the section.
    pub name: String,
    /// Its value, as the file writes it.
    pub value: String,
    /// What it is where nobody sets it.
    pub default: String,
    /// What it means.
    pub meaning: String,
    /// What it counts; empty for flags, names and lists.
    pub unit: String,
    /// What a user's file may do with it.
    pub may: String,
    /// The file that set it.
    pub set_by: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::approving::{Decision, GrantView, OwnRoles, RecordView, RequestView, Signed};
    use crate::figures::Figures;
    use crate::refusal::Refusal;
    use std::collections::BTreeMap;
    use std::path::Path;
    use stillyou_agent::ipc::{Attempt, Moment, PastDecision, Status, StoredItem};
    use stillyou_governance::Verdict;
    use ts_rs::Config;

    fn written(folder: &Path) -> BTreeMap<String, String> {
        let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let read = |path: std::path::PathBuf| {
            (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(&path).unwrap())
        };
        files.map(read).collect()
    }

    /// `STILLYOU_WRITE_BINDINGS=1 cargo test --workspace --bin stillyou-desktop bindings` writes them anew.
    #[test]
    fn the_front_ends_types_are_these_bindings() {
        let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/src/lib/bindings");
        let fresh = tempfile::tempdir().unwrap();
        let config = Config::new().with_large_int("number").with_out_dir(fresh.path());
        Status::export_all(&config).unwrap();
        Attempt::export_all(&config).unwrap();
        PastDecision::export_all(&config).unwrap();
        Moment::export_all(&config).unwrap();
        StoredItem::export_all(&config).unwrap();
        Explained::export_all(&config).unwrap();
        Erased::export_all(&config).unwrap();
        LedgerState::export_all(&config).unwrap();
        PolicyView::export_all(&config).unwrap();
        Refusal::export_all(&config).unwrap();
        View::export_all(&config).unwrap();
        NewAuthenticator::export_all(&config).unwrap();
        Help::export_all(&config).unwrap();
        EnteredView::export_all(&config).unwrap();
        OwnRoles::export_all(&config).unwrap();
        RequestView::export_all(&config).unwrap();
        GrantView::export_all(&config).unwrap();
        RecordView::export_all(&config).unwrap();
        Decision::export_all(&config).unwrap();
        Signed::export_all(&config).unwrap();
        Verdict::export_all(&config).unwrap();
        Figures::export_all(&config).unwrap();
        if std::env::var_os("STILLYOU_WRITE_BINDINGS").is_some() {
            std::fs::remove_dir_all(&committed).unwrap();
            std::fs::create_dir(&committed).unwrap();
            for (name, text) in written(fresh.path()) {
                std::fs::write(committed.join(name), text).unwrap();
            }
        }
        assert_eq!(written(&committed), written(fresh.path()));
    }
}
