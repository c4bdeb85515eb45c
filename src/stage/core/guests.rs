//! Guests: people without an account. They may do here what both the link that they came by and the stage let them, and
//! nothing else, whatever the listeners with an account may.

use std::sync::Arc;

use octave_protocol::model::{GuestRight, Permission, User};
use octave_protocol::{GuestRights, UserId};

use super::rules::Decision;
use super::{Decided, Durable, Immediate, Person, Refusal, Stage, StageChange};

impl Stage {
    /// What a guest may do now; none for who has an account.
    pub fn guest(&self, user: UserId) -> Option<GuestRights> {
        self.guests.get(&user).map(|rights| rights.and(self.about.guests))
    }

    /// Whether their role lets them, or what guests may.
    pub(super) fn is_let(&self, user: UserId, permission: Permission) -> bool {
        match self.guest(user) {
            Some(rights) => rights.may(permission),
            None => self.role(user).may(permission, self.about.control, self.about.adding),
        }
    }

    /// All that somebody may do, as clients are told.
    pub(super) fn can(&self, user: UserId) -> Vec<Permission> {
        match self.guest(user) {
            Some(rights) => Permission::ALL.into_iter().filter(|permission| rights.may(*permission)).collect(),
            None => self.role(user).can(self.about.control, self.about.adding),
        }
    }

    /// What their link lets a guest do, whatever the stage does.
    pub(super) fn link_of(&self, user: UserId) -> Option<Vec<GuestRight>> {
        self.guests.get(&user).map(|rights| rights.list())
    }

    /// Whether somebody is a guest where guests are not welcome.
    pub(super) fn is_unwelcome(&self, user: UserId) -> bool {
        self.guest(user).is_some_and(|rights| !rights.has(GuestRight::Listen))
    }

    pub(super) fn join_as_guest(&self, user: Arc<User>, rights: GuestRights) -> Decision {
        if self.ended {
            return Err(Refusal::Ended);
        }
        if self.is_banned(user.id) || self.shunned.contains(&user.id) {
            return Err(Refusal::Banned);
        }
        if !rights.and(self.about.guests).has(GuestRight::Listen) {
            return Err(Refusal::NoGuests);
        }
        Ok(Immediate::Joined { user, guest: Some(rights) }.into())
    }

    /// Whoever is told no is told why: by their role, or for being a guest.
    pub(super) fn forbidden(&self, user: UserId) -> Refusal {
        if self.guests.contains_key(&user) { Refusal::NotForGuests } else { Refusal::Forbidden }
    }

    /// How many of those who are here may vote.
    pub(super) fn voters(&self) -> usize {
        let accounts = self.people.accounts();
        if accounts == self.people.len() {
            return accounts;
        }
        let voting = |person: &&Person| person.user.guest && self.may(person.user.id, Permission::Vote);
        accounts + self.people.iter().filter(voting).count()
    }

    /// The stage is run otherwise; where guests may not even listen any more, they go.
    pub(super) fn update(&self, who: UserId, change: StageChange) -> Decision {
        self.validate(&change)?;
        self.permit(who, Permission::Manage)?;
        self.allow_speaker(&change)?;
        let welcome = change.guests.is_none_or(|rights| rights.has(GuestRight::Listen));
        let mut events = vec![Durable::Updated { change, by: who }];
        if !welcome {
            events.extend(self.guests_out(who));
        }
        Ok(Decided::Durable(events))
    }

    /// Every guest who is here goes, and may come back as far as their login and the link let them.
    pub(super) fn send_guests_home(&self, who: UserId) -> Decision {
        self.permit(who, Permission::Moderate)?;
        Ok(Decided::Durable(self.guests_out(who).collect()))
    }

    fn guests_out(&self, by: UserId) -> impl Iterator<Item = Durable> {
        let here = self.people.iter().filter(|person| person.user.guest);
        here.map(move |person| Durable::Kicked { user: person.user.clone(), by })
    }
}
