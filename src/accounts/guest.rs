//! What a guest is called: what they say, with a number where others are called so.

use crate::accounts::account::Username;
use crate::base::name::{Name, NoName};
use crate::store::guests::GuestName;
use crate::store::sessions::TokenHash;

/// A name of at most 32 characters, as an account's.
type Said = Name<32>;

/// What `raw` would be called, the first that is free: as it is, then with numbers that are ever harder to be taken. They
/// are drawn from the token, which is random.
pub fn names(raw: &str, token: &TokenHash) -> Result<Vec<GuestName>, NoName> {
    let said = Said::parse(raw)?;
    let chance = u64::from(u32::from_be_bytes([token[0], token[1], token[2], token[3]]));
    let numbers = [2, 3, 4, 10 + chance % 90, 100 + chance % 900, 10_000 + chance % 90_000, 1 << 32 | chance];
    Ok(std::iter::once(named(&said)).chain(numbers.map(|n| named(&format!("{} ({n})", &*said)))).collect())
}

/// A guest's name as it stands.
pub fn named(name: &str) -> GuestName {
    GuestName { shown: name.to_owned(), is_username: Username::parse(name).is_ok_and(|parsed| parsed.as_str() == name) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_others_have_gets_a_number() {
        let all = names(" Ann  B ", &[7; 32]).unwrap();
        assert_eq!((all[0].shown.as_str(), all[0].is_username), ("Ann B", false));
        assert_eq!((all[1].shown.as_str(), all.len()), ("Ann B (2)", 8));
        assert!(names("Ann", &[7; 32]).unwrap()[0].is_username, "an account could be called so");
        assert!(!names("Al", &[7; 32]).unwrap()[0].is_username);
        assert!(names(" ", &[7; 32]).is_err() && names(&"x".repeat(33), &[7; 32]).is_err());
    }
}
