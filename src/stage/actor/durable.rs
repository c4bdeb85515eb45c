//! Durable before visible.
//!
//! One job of the stage's is under way at a time. Chat lines are decided when they come, and all that gathered while
//! the job before was committed go together. Commands that change durable state are decided one per job, when no job is
//! under way, so always on state that is settled. What a job holds is applied, acknowledged and shown when its commit
//! is known; if it fails, its makers are told and nothing has happened.

mod apart;
mod owed;
mod own;
mod pending;
mod storage_health;
mod unsaved;

use std::borrow::Cow;
use std::collections::VecDeque;

use octave_protocol::client::RequestId;
use octave_protocol::{ErrorCode, Instant, Seq, ServerFrame};
use tokio::sync::oneshot;

use apart::Load;
pub(super) use pending::PendingCommand;
pub(super) use storage_health::StorageHealth;
pub(super) use unsaved::Unsaved;

use super::{Actor, Asker};
use crate::stage::core::{Basis, Decided, Durable, Immediate, Line};
use crate::stage::feed::chat_line;
use crate::stage::handle::ConnId;
use crate::stage::journal::Outcome;
use crate::stage::limits::{
    CAME_TOGETHER, CHATS_PER_JOB, COMMIT_IS_SLOW, MANY_EVENTS, SEQ_BLOCK, WAITING_BYTES, WAITING_CHATS,
};
use crate::stage::records;
use crate::stage::storage::{Answered, Change, LogRow, Placed, Work};

/// What waits for the next job.
#[derive(Debug, Default)]
pub(super) struct NextJob {
    chats: VecDeque<Spoken>,
    commands: Vec<Prepared>,
    /// What was refused together and is tried in parts, before anything else.
    apart: VecDeque<Load>,
    /// Somebody may be here whom the host has blocked.
    pub(super) shuts_out: bool,
    /// What waits in the queue may stand otherwise than the stage wants it.
    pub(super) arranges: bool,
    /// Of the lines and of what they are changed to.
    bytes: usize,
}

/// A line that was decided.
#[derive(Debug)]
struct Spoken {
    conn: ConnId,
    re: RequestId,
    line: Line,
}

impl Spoken {
    fn asker(self) -> Asker {
        Asker::Socket { conn: self.conn, re: self.re }
    }
}

/// A command that was decided, with its rows.
#[derive(Debug)]
struct Prepared {
    asker: Asker,
    answered: Option<Answered>,
    weight: usize,
    events: Vec<Durable>,
    changes: Vec<Change>,
    log: Vec<LogRow>,
}

/// The job that is being committed.
#[derive(Debug)]
pub(super) struct InFlight {
    outcome: oneshot::Receiver<Outcome>,
    since: Instant,
    load: Load,
    limit: Option<Seq>,
}

/// What became of the job that is under way; never ready while there is none.
pub(super) async fn outcome_of(in_flight: &mut Option<InFlight>) -> Result<Outcome, oneshot::error::RecvError> {
    match in_flight {
        Some(job) => (&mut job.outcome).await,
        None => std::future::pending().await,
    }
}

/// Deciding.
impl Actor {
    pub(super) fn say(&mut self, conn: ConnId, re: RequestId, line: Line) {
        let bytes = self.next_job.bytes + line.text.len();
        if self.next_job.chats.len() >= WAITING_CHATS || bytes > WAITING_BYTES {
            return self.busy(Asker::Socket { conn, re });
        }
        self.next_job.bytes = bytes;
        self.next_job.chats.push_back(Spoken { conn, re, line });
    }

    /// Decides a command now, or puts it behind the change before it.
    pub(super) fn submit(&mut self, pending: PendingCommand) {
        if self.has_to_wait(pending.command.basis(), &pending.asker) {
            return self.put_behind(pending);
        }
        self.decide(pending, self.now());
    }

