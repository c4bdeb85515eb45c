//! Facts: what has happened in the room.

use std::collections::HashSet;
use std::sync::Arc;

use octave_protocol::model::{QueueMode, Role, Song, User};
use octave_protocol::{EntryId, Instant, Rev, Seq, UserId};

use super::command::StageChange;
use super::people::Stat;
use super::queue::{Entry, Ords};
use super::timeline::Statement;

#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    // Durable: committed before anyone learns of them.
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
    Updated {
        change: StageChange,
        by: UserId,
    },
    RoleSet {
        user: Arc<User>,
        role: Role,
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

    // Immediate: known to all at once. The timeline's last state is saved soon after; the others end with the process.
    Timeline {
        rev: Rev,
        statement: Statement,
        cause: Cause,
        new_round: bool,
    },
    /// Whom the host has blocked by now: all of them.
    Shuns {
        users: HashSet<UserId>,
    },
    Joined {
        user: Arc<User>,
    },
    Left {
        user: UserId,
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

impl Event {
    /// Whether it must be committed before it is shown and applied.
    pub const fn is_durable(&self) -> bool {
        matches!(
            self,
            Self::ChatEdited { .. }
                | Self::ChatDeleted { .. }
                | Self::Added { .. }
                | Self::Removed { .. }
                | Self::Moved { .. }
                | Self::Corrected { .. }
                | Self::Cleared { .. }
                | Self::Shuffled { .. }
                | Self::ModeSet { .. }
                | Self::Voted { .. }
                | Self::Updated { .. }
                | Self::RoleSet { .. }
                | Self::Kicked { .. }
                | Self::Banned { .. }
                | Self::Unbanned { .. }
                | Self::ShutOut { .. }
                | Self::Ended { .. }
        )
    }

    /// Who has to go because of it, with all their seats.
    pub fn removes(&self) -> Option<UserId> {
        match self {
            Self::Kicked { user, .. } | Self::Banned { user, .. } | Self::ShutOut { user } => Some(user.id),
            _ => None,
        }
    }

    /// Whether it takes a number in the stage's order.
    pub const fn is_sequenced(&self) -> bool {
        match self {
            Self::Unbanned { .. } => false,
            Self::Timeline { .. } => true,
            _ => self.is_durable(),
        }
    }
}
