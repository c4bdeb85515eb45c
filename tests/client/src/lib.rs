//! A foreign client of Octave, written against the contract alone. The acceptance tests speak through it.
//!
//! [`server`] runs the real program, [`api`] speaks HTTP to it, [`socket`] WebSocket. [`audio`] makes songs. [`kill`] is
//! the hardest of the exercises, [`figures`] the simplest of the measurements.

pub mod api;
pub mod audio;
pub mod figures;
mod judge;
pub mod kill;
pub mod server;
pub mod socket;

use std::time::Duration;

/// How long a client waits for what must come. Far above what a loaded machine needs: only a failure waits it out.
pub const PATIENCE: Duration = Duration::from_secs(20);
