//! What the nodes of a cluster tell each other.
//!
//! A packet goes to one node or to all. It arrives once or not at all, and those from one node to another arrive in the order
//! in which they were sent; whoever can't do without a lost one counts (`stage::relay`). Two carriers: [`nats`] between
//! processes, and [`hub`] within one, where tests lose and hold up what they like.

pub mod hub;
pub mod nats;
mod packet;
mod parts;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use bytes::Bytes;
use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};

pub use packet::{Packet, Topic};

/// One start of a process that is part of a cluster; a later one has the higher number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NodeId(pub i64);

impl fmt::Display for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Whom a packet is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum To {
    Node(NodeId),
    /// All but the sender.
    All,
}

/// What carries packets. It never waits: what finds no room is lost, and answers false.
pub trait Carrier: fmt::Debug + Send + Sync {
    fn carry(&self, to: To, packet: Bytes) -> bool;

    /// From here on the process is this node: done when what is sent to it arrives.
    fn become_node(&self, id: NodeId) -> BoxFuture<'_, ()>;
}

/// The way to the other nodes; cheap to clone.
#[derive(Debug, Clone)]
pub struct Bus(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    me: AtomicI64,
    carrier: Box<dyn Carrier>,
    figures: Figures,
}

/// What went over the bus, for `/metrics`.
#[derive(Debug, Default)]
pub struct Figures {
    pub sent: AtomicU64,
    pub bytes: AtomicU64,
    /// What found no room.
    pub lost: AtomicU64,
}

impl Bus {
    pub fn over(carrier: impl Carrier + 'static) -> Self {
        Self(Arc::new(Shared { me: AtomicI64::new(0), carrier: Box::new(carrier), figures: Figures::default() }))
    }

    /// This process's name among the nodes; 0 while it is none.
    pub fn me(&self) -> NodeId {
        NodeId(self.0.me.load(Ordering::Acquire))
    }

    /// The process is a node, or another one than before.
    pub async fn become_node(&self, id: NodeId) {
        self.0.carrier.become_node(id).await;
        self.0.me.store(id.0, Ordering::Release);
    }

    pub fn figures(&self) -> &Figures {
        &self.0.figures
    }

    /// Sends `head`, and `body` as it is.
    pub fn send<T: Serialize>(&self, to: To, topic: Topic, head: &T, body: &[u8]) {
        self.send_packet(to, packet::encode(self.me(), topic, head, body));
    }

    /// Sends what [`Self::encode`] has made.
    pub fn send_packet(&self, to: To, packet: Bytes) {
        let Figures { sent, bytes, lost } = &self.0.figures;
        bytes.fetch_add(packet.len() as u64, Ordering::Relaxed);
        if self.0.carrier.carry(to, packet) {
            sent.fetch_add(1, Ordering::Relaxed);
        } else {
            lost.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub fn encode<T: Serialize>(&self, topic: Topic, head: &T, body: &[u8]) -> Bytes {
        packet::encode(self.me(), topic, head, body)
    }
}
