//! The checks of single values.

use std::fmt;
use std::net::{SocketAddr, ToSocketAddrs};
use std::path::Path;

use percent_encoding::{AsciiSet, CONTROLS, percent_encode};

use crate::http::kit::allowance::Points;
use crate::http::kit::forwarded::{NoNetwork, Proxies};

/// Why the server can't run as it was told; one line for the operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadConfig(String);

impl BadConfig {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for BadConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BadConfig {}

/// All addresses that `text` names (`localhost` may have two).
pub(super) fn addresses(option: &str, text: &str) -> Result<Vec<SocketAddr>, BadConfig> {
    let found = text.to_socket_addrs().map(Iterator::collect::<Vec<_>>).unwrap_or_default();
    if found.is_empty() {
        return Err(BadConfig(format!("{option} {text:?}: expected ADDRESS:PORT, such as 127.0.0.1:8080")));
    }
    Ok(found)
}

/// How much users and addresses may ask. A file may say anything, where flags are checked as they are read.
pub(super) fn points(user: Option<u32>, address: Option<u32>) -> Result<Points, BadConfig> {
    let default = Points::default();
    let points = Points { user: user.unwrap_or(default.user), address: address.unwrap_or(default.address) };
    for (option, value) in [("--user-rate", points.user), ("--address-rate", points.address)] {
        if !(1..=1_000_000).contains(&value) {
            return Err(BadConfig(format!("{option} {value}: expected 1 to 1000000 points per second")));
        }
    }
    Ok(points)
}

/// The token itself is never shown.
pub(super) fn metrics_token(token: String) -> Result<String, BadConfig> {
    let fits = token.len() >= 16 && token.bytes().all(|b| b.is_ascii_graphic());
    if fits {
        Ok(token)
    } else {
        Err(BadConfig::new("--metrics-token: expected at least 16 printable characters, no blank"))
    }
}

/// The URL itself is never shown: it may hold a password.
pub(super) fn database_url(url: String) -> Result<String, BadConfig> {
    let known = ["sqlite://", "postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme));
    if known { Ok(url) } else { Err(BadConfig::new("--database: expected sqlite://FILE or postgres://…")) }
}

/// The URLs of NATS servers, separated by commas. They are not shown either.
pub(super) fn nats_url(urls: String, database: &str) -> Result<String, BadConfig> {
    let known = |url: &str| ["nats://", "tls://"].iter().any(|scheme| url.starts_with(scheme));
    if !urls.split(',').all(|url| known(url.trim())) {
        return Err(BadConfig::new("--nats: expected nats://HOST[:PORT] or tls://…, several with commas"));
    }
    if database.starts_with("sqlite://") {
        return Err(BadConfig::new(
            "--nats: the nodes of a cluster share a PostgreSQL database; name it by --database postgres://…",
        ));
    }
    Ok(urls)
}

/// The URL of a file. What has a meaning in a URL stands for itself in the name of a folder.
pub(super) fn sqlite_url(file: &Path) -> String {
    const WITH_A_MEANING: &AsciiSet = &CONTROLS.add(b'%').add(b'?').add(b'#');
    format!("sqlite://{}", percent_encode(file.as_os_str().as_encoded_bytes(), WITH_A_MEANING))
}

/// The origin of the address at which users reach the server.
pub(super) fn public_origin(url: &str) -> Result<String, BadConfig> {
    origin_of(url).map_err(|()| BadConfig(format!("--public-url {url:?}: expected http(s)://host[:port]")))
}

/// An origin as browsers send it: lower case, no path.
pub(super) fn origin(text: &str) -> Result<String, BadConfig> {
    origin_of(text).map_err(|()| BadConfig(format!("--allow-origin {text:?}: expected http(s)://host[:port]")))
}

pub(super) fn proxies(given: &[String]) -> Result<Proxies, BadConfig> {
    let network = |text: &String| {
        let expected = "expected an address or a network, such as 10.0.0.0/8";
        text.trim().parse().map_err(|NoNetwork| BadConfig(format!("--trusted-proxy {text:?}: {expected}")))
    };
    given.iter().map(network).collect::<Result<_, _>>().map(Proxies::new)
}

/// A file that an option names and that must be there.
pub(super) fn readable(option: &str, file: &Path) -> Result<(), BadConfig> {
    let opened = std::fs::File::open(file).and_then(|file| file.metadata());
    match opened {
        Ok(about) if about.is_file() => Ok(()),
        Ok(_) => Err(BadConfig(format!("{option} {}: is no file", file.display()))),
        Err(error) => Err(BadConfig(format!("{option} {}: {error}", file.display()))),
    }
}

pub(super) fn log_filter(directives: String) -> Result<String, BadConfig> {
    match tracing_subscriber::EnvFilter::try_new(&directives) {
        Ok(_) => Ok(directives),
        Err(error) => Err(BadConfig(format!("--log {directives:?}: {error}"))),
    }
}

fn origin_of(text: &str) -> Result<String, ()> {
    let uri: axum::http::Uri = text.parse().map_err(|_| ())?;
    match (uri.scheme_str(), uri.authority()) {
        (Some(scheme @ ("http" | "https")), Some(authority)) if uri.path() == "/" && uri.query().is_none() => {
            let default_port = if scheme == "https" { ":443" } else { ":80" };
            let authority = authority.as_str().to_ascii_lowercase();
            Ok(format!("{scheme}://{}", authority.strip_suffix(default_port).unwrap_or(&authority)))
        }
        _ => Err(()),
    }
}
