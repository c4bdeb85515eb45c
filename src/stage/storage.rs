//! What a stage asks of its storage: a port with two implementations, SQL (`store::stage_journal`) and memory
//! ([`memory`](super::memory), for tests that make it stall and fail).

use std::collections::HashSet;
use std::fmt::Debug;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use octave_protocol::model::{ChatLine, QueueMode, Role, Song};
use octave_protocol::{EntryId, Epoch, Instant, Rev, Seq, SongId, StageId, UserId};

pub use super::core::Wanted;
use super::core::{Admission, Line, Saved, SavedEntry, SavedTimeline, StageChange};
use super::limits::QUEUE_STEP;
use crate::bus::NodeId;

pub type Answer<'a, T> = BoxFuture<'a, Result<T, Fault>>;

pub trait StageStore: Debug + Send + Sync + 'static {
    /// Takes the stage over: its epoch rises by one, and numbering goes on where nothing can have been shown, with the
    /// first `block` numbers reserved. None if there is no such stage, or it has ended.
    /// Of a queue that is longer than a window, and not shuffled, only the window is read.
    fn open(&self, id: StageId, block: i64) -> Answer<'_, Option<Opened>>;

    /// Makes the stage this node's, unless another one that lives has it. To be asked before [`open`](Self::open).
    fn claim(&self, _id: StageId) -> Answer<'_, Claim> {
        Box::pin(std::future::ready(Ok(Claim::Ours)))
    }

    /// Lets go of a stage that this node has opened at that epoch. Numbers from `unused` on are given back, so that whoever opens it
    /// next goes on with them.
    fn release(&self, _id: StageId, _epoch: Epoch, _unused: Option<Seq>) -> Answer<'_, ()> {
        Box::pin(std::future::ready(Ok(())))
    }

    /// Whether what its stages do may be shown: false while another node may have taken them over.
    fn may_show(&self) -> bool {
        true
    }

    /// The last `limit` lines with numbers below `before`, and the last `limit` changes of lines, each in order.
    fn missed(&self, id: StageId, before: Seq, limit: usize) -> Answer<'_, Missed>;

    /// All entries of a stage's queue, in order.
    fn queue(&self, id: StageId) -> Answer<'_, Vec<SavedEntry>>;

    /// Does all of the work in one transaction, in order; of what [is long](Work::is_long), [`step`](Self::step) has to be
    /// called until nothing is left, before more is asked of that stage. The answer has one list per [`Work`], with one place per chat.
    fn commit<'a>(&'a self, work: &'a [Work]) -> Answer<'a, Vec<Vec<Placed>>>;

    /// Does the next step of a long change that a commit has only written down, in a transaction of its own. False when
    /// none was left.
    fn step(&self, id: StageId) -> Answer<'_, bool>;

    /// How many commits it gains by at a time; each is of other stages.
    fn commits_at_once(&self) -> usize;

    /// Whether it is a stage that has ended and of which `viewer` may know.
    fn has_ended(&self, id: StageId, viewer: UserId) -> Answer<'_, bool>;

    /// Stages that play, or would go on when something is added, and are no other node's.
    fn playing(&self) -> Answer<'_, Vec<StageId>>;

    /// The songs in order, without those that are gone; at most `limit`.
    fn songs(&self, wanted: Wanted, limit: usize) -> Answer<'_, Vec<Arc<Song>>>;

    /// These songs as the library tells them now, deleted ones too.
    fn songs_of<'a>(&'a self, ids: &'a [SongId]) -> Answer<'a, Vec<Arc<Song>>>;

    /// What is known of somebody at the door of `host`'s stage. An invitation that lets them in is used by that.
    fn admission(&self, door: Door) -> Answer<'_, Admission>;

    /// Whom somebody has blocked.
    fn blocked(&self, by: UserId) -> Answer<'_, HashSet<UserId>>;

    /// Who wrote a line that is not deleted.
    fn author(&self, stage: StageId, chat: Seq) -> Answer<'_, Option<UserId>>;

    /// Whether it answers.
    fn ping(&self) -> Answer<'_, ()>;
}

/// Whose a stage is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    Ours,
    Theirs(NodeId),
    /// There is no such stage, or it has ended.
    Nobodys,
}

/// Why storage did not do it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The disk is full; nothing was done.
    #[error("storage full: {0}")]
    Full(String),
    /// It does not answer; nothing was done.
    #[error("storage unavailable: {0}")]
    Unavailable(String),
    /// It stopped answering in the middle of a commit: done or not, nobody knows.
    #[error("a commit with unknown outcome: {0}")]
    Unknown(String),
    /// Somebody else has opened the stage since; nothing was done.
    #[error("the stage was opened anew by another")]
    Superseded,
    /// A rule of the database's is broken; nothing was done.
    #[error("storage refused: {0}")]
    Rejected(String),
}

