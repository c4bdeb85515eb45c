//! The order that a stage gives what waits by itself.
//!
//! What has played in this round keeps its place above, what plays too, and what waits is put in order behind it. The order
//! follows from the queue's contents alone: who added what, who voted, what has played. So it is the same after a restart, and
//! playing what is first leaves the others as they stand.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use octave_protocol::model::QueueOrder;
use octave_protocol::{EntryId, Instant, UserId};

use super::{Entry, Queue, Row};

/// What has to be done to put a queue in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrangement {
    /// The entries that get another sort key.
    pub ords: Vec<(EntryId, i64)>,
    /// Where one entry has moved and the others have kept theirs: which, and its place.
    pub moved: Option<(EntryId, usize)>,
}

/// By what entries are compared that wait: of a round, those with more votes come first, then those that were added first.
type Rank = (usize, Reverse<u32>, Instant, EntryId);

impl Queue {
    /// What puts the queue in this order, while `current` plays and the queue goes on from `cursor`; none if it is.
    pub fn arrangement(&self, order: QueueOrder, current: Option<EntryId>, cursor: Option<i64>) -> Option<Arrangement> {
        if order == QueueOrder::Added || !self.is_whole() {
            return None;
        }
        let (mut wanted, waiting): (Vec<&Row>, Vec<&Row>) =
            self.rows.iter().partition(|row| !self.is_waiting(row.entry.id, current));
        let mut waiting = self.ranked(order, &waiting);
        waiting.sort_unstable_by_key(|(rank, _)| *rank);
        wanted.extend(waiting.into_iter().map(|(_, row)| row));
        let differs = |place: &usize| wanted[*place].ord != self.rows[*place].ord;
        let (first, last) = ((0..wanted.len()).find(differs)?, (0..wanted.len()).rfind(differs)?);
        Some(self.one_moved(&wanted, first, last, cursor).unwrap_or_else(|| {
            let keys = self.rows[first..=last].iter().map(|row| row.ord);
            let ords = wanted[first..=last].iter().map(|row| row.entry.id).zip(keys);
            Arrangement { ords: ords.collect(), moved: None }
        }))
    }

    /// Whether an entry is yet to be played in this round.
    fn is_waiting(&self, id: EntryId, current: Option<EntryId>) -> bool {
        Some(id) != current && !self.is_played(id)
    }

    /// How many songs of one person are yet to be played. In a queue that is played from the top those are passed over
    /// that stand above what plays.
    pub fn waiting_of(&self, user: UserId, order: QueueOrder, current: Option<EntryId>, cursor: Option<i64>) -> usize {
        let in_order = order == QueueOrder::Added && !self.mode.shuffle;
        let from = if in_order { cursor.map_or(0, |place| self.rows_up_to(place)) } else { 0 };
        let waits = |entry: &Entry| Some(entry.id) != current && (in_order || !self.is_played(entry.id));
        self.rows[from..].iter().filter(|row| row.entry.added_by.id == user && waits(&row.entry)).count()
    }

    fn ranked<'a>(&self, order: QueueOrder, waiting: &[&'a Row]) -> Vec<(Rank, &'a Row)> {
        let rank = |row: &Row, turn: usize| -> Rank {
            (turn, Reverse(self.votes(row.entry.id)), row.entry.added, row.entry.id)
        };
        if order != QueueOrder::Fair {
            return waiting.iter().map(|row| (rank(row, 0), *row)).collect();
        }
        let mut of_people: HashMap<UserId, Vec<&'a Row>> = HashMap::new();
        for row in waiting {
            of_people.entry(row.entry.added_by.id).or_default().push(row);
        }
        let had_theirs = self.had_their_turn();
        let mut ranked = Vec::with_capacity(waiting.len());
        for (user, mut songs) in of_people {
            songs.sort_unstable_by_key(|row| rank(row, 0));
            let first = usize::from(had_theirs.contains(&user));
            ranked.extend((first..).zip(songs).map(|(turn, row)| (rank(row, turn), row)));
        }
        ranked
    }

    /// Who has had a song played in the present turn of all. A new turn begins when somebody has a second one played.
    fn had_their_turn(&self) -> HashSet<UserId> {
        let mark = |row: &Row| self.played_at(row.entry.id).filter(|at| *at >= self.round);
        let played = self.rows.iter().filter_map(|row| Some((mark(row)?, row.entry.added_by.id)));
        let mut played: Vec<(Instant, UserId)> = played.collect();
        played.sort_unstable();
        let mut had = HashSet::new();
        for (_, user) in played {
            if !had.insert(user) {
                had.clear();
                had.insert(user);
            }
        }
        had
    }

    /// Where one entry alone has to move, it gets a new key, and nothing else has to be stored.
    fn one_moved(&self, wanted: &[&Row], first: usize, last: usize, cursor: Option<i64>) -> Option<Arrangement> {
        let same = |wanted: &[&Row], rows: &[Row]| wanted.iter().zip(rows).all(|(a, b)| a.ord == b.ord);
        let (entry, index, gap) = if same(&wanted[first + 1..=last], &self.rows[first..last]) {
            (&wanted[first].entry, first, first)
        } else if same(&wanted[first..last], &self.rows[first + 1..=last]) {
            (&wanted[last].entry, last, last + 1)
        } else {
            return None;
        };
        let super::Ords::Spaced { first: ord, .. } = self.room_at(gap, 1, cursor) else { return None };
        Some(Arrangement { ords: vec![(entry.id, ord)], moved: Some((entry.id, index)) })
    }

    /// The place from which what waits follows: this one, unless something waits above it.
    pub(in crate::stage::core) fn place_above_waiting(&self, place: i64, current: Option<EntryId>) -> i64 {
        match self.rows.iter().position(|row| self.is_waiting(row.entry.id, current)) {
            Some(0) if self.rows[0].ord <= place => self.place_above_all(),
            Some(first) if self.rows[first].ord <= place => self.rows[first - 1].ord,
            _ => place,
        }
    }

    /// Gives entries other sort keys.
    pub(in crate::stage::core) fn arrange(&mut self, ords: &[(EntryId, i64)]) {
        for (entry, ord) in ords {
            if let Some(held) = self.ords.get_mut(entry) {
                *held = *ord;
            }
        }
        for row in &mut self.rows {
            row.ord = self.ords.get(&row.entry.id).copied().unwrap_or(row.ord);
        }
        self.rows.sort_by_key(|row| row.ord);
    }
}
