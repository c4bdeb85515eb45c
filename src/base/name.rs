//! Names that people give: one line that shows something, of a bounded length.

use std::fmt;
use std::ops::Deref;

use serde::{Deserialize, Serialize};

use super::text;

/// A name of at most `MAX` characters, without controls, direction overrides or outer blanks.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Name<const MAX: usize>(String);

/// What a stage is called.
pub type StageName = Name<100>;
/// A genre that a stage is said to be of.
pub type StageGenre = Name<50>;
/// What a song, an album, an artist or a playlist is called.
pub type Title = Name<200>;

/// Why a text is no name; for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoName {
    #[error("must have at most {0} characters")]
    TooLong(usize),
    #[error("must not be empty")]
    Empty,
}

impl<const MAX: usize> Name<MAX> {
    /// Characters at most.
    pub const MAX_CHARS: usize = MAX;

    pub fn parse(raw: &str) -> Result<Self, NoName> {
        if raw.chars().count() > MAX {
            return Err(NoName::TooLong(MAX));
        }
        text::line(raw, MAX).map(Self).ok_or(NoName::Empty)
    }
}

impl<const MAX: usize> TryFrom<String> for Name<MAX> {
    type Error = NoName;

    fn try_from(raw: String) -> Result<Self, NoName> {
        Self::parse(&raw)
    }
}

impl<const MAX: usize> Deref for Name<MAX> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> fmt::Display for Name<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

impl<const MAX: usize> From<Name<MAX>> for String {
    fn from(name: Name<MAX>) -> Self {
        name.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_line_that_shows_something() {
        let parse = |raw: &str| Name::<6>::parse(raw).map(String::from);
        assert_eq!(parse(" a\n b "), Ok("a b".to_owned()));
        assert_eq!(parse("abcdefg"), Err(NoName::TooLong(6)));
        for nothing in ["", " \t", "\u{200b}", "\u{2800}\u{3164}"] {
            assert_eq!(parse(nothing), Err(NoName::Empty), "{nothing:?}");
        }
    }
}
