//! The committed schemas, specification and types are what the protocol's types say today.
//!
//! `OCTAVE_REGENERATE=1 cargo test -p octave-protocol --features schema --test generated` (or `scripts/generate`)
//! writes them anew.

use std::path::Path;

use octave_protocol::schema;

#[test]
fn generated_files_are_fresh() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let regenerate = std::env::var_os("OCTAVE_REGENERATE").is_some();
    let mut stale = Vec::new();
    for file in schema::files() {
        let path = root.join(file.path);
        if std::fs::read_to_string(&path).is_ok_and(|committed| committed == file.text) {
            continue;
        }
        if regenerate {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, file.text).unwrap();
        } else {
            stale.push(file.path);
        }
    }
    assert!(stale.is_empty(), "stale: {stale:?}; run scripts/generate and commit what it writes");
}

#[test]
fn every_reference_of_the_specification_leads_somewhere() {
    let document = schema::asyncapi::document();
    let mut targets = Vec::new();
    collect_references(&document, &mut targets);
    assert!(targets.len() > 50, "only {} references", targets.len());
    for target in targets {
        let pointer = target.trim_start_matches('#');
        assert!(document.pointer(pointer).is_some(), "{target} leads nowhere");
    }
}

fn collect_references(value: &serde_json::Value, into: &mut Vec<String>) {
    match value {
        serde_json::Value::Object(fields) => {
            into.extend(fields.get("$ref").and_then(|r| r.as_str()).map(str::to_owned));
            fields.values().for_each(|v| collect_references(v, into));
        }
        serde_json::Value::Array(items) => items.iter().for_each(|v| collect_references(v, into)),
        _ => {}
    }
}
