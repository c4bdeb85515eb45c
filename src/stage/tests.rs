//! The actor under a paused clock, over storage that can stall and fail.

mod conduct;
mod corrections;
mod durability;
mod edges;
mod isolation;
mod joining;
mod leaving;
mod lines;
mod nonces;
mod ordering;
mod pacing;
mod panicking;
mod restarting;
mod resting;
mod resuming;
pub(super) mod scene;
mod standing_still;
mod steps;
