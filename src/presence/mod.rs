//! Who is online, and how to reach them: the connections of each user, whatever stages they are in.
//!
//! Personal events go through here, and a session that ends takes its sockets with it.

mod changes;
mod ended;
mod watch;

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use dashmap::DashMap;
use octave_protocol::{CloseCode, UserId};

pub use changes::Changes;
use ended::Ended;
pub use watch::{Subject, Watched, Watching};

use crate::wire::Outbox;

/// The row of `sessions` (a login) that a connection was opened with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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
        if connections.len() == 1 {
            self.changes.note(user);
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

    pub fn is_online(&self, user: UserId) -> bool {
        self.online.contains_key(&user)
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
        for outbox in self.of(user, |_| true) {
            outbox.send(frames);
        }
    }

    /// Ends the connections of logins that have ended, those that are about to be opened too.
    pub fn revoke(&self, user: UserId, sessions: &[SessionId]) {
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

    /// A copy, so that no map lock is held while sockets are written.
    fn of(&self, user: UserId, wanted: impl Fn(SessionId) -> bool) -> Vec<Arc<Outbox>> {
        let Some(entry) = self.online.get(&user) else { return Vec::new() };
        entry.value().iter().filter(|(s, _)| wanted(*s)).map(|(_, o)| o.clone()).collect()
    }
}

impl Drop for Presence {
    fn drop(&mut self) {
        let last = self.people.online.remove_if_mut(&self.user, |_, all| {
            all.retain(|(_, o)| !Arc::ptr_eq(o, &self.outbox));
            all.is_empty()
        });
        if last.is_some() {
            self.people.changes.note(self.user);
        }
    }
}
