//! For whom a request is meant: its `Host`.
//!
//! A name that somebody points at this server (DNS rebinding) makes a browser take their page for ours. With a public
//! address known, what is asked for under a foreign name is not answered.

use axum::http::header::HOST;
use axum::http::{HeaderMap, Request, StatusCode, Version};

use super::forwarded::Client;
use super::origin::Here;
use super::problem::Problem;
use crate::http::kit::state::Settings;

/// What tells whether the server lives: asked by whatever watches it, under whatever name that knows.
const FOR_EVERYBODY: [&str; 2] = ["/healthz", "/readyz"];

/// Refuses a request that says not once for whom it is, or names somebody else.
pub fn check<B>(request: &Request<B>, settings: &Settings, client: &Client) -> Result<(), Problem> {
    if !is_said(request.version(), request.headers()) {
        let detail = "a request must have one Host, a name or an address";
        return Err(Problem::new(StatusCode::BAD_REQUEST, "bad_host", detail));
    }
    let is_free = FOR_EVERYBODY.contains(&request.uri().path());
    if is_free || is_ours(request.headers(), settings, client) {
        return Ok(());
    }
    let detail = "this server is not known by that name";
    Err(Problem::new(StatusCode::MISDIRECTED_REQUEST, "misdirected", detail))
}

/// Whether the name that the request gives is one of this server's, as far as its operator has said. A client of before
/// HTTP/1.1 may give none; browsers always do.
pub fn is_ours(headers: &HeaderMap, settings: &Settings, client: &Client) -> bool {
    let here = Here::of(headers, Some(client));
    here.is_nowhere() || here.is_named(settings)
}

/// Whether there is one `Host`, which can be one (RFC 9112, section 3.2).
pub fn is_said(version: Version, headers: &HeaderMap) -> bool {
    let mut hosts = headers.get_all(HOST).iter();
    match (hosts.next(), hosts.next()) {
        (None, _) => version < Version::HTTP_11,
        (Some(host), None) => {
            let bytes = host.as_bytes();
            !bytes.is_empty() && bytes.iter().all(|b| b.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:[]%".contains(b))
        }
        (Some(_), Some(_)) => false,
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::*;

    const PUBLIC: &str = "https://music.example.org";

    fn settings(public: Option<&str>) -> Settings {
        let origins = public.iter().copied().chain(["https://radio.example.org"]).map(str::to_owned).collect();
        Settings { origins, public_url: public.map(str::to_owned), ..Settings::default() }
    }

    fn asked(settings: &Settings, path: &str, hosts: &[&str], forwarded: Option<&str>) -> u16 {
        let request = hosts.iter().fold(Request::get(path), |request, host| request.header(HOST, *host));
        let address = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let client = Client { address, proto: None, host: forwarded.map(str::to_owned) };
        check(&request.body(()).unwrap(), settings, &client).map_or_else(|problem| problem.status().as_u16(), |()| 200)
    }

    #[test]
    fn a_request_says_once_for_whom_it_is() {
        for public in [None, Some(PUBLIC)] {
            let settings = settings(public);
            assert_eq!(asked(&settings, "/", &[], None), 400);
            assert_eq!(asked(&settings, "/healthz", &[], None), 400);
            assert_eq!(asked(&settings, "/", &["localhost", "localhost"], None), 400);
            for bad in ["", "a b", "a/b", "a@b", "a\\b", "a?b"] {
                assert_eq!(asked(&settings, "/", &[bad], None), 400, "{bad}");
            }
        }
        let old = Request::get("/").version(Version::HTTP_10).body(()).unwrap();
        let client = Client { address: IpAddr::V4(Ipv4Addr::LOCALHOST), proto: None, host: None };
        assert_eq!(check(&old, &settings(Some(PUBLIC)), &client), Ok(()));
    }

    #[test]
    fn under_a_foreign_name_nothing_is_answered_but_whether_it_lives() {
        let known = settings(Some(PUBLIC));
        for ours in ["music.example.org", "Music.Example.org:443", "radio.example.org", "127.0.0.1:8080", "[::1]:8080"]
        {
            assert_eq!(asked(&known, "/", &[ours], None), 200, "{ours}");
        }
        assert_eq!(asked(&known, "/api/v1/me", &["localhost:8080"], None), 200);
        for foreign in ["evil.example", "music.example.org.evil.example", "evil.example:443"] {
            assert_eq!(asked(&known, "/", &[foreign], None), 421, "{foreign}");
            assert_eq!(asked(&known, "/metrics", &[foreign], None), 421, "{foreign}");
            assert_eq!(asked(&known, "/healthz", &[foreign], None), 200, "{foreign}");
            assert_eq!(asked(&known, "/", &["127.0.0.1:8080"], Some(foreign)), 421, "{foreign} by way of a proxy");
            assert_eq!(asked(&settings(None), "/", &[foreign], None), 200, "nobody has said how it is called");
        }
    }
}
