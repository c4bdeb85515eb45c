//! Codes that are handed out: invitations, and links for guests.

use sha2::{Digest, Sha256};

/// What is kept of a code: it has all the randomness itself, so a plain hash will do.
pub(super) fn hash(code: &str) -> Vec<u8> {
    Sha256::digest(code.as_bytes()).to_vec()
}
