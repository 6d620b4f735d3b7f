use super::Policy;
use crate::Odds;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};
use std::borrow::Cow;

/// One positive number: digits of which one at least is not 0, perhaps with a point or an exponent.
const POSITIVE: &str = r"\s*\+?(?=[0.]*[1-9])([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?\s*";

impl Policy {
    /// A JSON Schema (2020-12) of an administrator's document, made from the types that read it and the ranges that
    /// [`Policy::parse`] checks.
    ///
    /// It refuses nothing that `parse` takes. `parse` also compares odds with each other, which no schema can say.
    pub fn schema() -> Value {
        let settings = SchemaSettings::draft2020_12().with(|s| s.inline_subschemas = true);
        let mut schema = settings.into_generator().into_root_schema_for::<Policy>().to_value();
        plain(&mut schema);
        for field in Policy::fields() {
            let pointer: String = field.path().map(|key| format!("/properties/{key}")).collect();
            if let (Some(range), Some(Value::Object(at))) = (field.range, schema.pointer_mut(&pointer)) {
                let number = |n: f64| if n.fract() == 0.0 { json!(n as i64) } else { json!(n) };
                at.insert("minimum".into(), number(*range.start()));
                at.insert("maximum".into(), number(*range.end()));
            }
        }
        schema["title"] = json!("StillYou policy");
        schema
    }
}

impl JsonSchema for Odds {
    fn schema_name() -> Cow<'static, str> {
        "Odds".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": format!("^{POSITIVE}:{POSITIVE}$") })
    }
}

/// Puts every description on one line and leaves out Rust's names of number formats.
fn plain(value: &mut Value) {
    let Value::Object(map) = value else {
        if let Value::Array(all) = value {
            all.iter_mut().for_each(plain);
        }
        return;
    };
    if map.get("format").is_some_and(Value::is_string) {
        map.remove("format");
    }
    unwrapped(map);
    map.values_mut().for_each(plain);
}

fn unwrapped(map: &mut Map<String, Value>) {
    if let Some(Value::String(text)) = map.get_mut("description") {
        *text = text.replace("\n\n", "\u{0}").replace('\n', " ").replace('\u{0}', "\n\n");
    }
}

#[cfg(test)]
mod tests {
    use super::Policy;

    #[test]
    fn every_field_is_described() {
        let schema = Policy::schema();
        for field in Policy::fields() {
            let pointer: String = field.path().map(|key| format!("/properties/{key}")).collect();
            let at = schema.pointer(&pointer).unwrap_or_else(|| panic!("{} has no schema", field.name));
            assert!(at["description"].as_str().is_some_and(|d| !d.is_empty()), "{} has no description", field.name);
            assert_eq!(at.get("maximum").is_some(), field.range.is_some(), "{}", field.name);
        }
    }
}
