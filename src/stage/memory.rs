//! Storage in memory, for tests and simulations: it can be made to stall and to fail, and forgets with the process.

mod looks;
mod rows;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use octave_protocol::model::Song;
use octave_protocol::{Epoch, PlaylistId, Seq, SongId, StageId, UserId};
use tokio::sync::watch;

use super::core::{About, Admission, SavedEntry};
use super::limits::QUEUE_STEP;
use super::storage::{Answer, Change, Claim, Door, Fault, LogRow, Missed, Opened, Placed, StageStore, Wanted, Work};
use crate::bus::NodeId;
use rows::Rows;

#[derive(Debug, Clone)]
pub struct MemoryStore {
    state: Arc<Mutex<State>>,
    stalled: Arc<watch::Sender<bool>>,
    late: Arc<watch::Sender<bool>>,
    /// Whose it is, where nodes share it.
    node: Option<NodeId>,
}

#[derive(Debug, Default)]
struct State {
    /// Whose stages are, and which nodes have ended.
    owners: HashMap<StageId, NodeId>,
    ended: HashSet<NodeId>,
    stages: HashMap<StageId, Rows>,
    songs: HashMap<SongId, Arc<Song>>,
    playlists: HashMap<PlaylistId, Vec<SongId>>,
    invites: HashMap<String, StageId>,
    friends: Vec<(UserId, UserId)>,
    blocks: Vec<(UserId, UserId)>,
    fault: Option<Fault>,
    /// How the next commit fails, before those behind it stall.
    next_fault: Option<Fault>,
    /// A word that no commit may hold, as a database refuses a character.
    refused: Option<String>,
    panics: bool,
    /// Nothing of the stages may be shown.
    hides: bool,
    commits: usize,
    reads_of_past: usize,
    /// Steps that long changes have left.
    steps: HashMap<StageId, usize>,
    /// Whose commits and steps were done, in order.
    order: Vec<Deed>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    Commit(StageId),
    Step(StageId),
}

impl State {
    fn blocked(&self, by: UserId) -> HashSet<UserId> {
        self.blocks.iter().filter(|(blocker, _)| *blocker == by).map(|(_, whom)| *whom).collect()
    }
}

impl Default for MemoryStore {
    fn default() -> Self {
        let open = || Arc::new(watch::Sender::new(false));
        Self { state: Arc::default(), stalled: open(), late: open(), node: None }
    }
}

/// Setting the scene.
impl MemoryStore {
    /// The same as a node sees it.
    #[must_use]
    pub fn at(&self, node: NodeId) -> Self {
        Self { node: Some(node), ..self.clone() }
    }

    /// What is this node's is anybody's from here on.
    pub fn node_ends(&self, node: NodeId) {
        self.state().ended.insert(node);
    }

    pub fn add_stage(&self, about: About) {
        self.state().stages.insert(about.id, Rows::new(about));
    }

    pub fn add_song(&self, song: Arc<Song>) {
        self.state().songs.insert(song.id, song);
    }

    pub fn add_playlist(&self, id: PlaylistId, songs: Vec<SongId>) {
        self.state().playlists.insert(id, songs);
    }

    pub fn add_invite(&self, code: &str, stage: StageId) {
        self.state().invites.insert(code.into(), stage);
    }

    pub fn befriend(&self, a: UserId, b: UserId) {
        self.state().friends.push((a, b));
    }

    pub fn block(&self, by: UserId, whom: UserId) {
        self.state().blocks.push((by, whom));
    }

    pub fn unblock(&self, by: UserId, whom: UserId) {
        self.state().blocks.retain(|pair| *pair != (by, whom));
    }

    /// From now on every commit and question fails so, or none does.
    pub fn fail_with(&self, fault: Option<Fault>) {
        self.state().fault = fault;
    }

    /// From now on every commit with a line or a log row that holds this word is refused.
    pub fn refuse(&self, word: &str) {
        self.state().refused = Some(word.into());
    }

    /// The next question panics.
    pub fn panic_once(&self) {
        self.state().panics = true;
    }

    /// Commits wait, and what is read comes late, until [`go_on`](Self::go_on).
    pub fn stall(&self) {
        self.stalled.send_replace(true);
        self.late.send_replace(true);
    }

    pub fn go_on(&self) {
        self.commits_go_on();
        self.reads_go_on();
    }

