//! What bounds the listener, HTTP connections, the way to the end, and the removal of what nobody needs.

use std::time::Duration;

/// How long a client may take to send a request's head, the pause before the next one on a kept connection included.
pub const HEAD_WITHIN: Duration = Duration::from_secs(12);

/// How long a TLS handshake may take.
pub const TLS_WITHIN: Duration = Duration::from_secs(10);

/// Bytes of a request's head, and of hyper's read buffer.
pub const MAX_HEAD_BYTES: usize = 32 * 1024;

/// Header fields of a request.
pub const MAX_HEADERS: usize = 64;

/// HTTP connections from one address.
pub const MAX_CONNECTIONS_PER_ADDRESS: u32 = 256;

/// Least bytes per second of a request's body, on average, after [`BODY_GRACE`].
pub const MIN_BODY_BYTES_PER_SECOND: u64 = 1_024;

/// How long a body may take however slow it is.
pub const BODY_GRACE: Duration = Duration::from_secs(12);

/// How often the TLS files are looked at.
pub const TLS_RELOAD_EVERY: Duration = Duration::from_secs(5);

/// Pause after the listener has failed (mostly: no file descriptors left).
pub const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// How long a node of several says that it is about to end before it does: balancers ask every half second, and
/// believe what they are told twice (`docs/proxies`).
pub const BALANCERS_KNOW_WITHIN: Duration = Duration::from_millis(1_500);

/// How long stages may take to end, with what was acknowledged.
pub const STAGES_END_WITHIN: Duration = Duration::from_secs(3);

/// How long requests under way may take after the server was told to stop.
pub const REQUESTS_END_WITHIN: Duration = Duration::from_secs(2);

/// How long the database may take to close.
pub const DATABASE_CLOSES_WITHIN: Duration = Duration::from_secs(2);

/// How long a command is known by its nonce; of one stage the last [`NONCES`](crate::stage::limits::NONCES) are.
pub const NONCES_STAY: Duration = Duration::from_hours(24);

/// How long a file stays that no row names any more. Whoever copies the database and then the files (OPERATING.md)
/// has so long to come to the end: all that the copied rows name is there until then.
pub const UNNAMED_FILES_STAY: Duration = Duration::from_hours(48);

/// How long after a removal has begun its file may still be removed; much less than others wait for it (`library::ingest`).
pub const REMOVED_WITHIN: Duration = Duration::from_secs(30);

/// How long after the start it is looked for first, and how often after that.
pub const UPKEEP_FIRST_AFTER: Duration = Duration::from_mins(10);
pub const UPKEEP_EVERY: Duration = Duration::from_hours(6);

/// Lines of chat that call or answer somebody and wait for that to be told.
pub const LINES_TOLD: usize = 4_096;

/// Songs heard by somebody that wait to be written down: a hall of ten thousand hears one at the same moment.
pub const PLAYS_KEPT: usize = 16_384;

/// How long followers wait at most to be told of what was written beside the server: an import.
pub const ANNOUNCED_WITHIN: Duration = Duration::from_secs(5);
