//! HTTP: accounts, the library, stages and their history, files, the specifications.
//!
//! A file per resource, each with its `routes()`, its shapes and its tests. Handlers read the [`store`](crate::store);
//! what changes a stage is asked of its actor. Every error is a [`Problem`](kit::problem::Problem).

pub mod accounts;
pub mod kit;
pub mod library;
mod router;
pub mod site;
pub mod social;
pub mod stages;
#[cfg(test)]
mod tests;

pub use router::{document, router};
