//! Whether a browser asks on behalf of our own page.
//!
//! A cookie comes along whoever made the browser ask, so with a cookie the page that asks must be ours: browsers say so
//! in `Sec-Fetch-Site`, older ones name the page's `Origin`. A token in a header can't be sent by a foreign page.

use axum::extract::{Request, State};
use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::AppState;
use super::identity::Credential;
use super::problem::Problem;

/// Whether the page that asks is this server's, or one of the `allowed` origins, or no page at all.
pub fn is_ours(headers: &HeaderMap, allowed: &[String]) -> bool {
    let origin = headers.get(ORIGIN).map(|v| v.to_str().unwrap_or("null"));
    if origin.is_some_and(|o| allowed.iter().any(|a| a == o)) {
        return true;
    }
    if let Some(site) = headers.get("sec-fetch-site") {
        return site == "same-origin" || site == "none";
    }
    let Some(origin) = origin else { return true };
    let host = headers.get(HOST).and_then(|v| v.to_str().ok()).unwrap_or_default();
    origin.split_once("://").is_some_and(|(_, authority)| !host.is_empty() && authority.eq_ignore_ascii_case(host))
}

/// Refuses what a foreign page makes a browser do with our cookie, and logging in from there.
pub async fn guard(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let by_token = matches!(Credential::of(request.headers()), Some(Credential::Bearer(_)));
    if safe || by_token || is_ours(request.headers(), &state.settings.origins) {
        return next.run(request).await;
    }
    Problem::new(axum::http::StatusCode::FORBIDDEN, "foreign_origin", "this page may not act for a user of this server")
        .into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ours(headers: &[(&'static str, &'static str)]) -> bool {
        let map = headers.iter().map(|(n, v)| (n.parse().unwrap(), v.parse().unwrap())).collect();
        is_ours(&map, &["https://radio.example.org".to_owned()])
    }

    #[test]
    fn only_our_own_pages_pass() {
        assert!(ours(&[("host", "a:8080")]), "no browser");
        assert!(ours(&[("host", "a:8080"), ("origin", "http://a:8080")]));
        assert!(ours(&[("host", "a:8080"), ("origin", "http://b"), ("sec-fetch-site", "same-origin")]));
        assert!(ours(&[("host", "a:8080"), ("origin", "https://radio.example.org"), ("sec-fetch-site", "cross-site")]));
        assert!(!ours(&[("host", "a:8080"), ("origin", "http://a:8081")]));
        assert!(!ours(&[("host", "a:8080"), ("origin", "http://a:8080"), ("sec-fetch-site", "cross-site")]));
        assert!(!ours(&[("host", "a"), ("sec-fetch-site", "same-site")]));
        assert!(!ours(&[("host", "a"), ("origin", "null")]));
        assert!(!ours(&[("origin", "http://")]));
    }
}
