//! People without an account, as the server knows them: where they belong and what they may do there.

use serde::{Deserialize, Serialize};

use crate::StageId;
use crate::model::{GuestRight, Permission};

const ALL: [GuestRight; 4] = [GuestRight::Listen, GuestRight::Chat, GuestRight::Add, GuestRight::Vote];

/// A set of [`GuestRight`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct GuestRights(u8);

/// Where a guest belongs, and what the link that they came by lets them do there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guest {
    pub stage: StageId,
    pub rights: GuestRights,
}

impl GuestRight {
    /// As the wire and the database have it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Listen => "listen",
            Self::Chat => "chat",
            Self::Add => "add",
            Self::Vote => "vote",
        }
    }

    const fn bit(self) -> u8 {
        match self {
            Self::Listen => 1,
            Self::Chat => 2,
            Self::Add => 4,
            Self::Vote => 8,
        }
    }
}

impl GuestRights {
    pub const NONE: Self = Self(0);
    pub const ALL: Self = Self(15);

    pub const fn has(self, right: GuestRight) -> bool {
        self.0 & right.bit() != 0
    }

    /// Those that are in both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// In the order of their declaration.
    pub fn list(self) -> Vec<GuestRight> {
        ALL.into_iter().filter(|right| self.has(*right)).collect()
    }

    /// As the database keeps them: `listen,chat`.
    pub fn words(self) -> String {
        self.list().into_iter().map(GuestRight::word).collect::<Vec<_>>().join(",")
    }

    /// What [`words`](Self::words) has made; other words mean nothing.
    pub fn of_words(words: &str) -> Self {
        ALL.into_iter().filter(|right| words.split(',').any(|word| word == right.word())).collect()
    }

    /// Whether they cover a permission. What is not named in them no guest has.
    pub const fn may(self, permission: Permission) -> bool {
        match permission {
            Permission::Chat | Permission::React => self.has(GuestRight::Chat),
            Permission::QueueAdd => self.has(GuestRight::Add),
            Permission::Vote | Permission::Suggest => self.has(GuestRight::Vote),
            Permission::Control
            | Permission::QueueEdit
            | Permission::Accept
            | Permission::Moderate
            | Permission::Manage => false,
        }
    }
}

impl FromIterator<GuestRight> for GuestRights {
    fn from_iter<T: IntoIterator<Item = GuestRight>>(rights: T) -> Self {
        Self(rights.into_iter().fold(0, |all, right| all | right.bit()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rights_are_kept_as_words_and_cover_no_more_than_they_say() {
        for bits in 0..16 {
            let rights = GuestRights(bits);
            assert_eq!(GuestRights::of_words(&rights.words()), rights);
            assert_eq!(rights.list().into_iter().collect::<GuestRights>(), rights);
            assert_eq!(rights.and(GuestRights::ALL), rights);
            for permission in Permission::ALL {
                assert!(GuestRights::ALL.may(permission) || !rights.may(permission));
            }
        }
        assert_eq!(GuestRights::of_words("listen,rule,"), [GuestRight::Listen].into_iter().collect());
        let chat: GuestRights = [GuestRight::Chat].into_iter().collect();
        assert!(chat.may(Permission::React) && !chat.may(Permission::Vote) && !chat.may(Permission::Moderate));
        assert_eq!(GuestRights::ALL.words(), "listen,chat,add,vote");
    }
}
