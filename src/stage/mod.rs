//! A stage: one actor that owns a room's truth.
//!
//! [`core`] is the room itself, pure. The shell around it: [`actor`] runs the turns, [`journal`] makes durable,
//! [`feed`] numbers and sends, [`registry`] finds or starts the actor of a stage, [`handle`] is what the rest of the
//! program sees of it.

mod actor;
pub mod core;
mod feed;
pub mod handle;
mod journal;
pub mod limits;
pub mod memory;
pub mod metrics;
mod records;
pub mod registry;
pub mod storage;
#[cfg(test)]
mod tests;
mod whereabouts;

pub use handle::{Member, Request, StageHandle};
pub use metrics::Metrics;
pub use registry::{ChatLimits, Registry};
pub use storage::StageStore;
