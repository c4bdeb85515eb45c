//! Random commands at random times: whatever people do, the stage stays whole.

use octave_protocol::client::ControlAction;
use octave_protocol::model::{Repeat, Role};
use octave_protocol::{Duration, EntryId, Instant, Rev};
use proptest::prelude::*;

use super::script::{song, stage, user};
use crate::stage::core::{Admission, Basis, Command, Decided, Durable, Event, Immediate, Reach, Stage, Steer};

pub(super) const NAMES: [&str; 4] = ["ana", "ben", "eve", "joe"];

pub(super) fn command() -> impl Strategy<Value = Command> {
    let entry = (1..12i64).prop_map(EntryId);
    let action = prop_oneof![
        Just(ControlAction::Play),
        Just(ControlAction::Pause),
        Just(ControlAction::Seek),
        Just(ControlAction::Skip),
        Just(ControlAction::Previous)
    ];
    let steer =
        (action, proptest::option::of(-5..400i64), proptest::option::of(entry.clone()), proptest::option::of(0..9i64));
    let repeat = prop_oneof![Just(Repeat::Off), Just(Repeat::One), Just(Repeat::All)];
    let role = prop_oneof![Just(Role::Host), Just(Role::Moderator), Just(Role::Dj), Just(Role::Listener)];
    prop_oneof![
        3 => Just(Command::Join { user: user("ana"), admission: Admission::Stranger }),
        1 => Just(Command::Leave),
        6 => steer.prop_map(|(action, position, entry, rev)| Command::Control(Steer {
            action,
            position: position.map(Duration::from_secs),
            entry,
            expect_rev: rev.map(Rev),
        })),
        3 => (1..4usize, 1..300i64, proptest::option::of(0..9u32)).prop_map(|(n, s, position)| Command::Add {
            songs: vec![song("A", Duration::from_secs(s)); n],
            position,
        }),
        1 => entry.clone().prop_map(|entry| Command::Remove { entry }),
        2 => (entry.clone(), 0..9u32).prop_map(|(entry, position)| Command::Move { entry, position }),
        1 => Just(Command::Clear),
        1 => any::<u64>().prop_map(|seed| Command::Shuffle { seed }),
        2 => (proptest::option::of(repeat), proptest::option::of(any::<bool>()))
            .prop_map(|(repeat, shuffle)| Command::SetMode { repeat, shuffle }),
        1 => entry.prop_map(|entry| Command::Vote { entry }),
        2 => Just(Command::SkipVote),
        1 => (0..9i64).prop_map(|r| Command::Ready { rev: Rev(r) }),
        1 => Just(Command::Buffering),
        1 => (0..3_000_000i64).prop_map(|rtt| Command::Stat {
            error: (rtt % 2 == 0).then_some(Duration(1)),
            reach: Reach { rtt: Duration(rtt), output_latency: Duration(rtt / 7), offset: Duration(rtt / 9 - 9) },
        }),
        1 => (0..4usize, role).prop_map(|(n, role)| Command::SetRole { user: user(NAMES[n]), role }),
        1 => (0..4usize, any::<bool>()).prop_map(|(n, banned)| Command::Ban { user: user(NAMES[n]), banned }),
    ]
}

/// Somebody does something, some time after the one before, and durable facts are applied `late` by so many steps.
fn step() -> impl Strategy<Value = (usize, Command, i64, bool)> {
    (0..4usize, command(), prop_oneof![Just(0), 0..400_000_000i64], any::<bool>())
}

struct World {
    stage: Stage,
    now: Instant,
    in_flight: Vec<Durable>,
}

impl World {
    fn happens<'a>(&mut self, event: impl Into<Event<'a>>) {
        let event = event.into();
        let before = self.stage.timeline().rev();
        self.stage.evolve(event);
        let after = self.stage.timeline().rev();
        assert!(after >= before);
        if matches!(event, Event::Immediate(Immediate::Timeline { .. })) {
            assert!(after > before, "every statement has its own number");
        }
        self.is_whole();
    }

    fn commit(&mut self) {
        for event in std::mem::take(&mut self.in_flight) {
            self.happens(&event);
        }
    }

    fn settle(&mut self) {
        for turn in 0.. {
            let events = self.stage.settle(self.now);
            if events.is_empty() {
                assert!(self.stage.next_due().is_none_or(|due| due > self.now), "what is due gets done");
                return;
            }
            assert!(turn < 100_000, "settling comes to an end");
            for event in &events {
                self.happens(event);
            }
        }
    }

    fn is_whole(&self) {
        let said = self.stage.timeline().said();
        let length = said.track.as_ref().map_or(Duration::ZERO, |t| t.song.duration_us);
        for at in [self.now, self.now + Duration::from_secs(1_000)] {
            let position = said.position_at(at);
            assert!(position >= Duration::ZERO && position <= length);
        }
        let queue = self.stage.queue();
        let mut last = i64::MIN;
        for (index, (ord, entry)) in queue.entries().enumerate() {
            assert!(ord > last, "sort keys rise");
            last = ord;
            assert_eq!(queue.index_of(entry.id), Some(index));
        }
        let (votes, _) = self.stage.skip_votes();
        assert!(votes <= self.stage.people().len());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn any_room_stays_whole(steps in proptest::collection::vec(step(), 1..80)) {
        let mut world = World { stage: stage(), now: Instant(1_700_000_000_000_000), in_flight: Vec::new() };
        for (who, command, passed, late) in steps {
            let who = user(NAMES[who]);
            let command = match command {
                Command::Join { admission, .. } => Command::Join { user: who.clone(), admission },
                other => other,
            };
            let until = world.now + Duration(passed);
            while let Some(due) = world.stage.next_due().filter(|due| *due <= until) {
                world.now = world.now.max(due);
                world.settle();
            }
            world.now = until;
            if command.basis() == Basis::Settled {
                world.commit();
            }
            match world.stage.decide(who.id, command, world.now) {
                Ok(Decided::Durable(events)) => world.in_flight.extend(events),
                Ok(Decided::Immediate(events)) => events.iter().for_each(|event| world.happens(event)),
                Err(_) => {}
            }
            if !late {
                world.commit();
            }
            world.settle();
        }
        world.commit();
        let stored = super::restart::saved(&world.stage);
        let (restored, _) = Stage::restore(stored, world.now);
        prop_assert_eq!(restored.queue().len(), world.stage.queue().len());
    }
}