    pub fn commits_go_on(&self) {
        self.stalled.send_replace(false);
    }

    pub fn reads_go_on(&self) {
        self.late.send_replace(false);
    }

    /// Others may have the stages, until [`are_ours`](Self::are_ours).
    pub fn are_others(&self) {
        self.state().hides = true;
    }

    pub fn are_ours(&self) {
        self.state().hides = false;
    }

    /// Of the commits that wait the first one fails, and those behind it wait on.
    pub fn fail_one(&self, fault: Fault) {
        self.state().next_fault = Some(fault);
        self.commits_go_on();
    }
}

impl MemoryStore {
    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing panics under the lock in the middle of a change.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was read is as old as the stall is long.
    async fn answer_late(&self) -> Result<(), Fault> {
        // A closed channel can't be: `self` holds the sender.
        drop(self.late.subscribe().wait_for(|late| !late).await);
        self.answer(|_| ())
    }

    fn answer<T>(&self, find: impl FnOnce(&mut State) -> T) -> Result<T, Fault> {
        let mut state = self.state();
        assert!(!std::mem::take(&mut state.panics), "as a test has asked for");
        match state.fault.clone() {
            Some(fault) => Err(fault),
            None => Ok(find(&mut state)),
        }
    }
}

fn holds(work: &Work, word: &str) -> bool {
    let log = |row: &LogRow| row.kind == word || row.data.to_string().contains(word);
    work.chats.iter().any(|line| line.text.contains(word)) || work.log.iter().any(log)
}

