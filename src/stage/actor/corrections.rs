//! What the library says of songs, told to a stage that runs.
//!
//! A correction is a change like any other: decided when those before it are settled. What the store was asked before it
//! and answers after it is older, and is put right as it comes in.

use std::collections::HashMap;
use std::sync::Arc;

use octave_protocol::model::Song;
use octave_protocol::{SongId, UserId};
use tokio::sync::oneshot;

use super::durable::PendingCommand;
use super::{Actor, Asker};
use crate::stage::core::{Command, Entry, SavedEntry};
use crate::stage::handle::Refused;
use crate::stage::limits::CORRECTIONS_HELD;

/// Who asks when it is the server itself.
const NOBODY: UserId = UserId(0);

/// Songs as they were told while questions to the store were open.
#[derive(Debug, Default)]
pub(super) struct Corrections {
    songs: HashMap<SongId, Arc<Song>>,
}

impl Corrections {
    fn hold(&mut self, songs: &[Arc<Song>]) {
        for song in songs {
            if self.songs.len() < CORRECTIONS_HELD || self.songs.contains_key(&song.id) {
                self.songs.insert(song.id, song.clone());
            }
        }
    }

    fn of(&self, song: &Arc<Song>) -> Arc<Song> {
        self.songs.get(&song.id).unwrap_or(song).clone()
    }
}

impl Actor {
    pub(super) fn correct(&mut self, songs: &[Arc<Song>], reply: oneshot::Sender<Result<(), Refused>>) {
        if !self.lookups.is_empty() || self.queue_loading.is_reading() {
            self.corrections.hold(songs);
        }
        self.submit(PendingCommand::new(NOBODY, Asker::Done(reply), Command::Correct { songs: songs.to_vec() }));
    }

    /// Songs that the store has found, as they are told now.
    pub(super) fn corrected(&self, mut songs: Vec<Arc<Song>>) -> Vec<Arc<Song>> {
        for song in &mut songs {
            *song = self.corrections.of(song);
        }
        songs
    }

    /// Entries that the store has read, as they are told now.
    pub(super) fn corrected_entries(&self, mut entries: Vec<SavedEntry>) -> Vec<SavedEntry> {
        if !self.corrections.songs.is_empty() {
            for SavedEntry { entry, .. } in &mut entries {
                *entry = Entry { song: self.corrections.of(&entry.song), ..entry.clone() };
            }
        }
        entries
    }

    /// Nothing is asked any more: whatever comes in from here on is as new as what was told.
    pub(super) fn forget_corrections(&mut self) {
        if self.lookups.is_empty() && !self.queue_loading.is_reading() {
            self.corrections.songs.clear();
        }
    }
}
