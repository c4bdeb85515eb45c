//! What is generated from the protocol's types, for clients in other languages.
//!
//! The files are committed; `tests/generated.rs` fails when they are stale, and writes them anew when told to.

pub mod asyncapi;
pub mod json;
pub mod typescript;

/// A generated file: its path from the repository's root, and what it must contain.
#[derive(Debug)]
pub struct Generated {
    pub path: &'static str,
    pub text: String,
}

/// Every generated file.
pub fn files() -> Vec<Generated> {
    vec![
        Generated { path: "protocol/asyncapi.json", text: pretty(&asyncapi::document()) },
        Generated { path: "protocol/schema/client-frame.json", text: pretty(&json::client_frame()) },
        Generated { path: "protocol/schema/server-frame.json", text: pretty(&json::server_frame()) },
        Generated { path: "web/src/protocol/gen.ts", text: typescript::module() },
    ]
}

fn pretty(value: &serde_json::Value) -> String {
    format!("{value:#}\n")
}
