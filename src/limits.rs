//! Every limit of the connection side, with its name and unit. Where a figure comes from stands beside it.

/// What bounds one connection's write end.
pub mod outbox {
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
}

/// What bounds one WebSocket.
pub mod session {
    use octave_protocol::Duration;

    /// How long a client may take to authenticate.
    pub const HELLO_WITHIN: Duration = Duration::from_secs(10);

    /// Silence after which the server asks whether the client is there. With [`PONG_WITHIN`] and the linger of a close
    /// it bounds the life of a half-open connection to 20 s.
    pub const HEARTBEAT: Duration = Duration::from_secs(8);

    /// How long the client may take to answer that.
    pub const PONG_WITHIN: Duration = Duration::from_secs(10);

    /// How long the kernel resends to a peer that acknowledges nothing.
    pub const PEER_SILENCE: std::time::Duration = std::time::Duration::from_secs(20);

    /// Bytes that the kernel may hold for a socket (it doubles the figure for its own bookkeeping). More would let a
    /// pong wait behind megabytes, and a thousand peers that never read take gigabytes.
    pub const KERNEL_SEND_BUFFER_BYTES: usize = 128 * 1024;

    /// Frames per second that a client may send, on average. Players measure the clock a few times a second at most.
    pub const FRAMES_PER_SECOND: i64 = 50;

    /// Frames that it may send at once.
    pub const FRAMES_BURST: i64 = 100;

    /// Frames beyond these limits that are answered with an error before the connection is closed, and how many per
    /// second are forgiven.
    pub const EXCESS_BURST: i64 = 300;
    pub const EXCESS_PER_SECOND: i64 = 10;

    /// Stages that one socket may be in.
    pub const MAX_STAGES: usize = 64;

    /// Frames that wait while a stage or a login is looked up.
    pub const MAX_DEFERRED_FRAMES: usize = 64;

    /// Bytes of a nonce, an invitation's code or an emoji that is passed on; a stage takes fewer.
    pub const MAX_CODE_BYTES: usize = 256;

    /// When to try again after a stage's mailbox was full.
    pub const RETRY_WHEN_BUSY: Duration = Duration::from_millis(200);

    /// Sockets of one user: devices and tabs.
    pub const MAX_SOCKETS_PER_USER: u32 = 32;

    /// Sockets from one address: a household, an office, or a small school behind one router.
    pub const MAX_SOCKETS_PER_ADDRESS: u32 = 256;

    /// Bytes read from a socket at once, into a buffer that a worker thread's sockets share.
    pub const READ_CHUNK_BYTES: usize = 16 * 1024;
}

/// What bounds the listener and HTTP connections.
pub mod serving {
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

    /// How long stages may take to end, with what was acknowledged.
    pub const STAGES_END_WITHIN: Duration = Duration::from_secs(3);

    /// How long requests under way may take after the server was told to stop.
    pub const REQUESTS_END_WITHIN: Duration = Duration::from_secs(2);

    /// How long the database may take to close.
    pub const DATABASE_CLOSES_WITHIN: Duration = Duration::from_secs(2);
}

/// What bounds the removal of what nobody needs.
pub mod upkeep {
    use std::time::Duration;

    /// How long a file stays that no row names any more. Whoever copies the database and then the files (OPERATING.md)
    /// has so long to come to the end: all that the copied rows name is there until then.
    pub const UNNAMED_FILES_STAY: Duration = Duration::from_hours(48);

    /// How long after the start it is looked for first, and how often after that.
    pub const FIRST_AFTER: Duration = Duration::from_mins(10);
    pub const EVERY: Duration = Duration::from_hours(6);
}
