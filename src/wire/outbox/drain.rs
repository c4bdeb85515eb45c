//! The connection's task's side of its outbox: drains what waits, and learns when the connection must end.

use std::io::{self, IoSlice};
use std::task::{Context, Poll, ready};

use socket2::SockRef;
use tokio::net::TcpStream;
use tokio::time::Instant;

use super::{Outbox, Phase, State};
use crate::wire::limits::{MAX_BACKLOG_AGE, MAX_SLICES_PER_WRITE};

/// Where a connection stands, as its task sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    Open,
    /// Nothing more is accepted; what waits may leave for a short while.
    Closing,
    Gone,
}

impl Outbox {
    /// The stream, when senders write to it themselves.
    pub(crate) fn socket(&self) -> Option<&TcpStream> {
        self.socket.as_ref()
    }

    /// Remembers the calling task and drains what waits by `write`, as far as it goes. Ready when nothing waits.
    pub(crate) fn poll_drain(
        &self,
        cx: &mut Context<'_>,
        mut write: impl FnMut(&mut Context<'_>, &[IoSlice<'_>]) -> Poll<io::Result<usize>>,
    ) -> Poll<io::Result<()>> {
        let mut state = self.lock();
        state.remember(cx);
        while let Some(backlog) = &mut state.backlog {
            let mut slices = [IoSlice::new(&[]); MAX_SLICES_PER_WRITE];
            let count = backlog.next(&mut slices);
            let written = ready!(write(cx, &slices[..count]))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            backlog.advance(written);
            if backlog.is_empty() {
                state.backlog = None;
            }
        }
        Poll::Ready(Ok(()))
    }

    /// [`poll_drain`](Self::poll_drain) to the shared socket.
    pub(crate) fn poll_drain_direct(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Some(socket) = &self.socket else { return Poll::Ready(Ok(())) };
        self.poll_drain(cx, |cx, slices| {
            loop {
                ready!(socket.poll_write_ready(cx))?;
                match socket.try_write_vectored(slices) {
                    Err(e) if e.kind() == io::ErrorKind::WouldBlock => {}
                    done => return Poll::Ready(done),
                }
            }
        })
    }

    pub(crate) fn standing(&self) -> Standing {
        match self.lock().phase {
            Phase::Open => Standing::Open,
            Phase::Closing { .. } => Standing::Closing,
            Phase::Gone => Standing::Gone,
        }
    }

    /// When [`expire`](Self::expire) has something to do if nothing drains until then.
    pub(crate) fn due(&self) -> Option<Instant> {
        let state = self.lock();
        match state.phase {
            Phase::Open => Some(state.backlog.as_ref()?.oldest()? + MAX_BACKLOG_AGE),
            Phase::Closing { until } => Some(until),
            Phase::Gone => None,
        }
    }

    /// Closes a connection whose oldest waiting frame is too old, and ends one that has lingered long enough.
    pub(crate) fn expire(&self, now: Instant) {
        let mut state = self.lock();
        match state.phase {
            Phase::Open if state.is_too_slow(now) => state.abandon(now),
            Phase::Closing { until } if now >= until => state.enter(Phase::Gone),
            _ => {}
        }
    }

    /// Ends our side of a shared stream; the client's may go on.
    pub(crate) fn half_close(&self) {
        if let Some(socket) = &self.socket {
            // Fails only if the peer has ended it already.
            let _ = SockRef::from(socket).shutdown(std::net::Shutdown::Write);
        }
    }

    /// Ends the stream, whoever still holds the outbox.
    pub(crate) fn end(&self) {
        self.lock().enter(Phase::Gone);
        if let Some(socket) = &self.socket {
            // Fails only if the peer has ended it already.
            let _ = SockRef::from(socket).shutdown(std::net::Shutdown::Both);
        }
    }
}

impl State {
    fn remember(&mut self, cx: &Context<'_>) {
        match &mut self.task {
            Some(task) => task.clone_from(cx.waker()),
            none => *none = Some(cx.waker().clone()),
        }
    }
}
