use crate::ask::variable;
use crate::output::say;
use anyhow::{Result, bail};
use serde_json::Value;
use std::path::Path;
use std::process::ExitCode;
use stillyou_agent::PolicyInForce;
use stillyou_trust::Policy;
use stillyou_trust::policy::{Field, May};

/// Columns of the output.
const WIDTH: usize = 88;

/// Explains one field, a section's, or all.
pub fn explain(wanted: Option<&str>) -> Result<ExitCode> {
    let (system, user) = stillyou_agent::policies(variable);
    let loaded = stillyou_agent::load_policy(&system, user.as_deref())?;
    let mut fields = Policy::fields();
    if let Some(wanted) = wanted {
        fields.retain(|field| field.name == wanted || field.name.starts_with(&format!("{wanted}.")));
        if fields.is_empty() {
            bail!("{}", unknown(wanted));
        }
    }
    let home = variable("HOME");
    let page = page(&fields, &loaded, &Policy::schema(), home.as_deref());
    if wanted.is_none() {
        say!("{}", head(&loaded, &system, user.as_deref(), home.as_deref()));
    }
    say!("{}", page.trim_end());
    Ok(ExitCode::SUCCESS)
}

/// What the whole list begins with: where the policy comes from.
fn head(loaded: &PolicyInForce, system: &Path, user: Option<&Path>, home: Option<&Path>) -> String {
    let there = |file: &Path| if loaded.files.iter().any(|f| f == file) { "" } else { "  (not there)" };
    let mut head = "The policy in force is the defaults, and what these files set:\n".to_owned();
    head += &format!("  {}{}\n", short(system, home), there(system));
    if let Some(user) = user {
        head += &format!("  {}{}  may only tighten it\n", short(user, home), there(user));
    }
    head
}

fn page(fields: &[Field], loaded: &PolicyInForce, schema: &Value, home: Option<&Path>) -> String {
    let mut page = String::new();
    let mut section = "";
    for field in fields {
        let (table, key) = field.name.rsplit_once('.').unwrap_or(("", field.name));
        if table != section {
            section = table;
            page += &format!("[{table}]\n{}\n", wrapped(&meaning(schema, table), ""));
        }
        page += &format!("{key} = {}\n", field.value(&loaded.policy).to_toml());
        page += &wrapped(&meaning(schema, field.name), "    ");
        page += &choices(schema, field.name);
        page += &wrapped(&facts(field, loaded, home), "    ");
        page.push('\n');
    }
    page
}

/// Unit and range, default or origin, and what a user may do.
fn facts(field: &Field, loaded: &PolicyInForce, home: Option<&Path>) -> String {
    let mut unit = field.unit.to_owned();
    if let Some(range) = &field.range {
        unit += &format!(", {} to {}", plain(*range.start()), plain(*range.end()));
    }
    let default = field.value(&Policy::default()).to_toml();
    let origin = match loaded.set_by.get(field.name) {
        Some(file) => format!("set by {} (default {default})", short(file, home)),
        None => "the default".to_owned(),
    };
    let user = match field.may {
        May::Leave => "the administrator's alone".to_owned(),
        may => format!("a user's file may {}", may.words()),
    };
    let all = [unit, origin, user];
    all.iter().filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join(" · ")
}

/// What a named field may be, a name a line.
fn choices(schema: &Value, name: &str) -> String {
    let Some(at) = schema.pointer(&pointer(name)) else { return String::new() };
    let all = at["oneOf"].as_array().or_else(|| at["items"]["oneOf"].as_array());
    let line = |choice: &Value| {
        let means = choice["description"].as_str().unwrap_or_default();
        format!("      {:<14} {means}\n", choice["const"].to_string())
    };
    all.into_iter().flatten().map(line).collect()
}

/// The doc comment of a field or a section, as the schema carries it.
fn meaning(schema: &Value, name: &str) -> String {
    let text = schema.pointer(&pointer(name)).and_then(|at| at["description"].as_str()).unwrap_or_default();
    text.to_owned()
}

/// Where the schema speaks of a field or a section.
fn pointer(name: &str) -> String {
    name.split('.').map(|key| format!("/properties/{key}")).collect()
}

fn plain(number: f64) -> String {
    if number != 0.0 && number.abs() < 1e-2 { format!("{number:e}") } else { number.to_string() }
}

fn short(path: &Path, home: Option<&Path>) -> String {
    match home.and_then(|home| path.strip_prefix(home).ok()) {
        Some(inside) => format!("~/{}", inside.display()),
        None => path.display().to_string(),
    }
}

/// Lines of at most [`WIDTH`] columns, each behind `indent`.
fn wrapped(text: &str, indent: &str) -> String {
    let mut out = String::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.is_empty() && indent.len() + line.chars().count() + 1 + word.chars().count() > WIDTH {
            out += &format!("{indent}{line}\n");
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line += word;
    }
    if !line.is_empty() {
        out += &format!("{indent}{line}\n");
    }
    out
}

fn unknown(wanted: &str) -> String {
    let last = wanted.rsplit('.').next().unwrap_or(wanted);
    let near: Vec<&str> = Policy::fields().iter().map(|f| f.name).filter(|name| name.contains(last)).collect();
    let hint = if near.is_empty() {
        "`stillyou policy explain` lists them all".to_owned()
    } else {
        format!("did you mean {}?", near.join(", "))
    };
    format!("the policy has no field or section `{wanted}`; {hint}")
}
