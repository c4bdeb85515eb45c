//! Somebody who comes, talks, loses the connection, comes back, and says again what was not acknowledged.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use octave::stage::handle::ConnId;
use octave::stage::registry::NoStage;
use octave::stage::{Member, Registry, Request, StageHandle};
use octave::wire::Outbox;
use octave_client::{Mirror, frame};
use octave_protocol::client::{self, ControlAction, QueueAction, Resume};
use octave_protocol::model::User;
use octave_protocol::server::RemovedReason;
use octave_protocol::{ClientFrame, ErrorCode, ServerFrame, SongId, StageId};
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::ledger::Ledger;
use crate::dice::Dice;

/// Longer than any trouble lasts.
const PATIENCE: Duration = Duration::from_mins(1);

pub(crate) struct Visitor {
    pub(crate) user: Arc<User>,
    pub(crate) dice: Dice,
    seat: Option<Seat>,
    knocking: Option<Knocking>,
    pub(crate) mirrors: BTreeMap<StageId, Mirror>,
    /// What is to be said and added until it is confirmed.
    owed: Vec<Owed>,
    requests: i64,
    pub(crate) happened: Vec<&'static str>,
}

struct Knocking {
    stage: StageId,
    since: Instant,
    answer: JoinHandle<Result<StageHandle, NoStage>>,
}

struct Seat {
    stage: StageId,
    conn: ConnId,
    outbox: Arc<Outbox>,
    handle: StageHandle,
    is_in: bool,
    asked: BTreeMap<i64, (Asked, Instant)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Asked {
    Join,
    Leave,
    Owed(Owed),
    Other,
}

/// Under a nonce of its own, as often as it takes.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Owed {
    Line(StageId, String),
    Song(StageId, SongId),
}

impl Owed {
    fn stage(&self) -> StageId {
        let (Self::Line(stage, _) | Self::Song(stage, _)) = self;
        *stage
    }

    fn frame(&self, id: i64) -> ClientFrame {
        match self.clone() {
            Self::Line(stage, text) => {
                let nonce = Some(text.clone());
                ClientFrame::Chat(client::Chat { id, stage, text, nonce, reply_to: None })
            }
            Self::Song(stage, song) => {
                let nonce = Some(format!("song {song}"));
                ClientFrame::Queue(client::Queue {
                    song: Some(song),
                    nonce,
                    ..client::Queue::new(id, stage, QueueAction::Add)
                })
            }
        }
    }
}

impl Visitor {
    pub(crate) fn new(user: Arc<User>, seed: u64) -> Self {
        let (mirrors, owed, happened) = (BTreeMap::new(), Vec::new(), Vec::new());
        Self { user, dice: Dice(seed), seat: None, knocking: None, mirrors, owed, requests: 0, happened }
    }

    pub(crate) fn stage(&self) -> Option<StageId> {
        self.seat.as_ref().filter(|seat| seat.is_in).map(|seat| seat.stage)
    }

    pub(crate) fn is_away(&self) -> bool {
        self.seat.is_none() && self.knocking.is_none()
    }

    /// Has a seat, and nothing that is not confirmed for it.
    pub(crate) fn is_content(&self) -> bool {
        self.seat.as_ref().is_some_and(|seat| {
            seat.is_in && seat.asked.is_empty() && !self.owed.iter().any(|owed| owed.stage() == seat.stage)
        })
    }

    /// Looks the stage up, as a connection does.
    pub(crate) fn knock(&mut self, registry: &Arc<Registry>, stage: StageId) {
        let registry = registry.clone();
        let answer = tokio::spawn(async move { registry.find(stage).await });
        self.knocking = Some(Knocking { stage, since: Instant::now(), answer });
    }

    /// Goes in when it has been found.
    pub(crate) async fn enter(&mut self, conn: ConnId, ledger: &mut Ledger) {
        let Some(knocking) = &self.knocking else { return };
        if !knocking.answer.is_finished() {
            if knocking.since.elapsed() > PATIENCE {
                ledger.wrong(format!("{} waits at the door of {}", self.user.username, knocking.stage));
                self.knocking = None;
            }
            return;
        }
        let Some(Knocking { stage, answer, .. }) = self.knocking.take() else { return };
        match answer.await.unwrap() {
            Ok(handle) => self.join(stage, conn, handle),
            Err(NoStage::NotFound) => self.forget(stage),
            Err(NoStage::Unavailable | NoStage::Full) => {}
        }
    }

