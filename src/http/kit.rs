//! What all resources share: the state, who asks, shapes of answers, errors, files.

pub(crate) mod admin;
pub mod allowance;
pub mod charge;
pub mod extract;
pub mod files;
pub mod forwarded;
pub mod guests;
pub mod host;
pub mod identity;
pub(crate) mod notify;
pub mod openapi;
pub mod origin;
pub mod page;
pub mod patch;
pub mod picture;
pub mod problem;
pub(crate) mod removal;
pub(crate) mod stages;
pub mod state;
#[cfg(test)]
pub mod testing;
pub mod transport;
pub(crate) mod users;
