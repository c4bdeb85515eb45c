//! Random queues: the order is that of a list of turns, drawn up one round after the other; playing what is first leaves the
//! others as they stand; and a restart changes nothing.

use std::collections::HashSet;

use octave_protocol::client::ControlAction;
use octave_protocol::model::{QueueOrder, Repeat};
use octave_protocol::{Duration, EntryId, Instant, UserId};
use proptest::prelude::*;

use super::super::chance::NAMES;
use super::super::script::{song, stage, user};
use super::saved;
use crate::stage::core::{Admission, Cause, Command, Decided, Immediate, Stage, StageChange, Steer, TurnsChange};

struct World {
    stage: Stage,
    now: Instant,
}

/// What waits, in the order in which it stands.
fn waiting(stage: &Stage) -> Vec<EntryId> {
    let (queue, current) = (stage.queue(), stage.timeline().entry());
    let entries = queue.entries().map(|(_, entry)| entry.id);
    entries.filter(|id| Some(*id) != current && !queue.is_played(*id)).collect()
}

/// What has played in this round of the queue, in that order: whose songs.
fn played(stage: &Stage) -> Vec<UserId> {
    let queue = stage.queue();
    let mut played: Vec<_> = queue.entries().filter(|(_, entry)| queue.is_played(entry.id)).collect();
    played.sort_by_key(|(_, entry)| queue.played_at(entry.id));
    played.into_iter().map(|(_, entry)| entry.added_by.id).collect()
}

/// One round after the other: of everybody who has not had their turn in it the best song, the best of those first.
fn drawn_up(stage: &Stage) -> Vec<EntryId> {
    let queue = stage.queue();
    let mut left: Vec<(i64, EntryId, UserId)> = waiting(stage)
        .into_iter()
        .map(|id| (-i64::from(queue.votes(id)), id, queue.get(id).unwrap().added_by.id))
        .collect();
    left.sort_unstable();
    if stage.about().turns.order == QueueOrder::Votes {
        return left.into_iter().map(|(_, id, _)| id).collect();
    }
    let mut had: HashSet<UserId> = HashSet::new();
    for who in played(stage) {
        if had.contains(&who) {
            had.clear();
        }
        had.insert(who);
    }
    let mut order = Vec::new();
    while !left.is_empty() {
        left.retain(|(_, id, who)| {
            let turn = had.insert(*who);
            if turn {
                order.push(*id);
            }
            !turn
        });
        had.clear();
    }
    order
}

impl World {
    fn new(order: QueueOrder) -> Self {
        let mut world = Self { stage: stage(), now: Instant(1_700_000_000_000_000) };
        for name in NAMES {
            world.does(user(name).id, Command::Join { user: user(name), admission: Admission::Stranger });
        }
        world.orders(order);
        world
    }

    fn orders(&mut self, order: QueueOrder) {
        let turns = TurnsChange { order: Some(order), max_waiting: None };
        self.does(user("ana").id, Command::Update(StageChange { turns, ..StageChange::default() }));
    }

    fn does(&mut self, who: UserId, command: Command) {
        match self.stage.decide(who, command, self.now) {
            Ok(Decided::Durable(events)) => events.iter().for_each(|event| self.stage.evolve(event)),
            Ok(Decided::Immediate(events)) => events.iter().for_each(|event| self.stage.evolve(event)),
            Err(_) => {}
        }
        self.settle();
    }

    fn settle(&mut self) {
        for turn in 0.. {
            assert!(turn < 1_000, "putting in order comes to an end");
            let events = self.stage.settle(self.now);
            for event in &events {
                self.stage.evolve(event);
                let plays_another = matches!(event, Immediate::Timeline { cause, .. } if *cause != Cause::Announced);
                if plays_another {
                    self.arrange();
                }
            }
            if events.is_empty() && !self.arrange() {
                break;
            }
        }
        self.is_in_order();
    }

    fn arrange(&mut self) -> bool {
        let is_needed = self.stage.is_out_of_order();
        if is_needed {
            let Ok(Decided::Durable(events)) = self.stage.decide(user("ana").id, Command::Arrange, self.now) else {
                panic!("the queue can be put in order")
            };
            assert!(!events.is_empty());
            for event in &events {
                self.stage.evolve(event);
            }
            assert!(!self.stage.is_out_of_order(), "at once");
        }
        is_needed
    }

    fn is_in_order(&self) {
        let wanted = drawn_up(&self.stage);
        assert_eq!(waiting(&self.stage), wanted);
        let queue = self.stage.queue();
        let ords: Vec<i64> = queue.entries().map(|(ord, _)| ord).collect();
        assert!(ords.is_sorted_by(|a, b| a < b), "sort keys rise");
        let Some(cursor) = self.stage.timeline().cursor() else { return };
        for id in &wanted {
            assert!(queue.ord_of(*id).unwrap() > cursor, "{id:?} would be passed over");
        }
        let again = queue.entries().any(|(ord, entry)| ord > cursor && queue.is_played(entry.id));
        let next = self.stage.statement().next.map(|next| next.entry);
        if !again && self.stage.timeline().track().is_some() && !wanted.is_empty() {
            assert_eq!(next, wanted.first().copied(), "what is announced is first");
        }
    }

