//! A native client of Octave.
//!
//! [`socket`] speaks the protocol's frames over one WebSocket. [`mirror`] follows a stage by its snapshot and events, and
//! tells what is wrong with them. [`player`] knows which sample is to leave the loudspeaker when; [`listener`] puts socket
//! and player together. The load client, the simulation and the tests are built on these.

#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "frames of a device and microseconds of an evening are far below 2^52"
)]

pub mod frame;
pub mod listener;
pub mod mirror;
pub mod player;
pub mod socket;

pub use mirror::Mirror;
pub use socket::Socket;

/// The value in the middle; 0 of nothing.
pub fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut sorted: Vec<f64> = values.into_iter().collect();
    sorted.sort_by(f64::total_cmp);
    match (sorted.len() / 2, sorted.len() % 2) {
        (0, 0) => 0.0,
        (middle, 1) => sorted[middle],
        (middle, _) => f64::midpoint(sorted[middle - 1], sorted[middle]),
    }
}