    fn has_to_wait(&self, basis: Basis, asker: &Asker) -> bool {
        let whole = self.stage.queue().is_whole();
        match basis {
            Basis::Present => false,
            Basis::WholeQueue => !whole,
            Basis::OwnChanges => !whole || self.has_change_of(asker),
            Basis::Settled => true,
        }
    }

    /// Decides waiting commands until one of them changes something.
    fn decide_next(&mut self, now: Instant) {
        let decided = self.next_job.commands.len();
        while self.next_job.commands.len() == decided
            && let Some(next) = self.waiting.pop_front()
        {
            if next.command.line().is_some_and(|chat| self.is_being_deleted(chat)) {
                return self.waiting.push_front(next);
            }
            self.decide(next, now);
        }
    }

    pub(super) fn decide(&mut self, pending: PendingCommand, now: Instant) {
        let Some(PendingCommand { who, asker, command, nonce }) = self.unless_answered(pending) else { return };
        if self.owes_enough_to(&asker) {
            return self.busy(asker);
        }
        let weight = command.weight();
        let answered = |queue_rev| nonce.map(|nonce| Answered { user: who, nonce, queue_rev, at: now });
        match self.stage.decide(who, command, now) {
            Ok(Decided::Durable(events)) if events.is_empty() => {
                let queue_rev = Some(self.stage.queue().rev());
                self.answer_once_saved(asker, queue_rev, answered(queue_rev));
            }
            Ok(Decided::Durable(events)) => {
                let changes = events.iter().filter(|e| matches!(e, Durable::Queue(_)));
                let rev = changes.fold(self.stage.queue().rev(), |rev, _| rev.next());
                let answered = answered(Some(rev));
                self.prepare(asker, answered, weight, events, now);
            }
            Ok(Decided::Immediate(events)) => {
                self.apply_all(&events, now);
                let steered = events.iter().any(|e| matches!(e, Immediate::Timeline { .. }));
                match answered(None) {
                    None if !steered => self.answer_ok(asker),
                    answered => self.answer_once_saved(asker, None, answered),
                }
            }
            Err(refusal) => self.refuse(asker, refusal),
        }
    }

    fn prepare(&mut self, asker: Asker, answered: Option<Answered>, weight: usize, events: Vec<Durable>, now: Instant) {
        let (mut changes, mut log) = (Vec::new(), Vec::new());
        // Of several changes of the queue each is of what the one before has left.
        let mut before = Cow::Borrowed(&self.stage);
        for (n, event) in events.iter().enumerate() {
            changes.extend(records::changes(&before, event, now));
            log.extend(records::log(&before, event, now));
            if matches!(event, Durable::Queue(_)) && events[n + 1..].iter().any(|e| matches!(e, Durable::Queue(_))) {
                before.to_mut().evolve(event);
            }
        }
        self.next_job.bytes += weight;
        self.next_job.commands.push(Prepared { asker, answered, weight, events, changes, log });
    }
}

/// Committing.
impl Actor {
    pub(super) fn has_work(&self) -> bool {
        !self.next_job.chats.is_empty()
            || !self.next_job.commands.is_empty()
            || !self.next_job.apart.is_empty()
            || !self.waiting.is_empty()
            || !self.unsaved.is_empty()
            || self.next_job.shuts_out
            || self.next_job.arranges
    }

    /// Whether lines are being committed.
    pub(super) fn more_to_come(&self) -> bool {
        self.in_flight.as_ref().is_some_and(|job| !job.load.chats.is_empty())
    }

    /// Hands the journal what has gathered, unless a job is under way.
    pub(super) fn hand_over(&mut self, now: Instant) {
        if self.in_flight.is_some() {
            return;
        }
        if self.storage.is_unsure() {
            return self.look_after_storage(now);
        }
        if !self.next_job.apart.is_empty() {
            return self.send_job(now, None);
        }
        self.shut_out(now);
        if self.stage.queue().is_whole() && !self.arrange(now) {
            self.decide_next(now);
        }
        let spoken = !self.next_job.chats.is_empty() && self.gathers_until().is_none();
        let asked = spoken || !self.next_job.commands.is_empty() || self.unsaved.is_awaited();
        let limit = self.feed.wants_limit(SEQ_BLOCK);
        let unsaved = self.unsaved.due().is_some_and(|due| due <= now);
        let behind = (unsaved || limit.is_some()) && self.storage.may_retry(now);
        if asked || behind {
            self.send_job(now, limit);
        }
    }

