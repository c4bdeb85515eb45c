//! Whatever people do, the songs behind the one that plays are played in order, none is passed over, and a stage that has
//! one left is not silent.

use std::collections::HashSet;

use octave_protocol::model::Repeat;
use octave_protocol::{Duration, EntryId, Instant};
use proptest::prelude::*;

use super::chance::{NAMES, command};
use super::restart::saved;
use super::script::{song, stage, user};
use crate::stage::core::{
    Admission, Basis, Cause, Command, Decided, Durable, Event, Immediate, Motion, QueueEvent, Stage,
};
use crate::stage::limits::LEAD_MAX;

/// The queue as people see it: a list, with a finger on what plays or played last, also when that was taken out.
#[derive(Debug, Default)]
struct List {
    items: Vec<Item>,
    finger: Option<usize>,
    played: HashSet<EntryId>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Item {
    Entry(EntryId),
    TakenOut,
}

impl List {
    fn find(&self, id: EntryId) -> Option<usize> {
        self.items.iter().position(|item| *item == Item::Entry(id))
    }

    fn entries(&self) -> Vec<EntryId> {
        let entries = self.items.iter().filter_map(|item| match item {
            Item::Entry(id) => Some(*id),
            Item::TakenOut => None,
        });
        entries.collect()
    }

    /// In front of the entry that is the `index`-th now.
    fn insert(&mut self, index: usize, item: Item) {
        let at = self.entries().get(index).and_then(|id| self.find(*id)).unwrap_or(self.items.len());
        self.items.insert(at, item);
        self.finger = self.finger.map(|finger| finger + usize::from(at <= finger));
    }

    fn take_out(&mut self, id: EntryId) {
        let Some(at) = self.find(id) else { return };
        if self.finger == Some(at) {
            self.items[at] = Item::TakenOut;
        } else {
            self.items.remove(at);
            self.finger = self.finger.map(|finger| finger - usize::from(at < finger));
        }
    }

    fn point_at(&mut self, id: EntryId) {
        self.items.retain(|item| *item != Item::TakenOut);
        self.finger = self.find(id);
    }

    /// A new order of the same entries, of which those from `from` on were drawn while `current` played.
    fn redraw(&mut self, order: &[EntryId], from: usize, current: Option<EntryId>) {
        let before = self.finger.map(|finger| self.items[..finger].iter().filter(|i| **i != Item::TakenOut).count());
        let points_at = self.finger.map(|finger| self.items[finger]);
        self.items = order.iter().map(|id| Item::Entry(*id)).collect();
        let drawn = current.and_then(|id| self.find(id)).is_some_and(|at| at >= from);
        let (gap, finger) = match points_at {
            None => return,
            Some(_) if current.is_none() => (Some(order.len()), order.len()),
            Some(_) if drawn => (Some(from), from),
            Some(Item::TakenOut) => (before, before.unwrap()),
            Some(Item::Entry(id)) => (None, self.find(id).unwrap()),
        };
        if let Some(at) = gap {
            self.items.insert(at, Item::TakenOut);
        }
        self.finger = Some(finger);
    }

    fn happens(&mut self, before: &Stage, event: Event<'_>, after: &Stage) {
        let current = before.timeline().entry();
        match event {
            Event::Durable(Durable::Queue(QueueEvent::Added { index, entries, .. })) => {
                for (n, entry) in entries.iter().enumerate() {
                    self.insert(index + n, Item::Entry(entry.id));
                }
            }
            Event::Durable(Durable::Queue(QueueEvent::Removed { entry, .. })) => self.take_out(*entry),
            Event::Durable(Durable::Queue(QueueEvent::Moved { entry, index, .. })) => {
                let follows = current == Some(*entry) && self.finger == self.find(*entry);
                self.take_out(*entry);
                self.insert(*index, Item::Entry(*entry));
                if follows {
                    self.point_at(*entry);
                }
            }
            Event::Durable(Durable::Queue(QueueEvent::Cleared { keep, .. })) => {
                for id in self.entries().into_iter().filter(|id| Some(*id) != *keep) {
                    self.take_out(id);
                }
            }
            Event::Durable(Durable::Queue(QueueEvent::Shuffled { from, .. })) => {
                let order: Vec<EntryId> = after.queue().entries().map(|(_, e)| e.id).collect();
                assert_eq!(order[..*from], self.entries()[..*from], "what has played stays");
                self.redraw(&order, *from, current);
            }
            Event::Immediate(Immediate::Timeline { statement, cause, new_round, .. }) => {
                if *new_round {
                    self.played.clear();
                }
                let Some(track) = &statement.track else { return };
                let anew = matches!(cause, Cause::Advanced | Cause::Skipped(_) | Cause::VotedOff);
                self.played.insert(track.entry);
                if (anew || current != Some(track.entry)) && self.find(track.entry).is_some() {
                    self.point_at(track.entry);
                }
            }
            _ => {}
        }
        assert_eq!(self.entries(), after.queue().entries().map(|(_, e)| e.id).collect::<Vec<_>>());
    }

