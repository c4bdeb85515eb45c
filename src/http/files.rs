//! Songs and pictures as files: ranges, validators, caching.
//!
//! A file never changes under its name, so its name is a strong `ETag`, and an address that carries the version may be
//! kept for ever.

use std::path::PathBuf;

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, RANGE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use tower::ServiceExt as _;
use tower_http::services::ServeFile;

use super::problem::Problem;
use crate::media::{ImageName, Media};

/// Who may keep a copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Anybody, and any cache between.
    Public,
    /// Whoever is logged in: no shared cache.
    LoggedIn,
}

/// Serves a file whose content is named by `tag`.
pub async fn serve(
    mut request: Request,
    path: PathBuf,
    tag: &str,
    mime: &str,
    audience: Audience,
) -> Result<Response, Problem> {
    let etag = format!("\"{tag}\"");
    let versioned = request.uri().query().is_some_and(|q| q.split('&').any(|p| p.starts_with("v=")));
    let mut response = if is_seen(request.headers(), &etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let headers = request.headers_mut();
        // Our tag stands for the file service's own, which knows no content.
        headers.remove(IF_NONE_MATCH);
        headers.remove(IF_MODIFIED_SINCE);
        if headers.remove(IF_RANGE).is_some_and(|tag| tag != etag.as_str()) {
            headers.remove(RANGE);
        }
        let Ok(response) = ServeFile::new(path).oneshot(request).await;
        response.map(Body::new)
    };
    if response.status() == StatusCode::NOT_FOUND {
        return Err(Problem::not_found("the file is not there any more"));
    }
    let caching = match (versioned, audience) {
        (true, Audience::Public) => "public, max-age=31536000, immutable",
        (true, Audience::LoggedIn) => "private, max-age=31536000, immutable",
        (false, _) => "no-cache",
    };
    let succeeded = response.status().is_success();
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(caching));
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        headers.insert(ETAG, etag);
    }
    if succeeded && let Ok(mime) = HeaderValue::from_str(mime) {
        headers.insert(CONTENT_TYPE, mime);
    }
    Ok(response)
}

/// Serves an image that a row names; 404 without one.
pub async fn image(media: &Media, request: Request, name: Option<&str>) -> Result<Response, Problem> {
    let name = name.and_then(ImageName::parse).ok_or_else(|| Problem::not_found("there is no picture"))?;
    serve(request, media.image_path(&name), name.as_str(), name.mime(), Audience::Public).await
}

fn is_seen(headers: &HeaderMap, etag: &str) -> bool {
    let tags = headers.get_all(IF_NONE_MATCH).into_iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(','));
    tags.map(str::trim).any(|tag| tag == "*" || tag.trim_start_matches("W/") == etag)
}