    /// Until when lines gather here before they are handed over: their batch would not leave earlier, and so one commit
    /// serves them all.
    pub(super) fn gathers_until(&self) -> Option<tokio::time::Instant> {
        let (first, last) = (self.next_job.chats.front()?, self.next_job.chats.back()?);
        if self.in_flight.is_some() {
            return None;
        }
        let count = self.next_job.chats.len();
        let together = (last.line.at - first.line.at).to_std() < CAME_TOGETHER;
        let (slot, wanted) = self.feed.slot();
        let until = slot.checked_sub(self.commit_takes)?;
        let enough = count >= MANY_EVENTS || (count >= wanted && together);
        (!enough && tokio::time::Instant::now() < until).then_some(until)
    }

    fn send_job(&mut self, now: Instant, limit: Option<Seq>) {
        let load = self.next_job.apart.pop_front().unwrap_or_else(|| {
            let count = self.next_job.chats.len().min(CHATS_PER_JOB);
            let load = Load {
                chats: self.next_job.chats.drain(..count).collect(),
                commands: std::mem::take(&mut self.next_job.commands),
                unsaved: std::mem::take(&mut self.unsaved),
            };
            self.next_job.bytes = self.next_job.bytes.saturating_sub(load.weight());
            load
        });
        let mut work = Work::new(self.id, self.feed.epoch(), self.feed.next());
        load.put_into(&mut work, &self.stage);
        let numbers = load.numbers();
        if numbers > 0 {
            self.feed.reserve();
        }
        // The numbers of the job and the block behind them are reserved by the very transaction that uses them.
        let first = self.feed.next().0;
        let limit = if self.feed.has_numbers(numbers) { limit } else { Some(Seq(first + SEQ_BLOCK * 2)) };
        work.limit = limit;
        let outcome = self.world.journal.submit(work);
        self.in_flight = Some(InFlight { outcome, since: now, load, limit });
    }

    pub(super) fn committed(&mut self, outcome: Outcome) {
        let Some(job) = self.in_flight.take() else { return };
        let took = (self.now() - job.since).to_std();
        self.commit_takes = (self.commit_takes * 3 + took) / 4;
        match outcome {
            Ok(placed) => {
                self.storage = StorageHealth::Good;
                self.feed.extend_limit(job.limit.unwrap_or_default());
                let mut unsaved = job.load.unsaved;
                for owed in unsaved.take_owed() {
                    self.answer(owed);
                }
                for (spoken, placed) in job.load.chats.into_iter().zip(placed) {
                    self.spoken(spoken, placed);
                }
                for command in job.load.commands {
                    self.done(command);
                }
                self.feed.release();
            }
            Err(fault) => self.failed(job, &fault),
        }
    }

    fn spoken(&mut self, spoken: Spoken, placed: Placed) {
        let Spoken { conn, re, line } = spoken;
        let stage = self.id;
        let (seq, at_us) = match placed {
            Placed::Before { seq, at } => {
                if let Some(nonce) = line.nonce {
                    self.chats.remember(line.from.id, nonce, seq, at);
                }
                (seq, at)
            }
            Placed::Fresh(seq) => {
                let at = line.at;
                let said = chat_line(&line, seq);
                self.chats.said(said.clone());
                self.snapshots.outdate_chats();
                self.feed.show(ServerFrame::Chat { stage, line: said });
                self.world.metrics.chats_acknowledged.inc();
                (seq, at)
            }
        };
        self.feed.answer(conn, &ServerFrame::Ack { re, stage, seq, at_us });
    }

