//! The bounds of a stage, with their units.

use octave_protocol::Duration;

pub use crate::base::name::StageName;
use crate::base::rate::Rate;

// The stage

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
/// Genres and attached playlists of a stage.
pub const STAGE_TAGS: usize = 50;

// The timeline; the figures are those of docs/SYNC.md

/// Shortest and longest time between a command and the instant at which it takes effect.
pub const LEAD_MIN: Duration = Duration::from_millis(150);
pub const LEAD_MAX: Duration = Duration::from_millis(1_500);
/// Added to the slowest listener's reach: a player hands its sound over 1.2 blocks of 40 ms and 10 ms ahead; the rest is for
/// jitter. With 60 ms single listeners began a seek up to 10 ms after the others, with 70 at most 0.4 (docs/SYNC.md).
pub const LEAD_MARGIN: Duration = Duration::from_millis(70);
/// A listener that has not told its round trip for so long does not count for the lead.
pub const STAT_FRESH: Duration = Duration::from_secs(60);
/// Longest wait of the start barrier that a stage may ask for.
pub const BARRIER_PATIENCE_MAX: Duration = Duration::from_secs(10);
/// Longest crossfade that a stage may ask for; and what is shorter is none: it would be heard as a fault.
pub const CROSSFADE_MAX: Duration = Duration::from_secs(12);
pub const CROSSFADE_LEAST: Duration = Duration::from_millis(100);
/// Longest pause between two lines that a stage may ask for.
pub const SLOW_MODE_MAX: Duration = Duration::from_secs(6 * 60 * 60);
/// The largest limit of waiting songs per person that a stage may set.
pub const MAX_WAITING_MOST: u32 = 1_000;
/// Suggestions that may wait in a stage, and of one person.
pub const SUGGESTIONS: usize = 30;
pub const SUGGESTIONS_OF_ONE: usize = 3;
/// After so long without a guest their suggestions go: a reload, or a restart, is shorter.
pub const GUEST_AWAY_AT_MOST: Duration = Duration::from_secs(5 * 60);
/// How long a host who has left may be away before somebody else takes over: a reload, a tunnel, another device.
pub const HOST_AWAY_AT_MOST: Duration = Duration::from_secs(30);
/// The same for one who has not been there since the stage was opened: after a restart everybody comes back in their time.
pub const HOST_EXPECTED_WITHIN: Duration = Duration::from_secs(5 * 60);
/// Wait after which the quorum is enough.
pub const BARRIER_QUORUM_AFTER: Duration = Duration::from_millis(400);
/// `previous` restarts a song that has played for longer.
pub const PREVIOUS_RESTARTS_AFTER: Duration = Duration::from_secs(3);
/// Entries over which a stage that was down walks to the place where it would be.
pub const CATCH_UP_STEPS: usize = 10_000;

// The shell

/// Requests that may wait for a stage's turn; more are answered `busy`.
pub const MAILBOX: usize = 4_096;
/// Requests taken from the mailbox in one turn.
pub const REQUESTS_PER_TURN: usize = 1_024;
/// Commands of one stage that may wait for the one before to be durable, and of one connection in it.
pub const WAITING_COMMANDS: usize = 512;
pub const WAITING_COMMANDS_OF_ONE: usize = 128;
/// Chat lines of one stage that may wait for the commit before theirs.
pub const WAITING_CHATS: usize = 4_096;
/// Bytes of all that waits so; a single command may be larger, as a long playlist is.
pub const WAITING_BYTES: usize = 4 * 1024 * 1024;
/// Chat lines that one job of the journal carries.
pub const CHATS_PER_JOB: usize = 1_024;
/// Jobs in one transaction of the journal.
pub const JOBS_PER_COMMIT: usize = 1_024;
/// Questions to the store that one stage may have open, those of one connection, and those for whole playlists.
pub const LOOKUPS: usize = 256;
pub const LOOKUPS_OF_ONE: usize = 128;
pub const PLAYLIST_LOOKUPS: usize = 8;
/// Corrected songs that are held against what the store has been asked before and answers late.
pub const CORRECTIONS_HELD: usize = 1_024;
/// How long a change of the library waits until running stages show it, and how often one that could not take it is told
/// again, a [`BUSY_RETRY`] after the time before.
pub const CORRECTED_WITHIN: std::time::Duration = std::time::Duration::from_secs(1);
pub const CORRECTION_TRIES: usize = 100;
/// Entries of a queue that one statement changes. What is longer is done in steps, and others commit between them: this
/// many take SQLite some 5 ms.
pub const QUEUE_STEP: usize = 500;
/// Log lines, arrivals and played entries kept while storage does not answer, of each so many. Beyond, the oldest are
/// dropped, and of arrivals first those without an invitation.
pub const UNSAVED_ROWS: usize = 20_000;
/// Arrivals without an invitation are saved together: so many, or after so long.
pub const ARRIVALS_TOGETHER: usize = 256;
pub const ARRIVALS_WITHIN: Duration = Duration::from_secs(1);
/// Sequenced events held back while storage does not answer; beyond, their makers are refused.
pub const HELD_EVENTS: usize = 1_000;

