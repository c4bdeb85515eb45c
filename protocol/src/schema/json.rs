//! JSON Schemas (draft 2020-12) of the two directions.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::Value;

use crate::{ClientFrame, ServerFrame};

/// The schema of what a client sends.
pub fn client_frame() -> Value {
    root::<ClientFrame>(SchemaSettings::draft2020_12().for_deserialize())
}

/// The schema of what the server sends.
pub fn server_frame() -> Value {
    root::<ServerFrame>(SchemaSettings::draft2020_12().for_serialize())
}

fn root<T: JsonSchema>(settings: SchemaSettings) -> Value {
    SchemaGenerator::new(settings).into_root_schema_for::<T>().to_value()
}

/// The alternatives of a tagged union's schema, each with its `type`.
pub fn alternatives(union: &Value) -> Vec<(String, Value)> {
    let all = union.get("oneOf").and_then(Value::as_array).cloned().unwrap_or_default();
    all.into_iter().filter_map(|one| Some((tag(&one)?, one))).collect()
}

fn tag(alternative: &Value) -> Option<String> {
    Some(alternative.pointer("/properties/type/const")?.as_str()?.to_owned())
}
