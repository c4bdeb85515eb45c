//! The edge of a stage: what this node knows of one that runs at another.
//!
//! It stands where the stage's actor would, behind the same mailbox, so that nobody else need know the difference. What
//! its connections ask is passed on; what the owner sends is written to their sockets as it is. An answer that does not
//! come in time is given by the edge ([`requests`]), and is not given twice when it comes after all.

mod asks;
mod requests;
mod seats;

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use octave_protocol::client::RequestId;
use octave_protocol::{CloseCode, ErrorCode, Seq, ServerFrame, StageId};
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::actor::World;
use super::handle::{Ask, ConnId, Joining, Member, Message, Request};
use super::limits::BUSY_RETRY;
use super::relay::line::{Reader, Taken};
use super::relay::{Ending, FromEdge, FromStage, ToEdge, ToStage};
use super::stage_presence::Attendance;
use super::way::Way;
use crate::bus::{Bus, NodeId, To, Topic};
use crate::wire::frame;
use asks::Asks;
use requests::{Asked, Requests};
use seats::Seats;

/// How often the owner is told who is here, so that nobody stays there who has gone.
const ROLL_EVERY: Duration = Duration::from_secs(10);
/// An edge without connections ends after this.
const IDLE: Duration = Duration::from_secs(30);
/// Messages taken in one turn.
const PER_TURN: usize = 1_024;

#[derive(Debug)]
pub(super) struct EdgeActor {
    id: StageId,
    owner: NodeId,
    /// Names this edge among those that this node has of the stage, one after the other.
    tag: u64,
    bus: Bus,
    world: World,
    mailbox: mpsc::Receiver<Message>,
    reader: Reader,
    seats: Seats,
    requests: Requests,
    asks: Asks,
    roll_at: Instant,
    idle_since: Option<Instant>,
    over: Option<Ending>,
    /// Who keeps a seat from another owner's time, until when the new one has to say so.
    carrying: Vec<(Instant, ConnId)>,
}

/// What is left of an edge whose stage has gone to another node.
#[derive(Debug)]
pub(super) struct Left {
    /// Those who keep their seats, and have been shown all up to a number.
    pub(super) members: Vec<Member>,
    pub(super) seq: Seq,
    /// Those who were about to be let in.
    pub(super) joining: Vec<Joining>,
    /// To which the requests of both still come.
    pub(super) mailbox: mpsc::Receiver<Message>,
}

