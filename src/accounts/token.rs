//! Secrets that are handed out: the token of a login, the code of an invitation.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::Rng;
use sha2::{Digest, Sha256};

use crate::store::sessions::TokenHash;

/// A new login's token: 256 bits, 43 characters.
pub fn login() -> String {
    random::<32>()
}

/// A new invitation's code: 96 bits, 16 characters. Short enough for a link, and not to be guessed over the network.
pub fn invite() -> String {
    random::<12>()
}

/// A new guest link's code: 128 bits, 22 characters.
pub fn guest_link() -> String {
    random::<16>()
}

/// What the database keeps of a token. A plain hash will do: the token itself has all the randomness.
pub fn hash(token: &str) -> TokenHash {
    Sha256::digest(token.as_bytes()).into()
}

fn random<const N: usize>() -> String {
    URL_SAFE_NO_PAD.encode(bytes::<N>())
}

/// So many bytes that nobody can guess.
#[expect(clippy::disallowed_methods, reason = "the one place that makes secrets")]
pub(super) fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    rand::rng().fill_bytes(&mut bytes);
    bytes
}

#[cfg(test)]
mod tests {
    #[test]
    fn tokens_are_long_and_differ() {
        assert_eq!((super::login().len(), super::invite().len(), super::guest_link().len()), (43, 16, 22));
        assert_ne!(super::login(), super::login());
    }
}
