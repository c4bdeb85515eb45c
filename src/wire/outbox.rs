//! The write end of one connection, shared by all who have something to say to it.
//!
//! A plain TCP connection is written to by whoever calls [`Outbox::send`], in that task, without waking another one.
//! Only when the socket would block are the rest of the bytes kept (shared, not copied) and the connection's own task
//! drains them. All writes of a connection take one lock, so the order is the order of the calls. A connection whose
//! stream can't be shared (TLS) keeps everything for its task.

use bytes::Bytes;
use octave_protocol::CloseCode;

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
pub struct Outbox {}

impl Outbox {
    /// Sends one or more whole frames, in order after all that was sent before.
    pub fn send(&self, frames: &Bytes) -> Sent {
        let _ = frames;
        Sent::Gone
    }

    /// Sends if nothing is waiting before it; for what may be dropped under load (reactions, typing).
    pub fn offer(&self, frames: &Bytes) -> Sent {
        self.send(frames)
    }

    /// Says why, then closes. Later sends answer [`Sent::Gone`].
    pub fn close(&self, code: CloseCode, reason: &'static str) {
        let _ = (code, reason);
    }

    pub fn is_gone(&self) -> bool {
        true
    }
}