    fn done(&mut self, command: Prepared) {
        let Prepared { asker, answered, events, .. } = command;
        let now = self.now();
        for event in &events {
            self.apply(event, now);
        }
        if let Some(Answered { user, nonce, queue_rev, .. }) = answered {
            self.answered.remember(user, nonce, queue_rev);
        }
        let of_lines = |e: &Durable| matches!(e, Durable::ChatEdited { .. } | Durable::ChatDeleted { .. });
        let tells_rev = !events.iter().all(|e| of_lines(e) || matches!(e, Durable::Ended { .. }));
        if tells_rev { self.answer_queue(asker) } else { self.answer_ok(asker) }
    }

    /// When what is saved behind the events has to be, if nothing else brings a commit before, or when storage is asked
    /// again whether it answers.
    pub(super) fn save_at(&self) -> Option<Instant> {
        let presses = self.next_job.shuts_out || self.next_job.arranges || self.feed.wants_limit(SEQ_BLOCK).is_some();
        let due = if presses { Some(Instant(0)) } else { self.unsaved.due() };
        match self.storage {
            _ if self.in_flight.is_some() => None,
            StorageHealth::Good => due,
            StorageHealth::Failed { retry_at } => due.map(|due| due.max(retry_at)),
            StorageHealth::Unsure { ask_at } => Some(ask_at),
            StorageHealth::Asking | StorageHealth::Resolved => None,
        }
    }

    /// When a held timeline can't wait for the disk any longer.
    pub(super) fn hurry_at(&self) -> Option<Instant> {
        let slow = octave_protocol::Duration::from(COMMIT_IS_SLOW);
        let since = self.in_flight.as_ref().map_or(Instant(0), |f| f.since + slow);
        self.feed.has_late().then_some(since)
    }

    pub(super) fn hurry(&mut self, now: Instant) {
        if self.hurry_at().is_some_and(|at| at <= now) {
            self.feed.show_early();
        }
    }
}

/// Closing.
impl Actor {
    /// Lets the job that is under way finish.
    pub(super) async fn wait_for_commit(&mut self) {
        if let Some(job) = &mut self.in_flight {
            let outcome = (&mut job.outcome).await;
            let gone = crate::stage::storage::Fault::Unavailable("the journal has ended".into());
            self.committed(outcome.unwrap_or(Err(gone)));
        }
    }

    /// Tells those whose requests will not be done.
    pub(super) fn abandon_waiting(&mut self) {
        for asker in self.give_up_waiting() {
            self.refuse_with(asker, ErrorCode::Busy, "the stage stops", Some(crate::stage::limits::BUSY_RETRY));
        }
    }

    /// All that nobody has begun to commit: its makers, and back with what is saved behind the events.
    fn give_up_waiting(&mut self) -> Vec<Asker> {
        let NextJob { chats, commands, apart, shuts_out, arranges, bytes: _ } = std::mem::take(&mut self.next_job);
        (self.next_job.shuts_out, self.next_job.arranges) = (shuts_out, arranges);
        let mut askers: Vec<Asker> = apart.into_iter().rev().flat_map(|load| load.give_up(&mut self.unsaved)).collect();
        askers.extend(chats.into_iter().map(Spoken::asker));
        askers.extend(commands.into_iter().map(|d| d.asker));
        askers.extend(std::mem::take(&mut self.waiting).into_iter().map(|d| d.asker));
        askers
    }

    /// Saves what is saved behind the events, in parts if the database refuses the whole.
    pub(super) async fn save_last(&mut self) {
        while !(self.storage.is_unsure() || self.unsaved.is_empty() && self.next_job.apart.is_empty()) {
            let now = self.now();
            self.send_job(now, None);
            self.wait_for_commit().await;
            if !matches!(self.storage, StorageHealth::Good) {
                return;
            }
        }
    }
}
