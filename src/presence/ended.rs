//! Logins that ended of late: a connection that is being opened with one was looked up before, and registers after.

use std::collections::{HashSet, VecDeque};
use std::sync::{Mutex, PoisonError};

use super::SessionId;

/// How many are remembered. A connection registers milliseconds after its login was looked up; one that takes longer
/// than so many logins take to end is found when logins are looked at again.
const REMEMBERED: usize = 4_096;

#[derive(Debug, Default)]
pub(super) struct Ended(Mutex<Memory>);

#[derive(Debug, Default)]
struct Memory {
    all: HashSet<SessionId>,
    in_order: VecDeque<SessionId>,
}

impl Ended {
    pub(super) fn note(&self, sessions: &[SessionId]) {
        self.with(|memory| {
            for session in sessions {
                // The number of a login is never given again.
                if memory.all.insert(*session) {
                    memory.in_order.push_back(*session);
                }
            }
            while memory.in_order.len() > REMEMBERED {
                if let Some(oldest) = memory.in_order.pop_front() {
                    memory.all.remove(&oldest);
                }
            }
        });
    }

    pub(super) fn contains(&self, session: SessionId) -> bool {
        self.with(|memory| memory.all.contains(&session))
    }

    fn with<T>(&self, look: impl FnOnce(&mut Memory) -> T) -> T {
        // Each change under the lock is whole.
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use octave_protocol::UserId;

    use super::super::People;
    use super::*;
    use crate::wire::Outbox;
    use crate::wire::outbox::Standing;

    #[test]
    fn a_connection_that_registers_after_its_login_has_ended_ends_too() {
        let people = Arc::new(People::default());
        let (ana, ended, other) = (UserId(1), SessionId(7), SessionId(8));
        people.revoke(ana, &[ended]);
        let outboxes = [ended, other].map(|session| {
            let outbox = Arc::new(Outbox::queued());
            (people.arrive(ana, session, outbox.clone()), outbox)
        });
        assert_eq!(outboxes.each_ref().map(|(_, o)| o.standing()), [Standing::Closing, Standing::Open]);
        people.revoke(ana, &[other]);
        assert_eq!(outboxes[1].1.standing(), Standing::Closing);
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let ended = Ended::default();
        let all: Vec<SessionId> = (0..10_000).map(SessionId).collect();
        all.chunks(100).for_each(|some| ended.note(some));
        let remembered = all.iter().filter(|s| ended.contains(**s)).count();
        assert_eq!((remembered, ended.contains(SessionId(9_999))), (REMEMBERED, true));
        assert_eq!(ended.with(|memory| memory.all.len()), REMEMBERED);
    }
}
