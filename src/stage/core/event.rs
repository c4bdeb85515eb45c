//! Facts: what has happened in the stage.

use std::collections::HashSet;
use std::sync::Arc;

use octave_protocol::model::{QueueMode, Role, Song, User};
use octave_protocol::{EntryId, GuestRights, Instant, Rev, Seq, UserId};

use super::command::StageChange;
use super::people::Stat;
use super::queue::{Arrangement, Entry, Ords};
use super::timeline::Statement;

/// A fact to be applied, of whichever kind.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Event<'a> {
    Durable(&'a Durable),
    Immediate(&'a Immediate),
}

/// What a command brings about. Never both kinds: half of it would then be true before the other.
#[derive(Debug, Clone, PartialEq)]
pub enum Decided {
    Durable(Vec<Durable>),
    Immediate(Vec<Immediate>),
}

/// Committed before anyone learns of it.
#[derive(Debug, Clone, PartialEq)]
pub enum Durable {
    Queue(QueueEvent),
    Suggested {
        entry: Arc<Entry>,
    },
    /// Suggestions wait no more.
    Settled {
        entries: Vec<EntryId>,
        how: Settlement,
    },
    ChatEdited {
        chat: Seq,
        text: Arc<str>,
        by: UserId,
        at: Instant,
    },
    ChatDeleted {
        chat: Seq,
        by: UserId,
        at: Instant,
    },
    Updated {
        change: StageChange,
        by: UserId,
    },
    RoleSet {
        user: Arc<User>,
        role: Role,
        /// Absent where the stage itself gave it.
        by: Option<UserId>,
    },
    Muted {
        user: Arc<User>,
        until: Option<Instant>,
        by: UserId,
    },
    Unmuted {
        user: UserId,
        by: UserId,
    },
    Kicked {
        user: Arc<User>,
        by: UserId,
    },
    Banned {
        user: Arc<User>,
        by: UserId,
    },
    Unbanned {
        user: UserId,
        by: UserId,
    },
    /// Somebody whom the host has blocked is out. The block itself is durable already.
    ShutOut {
        user: Arc<User>,
    },
    Ended {
        by: UserId,
    },
}

/// What became of a suggestion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settlement {
    Accepted(UserId),
    Declined(UserId),
    /// Who made it has gone.
    Forgotten,
}

/// A change of the queue, which its `rev` numbers.
#[derive(Debug, Clone, PartialEq)]
pub enum QueueEvent {
    Added {
        index: usize,
        entries: Vec<Arc<Entry>>,
        ords: Ords,
        by: UserId,
    },
    Removed {
        entry: EntryId,
        by: UserId,
    },
    Moved {
        entry: EntryId,
        index: usize,
        ords: Ords,
        by: UserId,
    },
    /// Songs that stand in the queue, or play, as the library tells them now.
    Corrected {
        songs: Vec<Arc<Song>>,
    },
    Cleared {
        keep: Option<EntryId>,
        by: UserId,
    },
    Shuffled {
        from: usize,
        seed: u64,
        around: Option<i64>,
        by: UserId,
    },
    ModeSet {
        mode: QueueMode,
        by: UserId,
    },
    Voted {
        entry: EntryId,
        by: UserId,
    },
    /// The stage has put in order what waits.
    Arranged(Arrangement),
}

/// Known to all at once. The timeline's last state is saved soon after; the others end with the process.
#[derive(Debug, Clone, PartialEq)]
pub enum Immediate {
    Timeline {
        rev: Rev,
        statement: Statement,
        cause: Cause,
        new_round: bool,
        /// What it announces may begin no sooner: those who hear of it need so long.
        next_from: Instant,
    },
    /// Whom the host has blocked by now: all of them.
    Shuns {
        users: HashSet<UserId>,
    },
    Joined {
        user: Arc<User>,
        /// What their link lets a guest do.
        guest: Option<GuestRights>,
    },
    Left {
        user: UserId,
    },
    /// So many of somebody's seats steer without sound.
    Remotes {
        user: UserId,
        seats: u32,
    },
    SkipVoted {
        user: UserId,
        entry: EntryId,
    },
    Loading {
        user: UserId,
        ready: Option<Rev>,
    },
    Measured {
        user: UserId,
        stat: Stat,
    },
    Reacted {
        user: UserId,
        emoji: Arc<str>,
    },
    Typed {
        user: UserId,
    },
}

impl<'a> From<&'a Durable> for Event<'a> {
    fn from(event: &'a Durable) -> Self {
        Self::Durable(event)
    }
}

impl<'a> From<&'a Immediate> for Event<'a> {
    fn from(event: &'a Immediate) -> Self {
        Self::Immediate(event)
    }
}

impl Decided {
    /// All of it, in order.
    pub fn events(&self) -> impl Iterator<Item = Event<'_>> {
        let (durable, immediate): (&[_], &[_]) = match self {
            Self::Durable(events) => (events, &[]),
            Self::Immediate(events) => (&[], events),
        };
        durable.iter().map(Event::Durable).chain(immediate.iter().map(Event::Immediate))
    }
}

impl From<Durable> for Decided {
    fn from(event: Durable) -> Self {
        Self::Durable(vec![event])
    }
}

impl From<QueueEvent> for Decided {
    fn from(event: QueueEvent) -> Self {
        Durable::Queue(event).into()
    }
}

impl From<Immediate> for Decided {
    fn from(event: Immediate) -> Self {
        Self::Immediate(vec![event])
    }
}

impl Durable {
    /// Whether it takes a number in the stage's order.
    pub const fn is_sequenced(&self) -> bool {
        !matches!(
            self,
            Self::Unbanned { .. }
                | Self::Muted { .. }
                | Self::Unmuted { .. }
                | Self::Suggested { .. }
                | Self::Settled { .. }
        )
    }
}

/// A line of chat before it has its number.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    pub from: Arc<User>,
    pub text: Arc<str>,
    pub nonce: Option<Arc<str>>,
    pub reply_to: Option<Seq>,
    pub at: Instant,
}

/// Why the timeline changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    Played(UserId),
    Paused(UserId),
    Sought(UserId),
    Skipped(UserId),
    WentBack(UserId),
    /// Enough listeners voted.
    VotedOff,
    /// The song was over, or something was added to a dry queue.
    Advanced,
    /// The start barrier opened.
    Started,
    /// Only what comes next has changed.
    Announced,
}

impl Cause {
    pub const fn by(self) -> Option<UserId> {
        match self {
            Self::Played(u) | Self::Paused(u) | Self::Sought(u) | Self::Skipped(u) | Self::WentBack(u) => Some(u),
            Self::VotedOff | Self::Advanced | Self::Started | Self::Announced => None,
        }
    }
}
