//! How this node stands, for `/readyz`, `/metrics` and `octave cluster`.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};

use octave_protocol::{Duration, StageId};
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry as Metrics;
use serde::{Deserialize, Serialize};

use super::clock::Sureness;
use crate::bus::Bus;
use crate::bus::nats::Link;
use crate::presence::People;
use crate::stage::Registry;
use crate::stage::handle::Live;
use crate::store::term::Lease;

/// Cheap to clone: all parts are shared.
#[derive(Debug, Clone)]
pub struct Standing {
    bus: Bus,
    link: Link,
    lease: Lease,
    living: Arc<AtomicUsize>,
    /// By how many microseconds the clock may be off; negative while nobody knows.
    clock_us: Arc<AtomicI64>,
    clock_good: Arc<AtomicBool>,
    draining: Arc<AtomicBool>,
    lag: Lag,
    gauges: Gauges,
}

#[derive(Debug, Clone, Default)]
struct Gauges {
    nodes: Gauge,
    lease: Gauge,
    link: Gauge,
    clock: Gauge,
    lag: Gauge,
    packets: Gauge,
    bytes: Gauge,
    lost: Gauge,
}

/// What a node tells of itself.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Figures {
    pub stages: usize,
    pub listeners: u64,
    pub connections: usize,
    pub nats: bool,
    pub packets_sent: u64,
    pub packets_lost: u64,
    pub clock_bound_us: Option<i64>,
    pub bus_lag_us: i64,
}

impl Standing {
    pub(super) fn new(bus: Bus, link: Link, lease: Lease) -> Self {
        let clock_us = Arc::new(AtomicI64::new(-1));
        Self {
            bus,
            link,
            lease,
            living: Arc::default(),
            clock_us,
            clock_good: Arc::default(),
            draining: Arc::default(),
            lag: Lag::default(),
            gauges: Gauges::default(),
        }
    }

    pub(super) fn living(&self, nodes: usize) {
        self.living.store(nodes, Ordering::Relaxed);
    }

    #[expect(clippy::cast_possible_truncation, reason = "microseconds that clocks differ by")]
    pub(super) fn clock(&self, sureness: Sureness) {
        let us = match sureness {
            Sureness::Leads => 0,
            Sureness::Within(us) => us.ceil() as i64,
            Sureness::Unknown => -1,
        };
        self.clock_us.store(us, Ordering::Relaxed);
        self.clock_good.store(sureness.is_good(), Ordering::Relaxed);
    }

    /// A beat of another node's has come that was so long under way, its waiting here included.
    pub(super) fn lags(&self, by: Duration) {
        // Before that, it says by how much the clocks differ.
        if self.clock_good.load(Ordering::Relaxed) {
            self.lag.is(by);
        }
    }

    /// This node is about to end: nobody new is to be sent here.
    pub fn drain(&self) {
        self.draining.store(true, Ordering::Relaxed);
    }

    /// Whether there is another node to send people to.
    pub fn has_others(&self) -> bool {
        self.living.load(Ordering::Relaxed) > 1
    }

