//! Songs and pictures: how a file becomes one, and where it is kept.

pub mod analysis;
mod file_name;
pub mod import;
pub mod ingest;
pub mod media;
