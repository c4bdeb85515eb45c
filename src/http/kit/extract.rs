//! What a handler takes from a request; whatever does not fit becomes a [`Problem`].

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use octave_protocol::client::holds_nul;
use serde::de::DeserializeOwned;

use super::problem::{FieldError, Problem};

pub use super::identity::{CurrentUser, MaybeUser, Peer};

/// A JSON body; none at all is `{}`. 415 without its content type, 413 when too large, 400 `bad_json` or `bad_text`, 422
/// with the field that is wrong.
#[derive(Debug)]
pub struct ApiJson<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for ApiJson<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let said_json = is_json(request.headers());
        let body = Bytes::from_request(request, state).await.map_err(|e| unreadable(&e))?;
        if !said_json && !body.is_empty() {
            let detail = "send JSON, with `Content-Type: application/json`";
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", detail));
        }
        let body = if body.is_empty() { Bytes::from_static(b"{}") } else { body };
        if str::from_utf8(&body).is_ok_and(holds_nul) {
            return Err(Problem::unstorable_text());
        }
        let mut json = serde_json::Deserializer::from_slice(&body);
        let value = serde_path_to_error::deserialize(&mut json).map_err(|e| {
            let path = e.path().to_string();
            match serde_json::from_slice::<serde::de::IgnoredAny>(&body) {
                Err(error) => bad_json(&error),
                // serde_json calls a value that can't be a variant a syntax error.
                Ok(_) if e.inner().is_syntax() => wrong(&path, "is of the wrong kind"),
                Ok(_) => wrong(&path, &e.inner().to_string()),
            }
        })?;
        json.end().map_err(|e| bad_json(&e))?;
        Ok(Self(value))
    }
}

/// The query string; 422 with the parameter that is wrong.
#[derive(Debug)]
pub struct ApiQuery<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for ApiQuery<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Ok(Self(query(parts)?))
    }
}

pub(crate) fn query<T: DeserializeOwned>(parts: &Parts) -> Result<T, Problem> {
    no_nul(parts.uri.query().unwrap_or_default())?;
    let pairs = serde_urlencoded::Deserializer::new(form(parts.uri.query().unwrap_or_default()));
    serde_path_to_error::deserialize(pairs).map_err(|e| wrong(&e.path().to_string(), &e.inner().to_string()))
}

/// 400 for a part of an address in which a NUL is written. Like the one in a body, it would be refused by one database and
/// kept by the other.
fn no_nul(part: &str) -> Result<(), Problem> {
    if part.contains("%00") { Err(Problem::unstorable_text()) } else { Ok(()) }
}

fn form(query: &str) -> form_urlencoded::Parse<'_> {
    form_urlencoded::parse(query.as_bytes())
}

/// Parts of the path. What can't be an id names nothing: 404.
#[derive(Debug)]
pub struct ApiPath<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for ApiPath<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        no_nul(parts.uri.path())?;
        let found = Path::from_request_parts(parts, state).await;
        found.map(|Path(value)| Self(value)).map_err(|_| Problem::not_found("there is nothing at this path"))
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let value = headers.get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let essence = value.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
        || (essence.len() > 5 && essence.to_ascii_lowercase().ends_with("+json"))
}

fn bad_json(error: &serde_json::Error) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "bad_json", format!("not JSON: {error}"))
}

/// Too large, or broken off.
pub(crate) fn unreadable(error: &BytesRejection) -> Problem {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", "the body is larger than this operation takes")
    } else {
        Problem::broken_off()
    }
}

/// A value that does not fit, said with the field's name alone and without positions.
fn wrong(path: &str, message: &str) -> Problem {
    let message = message.split(" at line ").next().unwrap_or(message);
    let missing = message.strip_prefix("missing field `").and_then(|rest| rest.strip_suffix('`'));
    let (field, message) = match missing {
        Some(field) if path == "." => (field.to_owned(), "is missing".to_owned()),
        Some(field) => (format!("{path}.{field}"), "is missing".to_owned()),
        None if path == "." => (String::new(), message.to_owned()),
        None => (path.to_owned(), message.to_owned()),
    };
    Problem::invalid(vec![FieldError::new(field, message)])
}
