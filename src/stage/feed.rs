//! Events to listeners: numbers them, encodes them once, and writes them to every seat's outbox.
//!
//! What is shown between two flushes is one *batch* of bytes, and a flush writes it to each member once. A job that is
//! being committed has the next numbers to itself: sequenced events that come meanwhile are *held* and numbered right
//! behind it. When a batch leaves, [`pace`] says.

mod answers;
mod chats;
mod edges;
mod ephemeral;
mod frames;
mod joined;
mod pace;
mod remotes;
mod ring;
#[cfg(test)]
mod tests;
mod writing;

use std::collections::{HashMap, VecDeque};

use bytes::BytesMut;
use octave_protocol::client::Resume;
use octave_protocol::{Epoch, Rev, Seq, ServerFrame, StageId, UserId};
use tokio::time::Instant;

use answers::{Answers, request_of};
pub(super) use chats::Chats;
use edges::Edges;
pub(super) use ephemeral::Ephemeral;
pub(super) use frames::{chat_line, sequenced};
pub(super) use joined::{Snapshots, Standing};
use pace::Pace;
use ring::Ring;

use super::handle::{ConnId, Member, Way};
use super::limits::HELD_EVENTS;
use super::metrics::Metrics;
use crate::bus::NodeId;
use crate::wire::frame;

/// One connection in the stage.
#[derive(Debug)]
struct Seat {
    conn: ConnId,
    user: UserId,
    way: Way,
    /// Where this seat's share of the present batch begins: it has joined behind what stands before.
    from: usize,
    /// Answers to this connection alone, that leave in front of the batch.
    answers: Option<Box<Answers>>,
    /// It steers without sound.
    is_remote: bool,
}

#[derive(Debug)]
pub(super) struct Feed {
    stage: StageId,
    epoch: Epoch,
    /// The number of the next event.
    next: Seq,
    /// Numbers from here on are not reserved yet.
    limit: Seq,
    seats: Vec<Seat>,
    by_conn: HashMap<ConnId, usize>,
    /// Connections that have asked to join and have no seat: not yet, or not any more. They still get their answers.
    outside: HashMap<ConnId, Way>,
    edges: Edges,
    /// Seats with answers that wait for the batch.
    answering: Vec<ConnId>,
    ring: Ring,
    batch: BytesMut,
    /// Where the sequenced frames stand in the batch.
    marks: Vec<(usize, usize)>,
    pace: Pace,
    /// A job that is being committed has the next numbers.
    reserved: bool,
    held: VecDeque<ServerFrame>,
    /// The last timeline that was sent ahead of its number.
    early: Rev,
    metrics: Metrics,
}

/// Numbering.
impl Feed {
    pub(super) fn new(stage: StageId, epoch: Epoch, first: Seq, limit: Seq, metrics: Metrics, now: Instant) -> Self {
        Self {
            stage,
            epoch,
            next: first,
            limit,
            seats: Vec::new(),
            by_conn: HashMap::new(),
            outside: HashMap::new(),
            edges: Edges::default(),
            answering: Vec::new(),
            ring: Ring::starting_at(first),
            batch: BytesMut::new(),
            marks: Vec::new(),
            pace: Pace::new(now),
            reserved: false,
            held: VecDeque::new(),
            early: Rev(0),
            metrics,
        }
    }

    /// The number of the last event that was shown.
    pub(super) fn position(&self) -> Seq {
        Seq(self.next.0 - 1)
    }

    pub(super) fn epoch(&self) -> Epoch {
        self.epoch
    }

    pub(super) fn next(&self) -> Seq {
        self.next
    }

    /// The end of the block to reserve, when half of the present one is used.
    pub(super) fn wants_limit(&self, block: i64) -> Option<Seq> {
        (self.limit.0 - self.next.0 < block / 2).then_some(Seq(self.next.0 + block))
    }