impl EdgeActor {
    pub(super) fn new(id: StageId, owner: NodeId, bus: Bus, world: World, mailbox: mpsc::Receiver<Message>) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let attendance = Attendance::new(id, world.presence.clone());
        let seats = Seats::new(world.metrics.clone(), attendance);
        Self {
            id,
            owner,
            tag: NEXT.fetch_add(1, Ordering::Relaxed),
            bus,
            world,
            mailbox,
            reader: Reader::default(),
            seats,
            requests: Requests::default(),
            asks: Asks::default(),
            roll_at: Instant::now() + ROLL_EVERY,
            idle_since: None,
            over: None,
            carrying: Vec::new(),
        }
    }

    pub(super) fn owner(&self) -> NodeId {
        self.owner
    }

    /// What is left is for whoever looks the stage up next.
    pub(super) async fn run(mut self) -> Option<Left> {
        while self.over.is_none() {
            self.wait().await;
            for _ in 0..PER_TURN {
                let Ok(message) = self.mailbox.try_recv() else { break };
                self.message(message);
            }
            self.look_at_time();
        }
        if let Some(Ending::Moved(seq)) = self.over { Some(self.hand_on(seq)) } else { self.close() }
    }

    async fn wait(&mut self) {
        let idle = self.idle_since.map(|since| since + IDLE);
        let due =
            [Some(self.roll_at), idle, self.requests.due(), self.asks.due(), self.carrying.first().map(|(at, _)| *at)]
                .into_iter()
                .flatten()
                .min();
        let sleep = tokio::time::sleep_until(due.unwrap_or(self.roll_at));
        tokio::select! {
            biased;
            () = self.world.stop.cancelled() => self.over = Some(Ending::Quiet),
            () = self.world.tenure.cancelled() => self.over = Some(Ending::Restart),
            message = self.mailbox.recv() => match message {
                Some(message) => self.message(message),
                None => self.over = Some(Ending::Quiet),
            },
            () = sleep => {}
        }
    }

    fn message(&mut self, message: Message) {
        match message {
            Message::Request(request) => self.request(request),
            Message::Ask(ask) => self.ask(ask),
            Message::ToEdge { node, head, body } => self.told(node, head, body),
            Message::NodeGone(node) if node == self.owner => {
                tracing::info!(stage = %self.id, %node, members = self.seats.len(), "the owner of a stage has ended");
                self.over = Some(Ending::Restart);
            }
            Message::NodeGone(_) => {}
            Message::JoinAgain(joining) => self.join(joining, Instant::now()),
            Message::FromEdge { node, edge, .. } => super::actor::not_here(&self.bus, node, self.id, edge),
        }
    }

    fn request(&mut self, request: Request) {
        let until = self.world.clock.now() + octave_protocol::Duration::from(requests::ANSWERED_WITHIN);
        let now = Instant::now();
        match request {
            Request::Join { member, re, resume, invite } => {
                self.join(Joining { member, re, resume, invite, until: now + requests::ANSWERED_WITHIN }, now);
            }
            Request::Leave { conn, re } => {
                self.requests.open(conn, re, Asked::Other, now);
                self.tell(None, FromEdge::Leave { conn, re }, b"");
            }
            Request::Gone { conn } => self.gone(conn),
            Request::Carry { member, seq } => {
                let Way::Here(outbox) = &member.way else { return };
                let (conn, user, guest) = (member.conn, (*member.user).clone(), member.guest);
                self.seats.meet(outbox, &member);
                self.carrying.push((now + requests::ANSWERED_WITHIN, conn));
                self.tell(None, FromEdge::Carry { conn, user, guest, seq }, b"");
            }
            Request::Frame { conn, frame } => {
                if let Some(re) = frame.id() {
                    self.requests.open(conn, re, Asked::Other, now);
                }
                // What a client sent was JSON.
                let text = serde_json::to_vec(&frame).unwrap_or_default();
                self.tell(Some(until), FromEdge::Frame { conn }, &text);
            }
        }
    }

    fn join(&mut self, joining: Joining, now: Instant) {
        let Joining { member, re, resume, invite, until } = &joining;
        let (conn, user, guest) = (member.conn, (*member.user).clone(), member.guest);
        let left = octave_protocol::Duration::from(until.saturating_duration_since(now));
        let join = FromEdge::Join { conn, user, guest, re: *re, resume: *resume, invite: invite.clone() };
        self.tell(Some(self.world.clock.now() + left), join, b"");
        self.awaits(joining, now);
    }

    fn awaits(&mut self, joining: Joining, now: Instant) {
        let Way::Here(outbox) = &joining.member.way else { return };
        self.seats.meet(outbox, &joining.member);
        self.requests.open(joining.member.conn, joining.re, Asked::Join(Box::new(joining)), now);
    }

    fn gone(&mut self, conn: ConnId) {
        self.requests.forget(conn);
        self.seats.forget(conn);
        self.tell(None, FromEdge::Gone { conn }, b"");
    }

    fn ask(&mut self, ask: Ask) {
        let now = Instant::now();
        if let Some((id, ask)) = self.asks.open(ask, now) {
            let until = self.world.clock.now() + octave_protocol::Duration::from(requests::ANSWERED_WITHIN);
            self.tell(Some(until), FromEdge::Ask { id, ask }, b"");
        }
    }

    fn tell(&self, until: Option<octave_protocol::Instant>, what: FromEdge, body: &[u8]) {
        let head = ToStage { stage: self.id, edge: self.tag, until, what };
        self.bus.send(To::Node(self.owner), Topic::ToStage, &head, body);
    }

    /// What the owner says.
    fn told(&mut self, node: NodeId, head: ToEdge, body: Bytes) {
        if node != self.owner || head.edge != self.tag {
            return;
        }
        match head.what {
            FromStage::Reply { id } => return self.asks.answer(id, &body),
            FromStage::At => {}
            FromStage::Over { how } if head.n == 0 => return self.over = Some(how),
            what => match self.reader.take(head.n) {
                Taken::Next => return self.heard(what, body),
                Taken::Before => return,
                Taken::Early => {}
            },
        }
        // All below its number has been sent; of one that is early, itself too.
        if let Some(from) = self.reader.missing(head.n, Instant::now()) {
            self.tell(None, FromEdge::Again { from }, b"");
        }
    }

    fn heard(&mut self, what: FromStage, mut body: Bytes) {
        match what {
            FromStage::Batch { answers, apart } => {
                let late = self.answer(&answers, &mut body, true);
                for conn in self.seats.show(&body, &apart) {
                    self.gone(conn);
                }
                self.undo(late);
            }
            FromStage::Seat { conn } => {
                self.carrying.retain(|(_, carried)| *carried != conn);
                self.seats.seat(conn);
            }
            FromStage::Unseat { conn } => self.seats.unseat(conn),
            FromStage::Say { answers } => {
                let late = self.answer(&answers, &mut body, false);
                self.undo(late);
            }
            FromStage::Offer => self.seats.offer(&body),
            FromStage::Over { how } => self.over = Some(how),
            FromStage::Close { conn } => self.seats.close_one(conn),
            FromStage::Reply { .. } | FromStage::At => {}
        }
    }

    /// Gives answers to those whom they are for, unless they were told before that there would be none: to whom it is
    /// about a join, the answer being late.
    fn answer(&mut self, answers: &[super::relay::FarAnswer], body: &mut Bytes, with_run: bool) -> Vec<ConnId> {
        let mut late = Vec::new();
        for answer in answers {
            let frames = body.split_to(answer.bytes.min(body.len()));
            match answer.re.map(|re| self.requests.close(answer.conn, re)) {
                None | Some(requests::Closed::InTime) => self.seats.say(answer.conn, &frames, with_run),
                Some(requests::Closed::Late) => {}
                Some(requests::Closed::LateJoin) => late.push(answer.conn),
            }
        }
        late
    }

    /// Who was told that the join failed is not here, unless they have asked again.
    fn undo(&mut self, late: Vec<ConnId>) {
        let late: Vec<ConnId> = late.into_iter().filter(|conn| !self.requests.has_join_of(*conn)).collect();
        for conn in late {
            self.seats.unseat(conn);
            self.tell(None, FromEdge::Gone { conn }, b"");
        }
    }

    fn look_at_time(&mut self) {
        let now = Instant::now();
        for (conn, re) in self.requests.expire(now) {
            self.seats.say(conn, &unreached(re), false);
        }
        self.asks.expire(now);
        // A seat that is not confirmed is none: they come back.
        for (_, conn) in self.carrying.extract_if(.., |(until, _)| *until <= now) {
            self.seats.close_one(conn);
        }
        if self.roll_at <= now {
            self.roll_at = now + ROLL_EVERY;
            self.tell(None, FromEdge::Roll { conns: self.seats.conns() }, b"");
        }
        let idle = self.seats.is_empty() && self.asks.is_empty();
        self.idle_since = idle.then(|| self.idle_since.unwrap_or(now));
        if self.idle_since.is_some_and(|since| since + IDLE <= now) {
            self.over = Some(Ending::Quiet);
        }
    }

    /// The stage has left its owner in order, and is anybody's. The members keep their seats.
    fn hand_on(mut self, seq: Seq) -> Left {
        let joining = self.give_up();
        self.tell(None, FromEdge::Bye, b"");
        Left { members: self.seats.take_members(), seq, joining, mailbox: self.mailbox }
    }

    /// Who is about to be let in may be so elsewhere.
    fn close(mut self) -> Option<Left> {
        self.refuse_what_is_here();
        let joining = self.give_up();
        if self.over == Some(Ending::Restart) {
            self.seats.close(CloseCode::Restart, super::way::STARTS_ANEW);
        }
        self.tell(None, FromEdge::Bye, b"");
        if !joining.is_empty() {
            return Some(Left { members: Vec::new(), seq: Seq(0), joining, mailbox: self.mailbox });
        }
        self.mailbox.close();
        self.refuse_what_is_here();
        self.give_up().into_iter().for_each(Joining::tell_unreached);
        None
    }

    /// Tells those that their requests will not be answered who did not ask to be let in.
    fn give_up(&mut self) -> Vec<Joining> {
        let (mut joining, is_elsewhere) = (Vec::new(), self.over != Some(Ending::Quiet));
        for (conn, re, asked) in self.requests.give_up() {
            match asked {
                Asked::Join(join) if is_elsewhere => joining.push(*join),
                Asked::Join(_) | Asked::Other => self.seats.say(conn, &unreached(re), false),
            }
        }
        joining
    }

    fn refuse_what_is_here(&mut self) {
        let now = Instant::now();
        while let Ok(message) = self.mailbox.try_recv() {
            match message {
                Message::JoinAgain(joining) => self.awaits(joining, now),
                Message::Request(request) => self.refuse_at_the_end(request),
                // Who asks over HTTP finds the question dropped, and looks the stage up again.
                Message::Ask(_) | Message::FromEdge { .. } | Message::ToEdge { .. } | Message::NodeGone(_) => {}
            }
        }
    }

    fn refuse_at_the_end(&mut self, request: Request) {
        match request {
            Request::Leave { conn, re } => self.seats.say(conn, &unreached(re), false),
            Request::Frame { conn, frame } => {
                if let Some(re) = frame.id() {
                    self.seats.say(conn, &unreached(re), false);
                }
            }
            Request::Gone { conn } => self.gone(conn),
            Request::Join { member, re, resume, invite } => {
                let now = Instant::now();
                self.awaits(Joining { member, re, resume, invite, until: now + requests::ANSWERED_WITHIN }, now);
            }
            Request::Carry { member, .. } => member.way.close(member.conn),
        }
    }
}

impl Joining {
    /// There is nobody who could let them in.
    pub(super) fn tell_unreached(self) {
        self.member.way.send(self.member.conn, Some(self.re), &unreached(self.re));
    }
}

/// The owner did not answer: nobody knows whether it was done.
pub(super) fn unreached(re: RequestId) -> Bytes {
    frame::json(&ServerFrame::Error {
        re: Some(re),
        code: ErrorCode::StageUnreachable,
        detail: "the server that runs this stage does not answer; what was asked may have been done: under the same nonce it is \
                 safe to ask again"
            .into(),
        retry_after_us: Some(BUSY_RETRY),
    })
}

/// For maps that tell connections apart.
type ByConn<T> = HashMap<ConnId, T>;
