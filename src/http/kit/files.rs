//! Songs and pictures as files: ranges, validators, caching.
//!
//! A file never changes under its name, so its name is a strong `ETag`, and an address that carries the version may be
//! kept for ever. That goes for the file alone: what is said in its place (a fault of a moment, a range that is none) is
//! never kept, or it would stay in a browser for a year.

mod coming;

use std::io;

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_RANGE, CONTENT_TYPE, ETAG, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, RANGE,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum_extra::headers::{ETag, HeaderMapExt as _, IfNoneMatch};
use rustix::io::Errno;
use tower_http::services::ServeFile;

use super::problem::Problem;
use crate::library::media::{FileName, ImageName, Media, Reading, Refusal};

/// Who may keep a copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Anybody, and any cache between.
    Public,
    /// Only whoever asked, in their own browser: others may not see it, or may not one day.
    Asker,
}

/// A file, and what is said of it.
#[derive(Debug)]
pub struct What<'a> {
    pub file: FileName,
    /// Names the content.
    pub tag: &'a str,
    pub mime: &'a str,
}

/// Serves a kept file.
pub async fn serve(
    media: &Media,
    mut request: Request,
    What { file, tag, mime }: What<'_>,
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
        // Of several ranges at once all is told: whoever asks must be able to take that (RFC 9110, section 14.2).
        let are_several = headers.get(RANGE).is_some_and(|range| range.as_bytes().contains(&b','));
        if headers.remove(IF_RANGE).is_some_and(|tag| tag != etag.as_str()) || are_several {
            headers.remove(RANGE);
        }
        match media.read(&file).await.map_err(|e| unread(&e))? {
            // It is in somebody's hand until it is open.
            Reading::Here(local) => {
                ServeFile::new(local.path()).try_call(request).await.map_err(|e| unread(&e))?.map(Body::new)
            }
            Reading::Coming(fill) => coming::serve(request.headers(), &fill).await.map_err(|e| unread(&e))?,
        }
    };
    let status = response.status();
    if status == StatusCode::NOT_FOUND {
        return Err(gone());
    }
    if status == StatusCode::RANGE_NOT_SATISFIABLE {
        return Err(Problem::no_range(response.headers().get(CONTENT_RANGE)));
    }
    let headers = response.headers_mut();
    if !matches!(status, StatusCode::OK | StatusCode::PARTIAL_CONTENT | StatusCode::NOT_MODIFIED) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.remove(ETAG);
        return Ok(response);
    }
    let caching = match (versioned, audience) {
        (true, Audience::Public) => "public, max-age=31536000, immutable",
        (true, Audience::Asker) => "private, max-age=31536000, immutable",
        (false, Audience::Public) => "no-cache",
        (false, Audience::Asker) => "private, no-cache",
    };
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(caching));
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        headers.insert(ETAG, etag);
    }
    if status != StatusCode::NOT_MODIFIED
        && let Ok(mime) = HeaderValue::from_str(mime)
    {
        headers.insert(CONTENT_TYPE, mime);
    }
    Ok(response)
}

/// Serves an image that a row names; 404 without one.
pub async fn image(
    media: &Media,
    request: Request,
    name: Option<&str>,
    audience: Audience,
) -> Result<Response, Problem> {
    let name = name.and_then(ImageName::parse).ok_or_else(|| Problem::not_found("there is no picture"))?;
    let what = What { file: FileName::from(&name), tag: name.as_str(), mime: name.mime() };
    serve(media, request, what, audience).await
}

fn gone() -> Problem {
    Problem::not_found("the file is not there any more")
}

/// Why a file that a row names can't be read.
pub fn unread(error: &io::Error) -> Problem {
    let is_behind = Refusal::is_behind(error);
    match error.kind() {
        io::ErrorKind::NotFound => return gone(),
        io::ErrorKind::NotADirectory if !is_behind => return gone(),
        _ => tracing::error!(%error, "a file can't be read"),
    }
    if is_behind {
        return Problem::no_files();
    }
    match Errno::from_io_error(error) {
        // Too many files are open, here or on the machine, or there is no memory: in a moment it may work.
        Some(Errno::MFILE | Errno::NFILE | Errno::NOMEM) => Problem::busy(),
        _ => Problem::internal(),
    }
}