/// A stage as it is opened.
#[derive(Debug, Clone)]
pub struct Opened {
    pub saved: Saved,
    pub epoch: Epoch,
    /// The first number that this epoch may use.
    pub first: Seq,
    /// The number at which the reserved block ends.
    pub limit: Seq,
    /// The last lines, newest last.
    pub chats: Vec<ChatLine>,
    /// The last commands with a nonce, newest last.
    pub answered: Vec<Answered>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Door {
    pub stage: StageId,
    pub host: UserId,
    pub user: UserId,
    pub invite: Option<String>,
    pub at: Instant,
}

/// What one stage wants done in one transaction.
#[derive(Debug, Clone)]
pub struct Work {
    pub stage: StageId,
    /// In which the stage was opened; if it has been opened anew since, nothing is done.
    pub epoch: Epoch,
    /// The number of the first line that is new; the others follow without a gap.
    pub first: Seq,
    pub chats: Vec<Line>,
    pub changes: Vec<Change>,
    pub log: Vec<LogRow>,
    /// Who came in for the first time, and whether by an invitation.
    pub arrivals: Vec<Arrival>,
    pub timeline: Option<TimelineSave>,
    /// Lines that `changes` change, for those who come back later.
    pub lines: Vec<LineChanged>,
    /// What commands with a nonce were answered.
    pub answered: Vec<Answered>,
    /// Reserve numbers up to here.
    pub limit: Option<Seq>,
}

impl Work {
    pub fn new(stage: StageId, epoch: Epoch, first: Seq) -> Self {
        Self {
            stage,
            epoch,
            first,
            chats: Vec::new(),
            changes: Vec::new(),
            log: Vec::new(),
            arrivals: Vec::new(),
            timeline: None,
            lines: Vec::new(),
            answered: Vec::new(),
            limit: None,
        }
    }

    /// Whether it changes so much of a queue that it is done in steps.
    pub fn is_long(&self) -> bool {
        self.changes.iter().any(|change| match change {
            Change::Enqueue { rows, .. } => rows.len() > QUEUE_STEP,
            Change::Reorder { ords, .. } => ords.len() > QUEUE_STEP,
            Change::ClearQueue { entries, .. } => *entries > QUEUE_STEP,
            _ => false,
        })
    }

    /// Whether it is nothing but lines of chat.
    pub fn only_says(&self) -> bool {
        let Self {
            stage: _,
            epoch: _,
            first: _,
            chats: _,
            changes,
            log,
            arrivals,
            timeline,
            lines: _,
            answered,
            limit,
        } = self;
        let rows = changes.len() + log.len() + arrivals.len() + answered.len();
        rows == 0 && timeline.is_none() && limit.is_none()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrival {
    pub user: UserId,
    pub invited: bool,
    pub at: Instant,
}

/// A line that is edited or taken back, and how many events of the same work come before that, beside its new lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineChanged {
    pub chat: Seq,
    pub by: UserId,
    pub behind: usize,
}

/// What was stored of a conversation before somebody came back.
#[derive(Debug, Clone, Default)]
pub struct Missed {
    pub lines: Vec<ChatLine>,
    pub changes: Vec<ChangedLine>,
    /// As many of each were asked for.
    pub limit: usize,
}

/// What a line was edited to, as it stands now; none if it was taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedLine {
    /// Under which number that was told.
    pub seq: Seq,
    pub chat: Seq,
    pub by: UserId,
    pub text: Option<Arc<str>>,
    pub at: Instant,
}

/// A command that was done, under its sender's own name for it: under that name it is not done again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    pub user: UserId,
    pub nonce: Arc<str>,
    /// What the sender was told of the queue.
    pub queue_rev: Option<Rev>,
    pub at: Instant,
}

/// The timeline's last state, and which entries began since it was saved.
#[derive(Debug, Clone)]
pub struct TimelineSave {
    pub state: SavedTimeline,
    pub played: Vec<(EntryId, Instant)>,
}

/// Where a line of chat stands now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placed {
    Fresh(Seq),
    /// The sender's nonce was there already: the line is the one from then.
    Before {
        seq: Seq,
        at: Instant,
    },
}

/// A row that changes.
#[derive(Debug, Clone)]
pub enum Change {
    EditChat {
        chat: Seq,
        text: Arc<str>,
        at: Instant,
    },
    DeleteChat {
        chat: Seq,
        at: Instant,
    },
    Enqueue {
        rows: Vec<QueueRow>,
        rev: Rev,
    },
    Dequeue {
        entry: EntryId,
        rev: Rev,
    },
    /// New sort keys.
    Reorder {
        ords: Vec<(EntryId, i64)>,
        rev: Rev,
    },
    /// Nothing but the number of its last change.
    QueueRev {
        rev: Rev,
    },
    ClearQueue {
        keep: Option<EntryId>,
        /// How many stood there.
        entries: usize,
        rev: Rev,
    },
    Mode {
        mode: QueueMode,
        rev: Rev,
    },
    Vote {
        entry: EntryId,
        user: UserId,
        rev: Rev,
    },
    Suggest(SuggestionRow),
    /// They wait no more.
    Settle {
        entries: Vec<EntryId>,
    },
    About(StageChange),
    Role {
        user: UserId,
        role: Role,
        at: Instant,
    },
    Mute {
        user: UserId,
        until: Option<Instant>,
        at: Instant,
    },
    Unmute {
        user: UserId,
    },
    /// Their role and their invitation end with it.
    Ban {
        user: UserId,
        by: UserId,
        at: Instant,
    },
    Unban {
        user: UserId,
    },
    End {
        at: Instant,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueueRow {
    pub entry: EntryId,
    pub ord: i64,
    pub song: SongId,
    pub added_by: UserId,
    pub added: Instant,
}

/// A song that waits to be accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SuggestionRow {
    pub entry: EntryId,
    pub song: SongId,
    pub by: UserId,
    pub at: Instant,
}

/// A line of `stage_log`.
#[derive(Debug, Clone, PartialEq)]
pub struct LogRow {
    pub user: Option<UserId>,
    pub kind: &'static str,
    pub data: serde_json::Value,
    pub at: Instant,
}
