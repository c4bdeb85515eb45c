//! One's own account: registering, logging in, profile and logins.

pub(crate) mod account;
pub mod admin;
pub mod auth;
mod cookies;
pub mod export;
pub mod guests;
pub mod history;
pub mod invites;
pub mod me;
pub mod removal;
