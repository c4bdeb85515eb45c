//! Several nodes of the real program over PostgreSQL and NATS: what one says is heard at the others, and what one dies of
//! loses nothing.

#![expect(clippy::unwrap_used, reason = "a failed assumption is a failed test")]

mod chores;
mod crowd;
mod cuts;
mod failover;
mod large;
mod nats;
mod nodes;
#[path = "../postgres/mod.rs"]
mod postgres;
mod together;
