use crate::refusal::Refusal;
use crate::view::{PolicyField, PolicySection, PolicyView};
use serde_json::Value;
use stillyou_agent::{Places, PolicyInForce, load_policy};
use stillyou_trust::Policy;
use stillyou_trust::policy::{Field, May};

/// The policy as its files say it now, for reading.
///
/// # Errors
/// When a file can't be used.
pub fn read(places: &Places) -> Result<PolicyView, Refusal> {
    let loaded = load_policy(&places.system_policy, Some(&places.user_policy)).map_err(Refusal::failed)?;
    let schema = Policy::schema();
    let mut sections: Vec<PolicySection> = Vec::new();
    for field in Policy::fields() {
        let (section, name) = field.name.rsplit_once('.').unwrap_or(("", field.name));
        if sections.last().is_none_or(|last| last.name != section) {
            sections.push(PolicySection {
                name: section.to_owned(),
                meaning: meaning(&schema, section),
                fields: Vec::new(),
            });
        }
        if let Some(last) = sections.last_mut() {
            last.fields.push(shown(&field, name, &loaded, &schema));
        }
    }
    let files = loaded.files.iter().map(|file| file.display().to_string()).collect();
    Ok(PolicyView { files, sections })
}

fn shown(field: &Field, name: &str, loaded: &PolicyInForce, schema: &Value) -> PolicyField {
    let set_by =
        loaded.files.iter().rev().find(|file| std::fs::read_to_string(file).is_ok_and(|text| field.is_set_in(&text)));
    PolicyField {
        name: name.to_owned(),
        value: field.value(&loaded.policy).to_toml(),
        default: field.value(&Policy::default()).to_toml(),
        meaning: meaning(schema, field.name),
        unit: field.unit.to_owned(),
        may: if field.may == May::Leave { String::new() } else { field.may.words().to_owned() },
        set_by: set_by.map(|file| file.display().to_string()),
    }
}

/// What the schema says of a dotted name.
fn meaning(schema: &Value, name: &str) -> String {
    let pointer: String = name.split('.').map(|key| format!("/properties/{key}")).collect();
    schema.pointer(&pointer).and_then(|at| at["description"].as_str()).unwrap_or_default().to_owned()
}
