//! (skeleton)
pub mod assets;
