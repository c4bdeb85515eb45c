//! The clock of the cluster: each node follows the oldest one's.
//!
//! A burst of probes is asked now and then and judged by the same estimator as a listener's. What it says is steered towards, never
//! jumped to, but for the first time, when nobody has been told the time yet. Who becomes the oldest goes on with the clock as it
//! has been steered, so that nothing moves when the one before it ends.

use octave_protocol::clock::{ClockEstimator, Probe};
use tokio::time::{Duration, Instant};

use crate::base::clock::Clock;
use crate::bus::NodeId;

/// Probes of one burst, and the time between two of them.
pub(super) const PROBES: u32 = 5;
pub(super) const BETWEEN: Duration = Duration::from_millis(15);
/// How long the answers of a burst are waited for.
const ANSWERS_WITHIN: Duration = Duration::from_millis(250);
/// Until so many bursts are known they follow one another closely.
const FIRST_BURSTS: u32 = 8;
const FIRST_EVERY: Duration = Duration::from_millis(300);
const EVERY: Duration = Duration::from_secs(2);
/// A node whose clock may be off by more is not to be used.
const BOUND_MAX_US: f64 = 1_000.0;
/// How long a clock is good for that has lost whom it followed; in so long it drifts by some microseconds.
const KEPT: Duration = Duration::from_secs(10);
/// Bursts without which nothing is steered by.
const BELIEVED_FROM: u32 = 3;

#[derive(Debug)]
pub(super) struct Follow {
    clock: Clock,
    leader: Option<NodeId>,
    estimator: ClockEstimator,
    probes: Vec<Probe>,
    bursts: u32,
    /// When the present burst is judged, and when the next one begins.
    judged_at: Option<Instant>,
    next_at: Instant,
    was_set: bool,
    /// How sure it was before the one who leads changed, and how long that is good for: all have followed the same clock.
    before: Option<(Instant, f64)>,
}

/// How sure a node is of the cluster's clock.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Sureness {
    /// It is the cluster's.
    Leads,
    /// Off by so many microseconds at most.
    Within(f64),
    Unknown,
}

impl Sureness {
    pub(super) fn is_good(self) -> bool {
        match self {
            Self::Leads => true,
            Self::Within(us) => us <= BOUND_MAX_US,
            Self::Unknown => false,
        }
    }
}

impl Follow {
    pub(super) fn new(clock: Clock) -> Self {
        Self {
            clock,
            leader: None,
            estimator: ClockEstimator::new(),
            probes: Vec::new(),
            bursts: 0,
            judged_at: None,
            next_at: Instant::now(),
            was_set: false,
            before: None,
        }
    }

    /// Who is followed; none if this node leads.
    pub(super) fn follow(&mut self, leader: Option<NodeId>) {
        if self.leader == leader {
            return;
        }
        self.before = match self.sureness() {
            _ if !self.was_set => None,
            Sureness::Leads => Some((Instant::now() + KEPT, 0.0)),
            Sureness::Within(us) => Some((Instant::now() + KEPT, us)),
            Sureness::Unknown => None,
        };
        self.leader = leader;
        self.estimator = ClockEstimator::new();
        self.probes.clear();
        self.bursts = 0;
        self.judged_at = None;
        self.next_at = Instant::now();
        if leader.is_none() {
            // Its clock is the cluster's from here on, as it stands.
            self.was_set = true;
            let ahead = self.clock.now() - self.clock.bare();
            self.clock.steer(to_f64(ahead.0));
        }
    }

    /// Whom to ask for a burst now.
    pub(super) fn begins(&mut self, now: Instant) -> Option<NodeId> {
        let leader = self.leader?;
        // What is under way is judged first.
        if self.next_at > now || self.judged_at.is_some() {
            return None;
        }
        self.probes.clear();
        self.judged_at = Some(now + BETWEEN * PROBES + ANSWERS_WITHIN);
        self.next_at =
            now + if self.bursts < FIRST_BURSTS { FIRST_EVERY.max(BETWEEN * PROBES + ANSWERS_WITHIN) } else { EVERY };
        Some(leader)
    }

    /// The instant of a question, or of its answer's arrival, on the clock that nobody steers.
    pub(super) fn bare_us(&self) -> i64 {
        self.clock.bare().0
    }

    /// An answer has come: when it was asked, when it was read, and when it was answered.
    pub(super) fn answered(&mut self, from: NodeId, t0: i64, t1: i64, t2: i64) {
        if self.leader == Some(from) && self.judged_at.is_some() {
            let [t0, t1, t2, t3] = [t0, t1, t2, self.bare_us()].map(to_f64);
            self.probes.push(Probe { t0, t1, t2, t3 });
        }
    }

