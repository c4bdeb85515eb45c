//! A stage: one actor that owns the truth about it.
//!
//! [`core`] is the stage itself, pure. The shell around it: [`actor`] runs the turns, [`journal`] makes durable,
//! [`feed`] numbers and sends, [`registry`] finds or starts the actor of a stage, [`handle`] is what the rest of the
//! program sees of it.

mod actor;
mod conn;
pub mod core;
mod edge;
mod feed;
pub mod handle;
mod journal;
pub mod limits;
pub mod memory;
pub mod metrics;
mod nonces;
mod records;
pub mod registry;
mod relay;
mod stage_presence;
pub mod storage;
#[cfg(test)]
mod tests;
mod way;

pub use handle::{Member, Request, StageHandle};
pub use metrics::Metrics;
pub use registry::{ChatLimits, Registry};
pub use storage::StageStore;
