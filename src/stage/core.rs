//! The stage: who is there, what plays since when, what comes next, who may do what.
//!
//! Pure: [`Stage::decide`] says what a command would bring about, [`Stage::evolve`] is the only mutation,
//! [`Stage::next_due`] the only timer and [`Stage::settle`] what is due. No clock, chance, I/O or logging. Numbering events
//! (`seq`) and keeping chat is the shell's business: the stage only rules on it.
//!
//! Durable events are applied after their commit, and immediate ones may happen while one is under way. So `evolve`
//! is total: an entry that has begun to play meanwhile can still be removed (the song then plays to its end).

mod command;
mod entry;
mod event;
mod evolve;
mod guests;
mod people;
mod queue;
mod random;
mod rules;
mod snapshot;
mod speaker;
mod steering;
mod suggestions;
#[cfg(test)]
mod tests;
mod timeline;
mod turns;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use octave_protocol::model::{
    Adding, Control, Mute, Permission, QueueOrder, Role, SharedVolume, Song, StartBarrier, Succession, User, Visibility,
};
use octave_protocol::{Duration, EntryId, GuestRights, Instant, PlaylistId, Rev, SongId, StageId, UserId};

use crate::stage::limits::QUEUE_WINDOW;

pub use command::{
    Admission, Asked, Attachment, Basis, Command, LineChange, Purpose, Reach, Refusal, SoundChange, StageChange,
    StartChange, Steer, TurnsChange, Wanted, nonce_of,
};
pub use event::{Cause, Decided, Durable, Event, Immediate, Line, QueueEvent, Settlement};
pub use people::{People, Person, Stat};
pub use queue::{Arrangement, Entry, Following, LeftOut, Ords, Queue};
pub use snapshot::window_start;
pub use timeline::{Motion, Statement, Timeline, Track};

/// What a stage is called and how it is run.
#[derive(Debug, Clone, PartialEq)]
pub struct About {
    pub id: StageId,
    pub name: String,
    pub host: Arc<User>,
    pub genres: Vec<String>,
    /// The name of the cover's file.
    pub cover: Option<String>,
    pub visibility: Visibility,
    pub control: Control,
    pub adding: Adding,
    pub start: StartBarrier,
    /// The least time between two lines of one who does not moderate.
    pub slow_mode: Duration,
    pub succession: Succession,
    pub sound: Sound,
    pub turns: Turns,
    /// Whose device alone sounds.
    pub speaker: Option<Arc<User>>,
    /// What guests may do at most.
    pub guests: GuestRights,
    pub playlists: Vec<PlaylistId>,
    pub created: Instant,
}

/// How a stage sounds to those who follow it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sound {
    /// How long one song ends under the beginning of the next.
    pub crossfade: Duration,
    pub volume: SharedVolume,
}

/// Whose song is next, and how many of one's own may wait for it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Turns {
    pub order: QueueOrder,
    /// How many songs of one person may wait, who does not moderate.
    pub max_waiting: Option<u32>,
}

#[derive(Debug, Clone)]
pub struct Stage {
    about: About,
    /// Roles other than host and listener.
    roles: HashMap<UserId, Role>,
    banned: HashSet<UserId>,
    muted: HashMap<UserId, Mute>,
    invited: HashSet<UserId>,
    /// Whom the host has blocked.
    shunned: HashSet<UserId>,
    /// Guests who have been here since the stage was opened last, with what their links let them do.
    guests: HashMap<UserId, GuestRights>,
    people: People,
    queue: Queue,
    timeline: Timeline,
    /// What follows by itself; kept because finding it in shuffle mode passes over the queue.
    following: Option<Following>,
    skip_votes: HashSet<UserId>,
    /// Songs that wait to be accepted, the oldest first.
    suggestions: Vec<Arc<Entry>>,
    ended: bool,
}

/// A stored entry of the queue.
#[derive(Debug, Clone)]
pub struct SavedEntry {
    pub ord: i64,
    pub entry: Entry,
    pub played: Option<Instant>,
    pub voters: Vec<UserId>,
}

