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