    /// Until the song that plays is over.
    fn ends(&mut self) {
        let Some(end) = self.stage.timeline().said().end() else { return };
        let (before, next) = (waiting(&self.stage), self.stage.statement().next.map(|next| next.entry));
        self.now = self.now.max(end);
        self.settle();
        let in_turn = next.is_some() && next == before.first().copied();
        if in_turn && self.stage.timeline().entry() == next {
            assert_eq!(waiting(&self.stage), before[1..], "the others stand as they stood");
        }
    }

    fn restarts(&mut self) {
        let before = waiting(&self.stage);
        let (stage, began) = Stage::restore(saved(&self.stage), self.now);
        self.stage = stage;
        if began.is_empty() {
            assert_eq!(waiting(&self.stage), before);
            assert!(!self.stage.is_out_of_order(), "nothing has to be put in order anew");
        }
        for name in NAMES {
            self.does(user(name).id, Command::Join { user: user(name), admission: Admission::Stranger });
        }
    }

    fn steers(&mut self, action: ControlAction, entry: Option<EntryId>) {
        let steer = Steer { action, position: None, entry, expect_rev: None };
        self.does(user("ana").id, Command::Control(steer));
    }

    fn step(&mut self, step: &Step) {
        let nth = |n: usize| {
            let mut entries = self.stage.queue().entries().map(|(_, entry)| entry.id);
            entries.nth(n % self.stage.queue().len().max(1)).unwrap_or(EntryId(999))
        };
        match *step {
            Step::Adds { who, songs } => {
                let songs = vec![song("A", Duration::from_secs(60)); songs];
                self.does(user(NAMES[who]).id, Command::Add { songs, position: None });
            }
            Step::Votes { who, entry } => self.does(user(NAMES[who]).id, Command::Vote { entry: nth(entry) }),
            Step::Removes(entry) => self.does(user("ana").id, Command::Remove { entry: nth(entry) }),
            Step::Plays(entry) => self.steers(ControlAction::Play, entry.map(nth)),
            Step::Goes(action) => self.steers(action, None),
            Step::Repeats(repeat) => {
                self.does(user("ana").id, Command::SetMode { repeat: Some(repeat), shuffle: None });
            }
            Step::Orders(order) => self.orders(order),
            Step::Clears => self.does(user("ana").id, Command::Clear),
            Step::Ends => self.ends(),
            Step::Restarts => self.restarts(),
        }
    }
}

#[derive(Debug, Clone)]
enum Step {
    Adds { who: usize, songs: usize },
    Votes { who: usize, entry: usize },
    Removes(usize),
    Plays(Option<usize>),
    Goes(ControlAction),
    Repeats(Repeat),
    Orders(QueueOrder),
    Clears,
    Ends,
    Restarts,
}

fn step() -> impl Strategy<Value = Step> {
    let actions = prop_oneof![Just(ControlAction::Skip), Just(ControlAction::Previous), Just(ControlAction::Pause)];
    let repeat = prop_oneof![2 => Just(Repeat::Off), 1 => Just(Repeat::All)];
    prop_oneof![
        8 => (0..4usize, 1..4usize).prop_map(|(who, songs)| Step::Adds { who, songs }),
        8 => (0..4usize, 0..30usize).prop_map(|(who, entry)| Step::Votes { who, entry }),
        2 => (0..30usize).prop_map(Step::Removes),
        3 => proptest::option::of(0..30usize).prop_map(Step::Plays),
        3 => actions.prop_map(Step::Goes),
        1 => repeat.prop_map(Step::Repeats),
        1 => prop_oneof![Just(QueueOrder::Votes), Just(QueueOrder::Fair)].prop_map(Step::Orders),
        1 => Just(Step::Clears),
        8 => Just(Step::Ends),
        2 => Just(Step::Restarts),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn a_queue_stands_in_the_order_of_turns(
        votes in any::<bool>(),
        steps in proptest::collection::vec(step(), 1..80),
    ) {
        let mut world = World::new(if votes { QueueOrder::Votes } else { QueueOrder::Fair });
        for step in &steps {
            world.step(step);
        }
    }

    /// Whoever has songs waiting has had as many turns as everybody else who has, give or take one.
    #[test]
    fn nobody_gets_ahead(adds in proptest::collection::vec((0..4usize, 1..6usize), 1..12), votes in
        proptest::collection::vec((0..4usize, 0..40usize), 0..30)) {
        let mut world = World::new(QueueOrder::Fair);
        for (who, songs) in adds {
            world.step(&Step::Adds { who, songs });
        }
        for (who, entry) in votes {
            world.step(&Step::Votes { who, entry });
        }
        let of = |id: &EntryId| world.stage.queue().get(*id).unwrap().added_by.id;
        let order: Vec<UserId> = waiting(&world.stage).iter().map(of).collect();
        for begun in 0..order.len() {
            let (before, after) = order.split_at(begun);
            let turns = |who: &UserId| before.iter().filter(|played| *played == who).count();
            let turns: Vec<usize> = after.iter().map(turns).collect();
            prop_assert!(turns.iter().max().unwrap() - turns.iter().min().unwrap() <= 1, "{order:?} from {begun}");
        }
    }
}