/// Numbers reserved at once, so that `seq` never repeats whatever happens to the process.
pub const SEQ_BLOCK: i64 = 10_000;
/// Events kept for those who come back, by number and by bytes.
pub const RING_EVENTS: usize = 2_000;
pub const RING_BYTES: usize = 1024 * 1024;
/// How long what was said before a restart is held, after somebody has asked for it.
pub const PAST_KEPT: Duration = Duration::from_secs(120);
/// Nonces remembered without asking the store.
pub const NONCES: usize = 1_024;

/// A commit that takes longer no longer holds a timeline back.
pub const COMMIT_IS_SLOW: std::time::Duration = std::time::Duration::from_millis(15);
/// When to try again after storage has failed.
pub const STORAGE_RETRY: Duration = Duration::from_secs(1);
/// When to try again after a full mailbox or list.
pub const BUSY_RETRY: Duration = Duration::from_millis(250);
/// A stage with nobody in it and nothing playing stops after this.
pub const IDLE_STOP: Duration = Duration::from_secs(300);

/// Users whose share of lines is kept before it is looked for those that have all of it again.
pub const BUCKETS_SWEPT_FROM: usize = 64;
/// Lines that one user may say in a stage, edits too: 5 per second on average, 10 at once.
pub const CHAT: Rate = Rate::per_second(5, 10);

// The feed

/// What a batch costs a stage of the time that it earns. A write takes 5 to 10 µs, so a stage of a thousand that is never
/// silent takes a fifth of a core. Below 50 ms, so that whoever shows each of twenty lines per second never runs out.
pub const RUN_COSTS_PER_SEAT: std::time::Duration = std::time::Duration::from_micros(44);
pub const RUN_COSTS_MAX: std::time::Duration = std::time::Duration::from_millis(44);
/// What a silent stage has saved up: 22 batches to a thousand seats.
pub const CREDIT_MAX: std::time::Duration = std::time::Duration::from_secs(1);
/// How long after the last one a batch leaves, whatever it costs.
pub const RUN_WAITS_MAX: std::time::Duration = std::time::Duration::from_millis(44);
/// How long a batch waits at most for lines of its stage that are being committed behind it.
pub const GATHER_MAX: std::time::Duration = std::time::Duration::from_millis(60);
/// Events that make a batch worth its writes, if they came together: whoever said them may be waiting for it before they
/// say more. Lines that trickle wait for the stage's turn, or until they are many. So many wait for no commit behind them.
pub const ENOUGH_EVENTS: usize = 4;
pub const CAME_TOGETHER: std::time::Duration = std::time::Duration::from_millis(10);
pub const MANY_EVENTS: usize = 16;
/// Listeners from which on presence is told as a count and a sample.
pub const PRESENCE_SAMPLED_FROM: usize = 500;
/// Seats up to which a stage tells how well each listener is in sync.
pub const QUALITY_TOLD_UP_TO: usize = 200;
/// Sync errors up to which two loudspeakers sound as one, or at least as one song.
pub const QUALITY_GOOD: Duration = Duration::from_millis(5);
pub const QUALITY_FAIR: Duration = Duration::from_millis(40);
/// Who came or left, in one sampled event.
pub const PRESENCE_SAMPLE: usize = 20;
/// Distinct emojis, and typing people, in one interval.
pub const REACTIONS_PER_INTERVAL: usize = 16;
pub const TYPING_PER_INTERVAL: usize = 8;
/// The shortest time between two frames of gestures (reactions, typing, votes): 4 ms among 100 seats. A write takes 5 to
/// 10 µs, so a storm of them takes a quarter of a core at most.
pub const GESTURES_PER_SEAT: std::time::Duration = std::time::Duration::from_micros(40);
pub const GESTURES_MAX: std::time::Duration = std::time::Duration::from_millis(250);
/// The shortest time between two frames of presence. Everybody who comes back after a hiccup of the network outdates it,
/// so telling it at each seat's every change would cost more than the joins.
pub const PRESENCE_PER_SEAT: std::time::Duration = std::time::Duration::from_millis(10);
pub const PRESENCE_MIN: std::time::Duration = std::time::Duration::from_millis(100);
pub const PRESENCE_MAX: std::time::Duration = std::time::Duration::from_secs(1);

/// Participants in one answer over HTTP.
pub const PARTICIPANTS_LISTED: usize = 1_000;
/// The rest of a long queue is read when whoever waited for the stage has been shown it.
pub const QUEUE_LOADED_AFTER: std::time::Duration = std::time::Duration::from_millis(10);
/// How long a stage that could not be opened keeps its callers waiting at most.
pub const OPEN_WITHIN: std::time::Duration = std::time::Duration::from_secs(5);
