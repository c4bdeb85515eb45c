//! The web client, served from the binary itself.
//!
//! Names under `assets/` carry a hash of their content and are cached for good; everything else is revalidated by its
//! `ETag`. A path that names no file is one of the client's own screens and gets its page, which says for whoever shares
//! a link to it what it shows ([`share`](super::share)).

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::header::{
    ACCEPT_ENCODING, ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG,
    REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use super::share::{Card, PLACE};
use crate::base::text;
use crate::http::kit::files::is_seen;
use crate::http::kit::state::AppState;

#[cfg(feature = "web")]
use embedded as files;
#[cfg(not(feature = "web"))]
use placeholder as files;

/// Scripts and styles from this server alone, nothing inline; covers may be previewed from memory before an upload.
const POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; \
    media-src 'self' blob:; worker-src 'self' blob:; connect-src 'self'; object-src 'none'; base-uri 'none'; \
    form-action 'self'; frame-ancestors 'self'";

/// Isolation from other origins gives the client's clock 5 µs instead of 100 µs.
const ISOLATION: [(HeaderName, &str); 2] = [
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-embedder-policy"), "require-corp"),
];

/// The page of all screens.
const PAGE: &str = "index.html";

/// Everything that no other route answers.
pub fn routes() -> Router<AppState> {
    Router::new().fallback(serve)
}

async fn serve(State(state): State<AppState>, request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return (StatusCode::METHOD_NOT_ALLOWED, [(ALLOW, "GET, HEAD")]).into_response();
    }
    let (path, headers) = (request.uri().path().trim_start_matches('/'), request.headers());
    let accepts = headers.get(ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or_default();
    match Asset::find(path, accepts) {
        Some(asset) if path != PAGE => asset.respond(headers),
        None if !is_screen(path) => (StatusCode::NOT_FOUND, "There is no such file.\n").into_response(),
        _ => Asset::page(&Card::of(&state, path, headers, request.extensions().get()).await)
            .map_or_else(|| StatusCode::NOT_FOUND.into_response(), |page| page.respond(headers)),
    }
}

/// Whether the client itself makes sense of this path; a missing file is told by its extension.
fn is_screen(path: &str) -> bool {
    let of_server = ["api/", "assets/"].iter().any(|prefix| path.starts_with(prefix)) || path == "api";
    let last = path.rsplit('/').next().unwrap_or_default();
    !of_server && !last.contains('.')
}

struct Asset {
    body: Bytes,
    etag: String,
    mime: String,
    encoding: Option<&'static str>,
    hashed_name: bool,
}

impl Asset {
    fn find(path: &str, accepts: &str) -> Option<Self> {
        let plain = files::get(path)?;
        let packed = [("br", "br"), ("gzip", "gz")]
            .into_iter()
            .filter(|(encoding, _)| accepts_encoding(accepts, encoding))
            .find_map(|(encoding, ending)| Some((encoding, files::get(&format!("{path}.{ending}"))?)));
        let (encoding, file) = match packed {
            Some((encoding, file)) => (Some(encoding), file),
            None => (None, plain),
        };
        Some(Self {
            body: file.body,
            etag: file.etag,
            mime: files::mime(path),
            encoding,
            hashed_name: path.starts_with("assets/"),
        })
    }

    /// The page with its card; small enough to go as it is.
    fn page(card: &Card) -> Option<Self> {
        let text = String::from_utf8_lossy(&files::get(PAGE)?.body).replace(PLACE, &card.html());
        let etag = etag(&Sha256::digest(&text));
        Some(Self { body: text.into(), etag, mime: files::mime(PAGE), encoding: None, hashed_name: false })
    }

    fn respond(self, asked: &HeaderMap) -> Response {
        let fresh = is_seen(asked, &self.etag);
        let caching = if self.hashed_name { "public, max-age=31536000, immutable" } else { "no-cache" };
        let is_page = self.mime.starts_with("text/html");
        let mut response = if fresh { StatusCode::NOT_MODIFIED.into_response() } else { self.body.into_response() };
        let headers = response.headers_mut();
        let mut set = |name: HeaderName, value: &str| {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(name, value);
            }
        };
        set(ETAG, &self.etag);
        set(CACHE_CONTROL, caching);
        set(VARY, "accept-encoding");
        set(CONTENT_TYPE, &self.mime);
        set(X_CONTENT_TYPE_OPTIONS, "nosniff");
        if let Some(encoding) = self.encoding {
            set(CONTENT_ENCODING, encoding);
        }
        for (name, value) in ISOLATION {
            set(name, value);
        }
        if is_page {
            set(CONTENT_SECURITY_POLICY, POLICY);
            set(REFERRER_POLICY, "same-origin");
        }
        response
    }
}

/// A validator by the content.
fn etag(sha256: &[u8]) -> String {
    format!("\"{}\"", text::hex(sha256.get(..12).unwrap_or(sha256)))
}