    fn join(&mut self, stage: StageId, conn: ConnId, handle: StageHandle) {
        let outbox = Arc::new(Outbox::queued());
        let member = Member { conn, user: self.user.clone(), guest: None, way: outbox.clone().into() };
        let resume = self.mirrors.get(&stage).map(|mirror| Resume { epoch: mirror.epoch, seq: mirror.seq });
        self.seat = Some(Seat { stage, conn, outbox, handle, is_in: false, asked: BTreeMap::new() });
        self.ask(Asked::Join, |_, re| Request::Join { member, re, resume, invite: None });
    }

    /// The connection breaks; the server learns of it, unless it is gone itself.
    pub(crate) fn cut(&mut self) {
        if let Some(seat) = self.seat.take() {
            drop(seat.handle.send(Request::Gone { conn: seat.conn }));
        }
    }

    /// The process is gone, and every connection with it.
    pub(crate) fn orphaned(&mut self) {
        (self.seat, self.knocking) = (None, None);
    }

    pub(crate) fn leave(&mut self) {
        self.ask(Asked::Leave, |conn, re| Request::Leave { conn, re });
    }

    /// Does something, maybe. `song` is one that nobody has added yet.
    pub(crate) fn act(&mut self, song: &mut i64) {
        let Some(stage) = self.stage() else { return };
        match self.dice.below(10) {
            0..=4 => {
                let text = format!("{} {}", self.user.username, self.requests);
                self.owes(Owed::Line(stage, text));
            }
            5 | 6 => {
                *song += 1;
                self.owes(Owed::Song(stage, SongId(*song)));
            }
            7 => {
                let actions = [ControlAction::Play, ControlAction::Pause, ControlAction::Skip];
                let action = actions[usize::try_from(self.dice.below(3)).unwrap()];
                self.frame(Asked::Other, |id| ClientFrame::Control(client::Control::new(id, stage, action)));
            }
            8 => self.repeat(),
            _ => self.frame(Asked::Other, |id| ClientFrame::SkipVote(client::SkipVote { id, stage })),
        }
    }

    fn owes(&mut self, owed: Owed) {
        // Now and then twice at once.
        for _ in 0..=u8::from(self.dice.one_in(8)) {
            self.frame(Asked::Owed(owed.clone()), |id| owed.frame(id));
        }
        self.owed.push(owed);
    }

    /// Asks again for what was not confirmed.
    pub(crate) fn repeat(&mut self) {
        let Some(seat) = &self.seat else { return };
        let waits = |owed: &Owed| seat.asked.values().any(|(asked, _)| *asked == Asked::Owed(owed.clone()));
        let again: Vec<Owed> = self.owed.iter().filter(|o| o.stage() == seat.stage && !waits(o)).cloned().collect();
        for owed in again {
            self.happened.push("something is asked again");
            self.frame(Asked::Owed(owed.clone()), |id| owed.frame(id));
        }
    }

    fn frame(&mut self, asked: Asked, frame: impl FnOnce(i64) -> ClientFrame) {
        self.ask(asked, |conn, id| Request::Frame { conn, frame: frame(id) });
    }

    fn ask(&mut self, asked: Asked, request: impl FnOnce(ConnId, i64) -> Request) {
        self.requests += 1;
        let Some(seat) = &mut self.seat else { return };
        if seat.handle.send(request(seat.conn, self.requests)).is_err() {
            // The stage has just stopped: it is looked up again.
            self.seat = None;
            return;
        }
        seat.asked.insert(self.requests, (asked, Instant::now()));
    }

    /// Reads what has come. `log` gets every frame.
    pub(crate) fn hear(&mut self, ledger: &mut Ledger, log: &mut Vec<String>) {
        let Some(seat) = &self.seat else { return };
        let (outbox, stage) = (seat.outbox.clone(), seat.stage);
        for (opcode, payload) in outbox.take_backlog().iter().flat_map(|run| frame::parse_all(run).unwrap()) {
            let who = &self.user.username;
            if opcode != frame::Opcode::Text {
                log.push(format!("{who}: {opcode:?}"));
                continue;
            }
            log.push(format!("{who}: {}", String::from_utf8_lossy(payload)));
            self.hear_frame(stage, serde_json::from_slice(payload).unwrap(), ledger);
            // Who has left reads no further.
            if self.seat.is_none() {
                return;
            }
        }
        if outbox.is_gone() {
            self.cut();
        }
        let Some(seat) = &mut self.seat else { return };
        let late: Vec<_> = seat.asked.extract_if(.., |_, (_, at)| at.elapsed() > PATIENCE).collect();
        for (id, (asked, _)) in late {
            ledger.wrong(format!("{} still waits for {asked:?} ({id}) in {stage}", self.user.username));
        }
    }

