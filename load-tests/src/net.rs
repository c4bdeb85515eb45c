//! Sockets and bytes: the event loop, and a small blocking client for what is not measured.

pub mod http;
pub mod swarm;

pub use octave_client::frame::Frames;
pub use swarm::{Handler, Io, Slot, Swarm};