    /// What may follow by itself: one of these, and whether it is reached by starting again from the top.
    fn following(&self, stage: &Stage) -> (Vec<EntryId>, bool) {
        let (current, mode) = (stage.timeline().entry(), stage.queue().mode());
        if current.is_none() && stage.timeline().said().motion == Motion::Stopped {
            return (Vec::new(), false);
        }
        if let Some(id) = current.filter(|id| mode.repeat == Repeat::One && self.find(*id).is_some()) {
            return (vec![id], false);
        }
        let all = self.entries();
        let left: Vec<EntryId> = if mode.shuffle {
            all.iter().copied().filter(|id| Some(*id) != current && !self.played.contains(id)).collect()
        } else {
            let behind = self.items.iter().skip(self.finger.map_or(0, |finger| finger + 1));
            let entries = behind.filter_map(|item| match item {
                Item::Entry(id) if Some(*id) != current => Some(*id),
                _ => None,
            });
            entries.take(1).collect()
        };
        if !left.is_empty() || mode.repeat != Repeat::All {
            return (left, false);
        }
        let again = if mode.shuffle { all.len() } else { 1 };
        (all.into_iter().take(again).collect(), true)
    }
}

struct World {
    stage: Stage,
    list: List,
    now: Instant,
    in_flight: Vec<Durable>,
}

impl World {
    fn new() -> Self {
        let mut world =
            Self { stage: stage(), list: List::default(), now: Instant(1_700_000_000_000_000), in_flight: Vec::new() };
        world.all_come();
        world
    }

    fn all_come(&mut self) {
        for name in NAMES {
            self.happens(&Immediate::Joined { user: user(name), guest: None });
        }
    }

    fn happens<'a>(&mut self, event: impl Into<Event<'a>>) {
        let event = event.into();
        let before = self.stage.clone();
        self.stage.evolve(event);
        self.list.happens(&before, event, &self.stage);
    }

    fn commit(&mut self) {
        for event in std::mem::take(&mut self.in_flight) {
            self.happens(&event);
        }
    }

    fn settle(&mut self) {
        loop {
            let (next, wraps) = self.list.following(&self.stage);
            let events = self.stage.settle(self.now);
            if events.is_empty() {
                break;
            }
            for event in &events {
                if let Immediate::Timeline { statement, cause: Cause::Advanced, new_round, .. } = event {
                    let track = statement.track.as_ref().map(|t| t.entry);
                    assert!(track.map_or(next.is_empty(), |id| next.contains(&id)), "{track:?} follows, not {next:?}");
                    assert!(track.is_none() || *new_round == wraps);
                }
                self.happens(event);
            }
        }
        let (next, _) = self.list.following(&self.stage);
        let told = self.stage.statement().next.map(|n| n.entry);
        assert!(told.map_or(next.is_empty(), |id| next.contains(&id)), "{told:?} is announced, not {next:?}");
        let silent = self.stage.timeline().said().motion == Motion::Dry;
        assert!(!silent || next.is_empty(), "silent with {next:?} left");
    }

    fn pass(&mut self, time: Duration) {
        let until = self.now + time;
        while let Some(due) = self.stage.next_due().filter(|due| *due <= until) {
            self.now = self.now.max(due);
            self.settle();
        }
        self.now = until;
    }

