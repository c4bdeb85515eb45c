//! The OpenAPI document as the judge of every exchange of the tests: what the suite sends and gets must be what the
//! document says, to the field. So it can't lie, and can't leave anything out that a test has seen.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use jsonschema::Validator;
use serde_json::{Map, Value, json};

use super::Reply;

/// What does not stand among the operations.
const UNLISTED: [&str; 3] = ["/api/v1/openapi.json", "/api/v1/asyncapi.json", "/api/v1/docs"];

/// A request as it was sent.
pub(super) struct Sent {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

/// Fails the test if the document does not foresee this exchange.
pub(super) fn judge(sent: &Sent, reply: &Reply) {
    if !sent.path.starts_with("/api/v1/") || UNLISTED.iter().any(|path| sent.path.starts_with(path)) {
        return;
    }
    let said = format!("{} {}: {}", sent.method, sent.path, reply.status);
    let Some((template, operation)) = operation(sent) else {
        assert!([404, 405].contains(&reply.status), "{said}, but no such operation is documented");
        return;
    };
    let pointer = ["paths", &template, &verb(sent)].map(escape).join("/");
    if (200..300).contains(&reply.status) && !sent.body.is_empty() && kind(&sent.headers) == "application/json" {
        let content = &operation["requestBody"]["content"]["application/json"];
        // Where nothing is taken, an empty object may be sent all the same.
        if content.is_null() {
            assert_eq!(sent.body, b"{}", "{said}, but no JSON body is documented");
        } else {
            let at = format!("{pointer}/requestBody/content/application~1json/schema");
            check(&at, &without_unknown(&sent.body), &format!("{said}: the request"));
        }
    }
    let documented = &operation["responses"][reply.status.to_string()];
    assert!(!documented.is_null(), "{said} is not documented: {}", String::from_utf8_lossy(&reply.bytes));
    let (documented, at) = match documented["$ref"].as_str() {
        Some(target) => (DOCUMENT.pointer(&target[1..]).expect("a reference leads somewhere"), target[2..].to_owned()),
        None => (documented, format!("{pointer}/responses/{}", reply.status)),
    };
    if reply.bytes.is_empty() {
        return;
    }
    let kind = kind(&reply.headers);
    let content = documented["content"].as_object().cloned().unwrap_or_default();
    let named = content.keys().find(|named| fits(named, kind));
    let named = named.unwrap_or_else(|| panic!("{said} came as {kind:?}, documented is {:?}", content.keys()));
    if kind.ends_with("json") {
        let at = format!("{at}/content/{}/schema", escape(named));
        check(&at, &reply.bytes, &format!("{said}: the reply"));
    }
}

static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::to_value(crate::http::document()).expect("a document is JSON"));

/// The operation that a request means, with its path as the document writes it.
fn operation(sent: &Sent) -> Option<(String, &'static Value)> {
    let path = sent.path.split('?').next()?;
    let fits = |template: &str| {
        let (a, b): (Vec<&str>, Vec<&str>) = (template.split('/').collect(), path.split('/').collect());
        a.len() == b.len() && a.iter().zip(&b).all(|(a, b)| a == b || (a.starts_with('{') && !b.is_empty()))
    };
    let paths = DOCUMENT["paths"].as_object()?;
    // A word goes before a parameter.
    let template = paths.keys().filter(|t| fits(t)).min_by_key(|t| t.matches('{').count())?;
    let operation = &paths[template][verb(sent)];
    (!operation.is_null()).then(|| (template.clone(), operation))
}

/// As the document writes it. `HEAD` is `GET` without the body.
fn verb(sent: &Sent) -> String {
    if sent.method == "HEAD" { "get".into() } else { sent.method.to_lowercase() }
}

fn check(at: &str, body: &[u8], what: &str) {
    let value: Value = serde_json::from_slice(body).unwrap_or_else(|e| panic!("{what} is no JSON: {e}"));
    let validator = validator(at);
    let errors: Vec<String> =
        validator.iter_errors(&value).map(|e| format!("{}: {e}", e.instance_path())).take(5).collect();
    assert!(errors.is_empty(), "{what} is not as documented: {errors:#?}\n{value:#}");
}

/// The validator of the schema at this place; built once.
fn validator(at: &str) -> Arc<Validator> {
    static BUILT: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);
    let mut built = BUILT.lock().unwrap_or_else(PoisonError::into_inner);
    let validator = built.entry(at.to_owned()).or_insert_with(|| {
        let schema = DOCUMENT.pointer(&format!("/{at}")).expect("a schema stands there");
        let mut root = strict(schema);
        root["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
        root["components"] = DOCUMENT["components"].clone();
        let schemas = DOCUMENT["components"]["schemas"].as_object().cloned().unwrap_or_default();
        root["strict"] =
            schemas.iter().map(|(name, schema)| (name.clone(), strict(schema))).collect::<Map<_, _>>().into();
        Arc::new(jsonschema::validator_for(&root).unwrap_or_else(|e| panic!("{at}: {e}")))
    });
    validator.clone()
}

