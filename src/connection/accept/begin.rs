//! From the upgraded stream to the connection's task.

use std::sync::{Arc, LazyLock};

use hyper::upgrade::{OnUpgrade, Parts, Upgraded};
use hyper_util::rt::TokioIo;
use socket2::SockRef;
use tokio::net::TcpStream;

use super::caps::Permit;
use crate::connection::limits::{KERNEL_SEND_BUFFER_BYTES, PEER_SILENCE};
use crate::connection::socket::{Opening, Socket, Stream};
use crate::connection::{Connections, Identity};
use crate::wire::Patient;

/// Waits for the stream, then lets the connection's own task go on: this one's state, hyper's included, is freed.
pub(super) async fn begin(
    upgrade: OnUpgrade,
    connections: Arc<Connections>,
    identity: Option<Identity>,
    permit: Permit,
) {
    let upgraded = match upgrade.await {
        Ok(upgraded) => upgraded,
        Err(error) => {
            tracing::debug!(%error, "a WebSocket's client went away during the handshake");
            return;
        }
    };
    // Copied, since a slice would keep hyper's whole read buffer alive.
    let (stream, early) = match upgraded.downcast::<TokioIo<Patient>>() {
        Ok(Parts { io, read_buf, .. }) => (Stream::Shared(tune(io.into_inner().into_inner())), read_buf.to_vec()),
        Err(upgraded) => (Stream::Owned(Box::pin(TokioIo::<Upgraded>::new(upgraded))), Vec::new()),
    };
    let tasks = connections.tasks.clone();
    tasks.spawn(Socket::open(connections, stream, Opening { answer: Vec::new(), early }, identity, permit));
}

/// Starts the connection's task on a stream of our own. `answer` has not left yet: it leaves with the first frame.
pub(super) fn begin_direct(
    stream: TcpStream,
    answer: Vec<u8>,
    connections: Arc<Connections>,
    identity: Option<Identity>,
    permit: Permit,
) {
    let (tasks, opening) = (connections.tasks.clone(), Opening { answer, early: Vec::new() });
    tasks.spawn(Socket::open(connections, Stream::Shared(tune(stream)), opening, identity, permit));
}

/// Whether the system's congestion control is bbr, which spreads what leaves a socket by a timer for each write: a gain
/// for downloads, and up to a fifth of a write's cost for frames that never fill a path. `reno` is in every Linux and allowed
/// to everyone.
static PACED_BY_TIMERS: LazyLock<bool> = LazyLock::new(|| {
    std::fs::read_to_string("/proc/sys/net/ipv4/tcp_congestion_control").is_ok_and(|name| name.starts_with("bbr"))
});

/// Bounds what the kernel keeps for a peer that does not read, and how long it tries to reach one that is gone.
/// The connection works without, so a refusal is no reason to end it.
fn tune(socket: TcpStream) -> TcpStream {
    let options = SockRef::from(&socket);
    let done = options
        .set_send_buffer_size(KERNEL_SEND_BUFFER_BYTES)
        .and_then(|()| options.set_tcp_user_timeout(Some(PEER_SILENCE)))
        .and_then(|()| if *PACED_BY_TIMERS { options.set_tcp_congestion(b"reno") } else { Ok(()) });
    if let Err(error) = done {
        tracing::debug!(%error, "socket options were refused");
    }
    socket
}
