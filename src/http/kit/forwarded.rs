//! Who is at the other end of a request that came through proxies: `Forwarded` (RFC 7239) and `X-Forwarded-…`.
//!
//! Anybody can write these headers, so they count only as far as trusted proxies have written them. Each proxy adds the
//! address it was asked from at the right; read from there, the first that is no trusted proxy is the client, and all
//! before it is what the client says of itself. Whatever can't be understood ends the reading: then the last proxy that
//! was understood is all that is known.

mod header;

use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use axum::http::{HeaderMap, HeaderName};

const FORWARDED: HeaderName = HeaderName::from_static("forwarded");
const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const X_FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
const X_FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");

/// An address, or a network in CIDR notation: `192.0.2.7`, `10.0.0.0/8`, `fd00::/8`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    base: IpAddr,
    bits: u8,
}

/// It is neither an address nor a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoNetwork;

/// The proxies whose word counts; none unless configured.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proxies(Vec<Network>);

/// Who asks, as far as is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    pub address: IpAddr,
    /// How the client reached the outermost proxy.
    pub proto: Option<Proto>,
    /// The `Host` that the client asked it for.
    pub host: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proto {
    Http,
    Https,
}

/// What one proxy says of whom it was asked by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Hop {
    /// None if it can't be understood, or is not said.
    address: Option<IpAddr>,
    proto: Option<Proto>,
    host: Option<String>,
}

impl FromStr for Network {
    type Err = NoNetwork;

    fn from_str(text: &str) -> Result<Self, NoNetwork> {
        let (base, bits) = text.split_once('/').map_or((text, None), |(base, bits)| (base, Some(bits)));
        let base: IpAddr = base.parse().map_err(|_| NoNetwork)?;
        let most = if base.is_ipv4() { 32 } else { 128 };
        let bits = match bits {
            None => most,
            Some(bits) if bits.bytes().all(|b| b.is_ascii_digit()) => bits.parse().map_err(|_| NoNetwork)?,
            Some(_) => return Err(NoNetwork),
        };
        if bits > most { Err(NoNetwork) } else { Ok(Self { base, bits }) }
    }
}

impl Network {
    fn contains(&self, address: IpAddr) -> bool {
        match (self.base, address) {
            (IpAddr::V4(base), IpAddr::V4(address)) => {
                let differ = base.to_bits() ^ address.to_bits();
                differ.leading_zeros() >= u32::from(self.bits)
            }
            (IpAddr::V6(base), IpAddr::V6(address)) => {
                let differ = base.to_bits() ^ address.to_bits();
                differ.leading_zeros() >= u32::from(self.bits)
            }
            _ => false,
        }
    }
}

impl Proxies {
    pub const fn new(networks: Vec<Network>) -> Self {
        Self(networks)
    }

    pub fn trusts(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(address))
    }

    /// Who asks through a connection from `peer`.
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> Client {
        let peer = peer.to_canonical();
        let nobody_else = Client { address: peer, proto: None, host: None };
        if !self.trusts(peer) {
            return nobody_else;
        }
        let standard = headers.contains_key(FORWARDED).then(|| self.read(peer, &header::forwarded(headers)));
        let customary = [X_FORWARDED_FOR, X_FORWARDED_PROTO, X_FORWARDED_HOST].iter().any(|x| headers.contains_key(x));
        let customary = customary.then(|| self.read(peer, &header::x_forwarded(headers)));
        match (standard, customary) {
            // A proxy writes one kind and may pass on the other as the client wrote it. Which is which can't be told.
            (Some(one), Some(other)) if one.address != other.address => nobody_else,
            (Some(one), Some(other)) => {
                Client { proto: one.proto.or(other.proto), host: one.host.or(other.host), ..one }
            }
            (Some(client), None) | (None, Some(client)) => client,
            (None, None) => nobody_else,
        }
    }

    fn read(&self, peer: IpAddr, hops: &[Hop]) -> Client {
        let mut client = Client { address: peer, proto: None, host: None };
        for hop in hops.iter().rev() {
            client.proto = hop.proto;
            client.host.clone_from(&hop.host);
            let Some(address) = hop.address else { break };
            client.address = address;
            if !self.trusts(address) {
                break;
            }
        }
        client
    }
}

impl Proto {
    fn parse(text: &str) -> Option<Self> {
        match text.to_ascii_lowercase().as_str() {
            "http" | "ws" => Some(Self::Http),
            "https" | "wss" => Some(Self::Https),
            _ => None,
        }
    }
}

/// An address with or without a port; IPv6 in brackets or not.
fn address(text: &str) -> Option<IpAddr> {
    // A port may be hidden, too (RFC 7239, section 6).
    let text = text.rsplit_once(":_").map_or(text, |(address, _)| address);
    let bare = text.strip_prefix('[').and_then(|t| t.strip_suffix(']')).unwrap_or(text);
    let with_port = || text.parse::<SocketAddr>().map(|a| a.ip());
    bare.parse::<IpAddr>().or_else(|_| with_port()).ok().map(|a| a.to_canonical())
}

#[cfg(test)]
mod tests;
