//! A client behind a slow line that breaks now and then.

use std::collections::{BTreeMap, VecDeque};
use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use octave::stage::handle::ConnId;
use octave::stage::{Member, Request, StageHandle};
use octave::wire::Outbox;
use octave_client::{Mirror, frame};
use octave_protocol::client::{self, ControlAction, QueueAction, Resume};
use octave_protocol::model::User;
use octave_protocol::{ClientFrame, EntryId, Seq, ServerFrame, SongId, StageId};
use tokio::time::Instant;

use crate::dice::Dice;

pub(crate) const STAGE: StageId = StageId(7);

pub(crate) struct Client {
    pub user: Arc<User>,
    pub mirror: Option<Mirror>,
    /// All that was ever said to it.
    pub lines: BTreeMap<Seq, String>,
    handle: StageHandle,
    dice: Dice,
    /// Of one way, in milliseconds, before jitter.
    delay: u64,
    line: Option<Line>,
    requests: i64,
    began: Instant,
}

/// One connection: what is on its way, in both directions, in order.
struct Line {
    conn: ConnId,
    outbox: Arc<Outbox>,
    up: VecDeque<(Instant, Request)>,
    down: VecDeque<(Instant, Bytes)>,
}

impl Client {
    pub(crate) fn new(user: Arc<User>, handle: StageHandle, seed: u64) -> Self {
        let mut dice = Dice(seed);
        let delay = 1 + dice.below(80);
        Self {
            user,
            mirror: None,
            lines: BTreeMap::new(),
            handle,
            dice,
            delay,
            line: None,
            requests: 0,
            began: Instant::now(),
        }
    }

    pub(crate) fn is_connected(&self) -> bool {
        self.line.is_some()
    }

    pub(crate) fn connect(&mut self, conn: ConnId) {
        let outbox = Arc::new(Outbox::queued());
        self.line = Some(Line { conn, outbox: outbox.clone(), up: VecDeque::new(), down: VecDeque::new() });
        let member = Member { conn, user: self.user.clone(), guest: None, way: outbox.into() };
        let resume = self.mirror.as_ref().map(|mirror| Resume { epoch: mirror.epoch, seq: mirror.seq });
        self.ask(|_, re| Request::Join { member, re, resume, invite: None });
    }

    /// What is on its way is lost; the server learns of it.
    pub(crate) fn cut(&mut self) {
        if let Some(line) = self.line.take() {
            self.handle.send(Request::Gone { conn: line.conn }).unwrap();
        }
    }

    /// Does something, maybe.
    pub(crate) fn act(&mut self) {
        let nth = self.requests;
        match self.dice.below(12) {
            0..=4 => {
                let text = format!("{} {nth}", self.user.username);
                self.sends(|id| {
                    ClientFrame::Chat(client::Chat {
                        id,
                        stage: STAGE,
                        text,
                        nonce: Some(format!("n{nth}")),
                        reply_to: None,
                    })
                });
            }
            5 => {
                let song = SongId(1 + self.dice.below(3).cast_signed());
                self.queue(QueueAction::Add, Some(song), None, None);
            }
            6 => {
                let (entry, position) = (self.some_entry(), self.dice.below(4));
                self.queue(QueueAction::Move, None, entry, u32::try_from(position).ok());
            }
            7 => {
                let entry = self.some_entry();
                self.queue(QueueAction::Remove, None, entry, None);
            }
            8 if self.dice.one_in(4) => self.queue(QueueAction::Shuffle, None, None, None),
            9 => {
                let actions = [ControlAction::Play, ControlAction::Pause, ControlAction::Skip, ControlAction::Previous];
                let action = actions[usize::try_from(self.dice.below(4)).unwrap()];
                self.control(action);
            }
            10 => self.sends(|_| ClientFrame::Typing(client::Typing { stage: STAGE })),
            _ => self.sends(|id| ClientFrame::SkipVote(client::SkipVote { id, stage: STAGE })),
        }
    }

