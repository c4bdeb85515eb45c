//! What bounds the telling of devices.

use std::time::Duration;

/// Notifications that wait to be pushed; what is too much is not.
pub const WAITING: usize = 1_024;

/// Pushes under way, those that wait for their next try included.
pub const UNDER_WAY: usize = 256;

/// Requests to push services at once.
pub const AT_ONCE: usize = 16;

/// How long a push service may take to be connected to.
pub const CONNECTS_WITHIN: Duration = Duration::from_secs(5);

/// How long it may take to answer.
pub const ANSWERS_WITHIN: Duration = Duration::from_secs(10);

/// How long it is waited between tries while a push service does not take a message; then it is given up.
pub const TRIED_AGAIN_AFTER: [Duration; 3] = [Duration::from_secs(2), Duration::from_secs(10), Duration::from_secs(40)];

/// How long a push service keeps a message for a device that is off, in seconds.
pub const KEPT_SECONDS: u32 = 12 * 3_600;

/// How long a signature is good: RFC 8292 allows a day.
pub const SIGNED_FOR_SECONDS: i64 = 12 * 3_600;

/// Bytes of an endpoint; those of today have 200 to 600.
pub const MAX_ENDPOINT_BYTES: usize = 2_048;

/// Bytes of a message before it is sealed: what is sent has at most 4,096 (RFC 8291, section 4).
pub const MAX_WORDS_BYTES: usize = 3_993;