    pub(super) fn extend_limit(&mut self, limit: Seq) {
        self.limit = self.limit.max(limit);
    }

    /// Whether so many numbers can be given.
    pub(super) fn has_numbers(&self, count: usize) -> bool {
        self.next.0 + i64::try_from(count).unwrap_or(i64::MAX / 2) <= self.limit.0
    }

    /// Gives the next numbers to a job that is about to be committed.
    pub(super) fn reserve(&mut self) {
        self.reserved = true;
    }

    /// The job has been shown, or has failed: what was held gets the numbers behind it.
    pub(super) fn release(&mut self) {
        self.reserved = false;
        while self.has_numbers(1)
            && let Some(frame) = self.held.pop_front()
        {
            self.show(frame);
        }
    }

    /// Shows a sequenced event: now, or behind the job that has the next numbers.
    pub(super) fn publish(&mut self, frame: ServerFrame) {
        if self.reserved || !self.held.is_empty() || !self.has_numbers(1) {
            // Statements of the timeline are all that is held, and the last one is the one that counts.
            if self.held.len() >= HELD_EVENTS {
                self.held.pop_front();
            }
            self.held.push_back(frame);
        } else {
            self.show(frame);
        }
    }

    /// Shows the next event of the job that was committed.
    pub(super) fn show(&mut self, mut event: ServerFrame) {
        frames::set_seq(&mut event, self.next);
        self.next = self.next.next();
        if matches!(event, ServerFrame::Timeline { .. }) {
            self.pace.hurry();
        }
        self.pace.grew();
        let start = self.batch.len();
        frame::put_json(&mut self.batch, &event);
        self.marks.push((start, self.batch.len()));
        self.metrics.events_broadcast.inc();
    }

    /// Sends a held timeline ahead of its number, since the disk keeps it waiting.
    pub(super) fn show_early(&mut self) {
        let last = self.held.iter().rev().find_map(|f| match f {
            ServerFrame::Timeline { timeline, .. } if timeline.rev > self.early => Some(timeline.clone()),
            _ => None,
        });
        let Some(timeline) = last else { return };
        self.early = timeline.rev;
        self.pace.hurry();
        frame::put_json(&mut self.batch, &ServerFrame::Timeline { stage: self.stage, seq: None, timeline });
    }

    /// Whether a timeline is held that nobody has been sent.
    pub(super) fn has_late(&self) -> bool {
        matches!(self.held.back(), Some(ServerFrame::Timeline { timeline, .. }) if timeline.rev > self.early)
    }
}

/// Seats.
impl Feed {
    pub(super) fn seats(&self) -> usize {
        self.seats.len()
    }

    /// Whether the connection is in the stage or at its door.
    pub(super) fn knows(&self, conn: ConnId) -> bool {
        self.by_conn.contains_key(&conn) || self.outside.contains_key(&conn)
    }

    pub(super) fn user_at(&self, conn: ConnId) -> Option<UserId> {
        self.by_conn.get(&conn).map(|i| self.seats[*i].user)
    }

    /// Seats a member who has been sent everything up to here.
    pub(super) fn seat(&mut self, member: &Member) {
        let from = self.batch.len();
        if let Some(index) = self.by_conn.get(&member.conn) {
            self.seats[*index].from = from;
            return;
        }
        self.outside.remove(&member.conn);
        self.by_conn.insert(member.conn, self.seats.len());
        let Member { conn, user, way, .. } = member;
        match way.edge() {
            Some(edge) => self.edges.seat(edge, *conn),
            None => {
                self.metrics.seats.inc();
            }
        }
        self.seats.push(Seat { conn: *conn, user: user.id, way: way.clone(), from, answers: None, is_remote: false });
    }

    /// Keeps the way to a connection that is at the door.
    pub(super) fn meet(&mut self, member: &Member) {
        if !self.by_conn.contains_key(&member.conn) {
            self.outside.insert(member.conn, member.way.clone());
        }
    }