    pub(crate) fn control(&mut self, action: ControlAction) {
        self.sends(|id| ClientFrame::Control(client::Control::new(id, STAGE, action)));
    }

    /// Carries what is due in both directions. `log` gets every frame that arrives.
    pub(crate) fn carry(&mut self, now: Instant, log: &mut String) {
        let jitter = self.dice.below(1 + self.delay / 4);
        let arrives = now + Duration::from_millis(self.delay + jitter);
        let Some(line) = &mut self.line else { return };
        let last = line.down.back().map_or(now, |(at, _)| *at);
        line.down.extend(line.outbox.take_backlog().into_iter().map(|run| (arrives.max(last), run)));
        while line.up.front().is_some_and(|(at, _)| *at <= now) {
            let (_, request) = line.up.pop_front().unwrap();
            self.handle.send(request).unwrap();
        }
        let mut arrived = Vec::new();
        while line.down.front().is_some_and(|(at, _)| *at <= now) {
            arrived.extend(frames(&line.down.pop_front().unwrap().1));
        }
        for frame in arrived {
            let at = (now - self.began).as_millis();
            writeln!(log, "{at} {}: {}", self.user.username, serde_json::to_string(&frame).unwrap()).unwrap();
            self.hear(frame);
        }
    }

    fn hear(&mut self, frame: ServerFrame) {
        match &frame {
            ServerFrame::Joined { snapshot, .. } => {
                self.lines.extend(snapshot.chats.iter().map(|line| (line.seq, line.text.to_string())));
            }
            ServerFrame::Chat { line, .. } => {
                self.lines.insert(line.seq, line.text.to_string());
            }
            ServerFrame::ChatDeleted { chat, .. } => {
                self.lines.insert(*chat, String::new());
            }
            _ => {}
        }
        match (frame, &mut self.mirror) {
            (ServerFrame::Joined { epoch, seq, resumed: true, snapshot, .. }, Some(mirror)) => {
                mirror.resume(epoch, seq, *snapshot);
            }
            (ServerFrame::Joined { epoch, seq, resumed, snapshot, .. }, mirror) => {
                assert!(!resumed, "nothing was there to go on from");
                *mirror = Some(Mirror::new(epoch, seq, *snapshot));
            }
            (frame, Some(mirror)) => mirror.apply(frame).unwrap(),
            (_, None) => {}
        }
    }

    fn some_entry(&mut self) -> Option<EntryId> {
        let known = self.mirror.as_ref().and_then(Mirror::entries).unwrap_or_default();
        let nth = self.dice.below(known.len().max(1) as u64);
        known.get(usize::try_from(nth).unwrap()).copied()
    }

    fn queue(&mut self, action: QueueAction, song: Option<SongId>, entry: Option<EntryId>, position: Option<u32>) {
        self.sends(|id| {
            ClientFrame::Queue(client::Queue { song, entry, position, ..client::Queue::new(id, STAGE, action) })
        });
    }

    fn sends(&mut self, frame: impl FnOnce(i64) -> ClientFrame) {
        self.ask(|conn, id| Request::Frame { conn, frame: frame(id) });
    }

    fn ask(&mut self, request: impl FnOnce(ConnId, i64) -> Request) {
        self.requests += 1;
        let jitter = self.dice.below(1 + self.delay / 4);
        let Some(line) = &mut self.line else { return };
        let now = Instant::now();
        let last = line.up.back().map_or(now, |(at, _)| *at);
        let arrives = now + Duration::from_millis(self.delay + jitter);
        line.up.push_back((arrives.max(last), request(line.conn, self.requests)));
    }
}

fn frames(bytes: &[u8]) -> Vec<ServerFrame> {
    let read = |(opcode, payload)| {
        assert_eq!(opcode, frame::Opcode::Text, "text frames alone");
        serde_json::from_slice(payload).unwrap()
    };
    frame::parse_all(bytes).unwrap().into_iter().map(read).collect()
}
