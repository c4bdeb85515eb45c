//! What somebody asks of the stage. Everything from outside stands in the command; the stage looks nothing up.

mod frame;

use std::sync::Arc;

use octave_protocol::client::ControlAction;
use octave_protocol::model::{Adding, Control, QueueOrder, Repeat, Role, Song, Succession, User, Visibility};
use octave_protocol::{Duration, EntryId, ErrorCode, GuestRights, Instant, PlaylistId, Rev, Seq, UserId};

use serde::{Deserialize, Serialize};

pub use frame::{Asked, LineChange, Purpose, Wanted, nonce_of};

use crate::stage::limits::StageName;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Command {
    /// Takes a seat. Whether a stranger may enter was looked up before.
    Join {
        user: Arc<User>,
        admission: Admission,
    },
    /// Frees one seat.
    Leave,
    /// How many of one's seats steer without sound.
    Remotes {
        seats: u32,
    },
    EditChat {
        chat: Seq,
        author: UserId,
        text: Arc<str>,
    },
    DeleteChat {
        chat: Seq,
        author: UserId,
    },
    Control(Steer),
    Add {
        songs: Vec<Arc<Song>>,
        position: Option<u32>,
    },
    /// Adds songs without being there.
    Bring {
        user: Arc<User>,
        songs: Vec<Arc<Song>>,
        /// The end if absent.
        position: Option<u32>,
    },
    Remove {
        entry: EntryId,
    },
    Move {
        entry: EntryId,
        position: u32,
    },
    /// What the library says of songs now; the server's own command.
    Correct {
        songs: Vec<Arc<Song>>,
    },
    Clear,
    Shuffle {
        seed: u64,
    },
    /// Only what stands behind the current entry.
    ShuffleRest {
        seed: u64,
    },
    SetMode {
        repeat: Option<Repeat>,
        shuffle: Option<bool>,
    },
    Vote {
        entry: EntryId,
    },
    Suggest {
        songs: Vec<Arc<Song>>,
    },
    Accept {
        entry: EntryId,
    },
    Decline {
        entry: EntryId,
    },
    /// A guest has been gone for long: what they suggested goes; the server's own command.
    Withdraw {
        guest: UserId,
    },
    SkipVote,
    Ready {
        rev: Rev,
    },
    Buffering,
    Stat {
        /// Absent while nothing sounds.
        error: Option<Duration>,
        reach: Reach,
    },
    React {
        emoji: Arc<str>,
    },
    Typing,
    Update(StageChange),
    SetRole {
        user: Arc<User>,
        role: Role,
    },
    /// Out, but they may come back.
    Kick {
        user: Arc<User>,
    },
    Ban {
        user: Arc<User>,
        banned: bool,
    },
    /// They hear and may not speak, until then or until it is lifted.
    Mute {
        user: Arc<User>,
        until: Option<Instant>,
    },
    Unmute {
        user: UserId,
    },
    /// All guests go.
    SendGuestsHome,
    /// What waits is not in the stage's order any more; the server's own command.
    Arrange,
    /// The host has been away for long: somebody else becomes it; the server's own command.
    Succeed,
    /// Those who are here and blocked by the host go.
    ShutOut,
    End,
    /// It ends whoever hosts it: who runs the server has decided so.
    Close,
}

impl Command {
    /// The line that it changes.
    pub const fn line(&self) -> Option<Seq> {
        match self {
            Self::EditChat { chat, .. } | Self::DeleteChat { chat, .. } => Some(*chat),
            _ => None,
        }
    }

    /// How much room it takes while it waits, in bytes; roughly.
    pub fn weight(&self) -> usize {
        match self {
            Self::EditChat { text, .. } => text.len(),
            Self::Add { songs, .. } => songs.len() * BYTES_PER_SONG,
            _ => 0,
        }
    }

    /// On what it is decided.
    pub const fn basis(&self) -> Basis {
        match self {
            Self::Join { .. }
            | Self::Leave
            | Self::Remotes { .. }
            | Self::Ready { .. }
            | Self::Buffering
            | Self::Stat { .. }
            | Self::React { .. }
            | Self::Typing => Basis::Present,
            Self::EditChat { .. } | Self::DeleteChat { .. } | Self::SkipVote => Basis::WholeQueue,
            Self::Control(_) => Basis::OwnChanges,
            Self::Add { .. }
            | Self::Bring { .. }
            | Self::Remove { .. }
            | Self::Move { .. }
            | Self::Correct { .. }
            | Self::Clear
            | Self::Shuffle { .. }
            | Self::ShuffleRest { .. }
            | Self::SetMode { .. }
            | Self::Vote { .. }
            | Self::Suggest { .. }
            | Self::Accept { .. }
            | Self::Decline { .. }
            | Self::Withdraw { .. }
            | Self::Update(_)
            | Self::SetRole { .. }
            | Self::Kick { .. }
            | Self::Ban { .. }
            | Self::Mute { .. }
            | Self::Unmute { .. }
            | Self::SendGuestsHome
            | Self::Arrange
            | Self::Succeed
            | Self::ShutOut
            | Self::End
            | Self::Close => Basis::Settled,
        }
    }
}

/// What has to be so before a command can be decided; each is stricter than the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// Nothing: it is decided as it comes.
    Present,
    /// All of the queue is held.
    WholeQueue,
    /// What the same person has changed is durable.
    OwnChanges,
    /// Everything is. Changes of durable state are decided one after the other, each on what the one before has left.
    Settled,
}

