//! Batches to sockets, and to edges.

use bytes::Bytes;
use tokio::time::Instant;

use super::edges::Edges;
use super::{ConnId, Feed, Way};
use crate::wire::Sent;

impl Feed {
    /// When the present batch has to leave; `more_to_come` if lines behind it are being committed.
    pub(in crate::stage) fn flush_due(&mut self, now: Instant, more_to_come: bool) -> Option<Instant> {
        let waits = !self.batch.is_empty();
        waits.then(|| self.pace.due(now, more_to_come))
    }

    /// When the next batch leaves at the earliest, unless it grows by so many events before.
    pub(in crate::stage) fn slot(&self) -> (Instant, usize) {
        (self.pace.slot(), self.pace.wants())
    }

    /// Writes what is due; who turns out to be gone is returned.
    pub(in crate::stage) fn flush(&mut self, now: Instant, more_to_come: bool) -> Vec<ConnId> {
        if self.flush_due(now, more_to_come).is_none_or(|due| due > now) {
            // Answers that would be followed so soon by the lines themselves leave with them.
            if self.batch.is_empty() || !self.pace.gathers(more_to_come) {
                self.flush_answers();
            }
            return Vec::new();
        }
        let batch = self.batch.split().freeze();
        self.remember(&batch);
        self.answering.clear();
        let mut gone = Vec::new();
        for seat in &mut self.seats {
            let from = std::mem::take(&mut seat.from);
            let outbox = match &seat.way {
                Way::Here(outbox) => outbox,
                Way::Far(edge) => {
                    self.edges.share(edge, seat.conn, seat.answers.take(), from);
                    continue;
                }
            };
            let sent = match seat.answers.take() {
                None if from == 0 => outbox.send(&batch),
                None if from == batch.len() => continue,
                None => outbox.send(&batch.slice(from..)),
                Some(answers) => {
                    let mut answers = answers.bytes;
                    answers.extend_from_slice(&batch[from..]);
                    outbox.send(&answers.freeze())
                }
            };
            if sent == Sent::Gone {
                gone.push(seat.conn);
            }
        }
        self.edges.show(&batch);
        self.pace.left(now, Instant::now(), self.seats.len());
        self.metrics.deliveries.inc_by((self.seats.len() - self.edges.seats()) as u64);
        gone
    }

    /// Writes all that waits, paced or not.
    pub(in crate::stage) fn flush_all(&mut self, now: Instant) {
        self.pace.hurry();
        self.flush(now, false);
    }

    /// Empties the stage.
    pub(in crate::stage) fn leave_all(&mut self) {
        self.metrics.seats.dec_by(i64::try_from(self.seats.len() - self.edges.seats()).unwrap_or(0));
        self.edges.end();
        self.seats.clear();
        self.by_conn.clear();
        self.outside.clear();
    }

    /// Sends to those who keep up; nothing waits on behalf of it.
    pub(in crate::stage) fn offer(&self, frames: &Bytes) {
        for seat in &self.seats {
            if let Way::Here(outbox) = &seat.way {
                outbox.offer(frames);
            }
        }
        self.edges.offer(frames);
    }

    pub(in crate::stage) fn flush_answers(&mut self) {
        for conn in self.answering.drain(..) {
            let Some(seat) = self.by_conn.get(&conn).map(|i| &mut self.seats[*i]) else { continue };
            let Some(answers) = seat.answers.take() else { continue };
            match &seat.way {
                Way::Here(outbox) => {
                    outbox.send(&answers.bytes.freeze());
                }
                Way::Far(edge) => Edges::say(edge, conn, &answers),
            }
        }
    }

    fn remember(&mut self, batch: &Bytes) {
        for (start, end) in self.marks.drain(..) {
            self.ring.push(batch.slice(start..end));
        }
    }
}
