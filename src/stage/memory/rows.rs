//! The rows of one stage.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use octave_protocol::model::{ChatLine, Mute, QueueMode, Repeat, Role, Song, User};
use octave_protocol::{Duration, EntryId, Epoch, Instant, Rev, Seq, SongId, UserId};

use crate::stage::core::{About, Entry, LeftOut, Saved, SavedEntry, SavedTimeline};
use crate::stage::feed::chat_line;
use crate::stage::limits::SNAPSHOT_CHATS;
use crate::stage::storage::{Answered, Change, ChangedLine, LogRow, Missed, Placed, QueueRow, SuggestionRow, Work};

#[derive(Debug)]
pub(super) struct Rows {
    pub(super) about: About,
    pub(super) epoch: Epoch,
    pub(super) limit: Seq,
    pub(super) chats: BTreeMap<Seq, ChatLine>,
    pub(super) log: Vec<LogRow>,
    pub(super) timeline: SavedTimeline,
    pub(super) answered: Vec<Answered>,
    /// Which lines were changed, under which number.
    pub(super) changed: Vec<(Seq, Seq, UserId)>,
    pub(super) ended: bool,
    users: HashMap<UserId, Arc<User>>,
    roles: HashMap<UserId, Role>,
    banned: HashSet<UserId>,
    muted: HashMap<UserId, Mute>,
    invited: HashSet<UserId>,
    queue: HashMap<EntryId, QueueRow>,
    played: HashMap<EntryId, Instant>,
    votes: HashMap<EntryId, Vec<UserId>>,
    suggestions: BTreeMap<EntryId, SuggestionRow>,
    queue_rev: Rev,
    mode: QueueMode,
    next_entry: EntryId,
}

impl Rows {
    pub(super) fn new(about: About) -> Self {
        let timeline = SavedTimeline {
            rev: Rev(0),
            playing: false,
            entry: None,
            song: None,
            position: Duration::ZERO,
            at: Instant(0),
            round: Instant(0),
            cursor: None,
        };
        Self {
            users: HashMap::from([(about.host.id, about.host.clone())]),
            about,
            epoch: Epoch(0),
            limit: Seq(1),
            chats: BTreeMap::new(),
            log: Vec::new(),
            timeline,
            answered: Vec::new(),
            changed: Vec::new(),
            ended: false,
            roles: HashMap::new(),
            banned: HashSet::new(),
            muted: HashMap::new(),
            invited: HashSet::new(),
            queue: HashMap::new(),
            played: HashMap::new(),
            votes: HashMap::new(),
            suggestions: BTreeMap::new(),
            queue_rev: Rev(0),
            mode: QueueMode { repeat: Repeat::Off, shuffle: false },
            next_entry: EntryId(1),
        }
    }

    pub(super) fn apply(&mut self, work: &Work) -> Vec<Placed> {
        let mut next = work.first;
        let placed = work.chats.iter().map(|line| {
            let twin = line.nonce.as_ref().and_then(|nonce| {
                self.chats.values().find(|l| l.from.id == line.from.id && l.nonce.as_ref() == Some(nonce))
            });
            if let Some(twin) = twin {
                return Placed::Before { seq: twin.seq, at: twin.at_us };
            }
            let seq = next;
            next = next.next();
            assert!(!self.chats.contains_key(&seq), "a number was given twice");
            self.users.insert(line.from.id, line.from.clone());
            self.chats.insert(seq, chat_line(line, seq));
            Placed::Fresh(seq)
        });
        let placed = placed.collect();
        let number = |behind: usize| Seq(next.0 + i64::try_from(behind).unwrap_or(0));
        self.changed.extend(work.lines.iter().map(|line| (number(line.behind), line.chat, line.by)));
        work.changes.iter().for_each(|change| self.change(change));
        self.log.extend(work.log.iter().cloned());
        let invited = work.arrivals.iter().filter(|a| a.invited && !self.banned.contains(&a.user)).map(|a| a.user);
        self.invited.extend(invited);
        if let Some(save) = &work.timeline {
            self.timeline = save.state;
            self.played.extend(save.played.iter().copied());
        }
        self.answered.extend(work.answered.iter().cloned());
        self.limit = self.limit.max(work.limit.unwrap_or_default());
        placed
    }

