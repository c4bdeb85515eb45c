//! Hands one message to a push service, and says what became of it.

use std::io;

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, HeaderName};
use hyper::{Request, StatusCode};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tokio::time::timeout;

use super::endpoint::{Endpoint, Reach, Resolver};
use super::limits::{ANSWERS_WITHIN, CONNECTS_WITHIN, KEPT_SECONDS};

const TTL: HeaderName = HeaderName::from_static("ttl");
const URGENCY: HeaderName = HeaderName::from_static("urgency");

/// What goes to one device.
#[derive(Debug)]
pub(super) struct Letter {
    pub(super) to: Endpoint,
    pub(super) authorization: String,
    pub(super) sealed: Bytes,
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Taken,
    /// The device is not there any more.
    Gone,
    /// The service may take it another time.
    NotNow,
    /// It never will.
    Refused(StatusCode),
}

/// The client for all push services. It follows nobody elsewhere.
#[derive(Debug)]
pub(super) struct Post(Client<HttpsConnector<HttpConnector<Resolver>>, Full<Bytes>>);

impl Post {
    pub(super) fn new(reach: Reach) -> io::Result<Self> {
        let mut tcp = HttpConnector::new_with_resolver(Resolver(reach));
        tcp.enforce_http(false);
        tcp.set_connect_timeout(Some(CONNECTS_WITHIN));
        let tls =
            HttpsConnectorBuilder::new().with_provider_and_native_roots(rustls::crypto::ring::default_provider())?;
        let tls = if reach == Reach::Anywhere { tls.https_or_http() } else { tls.https_only() };
        Ok(Self(Client::builder(TokioExecutor::new()).build(tls.enable_http1().wrap_connector(tcp))))
    }

    pub(super) async fn send(&self, letter: &Letter) -> Outcome {
        let request = Request::post(letter.to.uri())
            .header(AUTHORIZATION, &letter.authorization)
            .header(CONTENT_ENCODING, "aes128gcm")
            .header(CONTENT_TYPE, "application/octet-stream")
            .header(TTL, KEPT_SECONDS)
            .header(URGENCY, "high")
            .body(Full::new(letter.sealed.clone()));
        let Ok(request) = request else { return Outcome::Refused(StatusCode::BAD_REQUEST) };
        match timeout(ANSWERS_WITHIN, self.0.request(request)).await {
            // What it says besides is not read.
            Ok(Ok(answer)) => outcome(answer.status()),
            Ok(Err(_)) | Err(_) => Outcome::NotNow,
        }
    }
}

fn outcome(status: StatusCode) -> Outcome {
    match status {
        StatusCode::NOT_FOUND | StatusCode::GONE => Outcome::Gone,
        StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT => Outcome::NotNow,
        _ if status.is_success() => Outcome::Taken,
        _ if status.is_server_error() => Outcome::NotNow,
        _ => Outcome::Refused(status),
    }
}