    /// Why this node is not to be used, if it is not.
    pub fn trouble(&self) -> Option<&'static str> {
        if self.draining.load(Ordering::Relaxed) {
            return Some("this node is about to end\n");
        }
        if !self.link.is_up() {
            return Some("NATS does not answer\n");
        }
        if !self.lease.holds() {
            return Some("this node's lease is over\n");
        }
        if !self.clock_good.load(Ordering::Relaxed) {
            return Some("this node's clock is not the cluster's yet\n");
        }
        None
    }

    pub fn register(&self, registry: &mut Metrics) {
        let all = registry.sub_registry_with_prefix("octave_cluster");
        let Gauges { nodes, lease, link, clock, lag, packets, bytes, lost } = &self.gauges;
        all.register("nodes", "Nodes that live, this one too", nodes.clone());
        all.register("lease_held", "1 while this node's lease is good", lease.clone());
        all.register("nats_connected", "1 while NATS is connected", link.clone());
        all.register(
            "clock_bound_us",
            "Microseconds by which the clock is off the eldest node's at most; -1: unknown",
            clock.clone(),
        );
        all.register("bus_lag_us", "Microseconds that what other nodes send is under way of late", lag.clone());
        all.register("packets_sent", "Packets sent to other nodes", packets.clone());
        all.register("bytes_sent", "Bytes sent to other nodes", bytes.clone());
        all.register("packets_lost", "Packets that found no room to leave", lost.clone());
    }

    /// As it is now.
    pub fn read(&self) {
        let set = |gauge: &Gauge, value: u64| {
            gauge.set(i64::try_from(value).unwrap_or(i64::MAX));
        };
        let Gauges { nodes, lease, link, clock, lag, packets, bytes, lost } = &self.gauges;
        clock.set(self.clock_us.load(Ordering::Relaxed));
        lag.set(self.lag.us());
        let figures = self.bus.figures();
        set(nodes, self.living.load(Ordering::Relaxed) as u64);
        set(lease, u64::from(self.lease.holds()));
        set(link, u64::from(self.link.is_up()));
        set(packets, figures.sent.load(Ordering::Relaxed));
        set(bytes, figures.bytes.load(Ordering::Relaxed));
        set(lost, figures.lost.load(Ordering::Relaxed));
    }

    pub(super) fn json(&self, registry: &Registry, people: &People) -> String {
        let stages = registry.live_here();
        let figures = Figures {
            stages: stages.len(),
            listeners: stages.iter().map(|(_, live)| u64::from(live.listeners)).sum(),
            connections: people.connections(),
            nats: self.link.is_up(),
            packets_sent: self.bus.figures().sent.load(Ordering::Relaxed),
            packets_lost: self.bus.figures().lost.load(Ordering::Relaxed),
            clock_bound_us: Some(self.clock_us.load(Ordering::Relaxed)).filter(|us| *us >= 0),
            bus_lag_us: self.lag.us(),
        };
        serde_json::to_string(&figures).unwrap_or_default()
    }
}

/// How long what other nodes send was under way of late, in microseconds: the longest, which fades.
#[derive(Debug, Clone, Default)]
struct Lag(Arc<AtomicI64>);

impl Lag {
    fn is(&self, by: Duration) {
        // Clocks may differ by more than it takes.
        let us = by.as_micros().max(0);
        let longest = |before: i64| Some(us.max(before - before / 16 - 1));
        let _ = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, longest);
    }

    fn us(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// What other nodes were told of stages here.
#[derive(Debug, Default)]
pub(super) struct ToldLive(HashMap<StageId, Live>);

impl ToldLive {
    /// What has changed since.
    pub(super) fn changes(&mut self, now: Vec<(StageId, Live)>) -> Vec<(StageId, Option<Live>)> {
        let mut changes = Vec::new();
        let mut here = HashMap::with_capacity(now.len());
        for (stage, live) in now {
            if self.0.remove(&stage).as_ref() != Some(&live) {
                changes.push((stage, Some(live.clone())));
            }
            here.insert(stage, live);
        }
        // What is left runs here no more.
        changes.extend(self.0.drain().map(|(stage, _)| (stage, None)));
        self.0 = here;
        changes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_stages_what_has_changed_is_told() {
        let live = |listeners| Live { listeners, ..Live::default() };
        let (attic, cellar) = (StageId(1), StageId(2));
        let mut told = ToldLive::default();
        assert_eq!(told.changes(vec![(attic, live(1))]), [(attic, Some(live(1)))]);
        assert_eq!(told.changes(vec![(attic, live(1)), (cellar, live(0))]), [(cellar, Some(live(0)))]);
        assert_eq!(told.changes(vec![(attic, live(2))]), [(attic, Some(live(2))), (cellar, None)]);
        assert_eq!(told.changes(vec![(attic, live(2))]), []);
    }

    #[test]
    fn what_was_long_under_way_is_told_for_a_while_and_fades() {
        let lag = Lag::default();
        lag.is(Duration::from_micros(900));
        lag.is(Duration::from_micros(16_000));
        lag.is(Duration::from_micros(-20));
        assert_eq!(lag.us(), 14_999);
        for _ in 0..200 {
            lag.is(Duration::from_micros(300));
        }
        assert_eq!(lag.us(), 300);
    }
}
