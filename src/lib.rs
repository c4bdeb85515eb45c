//! Octave: people open a stage, everyone in it hears the same moment of the same song, and they talk about it.
//!
//! `docs/ARCHITECTURE.md` is the map. In one breath: a socket's [`session`] hands requests to a [`stage`]'s actor, whose
//! pure core decides; the journal makes durable what must be, the feed numbers it and writes it to every listener's
//! [`wire`]. [`http`] serves accounts, library and history from the [`store`].

pub mod account;
pub mod app;
pub mod cli;
pub mod clock;
pub mod config;
pub mod demo;
pub mod forwarded;
pub mod http;
pub mod import;
pub mod library;
pub mod limits;
pub mod media;
pub mod password;
pub mod people;
pub mod session;
pub mod stage;
pub mod store;
pub mod telemetry;
pub mod text;
pub mod token;
pub mod upkeep;
pub mod wire;
