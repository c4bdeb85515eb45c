//! What verbs ask.

use std::sync::Arc;

use octave_protocol::GuestRights;
use octave_protocol::model::{Adding, Control, Role, Succession, User, Visibility};

use super::{time, user};
use crate::stage::core::{Command, SoundChange, StageChange, StartChange, TurnsChange};

pub(super) fn about_somebody(verb: &str, user: Arc<User>, role: Option<&&str>) -> Command {
    match verb {
        "names" => {
            let role = match role {
                Some(&"host") => Role::Host,
                Some(&"moderator") => Role::Moderator,
                Some(&"dj") => Role::Dj,
                _ => Role::Listener,
            };
            Command::SetRole { user, role }
        }
        "kicks" => Command::Kick { user },
        _ => Command::Ban { user, banned: verb == "bans" },
    }
}

/// What a verb changes in how the stage is run.
pub(super) fn change(verb: &str, rest: &[&str]) -> StageChange {
    match verb {
        "waits" => StageChange {
            start: StartChange { quorum_percent: rest[0].parse().ok(), patience: Some(time(rest[1])) },
            ..StageChange::default()
        },
        "lets" => StageChange {
            control: Some(match rest[0] {
                "host" => Control::Host,
                "djs" => Control::Djs,
                _ => Control::Everyone,
            }),
            ..StageChange::default()
        },
        "lets-add" => StageChange {
            adding: Some(if rest[0] == "everyone" { Adding::Everyone } else { Adding::Control }),
            ..StageChange::default()
        },
        "opens-to" => StageChange {
            visibility: Some(match rest[0] {
                "friends" => Visibility::Friends,
                "invited" => Visibility::Invite,
                _ => Visibility::Public,
            }),
            ..StageChange::default()
        },
        "goes-on" => StageChange {
            succession: Some(if rest[0] == "alone" { Succession::Alone } else { Succession::People }),
            ..StageChange::default()
        },
        "fades" => StageChange {
            sound: SoundChange { crossfade: Some(time(rest[0])), ..SoundChange::default() },
            ..StageChange::default()
        },
        "lets-guests" => {
            StageChange { guests: Some(GuestRights::of_words(rest.first().unwrap_or(&""))), ..StageChange::default() }
        }
        "orders" => StageChange {
            turns: TurnsChange { order: serde_json::from_value(rest[0].into()).ok(), ..TurnsChange::default() },
            ..StageChange::default()
        },
        "limits" => StageChange {
            turns: TurnsChange { max_waiting: Some(rest[0].parse().ok()), ..TurnsChange::default() },
            ..StageChange::default()
        },
        "lets-sound" => StageChange { speaker: Some(rest.first().map(|name| user(name))), ..StageChange::default() },
        other => panic!("unknown change {other}"),
    }
}
