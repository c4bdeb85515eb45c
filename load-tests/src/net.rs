//! Sockets and bytes: WebSocket frames, the event loop, and small blocking clients for what is not measured.

pub mod frame;
pub mod http;
pub mod swarm;
pub mod visitor;

pub use frame::Frames;
pub use swarm::{Handler, Io, Slot, Swarm};
