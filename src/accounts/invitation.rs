//! What an invitation to make an account may be, wherever it is made.

/// Its life in seconds, unless it is said, and at most.
pub const SECONDS: i64 = 7 * 24 * 3600;
pub const MAX_SECONDS: i64 = 365 * 24 * 3600;

/// The most accounts that one makes.
pub const MAX_USES: i64 = 10_000;

/// The page of the web client that makes an account by a code.
pub fn path(code: &str) -> String {
    format!("/sign-in?new&invite={code}")
}