/// Whether an `Accept-Encoding` names this encoding without refusing it by `q=0`.
fn accepts_encoding(accepts: &str, encoding: &str) -> bool {
    accepts.split(',').any(|part| {
        let (name, quality) = part.split_once(';').unwrap_or((part, ""));
        let refused = quality.trim().strip_prefix("q=").is_some_and(|q| q.parse() == Ok(0.0_f32));
        name.trim().eq_ignore_ascii_case(encoding) && !refused
    })
}

#[cfg(feature = "web")]
mod embedded {
    use std::borrow::Cow;

    use axum::body::Bytes;
    use rust_embed::{Embed, EmbeddedFile};

    #[derive(Embed)]
    #[folder = "$OUT_DIR/web"]
    struct Files;

    pub(crate) struct File {
        pub(crate) body: Bytes,
        pub(crate) etag: String,
    }

    pub(crate) fn get(path: &str) -> Option<File> {
        let EmbeddedFile { data, metadata } = Files::get(path)?;
        let body = match data {
            Cow::Borrowed(data) => Bytes::from_static(data),
            Cow::Owned(data) => data.into(),
        };
        Some(File { body, etag: super::etag(&metadata.sha256_hash()) })
    }

    pub(crate) fn mime(path: &str) -> String {
        let guess = Files::get(path).map(|file| file.metadata.mimetype().to_owned()).unwrap_or_default();
        if guess.starts_with("text/") { guess + "; charset=utf-8" } else { guess }
    }
}

#[cfg(not(feature = "web"))]
mod placeholder {
    use axum::body::Bytes;

    const PAGE: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><!--octave:meta--><title>Octave</title>\
        <h1>Octave runs here, without its web client</h1>\
        <p>This server was built with <code>--no-default-features</code>. Build it with the feature \
        <code>web</code> (Node.js is needed) to have the client at this address.</p></html>\n";

    pub(crate) struct File {
        pub(crate) body: Bytes,
        pub(crate) etag: String,
    }

    pub(crate) fn get(path: &str) -> Option<File> {
        (path == super::PAGE).then(|| File { body: Bytes::from_static(PAGE.as_bytes()), etag: "\"no-client\"".into() })
    }

    pub(crate) fn mime(_path: &str) -> String {
        "text/html; charset=utf-8".into()
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::Request;
    use axum::http::header::IF_NONE_MATCH;

    use super::*;
    use crate::http::kit::testing::{Api, Reply};

    async fn ask(method: Method, path: &str, header: Option<(HeaderName, &str)>) -> Reply {
        let mut request = Request::builder().method(method).uri(path);
        if let Some((name, value)) = header {
            request = request.header(name, value);
        }
        Api::new().await.guest().raw(request.body(Body::empty()).expect("a request")).await
    }

    #[tokio::test]
    async fn screens_get_the_page_with_its_policy() {
        for path in ["/", "/index.html", "/s/7", "/library", "/u/ana"] {
            let answer = ask(Method::GET, path, None).await;
            assert_eq!(answer.status, 200, "{path}");
            assert_eq!(answer.headers[CONTENT_TYPE], "text/html; charset=utf-8");
            assert_eq!(answer.headers[CACHE_CONTROL], "no-cache");
            assert_eq!(answer.headers[CONTENT_SECURITY_POLICY], POLICY);
        }
    }

    #[tokio::test]
    async fn what_is_neither_file_nor_screen_is_not_found() {
        for path in ["/api/v1/nothing", "/assets/old-1234.js", "/robots.txt", "/../Cargo.toml"] {
            assert_eq!(ask(Method::GET, path, None).await.status, 404, "{path}");
        }
    }

    #[tokio::test]
    async fn the_page_is_not_sent_twice() {
        let etag = ask(Method::GET, "/", None).await.header("etag").to_owned();
        let again = ask(Method::GET, "/", Some((IF_NONE_MATCH, &etag))).await;
        assert_eq!(again.status, 304);
    }

    #[cfg(feature = "web")]
    #[tokio::test]
    async fn what_makes_an_app_of_the_client_is_asked_for_anew() {
        for (path, mime) in [
            ("/sw.js", "text/javascript; charset=utf-8"),
            ("/manifest.webmanifest", "application/manifest+json"),
            ("/icon-maskable-512.png", "image/png"),
        ] {
            let answer = ask(Method::GET, path, None).await;
            assert_eq!((answer.status, answer.header("content-type")), (200, mime), "{path}");
            assert_eq!(answer.headers[CACHE_CONTROL], "no-cache", "{path}");
        }
    }

    #[tokio::test]
    async fn only_reading_is_possible() {
        assert_eq!(ask(Method::POST, "/", None).await.status, 405);
    }

    #[test]
    fn an_encoding_may_be_refused_by_its_quality() {
        assert!(accepts_encoding("gzip, deflate, br", "br"));
        assert!(accepts_encoding("GZIP;q=0.5", "gzip"));
        assert!(!accepts_encoding("gzip;q=0, br", "gzip"));
        assert!(!accepts_encoding("", "gzip"));
    }
}
