//! The queue: entries in order, those already played included.
//!
//! Every entry has a sort key, `ord`, with gaps between neighbours, so that a move changes one row. Looking an entry up
//! costs a hash and a binary search; inserting in the middle moves 24 bytes per entry behind it (2.4 MB at the cap of
//! 100,000, well under a millisecond).

mod arranging;
mod keys;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use octave_protocol::model::{QueueItem, QueueMode, Repeat, Song, User};
use octave_protocol::{Duration, EntryId, Instant, Rev, SongId, UserId};

use super::SavedEntry;
use super::random::{mix, shuffle};
pub use arranging::Arrangement;
pub use keys::Ords;

#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub id: EntryId,
    pub song: Arc<Song>,
    pub added_by: Arc<User>,
    pub added: Instant,
}

/// What follows the current entry by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Following {
    pub entry: EntryId,
    /// It is reached by starting again from the top.
    pub wraps: bool,
}

#[derive(Debug, Clone)]
struct Row {
    ord: i64,
    /// The entry's song, here too: to look for one in a long queue reads no entry.
    song: SongId,
    entry: Arc<Entry>,
}

impl Row {
    fn new(ord: i64, entry: Arc<Entry>) -> Self {
        Self { ord, song: entry.song.id, entry }
    }
}

#[derive(Debug, Clone)]
pub struct Queue {
    pub(super) rev: Rev,
    pub(super) mode: QueueMode,
    /// The id of the entry that is added next; ids are never used twice.
    pub(super) next_id: EntryId,
    /// When the present round began: an entry that started since then counts as played.
    pub(super) round: Instant,
    rows: Vec<Row>,
    /// Stored entries above and below the rows: none, except in a long queue of which the rest is being read.
    left_out: LeftOut,
    ords: HashMap<EntryId, i64>,
    played: HashMap<EntryId, Instant>,
    /// The latest of `played`, so that marks rise whatever the wall clock did between two processes.
    last_mark: Instant,
    votes: HashMap<EntryId, HashSet<UserId>>,
}

/// How many entries stand above and below an excerpt of a queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LeftOut {
    pub above: usize,
    pub below: usize,
}

impl Default for Queue {
    fn default() -> Self {
        Self {
            rev: Rev(0),
            mode: QueueMode { repeat: Repeat::Off, shuffle: false },
            next_id: EntryId(1),
            round: Instant(0),
            rows: Vec::new(),
            left_out: LeftOut::default(),
            ords: HashMap::new(),
            played: HashMap::new(),
            last_mark: Instant(0),
            votes: HashMap::new(),
        }
    }
}

/// Reading.
impl Queue {
    pub fn rev(&self) -> Rev {
        self.rev
    }

    pub fn mode(&self) -> QueueMode {
        self.mode
    }

    /// Whether all entries are held. An excerpt answers for itself only, and for [`len`](Self::len): nothing may be
    /// decided on it that another entry could have a part in.
    pub fn is_whole(&self) -> bool {
        self.left_out == LeftOut::default()
    }

