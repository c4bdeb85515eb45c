//! Whoever has come over TLS is told to come so again.

use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::http::header::STRICT_TRANSPORT_SECURITY;
use axum::middleware::Next;
use axum::response::Response;

use super::forwarded::{Client, Proto};
use crate::http::kit::state::{AppState, Transport};

/// A year, in seconds: for this host alone, since others of its domain are others'.
const A_YEAR: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// Says so, where it came over TLS as far as is known; over plain HTTP it must not be said (RFC 6797, section 7.2).
pub async fn stay_encrypted(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let proto = request.extensions().get::<Client>().and_then(|client| client.proto);
    let encrypted = match proto {
        Some(proto) => proto == Proto::Https,
        None => state.settings.transport == Transport::Tls,
    };
    let mut response = next.run(request).await;
    if encrypted {
        response.headers_mut().insert(STRICT_TRANSPORT_SECURITY, A_YEAR);
    }
    response
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use axum::body::Body;

    use super::*;
    use crate::http::kit::state::Settings;
    use crate::http::kit::testing::Api;

    #[tokio::test]
    async fn over_tls_and_there_alone_a_browser_is_told_to_stay() {
        for (transport, proto, told) in [
            (Transport::Plain, None, ""),
            (Transport::Tls, None, "max-age=31536000"),
            (Transport::Plain, Some(Proto::Https), "max-age=31536000"),
            (Transport::Tls, Some(Proto::Http), ""),
        ] {
            let api = Api::with(Settings { transport, ..Settings::default() }).await;
            for path in ["/", "/api/v1/server", "/api/v1/nothing"] {
                let mut request = Request::get(path).body(Body::empty()).unwrap();
                let address = IpAddr::V4(Ipv4Addr::LOCALHOST);
                request.extensions_mut().insert(Client { address, proto, host: None });
                let reply = api.guest().raw(request).await;
                assert_eq!(reply.header("strict-transport-security"), told, "{path}, {transport:?}, {proto:?}");
                assert!(reply.header("permissions-policy").contains("microphone=()"), "{path}");
            }
        }
    }
}
