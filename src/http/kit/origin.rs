//! Whether a browser asks on behalf of our own page.
//!
//! A cookie comes along whoever made the browser ask, so with a cookie the page that asks must be ours: browsers say so
//! in `Sec-Fetch-Site`, older ones name the page's `Origin`. A token in a header can't be sent by a foreign page.

use std::net::IpAddr;

use axum::extract::{Request, State};
use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::identity::Credential;
use super::problem::Problem;
use crate::http::kit::forwarded::{Client, Proto};
use crate::http::kit::state::{AppState, Settings, Transport};

/// Whether the page that asks is this server's, or of one of the allowed origins, or no page at all.
pub fn is_ours(headers: &HeaderMap, settings: &Settings, client: Option<&Client>) -> bool {
    let origin = headers.get(ORIGIN).map(|v| v.to_str().unwrap_or("null"));
    if origin.is_some_and(|o| settings.origins.iter().any(|a| a == o)) {
        return true;
    }
    let here = Here::of(headers, client);
    match (headers.get("sec-fetch-site"), origin) {
        (Some(site), _) if site == "none" => true,
        (Some(site), _) => site == "same-origin" && here.is_named(settings),
        (None, None) => true,
        (None, Some(origin)) => here.is(origin) && here.is_named(settings),
    }
}

/// Where whoever asks reaches this server: what its operator says, else what the request and the trusted proxies in front
/// say, as long as it can be nothing but a host.
pub fn of_request(headers: &HeaderMap, settings: &Settings, client: Option<&Client>) -> Option<String> {
    if settings.public_url.is_some() {
        return settings.public_url.clone();
    }
    let here = Here::of(headers, client);
    let scheme = match (here.proto, settings.transport) {
        (Some(Proto::Https), _) | (None, Transport::Tls) => "https",
        (Some(Proto::Http), _) | (None, Transport::Plain) => "http",
    };
    let is_host =
        !here.host.is_empty() && here.host.bytes().all(|b| b.is_ascii_alphanumeric() || b".-:[]".contains(&b));
    is_host.then(|| format!("{scheme}://{}", here.host))
}

/// What the browser takes this server for.
pub(super) struct Here<'a> {
    host: &'a str,
    proto: Option<Proto>,
}

impl<'a> Here<'a> {
    pub(super) fn of(headers: &'a HeaderMap, client: Option<&'a Client>) -> Self {
        let forwarded = client.and_then(|client| client.host.as_deref());
        let host = || headers.get(HOST).and_then(|v| v.to_str().ok()).unwrap_or_default();
        Self { host: forwarded.unwrap_or_else(host), proto: client.and_then(|client| client.proto) }
    }

    /// Whether nothing is said of it.
    pub(super) fn is_nowhere(&self) -> bool {
        self.host.is_empty()
    }

    fn is(&self, origin: &str) -> bool {
        let Some((scheme, authority)) = origin.split_once("://") else { return false };
        let default_port = if scheme == "https" { ":443" } else { ":80" };
        let host = self.host.strip_suffix(default_port).unwrap_or(self.host);
        let downgraded = self.proto == Some(Proto::Https) && scheme != "https";
        !host.is_empty() && authority.eq_ignore_ascii_case(host) && !downgraded
    }

    /// Whether the operator calls it so. Without a public address anything goes; with one, a foreign name that leads
    /// here (DNS rebinding) does not. An address leads nowhere else.
    pub(super) fn is_named(&self, settings: &Settings) -> bool {
        let name = self
            .host
            .rsplit_once(':')
            .map_or(self.host, |(name, port)| if port.bytes().all(|b| b.is_ascii_digit()) { name } else { self.host });
        let is_address =
            name.trim_matches(['[', ']']).parse::<IpAddr>().is_ok() || name.eq_ignore_ascii_case("localhost");
        settings.public_url.is_none() || is_address || settings.origins.iter().any(|origin| self.is(origin))
    }
}

/// Refuses what a foreign page makes a browser do with our cookie, and logging in from there.
pub async fn guard(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let by_token = matches!(Credential::of(request.headers()), Some(Credential::Bearer(_)));
    if safe || by_token || is_ours(request.headers(), &state.settings, request.extensions().get()) {
        return next.run(request).await;
    }
    Problem::new(axum::http::StatusCode::FORBIDDEN, "foreign_origin", "this page may not act for a user of this server")
        .into_response()
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn ours(headers: &[(&'static str, &'static str)]) -> bool {
        let map = headers.iter().map(|(n, v)| (n.parse().unwrap(), v.parse().unwrap())).collect();
        let settings = Settings { origins: vec!["https://radio.example.org".to_owned()], ..Settings::default() };
        is_ours(&map, &settings, None)
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

    #[test]
    fn behind_a_proxy_the_page_is_ours_if_it_is_where_the_browser_has_asked() {
        let ours = |host: Option<&str>, proto, origin: &'static str| {
            let headers = HeaderMap::from_iter([
                (HOST, HeaderValue::from_static("127.0.0.1:8080")),
                (ORIGIN, HeaderValue::from_static(origin)),
            ]);
            let address = IpAddr::from([203, 0, 113, 9]);
            let client = Client { address, proto, host: host.map(str::to_owned) };
            is_ours(&headers, &Settings::default(), Some(&client))
        };
        let host = Some("music.example.org");
        assert!(ours(host, Some(Proto::Https), "https://music.example.org"));
        assert!(ours(Some("music.example.org:443"), Some(Proto::Https), "https://Music.example.org"));
        assert!(
            !ours(host, Some(Proto::Https), "http://music.example.org"),
            "somebody on the way could have written it"
        );
        assert!(ours(host, None, "http://music.example.org"));
        assert!(!ours(host, Some(Proto::Https), "https://127.0.0.1:8080"));
        assert!(ours(None, None, "http://127.0.0.1:8080"));
    }

    #[test]
    fn with_a_public_address_no_foreign_name_is_ours() {
        let public = "https://music.example.org";
        let settings =
            Settings { origins: vec![public.into()], public_url: Some(public.into()), ..Settings::default() };
        let ours = |headers: &[(&'static str, &'static str)]| {
            let map = headers.iter().map(|(n, v)| (n.parse().unwrap(), v.parse().unwrap())).collect();
            is_ours(&map, &settings, None)
        };
        assert!(ours(&[("host", "music.example.org"), ("origin", public)]));
        assert!(ours(&[("host", "music.example.org"), ("origin", public), ("sec-fetch-site", "same-origin")]));
        assert!(!ours(&[("host", "evil.example"), ("origin", "http://evil.example")]));
        assert!(!ours(&[
            ("host", "evil.example"),
            ("origin", "http://evil.example"),
            ("sec-fetch-site", "same-origin")
        ]));
        for address in ["192.168.1.7:8080", "[fd00::7]:8080", "localhost:8080"] {
            let origin: &'static str = format!("http://{address}").leak();
            let host: &'static str = address;
            assert!(ours(&[("host", host), ("origin", origin), ("sec-fetch-site", "same-origin")]), "{address}");
        }
        assert!(ours(&[("host", "evil.example")]), "no browser");
    }
}