    pub fn len(&self) -> usize {
        self.left_out.above + self.rows.len() + self.left_out.below
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn get(&self, id: EntryId) -> Option<&Arc<Entry>> {
        Some(&self.rows[self.row_of(id)?].entry)
    }

    pub fn at(&self, index: usize) -> Option<&Arc<Entry>> {
        self.rows.get(index).map(|r| &r.entry)
    }

    pub fn ord_of(&self, id: EntryId) -> Option<i64> {
        self.ords.get(&id).copied()
    }

    pub fn index_of(&self, id: EntryId) -> Option<usize> {
        Some(self.left_out.above + self.row_of(id)?)
    }

    fn row_of(&self, id: EntryId) -> Option<usize> {
        let ord = self.ord_of(id)?;
        self.rows.binary_search_by_key(&ord, |r| r.ord).ok()
    }

    /// The entry that stands exactly at the place `ord`.
    pub fn standing_at(&self, ord: i64) -> Option<EntryId> {
        self.rows.binary_search_by_key(&ord, |r| r.ord).ok().map(|i| self.rows[i].entry.id)
    }

    pub fn last_ord(&self) -> Option<i64> {
        self.rows.last().map(|r| r.ord)
    }

    /// How many entries stand above the place `cursor`.
    pub fn entries_before(&self, cursor: i64) -> usize {
        self.left_out.above + self.rows.partition_point(|r| r.ord < cursor)
    }

    /// How many entries stand above the place `cursor` or at it.
    pub fn entries_up_to(&self, cursor: i64) -> usize {
        self.left_out.above + self.rows_up_to(cursor)
    }

    fn rows_up_to(&self, cursor: i64) -> usize {
        self.rows.partition_point(|r| r.ord <= cursor)
    }

    pub fn entries(&self) -> impl Iterator<Item = (i64, &Arc<Entry>)> {
        self.rows.iter().map(|r| (r.ord, &r.entry))
    }

    /// Which of these songs stand here otherwise.
    pub fn told_otherwise(&self, songs: &[Arc<Song>]) -> HashSet<SongId> {
        let songs: HashMap<SongId, &Arc<Song>> = songs.iter().map(|song| (song.id, song)).collect();
        let stale = |row: &&Row| songs.get(&row.song).is_some_and(|song| row.entry.song != **song);
        self.rows.iter().filter(stale).map(|row| row.song).collect()
    }

    pub fn votes(&self, id: EntryId) -> u32 {
        self.votes.get(&id).map_or(0, |v| u32::try_from(v.len()).unwrap_or(u32::MAX))
    }

    pub fn has_voted(&self, id: EntryId, who: UserId) -> bool {
        self.votes.get(&id).is_some_and(|v| v.contains(&who))
    }

    /// The items from `offset` on, at most `limit`.
    pub fn window(&self, offset: usize, limit: usize) -> Vec<QueueItem> {
        let first = offset.saturating_sub(self.left_out.above);
        self.rows.iter().skip(first).take(limit).map(|r| self.item(&r.entry)).collect()
    }

    pub fn item(&self, entry: &Entry) -> QueueItem {
        QueueItem {
            entry: entry.id,
            song: entry.song.clone(),
            added_by: (*entry.added_by).clone(),
            votes: self.votes(entry.id),
        }
    }

    /// Whether the entry has started in this round.
    pub fn is_played(&self, id: EntryId) -> bool {
        self.played.get(&id).is_some_and(|at| *at >= self.round)
    }

    /// When the entry started last.
    pub fn played_at(&self, id: EntryId) -> Option<Instant> {
        self.played.get(&id).copied()
    }

    pub fn voters(&self, id: EntryId) -> Vec<UserId> {
        self.votes.get(&id).into_iter().flatten().copied().collect()
    }

    pub fn first_unplayed(&self) -> Option<&Arc<Entry>> {
        self.rows.iter().map(|r| &r.entry).find(|e| !self.is_played(e.id))
    }

    /// The entry that started last in this round.
    pub fn last_played(&self, but: Option<EntryId>) -> Option<EntryId> {
        let this_round = self.played.iter().filter(|(id, at)| **at >= self.round && Some(**id) != but);
        this_round.filter(|(id, _)| self.ords.contains_key(id)).max_by_key(|(_, at)| **at).map(|(id, _)| *id)
    }

    /// What comes after the place `cursor`, leaving aside that one song may be repeated.
    ///
    /// In shuffle mode every entry has a rank drawn from the stage's `seed` and the round, and the unplayed one of the
    /// lowest rank is next: known in advance, the same after a restart. Costs a pass over the queue in that mode.
    pub fn following(&self, cursor: Option<i64>, current: Option<EntryId>, seed: u64) -> Option<Following> {
        let wraps_at_end = self.mode.repeat == Repeat::All && self.is_whole();
        if self.mode.shuffle {
            let unplayed = |id: EntryId| Some(id) != current && !self.is_played(id);
            let drawn = self.lowest_rank(seed, unplayed).map(|entry| Following { entry, wraps: false });
            return drawn.or_else(|| {
                let again =
                    self.lowest_rank(mix(seed), |id| Some(id) != current).or(self.rows.first().map(|r| r.entry.id));
                again.filter(|_| wraps_at_end).map(|entry| Following { entry, wraps: true })
            });
        }
        // What plays may stand behind its place: see `Stage::place_after`.
        let below = cursor.map_or(0, |c| self.rows_up_to(c));
        if let Some(row) = self.rows[below..].iter().find(|r| Some(r.entry.id) != current) {
            return Some(Following { entry: row.entry.id, wraps: false });
        }
        self.rows.first().filter(|_| wraps_at_end).map(|r| Following { entry: r.entry.id, wraps: true })
    }

    /// The entry above the place `cursor`, or in shuffle mode the one that played before.
    pub fn preceding(&self, cursor: Option<i64>, current: Option<EntryId>) -> Option<EntryId> {
        if self.mode.shuffle {
            return self.last_played(current);
        }
        let above = self.rows.partition_point(|r| cursor.is_some_and(|c| r.ord < c));
        above.checked_sub(1).map(|i| self.rows[i].entry.id)
    }

    fn lowest_rank(&self, seed: u64, wanted: impl Fn(EntryId) -> bool) -> Option<EntryId> {
        let round = mix(seed ^ self.round.0.cast_unsigned());
        let ids = self.rows.iter().map(|r| r.entry.id).filter(|id| wanted(*id));
        ids.min_by_key(|id| mix(round ^ id.0.cast_unsigned()))
    }
}

/// Changing: every method is total, so that a fact can always be applied.
impl Queue {
    /// Puts back the stored entries, in place of those that are held.
    pub(super) fn restore(&mut self, entries: Vec<SavedEntry>, left_out: LeftOut) {
        self.left_out = left_out;
        self.rows = Vec::with_capacity(entries.len());
        self.last_mark = entries.iter().filter_map(|e| e.played).max().unwrap_or(Instant(0));
        for SavedEntry { ord, entry, played, voters } in entries {
            self.ords.insert(entry.id, ord);
            if let Some(at) = played {
                self.played.insert(entry.id, at);
            }
            if !voters.is_empty() {
                self.votes.insert(entry.id, voters.into_iter().collect());
            }
            self.next_id = self.next_id.max(EntryId(entry.id.0 + 1));
            self.rows.push(Row::new(ord, Arc::new(entry)));
        }
    }