/// Whether who asks has this content already.
pub fn is_seen(headers: &HeaderMap, etag: &str) -> bool {
    let (seen, etag) = (headers.typed_get::<IfNoneMatch>(), etag.parse::<ETag>());
    seen.zip(etag.ok()).is_some_and(|(seen, etag)| !seen.precondition_passes(&etag))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::kit::problem::Problem;

    /// A place with one file of ten bytes.
    fn ten_bytes() -> (tempfile::TempDir, Media, FileName) {
        let dir = tempfile::tempdir().unwrap();
        let media = Media::open(dir.path()).unwrap();
        let file = FileName::parse(&format!("{}.flac", "ab".repeat(32))).unwrap();
        let path = media.path(&file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, "0123456789").unwrap();
        (dir, media, file)
    }

    /// What is answered for a file under an address with its version.
    async fn asked(
        (media, file): (&Media, &FileName),
        header: (&'static str, &'static str),
        audience: Audience,
    ) -> Result<Response, Problem> {
        let request = Request::get("/x?v=1").header(header.0, header.1).body(Body::empty()).unwrap();
        serve(media, request, What { file: file.clone(), tag: "tag", mime: "audio/flac" }, audience).await
    }

    #[tokio::test]
    async fn only_the_file_itself_is_kept_for_a_year() {
        let (_dir, media, file) = ten_bytes();
        for (header, status) in [
            (("accept", "*/*"), 200),
            (("range", "bytes=1-2"), 206),
            (("if-none-match", "\"tag\""), 304),
            (("range", "bytes=1-2,4-5"), 200),
            (("if-unmodified-since", "Thu, 01 Jan 1970 00:00:00 GMT"), 412),
        ] {
            for (audience, scope) in [(Audience::Public, "public"), (Audience::Asker, "private")] {
                let answer = asked((&media, &file), header, audience).await.unwrap();
                assert_eq!(answer.status(), status, "{header:?}");
                let kept = format!("{scope}, max-age=31536000, immutable");
                let (wanted, tag) = if status < 400 { (kept.as_str(), Some("\"tag\"")) } else { ("no-store", None) };
                assert_eq!(answer.headers()[CACHE_CONTROL], wanted, "{header:?}");
                assert_eq!(answer.headers().get(ETAG).map(|t| t.to_str().unwrap()), tag, "{header:?}");
            }
        }
    }

    #[tokio::test]
    async fn a_range_that_is_none_is_a_problem_that_tells_the_size() {
        let (_dir, media, file) = ten_bytes();
        let problem = asked((&media, &file), ("range", "bytes=99-"), Audience::Asker).await.unwrap_err();
        assert_eq!(problem.code(), "no_such_range");
        let answer = problem.into_response();
        assert_eq!((answer.status().as_u16(), answer.headers()[CONTENT_RANGE].to_str().unwrap()), (416, "bytes */10"));
        assert_eq!(answer.headers()[CONTENT_TYPE], "application/problem+json");
    }

    #[tokio::test]
    async fn a_file_that_can_not_be_read_is_a_problem() {
        let (_dir, media, file) = ten_bytes();
        let path = media.path(&file);
        std::fs::remove_file(&path).unwrap();
        let any = ("accept", "*/*");
        let missing = asked((&media, &file), any, Audience::Public).await.unwrap_err();
        std::os::unix::fs::symlink(&path, &path).unwrap();
        let loops = asked((&media, &file), any, Audience::Public).await.unwrap_err();
        for (problem, status) in [(missing, 404), (loops, 500)] {
            assert_eq!(problem.status(), status);
            assert!(problem.into_response().headers().get(CACHE_CONTROL).is_none(), "the router's no-store stands");
        }
        for errno in [Errno::MFILE, Errno::NFILE, Errno::NOMEM] {
            assert_eq!(unread(&io::Error::from(errno)).code(), "busy");
        }
    }
}
