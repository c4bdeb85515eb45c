//! Who is there: distinct users, each with one or more seats (connections).

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use octave_protocol::model::User;
use octave_protocol::{Duration, Instant, Rev, UserId};

use crate::stage::limits::{LEAD_MARGIN, LEAD_MAX, LEAD_MIN, STAT_FRESH};

#[derive(Debug, Clone)]
pub struct Person {
    pub user: Arc<User>,
    seats: u32,
    /// Sorts by arrival.
    arrival: u64,
    /// Has told that it loads songs, so a start may wait for it.
    loads: bool,
    ready: Option<Rev>,
    stat: Option<Stat>,
}

/// A listener's own measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stat {
    pub error: Duration,
    pub rtt: Duration,
    pub output_latency: Duration,
    pub at: Instant,
}

impl Stat {
    /// How long before its sound this listener has to know.
    fn reach(&self) -> Duration {
        let path = self.rtt.0.clamp(0, LEAD_MAX.0 * 2) / 2;
        let device = self.output_latency.0.clamp(0, LEAD_MAX.0);
        Duration(path + device) + LEAD_MARGIN
    }
}

impl Person {
    /// The sync error it told last.
    pub fn error(&self) -> Option<Duration> {
        self.stat.map(|s| s.error)
    }
}

#[derive(Debug, Clone, Default)]
pub struct People {
    present: HashMap<UserId, Person>,
    by_arrival: BTreeMap<u64, UserId>,
    arrivals: u64,
    /// How many of those present load songs.
    loading: usize,
}

/// How far the listeners that load are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Readiness {
    pub ready: usize,
    pub of: usize,
}

impl People {
    pub fn len(&self) -> usize {
        self.present.len()
    }

    pub fn is_empty(&self) -> bool {
        self.present.is_empty()
    }

    pub fn get(&self, id: UserId) -> Option<&Person> {
        self.present.get(&id)
    }

    pub fn contains(&self, id: UserId) -> bool {
        self.present.contains_key(&id)
    }

    /// In the order of arrival.
    pub fn iter(&self) -> impl Iterator<Item = &Person> {
        self.by_arrival.values().filter_map(|id| self.present.get(id))
    }

    /// How many listeners a start may wait for.
    pub fn loading(&self) -> usize {
        self.loading
    }

    pub fn readiness(&self, since: Rev) -> Readiness {
        let ready = self.present.values().filter(|p| p.loads && p.ready.is_some_and(|r| r >= since)).count();
        Readiness { ready, of: self.loading }
    }

    /// The time between a command and its effect that the slowest reasonable listener needs.
    pub fn lead(&self, now: Instant) -> Duration {
        let fresh = self.present.values().filter_map(|p| p.stat).filter(|s| now - s.at <= STAT_FRESH);
        let reach = fresh.map(|s| s.reach()).filter(|r| *r <= LEAD_MAX).max();
        reach.unwrap_or(LEAD_MIN).clamp(LEAD_MIN, LEAD_MAX)
    }
}

impl People {
    pub(super) fn sit(&mut self, user: &Arc<User>) {
        if let Some(person) = self.present.get_mut(&user.id) {
            person.seats += 1;
            return;
        }
        self.arrivals += 1;
        let person =
            Person { user: user.clone(), seats: 1, arrival: self.arrivals, loads: false, ready: None, stat: None };
        self.by_arrival.insert(person.arrival, user.id);
        self.present.insert(user.id, person);
    }

    /// Frees one seat; the person has left with the last one.
    pub(super) fn rise(&mut self, id: UserId) {
        let Some(person) = self.present.get_mut(&id) else { return };
        person.seats = person.seats.saturating_sub(1);
        if person.seats == 0 {
            self.remove(id);
        }
    }

    pub(super) fn remove(&mut self, id: UserId) {
        let Some(person) = self.present.remove(&id) else { return };
        self.by_arrival.remove(&person.arrival);
        self.loading -= usize::from(person.loads);
    }

    pub(super) fn loads(&mut self, id: UserId, ready: Option<Rev>) {
        let Some(person) = self.present.get_mut(&id) else { return };
        self.loading += usize::from(!person.loads);
        person.loads = true;
        person.ready = ready;
    }

    pub(super) fn measured(&mut self, id: UserId, stat: Stat) {
        if let Some(person) = self.present.get_mut(&id) {
            person.stat = Some(stat);
        }
    }

    pub fn seats(&self, id: UserId) -> u32 {
        self.present.get(&id).map_or(0, |p| p.seats)
    }
}
