//! The OpenAPI document: what the handlers say of themselves, framed and completed.

mod problems;

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Router;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;
use axum::routing::{MethodRouter, get};
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ContentBuilder, OpenApi, Ref, RefOr, ResponseBuilder, Tag};
use utoipa::{Modify, OpenApi as _};

use super::identity::COOKIE_NAME;
use super::problem::{Body, FieldError};
use crate::http::kit::state::AppState;

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Octave",
        description = "Stages where everyone hears the same moment of the same song. Instants are integer \
            microseconds since the Unix epoch (`*_us`), durations and positions integer microseconds. Live events come \
            over the WebSocket at `/ws`: see `/api/v1/asyncapi.json`.",
        license(name = "AGPL-3.0-or-later", identifier = "AGPL-3.0-or-later"),
    ),
    servers((url = "/", description = "this server")),
    components(schemas(Body<'static>, FieldError)),
    modifiers(&Logins),
)]
struct Frame;

/// The document before the operations are in it.
pub(crate) fn frame() -> OpenApi {
    Frame::openapi()
}

/// Answers `/openapi.json` and `/asyncapi.json`.
pub(crate) fn serve(document: OpenApi) -> Router<AppState> {
    let http = complete(document).to_json().unwrap_or_default().into();
    let live = octave_protocol::ASYNCAPI.into();
    Router::new().route("/openapi.json", specification(http)).route("/asyncapi.json", specification(live))
}

fn specification(text: Arc<str>) -> MethodRouter<AppState> {
    get(move || {
        let headers = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-cache")];
        std::future::ready((headers, text.to_string()).into_response())
    })
}

/// The two ways to be known.
struct Logins;

impl Modify for Logins {
    fn modify(&self, document: &mut OpenApi) {
        let components = document.components.get_or_insert_default();
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
        let cookie = ApiKey::Cookie(ApiKeyValue::new(COOKIE_NAME));
        components.add_security_scheme("cookie", SecurityScheme::ApiKey(cookie));
    }
}

/// Paths from the root, and the problems that operations may answer with.
pub(crate) fn complete(mut document: OpenApi) -> OpenApi {
    let paths = std::mem::take(&mut document.paths.paths);
    let mut tags = BTreeSet::new();
    for (path, mut item) in paths {
        let path = if path.starts_with("/api/") { path } else { format!("/api/v1{path}") };
        let shared = document.components.get_or_insert_default();
        let operations = [
            ("get", &mut item.get),
            ("put", &mut item.put),
            ("post", &mut item.post),
            ("patch", &mut item.patch),
            ("delete", &mut item.delete),
        ];
        for (method, operation) in operations {
            if let Some(operation) = operation {
                operation.operation_id = Some(name(method, &path));
                problems::describe(method, &path, operation, shared);
                add_problem(operation);
                tags.extend(operation.tags.iter().flatten().cloned());
                // Said, not left out: no login is needed.
                operation.security.get_or_insert_default();
            }
        }
        document.paths.paths.insert(path, item);
    }
    document.tags = Some(tags.into_iter().map(Tag::new).collect());
    document
}

/// `get_stages_id_bans`: every generator of clients wants a name of its own for each operation.
fn name(method: &str, path: &str) -> String {
    let parts = path.trim_start_matches("/api/v1/").split('/').map(|part| part.trim_matches(['{', '}']));
    parts.fold(method.to_owned(), |name, part| name + "_" + part)
}

/// Whatever else an operation ends with, it is a problem too.
fn add_problem(operation: &mut Operation) {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    let problem = ResponseBuilder::new().description("What went wrong").content(problems::MIME, content).build();
    operation.responses.responses.entry("default".to_owned()).or_insert_with(|| RefOr::T(problem));
}