/// A stored timeline: the last statement in the shape in which it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SavedTimeline {
    pub rev: Rev,
    /// With no entry: the queue had run dry and goes on with what is added.
    pub playing: bool,
    pub entry: Option<EntryId>,
    /// The entry's song.
    pub song: Option<SongId>,
    pub position: Duration,
    pub at: Instant,
    /// When the round of the queue began.
    pub round: Instant,
    /// The sort key of what plays or played last; its entry may have been taken out of the queue.
    pub cursor: Option<i64>,
}

/// A stage as it was stored.
#[derive(Debug, Clone)]
pub struct Saved {
    pub about: About,
    pub roles: HashMap<UserId, Role>,
    pub banned: HashSet<UserId>,
    pub muted: HashMap<UserId, Mute>,
    pub invited: HashSet<UserId>,
    /// Whom the host has blocked.
    pub shunned: HashSet<UserId>,
    pub queue_rev: Rev,
    pub mode: octave_protocol::model::QueueMode,
    pub next_entry: EntryId,
    /// In order; of a long queue those that stand around what plays or played last.
    pub entries: Vec<SavedEntry>,
    pub left_out: LeftOut,
    /// The oldest first.
    pub suggestions: Vec<Entry>,
    /// The timeline's song, if its entry was taken out of the queue.
    pub taken_out: Option<Arc<Song>>,
    pub timeline: SavedTimeline,
}

impl Saved {
    /// As a store hands it over that reads no more of a long queue than a snapshot shows. A shuffled one is read whole,
    /// since its next entry is drawn from all.
    #[must_use]
    pub fn excerpt(mut self) -> Self {
        let total = self.entries.len();
        if total <= QUEUE_WINDOW || self.mode.shuffle {
            return self;
        }
        let played = |e: &&SavedEntry| e.played.is_some_and(|at| at >= self.timeline.round);
        let last = || self.entries.iter().filter(played).max_by_key(|e| e.played).map(|e| e.ord);
        let current = self.entries.iter().find(|e| Some(e.entry.id) == self.timeline.entry).map(|e| e.ord);
        let place = current.or(self.timeline.cursor).or_else(last);
        let before = |ord| self.entries.iter().filter(|e| e.ord < ord).count();
        let above = place.map_or(0, |ord| window_start(before(ord), total));
        self.entries = self.entries.split_off(above);
        self.entries.truncate(QUEUE_WINDOW);
        self.left_out = LeftOut { above, below: total - above - self.entries.len() };
        self
    }

    /// Whether an excerpt of the queue does until the rest is read: a song that has ended by `now` needs to know what
    /// came after it.
    pub fn holds_at(&self, now: Instant) -> bool {
        let SavedTimeline { playing, entry, position, at, .. } = self.timeline;
        let current = self.entries.iter().find(|e| Some(e.entry.id) == entry).map(|e| &e.entry.song);
        self.left_out == LeftOut::default()
            || !playing
            || current
                .or(self.taken_out.as_ref())
                .is_some_and(|song| at + (song.duration_us - position) - self.about.sound.crossfade > now)
    }
}

impl Stage {
    /// A stage that has just been opened: empty, silent.
    pub fn new(about: About) -> Self {
        Self {
            about,
            roles: HashMap::new(),
            banned: HashSet::new(),
            muted: HashMap::new(),
            invited: HashSet::new(),
            shunned: HashSet::new(),
            guests: HashMap::new(),
            people: People::default(),
            queue: Queue::default(),
            timeline: Timeline::default(),
            following: None,
            skip_votes: HashSet::new(),
            suggestions: Vec::new(),
            ended: false,
        }
    }

    pub fn about(&self) -> &About {
        &self.about
    }

    pub fn people(&self) -> &People {
        &self.people
    }

    pub fn queue(&self) -> &Queue {
        &self.queue
    }

