//! Members at other nodes, as the owner of a stage hears of them: through their node's edge.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use bytes::BytesMut;
use octave_protocol::client::{ClientFrame, Resume};
use octave_protocol::{Instant, Seq, ServerFrame, StageId};
use serde::Serialize;
use tokio::sync::oneshot;

use super::durable::outcome_of;
use super::{Actor, Asker};
use crate::bus::{Bus, NodeId, To, Topic};
use crate::stage::core::{Admission, Command, Decided, Refusal};
use crate::stage::handle::{Ask, ConnId, Member, Message, Request, Way};
use crate::stage::relay::{Beat, Ending, FarAsk, FromEdge, FromStage, ToEdge};
use crate::stage::storage::Fault;
use crate::stage::way::Edge;
use crate::wire::frame;

/// How often a stage that stands still looks whether it may go on.
const STANDS_STILL: std::time::Duration = std::time::Duration::from_millis(20);

/// The edges of one stage.
#[derive(Debug, Default)]
pub(super) struct Far {
    edges: HashMap<NodeId, Arc<Edge>>,
}

/// All edges that stages of this process tell, so that they can be told how far they are.
#[derive(Debug, Default)]
pub(in crate::stage) struct EdgesHere(Mutex<Vec<Weak<Edge>>>);

impl EdgesHere {
    fn add(&self, edge: &Arc<Edge>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::downgrade(edge));
    }

    /// Tells each node how far its edges should be.
    pub(in crate::stage) fn beat(&self, bus: &Bus) {
        let mut beats: HashMap<NodeId, Beat> = HashMap::new();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).retain(|edge| {
            let Some(edge) = edge.upgrade() else { return false };
            if let Some(at) = edge.beat() {
                beats.entry(edge.node).or_default().at.push(at);
            }
            true
        });
        for (node, beat) in beats {
            bus.send(To::Node(node), Topic::Nodes, &Beats { edges: beat }, b"");
        }
    }
}

/// A beat as it stands among what nodes tell each other.
#[derive(Serialize)]
struct Beats {
    edges: Beat,
}

/// Tells an edge that the stage is not here.
pub(in crate::stage) fn not_here(bus: &Bus, node: NodeId, stage: StageId, edge: u64) {
    let head = ToEdge { stage, edge, n: 0, what: FromStage::Over { how: Ending::Restart } };
    bus.send(To::Node(node), Topic::ToEdge, &head, b"");
}

impl Actor {
    pub(super) fn told_by_edge(&mut self, node: NodeId, tag: u64, until: Option<Instant>, what: FromEdge, body: &[u8]) {
        if until.is_some_and(|until| until < self.now()) {
            // Who asked has been told that it was not done.
            return;
        }
        match what {
            FromEdge::Again { from } => self.tell_again(node, tag, from),
            FromEdge::Roll { conns } => self.call_roll(node, tag, &conns),
            FromEdge::Bye => self.node_gone_at(node, Some(tag)),
            FromEdge::Ask { id, ask } => {
                let edge = self.edge(node, tag, true);
                if let Some(edge) = edge {
                    self.send_snapshots();
                    self.far_ask(edge, id, ask);
                }
            }
            FromEdge::Join { .. }
            | FromEdge::Carry { .. }
            | FromEdge::Leave { .. }
            | FromEdge::Gone { .. }
            | FromEdge::Frame { .. } => {
                if let Some(request) = self.request_of(node, tag, what, body) {
                    self.request(request);
                }
            }
        }
    }

    /// What a member elsewhere asks, as if they were here.
    pub(super) fn request_of(&mut self, node: NodeId, tag: u64, what: FromEdge, body: &[u8]) -> Option<Request> {
        let edge = self.edge(node, tag, matches!(what, FromEdge::Join { .. } | FromEdge::Carry { .. }))?;
        Some(match what {
            FromEdge::Join { conn, user, guest, re, resume, invite } => {
                let member = Member { conn, user: Arc::new(user), guest, way: Way::Far(edge) };
                Request::Join { member, re, resume, invite }
            }
            FromEdge::Carry { conn, user, guest, seq } => {
                Request::Carry { member: Member { conn, user: Arc::new(user), guest, way: Way::Far(edge) }, seq }
            }
            FromEdge::Leave { conn, re } => Request::Leave { conn, re },
            FromEdge::Gone { conn } => Request::Gone { conn },
            FromEdge::Frame { conn } => {
                let frame = std::str::from_utf8(body).ok().and_then(|text| ClientFrame::parse(text).ok())?;
                if !self.feed.knows(conn) {
                    let way = Way::Far(edge);
                    Self::refuse_stranger(&way, conn, &frame);
                    return None;
                }
                Request::Frame { conn, frame }
            }
            FromEdge::Ask { .. } | FromEdge::Again { .. } | FromEdge::Roll { .. } | FromEdge::Bye => return None,
        })
    }

