//! Errors as RFC 9457 problems: `application/problem+json` with a stable `code`.
//!
//! The one error type at the edge. What went wrong inside is logged here, once, and never leaves the process.

use std::borrow::Cow;
use std::time::Duration;

use axum::Json;
use axum::http::header::{CONTENT_RANGE, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use octave_protocol::ErrorCode;
use serde::Serialize;
use utoipa::ToSchema;

use crate::base::name::NoName;
use crate::stage::handle::Refused;
use crate::stage::registry::NoStage;
use crate::store::StoreError;

/// After this a client may ask again when the database did not answer.
const DATABASE_PAUSE: Duration = Duration::from_secs(1);

/// What a request ends with when it does not end well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    status: StatusCode,
    code: &'static str,
    detail: Cow<'static, str>,
    errors: Vec<FieldError>,
    retry_after: Option<Duration>,
    /// The size of what has no such range, as `Content-Range` says it.
    size: Option<Box<HeaderValue>>,
}

/// A field that is not as it must be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldError {
    pub field: Cow<'static, str>,
    pub message: Cow<'static, str>,
}

impl FieldError {
    pub fn new(field: impl Into<Cow<'static, str>>, message: impl Into<Cow<'static, str>>) -> Self {
        Self { field: field.into(), message: message.into() }
    }
}

/// The body of every error reply.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct Body<'a> {
    /// Always `about:blank`: `code` tells more than a URI would.
    #[schema(example = "about:blank")]
    r#type: &'static str,
    /// The status in words.
    title: &'a str,
    status: u16,
    /// For people; may change.
    detail: &'a str,
    /// For programs; stable.
    #[schema(example = "not_found")]
    code: &'a str,
    /// The fields that are not as they must be.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    #[schema(required = false)]
    errors: &'a [FieldError],
}

impl Problem {
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { status, code, detail: detail.into(), errors: Vec::new(), retry_after: None, size: None }
    }

    /// 422: fields are not as they must be.
    pub fn invalid(errors: Vec<FieldError>) -> Self {
        let detail = errors.first().map_or_else(
            || Cow::Borrowed("a field is not as it must be"),
            |e| if e.field.is_empty() { e.message.clone() } else { format!("{}: {}", e.field, e.message).into() },
        );
        Self { errors, ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_field", detail) }
    }

    /// 422 for one field.
    pub fn invalid_field(field: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self::invalid(vec![FieldError::new(field, message)])
    }

    /// 422 as well: what stands in the field is no name.
    pub fn no_name(field: &'static str, why: NoName) -> Self {
        Self::invalid_field(field, why.to_string())
    }

    /// 401: no login, or one that has ended.
    pub fn unauthenticated() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthenticated", "log in first: the login is missing or has ended")
    }

    /// 403: it is there, and may not be done by this user.
    pub fn forbidden(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", detail)
    }

    /// 404: not there, or not for this user to know of.
    pub fn not_found(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", detail)
    }

    pub fn conflict(code: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::CONFLICT, code, detail)
    }

    /// 429: too often.
    pub fn rate_limited(wait: octave_protocol::Duration) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, "rate_limited", "too many requests; try again later")
            .after(wait.to_std())
    }

    /// 416: there is no such range of a file.
    pub fn no_range(size: Option<&HeaderValue>) -> Self {
        let problem = Self::new(StatusCode::RANGE_NOT_SATISFIABLE, "no_such_range", "the file has no such range");
        Self { size: size.cloned().map(Box::new), ..problem }
    }

    /// 503: nothing was done, and the same request may work in a moment.
    pub fn busy() -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "the server is too busy at this moment")
            .after(DATABASE_PAUSE)
    }

    /// 400: not all of the body has come.
    pub fn broken_off() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad_body", "the body broke off")
    }

    /// 400: a text with a NUL in it, which PostgreSQL keeps nowhere.
    pub fn unstorable_text() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad_text", "a text must not hold the character NUL")
    }

    /// A file could not be written: 507 when there is no room, 503 when it may work in a moment.
    pub fn unwritten(error: &std::io::Error) -> Self {
        use std::io::ErrorKind as E;
        tracing::error!(%error, "a file could not be written");
        match error.kind() {
            E::StorageFull | E::QuotaExceeded | E::FileTooLarge | E::ReadOnlyFilesystem => {
                Self::new(StatusCode::INSUFFICIENT_STORAGE, "storage_full", "the disk is full; nothing was kept")
            }
            _ => {
                let detail = "the place of the files does not take it at this moment; nothing was kept";
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "storage_unavailable", detail).after(DATABASE_PAUSE)
            }
        }
    }

    /// 503: where files are kept does not answer; in a while it may.
    pub fn no_files() -> Self {
        let detail = "the place of the files does not answer";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "storage_unavailable", detail).after(DATABASE_PAUSE)
    }

    pub fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "a fault of the server's; it is logged there")
    }

    #[must_use]
    pub fn after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    pub fn status(&self) -> StatusCode {
        self.status
    }

    pub fn code(&self) -> &'static str {
        self.code
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = Body {
            r#type: "about:blank",
            title: self.status.canonical_reason().unwrap_or("Error"),
            status: self.status.as_u16(),
            detail: &self.detail,
            code: self.code,
            errors: &self.errors,
        };
        let mut response = (self.status, Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(wait) = self.retry_after {
            // Whole seconds, rounded up, so that a client that waits so long is let in.
            headers.insert(RETRY_AFTER, HeaderValue::from(wait.as_secs() + u64::from(wait.subsec_nanos() > 0)));
        }
        if let Some(size) = self.size {
            headers.insert(CONTENT_RANGE, *size);
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Full(_) => {
                tracing::error!(%error, "the database refuses to write");
                Self::new(StatusCode::INSUFFICIENT_STORAGE, "storage_full", "the disk is full; nothing was done")
            }
            StoreError::Unavailable(_) => {
                tracing::error!(%error, "the database does not answer");
                let detail = "the database does not answer; nothing was acknowledged";
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "storage_unavailable", detail).after(DATABASE_PAUSE)
            }
            StoreError::Text(_) => {
                tracing::warn!(%error, "a text that the database can't keep came in");
                Self::unstorable_text()
            }
            error => {
                tracing::error!(%error, "a statement failed");
                Self::internal()
            }
        }
    }
}

