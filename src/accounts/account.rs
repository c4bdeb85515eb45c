//! What an account's fields must be, wherever they come from: a request, the command line, a demo.

use std::fmt;

use unicode_normalization::UnicodeNormalization;

use crate::accounts::password;

/// Longest profile text, in characters.
pub const MAX_BIO_CHARS: usize = 2_000;

/// Why a value can't be a field of an account; for people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unfit(pub &'static str);

/// 3 to 32 letters, digits, `_`, `-` or `.`. No `@`, so it is never an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Username(String);

impl Username {
    pub fn parse(raw: &str) -> Result<Self, Unfit> {
        let name: String = raw.nfc().collect();
        if !(3..=32).contains(&name.chars().count()) {
            return Err(Unfit("must have 3 to 32 characters"));
        }
        if !name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.')) {
            return Err(Unfit("may have letters, digits, _, - and ."));
        }
        Ok(Self(name))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An address that could be one. Whether mail arrives there is not asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email(String);

impl Email {
    pub fn parse(raw: &str) -> Result<Self, Unfit> {
        const UNFIT: Unfit = Unfit("must be an email address");
        let address: String = raw.trim().nfc().collect();
        let (local, domain) = address.rsplit_once('@').ok_or(UNFIT)?;
        let fits = !local.is_empty()
            && local.len() <= 64
            && address.len() <= 254
            && !address.chars().any(|c| c.is_whitespace() || c.is_control())
            && !local.contains('@')
            && domain.split('.').all(|label| !label.is_empty())
            && domain.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '.'));
        if fits { Ok(Self(address)) } else { Err(UNFIT) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A password fit to be set; never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct NewPassword(String);

impl NewPassword {
    pub fn parse(raw: String) -> Result<Self, Unfit> {
        if raw.chars().count() < password::MIN_CHARS {
            return Err(Unfit("must have at least 8 characters"));
        }
        if raw.len() > password::MAX_BYTES {
            return Err(Unfit("must have at most 1,024 bytes"));
        }
        if password::is_common(&raw) {
            return Err(Unfit("is one of the commonest, which are tried first; take another one"));
        }
        Ok(Self(raw))
    }

    pub fn into_inner(self) -> String {
        self.0
    }
}

impl fmt::Debug for NewPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NewPassword(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usernames() {
        for good in ["ana", "Ben_2", "zoë", "a.b-c", "日本語", &"x".repeat(32)] {
            assert!(Username::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "ab", "a b c", "ana@x", "ana/x", "<b>ana", "an\u{202e}a", "an\0a", "👩‍🚀👩‍🚀👩‍🚀", &"x".repeat(33)]
        {
            assert!(Username::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(Username::parse("zoe\u{308}").unwrap().as_str(), "zoë");
    }

    #[test]
    fn addresses() {
        for good in ["a@b", "ana+x@mail.example.org", " ana@example.org ", "zoë@exämple.org"] {
            assert!(Email::parse(good).is_ok(), "{good}");
        }
        for bad in
            ["", "ana", "@b", "a@", "a@b@c", "a b@c", "a@b..c", "a@.b", "a@b\nBcc: c", &format!("{}@b", "x".repeat(65))]
        {
            assert!(Email::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn passwords_have_a_least_and_a_greatest_length_and_are_not_printed() {
        assert!(NewPassword::parse("1234567".into()).is_err());
        assert!(NewPassword::parse("ääääääää".into()).is_ok());
        assert!(NewPassword::parse("x".repeat(1025)).is_err());
        assert!(NewPassword::parse("Password1".into()).is_err(), "one of the commonest");
        assert_eq!(format!("{:?}", NewPassword::parse("horse battery".into()).unwrap()), "NewPassword(…)");
    }
}
