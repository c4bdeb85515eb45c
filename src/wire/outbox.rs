//! The write end of one connection, shared by all who have something to say to it.
//!
//! A plain TCP connection is written to by whoever calls [`Outbox::send`], in that task, without waking another one.
//! Only when the socket would block are the rest of the bytes kept (shared, not copied) and the connection's own task
//! drains them. All writes of a connection take one lock, so the order is the order of the calls. A connection whose
//! stream can't be shared (TLS) keeps everything for its task.

mod drain;

pub(crate) use drain::Standing;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::Waker;

use bytes::Bytes;
use octave_protocol::CloseCode;
use rustix::io::Errno;
use rustix::net::SendFlags;
use tokio::net::TcpStream;
use tokio::time::Instant;

use super::backlog::{Backlog, Lane};
use super::frame;
use crate::wire::limits::{CLOSE_LINGER, MAX_BACKLOG_AGE, MAX_BACKLOG_BYTES};

/// What became of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// In the kernel's hands.
    Written,
    /// Kept until the socket takes more.
    Kept,
    /// Not accepted: the connection is closed or closing.
    Gone,
}

/// The write end of one connection.
#[derive(Debug)]
pub struct Outbox {
    /// The stream that senders write to themselves; none when only the connection's task can write.
    socket: Option<TcpStream>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    phase: Phase,
    /// Boxed, since nearly no connection has one.
    backlog: Option<Box<Backlog>>,
    /// The connection's task, told when there is something to drain or to end.
    task: Option<Waker>,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Phase {
    #[default]
    Open,
    /// The close frame is the last of what waits or has left; all is over at `until`.
    Closing {
        until: Instant,
    },
    Gone,
}

impl Outbox {
    /// Writes to `socket` from every sender's own task.
    pub fn direct(socket: TcpStream) -> Self {
        Self { socket: Some(socket), state: Mutex::default() }
    }

    /// Keeps everything for the connection's task (TLS), or for a test to look at.
    pub fn queued() -> Self {
        Self { socket: None, state: Mutex::default() }
    }

    /// Sends one or more whole frames, in order after all that was sent before.
    pub fn send(&self, frames: &Bytes) -> Sent {
        self.lock().send(self.socket.as_ref(), frames, Lane::InOrder, SendFlags::empty())
    }

    /// Sends whole frames ahead of what waits (never inside a frame that has partly left): pongs.
    pub fn send_urgent(&self, frames: &Bytes) -> Sent {
        self.lock().send(self.socket.as_ref(), frames, Lane::Urgent, SendFlags::empty())
    }

    /// Sends if nothing is waiting before it; for what may be dropped under load (reactions, typing).
    ///
    /// A connection without a shared socket takes it while little waits, since there everything waits for a moment.
    pub fn offer(&self, frames: &Bytes) -> Sent {
        let mut state = self.lock();
        let waiting = state.backlog.as_ref().map_or(0, |b| b.bytes());
        let few = if self.socket.is_some() { 0 } else { MAX_BACKLOG_BYTES / 8 };
        if waiting > few {
            return Sent::Gone;
        }
        state.send(self.socket.as_ref(), frames, Lane::InOrder, SendFlags::empty())
    }

    /// Says why, behind what waits, then closes, in [`CLOSE_LINGER`] at the latest. Later sends answer [`Sent::Gone`].
    pub fn close(&self, code: CloseCode, reason: &'static str) {
        self.send_last(&frame::close(code, reason), SendFlags::empty());
    }

    /// Answers the peer's close frame, if ours has not been sent. The stream's end is to follow at once, in the same
    /// segment: it is not sent for up to 200 ms without (`MSG_MORE` in send(2)).
    pub(crate) fn finish(&self, close_echo: &Bytes) {
        self.send_last(close_echo, SendFlags::MORE);
    }

    fn send_last(&self, close_frame: &Bytes, flags: SendFlags) {
        let mut state = self.lock();
        if state.send(self.socket.as_ref(), close_frame, Lane::InOrder, flags) != Sent::Gone {
            state.enter(Phase::Closing { until: Instant::now() + CLOSE_LINGER });
        }
    }

    /// Whether nothing can be sent any more.
    pub fn is_gone(&self) -> bool {
        self.lock().phase != Phase::Open
    }