    /// Who has no seat and is not at the door is told so; nobody else knows the way to them.
    fn refuse_stranger(way: &Way, conn: ConnId, frame: &ClientFrame) {
        let Some(re) = frame.id() else { return };
        let refusal = Refusal::NotJoined;
        let error = ServerFrame::Error {
            re: Some(re),
            code: refusal.code(),
            detail: refusal.to_string(),
            retry_after_us: None,
        };
        way.send(conn, Some(re), &frame::json(&error));
    }

    /// The edge of that name; a new one takes the place of the one before.
    fn edge(&mut self, node: NodeId, tag: u64, may_begin: bool) -> Option<Arc<Edge>> {
        if let Some(edge) = self.far.edges.get(&node).filter(|edge| edge.tag == tag) {
            return Some(edge.clone());
        }
        let bus = self.world.bus.clone()?;
        if !may_begin {
            not_here(&bus, node, self.id, tag);
            return None;
        }
        self.node_gone_at(node, None);
        let edge = Arc::new(Edge::new(bus, node, self.id, tag));
        self.world.edges.add(&edge);
        self.far.edges.insert(node, edge.clone());
        Some(edge)
    }

    fn tell_again(&mut self, node: NodeId, tag: u64, from: u64) {
        let Some(edge) = self.edge(node, tag, false) else { return };
        if !edge.again(from) {
            tracing::warn!(stage = %self.id, %node, "an edge has missed more than is kept: its members come anew");
            if let Some(bus) = &self.world.bus {
                not_here(bus, node, self.id, tag);
            }
            self.node_gone_at(node, Some(tag));
        }
    }

    /// Whoever is not there any more leaves: that they went was lost on the way.
    fn call_roll(&mut self, node: NodeId, tag: u64, conns: &[ConnId]) {
        if self.edge(node, tag, false).is_none() {
            return;
        }
        let there: HashSet<ConnId> = conns.iter().copied().collect();
        for conn in self.feed.conns_at(node).into_iter().filter(|conn| !there.contains(conn)) {
            self.gone(conn);
        }
    }

    /// The members at a node have gone with it.
    pub(super) fn node_gone(&mut self, node: NodeId) {
        self.node_gone_at(node, None);
    }

    fn node_gone_at(&mut self, node: NodeId, tag: Option<u64>) {
        if self.far.edges.get(&node).is_none_or(|edge| tag.is_some_and(|tag| edge.tag != tag)) {
            return;
        }
        self.send_snapshots();
        for conn in self.feed.conns_at(node) {
            self.gone(conn);
        }
        self.far.edges.remove(&node);
    }

    /// The edges end.
    pub(super) fn let_go_of_edges(&mut self, how: Ending) {
        for (_, edge) in self.far.edges.drain() {
            edge.end(how);
        }
    }

    /// What becomes of those who are elsewhere when the stage ends in order.
    pub(super) fn ending(&self) -> Ending {
        match self.stage.has_ended() {
            true => Ending::Quiet,
            false if self.storage.is_good() => Ending::Moved(self.feed.position()),
            false => Ending::Restart,
        }
    }

