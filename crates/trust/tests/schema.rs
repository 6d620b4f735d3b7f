//! The policy's JSON Schema against the parser, judged by a validator that is not ours: python3-jsonschema.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "tests")]

use serde_json::{Value, json};
use std::io::Write;
use std::process::{Command, Stdio};
use stillyou_trust::Policy;
use stillyou_trust::policy::Field;

/// The public key of RFC 8037, appendix A.
const KEY: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";

const VALIDATOR: &str = "
import json, jsonschema, sys
given = json.load(sys.stdin)
jsonschema.Draft202012Validator.check_schema(given['schema'])
validator = jsonschema.Draft202012Validator(given['schema'])
json.dump([validator.is_valid(document) for document in given['documents']], sys.stdout)
";

#[test]
fn schema_and_parser_agree_on_every_range() {
    let schema = Policy::schema();
    let mut documents = Vec::new();
    for field in Policy::fields() {
        let Some(range) = field.range.clone() else { continue };
        let pointer: String = field.path().map(|key| format!("/properties/{key}")).collect();
        let whole = schema.pointer(&pointer).unwrap()["type"] == "integer";
        let (step, (least, most)) = (if whole { 1.0 } else { 1e-10 }, range.into_inner());
        for (value, good) in [(least, true), (most, true), (least - step, false), (most + step, false)] {
            documents.push((document(&field, value, whole), good));
        }
    }
    assert!(documents.len() > 80);
    agree(&documents);
}

#[test]
fn schema_and_parser_agree_on_documents() {
    let good = [
        Policy::default().to_toml().unwrap(),
        "version = 1".into(),
        "version = 1\n[score]\nwatch_odds = \" 1 : .3e1 \"\nfloor_odds = \"+.5:5000.\"".into(),
        "version = 1\n[lock]\nmethods = [\"command\"]\ncommand = [\"/usr/bin/i3lock\", \"--nofork\"]".into(),
        "version = 1\n[lock]\ncommand = [\"i3lock\", \"./picture.png\", \"\"]".into(),
        "version = 1\n[context]\nknown_networks = [\"12345678-9abc-DEF0-1234-56789abcdef0\"]\nrequired = [\"devices\"]"
            .into(),
        "version = 1\n[evidence]\nface = { cap_nats = 7, weak = false }".into(),
        "version = 1\n[governance.regulated]\nlongest_minutes = 15".into(),
        format!("version = 1\n[[governance.approvers]]\nid = \"ada\"\nroles = [\"security\"]\nkey = {KEY:?}"),
        "version = 1\n[governance]\nassigned = [{ person = \"root\", profile = \"privileged\" }]".into(),
        "version = 1\n[governance.factors.step_up]\nany_of = [\"face\", \"totp\"]".into(),
    ];
    let bad = [
        "",
        "version = 2",
        "version = \"1\"",
        "version = 1\n[nonsense]\na = 1",
        "version = 1\n[score]\nlock_odd = \"1:2\"",
        "version = 1\n[score]\nlock_odds = 1000",
        "version = 1\n[score]\nlock_odds = \"1000\"",
        "version = 1\n[score]\nlock_odds = \"1000:0\"",
        "version = 1\n[score]\nlock_odds = \"1000:0.0e5\"",
        "version = 1\n[score]\nlock_odds = \"-1000:-1\"",
        "version = 1\n[score]\nlock_odds = \"1000:1:1\"",
        "version = 1\n[score]\nlock_odds = \"inf:1\"",
        "version = 1\n[score]\nlock_odds = \"a:b\"",
        "version = 1\n[step_up]\ngrace_seconds = 10.5",
        "version = 1\n[step_up]\nafter_unlock = 1",
        "version = 1\n[lock]\nmethods = []",
        "version = 1\n[lock]\nmethods = [\"prayer\"]",
        "version = 1\n[lock]\nmethods = [\"command\"]",
        "version = 1\n[lock]\nmethods = [\"command\"]\ncommand = []",
        "version = 1\n[lock]\ncommand = [\"./i3lock\"]",
        "version = 1\n[lock]\ncommand = [\"\"]",
        "version = 1\n[lock]\ncommand = \"i3lock\"",
        "version = 1\n[context]\nknown_networks = [\"home\"]",
        "version = 1\n[context]\nrequired = [\"camera\"]",
        "version = 1\n[evidence]\nkeystroke = { cap_nats = 5 }",
        "version = 1\n[model]\npack = \"best\"",
        "version = 1\n[governance]\nprofile = \"relaxed\"",
        "version = 1\n[governance.regulated]\nlongest = 15",
        "version = 1\n[governance.standard]\nroles = []",
        "version = 1\n[governance.factors.step_up]\nany_of = []",
        "version = 1\n[[governance.approvers]]\nid = \"ada\"\nroles = [\"security\"]\nkey = \"short\"",
        "version = 1\n[[governance.approvers]]\nid = \"ada\"\nroles = [\"security\"]",
        "version = 1\n[governance]\nassigned = [{ person = \"root\" }]",
    ];
    let all = good.into_iter().map(|d| (d, true)).chain(bad.map(|d| (d.to_owned(), false)));
    agree(&all.collect::<Vec<_>>());
}

/// What a schema can't say: it takes these, the parser does not.
#[test]
fn order_of_odds_is_the_parsers_alone() {
    let documents = ["version = 1\n[score]\nlock_odds = \"1:2\"", "version = 1\n[step_up]\npassword_odds = \"1:2\""];
    assert_eq!(valid(&documents.map(json)), [true, true]);
    assert!(documents.iter().all(|document| Policy::parse(document, "x").is_err()));
}

fn agree(documents: &[(String, bool)]) {
    let verdicts = valid(&documents.iter().map(|(text, _)| json(text)).collect::<Vec<_>>());
    for ((text, good), valid) in documents.iter().zip(verdicts) {
        let parsed = Policy::parse(text, "policy.toml");
        assert_eq!(parsed.is_ok(), *good, "the parser says {parsed:?} of:\n{text}");
        assert_eq!(valid, *good, "the schema of:\n{text}");
    }
}

/// Sets `field`, and for a modality, which is given whole, what lies beside it.
fn document(field: &Field, value: f64, whole: bool) -> String {
    let (table, key) = field.name.rsplit_once('.').unwrap();
    let value = if whole { format!("{value}") } else { format!("{value:?}") };
    let beside = if table.starts_with("evidence.") { "weak = true\n" } else { "" };
    format!("version = 1\n[{table}]\n{beside}{key} = {value}\n")
}

fn json(document: &str) -> Value {
    serde_json::to_value(document.parse::<toml::Table>().unwrap()).unwrap()
}

fn valid(documents: &[Value]) -> Vec<bool> {
    let mut python = Command::new("/usr/bin/python3");
    let mut python = python.args(["-c", VALIDATOR]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let given = json!({ "schema": Policy::schema(), "documents": documents });
    python.stdin.take().unwrap().write_all(given.to_string().as_bytes()).unwrap();
    let output = python.wait_with_output().unwrap();
    assert!(output.status.success(), "the validator failed; is python3-jsonschema installed?");
    let verdicts: Vec<bool> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(verdicts.len(), documents.len());
    verdicts
}
