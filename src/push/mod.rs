//! Tells people while no page of theirs is open: by the push service of their browser (RFC 8030), in words that it can't
//! read (RFC 8291), with a signature by which it knows this server (RFC 8292).
//!
//! What is told has been done by then and is kept as a notification, so a push may be lost: what waits is bounded, and so is
//! how often one is tried. Addresses come from clients: [`Endpoint`] says which are asked.

mod courier;
mod endpoint;
pub mod limits;
mod post;
mod seal;
#[cfg(test)]
mod tests;
mod vapid;

pub use courier::{Due, How, Pushes, is_pushed};
pub use endpoint::{Endpoint, NotAllowed, Reach};
pub use seal::Device;
pub use vapid::{Key, KeyError};
