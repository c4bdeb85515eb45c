//! Columns that hold a word of a closed set, as the protocol writes it.

use serde::de::value::{Error, StrDeserializer};
use serde::de::{DeserializeOwned, IntoDeserializer};

use super::{Result, StoreError};

/// What a column's word means. The schema admits the known ones alone, so another one is a damaged row: to take it for some
/// value would let people in, or keep them out, by chance.
pub(super) fn word<T: DeserializeOwned>(column: &'static str, word: &str) -> Result<T> {
    let read: StrDeserializer<'_, Error> = word.into_deserializer();
    T::deserialize(read).map_err(|_| StoreError::Corrupt { column, value: word.to_owned() })
}

#[cfg(test)]
mod tests {
    use octave_protocol::model::{Adding, Control, Repeat, Role, Visibility};

    use super::super::stages::{adding_word, control_word, role_word, visibility_word};
    use super::*;

    #[test]
    fn words_are_read_as_they_are_written_and_others_are_damage() {
        for visibility in [Visibility::Public, Visibility::Friends, Visibility::Invite] {
            assert_eq!(word::<Visibility>("visibility", visibility_word(visibility)).unwrap(), visibility);
        }
        for control in [Control::Host, Control::Djs, Control::Everyone] {
            assert_eq!(word::<Control>("control", control_word(control)).unwrap(), control);
        }
        for adding in [Adding::Control, Adding::Everyone] {
            assert_eq!(word::<Adding>("adding", adding_word(adding)).unwrap(), adding);
        }
        for role in [Role::Host, Role::Moderator, Role::Dj, Role::Listener] {
            assert_eq!(word::<Role>("role", role_word(role)).unwrap(), role);
        }
        assert_eq!(word::<Repeat>("repeat_mode", "all").unwrap(), Repeat::All);
        let told = word::<Visibility>("visibility", "pubic").unwrap_err().to_string();
        assert_eq!(told, "damaged row: visibility is \"pubic\"");
    }
}
