//! Who may enter. The same rule as `store::access`, which reads it of the rows for all who ask over HTTP.

use std::sync::Arc;

use octave_protocol::UserId;
use octave_protocol::model::{Role, User, Visibility};

use super::rules::Decision;
use super::{Admission, Immediate, Refusal, Stage};

impl Stage {
    pub fn is_banned(&self, user: UserId) -> bool {
        self.banned.contains(&user)
    }

    /// Whether somebody is kept out whatever else is true: banned, or blocked by the host.
    pub fn keeps_out(&self, user: UserId) -> bool {
        self.is_banned(user) || self.shunned.contains(&user) || self.is_unwelcome(user)
    }

    /// Whether the store has to be asked about somebody before they may enter.
    pub fn knows(&self, user: UserId) -> bool {
        self.about.visibility == Visibility::Public || self.keeps_out(user) || self.belongs(user)
    }

    /// Who is here whom the host has blocked, in the order of arrival.
    pub fn shunned_present(&self) -> Vec<Arc<User>> {
        if self.shunned.is_empty() {
            return Vec::new();
        }
        self.people.iter().filter(|p| self.shunned.contains(&p.user.id)).map(|p| p.user.clone()).collect()
    }

    fn belongs(&self, user: UserId) -> bool {
        self.role(user) != Role::Listener || self.invited.contains(&user) || self.people.contains(user)
    }

    /// Somebody asks to be seated.
    pub(super) fn join(&self, user: Arc<User>, admission: Admission) -> Decision {
        if let Admission::Guest(rights) = admission {
            return self.join_as_guest(user, rights);
        }
        if self.ended {
            let may_know = !self.keeps_out(user.id) && (self.knows(user.id) || admission != Admission::Stranger);
            return Err(if may_know { Refusal::Ended } else { Refusal::Unknown });
        }
        let kept_out = self.keeps_out(user.id);
        let admitted = match self.about.visibility {
            _ if kept_out => false,
            Visibility::Public => true,
            _ if self.belongs(user.id) || admission == Admission::Invited => true,
            Visibility::Friends => admission == Admission::Friend,
            Visibility::Invite => false,
        };
        match self.about.visibility {
            _ if admitted => Ok(Immediate::Joined { user, guest: None }.into()),
            // Of a closed stage they are told no more than strangers, and of a block no more than of a ban.
            Visibility::Public if kept_out => Err(Refusal::Banned),
            // To whom a closed stage is not open it is not there, as it is not over HTTP.
            _ => Err(Refusal::Unknown),
        }
    }
}
