//! Who looks at what people say of a song or an album, for as long as they do.

use std::collections::HashSet;
use std::sync::Arc;

use bytes::Bytes;
use dashmap::DashMap;
use octave_protocol::{AlbumId, SongId};
use serde::{Deserialize, Serialize};

use crate::wire::Outbox;

/// What comments are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Subject {
    Song(SongId),
    Album(AlbumId),
}

#[derive(Debug, Default)]
pub struct Watched {
    outboxes: DashMap<Subject, Vec<Arc<Outbox>>>,
}

impl Watched {
    /// Sends whole frames to all who look at it.
    pub fn tell(&self, subject: Subject, frames: &Bytes) {
        // A copy, so that no map lock is held while sockets are written.
        let outboxes = self.outboxes.get(&subject).map(|all| all.clone()).unwrap_or_default();
        for outbox in outboxes {
            outbox.send(frames);
        }
    }

    fn forget(&self, subject: Subject, outbox: &Arc<Outbox>) {
        self.outboxes.remove_if_mut(&subject, |_, all| {
            all.retain(|one| !Arc::ptr_eq(one, outbox));
            all.is_empty()
        });
    }
}

/// What one connection looks at; it ends with this.
#[derive(Debug)]
pub struct Watching {
    watched: Arc<Watched>,
    outbox: Arc<Outbox>,
    subjects: HashSet<Subject>,
}

impl Watching {
    pub fn new(watched: Arc<Watched>, outbox: Arc<Outbox>) -> Self {
        Self { watched, outbox, subjects: HashSet::new() }
    }

    /// Looks at it; at most at `most` at once. Whether there was room.
    pub fn add(&mut self, subject: Subject, most: usize) -> bool {
        if self.subjects.contains(&subject) {
            return true;
        }
        if self.subjects.len() >= most {
            return false;
        }
        self.subjects.insert(subject);
        self.watched.outboxes.entry(subject).or_default().push(self.outbox.clone());
        true
    }

    pub fn remove(&mut self, subject: Subject) {
        if self.subjects.remove(&subject) {
            self.watched.forget(subject, &self.outbox);
        }
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        for subject in self.subjects.drain() {
            self.watched.forget(subject, &self.outbox);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_looks_no_more_leaves_nothing_behind() {
        let watched = Arc::new(Watched::default());
        let mut watching = Watching::new(watched.clone(), Arc::new(Outbox::queued()));
        let mut other = Watching::new(watched.clone(), Arc::new(Outbox::queued()));
        let (song, album) = (Subject::Song(SongId(1)), Subject::Album(AlbumId(1)));
        assert!(watching.add(song, 2) && watching.add(song, 2) && watching.add(album, 2) && other.add(song, 2));
        assert!(!watching.add(Subject::Song(SongId(2)), 2), "a third");
        let looking = |subject| watched.outboxes.get(&subject).map_or(0, |all| all.len());
        assert_eq!((looking(song), looking(album)), (2, 1));
        watching.remove(song);
        watching.remove(song);
        assert_eq!((looking(song), looking(album)), (1, 1));
        drop((watching, other));
        assert!(watched.outboxes.is_empty());
    }
}
