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
    let files = loaded.files.iter().map(|file| file.display().to_string()).collect();
    Ok(PolicyView { files, sections: sections(&loaded) })
}

/// The rules by section, each of which comes once.
fn sections(loaded: &PolicyInForce) -> Vec<PolicySection> {
    let schema = Policy::schema();
    let mut sections: Vec<PolicySection> = Vec::new();
    for field in Policy::fields() {
        let (section, name) = field.name.rsplit_once('.').unwrap_or(("", field.name));
        let field = shown(&field, name, loaded, &schema);
        match sections.iter_mut().find(|known| known.name == section) {
            Some(known) => known.fields.push(field),
            None => sections.push(PolicySection {
                name: section.to_owned(),
                meaning: meaning(&schema, section),
                fields: vec![field],
            }),
        }
    }
    sections
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn every_section_comes_once_with_all_its_rules() {
        let (policy, files, set_by) = (Policy::default(), Vec::new(), BTreeMap::new());
        let sections = sections(&PolicyInForce { policy, files, set_by });
        let mut names: Vec<&str> = sections.iter().map(|section| section.name.as_str()).collect();
        names.sort_unstable();
        let all = names.len();
        names.dedup();
        assert_eq!(names.len(), all);
        assert_eq!(sections.iter().map(|section| section.fields.len()).sum::<usize>(), Policy::fields().len());
        // By these the page knows whether the glass can be broken.
        let value = |section: &str, field: &str| {
            let section = sections.iter().find(|one| one.name == section).unwrap();
            section.fields.iter().find(|one| one.name == field).unwrap().value.clone()
        };
        assert_eq!(value("governance", "emergency_allowed"), "true");
        assert_eq!(value("governance.emergency", "longest_minutes"), "60");
    }
}
