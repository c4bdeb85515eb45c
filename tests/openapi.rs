//! The committed OpenAPI document is what the handlers say of themselves today, so that a change of the surface shows in
//! review. `scripts/generate` writes it anew.

use std::path::Path;

#[test]
fn the_committed_document_is_fresh() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("protocol/openapi.json");
    let text = format!("{}\n", octave::http::openapi::document().to_pretty_json().unwrap());
    if std::env::var_os("OCTAVE_REGENERATE").is_some() {
        std::fs::write(&path, text).unwrap();
    } else {
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(committed == text, "protocol/openapi.json is stale; run scripts/generate and commit what it writes");
    }
}