/// A song with its texts.
const BYTES_PER_SONG: usize = 400;

/// What it takes until a listener can follow a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reach {
    /// A round trip that few exceed.
    pub rtt: Duration,
    /// From the page to the ear.
    pub output_latency: Duration,
    /// How much earlier the listener plays, by hand.
    pub offset: Duration,
}

/// What the store knows of somebody at the door.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Admission {
    Stranger,
    /// A friend of the host's.
    Friend,
    /// Holds an invitation.
    Invited,
    /// Has no account, and came by a link that lets them do this.
    Guest(GuestRights),
}

/// A playback command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Steer {
    pub action: ControlAction,
    pub position: Option<Duration>,
    pub entry: Option<EntryId>,
    pub expect_rev: Option<Rev>,
}

/// Fields of a stage to change; absent ones stay.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct StageChange {
    pub name: Option<StageName>,
    pub genres: Option<Vec<String>>,
    pub visibility: Option<Visibility>,
    pub control: Option<Control>,
    pub adding: Option<Adding>,
    pub start: StartChange,
    pub slow_mode: Option<Duration>,
    pub succession: Option<Succession>,
    pub sound: SoundChange,
    #[serde(default)]
    pub turns: TurnsChange,
    pub guests: Option<GuestRights>,
    /// Who alone sounds, or none for all.
    #[serde(default, with = "twice")]
    pub speaker: Option<Option<Arc<User>>>,
    /// The name of the new cover's file, or none to take it away.
    #[serde(default, with = "twice")]
    pub cover: Option<Option<String>>,
    /// The others stay: whoever asks need not know them.
    pub playlist: Option<Attachment>,
}

impl StageChange {
    pub fn is_loudness_alone(&self) -> bool {
        let percent = self.sound.percent;
        percent.is_some()
            && *self == Self { sound: SoundChange { percent, ..SoundChange::default() }, ..Self::default() }
    }
}

/// None, and nothing within, told apart: a list of at most one.
mod twice {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    type Twice<T> = Option<Option<T>>;

    #[expect(clippy::ref_option, reason = "serde hands it over so")]
    pub(super) fn serialize<T: Serialize, S: Serializer>(value: &Twice<T>, to: S) -> Result<S::Ok, S::Error> {
        value.as_slice().serialize(to)
    }

    pub(super) fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Twice<T>, D::Error> {
        Ok(Vec::<Option<T>>::deserialize(from)?.pop())
    }
}

/// Fields of a start barrier to change; absent ones stay.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StartChange {
    pub quorum_percent: Option<u8>,
    pub patience: Option<Duration>,
}

/// Fields of a stage's sound to change; absent ones stay.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SoundChange {
    pub crossfade: Option<Duration>,
    pub together: Option<bool>,
    pub percent: Option<u8>,
}

/// Fields of a stage's turns to change; absent ones stay.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TurnsChange {
    pub order: Option<QueueOrder>,
    /// The new limit, or none to lift it.
    #[serde(default, with = "twice")]
    pub max_waiting: Option<Option<u32>>,
}

impl SoundChange {
    pub const fn changes_volume(self) -> bool {
        self.together.is_some() || self.percent.is_some()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Attachment {
    Attach(PlaylistId),
    Detach(PlaylistId),
}

/// The answer to one person; nothing has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("join the stage first")]
    NotJoined,
    #[error("your role does not allow it")]
    Forbidden,
    #[error("guests may not do this here: ask the host, or make an account")]
    NotForGuests,
    #[error("guests are not welcome in this stage now")]
    NoGuests,
    #[error("there is no such stage")]
    Unknown,
    #[error("the stage has ended")]
    Ended,
    #[error("you are banned from this stage")]
    Banned,
    #[error("you are muted in this stage")]
    Muted,
    #[error("the stage has moved on from what you saw")]
    Moved,
    #[error("a chat line has at most 4,000 characters")]
    TooLong,
    #[error("{0}")]
    Invalid(&'static str),
    #[error("{0}")]
    Missing(&'static str),
    #[error("the queue is full")]
    QueueFull,
    #[error(
        "at most {most} of your songs may wait here, and {waiting} do: add more when one of them plays, or take one back"
    )]
    TooManyWaiting { most: u32, waiting: usize },
    #[error("{0} suggestions of yours wait to be accepted: take one back to make another one")]
    TooManySuggestions(usize),
    #[error("too many suggestions wait here to be accepted: try again later")]
    SuggestionsFull,
    #[error(
        "this stage puts its queue in order by itself: ask the host to have it in the order in which songs are added"
    )]
    OrderFixed,
}

impl Refusal {
    pub const fn code(self) -> ErrorCode {
        match self {
            Self::NotJoined => ErrorCode::NotJoined,
            Self::Forbidden | Self::Muted | Self::NotForGuests | Self::NoGuests => ErrorCode::Forbidden,
            Self::Unknown => ErrorCode::StageNotFound,
            Self::Ended => ErrorCode::StageEnded,
            Self::Banned => ErrorCode::Banned,
            Self::Moved => ErrorCode::Conflict,
            Self::TooLong => ErrorCode::TooLong,
            Self::Invalid(_) => ErrorCode::InvalidField,
            Self::Missing(_) => ErrorCode::NotFound,
            Self::QueueFull | Self::TooManySuggestions(_) | Self::SuggestionsFull => ErrorCode::LimitReached,
            Self::TooManyWaiting { .. } => ErrorCode::TooManyWaiting,
            Self::OrderFixed => ErrorCode::OrderFixed,
        }
    }
}
