//! From the upgraded stream to the session's task.

use std::sync::Arc;

use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use hyper_util::server::conn::auto::upgrade::{Parts, downcast};
use socket2::SockRef;
use tokio::net::TcpStream;

use super::caps::Permit;
use crate::limits::session::{KERNEL_SEND_BUFFER_BYTES, PEER_SILENCE};
use crate::session::socket::{Opening, Socket, Stream};
use crate::session::{Identity, Sessions};

/// Waits for the stream, then lets the session's own task go on: this one's state, hyper's included, is freed.
pub(super) async fn begin(upgrade: OnUpgrade, sessions: Arc<Sessions>, identity: Option<Identity>, permit: Permit) {
    let upgraded = match upgrade.await {
        Ok(upgraded) => upgraded,
        Err(error) => {
            tracing::debug!(%error, "a WebSocket's client went away during the handshake");
            return;
        }
    };
    // Copied, since a slice would keep hyper's whole read buffer alive.
    let (stream, early) = match downcast::<TokioIo<TcpStream>>(upgraded) {
        Ok(Parts { io, read_buf, .. }) => (Stream::Shared(tune(io.into_inner())), read_buf.to_vec()),
        Err(upgraded) => (Stream::Owned(Box::pin(TokioIo::<Upgraded>::new(upgraded))), Vec::new()),
    };
    let tasks = sessions.tasks.clone();
    tasks.spawn(Socket::open(sessions, stream, Opening { answer: Vec::new(), early }, identity, permit));
}

/// Starts the session's task on a stream of our own. `answer` has not left yet: it leaves with the first frame.
pub(super) fn begin_direct(
    stream: TcpStream,
    answer: Vec<u8>,
    sessions: Arc<Sessions>,
    identity: Option<Identity>,
    permit: Permit,
) {
    let (tasks, opening) = (sessions.tasks.clone(), Opening { answer, early: Vec::new() });
    tasks.spawn(Socket::open(sessions, Stream::Shared(tune(stream)), opening, identity, permit));
}

/// Bounds what the kernel keeps for a peer that does not read, and how long it tries to reach one that is gone.
/// The connection works without, so a refusal is no reason to end it.
fn tune(socket: TcpStream) -> TcpStream {
    let options = SockRef::from(&socket);
    let done = options
        .set_send_buffer_size(KERNEL_SEND_BUFFER_BYTES)
        .and_then(|()| options.set_tcp_user_timeout(Some(PEER_SILENCE)));
    if let Err(error) = done {
        tracing::debug!(%error, "socket options were refused");
    }
    socket
}
