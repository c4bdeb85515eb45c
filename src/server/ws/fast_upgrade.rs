//! The short way to a WebSocket: a handshake that is all there and has nothing unusual is read and answered here, where
//! the router, its layers and the server behind it would cost more than all the rest of a join. Whatever is not quite
//! so is left to them untouched, so that there is one place that says no.

use std::net::SocketAddr;

use axum::http::{HeaderMap, HeaderName, HeaderValue, Version};
use tokio::net::TcpStream;

use super::{WsState, who_asks};
use crate::connection::accept::{Handshake, start};
use crate::http::kit::host;
use crate::server::limits::MAX_HEADERS;

/// A handshake's head is some 300 bytes from a program and 700 from a browser; a longer one takes the long way.
const HEAD_BYTES: usize = 2_048;

impl WsState {
    /// Opens the WebSocket that a plain connection asks for. Otherwise the stream comes back, with nothing read from it.
    pub async fn knock(&self, stream: TcpStream, from: SocketAddr) -> Option<TcpStream> {
        let mut bytes = [0; HEAD_BYTES];
        let Ok(length) = stream.peek(&mut bytes).await else { return None };
        let Some((headers, length)) = handshake(&bytes[..length]) else { return Some(stream) };
        let client = self.app.settings.proxies.client(from.ip(), &headers);
        if !host::is_said(Version::HTTP_11, &headers) || !host::is_ours(&headers, &self.app.settings, &client) {
            return Some(stream);
        }
        let Ok(identity) = who_asks(&self.app, &headers, Some(&client)).await else { return Some(stream) };
        let handshake = Handshake::check(&self.connections, true, &headers, client.address);
        let Ok(handshake) = handshake else { return Some(stream) };
        // It has been seen, so it is there.
        if stream.try_read(&mut bytes[..length]).ok() != Some(length) {
            return None;
        }
        start(&self.connections, identity, handshake, stream);
        None
    }
}

/// The headers of a whole `GET /ws`, and the length of its head.
fn handshake(bytes: &[u8]) -> Option<(HeaderMap, usize)> {
    if !bytes.starts_with(b"GET /ws HTTP/1.1\r\n") {
        return None;
    }
    let mut fields = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut request = httparse::Request::new(&mut fields);
    let Ok(httparse::Status::Complete(length)) = request.parse(bytes) else { return None };
    let mut headers = HeaderMap::with_capacity(request.headers.len());
    for field in request.headers.iter() {
        let name = HeaderName::from_bytes(field.name.as_bytes()).ok()?;
        headers.append(name, HeaderValue::from_bytes(field.value).ok()?);
    }
    // A body would stand in the way of the first frame.
    let has_body = headers.contains_key("content-length") || headers.contains_key("transfer-encoding");
    (!has_body).then_some((headers, length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_whole_and_plain_handshake_takes_the_short_way() {
        let whole = "GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\n";
        let (headers, length) = handshake(format!("{whole}frames").as_bytes()).unwrap();
        assert_eq!((headers["upgrade"].as_bytes(), length), (&b"websocket"[..], whole.len()));
        for other in [
            "GET /ws HTTP/1.1\r\nHost: a\r\n",
            "GET /ws?x=1 HTTP/1.1\r\n\r\n",
            "GET /ws HTTP/1.0\r\n\r\n",
            "POST /ws HTTP/1.1\r\n\r\n",
            "GET /ws HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}",
            "GET /ws HTTP/1.1\r\nB\u{7f}d: a\r\n\r\n",
        ] {
            assert!(handshake(other.as_bytes()).is_none(), "{other}");
        }
    }
}
