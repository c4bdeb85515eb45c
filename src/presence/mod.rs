//! Who is online, and how to reach them: the connections of each user, whatever stages they are in.
//!
//! Personal events go through here, and a session that ends takes its sockets with it.

mod changes;
mod elsewhere;
mod ended;
mod watch;

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use dashmap::DashMap;
use octave_protocol::{CloseCode, UserId};
use serde::{Deserialize, Serialize};

pub use changes::Changes;
use elsewhere::{Elsewhere, Word};
use ended::Ended;
pub use watch::{Subject, Watched, Watching};

use crate::bus::{Bus, NodeId, Packet};
use crate::wire::Outbox;

/// The row of `sessions` (a login) that a connection was opened with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SessionId(pub i64);

/// Why a connection is closed; for people.
const LOGIN_ENDED: &str = "this login has ended";

#[derive(Debug, Default)]
pub struct People {
    online: DashMap<UserId, Vec<(SessionId, Arc<Outbox>)>>,
    /// Who came online or went.
    changes: Changes,
    /// Logins that ended of late.
    ended: Ended,
    /// Who looks at comments.
    watched: Arc<Watched>,
    elsewhere: Elsewhere,
}

/// A connection's entry; it ends with this guard.
#[derive(Debug)]
pub struct Presence {
    people: Arc<People>,
    user: UserId,
    outbox: Arc<Outbox>,
}

impl People {
    /// Registers a connection for as long as the guard lives. If its login has ended since it was looked up, the
    /// connection ends with it.
    pub fn arrive(self: &Arc<Self>, user: UserId, session: SessionId, outbox: Arc<Outbox>) -> Presence {
        let mut connections = self.online.entry(user).or_default();
        connections.push((session, outbox.clone()));
        match connections.len() {
            1 => self.note(user),
            _ => self.elsewhere.note(user),
        }
        drop(connections);
        // It is registered by now, so a login that ends from here on finds it.
        if self.ended.contains(session) {
            outbox.close(CloseCode::SessionRevoked, LOGIN_ENDED);
        }
        Presence { people: self.clone(), user, outbox }
    }

    /// The logins that connections are open with, and whose they are.
    pub fn logins(&self) -> HashMap<SessionId, UserId> {
        self.online.iter().flat_map(|e| e.value().iter().map(|(s, _)| (*s, *e.key())).collect::<Vec<_>>()).collect()
    }

    /// Whether somebody is connected, to whichever node.
    pub fn is_online(&self, user: UserId) -> bool {
        self.is_here(user) || self.elsewhere.is_online(user)
    }

    /// Whether somebody is connected to this process.
    pub fn is_here(&self, user: UserId) -> bool {
        self.online.contains_key(&user)
    }

    /// How many connections somebody has at other nodes.
    pub fn sockets_elsewhere(&self, user: UserId) -> u32 {
        self.elsewhere.sockets(user)
    }

    pub fn changes(&self) -> &Changes {
        &self.changes
    }

    pub fn watched(&self) -> &Arc<Watched> {
        &self.watched
    }

    pub fn connections(&self) -> usize {
        self.online.iter().map(|e| e.value().len()).sum()
    }

    /// Sends whole frames to all connections of a user.
    pub fn tell(&self, user: UserId, frames: &Bytes) {
        self.tell_here(user, frames);
        if self.elsewhere.is_online(user) {
            self.elsewhere.say(&Word::Tell { user }, frames);
        }
    }

    /// The same, to those of this process.
    pub fn tell_here(&self, user: UserId, frames: &Bytes) {
        for outbox in self.of(user, |_| true) {
            outbox.send(frames);
        }
    }

    /// Sends whole frames to all who look at it.
    pub fn tell_watchers(&self, subject: Subject, frames: &Bytes) {
        self.watched.tell(subject, frames);
        self.elsewhere.say(&Word::Watched { subject }, frames);
    }

    /// Ends the connections of logins that have ended, those that are about to be opened too.
    pub fn revoke(&self, user: UserId, sessions: &[SessionId]) {
        self.revoke_here(user, sessions);
        self.elsewhere.say(&Word::Ended { user, sessions: sessions.to_vec() }, b"");
    }

    fn revoke_here(&self, user: UserId, sessions: &[SessionId]) {
        self.ended.note(sessions);
        for outbox in self.of(user, |s| sessions.contains(&s)) {
            outbox.close(CloseCode::SessionRevoked, LOGIN_ENDED);
        }
    }

    /// Ends every connection, for a restart.
    pub fn close_all(&self, code: CloseCode, reason: &'static str) {
        for entry in &self.online {
            for (_, outbox) in entry.value() {
                outbox.close(code, reason);
            }
        }
    }

    fn note(&self, user: UserId) {
        self.changes.note(user);
        self.elsewhere.note(user);
    }

    /// A copy, so that no map lock is held while sockets are written.
    fn of(&self, user: UserId, wanted: impl Fn(SessionId) -> bool) -> Vec<Arc<Outbox>> {
        let Some(entry) = self.online.get(&user) else { return Vec::new() };
        entry.value().iter().filter(|(s, _)| wanted(*s)).map(|(_, o)| o.clone()).collect()
    }
}

/// Among other nodes.
impl People {
    /// From here on there may be other nodes.
    pub fn connect(&self, bus: Bus) {
        self.elsewhere.connect(bus);
    }

    /// Tells other nodes who is here, and by how many connections: all, or those of whom that has changed since the last time.
    pub fn tell_nodes(&self, whole: bool) {
        let moved = self.elsewhere.take_here();
        let users: Vec<(UserId, bool)> = if whole {
            self.online.iter().map(|entry| (*entry.key(), true)).collect()
        } else {
            moved.into_iter().map(|user| (user, self.is_here(user))).collect()
        };
        let sockets = users.iter().filter_map(|(user, _)| Some((*user, self.sockets(*user)?))).collect::<Vec<_>>();
        if whole || !users.is_empty() {
            self.elsewhere.say(&Word::Online { whole, users }, b"");
        }
        if !sockets.is_empty() {
            self.elsewhere.say(&Word::Sockets { users: sockets }, b"");
        }
    }

    /// How many connections somebody has here, who has several.
    fn sockets(&self, user: UserId) -> Option<u32> {
        let count = u32::try_from(self.online.get(&user)?.len()).ok()?;
        (count > 1).then_some(count)
    }

    /// What another node says of people; whose account has changed.
    pub fn take(&self, packet: &Packet) -> Option<UserId> {
        match packet.head()? {
            Word::Online { whole, users } => {
                for user in self.elsewhere.heard(packet.from, whole, users) {
                    self.changes.note(user);
                }
            }
            Word::Sockets { users } => self.elsewhere.heard_of_sockets(packet.from, users),
            Word::Tell { user } => self.tell_here(user, &packet.body),
            Word::Watched { subject } => self.watched.tell(subject, &packet.body),
            Word::Ended { user, sessions } => {
                self.revoke_here(user, &sessions);
                return Some(user);
            }
        }
        None
    }

    /// A node has ended, and its people are gone with it.
    pub fn node_gone(&self, node: NodeId) {
        for user in self.elsewhere.forget(node, |_| true) {
            self.changes.note(user);
        }
    }
}

impl Drop for Presence {
    fn drop(&mut self) {
        let last = self.people.online.remove_if_mut(&self.user, |_, all| {
            all.retain(|(_, o)| !Arc::ptr_eq(o, &self.outbox));
            all.is_empty()
        });
        match last {
            Some(_) => self.people.note(self.user),
            None => self.people.elsewhere.note(self.user),
        }
    }
}