    /// Seats somebody who was here while another node had the stage, and has seen all up to a number.
    pub(super) fn carry(&mut self, member: &Member, seq: Seq) {
        let now = self.now();
        self.past.carries();
        self.feed.meet(member);
        // They were let in before; whom the host keeps out is refused all the same.
        let admission = member.guest.map_or(Admission::Invited, |guest| Admission::Guest(guest.rights));
        let command = Command::Join { user: member.user.clone(), admission };
        match self.stage.decide(member.user.id, command, now) {
            Ok(Decided::Immediate(events)) => self.apply_all(&events, now),
            Ok(Decided::Durable(_)) => {}
            Err(_) => return member.way.close(member.conn),
        }
        let Some(missed) = self.feed.missed(Resume { epoch: self.feed.epoch(), seq }) else {
            self.feed.forget(member.conn);
            return member.way.close(member.conn);
        };
        self.noted.entry(member.user.id).or_insert(false);
        self.feed.seat(member);
        // What plays may have moved on while nobody had the stage; the highest `rev` wins.
        let mut frames = BytesMut::from(&missed[..]);
        let timeline = ServerFrame::Timeline { stage: self.id, seq: None, timeline: self.stage.statement() };
        frame::put_json(&mut frames, &timeline);
        member.way.send(member.conn, None, &frames.freeze());
    }

    fn far_ask(&mut self, edge: Arc<Edge>, id: u64, ask: FarAsk) {
        match ask {
            FarAsk::Describe => self.ask(Ask::Describe(reply(edge, id))),
            FarAsk::Participants => self.ask(Ask::Participants(reply(edge, id))),
            FarAsk::Queue { offset, limit } => self.ask(Ask::Queue { offset, limit, reply: reply(edge, id) }),
            FarAsk::Update { by, change } => self.ask(Ask::Update { by, change, reply: reply(edge, id) }),
            FarAsk::Command { by, command } => self.ask(Ask::Command { by, command, reply: reply(edge, id) }),
            FarAsk::Blocks => self.ask(Ask::Blocks(reply(edge, id))),
        }
    }

    /// While others may have the stage: nothing is decided or shown, and who asks is refused, until this node's lease is
    /// good again or the stage is known to be lost.
    pub(super) async fn stand_still(&mut self) {
        // What has come before it was known, too.
        self.refuse_what_is_looked_up();
        self.refuse_what_waits(&Fault::Unknown(String::new()));
        self.send_arrivals_away();
        self.feed.flush_answers();
        let tick = tokio::time::sleep(STANDS_STILL);
        let committed = outcome_of(&mut self.in_flight);
        tokio::select! {
            biased;
            () = self.world.tenure.cancelled() => self.over = true,
            () = self.world.stop.cancelled() => self.over = true,
            // What comes of it is shown when all goes on; that it has failed is told at once.
            outcome = committed => self.committed(outcome.unwrap_or(Err(Fault::Unavailable(String::new())))),
            Some(message) = self.mailbox.recv() => self.refuse_while_still(message),
            () = tick => {}
        }
        self.feed.flush_answers();
    }

    fn refuse_while_still(&mut self, message: Message) {
        let fault = Fault::Unavailable(String::new());
        match message {
            // Nobody waits for an answer, and it must not be lost.
            Message::Request(Request::Gone { conn }) => self.gone(conn),
            Message::Request(Request::Carry { member, .. }) => member.way.close(member.conn),
            Message::Request(request) => {
                if let Request::Join { member, .. } = &request {
                    self.feed.meet(member);
                }
                self.refuse_for_fault(Asker::of(&request), &fault);
                self.feed.flush_answers();
            }
            Message::FromEdge { node, edge, what: FromEdge::Again { from }, .. } => self.tell_again(node, edge, from),
            Message::FromEdge { node, edge, what, body, .. } => {
                if let Some(request) = self.request_of(node, edge, what, &body) {
                    self.refuse_while_still(Message::Request(request));
                }
            }
            // What is asked over HTTP finds its question dropped.
            Message::Ask(_) | Message::ToEdge { .. } => {}
            Message::NodeGone(node) => self.node_gone(node),
            Message::JoinAgain(joining) => self.refuse_while_still(Message::Request(joining.into())),
        }
    }
}

/// Where an answer goes that somebody at another node waits for.
fn reply<T: Serialize + Send + 'static>(edge: Arc<Edge>, id: u64) -> oneshot::Sender<T> {
    let (reply, answer) = oneshot::channel::<T>();
    tokio::spawn(async move {
        if let Ok(answer) = answer.await {
            let body = serde_json::to_vec(&answer).unwrap_or_default();
            edge.send(FromStage::Reply { id }, &body);
        }
    });
    reply
}
