//! What bounds one connection's write end.

use std::time::Duration;

/// Bytes that may wait for a socket before the connection counts as too slow. One run more may stand above it, so
/// that a large snapshot can be sent at all.
pub const MAX_BACKLOG_BYTES: usize = 256 * 1024;

/// How long a frame may wait for a socket.
pub const MAX_BACKLOG_AGE: Duration = Duration::from_secs(10);

/// How long a closing connection may take to accept what still waits, and then to close its side.
pub const CLOSE_LINGER: Duration = Duration::from_secs(2);

/// Slices handed to the kernel in one vectored write.
pub const MAX_SLICES_PER_WRITE: usize = 32;

/// How long whoever has asked for something over HTTP may take none of it.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// The same for one that has taken a lot: a second more for each [`TAKEN_FOR_A_SECOND`] beyond [`TAKEN_AT_FIRST`]. A player
/// with a full buffer takes nothing until a part of it is played, and over a fast line that may be a megabyte.
pub const PATIENCE_AT_MOST: Duration = Duration::from_mins(1);
pub const TAKEN_AT_FIRST: u64 = 2 * 1024 * 1024;
pub const TAKEN_FOR_A_SECOND: u64 = 64 * 1024;

/// Bytes that the kernel may keep unsent for an HTTP connection. It asks for more when half of them are gone, so that over a
/// line of 1 KiB a second something is taken within [`PATIENCE`]: an eighth of what music at 64 kbit/s needs.
pub const UNSENT_BYTES: u32 = 64 * 1024;
