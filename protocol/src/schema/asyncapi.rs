//! The `AsyncAPI` 3 document: one channel (`/ws`), a message per frame type, an operation per request with its answers.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};

use super::json::alternatives;
use crate::{ClientFrame, MAX_FRAME_BYTES, SUBPROTOCOL, ServerFrame};

const DESCRIPTION: &str = "Everything that happens in a stage, live. Connect to `/ws` with the subprotocol \
    `octave.v1.json`; every text frame is one JSON object. Requests carry an integer `id` of the client's choice and get \
    exactly one answer with the same number as `re`. Sequenced events carry `seq`, which rises by exactly one in a stage; \
    a client that returns with the last `epoch` and `seq` it saw gets exactly what it missed. Instants are microseconds \
    since the Unix epoch, durations and positions microseconds. Unknown fields are ignored by both sides.";

/// Why the server closes a connection, for the channel's description.
const CLOSE_CODES: &str = "Close codes: 1000, 1001, 1008 flood or foreign origin, 1009 frame too large, 1011 internal, \
    1012 restart (reconnect after a random delay), 1013 try later, 4400 bad frame, 4401 not authenticated, 4403 banned, \
    4408 too slow (resume works), 4409 session revoked.";

/// The document.
pub fn document() -> Value {
    let mut schemas = Map::new();
    let client = messages::<ClientFrame>(&mut schemas, SchemaSettings::draft07().for_deserialize(), "client");
    let server = messages::<ServerFrame>(&mut schemas, SchemaSettings::draft07().for_serialize(), "server");
    let operations = operations(&client, &server);
    let all: Map<String, Value> = client.into_iter().chain(server).collect();
    json!({
        "asyncapi": "3.0.0",
        "info": { "title": "Octave", "version": env!("CARGO_PKG_VERSION"), "description": DESCRIPTION },
        "defaultContentType": "application/json",
        "servers": { "local": { "host": "127.0.0.1:8080", "protocol": "ws", "description": "where `octave` listens by default" } },
        "channels": { "socket": {
            "address": "/ws",
            "description": CLOSE_CODES,
            "messages": all.keys().map(|k| (k.clone(), reference(&format!("#/components/messages/{k}")))).collect::<Map<_, _>>(),
            "bindings": { "ws": { "method": "GET", "headers": { "type": "object", "properties": {
                "Sec-WebSocket-Protocol": { "const": SUBPROTOCOL } } } } },
            "x-max-frame-bytes": MAX_FRAME_BYTES,
        } },
        "operations": operations,
        "components": { "messages": all, "schemas": schemas },
    })
}

/// The messages of one direction, named `client.chat` or `server.chat`; types they share go to `schemas`.
fn messages<T: JsonSchema>(
    schemas: &mut Map<String, Value>,
    mut settings: SchemaSettings,
    side: &str,
) -> Map<String, Value> {
    settings.definitions_path = format!("/components/schemas/{side}").into();
    settings.meta_schema = None;
    let mut generator = SchemaGenerator::new(settings);
    let union = T::json_schema(&mut generator).to_value();
    for (name, schema) in generator.take_definitions(true) {
        schemas.insert(format!("{side}.{name}"), schema);
    }
    let mut found: Map<String, Value> = alternatives(&union)
        .into_iter()
        .map(|(tag, payload)| {
            let mut message = json!({ "name": tag, "payload": payload });
            if let Some(text) = message.pointer("/payload/description").cloned() {
                message["summary"] = text;
            }
            (format!("{side}.{tag}"), message)
        })
        .collect();
    for value in found.values_mut().chain(schemas.values_mut()) {
        flatten_references(value, side);
    }
    found
}

/// `#/components/schemas/client/User` becomes `#/components/schemas/client.User`: the document has one flat list.
fn flatten_references(value: &mut Value, side: &str) {
    match value {
        Value::Object(fields) => {
            if let Some(Value::String(target)) = fields.get_mut("$ref") {
                *target = target.replace(&format!("/schemas/{side}/"), &format!("/schemas/{side}."));
            }
            fields.values_mut().for_each(|v| flatten_references(v, side));
        }
        Value::Array(items) => items.iter_mut().for_each(|v| flatten_references(v, side)),
        _ => {}
    }
}

fn operations(client: &Map<String, Value>, server: &Map<String, Value>) -> Map<String, Value> {
    let channel = reference("#/channels/socket");
    let message = |name: &str| reference(&format!("#/channels/socket/messages/{name}"));
    let mut operations = Map::new();
    for (name, definition) in client {
        let tag = name.trim_start_matches("client.");
        let mut operation = json!({ "action": "receive", "channel": channel, "messages": [message(name)] });
        if let Some(answer) = answer_to(tag, definition) {
            let answers = [message(&format!("server.{answer}")), message("server.error")];
            operation["reply"] = json!({ "channel": channel, "messages": answers });
        }
        operations.insert(tag.to_owned(), operation);
    }
    let events: Vec<Value> = server.iter().filter(|(_, m)| !is_answer(m)).map(|(name, _)| message(name)).collect();
    operations.insert("events".into(), json!({ "action": "send", "channel": channel, "messages": events }));
    operations
}

/// The reply of its own that a request gets when all is well; none for what is not answered.
fn answer_to(tag: &str, definition: &Value) -> Option<&'static str> {
    match tag {
        "hello" => Some("welcome"),
        "ping" => Some("pong"),
        "join" => Some("joined"),
        "chat" => Some("ack"),
        _ => definition.pointer("/payload/properties/id").map(|_| "ok"),
    }
}

fn is_answer(message: &Value) -> bool {
    message.pointer("/payload/properties/re").is_some()
}

fn reference(target: &str) -> Value {
    json!({ "$ref": target })
}
