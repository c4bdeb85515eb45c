//! What bounds one WebSocket.

use octave_protocol::Duration;

use crate::base::rate::Rate;

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

/// Frames that a client may send: 50 per second on average, 100 at once. Players measure the clock a few times a second at
/// most.
pub const FRAMES: Rate = Rate::per_second(50, 100);

/// Frames beyond that which are answered with an error before the connection is closed, and how many per second are forgiven.
pub const EXCESS: Rate = Rate::per_second(10, 300);

/// Stages that one socket may be in.
pub const MAX_STAGES: usize = 64;

/// Songs and albums whose comments one socket may watch.
pub const MAX_WATCHED: usize = 16;

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
