//! Octave: people open a stage, everyone in it hears the same moment of the same song, and they talk about it.
//!
//! `docs/ARCHITECTURE.md` is the map. In one breath: a socket's [`connection`] hands requests to a [`stage`]'s actor, whose
//! pure core decides; the journal makes durable what must be, the feed numbers it and writes it to every listener's
//! [`wire`]. [`http`] serves accounts, library and history from the [`store`].

pub mod accounts;
pub mod base;
pub mod bus;
pub mod cli;
pub mod cluster;
pub mod config;
pub mod connection;
pub mod http;
pub mod library;
pub mod presence;
pub mod push;
pub mod server;
pub mod stage;
pub mod store;
pub mod wire;