    fn hear_frame(&mut self, stage: StageId, frame: ServerFrame, ledger: &mut Ledger) {
        ledger.shown(stage, &frame);
        match frame {
            ServerFrame::Joined { re, epoch, seq, resumed, snapshot, .. } => {
                self.answered(re, ledger);
                for line in &snapshot.chats {
                    ledger.shown(stage, &ServerFrame::Chat { stage, line: line.clone() });
                }
                self.joined(stage, Mirror::new(epoch, seq, *snapshot.clone()), resumed, ledger);
                if resumed && let Some(mirror) = self.mirrors.get_mut(&stage) {
                    mirror.resume(epoch, seq, *snapshot);
                }
                self.repeat();
            }
            ServerFrame::Ack { re, seq, .. } => {
                if let Some(Asked::Owed(Owed::Line(stage, text))) = self.answered(re, ledger) {
                    ledger.acknowledged(stage, &text, seq);
                    self.owed.retain(|owed| *owed != Owed::Line(stage, text.clone()));
                }
            }
            ServerFrame::Ok { re, .. } => match self.answered(re, ledger) {
                Some(Asked::Owed(Owed::Song(stage, song))) => {
                    ledger.added(stage, song);
                    self.owed.retain(|owed| *owed != Owed::Song(stage, song));
                }
                // What is still owed is asked for again when they are back.
                Some(Asked::Leave) => self.seat = None,
                _ => {}
            },
            ServerFrame::Error { re: Some(re), code, .. } => self.refused(re, code, ledger),
            ServerFrame::Removed { reason: RemovedReason::StageEnded, .. } => {
                self.seat = None;
                self.forget(stage);
            }
            frame => {
                if let Some(Err(fault)) = self.mirrors.get_mut(&stage).map(|mirror| mirror.apply(frame)) {
                    ledger.wrong(format!("{} in {stage}: {fault:?}", self.user.username));
                }
            }
        }
    }

    fn joined(&mut self, stage: StageId, fresh: Mirror, resumed: bool, ledger: &mut Ledger) {
        if let Some(seat) = &mut self.seat {
            seat.is_in = true;
        }
        let before = self.mirrors.get(&stage);
        let what = match (before, resumed) {
            (None, true) => return ledger.wrong(format!("{} resumes what it never saw", self.user.username)),
            (None, false) => "somebody comes for the first time",
            (Some(_), false) => "somebody begins anew",
            (Some(before), true) if before.epoch == fresh.epoch => "somebody resumes",
            (Some(_), true) => "somebody resumes over a restart",
        };
        self.happened.push(what);
        if !resumed {
            self.mirrors.insert(stage, fresh);
        }
    }

    /// What was asked; each request is answered once.
    fn answered(&mut self, re: i64, ledger: &mut Ledger) -> Option<Asked> {
        let asked = self.seat.as_mut().and_then(|seat| seat.asked.remove(&re)).map(|(asked, _)| asked);
        if asked.is_none() {
            ledger.wrong(format!("{} is answered {re}, which it did not ask or has been answered", self.user.username));
        }
        asked
    }

    fn refused(&mut self, re: i64, code: ErrorCode, ledger: &mut Ledger) {
        let asked = self.answered(re, ledger);
        match code {
            ErrorCode::StageNotFound | ErrorCode::StageEnded => {
                let stage = self.seat.take().map(|seat| seat.stage);
                if let Some(stage) = stage {
                    self.forget(stage);
                }
            }
            // Not let in: once more, later.
            _ if asked == Some(Asked::Join) => self.cut(),
            _ => {}
        }
    }

    /// The stage has ended.
    fn forget(&mut self, stage: StageId) {
        self.mirrors.remove(&stage);
        self.owed.retain(|owed| owed.stage() != stage);
    }
}
