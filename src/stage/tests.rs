//! The actor under a paused clock, over storage that can stall and fail.

mod corrections;
mod durability;
mod isolation;
mod joining;
mod ordering;
mod pacing;
mod restarting;
mod scene;
mod steps;
