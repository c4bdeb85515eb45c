//! The problems of each operation: which codes it may answer with, under which status.
//!
//! What an operation takes tells most of them (a login, a JSON body, an id in its path); what its handler refuses
//! besides, the handler says: `extensions(("x-problems" = json!(["album_exists"])))`. That nothing is missing is found by
//! the tests: a reply whose code is not in the document fails them (`http::testing`).

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use utoipa::openapi::example::ExampleBuilder;
use utoipa::openapi::path::{Operation, ParameterIn};
use utoipa::openapi::schema::{AllOfBuilder, ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{Components, ContentBuilder, Ref, RefOr, Response, ResponseBuilder, SecurityRequirement};

pub(super) const MIME: &str = "application/problem+json";
const EXTENSION: &str = "x-problems";

/// A code with its status and what it means.
type Code = (&'static str, u16, &'static str);

const CODES: [Code; 40] = [
    ("bad_body", 400, "the body broke off"),
    ("bad_host", 400, "the request has no `Host`, or several"),
    ("bad_json", 400, "the body is not JSON"),
    ("bad_text", 400, "a text holds the character NUL"),
    ("bad_credentials", 401, "no account has this name and password"),
    ("unauthenticated", 401, "the login is missing or has ended"),
    ("account_disabled", 403, "an administrator has disabled the account"),
    ("banned", 403, "banned from the stage"),
    ("foreign_origin", 403, "a page of another origin may not act with this browser's cookie"),
    ("forbidden", 403, "it is there, and not for this user to do"),
    ("wrong_password", 403, "`current_password` is not the account's password"),
    ("invite_required", 403, "accounts are made with an invitation alone"),
    ("registration_closed", 403, "accounts are made by who runs the server"),
    ("not_found", 404, "it is not there, or not for this user to know of"),
    ("link_gone", 404, "the link lets nobody in: it is used up, has expired or was called back"),
    ("stage_not_found", 404, "there is no such stage, or none that this user may know of"),
    ("album_exists", 409, "the artist has an album of this title"),
    ("blocked", 409, "I have blocked this user"),
    ("email_taken", 409, "there is an account with this address"),
    ("has_account", 409, "who asks is logged in, and needs no link for guests"),
    ("last_admin", 409, "nobody would be left to administer the server"),
    ("limit_reached", 409, "as many as may be are there"),
    ("order_fixed", 409, "the stage puts its queue in order by itself"),
    ("too_many_waiting", 409, "as many of one's songs wait in the queue as may"),
    ("username_taken", 409, "another account has this name"),
    ("too_large", 413, "the body is larger than this operation takes"),
    ("unsupported_audio", 415, "not a sound file that can be kept; the detail says what to do"),
    ("unsupported_image", 415, "not a picture that can be kept"),
    ("unsupported_media_type", 415, "the body's content type is not what this operation takes"),
    ("unsupported_playlist", 415, "not a playlist that can be read"),
    ("no_such_range", 416, "the file has no such range; `Content-Range` tells its size"),
    ("misdirected", 421, "this server is not known by the name in `Host`"),
    ("invalid_field", 422, "fields are not as they must be; `errors` names them"),
    ("too_long", 422, "a text is longer than its limit"),
    ("rate_limited", 429, "too often; `Retry-After` says when to try again"),
    ("internal", 500, "a fault of the server's; it is logged there"),
    ("busy", 503, "too busy at this moment; nothing was done"),
    ("storage_unavailable", 503, "the database does not answer; nothing was done"),
    ("storage_full", 507, "the disk is full; nothing was done"),
    ("conflict", 409, "it has changed meanwhile"),
];

/// Says of an operation which problems it may answer with. Operations share the replies that are the same.
pub(super) fn describe(method: &str, path: &str, operation: &mut Operation, shared: &mut Components) {
    let mut codes = implied(method, path, operation);
    codes.extend(said(operation));
    let mut by_status: BTreeMap<u16, Vec<Code>> = BTreeMap::new();
    for code in CODES.into_iter().filter(|(name, ..)| codes.contains(*name)) {
        by_status.entry(code.1).or_default().push(code);
    }
    for (status, codes) in by_status {
        let name = codes.iter().map(|(name, ..)| camel(name)).collect::<Vec<_>>().join("Or");
        let reply = RefOr::Ref(Ref::from_response_name(&name));
        shared.responses.entry(name).or_insert_with(|| RefOr::T(response(&codes)));
        operation.responses.responses.insert(status.to_string(), reply);
    }
}

/// What the handler says; it leaves the document with this.
fn said(operation: &mut Operation) -> Vec<String> {
    let Some(extensions) = &mut operation.extensions else { return Vec::new() };
    let said = extensions.remove(EXTENSION).and_then(|list| serde_json::from_value(list).ok()).unwrap_or_default();
    if extensions.is_empty() {
        operation.extensions = None;
    }
    said
}

/// What follows from what the operation takes.
fn implied(method: &str, path: &str, operation: &Operation) -> BTreeSet<String> {
    let mut codes = vec!["bad_host", "misdirected", "rate_limited", "internal", "busy", "storage_unavailable"];
    if method != "get" {
        codes.extend(["foreign_origin", "storage_full"]);
    }
    if operation.security.is_some() {
        codes.push("unauthenticated");
        // To a guest, who may ask few things.
        if !operation.security.iter().flatten().any(is_nobodys) {
            codes.push("forbidden");
        }
    }
    let parameters = operation.parameters.iter().flatten().filter_map(plain).map(|p| &p.parameter_in);
    let (mut in_path, mut in_query) = (false, false);
    for place in parameters {
        in_path |= *place == ParameterIn::Path;
        in_query |= *place == ParameterIn::Query;
    }
    if in_path || in_query {
        codes.push("bad_text");
    }
    if in_path {
        codes.push("not_found");
    }
    if path.contains("/stages/{") {
        codes.extend(["stage_not_found", "banned"]);
    }
    if in_query {
        codes.push("invalid_field");
    }
    for (kind, _) in operation.request_body.iter().filter_map(plain).flat_map(|body| &body.content) {
        codes.extend(["bad_body", "too_large"]);
        codes.extend(match kind.as_str() {
            "application/json" => &["bad_json", "bad_text", "unsupported_media_type", "invalid_field"][..],
            "image/*" => &["unsupported_image"],
            _ => &[],
        });
    }
    codes.into_iter().map(str::to_owned).collect()
}

/// Whether it may be asked without a login.
fn is_nobodys(security: &SecurityRequirement) -> bool {
    *security == SecurityRequirement::default()
}

/// Handlers refer to nothing.
fn plain<T>(part: &RefOr<T>) -> Option<&T> {
    match part {
        RefOr::T(part) => Some(part),
        RefOr::Ref(_) => None,
    }
}

fn response(codes: &[Code]) -> Response {
    let text = codes.iter().map(|(name, _, meaning)| format!("`{name}`: {meaning}")).collect::<Vec<_>>().join("; ");
    let names = codes.iter().map(|(name, ..)| *name);
    let code = ObjectBuilder::new().schema_type(SchemaType::new(Type::String)).enum_values(Some(names));
    let schema = AllOfBuilder::new()
        .item(Ref::from_schema_name("Problem"))
        .item(ObjectBuilder::new().schema_type(SchemaType::new(Type::Object)).property("code", code));
    let examples = codes.iter().map(|code| (code.0, ExampleBuilder::new().value(Some(example(*code))).build()));
    let content = ContentBuilder::new().schema(Some(schema)).examples_from_iter(examples).build();
    ResponseBuilder::new().description(text).content(MIME, content).build()
}

fn example((code, status, meaning): Code) -> Value {
    let title = axum::http::StatusCode::from_u16(status).ok().and_then(|s| s.canonical_reason()).unwrap_or_default();
    json!({"type": "about:blank", "title": title, "status": status, "detail": meaning, "code": code})
}

/// `not_found` as `NotFound`.
fn camel(code: &str) -> String {
    let word = |word: &str| word[..1].to_ascii_uppercase() + &word[1..];
    code.split('_').map(word).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_that_handlers_name_is_known() {
        let mut document = crate::http::router::api().split_for_parts().1;
        let mut named = BTreeSet::new();
        for item in document.paths.paths.values_mut() {
            let operations = [&mut item.get, &mut item.put, &mut item.post, &mut item.patch, &mut item.delete];
            for operation in operations.into_iter().flatten() {
                named.extend(said(operation));
            }
        }
        assert!(named.len() > 5, "{named:?}");
        named.retain(|name| CODES.iter().all(|(code, ..)| code != name));
        assert_eq!(named, BTreeSet::new());
    }

    #[test]
    fn a_code_is_told_once() {
        let names: BTreeSet<&str> = CODES.iter().map(|(name, ..)| *name).collect();
        assert_eq!(names.len(), CODES.len());
        assert_eq!(camel("stage_not_found"), "StageNotFound");
    }
}
