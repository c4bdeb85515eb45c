//! One HTTP connection.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::response::IntoResponse;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1::Builder;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use octave_protocol::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

use super::held::Held;
use crate::connection::{Caps, Permit};
use crate::http::kit::host;
use crate::http::kit::problem::Problem;
use crate::http::kit::state::Settings;
use crate::server::limits::{HEAD_WITHIN, MAX_HEAD_BYTES, MAX_HEADERS, TLS_WITHIN};
use crate::server::ws::WsState;
use crate::wire::Patient;

/// When to try again after that.
const TOO_MANY_PAUSE: Duration = Duration::from_secs(10);

/// What an address hears that has too many connections.
pub(super) const TOO_MANY: &[u8] =
    b"HTTP/1.1 429 Too Many Requests\r\nretry-after: 10\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

pub(super) struct Connection {
    pub(super) from: SocketAddr,
    pub(super) settings: Arc<Settings>,
    pub(super) router: Router,
    pub(super) stop: CancellationToken,
    pub(super) place: Place,
}

/// What is counted against an address.
pub(super) enum Place {
    /// The connection.
    Taken(Permit),
    /// A proxy's connections are many people's, one request after the other: each takes a place until its answer has left.
    OfEachRequest(Arc<Caps>),
}

impl Connection {
    /// What asks for a WebSocket leaves by the short way; HTTP, which takes more room, gets a task of its own.
    pub(super) async fn serve_plain(self, stream: TcpStream, ws: Option<WsState>, tasks: TaskTracker) {
        let Some(ws) = ws else { return self.serve(Patient::new(stream)).await };
        let knock = tokio::time::timeout(HEAD_WITHIN, ws.knock(stream, self.from));
        let left = tokio::select! {
            () = self.stop.cancelled() => None,
            left = knock => left.ok().flatten(),
        };
        if let Some(stream) = left {
            tasks.spawn(self.serve(Patient::new(stream)));
        }
    }

    pub(super) async fn serve_tls(self, stream: TcpStream, acceptor: TlsAcceptor) {
        match tokio::time::timeout(TLS_WITHIN, acceptor.accept(Patient::new(stream))).await {
            // Boxed: a TLS session is large, and nothing else of this future outlives the handshake.
            Ok(Ok(stream)) => Box::pin(self.serve(stream)).await,
            Ok(Err(error)) => tracing::debug!(%error, "a TLS handshake failed"),
            Err(_) => tracing::debug!("a TLS handshake took too long"),
        }
    }

    async fn serve<S>(self, stream: S)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let Self { from, settings, router, stop, place } = self;
        let (permit, caps) = match place {
            Place::Taken(permit) => (Some(permit), None),
            Place::OfEachRequest(caps) => (None, Some(caps)),
        };
        let service = service_fn(move |mut request: Request<Incoming>| {
            let client = settings.proxies.client(from.ip(), request.headers());
            // A proxy that does not say for whom it asks is not held to what one person may.
            let caps = caps.as_ref().filter(|_| !settings.proxies.trusts(client.address));
            let place = caps.map(|caps| caps.admit(client.address));
            let is_for_us = host::check(&request, &settings, &client);
            request.extensions_mut().insert(client);
            let router = router.clone();
            async move {
                if let Err(problem) = is_for_us {
                    return Ok(problem.into_response());
                }
                match place {
                    Some(None) => Ok(Problem::rate_limited(TOO_MANY_PAUSE).into_response()),
                    Some(Some(permit)) => {
                        let answer = router.oneshot(request.map(Body::new)).await?;
                        Ok(answer.map(|body| Body::new(Held::new(body, permit))))
                    }
                    None => router.oneshot(request.map(Body::new)).await,
                }
            }
        });
        let connection = Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_WITHIN)
            .max_buf_size(MAX_HEAD_BYTES)
            .max_headers(MAX_HEADERS)
            .serve_connection(TokioIo::new(stream), service)
            .with_upgrades();
        tokio::pin!(connection);
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            () = stop.cancelled() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(error) = ended {
            tracing::debug!(%error, "an HTTP connection broke");
        }
        drop(permit);
    }
}
