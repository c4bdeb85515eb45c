//! People at other nodes: each node alone speaks for its own, and what it said ends with it.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use dashmap::DashMap;
use octave_protocol::UserId;
use serde::{Deserialize, Serialize};

use super::{Changes, SessionId, Subject};
use crate::bus::{Bus, NodeId, To, Topic};

/// What nodes tell each other of people. Frames are in the body.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Word {
    /// Who is online at the sender and who is not any more; of all who are, if it is the whole list.
    Online { whole: bool, users: Vec<(UserId, bool)> },
    /// How many connections those have at the sender who have more than one; comes behind `Online`.
    Sockets { users: Vec<(UserId, u32)> },
    /// Frames for all connections of a user.
    Tell { user: UserId },
    /// Frames for all who look at it.
    Watched { subject: Subject },
    /// An account has changed, and these logins have ended.
    Ended { user: UserId, sessions: Vec<SessionId> },
}

#[derive(Debug, Default)]
pub(super) struct Elsewhere {
    bus: OnceLock<Bus>,
    /// At which nodes somebody is, and by how many connections.
    online: DashMap<UserId, HashMap<NodeId, u32>>,
    /// Who came or went here, or has more connections or fewer, and is to be told of.
    here: Changes,
}

impl Elsewhere {
    /// From here on there may be other nodes.
    pub(super) fn connect(&self, bus: Bus) {
        // A process has one bus.
        drop(self.bus.set(bus));
    }

    /// Somebody's connections here are others than before.
    pub(super) fn note(&self, user: UserId) {
        if self.bus.get().is_some() {
            self.here.note(user);
        }
    }

    pub(super) fn take_here(&self) -> HashSet<UserId> {
        self.here.take()
    }

    pub(super) fn is_online(&self, user: UserId) -> bool {
        self.online.contains_key(&user)
    }

    /// How many connections somebody has, as far as other nodes have told.
    pub(super) fn sockets(&self, user: UserId) -> u32 {
        self.online.get(&user).map_or(0, |nodes| nodes.values().sum())
    }

    pub(super) fn say(&self, word: &Word, body: &[u8]) {
        if let Some(bus) = self.bus.get() {
            bus.send(To::All, Topic::People, word, body);
        }
    }

    /// What a node says of its people; who has changed by it.
    pub(super) fn heard(&self, node: NodeId, whole: bool, users: Vec<(UserId, bool)>) -> Vec<UserId> {
        let mut changed = Vec::new();
        if whole {
            let there: HashSet<UserId> = users.iter().filter(|(_, online)| *online).map(|(user, _)| *user).collect();
            changed.extend(self.forget(node, |user| !there.contains(&user)));
        }
        for (user, online) in users {
            if online {
                self.online.entry(user).or_default().insert(node, 1);
            } else {
                self.leave(node, user);
            }
            changed.push(user);
        }
        changed
    }

    /// What a node says of those who have several connections there.
    pub(super) fn heard_of_sockets(&self, node: NodeId, users: Vec<(UserId, u32)>) {
        for (user, sockets) in users {
            if let Some(count) = self.online.get_mut(&user).as_mut().and_then(|nodes| nodes.get_mut(&node)) {
                *count = sockets;
            }
        }
    }

    /// A node has ended; who has changed by it.
    pub(super) fn forget(&self, node: NodeId, which: impl Fn(UserId) -> bool) -> Vec<UserId> {
        let at = |nodes: &HashMap<NodeId, u32>| nodes.contains_key(&node);
        let there: Vec<UserId> =
            self.online.iter().filter(|e| at(e.value()) && which(*e.key())).map(|e| *e.key()).collect();
        for user in &there {
            self.leave(node, *user);
        }
        there
    }

    fn leave(&self, node: NodeId, user: UserId) {
        self.online.remove_if_mut(&user, |_, nodes| {
            nodes.remove(&node);
            nodes.is_empty()
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_online_as_long_as_one_node_says_so() {
        let elsewhere = Elsewhere::default();
        let ([a, b], [ana, ben]) = ([NodeId(1), NodeId(2)], [UserId(1), UserId(2)]);
        elsewhere.heard(a, false, vec![(ana, true), (ben, true)]);
        elsewhere.heard(b, false, vec![(ana, true)]);
        elsewhere.heard_of_sockets(b, vec![(ana, 5), (ben, 9)]);
        assert_eq!(
            (elsewhere.sockets(ana), elsewhere.sockets(ben)),
            (6, 1),
            "of ben it has not said that they are there"
        );
        elsewhere.heard(a, false, vec![(ana, false)]);
        assert_eq!(elsewhere.sockets(ana), 5);
        assert!(elsewhere.is_online(ana) && elsewhere.is_online(ben));
        assert_eq!(elsewhere.forget(b, |_| true), [ana]);
        assert!(!elsewhere.is_online(ana) && elsewhere.is_online(ben));
        assert_eq!(elsewhere.sockets(ana), 0);
        // The whole list leaves out who has gone unheard.
        assert_eq!(elsewhere.heard(a, true, vec![(ana, true)]), [ben, ana]);
        assert!(elsewhere.is_online(ana) && !elsewhere.is_online(ben));
        elsewhere.forget(a, |_| true);
        assert!(elsewhere.online.is_empty());
    }
}