    pub fn timeline(&self) -> &Timeline {
        &self.timeline
    }

    pub fn has_ended(&self) -> bool {
        self.ended
    }

    /// Whether the stage has to be kept running although nobody is there.
    pub fn is_playing(&self) -> bool {
        self.timeline.is_playing()
    }

    pub fn role(&self, user: UserId) -> Role {
        if user == self.about.host.id {
            return Role::Host;
        }
        self.roles.get(&user).copied().unwrap_or(Role::Listener)
    }

    /// Whoever is kept out may nothing, where everybody may, too.
    pub fn may(&self, user: UserId, permission: Permission) -> bool {
        !self.keeps_out(user) && self.is_let(user, permission)
    }

    /// Whether somebody may not speak here.
    pub fn is_muted(&self, user: UserId, now: Instant) -> bool {
        self.muted.get(&user).is_some_and(|mute| mute.until_us.is_none_or(|until| now < until))
    }

    /// Whether the host is away from people who could take over.
    pub fn wants_successor(&self) -> bool {
        self.about.succession == Succession::People
            && !self.ended
            && self.people.accounts() > 0
            && !self.people.contains(self.about.host.id)
    }

    /// Who takes over from a host that is away: the highest role, and of those who is there the longest.
    fn successor(&self) -> Option<&Arc<User>> {
        if !self.wants_successor() {
            return None;
        }
        let rank = |person: &&Person| std::cmp::Reverse(self.role(person.user.id).rank());
        self.people.iter().filter(|person| !person.user.guest).min_by_key(rank).map(|person| &person.user)
    }

    /// Votes to skip what plays, and how many are needed: half of the distinct listeners who may vote, rounded up.
    pub fn skip_votes(&self) -> (usize, usize) {
        (self.skip_votes.len(), self.voters().div_ceil(2).max(1))
    }
}

impl About {
    pub fn apply(&mut self, change: &StageChange) {
        let StageChange {
            name,
            genres,
            visibility,
            control,
            adding,
            start,
            slow_mode,
            succession,
            sound,
            turns,
            guests,
            speaker,
            cover,
            playlist,
        } = change.clone();
        self.name = name.map_or_else(|| std::mem::take(&mut self.name), String::from);
        self.genres = genres.unwrap_or(std::mem::take(&mut self.genres));
        self.visibility = visibility.unwrap_or(self.visibility);
        self.control = control.unwrap_or(self.control);
        self.start.quorum_percent = start.quorum_percent.unwrap_or(self.start.quorum_percent);
        self.start.patience_us = start.patience.unwrap_or(self.start.patience_us);
        self.adding = adding.unwrap_or(self.adding);
        self.slow_mode = slow_mode.unwrap_or(self.slow_mode);
        self.succession = succession.unwrap_or(self.succession);
        self.sound.apply(sound);
        self.turns.apply(turns);
        self.guests = guests.unwrap_or(self.guests);
        self.speaker = speaker.unwrap_or(self.speaker.take());
        self.cover = cover.unwrap_or(self.cover.take());
        match playlist {
            // In the order of their ids, as they are stored.
            Some(Attachment::Attach(id)) => {
                if let Err(place) = self.playlists.binary_search(&id) {
                    self.playlists.insert(place, id);
                }
            }
            Some(Attachment::Detach(id)) => self.playlists.retain(|playlist| *playlist != id),
            None => {}
        }
    }
}

impl Sound {
    fn apply(&mut self, SoundChange { crossfade, together, percent }: SoundChange) {
        self.crossfade = crossfade.unwrap_or(self.crossfade);
        self.volume.together = together.unwrap_or(self.volume.together);
        self.volume.percent = percent.unwrap_or(self.volume.percent);
    }
}

impl Turns {
    fn apply(&mut self, TurnsChange { order, max_waiting }: TurnsChange) {
        self.order = order.unwrap_or(self.order);
        self.max_waiting = max_waiting.unwrap_or(self.max_waiting);
    }
}
