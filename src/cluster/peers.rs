//! Which nodes live, and which are suspected, as plain code.
//!
//! The database says who lives; beats say who is well. A node that is silent for a while is suspected, and whoever keeps
//! the lease looks whether it has ended. Silence alone proves nothing.

use std::collections::{BTreeMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use octave_protocol::StageId;
use tokio::time::Instant;

use crate::bus::NodeId;

/// A node that was not heard of for so long is looked for: two beats, and what they are late.
const SUSPECTED_AFTER: Duration = Duration::from_millis(600);

#[derive(Debug, Default)]
pub(super) struct Peers {
    me: NodeId,
    /// When each node was heard of last; this one too.
    heard: BTreeMap<NodeId, Instant>,
}

/// What has changed.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Changed {
    pub(super) came: Vec<NodeId>,
    pub(super) went: Vec<NodeId>,
}

impl Peers {
    pub(super) fn become_node(&mut self, me: NodeId) {
        self.me = me;
    }

    pub(super) fn me(&self) -> NodeId {
        self.me
    }

    /// The one whose clock is followed, and that does what one is to do.
    pub(super) fn eldest(&self) -> NodeId {
        self.heard.keys().next().copied().unwrap_or(self.me)
    }

    /// Who lives by what the database says. Who is new counts as heard of just now.
    pub(super) fn living(&mut self, nodes: &[NodeId], now: Instant) -> Changed {
        let there: HashSet<NodeId> = nodes.iter().copied().collect();
        let went: Vec<NodeId> = self.heard.keys().copied().filter(|node| !there.contains(node)).collect();
        for node in &went {
            self.heard.remove(node);
        }
        let came: Vec<NodeId> = nodes.iter().copied().filter(|node| !self.heard.contains_key(node)).collect();
        for node in &came {
            self.heard.insert(*node, now);
        }
        Changed { came, went }
    }

    /// Something came from a node. One that the database has not told of yet is waited for.
    pub(super) fn heard_of(&mut self, node: NodeId, now: Instant) {
        if let Some(at) = self.heard.get_mut(&node) {
            *at = now;
        }
    }

    pub(super) fn suspects(&self, now: Instant) -> HashSet<NodeId> {
        let silent = |at: &Instant| now.saturating_duration_since(*at) >= SUSPECTED_AFTER;
        self.heard.iter().filter(|(node, at)| **node != self.me && silent(at)).map(|(node, _)| *node).collect()
    }

    /// Whether a stage that is nobody's is this node's to take: all nodes that live share them alike, and agree.
    pub(super) fn is_ours(&self, stage: StageId) -> bool {
        let weight = |node: &NodeId| {
            let mut hasher = DefaultHasher::new();
            (node.0, stage.0).hash(&mut hasher);
            hasher.finish()
        };
        self.heard.keys().max_by_key(|node| weight(node)).is_none_or(|node| *node == self.me)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    fn peers(me: i64, all: &[i64], now: Instant) -> Peers {
        let mut peers = Peers::default();
        peers.become_node(NodeId(me));
        peers.living(&all.iter().copied().map(NodeId).collect::<Vec<_>>(), now);
        peers
    }

    #[test]
    fn who_is_silent_is_suspected_until_heard_of_again() {
        let now = Instant::now();
        let mut peers = peers(1, &[1, 2, 3], now);
        assert!(peers.suspects(now + 599 * MS).is_empty());
        peers.heard_of(NodeId(3), now + 300 * MS);
        assert_eq!(peers.suspects(now + 600 * MS), [NodeId(2)].into());
        peers.heard_of(NodeId(2), now + 700 * MS);
        assert!(peers.suspects(now + 800 * MS).is_empty());
    }

    #[test]
    fn the_database_says_who_lives() {
        let now = Instant::now();
        let mut peers = peers(2, &[1, 2], now);
        assert_eq!(peers.eldest(), NodeId(1));
        let changed = peers.living(&[NodeId(2), NodeId(5)], now);
        assert_eq!(changed, Changed { came: vec![NodeId(5)], went: vec![NodeId(1)] });
        peers.heard_of(NodeId(1), now);
        assert_eq!((peers.eldest(), peers.heard.len()), (NodeId(2), 2), "who is dead stays dead");
    }

    #[test]
    fn each_stage_is_of_one_survivor_and_few_move() {
        let now = Instant::now();
        let owner = |all: &[i64], stage| {
            let ours: Vec<i64> =
                all.iter().copied().filter(|me| peers(*me, all, now).is_ours(StageId(stage))).collect();
            assert_eq!(ours.len(), 1, "stage {stage} among {all:?}");
            ours[0]
        };
        let mut shares = [0; 3];
        for stage in 0..300 {
            let before = owner(&[1, 2, 3], stage);
            shares[usize::try_from(before).unwrap() - 1] += 1;
            if before != 3 {
                assert_eq!(owner(&[1, 2], stage), before, "only the dead one's move");
            }
        }
        assert!(shares.iter().all(|share| (70..=130).contains(share)), "{shares:?}");
    }
}
