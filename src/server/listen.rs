//! The listeners and HTTP connections.
//!
//! A loop of our own instead of axum's, for what it leaves out: a bound on the time for a request's head, caps per
//! address, TLS, and an orderly end. A connection that becomes a WebSocket leaves from here.

mod connection;
mod held;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use anyhow::{Context, Result};
use axum::Router;
use socket2::SockRef;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::tls::Tls;
use crate::config::TlsFiles;
use crate::connection::{Caps, Pacing};
use crate::http::kit::state::Settings;
use crate::server::limits::{ACCEPT_PAUSE, MAX_CONNECTIONS_PER_ADDRESS, REQUESTS_END_WITHIN};
use crate::server::ws::WsState;
use connection::{Connection, Place};

/// A bound socket.
pub(super) struct Listener {
    socket: TcpListener,
    address: SocketAddr,
    tls: Option<Arc<Tls>>,
}

pub(super) async fn bind(addresses: &[SocketAddr], tls: Option<&TlsFiles>) -> Result<Vec<Listener>> {
    let tls = tls.map(Tls::load).transpose()?;
    let mut listeners = Vec::new();
    for wanted in addresses {
        let socket = TcpListener::bind(wanted).await.with_context(|| format!("can't listen on {wanted}"))?;
        // What is accepted inherits it. Without it a small frame could wait for the acknowledgement of the one before.
        SockRef::from(&socket).set_tcp_nodelay(true).context("TCP_NODELAY was refused")?;
        let address = socket.local_addr()?;
        listeners.push(Listener { socket, address, tls: tls.clone() });
    }
    Ok(listeners)
}

impl Listener {
    pub(super) fn url(&self) -> String {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }
}

/// All that serves HTTP.
pub(super) struct Serving {
    shared: Shared,
    watching: Option<AbortHandle>,
}

/// What all connections share.
#[derive(Clone)]
struct Shared {
    router: Router,
    settings: Arc<Settings>,
    /// Where a `WebSocket` is opened, too.
    ws: Option<WsState>,
    caps: Arc<Caps>,
    stop: CancellationToken,
    connections: TaskTracker,
}

impl Serving {
    /// Serves all, and at other addresses what is answered there alone.
    pub(super) fn start(
        listeners: Vec<Listener>,
        router: &Router,
        ws: &WsState,
        pacing: Pacing,
        apart: (Vec<Listener>, Router),
    ) -> Self {
        let shared = Shared {
            router: router.clone(),
            settings: ws.app.settings.clone(),
            ws: Some(ws.clone()),
            caps: Caps::with_most_per_address(pacing, MAX_CONNECTIONS_PER_ADDRESS),
            stop: CancellationToken::new(),
            connections: TaskTracker::new(),
        };
        let tls = listeners.first().and_then(|listener| listener.tls.clone());
        let watching = tls.map(|tls| tokio::spawn(tls.watch()).abort_handle());
        for listener in listeners {
            shared.connections.spawn(accept(listener, shared.clone()));
        }
        let serving = Self { shared, watching };
        serving.also(apart.0, &apart.1);
        serving
    }

    /// Serves something else at other addresses, under whatever name that is asked for.
    fn also(&self, listeners: Vec<Listener>, router: &Router) {
        let settings = Settings { public_url: None, ..Settings::clone(&self.shared.settings) };
        let shared = Shared { router: router.clone(), settings: Arc::new(settings), ws: None, ..self.shared.clone() };
        for listener in listeners {
            shared.connections.spawn(accept(listener, shared.clone()));
        }
    }

    /// Closes the listeners; connections end with the request they are at.
    pub(super) fn stop_accepting(&self) {
        self.shared.stop.cancel();
        if let Some(watching) = &self.watching {
            watching.abort();
        }
    }

    /// Waits for requests under way, for a bounded time.
    pub(super) async fn finish(self) {
        let connections = &self.shared.connections;
        connections.close();
        if tokio::time::timeout(REQUESTS_END_WITHIN, connections.wait()).await.is_err() {
            tracing::info!(left = connections.len(), "requests were cut off");
        }
    }
}

async fn accept(listener: Listener, shared: Shared) {
    loop {
        let accepted = tokio::select! {
            () = shared.stop.cancelled() => return,
            accepted = listener.socket.accept() => accepted,
        };
        match accepted {
            Ok((stream, from)) => welcome(&listener, &shared, stream, from),
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

fn welcome(listener: &Listener, shared: &Shared, stream: TcpStream, from: SocketAddr) {
    let address: IpAddr = from.ip().to_canonical();
    let settings = shared.settings.clone();
    let place = if settings.proxies.trusts(address) {
        Place::OfEachRequest(shared.caps.clone())
    } else if let Some(permit) = shared.caps.admit(address) {
        Place::Taken(permit)
    } else {
        if listener.tls.is_none() {
            // As far as it goes: the point is to spend nothing on a flood.
            let _ = stream.try_write(connection::TOO_MANY);
        }
        return;
    };
    let connection = Connection { from, settings, router: shared.router.clone(), stop: shared.stop.clone(), place };
    match &listener.tls {
        None => shared.connections.spawn(connection.serve_plain(stream, shared.ws.clone(), shared.connections.clone())),
        Some(tls) => shared.connections.spawn(connection.serve_tls(stream, tls.acceptor())),
    };
}