    /// Takes the seat away; the connection can still be answered.
    pub(super) fn expel(&mut self, conn: ConnId) {
        if let Some(seat) = self.take_seat(conn) {
            self.outside.insert(conn, seat.way);
        }
    }

    /// Forgets the connection; whose seat it was.
    pub(super) fn forget(&mut self, conn: ConnId) -> Option<UserId> {
        self.outside.remove(&conn);
        self.take_seat(conn).map(|s| s.user)
    }

    /// What was said to the seat before still leaves.
    fn take_seat(&mut self, conn: ConnId) -> Option<Seat> {
        let index = self.by_conn.remove(&conn)?;
        let mut seat = self.seats.swap_remove(index);
        if let Some(moved) = self.seats.get(index) {
            self.by_conn.insert(moved.conn, index);
        }
        let shown = &self.batch[seat.from.min(self.batch.len())..];
        match &seat.way {
            Way::Here(outbox) => {
                let mut last = seat.answers.take().map_or_else(BytesMut::new, |answers| answers.bytes);
                last.extend_from_slice(shown);
                if !last.is_empty() {
                    outbox.send(&last.freeze());
                }
                self.metrics.seats.dec();
            }
            Way::Far(edge) => self.edges.unseat(edge, conn, seat.answers.take(), shown),
        }
        Some(seat)
    }

    pub(super) fn conns_of(&self, user: UserId) -> Vec<ConnId> {
        self.seats.iter().filter(|s| s.user == user).map(|s| s.conn).collect()
    }

    /// Has everybody who is seated come back.
    pub(super) fn restart(&self) {
        self.seats.iter().for_each(|seat| seat.way.restart());
    }

    /// The connections that are thought to be at a node.
    pub(super) fn conns_at(&self, node: NodeId) -> Vec<ConnId> {
        let seated = self.seats.iter().map(|seat| (seat.conn, &seat.way));
        let outside = self.outside.iter().map(|(conn, way)| (*conn, way));
        let there = |way: &Way| way.edge().is_some_and(|edge| edge.node == node);
        seated.chain(outside).filter(|(_, way)| there(way)).map(|(conn, _)| conn).collect()
    }

    /// The frames that somebody has missed who comes back, if they are all still known.
    pub(super) fn missed(&self, resume: Resume) -> Option<Vec<u8>> {
        if resume.epoch != self.epoch || resume.seq > self.position() {
            return None;
        }
        let waiting = self.marks.len();
        let first_waiting = Seq(self.next.0 - i64::try_from(waiting).ok()?);
        let mut missed = Vec::new();
        if resume.seq < Seq(first_waiting.0 - 1) {
            self.ring.after(resume.seq)?.for_each(|f| missed.extend_from_slice(f));
        }
        let skip = usize::try_from(resume.seq.0 - first_waiting.0 + 1).unwrap_or(0);
        for (start, end) in self.marks.iter().skip(skip) {
            missed.extend_from_slice(&self.batch[*start..*end]);
        }
        Some(missed)
    }

    /// An answer to one connection; it leaves with the next batch, in front.
    pub(super) fn answer(&mut self, conn: ConnId, answer: &ServerFrame) {
        if let Some(index) = self.by_conn.get(&conn) {
            let answers = &mut self.seats[*index].answers;
            if answers.is_none() {
                self.answering.push(conn);
            }
            answers.get_or_insert_default().push(answer);
        } else if let Some(way) = self.outside.get(&conn) {
            way.send(conn, request_of(answer), &frame::json(answer));
        }
    }
}

impl Drop for Feed {
    /// A stage that ends in order has emptied itself before. Whoever is still here has been left by one that panicked, or
    /// whose task was aborted: they come back to one that is opened anew.
    fn drop(&mut self) {
        self.restart();
        self.outside.values().for_each(Way::restart);
        self.leave_all();
    }
}
