//! Songs that people wish for who may not add them, or want to ask first: whoever may accept them decides.

use std::sync::Arc;

use octave_protocol::model::{Permission, Song, Suggestion};
use octave_protocol::{EntryId, Instant, UserId};

use super::rules::{Decision, NOTHING};
use super::{Decided, Durable, Entry, QueueEvent, Refusal, Settlement, Stage};
use crate::stage::limits::{QUEUE_ENTRIES, SUGGESTIONS, SUGGESTIONS_OF_ONE};

impl Stage {
    /// What waits to be accepted, the oldest first.
    pub fn suggestions(&self) -> Vec<Suggestion> {
        let told = |entry: &Arc<Entry>| Suggestion {
            entry: entry.id,
            song: entry.song.clone(),
            by: (*entry.added_by).clone(),
            at_us: entry.added,
        };
        self.suggestions.iter().map(told).collect()
    }

    pub fn suggestion(&self, entry: EntryId) -> Option<&Arc<Entry>> {
        self.suggestions.iter().find(|suggested| suggested.id == entry)
    }

    /// What of it is somebody's.
    pub fn suggestions_of(&self, user: UserId) -> Vec<EntryId> {
        self.suggestions.iter().filter(|entry| entry.added_by.id == user).map(|entry| entry.id).collect()
    }

    /// Guests who have suggested something and are not here.
    pub fn guests_missed(&self) -> impl Iterator<Item = UserId> {
        let missed = |entry: &&Arc<Entry>| entry.added_by.guest && !self.people.contains(entry.added_by.id);
        self.suggestions.iter().filter(missed).map(|entry| entry.added_by.id)
    }

    pub(super) fn suggest(&self, who: UserId, songs: Vec<Arc<Song>>, now: Instant) -> Decision {
        let person = self.people.get(who).ok_or(Refusal::NotJoined)?;
        self.permit(who, Permission::Suggest)?;
        let song = songs.into_iter().next().ok_or(Refusal::Missing("no such song"))?;
        let own = self.suggestions_of(who);
        let is_known = |id: &EntryId| self.suggestion(*id).is_some_and(|entry| entry.song.id == song.id);
        if own.iter().any(is_known) {
            return Ok(NOTHING);
        }
        if own.len() >= SUGGESTIONS_OF_ONE {
            return Err(Refusal::TooManySuggestions(own.len()));
        }
        if self.suggestions.len() >= SUGGESTIONS {
            return Err(Refusal::SuggestionsFull);
        }
        let entry = Entry { id: self.queue.next_id, song, added_by: person.user.clone(), added: now };
        Ok(Durable::Suggested { entry: Arc::new(entry) }.into())
    }

    /// It goes behind all that waits, as if it had been added now. Who accepts it answers for it: no number of songs
    /// that may wait is in the way.
    pub(super) fn accept(&self, who: UserId, entry: EntryId, now: Instant) -> Decision {
        self.permit(who, Permission::Accept)?;
        let suggested = self.suggestion(entry).ok_or(GONE)?;
        if self.queue.len() >= QUEUE_ENTRIES {
            return Err(Refusal::QueueFull);
        }
        let index = self.queue.len();
        let ords = self.queue.room_at(index, 1, self.timeline.cursor);
        let added = Arc::new(Entry { added: now, ..Entry::clone(suggested) });
        let by = added.added_by.id;
        Ok(Decided::Durable(vec![
            Durable::Queue(QueueEvent::Added { index, entries: vec![added], ords, by }),
            Durable::Settled { entries: vec![entry], how: Settlement::Accepted(who) },
        ]))
    }

    /// Everybody may take back what they suggested.
    pub(super) fn decline(&self, who: UserId, entry: EntryId) -> Decision {
        let suggested = self.suggestion(entry).ok_or(GONE)?;
        if suggested.added_by.id != who || self.keeps_out(who) {
            self.permit(who, Permission::Accept)?;
        }
        Ok(Durable::Settled { entries: vec![entry], how: Settlement::Declined(who) }.into())
    }

    /// Those of a guest who has gone; none if they are back.
    pub(super) fn withdraw(&self, guest: UserId) -> Decided {
        let entries = if self.people.contains(guest) { Vec::new() } else { self.suggestions_of(guest) };
        if entries.is_empty() { NOTHING } else { Durable::Settled { entries, how: Settlement::Forgotten }.into() }
    }

    /// Which of these songs are suggested otherwise than the library tells them now.
    pub(super) fn suggests_otherwise(&self, song: &Arc<Song>) -> bool {
        self.suggestions.iter().any(|entry| entry.song.id == song.id && entry.song != *song)
    }

    pub(super) fn correct_suggestions(&mut self, songs: &[Arc<Song>]) {
        for entry in &mut self.suggestions {
            if let Some(song) = songs.iter().find(|song| song.id == entry.song.id) {
                *entry = Arc::new(Entry { song: song.clone(), ..Entry::clone(entry) });
            }
        }
    }
}

const GONE: Refusal = Refusal::Missing("no such suggestion: somebody has decided about it, or took it back");
