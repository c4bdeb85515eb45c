//! What the contract promises to a client, told by a foreign client to the real program over real sockets.

#![expect(clippy::unwrap_used, reason = "a failed assumption is a failed test")]

mod access;
mod chat;
mod connection;
mod control;
mod frames;
mod guests;
mod log;
mod moderation;
#[path = "../place/mod.rs"]
mod place;
mod presence;
mod queue;
mod rest;
mod restart;
mod resume;
mod room;
mod social;
mod speaker;
mod suggestions;
mod timeline;
mod turns;