    fn change(&mut self, change: &Change) {
        match change {
            Change::EditChat { chat, text, at } => {
                if let Some(line) = self.chats.get_mut(chat) {
                    (line.text, line.edited_us) = (text.clone(), Some(*at));
                }
            }
            Change::DeleteChat { chat, .. } => {
                if let Some(line) = self.chats.get_mut(chat) {
                    (line.text, line.deleted) = ("".into(), true);
                }
            }
            Change::Enqueue { rows, rev } => {
                self.queue.extend(rows.iter().map(|row| (row.entry, *row)));
                let last = rows.iter().map(|row| row.entry.0).max().unwrap_or(0);
                self.next_entry = self.next_entry.max(EntryId(last + 1));
                self.queue_rev = *rev;
            }
            Change::Dequeue { entry, rev } => {
                self.queue.remove(entry);
                self.queue_rev = *rev;
            }
            Change::Reorder { ords, rev } => {
                for (entry, ord) in ords {
                    if let Some(row) = self.queue.get_mut(entry) {
                        row.ord = *ord;
                    }
                }
                self.queue_rev = *rev;
            }
            Change::QueueRev { rev } => self.queue_rev = *rev,
            Change::ClearQueue { keep, rev, .. } => {
                self.queue.retain(|id, _| Some(*id) == *keep);
                self.queue_rev = *rev;
            }
            Change::Mode { mode, rev } => (self.mode, self.queue_rev) = (*mode, *rev),
            Change::Vote { entry, user, rev } => {
                self.votes.entry(*entry).or_default().push(*user);
                self.queue_rev = *rev;
            }
            Change::Suggest(row) => {
                self.next_entry = self.next_entry.max(EntryId(row.entry.0 + 1));
                self.suggestions.insert(row.entry, *row);
            }
            Change::Settle { entries } => self.suggestions.retain(|entry, _| !entries.contains(entry)),
            Change::About(change) => self.about.apply(change),
            Change::Role { user, role, .. } => {
                if *role == Role::Host
                    && let Some(host) = self.users.get(user)
                {
                    self.about.host = host.clone();
                }
                self.roles.insert(*user, *role);
            }
            Change::Mute { user, until, .. } => drop(self.muted.insert(*user, Mute { until_us: *until })),
            Change::Unmute { user } => drop(self.muted.remove(user)),
            Change::Ban { user, .. } => drop(self.banned.insert(*user)),
            Change::Unban { user } => drop(self.banned.remove(user)),
            Change::End { .. } => self.ended = true,
        }
    }

    pub(super) fn saved(&self, songs: &HashMap<SongId, Arc<Song>>) -> Saved {
        let mut rows: Vec<&QueueRow> = self.queue.values().collect();
        rows.sort_unstable_by_key(|row| row.ord);
        let entries = rows.into_iter().filter_map(|row| {
            let added_by = self.users.get(&row.added_by).unwrap_or(&self.about.host).clone();
            let entry = Entry { id: row.entry, song: songs.get(&row.song)?.clone(), added_by, added: row.added };
            let played = self.played.get(&row.entry).copied();
            let voters = self.votes.get(&row.entry).cloned().unwrap_or_default();
            Some(SavedEntry { ord: row.ord, entry, played, voters })
        });
        let suggestions = self.suggestions.values().filter_map(|row| {
            let added_by = self.users.get(&row.by).unwrap_or(&self.about.host).clone();
            Some(Entry { id: row.entry, song: songs.get(&row.song)?.clone(), added_by, added: row.at })
        });
        let is_there = self.timeline.entry.is_some_and(|entry| self.queue.contains_key(&entry));
        let taken_out = self.timeline.song.filter(|_| !is_there).and_then(|song| songs.get(&song).cloned());
        let roles = self.roles.iter().filter(|(_, role)| matches!(role, Role::Moderator | Role::Dj));
        Saved {
            about: self.about.clone(),
            roles: roles.map(|(user, role)| (*user, *role)).collect(),
            banned: self.banned.clone(),
            muted: self.muted.clone(),
            invited: self.invited.clone(),
            shunned: HashSet::new(),
            queue_rev: self.queue_rev,
            mode: self.mode,
            next_entry: self.next_entry,
            entries: entries.collect(),
            left_out: LeftOut::default(),
            suggestions: suggestions.collect(),
            taken_out,
            timeline: self.timeline,
        }
    }

    pub(super) fn missed(&self, before: Seq, limit: usize) -> Missed {
        let last = self.chats.range(..before).rev().take(limit);
        let mut lines: Vec<ChatLine> = last.map(|(_, line)| line.clone()).collect();
        lines.reverse();
        let below: Vec<_> = self.changed.iter().filter(|(seq, ..)| *seq < before).collect();
        let changes = below[below.len().saturating_sub(limit)..].iter().filter_map(|(seq, chat, by)| {
            let line = self.chats.get(chat)?;
            let text = (!line.deleted).then(|| line.text.clone());
            Some(ChangedLine { seq: *seq, chat: *chat, by: *by, text, at: line.edited_us.unwrap_or_default() })
        });
        Missed { lines, changes: changes.collect(), limit }
    }

    pub(super) fn last_chats(&self) -> Vec<ChatLine> {
        let mut last: Vec<ChatLine> = self.chats.values().rev().take(SNAPSHOT_CHATS).cloned().collect();
        last.reverse();
        last
    }
}
