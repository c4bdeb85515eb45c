//! A load client for rooms over WebSocket.
//!
//! [`net`] moves bytes: one event loop, thousands of sockets. A [`dialect`] says what a hub's messages look like, so
//! that the same client drives Octave and its peers. [`run`] holds what is measured, [`scenario`] how it is described,
//! [`report`] what comes out. A mirror of [`octave_client`] follows a stage as any client would and tells whether it is right.

#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "counts and sizes of one run are far below 2^32, and what is measured is no more exact than an f64"
)]

pub mod baseline;
pub mod cluster;
pub mod compare;
pub mod dialect;
pub mod hub;
pub mod listen;
pub mod lists;
pub mod net;
pub mod octave;
pub mod probe;
pub mod report;
pub mod run;
pub mod scenario;
pub mod series;
pub mod server;
pub mod soak;
pub mod stats;
