//! The upgrade: an HTTP/1.1 request becomes a WebSocket (RFC 6455, section 4.2).
//!
//! HTTP has authenticated the request and looked at its origin by then, or leaves it to the `hello` frame.

mod begin;
pub mod caps;

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::Request;
use axum::http::header::{
    CONNECTION, RETRY_AFTER, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_PROTOCOL, SEC_WEBSOCKET_VERSION,
    UPGRADE,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Version};
use axum::response::{IntoResponse, Response};
use octave_protocol::SUBPROTOCOL;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use super::{Connections, Identity};
use caps::Permit;

/// Why a request does not become a WebSocket; HTTP makes a problem reply of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotUpgraded {
    pub status: StatusCode,
    pub code: &'static str,
    pub detail: &'static str,
    /// A header that the reply must carry.
    pub header: Option<(HeaderName, HeaderValue)>,
}

/// A handshake that was found good, and the place that its socket takes.
pub struct Handshake {
    accept: HeaderValue,
    speaks_ours: bool,
    permit: Permit,
}

/// Answers with 101 and starts the connection, or says why not. Without an identity the first frame must be `hello`.
pub fn upgrade(
    connections: &Arc<Connections>,
    identity: Option<Identity>,
    address: IpAddr,
    mut request: Request,
) -> Result<Response, NotUpgraded> {
    let is_get = request.method() == Method::GET && request.version() == Version::HTTP_11;
    let handshake = Handshake::check(connections, is_get, request.headers(), address)?;

    let upgrade = hyper::upgrade::on(&mut request);
    let mut response = StatusCode::SWITCHING_PROTOCOLS.into_response();
    response.headers_mut().extend(handshake.headers());
    connections.tasks.spawn(begin::begin(upgrade, connections.clone(), identity, handshake.permit));
    Ok(response)
}

/// Starts the connection on a stream whose handshake was read without HTTP's help.
pub fn start(connections: &Arc<Connections>, identity: Option<Identity>, handshake: Handshake, stream: TcpStream) {
    let mut answer = Vec::with_capacity(256);
    answer.extend_from_slice(b"HTTP/1.1 101 Switching Protocols\r\n");
    for (name, value) in handshake.headers() {
        for part in [name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"] {
            answer.extend_from_slice(part);
        }
    }
    answer.extend_from_slice(b"\r\n");
    begin::begin_direct(stream, answer, connections.clone(), identity, handshake.permit);
}

impl Handshake {
    /// Looks at the head of an opening handshake, and takes a place for its socket.
    pub fn check(
        connections: &Arc<Connections>,
        is_get: bool,
        headers: &HeaderMap,
        address: IpAddr,
    ) -> Result<Self, NotUpgraded> {
        let accept = check_handshake(is_get, headers)?;
        let permit = connections.caps.admit(address.to_canonical()).ok_or(NotUpgraded {
            status: StatusCode::TOO_MANY_REQUESTS,
            code: "rate_limited",
            detail: "too many connections from this address",
            header: Some((RETRY_AFTER, HeaderValue::from_static("10"))),
        })?;
        let speaks_ours = list(headers, &SEC_WEBSOCKET_PROTOCOL).any(|offered| offered == SUBPROTOCOL);
        Ok(Self { accept, speaks_ours, permit })
    }

    /// What the answer carries.
    fn headers(&self) -> impl Iterator<Item = (HeaderName, HeaderValue)> + use<> {
        let protocol = self.speaks_ours.then(|| (SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(SUBPROTOCOL)));
        let always = [
            (UPGRADE, HeaderValue::from_static("websocket")),
            (CONNECTION, HeaderValue::from_static("upgrade")),
            (SEC_WEBSOCKET_ACCEPT, self.accept.clone()),
        ];
        always.into_iter().chain(protocol)
    }
}

/// The value of `Sec-WebSocket-Accept`, if the request is an opening handshake.
fn check_handshake(is_get: bool, headers: &HeaderMap) -> Result<HeaderValue, NotUpgraded> {
    let names = |name, wanted: &str| list(headers, &name).any(|token| token.eq_ignore_ascii_case(wanted));
    if !is_get || !names(CONNECTION, "upgrade") || !names(UPGRADE, "websocket") {
        return Err(NotUpgraded {
            status: StatusCode::UPGRADE_REQUIRED,
            code: "upgrade_required",
            detail: "this address speaks WebSocket over HTTP/1.1",
            header: Some((UPGRADE, HeaderValue::from_static("websocket"))),
        });
    }
    if headers.get(SEC_WEBSOCKET_VERSION).is_none_or(|version| version != "13") {
        return Err(NotUpgraded {
            status: StatusCode::UPGRADE_REQUIRED,
            code: "upgrade_required",
            detail: "version 13 of the WebSocket protocol is spoken here",
            header: Some((SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"))),
        });
    }
    let bad_key = NotUpgraded {
        status: StatusCode::BAD_REQUEST,
        code: "bad_handshake",
        detail: "Sec-WebSocket-Key must be 16 bytes in base64",
        header: None,
    };
    let key = headers.get(SEC_WEBSOCKET_KEY).map(HeaderValue::as_bytes).filter(|key| is_key(key));
    let accept = derive_accept_key(key.ok_or(bad_key.clone())?);
    HeaderValue::try_from(accept).map_err(|_| bad_key)
}

/// 16 bytes are 22 base64 digits and two of padding.
fn is_key(key: &[u8]) -> bool {
    let digit = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/');
    key.len() == 24 && key.ends_with(b"==") && key[..22].iter().all(digit)
}

/// The comma-separated tokens of a header that may stand several times.
fn list<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    let values = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(more: &[(HeaderName, &str)]) -> HeaderMap {
        let defaults = [
            (CONNECTION, "keep-alive, Upgrade"),
            (UPGRADE, "WebSocket"),
            (SEC_WEBSOCKET_VERSION, "13"),
            (SEC_WEBSOCKET_KEY, "dGhlIHNhbXBsZSBub25jZQ=="),
        ];
        let mut headers = HeaderMap::new();
        for (name, value) in defaults.iter().chain(more) {
            headers.insert(name, value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn the_sample_of_the_standard_is_accepted() {
        assert_eq!(check_handshake(true, &headers(&[])).unwrap(), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }

    #[test]
    fn what_is_no_opening_handshake_is_told_what_to_do() {
        let refusal = |name, value| check_handshake(true, &headers(&[(name, value)])).unwrap_err();
        assert_eq!(refusal(UPGRADE, "h2c").status, StatusCode::UPGRADE_REQUIRED);
        assert_eq!(refusal(CONNECTION, "close").status, StatusCode::UPGRADE_REQUIRED);
        let old = refusal(SEC_WEBSOCKET_VERSION, "8");
        assert_eq!(old.header, Some((SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"))));
        assert_eq!(refusal(SEC_WEBSOCKET_KEY, "short").status, StatusCode::BAD_REQUEST);
    }
}
