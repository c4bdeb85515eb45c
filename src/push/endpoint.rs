//! Which addresses are asked. Clients name them, so they must not lead this server to what it alone can reach: only names,
//! only https at its own port, and of what a name stands for only public addresses, looked at when it is connected to.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::task::{Context, Poll};

use futures_util::future::BoxFuture;
use hyper::Uri;
use hyper_util::client::legacy::connect::dns::Name;
use serde::Deserialize;
use tower::Service;

use super::limits::MAX_ENDPOINT_BYTES;

/// Which push services are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// None: nobody is told by push.
    Off,
    /// Those of the Internet, over https.
    #[default]
    Public,
    /// Whatever a client names, in the own network too: for a push service of one's own, where all who have an account are
    /// trusted.
    Anywhere,
}

/// The push service's address of a device. Who knows it can write to the device, so it stands in no log.
#[derive(Clone, PartialEq, Eq)]
pub struct Endpoint(Uri);

/// Why an address is not asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be an https address of a push service, by its name, of at most {most} bytes", most = MAX_ENDPOINT_BYTES)]
pub struct NotAllowed;

impl Endpoint {
    pub fn parse(text: &str, reach: Reach) -> Result<Self, NotAllowed> {
        let uri: Uri = text.parse().map_err(|_| NotAllowed)?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else { return Err(NotAllowed) };
        let fits = text.len() <= MAX_ENDPOINT_BYTES && !authority.as_str().contains('@');
        let allowed = match reach {
            Reach::Anywhere => matches!(scheme, "http" | "https"),
            Reach::Off | Reach::Public => {
                let port = authority.port_u16().is_none_or(|port| port == 443);
                scheme == "https" && port && is_name(authority.host())
            }
        };
        if fits && allowed { Ok(Self(uri)) } else { Err(NotAllowed) }
    }

    pub(super) fn uri(&self) -> &Uri {
        &self.0
    }

    /// What a signature for it is about.
    pub(super) fn origin(&self) -> String {
        let authority = self.0.authority().map(|a| a.as_str().to_ascii_lowercase()).unwrap_or_default();
        let scheme = self.0.scheme_str().unwrap_or_default();
        let default_port = if scheme == "https" { ":443" } else { ":80" };
        format!("{scheme}://{}", authority.strip_suffix(default_port).unwrap_or(&authority))
    }

    /// Without what is secret.
    pub(super) fn host(&self) -> &str {
        self.0.host().unwrap_or_default()
    }
}

impl std::fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Endpoint({})", self.host())
    }
}

/// A name with a dot in it whose last part is no number, as an address would have it.
fn is_name(host: &str) -> bool {
    let host = host.strip_suffix('.').unwrap_or(host);
    let last = host.rsplit('.').next().unwrap_or_default();
    host.contains('.') && !host.contains([':', '[']) && last.starts_with(|c: char| c.is_ascii_alphabetic())
}

/// Looks names up, and leaves out what must not be reached.
#[derive(Debug, Clone, Copy)]
pub(super) struct Resolver(pub(super) Reach);

impl Service<Name> for Resolver {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = io::Error;
    type Future = BoxFuture<'static, io::Result<Self::Response>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let Self(reach) = *self;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<_> = found.filter(|to| reach == Reach::Anywhere || is_public(to.ip())).collect();
            if allowed.is_empty() {
                return Err(io::Error::new(io::ErrorKind::PermissionDenied, "it has no public address"));
            }
            Ok(allowed.into_iter())
        })
    }
}

/// Whether an address is one of the Internet's, after IANA's registries of special-purpose addresses.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => is_public_v4(v4),
            None => is_public_v6(v6),
        },
    }
}

fn is_public_v4(v4: Ipv4Addr) -> bool {
    let [a, b, c, _] = v4.octets();
    let special = v4.is_private()
        || v4.is_loopback()
        || v4.is_link_local()
        || v4.is_documentation()
        || a == 0
        || a >= 224
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (18..20).contains(&b));
    !special
}

/// Of what is given to hosts (`2000::/3`), without what leads into other networks.
fn is_public_v6(v6: Ipv6Addr) -> bool {
    let [a, b, ..] = v6.segments();
    let special = (a == 0x2001 && (b < 0x200 || b == 0xdb8)) || a == 0x2002 || (a == 0x3fff && b < 0x1000);
    (a & 0xe000) == 0x2000 && !special
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn push_services_are_names_on_the_internet_over_https() {
        for good in [
            "https://fcm.googleapis.com/fcm/send/abc:def",
            "https://updates.push.services.mozilla.com/wpush/v2/x",
            "https://web.push.apple.com:443/QN",
        ] {
            assert!(Endpoint::parse(good, Reach::Public).is_ok(), "{good}");
        }
        let long = format!("https://push.example.org/{}", "x".repeat(MAX_ENDPOINT_BYTES));
        for bad in [
            "http://push.example.org/x",
            "https://push.example.org:8443/x",
            "https://user@push.example.org/x",
            "https://127.0.0.1/x",
            "https://[::1]/x",
            "https://localhost/x",
            "https://0x7f.1/x",
            "https://127.1./x",
            "https://2130706433/x",
            "/x",
            "",
            &long,
        ] {
            assert_eq!(Endpoint::parse(bad, Reach::Public), Err(NotAllowed), "{bad}");
        }
        assert!(Endpoint::parse("http://127.0.0.1:8000/x", Reach::Anywhere).is_ok());
        assert!(Endpoint::parse("ftp://push.example.org/x", Reach::Anywhere).is_err());
    }

    #[test]
    fn a_signature_is_about_the_origin_alone_and_the_rest_is_not_shown() {
        let endpoint = Endpoint::parse("https://Push.example.org:443/secret", Reach::Public).unwrap();
        assert_eq!(endpoint.origin(), "https://push.example.org");
        assert!(!format!("{endpoint:?}").contains("secret"));
    }

    #[test]
    fn only_addresses_of_the_internet_are_public() {
        for public in ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"] {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
        for own in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "255.255.255.255",
            "224.0.0.1",
            "198.18.0.1",
            "::1",
            "::",
            "fe80::1",
            "fd00::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "64:ff9b::a00:1",
            "2002:7f00:1::",
            "2001:db8::1",
        ] {
            assert!(!is_public(own.parse().unwrap()), "{own}");
        }
    }

    #[tokio::test]
    async fn a_name_that_stands_for_this_machine_is_not_connected_to() {
        let name: Name = "localhost".parse().unwrap();
        let error = Resolver(Reach::Public).call(name.clone()).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::PermissionDenied);
        assert!(Resolver(Reach::Anywhere).call(name).await.unwrap().next().is_some());
    }
}
