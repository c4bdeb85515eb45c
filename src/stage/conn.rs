//! The name of a connection.

use serde::{Deserialize, Serialize};

/// Names one connection's seat in a stage, among all nodes; a user may have several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ConnId(pub u64);