    /// Judges a burst whose time is over, and steers.
    pub(super) fn judge(&mut self, now: Instant) {
        if self.judged_at.is_none_or(|at| at > now) {
            return;
        }
        self.judged_at = None;
        if self.probes.is_empty() {
            return;
        }
        self.estimator.burst(&self.probes);
        self.bursts += 1;
        if self.bursts < BELIEVED_FROM {
            return;
        }
        let bare = to_f64(self.bare_us());
        let ahead = self.estimator.to_server(bare) - bare;
        if self.was_set {
            self.clock.steer(ahead);
        } else {
            self.was_set = true;
            self.clock.set(ahead);
        }
    }

    pub(super) fn sureness(&self) -> Sureness {
        match self.leader {
            None => Sureness::Leads,
            Some(_) if self.bursts < BELIEVED_FROM => match self.before {
                Some((until, us)) if Instant::now() < until => Sureness::Within(us),
                _ => Sureness::Unknown,
            },
            Some(_) => {
                let bare = self.clock.bare();
                let steered = to_f64((self.clock.now() - bare).0);
                let bare = to_f64(bare.0);
                // What is still to be steered is known, and off all the same.
                let behind = (self.estimator.to_server(bare) - bare - steered).abs();
                Sureness::Within(self.estimator.bound_us(bare) + behind)
            }
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "exact below 2^53, which is in the year 2255")]
fn to_f64(us: i64) -> f64 {
    us as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: NodeId = NodeId(1);

    /// One burst from a leader whose clock is ahead by so much, over ways of so long.
    async fn burst(follow: &mut Follow, ahead: i64) {
        tokio::time::advance(follow.next_at.saturating_duration_since(Instant::now())).await;
        assert_eq!(follow.begins(Instant::now()), Some(OLD));
        for n in 0..5 {
            let t3 = follow.bare_us();
            let (up, down) = (120 + n * 7, 110 + n * 5);
            let t1 = t3 - down + ahead;
            follow.answered(OLD, t3 - down - up, t1, t1);
        }
        tokio::time::advance(Duration::from_millis(400)).await;
        assert_eq!(follow.begins(Instant::now()), None, "before this one is judged");
        follow.judge(Instant::now());
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_estimate_is_taken_and_later_ones_are_steered_to() {
        let clock = Clock::starting_at(octave_protocol::Instant(1_700_000_000_000_000)).steered();
        let mut follow = Follow::new(clock);
        assert_eq!(follow.begins(Instant::now()), None, "alone it leads");
        assert_eq!(follow.sureness(), Sureness::Leads);
        follow.follow(Some(OLD));
        assert!(!follow.sureness().is_good(), "{:?}", follow.sureness());
        for _ in 0..BELIEVED_FROM {
            burst(&mut follow, 40_000).await;
        }
        let ahead = (clock.now() - clock.bare()).0;
        assert!((39_850..=40_150).contains(&ahead), "{ahead}");
        assert!(follow.sureness().is_good(), "{:?}", follow.sureness());
        // The leader ends: this one goes on as it is.
        follow.follow(None);
        tokio::time::advance(Duration::from_secs(10)).await;
        assert_eq!((clock.now() - clock.bare()).0, ahead);
        // Another leads, whose clock is a millisecond on: nothing jumps.
        follow.follow(Some(OLD));
        assert!(follow.sureness().is_good(), "no node is left out because another has ended");
        for _ in 0..BELIEVED_FROM {
            burst(&mut follow, 41_000).await;
        }
        assert_eq!((clock.now() - clock.bare()).0, ahead);
        tokio::time::advance(Duration::from_secs(1)).await;
        assert_eq!((clock.now() - clock.bare()).0, ahead + 500);
    }

    #[tokio::test(start_paused = true)]
    async fn answers_of_others_and_late_ones_do_not_count() {
        let mut follow = Follow::new(Clock::starting_at(octave_protocol::Instant(1_000_000)).steered());
        follow.follow(Some(OLD));
        let now = Instant::now();
        follow.begins(now);
        follow.answered(NodeId(2), 1, 2, 3);
        assert!(follow.probes.is_empty());
        follow.judge(now + Duration::from_secs(1));
        follow.answered(OLD, 1, 2, 3);
        assert!(follow.probes.is_empty() && follow.bursts == 0);
    }
}
