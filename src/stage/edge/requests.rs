//! Requests that are under way to the owner, and until when they have to be answered.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use octave_protocol::client::RequestId;
use tokio::time::Instant;

use super::{ConnId, Joining};

/// After this the edge answers that the owner does not.
pub(super) const ANSWERED_WITHIN: Duration = Duration::from_millis(1_800);
/// Joins that were given up and may still be answered; beyond, the oldest are forgotten.
const GIVEN_UP: usize = 4_096;

#[derive(Debug, Default)]
pub(super) struct Requests {
    open: HashMap<(ConnId, RequestId), Vec<Asked>>,
    /// In the order in which they are due.
    due: VecDeque<(Instant, ConnId, RequestId)>,
    /// Joins of which the client was told that they failed.
    given_up: VecDeque<(ConnId, RequestId)>,
}

#[derive(Debug)]
pub(super) enum Asked {
    /// What is asked of another owner, should this one end first.
    Join(Box<Joining>),
    Other,
}

/// What becomes of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Closed {
    InTime,
    /// The client has had another one.
    Late,
    /// The same, and what it would say is that they are in the stage.
    LateJoin,
}

impl Requests {
    pub(super) fn open(&mut self, conn: ConnId, re: RequestId, asked: Asked, now: Instant) {
        // A join that was asked of another owner before has less time left.
        let until = if let Asked::Join(joining) = &asked { joining.until } else { now + ANSWERED_WITHIN };
        self.open.entry((conn, re)).or_default().push(asked);
        let place = self.due.partition_point(|(at, ..)| *at <= until);
        self.due.insert(place, (until, conn, re));
    }

    pub(super) fn close(&mut self, conn: ConnId, re: RequestId) -> Closed {
        if self.take(conn, re).is_some() {
            return Closed::InTime;
        }
        match self.given_up.iter().position(|given_up| *given_up == (conn, re)) {
            Some(index) => {
                self.given_up.remove(index);
                Closed::LateJoin
            }
            None => Closed::Late,
        }
    }

    /// Whether somebody waits to be let in.
    pub(super) fn has_join_of(&self, conn: ConnId) -> bool {
        self.open.iter().any(|((of, _), all)| *of == conn && all.iter().any(Asked::is_join))
    }

    fn take(&mut self, conn: ConnId, re: RequestId) -> Option<Asked> {
        let all = self.open.get_mut(&(conn, re))?;
        let asked = if all.is_empty() { None } else { Some(all.remove(0)) };
        if all.is_empty() {
            self.open.remove(&(conn, re));
        }
        asked
    }

    pub(super) fn due(&self) -> Option<Instant> {
        if self.open.is_empty() { None } else { self.due.front().map(|(at, ..)| *at) }
    }

    /// Those whose time is over.
    pub(super) fn expire(&mut self, now: Instant) -> Vec<(ConnId, RequestId)> {
        let mut expired = Vec::new();
        while let Some((at, conn, re)) = self.due.front().copied()
            && (at <= now || self.open.is_empty())
        {
            self.due.pop_front();
            let Some(asked) = self.take(conn, re) else { continue };
            if asked.is_join() {
                self.given_up.push_back((conn, re));
                if self.given_up.len() > GIVEN_UP {
                    self.given_up.pop_front();
                }
            }
            expired.push((conn, re));
        }
        expired
    }

    pub(super) fn forget(&mut self, conn: ConnId) {
        self.open.retain(|(of, _), _| *of != conn);
        self.given_up.retain(|(of, _)| *of != conn);
    }

    pub(super) fn give_up(&mut self) -> Vec<(ConnId, RequestId, Asked)> {
        self.due.clear();
        self.open.drain().flat_map(|((conn, re), all)| all.into_iter().map(move |asked| (conn, re, asked))).collect()
    }
}

impl Asked {
    fn is_join(&self) -> bool {
        matches!(self, Self::Join(_))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use octave_protocol::UserId;
    use octave_protocol::model::User;

    use super::*;
    use crate::stage::handle::Member;
    use crate::wire::Outbox;

    const ANA: ConnId = ConnId(1);

    #[tokio::test(start_paused = true)]
    async fn each_request_is_answered_once_in_time_or_by_the_edge() {
        let (mut requests, now) = (Requests::default(), Instant::now());
        let later = now + Duration::from_millis(500);
        requests.open(ANA, 1, Asked::Other, now);
        requests.open(ANA, 2, join(2, now + ANSWERED_WITHIN), now);
        requests.open(ANA, 3, Asked::Other, later);
        assert_eq!(requests.close(ANA, 1), Closed::InTime);
        assert_eq!(requests.expire(now + ANSWERED_WITHIN), [(ANA, 2)]);
        assert_eq!((requests.close(ANA, 2), requests.close(ANA, 2)), (Closed::LateJoin, Closed::Late));
        assert_eq!(requests.due(), Some(later + ANSWERED_WITHIN));
        assert_eq!(requests.close(ANA, 3), Closed::InTime);
        assert_eq!((requests.due(), requests.expire(later)), (None, vec![]));
        assert!(requests.due.is_empty() && requests.open.is_empty());
    }

    fn join(re: RequestId, until: Instant) -> Asked {
        let user = User { id: UserId(1), username: "ana".into(), avatar_url: None, guest: false };
        let way = Arc::new(Outbox::queued()).into();
        let member = Member { conn: ANA, user: Arc::new(user), guest: None, way };
        Asked::Join(Box::new(Joining { member, re, resume: None, invite: None, until }))
    }

    #[tokio::test(start_paused = true)]
    async fn a_join_that_has_waited_for_another_owner_is_due_before_what_came_meanwhile() {
        let (mut requests, now) = (Requests::default(), Instant::now());
        requests.open(ANA, 1, Asked::Other, now);
        let until = now + ANSWERED_WITHIN / 2;
        requests.open(ANA, 2, join(2, until), now);
        assert_eq!((requests.due(), requests.expire(until)), (Some(until), vec![(ANA, 2)]));
        assert_eq!(requests.due(), Some(now + ANSWERED_WITHIN));
    }

    #[tokio::test(start_paused = true)]
    async fn the_same_id_twice_is_answered_twice() {
        let (mut requests, now) = (Requests::default(), Instant::now());
        requests.open(ANA, 1, Asked::Other, now);
        requests.open(ANA, 1, Asked::Other, now);
        assert_eq!(requests.close(ANA, 1), Closed::InTime);
        assert_eq!(requests.expire(now + ANSWERED_WITHIN), [(ANA, 1)]);
    }
}
