//! The connections of this node that are in the stage, or at its door.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use octave_protocol::model::User;
use octave_protocol::{CloseCode, Guest, UserId};

use super::{ByConn, ConnId};
use crate::stage::handle::Member;
use crate::stage::metrics::Metrics;
use crate::stage::stage_presence::Attendance;
use crate::stage::way::STARTS_ANEW;
use crate::wire::{Outbox, Sent};

#[derive(Debug)]
pub(super) struct Seats {
    /// All that have asked to join and have not gone.
    known: ByConn<Known>,
    seated: Vec<Seat>,
    by_conn: ByConn<usize>,
    /// Seats of each user.
    of_user: HashMap<UserId, usize>,
    metrics: Metrics,
    attendance: Attendance,
}

#[derive(Debug)]
struct Known {
    outbox: Arc<Outbox>,
    user: Arc<User>,
    guest: Option<Guest>,
}

#[derive(Debug)]
struct Seat {
    conn: ConnId,
    user: UserId,
    outbox: Arc<Outbox>,
    answers: Option<Box<BytesMut>>,
    from: usize,
}

impl Seats {
    pub(super) fn new(metrics: Metrics, attendance: Attendance) -> Self {
        Self {
            known: ByConn::new(),
            seated: Vec::new(),
            by_conn: ByConn::new(),
            of_user: HashMap::new(),
            metrics,
            attendance,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.seated.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    pub(super) fn conns(&self) -> Vec<ConnId> {
        self.known.keys().copied().collect()
    }

    pub(super) fn meet(&mut self, outbox: &Arc<Outbox>, member: &Member) {
        let known = Known { outbox: outbox.clone(), user: member.user.clone(), guest: member.guest };
        self.known.insert(member.conn, known);
    }

    /// The owner has seated it; who has gone meanwhile has told so.
    pub(super) fn seat(&mut self, conn: ConnId) {
        let Some((outbox, user)) = self.known.get(&conn).map(|known| (known.outbox.clone(), known.user.id)) else {
            return;
        };
        if self.by_conn.contains_key(&conn) {
            return;
        }
        self.by_conn.insert(conn, self.seated.len());
        self.seated.push(Seat { conn, user, outbox, answers: None, from: 0 });
        // Where somebody is has to be known here at once: who asks over HTTP comes right behind.
        self.attendance.enters(user);
        *self.of_user.entry(user).or_default() += 1;
        self.metrics.seats.inc();
    }

    pub(super) fn unseat(&mut self, conn: ConnId) {
        let Some(index) = self.by_conn.remove(&conn) else { return };
        let left = self.seated.swap_remove(index);
        if let Some(moved) = self.seated.get(index) {
            self.by_conn.insert(moved.conn, index);
        }
        if let Some(seats) = self.of_user.get_mut(&left.user) {
            *seats -= 1;
            if *seats == 0 {
                self.of_user.remove(&left.user);
                self.attendance.leaves(left.user);
            }
        }
        self.metrics.seats.dec();
    }

    pub(super) fn forget(&mut self, conn: ConnId) {
        self.known.remove(&conn);
        self.unseat(conn);
    }

    /// Frames for one connection: at once, or in front of the run that follows.
    pub(super) fn say(&mut self, conn: ConnId, frames: &Bytes, with_run: bool) {
        if with_run && let Some(index) = self.by_conn.get(&conn) {
            self.seated[*index].answers.get_or_insert_default().extend_from_slice(frames);
        } else if let Some(known) = self.known.get(&conn) {
            known.outbox.send(frames);
        }
    }

    /// Writes a run to everybody; who turns out to be gone is returned.
    pub(super) fn show(&mut self, run: &Bytes, apart: &[(ConnId, usize)]) -> Vec<ConnId> {
        for (conn, from) in apart {
            if let Some(index) = self.by_conn.get(conn) {
                self.seated[*index].from = (*from).min(run.len());
            }
        }
        let mut gone = Vec::new();
        for seat in &mut self.seated {
            let from = std::mem::take(&mut seat.from);
            let sent = match seat.answers.take() {
                None if from == 0 => seat.outbox.send(run),
                None if from == run.len() => continue,
                None => seat.outbox.send(&run.slice(from..)),
                Some(mut answers) => {
                    answers.extend_from_slice(&run[from..]);
                    seat.outbox.send(&answers.freeze())
                }
            };
            if sent == Sent::Gone {
                gone.push(seat.conn);
            }
        }
        self.metrics.deliveries.inc_by(self.seated.len() as u64);
        gone
    }

    pub(super) fn offer(&self, frames: &Bytes) {
        for seat in &self.seated {
            seat.outbox.offer(frames);
        }
    }

    /// All who are seated, to be seated elsewhere.
    pub(super) fn take_members(&mut self) -> Vec<Member> {
        let seated = self.seated.iter().filter_map(|seat| {
            let Known { outbox, user, guest } = self.known.get(&seat.conn)?;
            Some(Member { conn: seat.conn, user: user.clone(), guest: *guest, way: outbox.clone().into() })
        });
        seated.collect()
    }

    /// Has one connection come back.
    pub(super) fn close_one(&self, conn: ConnId) {
        if let Some(Known { outbox, .. }) = self.known.get(&conn) {
            outbox.close(CloseCode::Restart, STARTS_ANEW);
        }
    }

    pub(super) fn close(&self, code: CloseCode, reason: &'static str) {
        for seat in &self.seated {
            seat.outbox.close(code, reason);
        }
    }
}

impl Drop for Seats {
    fn drop(&mut self) {
        self.metrics.seats.dec_by(i64::try_from(self.seated.len()).unwrap_or(0));
    }
}
