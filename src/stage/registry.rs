//! Finds the actor of a stage, or starts it.

use octave_protocol::StageId;

use super::handle::StageHandle;

/// All stages that run in this process.
#[derive(Debug)]
pub struct Registry {}

/// Why there is no handle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoStage {
    NotFound,
    /// The store did not answer.
    Unavailable,
}

/// What a list shows of a running stage, without asking its actor.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Live {
    pub listeners: u32,
    pub playing: bool,
    pub now_playing: Option<std::sync::Arc<octave_protocol::model::Song>>,
}

impl Registry {
    /// The running stage, started from the store when it is not running yet. Concurrent callers share one start.
    pub async fn find(&self, id: StageId) -> Result<StageHandle, NoStage> {
        let _ = id;
        Err(NoStage::NotFound)
    }

    /// What runs, for lists.
    pub fn live(&self, id: StageId) -> Option<Live> {
        let _ = id;
        None
    }
}
