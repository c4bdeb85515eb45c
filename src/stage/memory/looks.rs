//! What a test sees of what is stored.

use std::sync::Arc;

use octave_protocol::model::Song;
use octave_protocol::{Seq, SongId, StageId};

use super::{Deed, MemoryStore};

impl MemoryStore {
    pub fn commits(&self) -> usize {
        self.state().commits
    }

    /// How often somebody asked for what was said before a stage was opened.
    pub fn reads_of_past(&self) -> usize {
        self.state().reads_of_past
    }

    /// Whose commits and steps were done, in order.
    pub fn order(&self) -> Vec<Deed> {
        self.state().order.clone()
    }

    pub fn texts(&self, stage: StageId) -> Vec<(Seq, String)> {
        let state = self.state();
        let lines = state.stages.get(&stage).map(|rows| rows.chats.values());
        lines.into_iter().flatten().map(|l| (l.seq, l.text.to_string())).collect()
    }

    pub fn song(&self, id: SongId) -> Arc<Song> {
        self.state().songs[&id].clone()
    }

    /// The kinds of the log's lines, in order.
    pub fn log(&self, stage: StageId) -> Vec<&'static str> {
        self.state().stages.get(&stage).map(|rows| rows.log.iter().map(|l| l.kind).collect()).unwrap_or_default()
    }
}
