//! A scenario made so small that it is over in seconds, on a debug build too: it shows that everything still works, and
//! what is no question of speed.

use super::{Objective, Scenario, Work};
use crate::run::crowd::{Churn, Joins};
use crate::run::deaf::Deaf;

/// Figures that say the same however slow the machine is.
const OF_ANY_SPEED: &[&str] = &["disordered", "deaf_not_told", "deaf_kept_bytes"];

const ROOMS: usize = 3;
const MEMBERS: usize = 8;
const IN_FLIGHT: usize = 2;
const WARM_S: f64 = 0.1;
const SECONDS: f64 = 0.5;

impl Scenario {
    /// Bounds of speed become the question whether there is such a figure at all.
    #[must_use]
    pub fn tiny(mut self) -> Self {
        self.runs = 1;
        self.people = self.people.min(4);
        self.work = self.work.tiny();
        for (figure, bound) in self.objectives.iter_mut().chain(&mut self.floors) {
            if !OF_ANY_SPEED.contains(&figure.as_str()) {
                *bound = Objective::MEASURED;
            }
        }
        self
    }
}

impl Work {
    fn tiny(self) -> Self {
        match self {
            Self::Closed(mut work) => {
                small(&mut work.rooms, &mut work.members);
                (work.in_flight, work.warm_s, work.seconds) = (IN_FLIGHT, WARM_S, SECONDS);
                Self::Closed(work)
            }
            Self::Paced(mut work) => {
                small(&mut work.rooms, &mut work.members);
                (work.warm_s, work.seconds) = (WARM_S, SECONDS);
                Self::Paced(work)
            }
            // So fast that what a deaf member is sent reaches the server's bound within eight seconds, also where a look comes late.
            Self::Deaf(work) => Self::Deaf(Deaf {
                hearers: MEMBERS,
                deaf: 2,
                per_second: 20.0,
                warm_s: WARM_S,
                seconds: SECONDS,
                ..work
            }),
            Self::Idle(mut work) => {
                small(&mut work.rooms, &mut work.members);
                Self::Idle(work)
            }
            Self::Joins(_) => Self::Joins(Joins { rooms: ROOMS, members: MEMBERS, at_once: MEMBERS }),
            Self::Churn(_) => Self::Churn(Churn { rooms: ROOMS, at_once: MEMBERS, warm_s: WARM_S, seconds: SECONDS }),
            Self::Chat(mut work) => {
                small(&mut work.rooms, &mut work.senders);
                (work.in_flight, work.warm_s, work.seconds) = (IN_FLIGHT, WARM_S, SECONDS);
                Self::Chat(work)
            }
            Self::Urgent(mut work) => {
                small(&mut work.rooms, &mut work.senders);
                (work.in_flight, work.warm_s, work.seconds) = (work.in_flight.min(IN_FLIGHT), WARM_S, 2.0 * SECONDS);
                Self::Urgent(work)
            }
            Self::Growth(mut work) => {
                work.steps = vec![(ROOMS, 2), (1, MEMBERS)];
                (work.in_flight, work.warm_s, work.seconds) = (IN_FLIGHT, WARM_S, SECONDS);
                Self::Growth(work)
            }
            Self::JoinGrowth(mut work) => {
                work.steps = vec![(ROOMS, 2), (1, MEMBERS)];
                Self::JoinGrowth(work)
            }
            Self::Opening(mut work) => {
                (work.entries, work.lines, work.commands) = (work.entries.min(2_000), 200, 20);
                (work.joins, work.restarts) = (2, 1);
                Self::Opening(work)
            }
        }
    }
}

fn small(rooms: &mut usize, members: &mut usize) {
    (*rooms, *members) = ((*rooms).min(ROOMS), (*members).min(MEMBERS));
}
