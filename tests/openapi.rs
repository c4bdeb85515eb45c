//! The committed OpenAPI document is what the handlers say of themselves today, so that a change of the surface shows in
//! review. `scripts/generate` writes it anew.

#![expect(clippy::unwrap_used, reason = "a failed assumption is a failed test")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn the_committed_document_is_fresh() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("protocol/openapi.json");
    let text = format!("{}\n", octave::http::document().to_pretty_json().unwrap());
    if std::env::var_os("OCTAVE_REGENERATE").is_some() {
        std::fs::write(&path, text).unwrap();
    } else {
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(committed == text, "protocol/openapi.json is stale; run scripts/generate and commit what it writes");
    }
}

/// The document has one flat list of schemas, in which the last type of a name would win.
#[test]
fn no_two_types_claim_one_schema_name() {
    let mut claimed: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    for file in sources() {
        for name in claims(&fs::read_to_string(&file).unwrap()) {
            claimed.entry(name).or_default().push(file.clone());
        }
    }
    let twice: Vec<_> = claimed.iter().filter(|(_, files)| files.len() > 1).collect();
    assert!(twice.is_empty(), "give each its own name with #[schema(as = …)]: {twice:#?}");

    // What the document holds and nobody was seen to claim would be a type that this test does not see.
    let document = serde_json::to_value(octave::http::document()).unwrap();
    let schemas = document["components"]["schemas"].as_object().unwrap().keys();
    let parts: BTreeSet<&str> = schemas.flat_map(|name| name.split('_')).collect();
    let unseen: Vec<_> = parts.into_iter().filter(|part| !claimed.contains_key(*part)).collect();
    assert_eq!(unseen, [""; 0]);
}

#[test]
fn the_names_that_types_claim_are_read_as_they_are_written() {
    let text = "#[derive(Debug, ToSchema)]\n#[schema(as = CreatePlaylist)]\nstruct New {\n#[derive(utoipa::ToSchema)]\n\
        pub(super) enum Sort {\nwire!(\n    #[derive(Copy)]\n    pub struct Song {\nid!(ArtistId);\nid!(\n    /// A song.\n\
        SongId\n);\n#[derive(Debug)]\nstruct Hidden;\n#[derive(ToSchema)]\n#[schema(as = Problem)]\npub(super) struct Body<'a> {";
    assert_eq!(claims(text), ["CreatePlaylist", "Sort", "Song", "ArtistId", "SongId", "Problem"]);
}

/// What generators of clients stumble over.
#[test]
fn references_lead_somewhere_and_operations_have_names_of_their_own() {
    let document = serde_json::to_value(octave::http::document()).unwrap();
    let mut targets = Vec::new();
    references(&document, &mut targets);
    assert!(targets.len() > 100, "only {}", targets.len());
    targets.retain(|target| document.pointer(target.trim_start_matches('#')).is_none());
    assert_eq!(targets, [""; 0]);
    let mut seen = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap().iter().filter(|(_, part)| part.is_object()) {
            assert!(operation["security"].is_array(), "{method} {path} says nothing of logins");
            let name = operation["operationId"].as_str().unwrap();
            assert!(seen.insert(name.to_owned()), "{name} twice");
        }
    }
}

fn references(value: &serde_json::Value, into: &mut Vec<String>) {
    match value {
        serde_json::Value::Object(fields) => {
            into.extend(fields.get("$ref").and_then(|target| Some(target.as_str()?.to_owned())));
            fields.values().for_each(|value| references(value, into));
        }
        serde_json::Value::Array(items) => items.iter().for_each(|value| references(value, into)),
        _ => {}
    }
}

/// The schema names of a file's types: of those that derive a schema, and of those that the protocol's macros make.
fn claims(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    // Of a type whose derives have been read and whose name has not.
    let (mut is_schema, mut alias) = (false, None);
    let mut in_ids = false;
    for line in text.lines().map(str::trim) {
        let derives = line.starts_with("#[") && line.contains("derive(") && line.contains("ToSchema");
        is_schema |= derives || line.starts_with("wire!(");
        in_ids |= line.starts_with("id!(");
        if let Some(name) = line.strip_prefix("#[schema(as = ").and_then(|rest| rest.split([')', ',']).next()) {
            alias = Some(name.to_owned());
        }
        let name = match line.strip_prefix("id!(") {
            Some(rest) => identifier(rest),
            None if in_ids => identifier(line),
            None => ["struct ", "enum "].iter().find_map(|word| identifier(line.split_once(word)?.1)),
        };
        match name {
            Some(name) if in_ids => {
                found.push(name);
                in_ids = false;
            }
            Some(name) if !line.starts_with("//") => {
                found.extend(is_schema.then(|| alias.take().unwrap_or(name)));
                (is_schema, alias) = (false, None);
            }
            _ => {}
        }
    }
    found
}

/// The name of a type at the beginning of a text.
fn identifier(text: &str) -> Option<String> {
    let name: String = text.chars().take_while(|c| c.is_alphanumeric()).collect();
    name.starts_with(char::is_uppercase).then_some(name)
}

/// What may hold types of the document.
fn sources() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![root.join("src"), root.join("protocol/src")];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let (inner, outer): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
        folders.extend(inner);
        files.extend(outer.into_iter().filter(|path| path.extension().is_some_and(|e| e == "rs")));
    }
    files
}
