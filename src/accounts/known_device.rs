//! A device on which somebody has logged in to an account before: it gets its turn at the password, whoever guesses at it
//! elsewhere.
//!
//! It shows so by a cookie, which stays when the login ends. The cookie says who it is, a random number, and proves by a
//! code over both that it was given out here. The code's key is the account's password hash, a secret of the server's: so
//! nothing has to be kept, a cookie is good for its account alone, and a new password ends all of them.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use octave_protocol::UserId;
use sha2::Sha256;

use super::token;

/// What is told apart from other codes that may once be made with the same key.
const PURPOSE: &[u8] = b"octave known device";

/// A known device's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownDevice(pub [u8; 16]);

impl KnownDevice {
    /// One that was not known before.
    pub fn new() -> Self {
        Self(token::bytes())
    }

    /// The device that a cookie proves; none if it proves nothing for this account as it is now.
    pub fn proved(cookie: &str, user: UserId, password_hash: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(cookie).ok()?;
        let (number, code) = bytes.split_first_chunk::<16>()?;
        over(*number, user, password_hash)?.verify_slice(code).ok()?;
        Some(Self(*number))
    }

    /// What proves this device.
    pub fn cookie(self, user: UserId, password_hash: &str) -> Option<String> {
        let code = over(self.0, user, password_hash)?.finalize().into_bytes();
        Some(URL_SAFE_NO_PAD.encode([self.0.as_slice(), code.as_slice()].concat()))
    }
}

impl Default for KnownDevice {
    fn default() -> Self {
        Self::new()
    }
}

/// None for an account that can't be logged in to, whose hash is empty: everybody knows that key.
fn over(number: [u8; 16], user: UserId, password_hash: &str) -> Option<Hmac<Sha256>> {
    let key = Some(password_hash.as_bytes()).filter(|hash| !hash.is_empty())?;
    let mac = Hmac::new_from_slice(key).ok()?;
    Some(mac.chain_update(PURPOSE).chain_update(user.0.to_be_bytes()).chain_update(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_good_for_its_account_and_its_password_alone() {
        let device = KnownDevice::new();
        let cookie = device.cookie(UserId(1), "a hash").unwrap();
        assert_eq!(KnownDevice::proved(&cookie, UserId(1), "a hash"), Some(device));
        assert_eq!(KnownDevice::proved(&cookie, UserId(2), "a hash"), None, "another's");
        assert_eq!(KnownDevice::proved(&cookie, UserId(1), "another"), None, "a new password");
        assert_eq!(device.cookie(UserId(1), ""), None);
        for wrong in ["", "x", &cookie[..22], &cookie.replacen(&cookie[..1], "_", 1)[..21], &format!("{cookie}AAAA")] {
            assert_eq!(KnownDevice::proved(wrong, UserId(1), "a hash"), None, "{wrong}");
        }
        let other = KnownDevice::new();
        assert_ne!(device, other);
        let mixed = format!("{}{}", &other.cookie(UserId(1), "a hash").unwrap()[..20], &cookie[20..]);
        assert_eq!(KnownDevice::proved(&mixed, UserId(1), "a hash"), None, "a number without its code");
    }
}
