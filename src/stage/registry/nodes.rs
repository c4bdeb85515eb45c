//! Stages of other nodes, as this one knows them, and what other nodes ask of stages here.

use std::collections::{HashSet, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use dashmap::DashMap;
use dashmap::mapref::entry::Entry;
use octave_protocol::{StageId, UserId};
use tokio::sync::mpsc::error::TrySendError;
use tokio_util::sync::CancellationToken;

use super::{Registry, State};
use crate::bus::{NodeId, Packet, Topic};
use crate::stage::actor::not_here;
use crate::stage::edge::Carried;
use crate::stage::handle::{ConnId, Live, Message, Request, StageHandle};
use crate::stage::relay::{Beat, FromEdge, FromStage, ToEdge, ToStage};

/// Messages that may wait for a stage to be opened.
const WAITING_TO_OPEN: usize = 1_024;

#[derive(Debug, Default)]
pub(super) struct Nodes {
    /// What runs elsewhere.
    live: DashMap<StageId, (NodeId, Live)>,
    /// What came for stages that are being opened.
    late: DashMap<StageId, VecDeque<Message>>,
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
        self.nodes.live.retain(|_, (at, _)| *at != node);
        self.world.presence.forget_node(node, |_| true);
        for slot in &self.slots {
            let State::Running { handle, .. } = &slot.state else { continue };
            let handle = handle.clone();
            if let Err(TrySendError::Full(message)) = handle.mailbox.try_send(Message::NodeGone(node)) {
                // A stage would keep the seats for ever, so this one message is worth a task that waits.
                tokio::spawn(async move { handle.mailbox.send(message).await });
            }
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
            None if opens || waits || self.slots.contains_key(&stage) => self.open_for(stage, message),
            None => self.is_not_here(stage, &message),
        }
    }

    /// Seats members of a stage that has left its node at whichever has it now, and passes on what they ask: their sockets know the
    /// old mailbox alone.
    pub(super) async fn carry(self: &Arc<Self>, id: StageId, carried: Carried) {
        let Carried { members, seq, mut mailbox } = carried;
        let Ok(handle) = self.find(id).await else {
            return members.iter().for_each(|member| member.way.close(member.conn));
        };
        for member in members {
            let (way, conn) = (member.way.clone(), member.conn);
            if handle.mailbox.send(Message::Request(Request::Carry { member, seq })).await.is_err() {
                way.close(conn);
            }
        }
        tokio::spawn(async move {
            while let Some(message) = mailbox.recv().await {
                if let Message::Request(_) | Message::Ask(_) = &message
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
