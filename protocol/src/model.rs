//! The things that frames speak of. The same shapes stand in HTTP replies.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{
    AlbumId, ArtistId, CommentId, Duration, EntryId, Instant, NotificationId, PlaylistId, Rev, Seq, SongId, StageId,
    UserId,
};

macro_rules! wire {
    ($(#[$doc:meta])* pub enum $name:ident { $($body:tt)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub enum $name { $($body)* }
    };
    ($(#[$doc:meta])* pub struct $name:ident { $($body:tt)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub struct $name { $($body)* }
    };
}

wire!(
    /// Who somebody is, as others see it.
    pub struct User {
        pub id: UserId,
        pub username: Arc<str>,
        pub avatar_url: Option<Arc<str>>,
        /// Has no account, and belongs to one stage. The name may be an account's some day.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        pub guest: bool,
    }
);

wire!(
    /// What a player needs to know of a song.
    pub struct Song {
        pub id: SongId,
        pub title: String,
        pub artist: String,
        pub artist_id: Option<ArtistId>,
        pub album: Option<String>,
        pub album_id: Option<AlbumId>,
        /// Exact: the number of decoded frames over the sample rate.
        pub duration_us: Duration,
        pub cover_url: Option<String>,
        pub audio_url: String,
        /// MIME type of the audio file.
        pub mime: String,
        /// Integrated loudness after EBU R 128, in LUFS; absent until measured.
        pub loudness_lufs: Option<f64>,
    }
);

wire!(
    /// Who may see and enter a stage.
    pub enum Visibility {
        Public,
        Friends,
        Invite,
    }
);

wire!(
    /// Who may steer playback and the queue.
    pub enum Control {
        Host,
        Djs,
        Everyone,
    }
);

wire!(
    /// Who may add songs to the queue. Everybody may take back what they added, and vote, either way.
    #[derive(Default)]
    pub enum Adding {
        Everyone,
        /// Those who may steer, see [`Control`].
        #[default]
        Control,
    }
);

wire!(
    /// In which order the songs of a queue are played that wait.
    #[derive(Default)]
    pub enum QueueOrder {
        /// As they were added, or moved by hand.
        #[default]
        Added,
        /// Those with the most votes first, of as many the one that was added first.
        Votes,
        /// By turns: in each round everybody whose songs wait has one played. Votes decide within a round, and which of
        /// one's songs it is.
        Fair,
    }
);

wire!(
    /// What somebody without an account may do in the stage that they came to.
    pub enum GuestRight {
        /// Be there, hear and read.
        Listen,
        /// Chat, react and show that they type.
        Chat,
        /// Add songs to the queue, wherever else `adding` says who may.
        Add,
        /// Vote for entries, and to skip what plays; suggest songs.
        Vote,
    }
);

wire!(
    /// How a new song waits for those who load it. It starts when all are ready; after 0.4 s when `quorum_percent` of
    /// them are; after `patience_us` whoever is.
    #[derive(Copy, Eq)]
    pub struct StartBarrier {
        /// 1 to 100.
        pub quorum_percent: u8,
        /// 0 to 10 seconds; 0 waits for nobody.
        pub patience_us: Duration,
    }
);

wire!(
    /// What becomes of a stage whose host has left it for half a minute.
    #[derive(Default)]
    pub enum Succession {
        /// A moderator who is there becomes its host, else a DJ, else whoever is there the longest.
        #[default]
        People,
        /// It goes on without.
        Alone,
    }
);

wire!(
    /// Somebody may listen and not speak.
    #[derive(Copy, Eq)]
    pub struct Mute {
        /// Until when; until it is lifted if absent.
        pub until_us: Option<Instant>,
    }
);

impl Default for StartBarrier {
    fn default() -> Self {
        Self { quorum_percent: 80, patience_us: Duration::from_millis(1_500) }
    }
}

wire!(
    pub enum Role {
        Host,
        Moderator,
        Dj,
        Listener,
    }
);

wire!(
    /// What a participant may do, as a list that a client can show without knowing the rules.
    pub enum Permission {
        Chat,
        React,
        /// Play, pause, seek, skip, previous.
        Control,
        /// Add songs to the queue.
        QueueAdd,
        /// Suggest songs to those who may accept them.
        Suggest,
        /// Vote for entries, and to skip what plays.
        Vote,
        /// Remove, move, clear, shuffle and set modes.
        QueueEdit,
        /// Accept and decline what is suggested.
        Accept,
        /// Edit or delete other people's lines, remove and ban people.
        Moderate,
        /// Change the stage, its roles and its playlists.
        Manage,
    }
);

impl Permission {
    pub const ALL: [Self; 10] = {
        use Permission::{Accept, Chat, Control, Manage, Moderate, QueueAdd, QueueEdit, React, Suggest, Vote};
        [Chat, React, Control, QueueAdd, Suggest, Vote, QueueEdit, Accept, Moderate, Manage]
    };
}

impl Role {
    /// Highest first.
    pub const fn rank(self) -> u8 {
        match self {
            Self::Host => 3,
            Self::Moderator => 2,
            Self::Dj => 1,
            Self::Listener => 0,
        }
    }

    /// Whether this role has `permission` in a stage with `control` and `adding`.
    pub const fn may(self, permission: Permission, control: Control, adding: Adding) -> bool {
        let steers = match control {
            Control::Host => matches!(self, Self::Host | Self::Moderator),
            Control::Djs => matches!(self, Self::Host | Self::Moderator | Self::Dj),
            Control::Everyone => true,
        };
        match permission {
            Permission::Chat | Permission::React | Permission::Suggest | Permission::Vote => true,
            Permission::Accept => !matches!(self, Self::Listener),
            Permission::QueueAdd => steers || matches!(adding, Adding::Everyone),
            Permission::Control | Permission::QueueEdit => steers,
            Permission::Moderate => matches!(self, Self::Host | Self::Moderator),
            Permission::Manage => matches!(self, Self::Host),
        }
    }

    /// All that this role may do in a stage with `control` and `adding`.
    pub fn can(self, control: Control, adding: Adding) -> Vec<Permission> {
        Permission::ALL.into_iter().filter(|p| self.may(*p, control, adding)).collect()
    }
}

wire!(
    /// A stage as a list or a snapshot shows it.
    pub struct Stage {
        pub id: StageId,
        pub name: String,
        pub host: User,
        pub genres: Vec<String>,
        pub cover_url: Option<String>,
        pub visibility: Visibility,
        pub control: Control,
        /// As ever where a server does not say: those who steer.
        #[serde(default)]
        pub adding: Adding,
        /// With `votes` and `fair` the stage itself puts in order what waits.
        #[serde(default)]
        pub order: QueueOrder,
        /// How many songs of one person may wait, but for the host's and moderators'; none: as many as they like.
        #[serde(default)]
        pub max_waiting: Option<u32>,
        /// The usual one where a server does not say.
        #[serde(default)]
        pub start: StartBarrier,
        /// Seconds between two lines of one who does not moderate; 0 for none.
        #[serde(default)]
        pub slow_mode_s: u32,
        #[serde(default)]
        pub succession: Succession,
        /// How long the end of a song sounds together with the beginning of the next one that follows by itself; 0: one
        /// follows the other without a gap.
        #[serde(default)]
        pub crossfade_us: Duration,
        #[serde(default)]
        pub volume: SharedVolume,
        /// Whose device alone sounds, of all that are here; none: each that is no remote does.
        #[serde(default)]
        pub speaker: Option<User>,
        /// What guests may do, as far as the link that they came by lets them. Without `listen` there are none.
        #[serde(default)]
        pub guests: Vec<GuestRight>,
        pub listeners: u32,
        /// What plays at this moment.
        pub now_playing: Option<Arc<Song>>,
        /// Somebody is there, or something plays.
        pub live: bool,
        /// Attached playlists.
        pub playlists: Vec<PlaylistId>,
        pub created_us: Instant,
    }
);

wire!(
    /// How loud the host suggests to listen. A listener may refuse.
    #[derive(Copy, Eq)]
    pub struct SharedVolume {
        /// Whether there is a suggestion.
        pub together: bool,
        /// Of the player's full volume, 0 to 100.
        pub percent: u8,
    }
);

impl Default for SharedVolume {
    fn default() -> Self {
        Self { together: false, percent: 100 }
    }
}

wire!(
    /// What plays since when: at server time `at_us` the position is `position_us`; while `playing` it advances by
    /// `rate`. `at_us` may lie in the future: clients begin exactly then.
    pub struct Timeline {
        pub rev: Rev,
        pub playing: bool,
        /// It begins as soon as the listeners are ready, see [`StartBarrier`]; absent when nothing waits.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        pub waiting: bool,
        pub entry: Option<EntryId>,
        pub song: Option<Arc<Song>>,
        pub position_us: Duration,
        pub at_us: Instant,
        pub rate: f64,
        pub next: Option<NextEntry>,
        /// What sounded before and goes on under the beginning of this song; absent where nothing does.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub ending: Option<Ending>,
    }
);

wire!(
    /// The end of a song that fades out while the next one fades in, from the timeline's `at_us` on, for `crossfade_us`.
    pub struct Ending {
        pub entry: EntryId,
        pub song: Arc<Song>,
        /// Where it is at the timeline's `at_us`.
        pub position_us: Duration,
        pub crossfade_us: Duration,
    }
);

wire!(
    /// What follows by itself, and when, so that clients can fetch and change over without asking.
    pub struct NextEntry {
        pub entry: EntryId,
        pub song: Arc<Song>,
        /// When it starts if nobody intervenes; absent while paused.
        pub at_us: Option<Instant>,
        /// How long the present song goes on under it, fading out; absent where one follows the other without a gap.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub crossfade_us: Option<Duration>,
    }
);

wire!(
    pub struct QueueItem {
        pub entry: EntryId,
        pub song: Arc<Song>,
        pub added_by: User,
        pub votes: u32,
    }
);

wire!(
    /// A song that somebody wishes for. Accepted, it is the entry of the same number.
    pub struct Suggestion {
        pub entry: EntryId,
        pub song: Arc<Song>,
        pub by: User,
        pub at_us: Instant,
    }
);

wire!(
    pub enum Repeat {
        Off,
        /// The current song again and again.
        One,
        /// From the top after the last.
        All,
    }
);

wire!(
    #[derive(Copy, Eq)]
    pub struct QueueMode {
        pub repeat: Repeat,
        /// The server draws the next entry instead of taking the one below.
        pub shuffle: bool,
    }
);

wire!(
    /// A window of the queue: `items` are the entries from index `offset` on, of `total`.
    pub struct Queue {
        pub rev: Rev,
        pub items: Vec<QueueItem>,
        pub offset: u32,
        pub total: u32,
        pub mode: QueueMode,
    }
);

wire!(
    pub struct Participant {
        pub id: UserId,
        pub username: Arc<str>,
        pub avatar_url: Option<Arc<str>>,
        pub role: Role,
        /// The listener's own measure of its sync error, in microseconds; absent until it told.
        pub error_us: Option<Duration>,
        /// Absent for who may speak.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub muted: Option<Mute>,
        /// As in [`User`].
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        pub guest: bool,
        /// Steers, and hears by somebody else's device.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        pub remote: bool,
    }
);

wire!(
    #[derive(Copy, Eq)]
    pub struct ListenerError {
        pub id: UserId,
        /// As in [`Participant`].
        pub error_us: Duration,
    }
);

wire!(
    /// A line of the conversation.
    pub struct ChatLine {
        pub seq: Seq,
        pub from: User,
        pub text: Arc<str>,
        pub at_us: Instant,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub nonce: Option<Arc<str>>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub reply_to: Option<Seq>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub edited_us: Option<Instant>,
        /// A deleted line keeps its place with an empty text.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        pub deleted: bool,
    }
);

wire!(
    /// What somebody said of a song, perhaps at a moment of it, or of an album.
    pub struct Comment {
        pub id: CommentId,
        pub song_id: Option<SongId>,
        pub album_id: Option<AlbumId>,
        pub author: User,
        pub body: String,
        /// The moment of the song that is spoken of.
        pub position_us: Option<Duration>,
        pub created_us: Instant,
        pub edited_us: Option<Instant>,
    }
);

wire!(
    /// What a notification is about.
    pub enum NotificationKind {
        FriendRequest,
        FriendAccepted,
        /// Into a stage.
        Invite,
        /// By name, in a stage or a comment.
        Mention,
        /// To a line of mine.
        Reply,
        /// On a song or an album of mine.
        Comment,
        /// By somebody whom I follow.
        StageOpened,
        /// Of an artist whom I follow.
        AlbumAdded,
    }
);

wire!(
    /// Something that concerns somebody, kept until they have seen it.
    pub struct Notification {
        pub id: NotificationId,
        pub kind: NotificationKind,
        /// In plain English, for a client that has no words of its own.
        pub text: String,
        /// Who brought it about.
        pub from: User,
        pub stage: Option<StageId>,
        /// The line in the stage's conversation.
        pub chat: Option<Seq>,
        pub song: Option<SongId>,
        pub album: Option<AlbumId>,
        pub comment: Option<CommentId>,
        /// Of an invitation: lets this person in, and nobody else.
        pub code: Option<String>,
        /// The name of the stage, the song or the album; empty where there is none.
        pub about: String,
        /// The beginning of what was said.
        pub excerpt: Option<String>,
        pub at_us: Instant,
        pub read: bool,
    }
);

wire!(
    /// The receiver's own standing in the stage.
    pub struct You {
        pub role: Role,
        pub can: Vec<Permission>,
        /// What a guest's link lets them do, as far as the stage does; absent for who has an account.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub guest: Option<Vec<GuestRight>>,
    }
);

wire!(
    /// All that a newcomer needs, true at the `seq` of the `joined` reply that carries it.
    pub struct Snapshot {
        pub stage: Stage,
        pub timeline: Timeline,
        pub queue: Queue,
        /// What waits to be accepted, the oldest first.
        #[serde(default)]
        pub suggestions: Vec<Suggestion>,
        /// The first 200.
        pub participants: Vec<Participant>,
        pub listeners: u32,
        /// The last 50, newest last.
        pub chats: Vec<ChatLine>,
        pub you: You,
    }
);
