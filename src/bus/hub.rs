//! The bus of nodes that live in one process, where a test decides what arrives.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use futures_util::future::BoxFuture;
use tokio::sync::mpsc;

use super::{Bus, Carrier, NodeId, Packet, To};

/// Where nodes of one process meet; cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Hub(Arc<Mutex<Inner>>);

#[derive(Debug, Default)]
struct Inner {
    nodes: HashMap<NodeId, mpsc::UnboundedSender<Packet>>,
    /// From whom to whom nothing arrives.
    cut: HashSet<(NodeId, NodeId)>,
    /// So many packets that are sent next are lost, from whom to whom.
    losing: HashMap<(NodeId, NodeId), usize>,
}

/// One node's side of it.
#[derive(Debug)]
struct Plug {
    hub: Hub,
    me: Mutex<NodeId>,
    inbox: mpsc::UnboundedSender<Packet>,
}

impl Hub {
    /// A node, and what comes for it.
    pub async fn join(&self, id: NodeId) -> (Bus, mpsc::UnboundedReceiver<Packet>) {
        let (inbox, packets) = mpsc::unbounded_channel();
        let bus = Bus::over(Plug { hub: self.clone(), me: Mutex::new(NodeId(0)), inbox });
        bus.become_node(id).await;
        (bus, packets)
    }

    /// Nothing arrives from `a` at `b` until it is healed.
    pub fn cut(&self, a: NodeId, b: NodeId) {
        self.inner().cut.insert((a, b));
    }

    pub fn heal(&self) {
        self.inner().cut.clear();
    }

    /// Loses the next packets from `a` to `b`.
    pub fn lose(&self, a: NodeId, b: NodeId, packets: usize) {
        self.inner().losing.insert((a, b), packets);
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        // Each change under the lock is whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn deliver(&mut self, from: NodeId, to: NodeId, packet: &Bytes) {
        if self.cut.contains(&(from, to)) {
            return;
        }
        if let Some(left @ 1..) = self.losing.get_mut(&(from, to)) {
            *left -= 1;
            return;
        }
        if let (Some(node), Some(packet)) = (self.nodes.get(&to), Packet::decode(packet.clone())) {
            // A node that is gone hears nothing.
            drop(node.send(packet));
        }
    }
}

impl Carrier for Plug {
    fn carry(&self, to: To, packet: Bytes) -> bool {
        let me = *self.me.lock().unwrap_or_else(PoisonError::into_inner);
        let mut hub = self.hub.inner();
        match to {
            To::Node(to) => hub.deliver(me, to, &packet),
            To::All => {
                let others: Vec<NodeId> = hub.nodes.keys().copied().filter(|id| *id != me).collect();
                for to in others {
                    hub.deliver(me, to, &packet);
                }
            }
        }
        true
    }

    fn become_node(&self, id: NodeId) -> BoxFuture<'_, ()> {
        let mut me = self.me.lock().unwrap_or_else(PoisonError::into_inner);
        let mut hub = self.hub.inner();
        hub.nodes.remove(&me);
        hub.nodes.insert(id, self.inbox.clone());
        *me = id;
        Box::pin(std::future::ready(()))
    }
}

impl Drop for Plug {
    fn drop(&mut self) {
        let me = *self.me.lock().unwrap_or_else(PoisonError::into_inner);
        self.hub.inner().nodes.remove(&me);
    }
}

#[cfg(test)]
mod tests {
    use super::super::Topic;
    use super::*;

    #[tokio::test]
    async fn packets_arrive_in_order_at_whom_they_are_for_unless_they_are_lost() {
        let hub = Hub::default();
        let (a, _) = hub.join(NodeId(1)).await;
        let (_b, mut at_b) = hub.join(NodeId(2)).await;
        let (_c, mut at_c) = hub.join(NodeId(3)).await;
        hub.lose(NodeId(1), NodeId(2), 1);
        for n in 0..3 {
            a.send(To::Node(NodeId(2)), Topic::Nodes, &n, b"");
        }
        a.send(To::All, Topic::Nodes, &3, b"");
        hub.cut(NodeId(1), NodeId(3));
        a.send(To::All, Topic::Nodes, &4, b"");
        let heads = |inbox: &mut mpsc::UnboundedReceiver<Packet>| {
            std::iter::from_fn(|| inbox.try_recv().ok()?.head::<i32>()).collect::<Vec<_>>()
        };
        assert_eq!((heads(&mut at_b), heads(&mut at_c)), (vec![1, 2, 3, 4], vec![3]));
    }
}
