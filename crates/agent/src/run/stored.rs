use super::Agent;
use crate::ipc::{StoredItem, StoredWhat};
use crate::record::{EnrolledFace, EnrolledPointer, EnrolledRecord};
use std::path::Path;
use stillyou_trust::Modality;

/// Where the keychain is, in words; it has no path.
const KEYCHAIN: &str = "keychain of this login";

impl Agent {
    /// What is stored, and where.
    pub(super) fn stored(&self) -> Vec<StoredItem> {
        let mut items = Vec::new();
        if let Ok(Some(EnrolledRecord { modality, stored, model, keystrokes, .. })) = self.record.enrolled() {
            let generation = stored.generation;
            items.push(StoredItem {
                what: StoredWhat::Template,
                place: KEYCHAIN.into(),
                bytes: None,
                detail: format!("{modality}, {keystrokes} keystrokes, generation {generation}, model {model}"),
            });
        }
        if let Ok(Some(EnrolledPointer { stored, model, strokes, .. })) = self.record.enrolled_pointer() {
            let generation = stored.generation;
            items.push(StoredItem {
                what: StoredWhat::Template,
                place: KEYCHAIN.into(),
                bytes: None,
                detail: format!("{}, {strokes} strokes, generation {generation}, model {model}", Modality::Pointer),
            });
        }
        if let Ok(Some(EnrolledFace { stored, model, images, .. })) = self.record.enrolled_face() {
            let generation = stored.generation;
            items.push(StoredItem {
                what: StoredWhat::Template,
                place: KEYCHAIN.into(),
                bytes: None,
                detail: format!("{}, {images} pictures, generation {generation}, model {model}", Modality::Face),
            });
        }
        let key = "the templates' key, the ledger's key and its head".into();
        items.push(StoredItem { what: StoredWhat::Key, place: KEYCHAIN.into(), bytes: None, detail: key });
        let ledger = self.record.path();
        items.push(file(StoredWhat::Ledger, ledger, "decisions and their reasons, never what was typed"));
        let policy = self.in_force.files.iter().map(|path| file(StoredWhat::Policy, path, "rules in force"));
        items.extend(policy);
        items
    }
}

fn file(what: StoredWhat, path: &Path, detail: &str) -> StoredItem {
    let bytes = path.metadata().ok().map(|metadata| metadata.len());
    StoredItem { what, place: path.display().to_string(), bytes, detail: detail.into() }
}
