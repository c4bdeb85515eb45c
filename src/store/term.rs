//! How long this process may take for its own what is a node's.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use tokio::time::Instant;

use crate::bus::NodeId;

/// How long after it was sent a renewal is believed in: what is left of [`LEASE_MS`](super::nodes::LEASE_MS) is for what was under way.
const BELIEVED: Duration = Duration::from_millis(1_400);

/// What this process may do as a node; cheap to clone.
#[derive(Debug, Clone)]
pub struct Lease(Arc<State>);

#[derive(Debug)]
struct State {
    base: Instant,
    /// Microseconds after `base` until which the lease is believed in.
    until: AtomicI64,
    node: AtomicI64,
}

impl Lease {
    pub fn new() -> Self {
        Self(Arc::new(State { base: Instant::now(), until: AtomicI64::new(0), node: AtomicI64::new(0) }))
    }

    /// Whether nobody else can have taken over what is this node's.
    pub fn holds(&self) -> bool {
        self.holds_at(Instant::now())
    }

    fn holds_at(&self, now: Instant) -> bool {
        micros(now - self.0.base) < self.0.until.load(Ordering::Acquire)
    }

    pub fn node(&self) -> NodeId {
        NodeId(self.0.node.load(Ordering::Acquire))
    }

    pub(super) fn renewed(&self, sent: Instant) {
        self.0.until.store(micros(sent + BELIEVED - self.0.base), Ordering::Release);
    }

    pub(super) fn begin(&self, node: NodeId) {
        self.0.until.store(0, Ordering::Release);
        self.0.node.store(node.0, Ordering::Release);
    }
}

impl Default for Lease {
    fn default() -> Self {
        Self::new()
    }
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_lease_is_believed_in_from_when_its_renewal_was_sent() {
        let lease = Lease::new();
        let now = Instant::now();
        assert!(!lease.holds_at(now), "before the first");
        lease.begin(NodeId(3));
        lease.renewed(now);
        let ms = Duration::from_millis;
        assert!(lease.holds_at(now + ms(1_399)) && !lease.holds_at(now + ms(1_400)));
        lease.renewed(now + ms(500));
        assert!(lease.holds_at(now + ms(1_899)) && !lease.holds_at(now + ms(1_900)));
        lease.begin(NodeId(4));
        assert!(!lease.holds_at(now), "another node begins with nothing");
    }
}
