//! A stage: one actor that owns a room's truth.
//!
//! [`core`] is the room itself, pure. The shell around it: [`actor`] runs the turns, [`journal`] makes durable,
//! [`feed`] numbers and sends, [`registry`] finds or starts the actor of a stage, [`handle`] is what the rest of the
//! program sees of it.

pub mod core;
pub mod handle;
pub mod limits;
pub mod registry;

pub use handle::{Member, Request, StageHandle};
pub use registry::Registry;
