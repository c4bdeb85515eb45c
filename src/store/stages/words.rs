//! How a stage's settings stand in its row.

use octave_protocol::model::{Adding, Control, QueueOrder, Role, Succession, Visibility};

pub(in crate::store) const fn visibility_word(visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Public => "public",
        Visibility::Friends => "friends",
        Visibility::Invite => "invite",
    }
}

pub(in crate::store) const fn control_word(control: Control) -> &'static str {
    match control {
        Control::Host => "host",
        Control::Djs => "djs",
        Control::Everyone => "everyone",
    }
}

pub(in crate::store) const fn adding_word(adding: Adding) -> &'static str {
    match adding {
        Adding::Everyone => "everyone",
        Adding::Control => "control",
    }
}

pub(in crate::store) const fn succession_word(succession: Succession) -> &'static str {
    match succession {
        Succession::People => "people",
        Succession::Alone => "alone",
    }
}

pub(in crate::store) const fn role_word(role: Role) -> &'static str {
    match role {
        Role::Host => "host",
        Role::Moderator => "moderator",
        Role::Dj => "dj",
        Role::Listener => "listener",
    }
}

pub(in crate::store) const fn order_word(order: QueueOrder) -> &'static str {
    match order {
        QueueOrder::Added => "added",
        QueueOrder::Votes => "votes",
        QueueOrder::Fair => "fair",
    }
}

/// No limit is 0.
pub(in crate::store) fn max_waiting_number(most: Option<u32>) -> i64 {
    i64::from(most.unwrap_or(0))
}
