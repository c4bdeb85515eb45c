//! Who is there: distinct users, each with one or more seats (connections).

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use octave_protocol::model::User;
use octave_protocol::{Duration, Instant, Rev, UserId};

use super::command::Reach;
use crate::stage::limits::{LEAD_MARGIN, LEAD_MAX, LEAD_MIN, STAT_FRESH};

#[derive(Debug, Clone)]
pub struct Person {
    pub user: Arc<User>,
    seats: u32,
    /// Seats that steer without sound.
    remotes: u32,
    /// Sorts by arrival.
    arrival: u64,
    loads: Loads,
    ready: Option<Rev>,
    stat: Option<Stat>,
}

/// A listener's own measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stat {
    /// Absent while nothing sounds.
    pub error: Option<Duration>,
    pub reach: Reach,
    pub at: Instant,
}

impl Reach {
    /// How long before its instant a statement has to leave the server.
    fn needs(&self) -> Duration {
        let path = self.rtt.0.clamp(0, LEAD_MAX.0 * 2) / 2;
        let device = self.output_latency.0.clamp(0, LEAD_MAX.0);
        let early = self.offset.0.clamp(0, LEAD_MAX.0);
        Duration(path + device + early) + LEAD_MARGIN
    }
}

impl Person {
    /// The sync error it told last.
    pub fn error(&self) -> Option<Duration> {
        self.stat.and_then(|s| s.error)
    }

    /// Whether all of their devices steer without sound.
    pub fn is_remote(&self) -> bool {
        self.remotes >= self.seats
    }

    fn is_ready(&self, since: Rev) -> bool {
        self.ready.is_some_and(|rev| rev >= since)
    }
}

/// Whether a start may wait for somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Loads {
    /// Has never told that it loads songs.
    Untold,
    /// Tells, and is waited for.
    InTime,
    /// Was not ready when the last start had waited long enough: not waited for until it is ready for once. So a phone
    /// that sleeps holds a stage up once, not at every song.
    Late,
}

#[derive(Debug, Clone, Default)]
pub struct People {
    present: HashMap<UserId, Person>,
    by_arrival: BTreeMap<u64, UserId>,
    arrivals: u64,
    /// How many of those present load songs in time.
    loading: usize,
    /// How many of those present are guests.
    guests: usize,
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

    /// How many have an account.
    pub fn accounts(&self) -> usize {
        self.present.len() - self.guests
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
        let ready = self.present.values().filter(|p| p.loads == Loads::InTime && p.is_ready(since)).count();
        Readiness { ready, of: self.loading }
    }

    /// The time between a command and its effect that the slowest reasonable listener needs.
    pub fn lead(&self, now: Instant) -> Duration {
        let fresh = self.present.values().filter_map(|p| p.stat).filter(|s| now - s.at <= STAT_FRESH);
        let needs = fresh.map(|s| s.reach.needs()).filter(|n| *n <= LEAD_MAX).max();
        needs.unwrap_or(LEAD_MIN).clamp(LEAD_MIN, LEAD_MAX)
    }
}

impl People {
    pub(super) fn sit(&mut self, user: &Arc<User>) {
        if let Some(person) = self.present.get_mut(&user.id) {
            person.seats += 1;
            // A guest who has an account by now.
            if person.user.guest && !user.guest {
                person.user = user.clone();
                self.guests -= 1;
            }
            return;
        }
        self.arrivals += 1;
        self.guests += usize::from(user.guest);
        let person = Person {
            user: user.clone(),
            seats: 1,
            remotes: 0,
            arrival: self.arrivals,
            loads: Loads::Untold,
            ready: None,
            stat: None,
        };
        self.by_arrival.insert(person.arrival, user.id);
        self.present.insert(user.id, person);
    }

    /// Frees one seat; the person has left with the last one.
    pub(super) fn rise(&mut self, id: UserId) {
        let Some(person) = self.present.get_mut(&id) else { return };
        person.seats = person.seats.saturating_sub(1);
        match person.seats {
            0 => self.remove(id),
            _ if person.is_remote() => self.quiet(id),
            _ => {}
        }
    }

    pub(super) fn remove(&mut self, id: UserId) {
        let Some(person) = self.present.remove(&id) else { return };
        self.by_arrival.remove(&person.arrival);
        self.loading -= usize::from(person.loads == Loads::InTime);
        self.guests -= usize::from(person.user.guest);
    }

    pub(super) fn loads(&mut self, id: UserId, ready: Option<Rev>) {
        let Some(person) = self.present.get_mut(&id) else { return };
        if person.loads == Loads::Untold || (person.loads == Loads::Late && ready.is_some()) {
            person.loads = Loads::InTime;
            self.loading += 1;
        }
        person.ready = ready;
    }

    /// A start that waited has begun: who was not ready for the song is late.
    pub(super) fn starts(&mut self, since: Rev) {
        for person in self.present.values_mut().filter(|p| p.loads == Loads::InTime && !p.is_ready(since)) {
            person.loads = Loads::Late;
            self.loading -= 1;
        }
    }

    pub(super) fn measured(&mut self, id: UserId, stat: Stat) {
        if let Some(person) = self.present.get_mut(&id) {
            let error = stat.error.or(person.error());
            person.stat = Some(Stat { error, ..stat });
        }
    }

    /// So many of somebody's seats are without sound.
    pub(super) fn steers(&mut self, id: UserId, remotes: u32) {
        let Some(person) = self.present.get_mut(&id) else { return };
        person.remotes = remotes;
        if person.is_remote() {
            self.quiet(id);
        }
    }

    /// Nobody but this one sounds from now on.
    pub(super) fn quiet_but(&mut self, speaker: UserId) {
        let others: Vec<UserId> = self.present.keys().copied().filter(|id| *id != speaker).collect();
        for id in others {
            self.quiet(id);
        }
    }

    /// What they told of their sound is over: no start waits for them, and no command leaves them time.
    fn quiet(&mut self, id: UserId) {
        let Some(person) = self.present.get_mut(&id) else { return };
        self.loading -= usize::from(person.loads == Loads::InTime);
        (person.loads, person.ready, person.stat) = (Loads::Untold, None, None);
    }

    pub fn seats(&self, id: UserId) -> u32 {
        self.present.get(&id).map_or(0, |p| p.seats)
    }
}