    pub(super) fn insert(&mut self, index: usize, entries: &[Arc<Entry>], ords: Ords) {
        let index = index.min(self.rows.len());
        let (first, step, pivot) = match ords {
            Ords::Spaced { first, step } => (first, step, None),
            Ords::Renumber { around } => (0, 0, Some(self.pivot(around))),
        };
        let mut ord = first;
        let rows = entries.iter().map(|entry| {
            let row = Row::new(ord, entry.clone());
            ord += step;
            row
        });
        self.rows.splice(index..index, rows.collect::<Vec<_>>());
        for row in &self.rows[index..index + entries.len()] {
            self.ords.insert(row.entry.id, row.ord);
            self.next_id = self.next_id.max(EntryId(row.entry.id.0 + 1));
        }
        if let Some(mut pivot) = pivot {
            pivot.above += if index < pivot.above { entries.len() } else { 0 };
            self.renumber(pivot);
        }
    }

    pub(super) fn remove(&mut self, id: EntryId) -> Option<Arc<Entry>> {
        let index = self.row_of(id)?;
        self.forget(id);
        Some(self.rows.remove(index).entry)
    }

    /// Moves the entry so that it stands at `index` of the queue without it.
    pub(super) fn relocate(&mut self, id: EntryId, index: usize, ords: Ords) {
        let Some(from) = self.row_of(id) else { return };
        let row = self.rows.remove(from);
        self.insert(index, &[row.entry], ords);
    }

    /// Keeps one entry, or none.
    pub(super) fn clear(&mut self, keep: Option<EntryId>) {
        let kept = keep.and_then(|id| self.row_of(id)).map(|i| self.rows.swap_remove(i));
        for row in std::mem::take(&mut self.rows) {
            self.forget(row.entry.id);
        }
        self.rows.extend(kept);
    }

    /// Draws a new order for the entries from `from` on.
    pub(super) fn reorder(&mut self, from: usize, seed: u64, around: Option<i64>) {
        let pivot = self.pivot(around);
        let from = from.min(self.rows.len());
        shuffle(&mut self.rows[from..], seed);
        self.renumber(pivot);
    }

    /// Has the entries of these songs show them so.
    pub(super) fn correct(&mut self, songs: &[Arc<Song>]) {
        let songs: HashMap<SongId, &Arc<Song>> = songs.iter().map(|song| (song.id, song)).collect();
        for row in &mut self.rows {
            if let Some(song) = songs.get(&row.song) {
                row.entry = Arc::new(Entry { song: Arc::clone(song), ..Entry::clone(&row.entry) });
            }
        }
    }

    pub(super) fn vote(&mut self, id: EntryId, who: UserId) {
        if self.ords.contains_key(&id) {
            self.votes.entry(id).or_default().insert(who);
        }
    }

    /// From now on nothing counts as played.
    pub(super) fn begin_round(&mut self, at: Instant) {
        self.round = at.max(self.last_mark + Duration(1));
    }

    pub(super) fn mark_played(&mut self, id: EntryId, at: Instant) {
        if self.ords.contains_key(&id) {
            self.last_mark = at.max(self.round).max(self.last_mark + Duration(1));
            self.played.insert(id, self.last_mark);
        }
    }

    fn forget(&mut self, id: EntryId) {
        self.ords.remove(&id);
        self.played.remove(&id);
        self.votes.remove(&id);
    }
}
