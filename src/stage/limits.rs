//! The bounds of a stage, with their units.

use octave_protocol::Duration;

// The room

/// Entries that a queue may hold.
pub const QUEUE_ENTRIES: usize = 100_000;
/// Queue items in a snapshot or in one `queue` event.
pub const QUEUE_WINDOW: usize = 200;
/// Already played items that a queue window shows above the current one.
pub const QUEUE_WINDOW_BEFORE: usize = 5;
/// Participants in a snapshot.
pub const SNAPSHOT_PARTICIPANTS: usize = 200;
/// Chat lines in a snapshot.
pub const SNAPSHOT_CHATS: usize = 50;
/// Bytes of a chat line's nonce.
pub const NONCE_BYTES: usize = 64;
/// Bytes of a reaction: the longest emoji sequences (families, flags of regions) stay below.
pub const EMOJI_BYTES: usize = 40;
/// Characters of a stage's name.
pub const NAME_CHARS: usize = 100;
/// Genres and attached playlists of a stage.
pub const STAGE_TAGS: usize = 50;

// The timeline; the figures are those of docs/SYNC.md

/// Shortest and longest time between a command and the instant at which it takes effect.
pub const LEAD_MIN: Duration = Duration::from_millis(150);
pub const LEAD_MAX: Duration = Duration::from_millis(1_500);
/// Added to the slowest listener's reach: decoding, scheduling, a little jitter.
pub const LEAD_MARGIN: Duration = Duration::from_millis(60);
/// A listener that has not told its round trip for so long does not count for the lead.
pub const STAT_FRESH: Duration = Duration::from_secs(60);
/// Longest wait of the start barrier.
pub const BARRIER_PATIENCE: Duration = Duration::from_millis(1_500);
/// Wait after which the quorum is enough.
pub const BARRIER_QUORUM_AFTER: Duration = Duration::from_millis(400);
/// Percentage of the listeners that load which makes the quorum.
pub const BARRIER_QUORUM_PERCENT: usize = 80;
/// `previous` restarts a song that has played for longer.
pub const PREVIOUS_RESTARTS_AFTER: Duration = Duration::from_secs(3);
/// Entries over which a stage that was down walks to the place where it would be.
pub const CATCH_UP_STEPS: usize = 10_000;