    fn does(&mut self, who: usize, command: Command) {
        let who = user(NAMES[who]);
        let command = match command {
            Command::Join { .. } => Command::Join { user: who.clone(), admission: Admission::Stranger },
            other => other,
        };
        if command.basis() == Basis::Settled {
            self.commit();
        }
        match self.stage.decide(who.id, command, self.now) {
            Ok(Decided::Durable(events)) => self.in_flight.extend(events),
            Ok(Decided::Immediate(events)) => events.iter().for_each(|event| self.happens(event)),
            Err(_) => {}
        }
    }

    /// The process ends, with what is under way, and another one opens what is stored: `passed` later by a clock that
    /// may have been set back.
    fn restarts(&mut self, passed: Duration) {
        self.in_flight.clear();
        self.now = self.now + passed;
        let stored = saved(&self.stage);
        let excerpt = stored.clone().excerpt();
        let (mut stage, began) =
            Stage::restore(if excerpt.holds_at(self.now) { excerpt } else { stored.clone() }, self.now);
        if !stage.queue().is_whole() {
            stage.complete(stored.entries);
        }
        let mut then = self.stage.clone();
        // What plays is known though it was taken out of the queue.
        let current = then.timeline().entry();
        if let Some(id) = current.filter(|id| self.list.find(*id).is_some()) {
            self.list.point_at(id);
        }
        if began.is_empty() && stage.timeline().said().motion != Motion::Dry {
            assert_eq!(stage.timeline().entry(), current, "what was current is");
        }
        for id in began {
            let (next, wraps) = self.list.following(&then);
            assert!(next.contains(&id), "{id:?} has begun meanwhile, not {next:?}");
            if wraps {
                self.list.played.clear();
            }
            self.list.played.insert(id);
            self.list.point_at(id);
            then.timeline.said.track = then.queue().get(id).map(|entry| super::super::Track {
                entry: id,
                song: entry.song.clone(),
                ord: then.queue().ord_of(id).unwrap(),
            });
        }
        assert!(stage.timeline().said().at <= self.now + LEAD_MAX, "nothing is planned far ahead");
        self.stage = stage;
        self.settle();
        self.all_come();
        self.settle();
    }
}

#[derive(Debug, Clone)]
enum Step {
    /// Durable facts are applied `late`: when the next one is decided.
    Does {
        who: usize,
        command: Command,
        late: bool,
    },
    QueuesMany {
        songs: usize,
        position: Option<u32>,
    },
    Passes(Duration),
    /// Until the song that plays is over.
    Ends,
    Restarts(Duration),
}

fn step() -> impl Strategy<Value = Step> {
    let passed = prop_oneof![Just(0), 0..300_000_000i64, 0..40_000_000_000i64].prop_map(Duration);
    let set_back = prop_oneof![2 => passed.clone(), 1 => (-9_000_000_000..0i64).prop_map(Duration)];
    prop_oneof![
        20 => (0..4usize, command(), any::<bool>()).prop_map(|(who, command, late)| Step::Does { who, command, late }),
        1 => (200..230usize, proptest::option::of(0..3u32))
            .prop_map(|(songs, position)| Step::QueuesMany { songs, position }),
        3 => passed.prop_map(Step::Passes),
        4 => Just(Step::Ends),
        2 => set_back.prop_map(Step::Restarts),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn what_stands_behind_is_played_in_order_and_none_is_passed_over(steps in proptest::collection::vec(step(), 1..80)) {
        let mut world = World::new();
        for step in steps {
            match step {
                Step::Does { who, command, late } => {
                    world.does(who, command);
                    if !late {
                        world.commit();
                    }
                }
                Step::QueuesMany { songs, position } => {
                    world.does(0, Command::Add { songs: vec![song("A", Duration::from_secs(60)); songs], position });
                    world.commit();
                }
                Step::Passes(time) => world.pass(time),
                Step::Ends => {
                    if let Some(end) = world.stage.timeline().said().end() {
                        world.pass((end - world.now).max(Duration::ZERO));
                    }
                }
                Step::Restarts(passed) => world.restarts(passed),
            }
            world.settle();
        }
    }
}
