//! The database's connections, for `/metrics`.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use crate::store::Db;

/// Cheap to clone: all parts are shared.
#[derive(Debug, Clone, Default)]
pub(super) struct Pools {
    connections: Family<InState, Gauge>,
    most: Family<OfPool, Gauge>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct InState {
    pool: &'static str,
    state: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfPool {
    pool: &'static str,
}

impl Pools {
    pub(super) fn register(&self, registry: &mut Registry) {
        let all = registry.sub_registry_with_prefix("octave_database");
        all.register("connections", "Connections to the database, in use or idle", self.connections.clone());
        all.register("connections_max", "Connections to the database, at most", self.most.clone());
    }

    /// As it is now.
    pub(super) fn read(&self, db: &Db) {
        for figures in db.pools() {
            let pool = figures.pool;
            let set = |state, value| {
                self.connections.get_or_create(&InState { pool, state }).set(i64::from(value));
            };
            set("idle", figures.idle);
            set("used", figures.open.saturating_sub(figures.idle));
            self.most.get_or_create(&OfPool { pool }).set(i64::from(figures.most));
        }
    }
}
