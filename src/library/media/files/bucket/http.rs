//! The one client for all that goes out to a bucket. It waits for nothing without a bound.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::TryStreamExt as _;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Empty, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::header::{CONTENT_LENGTH, RANGE};
use hyper::{Method, Request, Response};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::{ClientConfig, RootCertStore};
use tokio::time::timeout;
use tokio_util::io::ReaderStream;

use super::super::figures::{Figures, Outcome};
use super::super::refusal::Refusal;

/// Until a connection stands, its TLS not counted.
const CONNECTS_WITHIN: Duration = Duration::from_secs(3);
/// Until the head of an answer is there.
const ANSWERS_WITHIN: Duration = Duration::from_secs(5);
/// Between two pieces of an answer's body.
const GOES_ON_WITHIN: Duration = Duration::from_secs(10);
/// A file that goes out may take this, and more by its size.
const GOES_WITHIN: Duration = Duration::from_secs(30);
/// Least bytes a second of a file that goes out.
const LEAST_RATE: u64 = 128 * 1024;
/// How long a connection is kept for the next request; most servers close theirs a little later.
const IDLE: Duration = Duration::from_secs(15);
/// Most bytes of an answer that is kept in memory: a page of a list.
const MOST: usize = 4 * 1024 * 1024;
/// Bytes of a file that are read at once to be sent.
const PIECE: usize = 256 * 1024;

type Sent = UnsyncBoxBody<Bytes, io::Error>;

#[derive(Debug, Clone)]
pub(super) struct Http(Client<HttpsConnector<HttpConnector>, Sent>);

/// What is asked.
pub(super) struct Ask<'a> {
    pub(super) method: Method,
    /// Signed.
    pub(super) url: String,
    /// What is being done and where, for whoever reads of a failure. The signed address stands in no log.
    pub(super) doing: &'a str,
    pub(super) host: &'a str,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) figures: &'a Figures,
}

impl Http {
    /// For a bucket behind such an address. Certificates are read where there is something to hold against them.
    pub(super) fn new(endpoint: &str) -> io::Result<Self> {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_connect_timeout(Some(CONNECTS_WITHIN));
        let provider = rustls::crypto::ring::default_provider();
        let https = if endpoint.starts_with("https://") {
            let none =
                "no authorities' certificates are found; install ca-certificates, or name a file by SSL_CERT_FILE";
            let roots = HttpsConnectorBuilder::new().with_provider_and_native_roots(provider);
            roots.map_err(|error| io::Error::new(error.kind(), format!("{none}: {error}")))?
        } else {
            let tls = ClientConfig::builder_with_provider(Arc::new(provider)).with_safe_default_protocol_versions();
            let tls = tls.map_err(io::Error::other)?.with_root_certificates(RootCertStore::empty());
            HttpsConnectorBuilder::new().with_tls_config(tls.with_no_client_auth())
        };
        let connector = https.https_or_http().enable_http1().wrap_connector(tcp);
        let mut client = Client::builder(TokioExecutor::new());
        client.pool_idle_timeout(IDLE).pool_timer(TokioTimer::new());
        Ok(Self(client.build(connector)))
    }

    /// Asks without a body. An answer of another kind than 2xx is a refusal.
    pub(super) async fn ask(&self, ask: &Ask<'_>, from: Option<(u64, u64)>) -> Result<Response<Incoming>, Refusal> {
        let mut request = request(ask)?;
        if let Some((from, to)) = from {
            let range =
                format!("bytes={from}-{to}").parse().map_err(|_| Refusal::nonsense(ask.doing, "has no range"))?;
            request.headers_mut().insert(RANGE, range);
        }
        let empty = Empty::new().map_err(|never| match never {}).boxed_unsync();
        self.send(ask, request.map(|()| empty), ANSWERS_WITHIN).await
    }

    /// Sends a file of so many bytes; of it no more than a piece is in memory.
    pub(super) async fn send_file(&self, ask: &Ask<'_>, file: tokio::fs::File, size: u64) -> Result<(), Refusal> {
        let mut request = request(ask)?;
        request.headers_mut().insert(CONTENT_LENGTH, size.into());
        let pieces = ReaderStream::with_capacity(file, PIECE).map_ok(Frame::data);
        let body = StreamBody::new(pieces).boxed_unsync();
        let within = GOES_WITHIN + Duration::from_secs(size / LEAST_RATE);
        let answer = self.send(ask, request.map(|()| body), within).await?;
        drop(whole(ask, answer).await);
        ask.figures.sent.inc_by(size);
        Ok(())
    }

    async fn send(
        &self,
        ask: &Ask<'_>,
        request: Request<Sent>,
        within: Duration,
    ) -> Result<Response<Incoming>, Refusal> {
        let answered = self.exchange(ask, request, within).await;
        let outcome = match &answered {
            Ok(_) => Outcome::Done,
            Err(refusal) if refusal.is_missing() => Outcome::Missing,
            Err(_) => Outcome::Failed,
        };
        ask.figures.asked(ask.method.as_str(), outcome);
        answered
    }

    async fn exchange(
        &self,
        ask: &Ask<'_>,
        request: Request<Sent>,
        within: Duration,
    ) -> Result<Response<Incoming>, Refusal> {
        let answer = match timeout(within, self.0.request(request)).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(error)) => return Err(Refusal::unanswered(ask.doing, ask.host, &root_of(&error))),
            Err(_) => return Err(Refusal::silent(ask.doing, ask.host, within)),
        };
        if answer.status().is_success() {
            return Ok(answer);
        }
        let status = answer.status().as_u16();
        let said = whole(ask, answer).await.unwrap_or_default();
        Err(Refusal::answered(ask.doing, status, &said))
    }
}

fn request(ask: &Ask<'_>) -> Result<Request<()>, Refusal> {
    let mut request = Request::builder().method(ask.method.clone()).uri(&ask.url);
    for (name, value) in &ask.headers {
        request = request.header(*name, value);
    }
    request.body(()).map_err(|_| Refusal::nonsense(ask.doing, "has no address"))
}

/// The next piece of an answer; none at its end.
pub(super) async fn piece(ask: &Ask<'_>, body: &mut Incoming) -> Result<Option<Bytes>, Refusal> {
    loop {
        let frame = match timeout(GOES_ON_WITHIN, body.frame()).await {
            Ok(None) => return Ok(None),
            Ok(Some(Ok(frame))) => frame,
            Ok(Some(Err(error))) => return Err(Refusal::unanswered(ask.doing, ask.host, &root_of(&error))),
            Err(_) => return Err(Refusal::silent(ask.doing, ask.host, GOES_ON_WITHIN)),
        };
        if let Ok(bytes) = frame.into_data() {
            return Ok(Some(bytes));
        }
    }
}

/// All of a short answer.
pub(super) async fn whole(ask: &Ask<'_>, answer: Response<Incoming>) -> Result<Vec<u8>, Refusal> {
    let (mut body, mut all) = (answer.into_body(), Vec::new());
    while let Some(bytes) = piece(ask, &mut body).await? {
        if all.len() + bytes.len() > MOST {
            return Err(Refusal::nonsense(ask.doing, "is too long"));
        }
        all.extend_from_slice(&bytes);
    }
    Ok(all)
}

/// The cause behind all causes: "connection refused" says more than "client error".
fn root_of(error: &(dyn std::error::Error + 'static)) -> String {
    let mut last = error;
    while let Some(next) = last.source() {
        last = next;
    }
    last.to_string()
}