impl From<NoStage> for Problem {
    fn from(none: NoStage) -> Self {
        match none {
            NoStage::NotFound => Self::new(StatusCode::NOT_FOUND, "stage_not_found", "there is no such stage"),
            NoStage::Full => {
                Self::new(StatusCode::INSUFFICIENT_STORAGE, "storage_full", "the disk is full; nothing was done")
            }
            NoStage::Unavailable => {
                let detail = "the database does not answer; nothing was acknowledged";
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "storage_unavailable", detail).after(DATABASE_PAUSE)
            }
        }
    }
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        let (status, code) = of_code(refused.code);
        let problem = Self::new(status, code, refused.detail);
        if status == StatusCode::SERVICE_UNAVAILABLE { problem.after(DATABASE_PAUSE) } else { problem }
    }
}

/// The status and the name of a code that the wire has too.
fn of_code(code: ErrorCode) -> (StatusCode, &'static str) {
    match code {
        ErrorCode::BadJson => (StatusCode::BAD_REQUEST, "bad_json"),
        ErrorCode::UnknownType => (StatusCode::BAD_REQUEST, "unknown_type"),
        ErrorCode::InvalidField => (StatusCode::UNPROCESSABLE_ENTITY, "invalid_field"),
        ErrorCode::TooLong => (StatusCode::UNPROCESSABLE_ENTITY, "too_long"),
        ErrorCode::Unauthenticated => (StatusCode::UNAUTHORIZED, "unauthenticated"),
        ErrorCode::StageNotFound | ErrorCode::StageEnded => (StatusCode::NOT_FOUND, "stage_not_found"),
        ErrorCode::NotFound => (StatusCode::NOT_FOUND, "not_found"),
        ErrorCode::NotJoined => (StatusCode::CONFLICT, "not_joined"),
        ErrorCode::Forbidden => (StatusCode::FORBIDDEN, "forbidden"),
        ErrorCode::Banned => (StatusCode::FORBIDDEN, "banned"),
        ErrorCode::InviteRequired => (StatusCode::FORBIDDEN, "invite_required"),
        ErrorCode::Conflict => (StatusCode::CONFLICT, "conflict"),
        ErrorCode::RateLimited => (StatusCode::TOO_MANY_REQUESTS, "rate_limited"),
        ErrorCode::LimitReached => (StatusCode::CONFLICT, "limit_reached"),
        ErrorCode::TooManyWaiting => (StatusCode::CONFLICT, "too_many_waiting"),
        ErrorCode::OrderFixed => (StatusCode::CONFLICT, "order_fixed"),
        ErrorCode::Busy => (StatusCode::SERVICE_UNAVAILABLE, "busy"),
        ErrorCode::StorageFull => (StatusCode::INSUFFICIENT_STORAGE, "storage_full"),
        ErrorCode::StorageUnavailable => (StatusCode::SERVICE_UNAVAILABLE, "storage_unavailable"),
        ErrorCode::StageUnreachable => (StatusCode::SERVICE_UNAVAILABLE, "stage_unreachable"),
        ErrorCode::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "internal"),
    }
}
