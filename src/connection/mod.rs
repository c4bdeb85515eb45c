//! A connection: one WebSocket of one user, in as many stages as it likes.
//!
//! [`core`] decides, without I/O or clock; [`socket`] is the task around it: it reads, lets the core decide, and carries
//! that out. [`accept`] turns an HTTP request into such a task.

pub mod accept;
pub mod core;
pub mod hearing;
pub mod limits;
mod socket;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use octave_protocol::model::User;
use octave_protocol::{CloseCode, Guest};
use tokio::sync::mpsc;
use tokio_util::task::TaskTracker;

use crate::base::clock::Clock;
use crate::base::telemetry::SocketMetrics;
use crate::presence::{People, SessionId};
use crate::stage::Registry;
use crate::wire::limits::CLOSE_LINGER;
pub use accept::caps::{Caps, Permit};
pub use core::Pacing;
use hearing::Heard;

/// Who is at the other end, and by which login.
#[derive(Debug, Clone)]
pub struct Identity {
    pub user: Arc<User>,
    /// Where they belong, who have no account.
    pub guest: Option<Guest>,
    pub session: SessionId,
}

/// Why a token opens nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuthError {
    /// Unknown or ended.
    BadToken,
    /// The store did not answer.
    Unavailable,
}

/// Looks up the token of a `hello` frame.
pub type Authenticate =
    Arc<dyn Fn(String) -> Pin<Box<dyn Future<Output = Result<Identity, AuthError>> + Send>> + Send + Sync>;

/// What all sockets of this process share.
pub struct Connections {
    pub registry: Arc<Registry>,
    pub people: Arc<People>,
    pub clock: Clock,
    pub authenticate: Authenticate,
    /// Whether rate limits apply.
    pub pacing: Pacing,
    pub caps: Arc<Caps>,
    pub metrics: SocketMetrics,
    /// Where it is written down what listeners have heard; what finds no room there is not.
    pub heard: mpsc::Sender<Heard>,
    /// This process's name in `welcome`.
    pub node: Arc<str>,
    /// One task per socket.
    pub tasks: TaskTracker,
}

impl Connections {
    /// Tells every client to come back and waits until the connections are closed, for a bounded time.
    pub async fn close_all(&self) {
        self.people.close_all(CloseCode::Restart, "the server restarts; come back in 1 to 5 s");
        self.tasks.close();
        if tokio::time::timeout(CLOSE_LINGER * 2, self.tasks.wait()).await.is_err() {
            tracing::warn!(left = self.tasks.len(), "some connections did not end in time");
        }
    }
}