impl StageStore for MemoryStore {
    fn claim(&self, id: StageId) -> Answer<'_, Claim> {
        Box::pin(async move {
            let Some(me) = self.node else { return Ok(Claim::Ours) };
            self.answer(|state| match state.owners.get(&id) {
                Some(owner) if *owner != me && !state.ended.contains(owner) => Claim::Theirs(*owner),
                _ => {
                    state.owners.insert(id, me);
                    Claim::Ours
                }
            })
        })
    }

    fn may_show(&self) -> bool {
        !self.state().hides
    }

    fn release(&self, id: StageId, epoch: Epoch, unused: Option<Seq>) -> Answer<'_, ()> {
        Box::pin(async move {
            self.answer(|state| {
                if self.node.is_none() || state.owners.get(&id).copied() != self.node {
                    return;
                }
                state.owners.remove(&id);
                if let (Some(unused), Some(rows)) =
                    (unused, state.stages.get_mut(&id).filter(|rows| rows.epoch == epoch))
                {
                    rows.limit = rows.limit.min(unused);
                }
            })
        })
    }

    fn open(&self, id: StageId, block: i64) -> Answer<'_, Option<Opened>> {
        Box::pin(async move {
            self.answer(|state| {
                let songs = state.songs.clone();
                let rows = state.stages.get_mut(&id).filter(|rows| !rows.ended)?;
                rows.epoch = Epoch(rows.epoch.0 + 1);
                let first = rows.limit;
                rows.limit = Seq(first.0 + block);
                let limit = rows.limit;
                let mut saved = rows.saved(&songs).excerpt();
                let (epoch, chats, answered) = (rows.epoch, rows.last_chats(), rows.answered.clone());
                saved.shunned = state.blocked(saved.about.host.id);
                Some(Opened { saved, epoch, first, limit, chats, answered })
            })
        })
    }

    fn missed(&self, id: StageId, before: Seq, limit: usize) -> Answer<'_, Missed> {
        Box::pin(async move {
            let read = self.answer(|state| {
                state.reads_of_past += 1;
                state.stages.get(&id).map(|rows| rows.missed(before, limit)).unwrap_or_default()
            });
            self.answer_late().await?;
            read
        })
    }

    fn queue(&self, id: StageId) -> Answer<'_, Vec<SavedEntry>> {
        Box::pin(async move {
            let read = self.answer(|state| state.stages.get(&id).map(|rows| rows.saved(&state.songs).entries));
            self.answer_late().await?;
            Ok(read?.unwrap_or_default())
        })
    }

    fn commit<'a>(&'a self, work: &'a [Work]) -> Answer<'a, Vec<Vec<Placed>>> {
        Box::pin(async move {
            // A closed channel can't be: `self` holds the sender.
            drop(self.stalled.subscribe().wait_for(|stalled| !stalled).await);
            if let Some(fault) = self.state().next_fault.take() {
                self.stall();
                return Err(fault);
            }
            self.answer(|state| {
                let owned = |w: &Work| state.stages.get(&w.stage).is_none_or(|rows| rows.epoch == w.epoch);
                if !work.iter().all(owned) {
                    return Err(Fault::Superseded);
                }
                if state.refused.as_ref().is_some_and(|word| work.iter().any(|w| holds(w, word))) {
                    return Err(Fault::Rejected("a word is refused".into()));
                }
                state.commits += 1;
                for work in work {
                    state.order.push(Deed::Commit(work.stage));
                    let entries =
                        |change: &Change| if let Change::Reorder { ords, .. } = change { ords.len() } else { 0 };
                    if work.is_long() {
                        let steps = work.changes.iter().map(entries).sum::<usize>().div_ceil(QUEUE_STEP);
                        state.steps.insert(work.stage, steps);
                    }
                }
                let placed = work.iter().map(|w| state.stages.get_mut(&w.stage).map(|rows| rows.apply(w)));
                Ok(placed.map(Option::unwrap_or_default).collect())
            })?
        })
    }

    /// Everything was done at once; the steps are only counted.
    fn step(&self, id: StageId) -> Answer<'_, bool> {
        Box::pin(async move {
            drop(self.stalled.subscribe().wait_for(|stalled| !stalled).await);
            // As a transaction, it takes a moment.
            tokio::task::yield_now().await;
            self.answer(|state| {
                let left = state.steps.get_mut(&id).filter(|left| **left > 0);
                let Some(left) = left else { return false };
                *left -= 1;
                state.order.push(Deed::Step(id));
                true
            })
        })
    }

    fn commits_at_once(&self) -> usize {
        1
    }

    fn playing(&self) -> Answer<'_, Vec<StageId>> {
        Box::pin(async {
            self.answer(|state| {
                let playing = state.stages.values().filter(|rows| rows.timeline.playing && !rows.ended);
                playing.map(|rows| rows.about.id).collect()
            })
        })
    }

    fn has_ended(&self, id: StageId, _viewer: UserId) -> Answer<'_, bool> {
        Box::pin(async move { self.answer(|state| state.stages.get(&id).is_some_and(|rows| rows.ended)) })
    }

    fn songs(&self, wanted: Wanted, limit: usize) -> Answer<'_, Vec<Arc<Song>>> {
        Box::pin(async move {
            let read = self.answer(|state| {
                let ids = match wanted {
                    Wanted::Song(id) => vec![id],
                    Wanted::Playlist { id, .. } => state.playlists.get(&id).cloned().unwrap_or_default(),
                };
                ids.iter().filter_map(|id| state.songs.get(id).cloned()).take(limit).collect()
            });
            self.answer_late().await?;
            read
        })
    }

    fn songs_of<'a>(&'a self, ids: &'a [SongId]) -> Answer<'a, Vec<Arc<Song>>> {
        Box::pin(async move { self.answer(|state| ids.iter().filter_map(|id| state.songs.get(id).cloned()).collect()) })
    }

    fn admission(&self, door: Door) -> Answer<'_, Admission> {
        Box::pin(async move {
            self.answer(|state| {
                let invited = door.invite.and_then(|code| state.invites.get(&code).copied()) == Some(door.stage);
                let pairs = [(door.host, door.user), (door.user, door.host)];
                let friend = state.friends.iter().any(|pair| pairs.contains(pair));
                match (invited, friend) {
                    (true, _) => Admission::Invited,
                    (_, true) => Admission::Friend,
                    _ => Admission::Stranger,
                }
            })
        })
    }

    fn blocked(&self, by: UserId) -> Answer<'_, HashSet<UserId>> {
        Box::pin(async move { self.answer(|state| state.blocked(by)) })
    }

    fn author(&self, stage: StageId, chat: Seq) -> Answer<'_, Option<UserId>> {
        Box::pin(async move {
            let read = self.answer(|state| {
                let line = state.stages.get(&stage)?.chats.get(&chat)?;
                (!line.deleted).then_some(line.from.id)
            });
            self.answer_late().await?;
            read
        })
    }

    fn ping(&self) -> Answer<'_, ()> {
        Box::pin(async { self.answer(|_| ()) })
    }
}
