//! The WebSocket's bytes: frames in, frames out, and the [`Outbox`] through which everything leaves.
//!
//! What is fastest stands here: a broadcast is framed once ([`frame`]) into shared bytes, and every listener's outbox
//! writes those bytes to its socket itself, from whichever task has something to say.

mod backlog;
pub mod frame;
pub mod limits;
pub mod outbox;
pub mod patience;
pub mod reader;

pub use outbox::{Outbox, Sent};
pub use patience::Patient;