/// A schema that admits the documented fields alone. Parts of an `allOf` admit one another's, so only the whole is strict.
fn strict(schema: &Value) -> Value {
    let Value::Object(fields) = schema else { return schema.clone() };
    let mut out = Map::new();
    for (key, value) in fields {
        let value = match (key.as_str(), value) {
            ("$ref", Value::String(target)) => target.replace("#/components/schemas/", "#/strict/").into(),
            ("allOf", Value::Array(parts)) => parts.iter().map(within).collect(),
            ("oneOf" | "anyOf" | "prefixItems", Value::Array(parts)) => parts.iter().map(strict).collect(),
            ("items" | "additionalProperties", value) => strict(value),
            ("properties", Value::Object(all)) => {
                all.iter().map(|(name, one)| (name.clone(), strict(one))).collect::<Map<_, _>>().into()
            }
            (_, value) => value.clone(),
        };
        out.insert(key.clone(), value);
    }
    let is_open = out.contains_key("additionalProperties");
    if !is_open && (out.contains_key("properties") || out.contains_key("allOf")) {
        out.insert("unevaluatedProperties".into(), false.into());
    }
    out.into()
}

/// A part of an `allOf`.
fn within(part: &Value) -> Value {
    if part.get("$ref").is_some() {
        return part.clone();
    }
    let mut part = strict(part);
    if let Value::Object(fields) = &mut part {
        fields.remove("unevaluatedProperties");
    }
    part
}

/// Without the field by which tests see that what is not known is ignored.
fn without_unknown(body: &[u8]) -> Vec<u8> {
    let mut body: Value = serde_json::from_slice(body).unwrap_or_default();
    if let Value::Object(fields) = &mut body {
        fields.remove("unknown");
    }
    body.to_string().into()
}

/// Without parameters.
fn kind(headers: &HeaderMap) -> &str {
    let kind = headers.get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim()
}

fn fits(named: &str, kind: &str) -> bool {
    named == kind || named.strip_suffix('*').is_some_and(|family| kind.starts_with(family))
}

/// A key within a JSON pointer.
fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(method: &str, path: &str, body: &str) -> Sent {
        let headers = HeaderMap::from_iter([(CONTENT_TYPE, "application/json".parse().unwrap())]);
        Sent { method: method.into(), path: path.into(), headers, body: body.into() }
    }

    fn reply(status: u16, kind: &str, body: &Value) -> Reply {
        let headers = HeaderMap::from_iter([(CONTENT_TYPE, kind.parse().unwrap())]);
        Reply { said: String::new(), status, headers, bytes: body.to_string().into(), body: body.clone() }
    }

    fn is_refused(sent: &Sent, reply: &Reply) -> bool {
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| judge(sent, reply))).is_err()
    }

    #[test]
    fn what_is_not_documented_is_refused() {
        let get = sent("GET", "/api/v1/genres/Jazz?x=1", "");
        let mut genre = json!({"name": "Jazz", "songs_count": 1, "live_stages_count": 0, "live_stages": []});
        judge(&get, &reply(200, "application/json", &genre));
        assert!(is_refused(&get, &reply(200, "text/plain", &genre)), "another kind");
        assert!(is_refused(&get, &reply(201, "application/json", &genre)), "another status");
        genre["songs_count"] = "1".into();
        assert!(is_refused(&get, &reply(200, "application/json", &genre)), "a field of another type");
        genre["songs_count"] = 1.into();
        genre["more"] = 1.into();
        assert!(is_refused(&get, &reply(200, "application/json", &genre)), "a further field");
        genre.as_object_mut().unwrap().retain(|name, _| name == "name");
        assert!(is_refused(&get, &reply(200, "application/json", &genre)), "a field that is missing");

        let problem = |code| json!({"type": "about:blank", "title": "x", "status": 404, "detail": "x", "code": code});
        judge(&get, &reply(404, "application/problem+json", &problem("not_found")));
        assert!(is_refused(&get, &reply(404, "application/problem+json", &problem("gone"))), "another code");
        assert!(is_refused(&sent("GET", "/api/v1/gen", ""), &reply(200, "application/json", &genre)), "no operation");

        let add = "/api/v1/playlists/7/songs";
        let done = reply(201, "application/json", &json!({"entry": 5}));
        judge(&sent("POST", add, "{\"song_id\": 3}"), &done);
        assert!(is_refused(&sent("POST", add, "{\"song_id\": 3, \"place\": 1}"), &done), "a request's further field");
    }
}
