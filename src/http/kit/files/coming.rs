//! A file that is still on its way from a bucket: told as it comes, with the ranges that a file on the disk has.

use std::io;
use std::ops::RangeInclusive;
use std::sync::Arc;

use axum::body::Body;
use axum::http::header::{ACCEPT_RANGES, CONTENT_LENGTH, CONTENT_RANGE, HeaderValue, RANGE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use http_range_header::parse_range_header;

use crate::library::media::Fill;

/// Answered when the first of it is there: what can't be had is no half answer.
pub(super) async fn serve(asked: &HeaderMap, fill: &Arc<Fill>) -> io::Result<Response> {
    let size = fill.size().await?;
    let (status, range) = match range_of(asked, size) {
        Ok(None) => (StatusCode::OK, 0..=size.saturating_sub(1)),
        Ok(Some(range)) => (StatusCode::PARTIAL_CONTENT, range),
        Err(()) => {
            return Ok(answer(
                StatusCode::RANGE_NOT_SATISFIABLE,
                Body::empty(),
                &[(CONTENT_RANGE, format!("bytes */{size}"))],
            ));
        }
    };
    let (from, end) = (*range.start(), if size == 0 { 0 } else { range.end() + 1 });
    let mut headers = vec![(CONTENT_LENGTH, (end - from).to_string())];
    if status == StatusCode::PARTIAL_CONTENT {
        headers.push((CONTENT_RANGE, format!("bytes {from}-{}/{size}", range.end())));
    }
    let first = if from < end { fill.read(from, end).await? } else { Bytes::new() };
    let next = from + first.len() as u64;
    let rest = stream::unfold((fill.clone(), next), move |(fill, at)| async move {
        if at >= end {
            return None;
        }
        // What breaks off here breaks the answer off, so that nobody takes it for all.
        let read = fill.read(at, end).await.inspect_err(|error| tracing::warn!(%error, "a file broke off on its way"));
        let next = read.as_ref().map_or(end, |bytes| at + bytes.len() as u64);
        Some((read, (fill, next)))
    });
    let body = Body::from_stream(stream::iter([Ok(first)]).chain(rest));
    Ok(answer(status, body, &headers))
}

fn answer(status: StatusCode, body: Body, headers: &[(axum::http::HeaderName, String)]) -> Response {
    let mut answer = Response::new(body);
    *answer.status_mut() = status;
    answer.headers_mut().insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    for (name, value) in headers {
        if let Ok(value) = HeaderValue::from_str(value) {
            answer.headers_mut().insert(name, value);
        }
    }
    answer
}

/// The one range that is asked for, if it is one of such a file.
fn range_of(asked: &HeaderMap, size: u64) -> Result<Option<RangeInclusive<u64>>, ()> {
    let Some(range) = asked.get(RANGE) else { return Ok(None) };
    let parsed = parse_range_header(range.to_str().map_err(drop)?).map_err(drop)?;
    let mut ranges = parsed.validate(size).map_err(drop)?;
    if ranges.len() == 1 { Ok(ranges.pop()) } else { Err(()) }
}
