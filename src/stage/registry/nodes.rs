//! Stages of other nodes, as this one knows them, and what other nodes ask of stages here.

use std::collections::{HashSet, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use dashmap::mapref::entry::Entry;
use dashmap::{DashMap, DashSet};
use octave_protocol::{StageId, UserId};
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::{SendError, TrySendError};
use tokio::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

use super::{Registry, State};
use crate::bus::{NodeId, Packet, Topic};
use crate::stage::actor::not_here;
use crate::stage::edge::{Left, unreached};
use crate::stage::handle::{ConnId, Joining, Live, Message, Request, StageHandle};
use crate::stage::relay::{Beat, FromEdge, FromStage, ToEdge, ToStage};
use crate::stage::storage::{Claim, Fault};

/// Messages that may wait for a stage to be opened.
const WAITING_TO_OPEN: usize = 1_024;
/// Before a stage is looked up anew whose owner has it no more.
const ASKED_AGAIN_AFTER: Duration = Duration::from_millis(100);
/// How often it is asked whose a stage is, and how long after each time, while the answer is a node that has ended.
const CLAIMS: usize = 5;
const CLAIMED_AGAIN_AFTER: Duration = Duration::from_millis(50);

#[derive(Debug, Default)]
pub(super) struct Nodes {
    /// What runs elsewhere.
    live: DashMap<StageId, (NodeId, Live)>,
    /// What came for stages that are being opened.
    late: DashMap<StageId, VecDeque<Message>>,
    /// Nodes that have ended; none of them comes back under its name.
    ended: DashSet<NodeId>,
    /// Until others take over what is this node's.
    tenure: Mutex<CancellationToken>,
}

impl Nodes {
    pub(super) fn live(&self, id: StageId) -> Option<Live> {
        self.live.get(&id).map(|entry| entry.1.clone())
    }

    pub(super) fn all_live(&self) -> Vec<(StageId, Live)> {
        self.live.iter().map(|entry| (*entry.key(), entry.1.clone())).collect()
    }

    pub(super) fn tenure(&self) -> CancellationToken {
        self.tenure.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Registry {
    /// Names a connection of this process, among all nodes.
    pub fn conn_id(&self, n: u64) -> ConnId {
        let node = self.world.bus.as_ref().map_or(0, |bus| bus.me().0.cast_unsigned());
        ConnId(node << 40 | n)
    }

    /// Whether all stages run here.
    pub fn is_alone(&self) -> bool {
        self.world.bus.is_none()
    }

    /// Other nodes have, or will have, what was this one's: all stages and edges here end, and their members come back.
    pub fn lose_all(&self) {
        let mut tenure = self.nodes.tenure.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *tenure).cancel();
    }

    /// A node has ended: its members leave, and its stages are free.
    pub fn node_gone(&self, node: NodeId) {
        // First of all: an edge that opens while the others are told looks here.
        self.nodes.ended.insert(node);
        self.nodes.live.retain(|_, (at, _)| *at != node);
        self.world.presence.forget_node(node, |_| true);
        for slot in &self.slots {
            let State::Running { handle, .. } = &slot.state else { continue };
            tell_gone(handle, node);
        }
    }

    /// Whose the stage is. One that has ended by the time of the answer does not have it any more.
    pub(super) async fn claim(&self, id: StageId) -> Result<Claim, Fault> {
        for _ in 0..CLAIMS {
            match self.world.store.claim(id).await? {
                Claim::Theirs(node) if self.nodes.ended.contains(&node) => {
                    tokio::time::sleep(CLAIMED_AGAIN_AFTER).await;
                }
                claim => return Ok(claim),
            }
        }
        Err(Fault::Unavailable("the owner of a stage has ended, and owns it".into()))
    }

    /// The owner of an edge may have ended between the question whose the stage is and now.
    pub(super) fn look_whether_gone(&self, owner: NodeId, edge: &StageHandle) {
        if self.nodes.ended.contains(&owner) {
            tell_gone(edge, owner);
        }
    }

    /// What a node says of the stages that it runs; of all of them, if it is the whole list.
    pub fn all_lives_at(&self, node: NodeId, whole: bool, stages: Vec<(StageId, Option<Live>)>) {
        if whole {
            let there: HashSet<StageId> = stages.iter().map(|(stage, _)| *stage).collect();
            self.nodes.live.retain(|stage, (at, _)| *at != node || there.contains(stage));
        }
        for (stage, live) in stages {
            match live {
                Some(live) => drop(self.nodes.live.insert(stage, (node, live))),
                None => drop(self.nodes.live.remove_if(&stage, |_, (at, _)| *at == node)),
            }
        }
    }

    /// What a node says of who is in its stages; of all who are, if it is the whole list.
    pub fn all_are_at(&self, node: NodeId, whole: bool, people: Vec<(UserId, Vec<StageId>)>) {
        if whole {
            let there: HashSet<UserId> = people.iter().map(|(user, _)| *user).collect();
            self.world.presence.forget_node(node, |user| !there.contains(&user));
        }
        for (user, stages) in people {
            self.world.presence.is_at(node, user, stages);
        }
    }

    /// Who is in which stages of this node.
    pub fn here(&self) -> Vec<(UserId, Vec<StageId>)> {
        self.world.presence.here()
    }

    /// Who entered a stage of this node or left one since the last look, and where they are now.
    pub fn moved_here(&self) -> Vec<(UserId, Vec<StageId>)> {
        let presence = &self.world.presence;
        presence.take_here().into_iter().map(|user| (user, presence.here_of(user))).collect()
    }

    /// Tells edges elsewhere how far they should be.
    pub fn beat(&self) {
        if let Some(bus) = &self.world.bus {
            self.world.edges.beat(bus);
        }
    }

    /// What another node sends of stages.
    pub fn take(self: &Arc<Self>, packet: Packet) {
        match packet.topic {
            Topic::ToStage => {
                let Some(ToStage { stage, edge, until, what }) = packet.head() else { return };
                let opens = matches!(what, FromEdge::Join { .. } | FromEdge::Carry { .. } | FromEdge::Ask { .. });
                let message = Message::FromEdge { node: packet.from, edge, until, what, body: packet.body };
                self.to_stage(stage, opens, message);
            }
            Topic::ToEdge => {
                let Some(head) = packet.head::<ToEdge>() else { return };
                self.to_edge(packet.from, head, packet.body);
            }
            Topic::People | Topic::Nodes => {}
        }
    }

    /// How far a node has told edges here.
    pub fn take_beat(&self, node: NodeId, edges: &serde_json::value::RawValue) {
        let Ok(Beat { at }) = serde_json::from_str(edges.get()) else { return };
        for (stage, edge, n) in at {
            self.to_edge(node, ToEdge { stage, edge, n, what: FromStage::At }, bytes::Bytes::new());
        }
    }

    fn handle(&self, stage: StageId) -> Option<StageHandle> {
        match &self.slots.get(&stage)?.state {
            State::Running { handle, .. } => Some(handle.clone()),
            State::Starting(_) => None,
        }
    }

    fn to_edge(&self, node: NodeId, head: ToEdge, body: bytes::Bytes) {
        let Some(handle) = self.handle(head.stage) else { return };
        // What finds no room is missed, and asked for again.
        drop(handle.mailbox.try_send(Message::ToEdge { node, head, body }));
    }

    fn to_stage(self: &Arc<Self>, stage: StageId, opens: bool, message: Message) {
        let waits = self.nodes.late.contains_key(&stage);
        let handle = self.handle(stage).filter(|handle| !waits && !handle.mailbox.is_closed());
        match handle {
            // What finds no room is not done, and its edge says so when nothing comes.
            Some(handle) => drop(handle.mailbox.try_send(message)),
            // It is about to tell its edges how it ends.
            None if self.is_closing(stage) => {}
            None if opens || waits || self.slots.contains_key(&stage) => self.open_for(stage, message),
            None => self.is_not_here(stage, &message),
        }
    }

    /// Whether the stage still runs at a node that stops.
    fn is_closing(&self, stage: StageId) -> bool {
        self.world.stop.is_cancelled() && self.slots.contains_key(&stage)
    }

    /// Brings who was at an edge to whichever node has the stage now, and passes on what they ask: their sockets know the old
    /// mailbox alone.
    pub(super) async fn bring_on(self: &Arc<Self>, id: StageId, left: Left) {
        let Left { members, seq, joining, mut mailbox } = left;
        if members.is_empty() {
            // The former owner may be about to let go of it.
            tokio::time::sleep(ASKED_AGAIN_AFTER).await;
        }
        let Ok(handle) = self.find(id).await else {
            for member in members {
                member.way.close(member.conn);
            }
            return refuse_all(joining, mailbox);
        };
        for member in members {
            let (way, conn) = (member.way.clone(), member.conn);
            if handle.mailbox.send(Message::Request(Request::Carry { member, seq })).await.is_err() {
                way.close(conn);
            }
        }
        for joining in joining {
            if Instant::now() >= joining.until {
                joining.tell_unreached();
            } else if let Err(SendError(Message::JoinAgain(joining))) =
                handle.mailbox.send(Message::JoinAgain(joining)).await
            {
                joining.tell_unreached();
            }
        }
        tokio::spawn(async move {
            while let Some(message) = mailbox.recv().await {
                if let Message::Request(_) | Message::Ask(_) | Message::JoinAgain(_) = &message
                    && handle.mailbox.send(message).await.is_err()
                {
                    return;
                }
            }
        });
    }

    fn is_not_here(&self, stage: StageId, message: &Message) {
        if let (Some(bus), Message::FromEdge { node, edge, .. }) = (&self.world.bus, message) {
            not_here(bus, *node, stage, *edge);
        }
    }

    /// Has the stage opened, and hands over what comes meanwhile in its order.
    fn open_for(self: &Arc<Self>, stage: StageId, message: Message) {
        match self.nodes.late.entry(stage) {
            Entry::Occupied(mut waiting) if waiting.get().len() < WAITING_TO_OPEN => {
                waiting.get_mut().push_back(message);
            }
            Entry::Occupied(_) => {}
            Entry::Vacant(slot) => {
                slot.insert([message].into());
                let registry = self.clone();
                tokio::spawn(async move { registry.hand_over(stage).await });
            }
        }
    }

    async fn hand_over(self: Arc<Self>, stage: StageId) {
        let found = self.find(stage).await;
        loop {
            let next = match self.nodes.late.entry(stage) {
                Entry::Occupied(mut waiting) => waiting.get_mut().pop_front(),
                Entry::Vacant(_) => return,
            };
            let Some(message) = next else {
                // Whoever sends from here on finds the stage itself.
                if self.nodes.late.remove_if(&stage, |_, waiting| waiting.is_empty()).is_some() {
                    return;
                }
                continue;
            };
            if let Ok(handle) = &found {
                drop(handle.mailbox.send(message).await);
            } else {
                self.is_not_here(stage, &message);
            }
        }
    }
}

fn tell_gone(handle: &StageHandle, node: NodeId) {
    if let Err(TrySendError::Full(message)) = handle.mailbox.try_send(Message::NodeGone(node)) {
        // A stage would keep the seats for ever, so this one message is worth a task that waits.
        let handle = handle.clone();
        tokio::spawn(async move { handle.mailbox.send(message).await });
    }
}

/// Nobody can be let in, and what they have asked behind that comes to nothing.
fn refuse_all(joining: Vec<Joining>, mut mailbox: mpsc::Receiver<Message>) {
    mailbox.close();
    while let Ok(message) = mailbox.try_recv() {
        let Message::Request(Request::Frame { conn, frame }) = message else { continue };
        if let (Some(re), Some(Joining { member, .. })) =
            (frame.id(), joining.iter().find(|joining| joining.member.conn == conn))
        {
            member.way.send(conn, Some(re), &unreached(re));
        }
    }
    joining.into_iter().for_each(Joining::tell_unreached);
}