    /// Takes what waits, in the order in which it would leave: how a test reads a [`queued`](Self::queued) outbox.
    pub fn take_backlog(&self) -> Vec<Bytes> {
        self.lock().backlog.take().map_or_else(Vec::new, |b| b.into_runs())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing panics under the lock; were it so, the bytes that wait would still be whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// With the flags of send(2).
    fn send(&mut self, socket: Option<&TcpStream>, frames: &Bytes, lane: Lane, flags: SendFlags) -> Sent {
        if self.phase != Phase::Open {
            return Sent::Gone;
        }
        let mut written = 0;
        if let (Some(socket), None) = (socket, &self.backlog) {
            // The runtime is not asked whether the socket has room: nearly always it has, and whoever drains asks.
            match rustix::net::send(socket, frames, flags | SendFlags::NOSIGNAL) {
                Ok(n) if n == frames.len() => return Sent::Written,
                Ok(n) => written = n,
                Err(Errno::AGAIN | Errno::INTR) => {}
                Err(_) => {
                    self.enter(Phase::Gone);
                    return Sent::Gone;
                }
            }
        }
        self.keep(frames, written, lane)
    }

    fn keep(&mut self, frames: &Bytes, written: usize, lane: Lane) -> Sent {
        let now = Instant::now();
        if self.is_too_slow(now) {
            self.abandon(now);
            return Sent::Gone;
        }
        if self.backlog.is_none() {
            self.wake();
        }
        self.backlog.get_or_insert_default().keep(frames, written, lane, now);
        Sent::Kept
    }

    fn is_too_slow(&self, now: Instant) -> bool {
        let Some(backlog) = &self.backlog else { return false };
        backlog.bytes() >= MAX_BACKLOG_BYTES || backlog.oldest().is_some_and(|since| now >= since + MAX_BACKLOG_AGE)
    }

    /// Gives up on what waits: the peer gets the code that lets it come back, if it ever reads.
    fn abandon(&mut self, now: Instant) {
        let backlog = self.backlog.get_or_insert_default();
        backlog.abandon();
        backlog.keep(&frame::close(CloseCode::TooSlow, "fell too far behind"), 0, Lane::InOrder, now);
        self.enter(Phase::Closing { until: now + CLOSE_LINGER });
    }

    fn enter(&mut self, phase: Phase) {
        if phase == Phase::Gone {
            self.backlog = None;
        }
        self.phase = phase;
        self.wake();
    }

    fn wake(&mut self) {
        if let Some(task) = self.task.take() {
            task.wake();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use tokio::io::AsyncReadExt;
    use tokio::net::TcpListener;

    use super::*;

    async fn connected() -> (Outbox, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (socket, _) = listener.accept().await.unwrap();
        socket.writable().await.unwrap();
        (Outbox::direct(socket), client)
    }

    /// Frames whose text is a counter, so that their order can be read.
    fn numbered(n: usize, size: usize) -> Bytes {
        let mut out = bytes::BytesMut::new();
        frame::put_json(&mut out, &format!("{n:08}{}", "x".repeat(size)));
        out.freeze()
    }

    #[tokio::test]
    async fn a_socket_with_room_is_written_to_at_once() {
        let (outbox, mut client) = connected().await;
        let frame = numbered(1, 10);
        assert_eq!(outbox.send(&frame), Sent::Written);
        let mut got = vec![0; frame.len()];
        client.read_exact(&mut got).await.unwrap();
        assert_eq!(got, frame);
    }

    #[tokio::test]
    async fn what_a_full_socket_did_not_take_follows_in_order_with_the_pong_in_front() {
        let (outbox, mut client) = connected().await;
        let mut frames = 0;
        while outbox.send(&numbered(frames, 60_000)) == Sent::Written {
            frames += 1;
        }
        outbox.send(&numbered(frames + 1, 10));
        assert_eq!(outbox.offer(&numbered(0, 10)), Sent::Gone);
        assert_eq!(outbox.send_urgent(&frame::pong(b"first")), Sent::Kept);
        outbox.close(CloseCode::Normal, "done");

        let read = async {
            let mut got = Vec::new();
            let last = frame::close(CloseCode::Normal, "done");
            while !got.ends_with(&last) {
                client.read_buf(&mut got).await.unwrap();
            }
            got
        };
        let (got, drained) = tokio::join!(read, poll_fn(|cx| outbox.poll_drain_direct(cx)));
        drained.unwrap();
        let mut expected: Vec<u8> = (0..=frames).flat_map(|n| numbered(n, 60_000)).collect();
        expected.extend_from_slice(&frame::pong(b"first"));
        expected.extend_from_slice(&numbered(frames + 1, 10));
        expected.extend_from_slice(&frame::close(CloseCode::Normal, "done"));
        assert!(got == expected, "the bytes differ");
    }

    /// No time passes, so that it is not its age that ends it.
    #[tokio::test(start_paused = true)]
    async fn a_peer_that_falls_too_far_behind_is_told_so_and_gets_nothing_else() {
        let outbox = Outbox::queued();
        let frame = numbered(1, 60_000);
        // One run may stand above the bound.
        for _ in 0..=MAX_BACKLOG_BYTES / frame.len() {
            assert_eq!(outbox.send(&frame), Sent::Kept);
        }
        assert_eq!(outbox.send(&frame), Sent::Gone);
        assert!(outbox.is_gone());
        assert_eq!(outbox.take_backlog(), [frame::close(CloseCode::TooSlow, "fell too far behind")]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_frame_that_waited_too_long_ends_the_connection_in_two_steps() {
        let outbox = Outbox::queued();
        outbox.send(&numbered(1, 10));
        let due = outbox.due().unwrap();
        outbox.expire(due - CLOSE_LINGER);
        assert_eq!(outbox.standing(), Standing::Open);
        tokio::time::advance(MAX_BACKLOG_AGE).await;
        outbox.expire(due);
        assert_eq!(outbox.standing(), Standing::Closing);
        outbox.expire(due + CLOSE_LINGER);
        assert_eq!(outbox.standing(), Standing::Gone);
    }

    #[test]
    fn nothing_follows_a_close_frame() {
        let outbox = Outbox::queued();
        outbox.close(CloseCode::Restart, "back in a moment");
        assert_eq!(outbox.send(&numbered(1, 10)), Sent::Gone);
        outbox.close(CloseCode::Normal, "again");
        assert_eq!(outbox.take_backlog(), [frame::close(CloseCode::Restart, "back in a moment")]);
    }
}
