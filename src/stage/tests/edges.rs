//! A stage at one node and listeners at another, over a bus that loses what it likes.

use std::sync::Arc;

use octave_protocol::client::{ControlAction, Resume};
use octave_protocol::{ErrorCode, ServerFrame};
use serde::Deserialize;
use serde_json::value::RawValue;
use tokio::sync::mpsc;

use super::scene::{Listener, SONG, STAGE, Scene, passes};
use crate::base::clock::Clock;
use crate::bus::hub::Hub;
use crate::bus::{NodeId, Packet, Topic};
use crate::stage::registry::Registry;
use crate::stage::{ChatLimits, Metrics};

const OWNER: NodeId = NodeId(1);
const EDGE: NodeId = NodeId(2);

/// Two nodes. The stage runs at the first one.
struct Nodes {
    hub: Hub,
    owner: Scene,
    edge: Scene,
}

impl Nodes {
    async fn new() -> Self {
        let scene = Scene::new();
        let hub = Hub::default();
        let owner = Self::node(&hub, &scene, OWNER).await;
        let edge = Self::node(&hub, &scene, EDGE).await;
        owner.handle().await;
        Self { hub, owner, edge }
    }

    async fn node(hub: &Hub, scene: &Scene, id: NodeId) -> Scene {
        let (bus, packets) = hub.join(id).await;
        let (store, metrics, clock) = (scene.store.at(id), Metrics::default(), Clock::start());
        let (registry, _) =
            Registry::start_on(Arc::new(store.clone()), clock, ChatLimits::Off, metrics.clone(), Some(bus));
        tokio::spawn(live(registry.clone(), packets));
        Scene { store, registry, clock, metrics }
    }
}

/// What a node does as long as it lives.
async fn live(registry: Arc<Registry>, mut packets: mpsc::UnboundedReceiver<Packet>) {
    #[derive(Deserialize)]
    struct Beats {
        edges: Box<RawValue>,
    }
    let mut beat = tokio::time::interval(std::time::Duration::from_millis(250));
    loop {
        tokio::select! {
            packet = packets.recv() => match packet {
                Some(packet) if packet.topic == Topic::Nodes => {
                    if let Some(Beats { edges }) = packet.head() {
                        registry.take_beat(packet.from, &edges);
                    }
                }
                Some(packet) => registry.take(packet),
                None => return,
            },
            _ = beat.tick() => registry.beat(),
        }
    }
}

/// What was shown to somebody: the numbers follow one another.
fn shown(listener: &mut Listener) -> Vec<String> {
    let seqs = listener.seqs();
    assert!(seqs.windows(2).all(|pair| pair[1].0 == pair[0].0 + 1), "{}: {seqs:?}", listener.user.username);
    listener.texts()
}

#[tokio::test(start_paused = true)]
async fn who_is_elsewhere_hears_and_is_answered_as_who_is_here() {
    let nodes = Nodes::new().await;
    let (mut ana, mut ben) = (nodes.owner.joins("ana").await, nodes.edge.joins("ben").await);
    for n in 0..20 {
        let there = ben.says(&format!("there {n}"));
        let here = ana.says(&format!("here {n}"));
        let (there, here) = (ben.acked(there).await, ana.acked(here).await);
        assert_ne!(there, here);
    }
    ben.starts([SONG]).await;
    let re = ana.controls(ControlAction::Pause);
    ana.answer(re).await;
    passes(100).await;
    let told = shown(&mut ben);
    assert_eq!(told, shown(&mut ana));
    assert_eq!(told.len(), 40);
    assert_eq!((nodes.owner.metrics.seats.get(), nodes.edge.metrics.seats.get()), (1, 1));
    let re = ben.leaves();
    ben.answer(re).await;
    passes(50).await;
    assert_eq!(nodes.edge.metrics.seats.get(), 0);
    assert_eq!(nodes.owner.registry.live(STAGE).unwrap().listeners, 1);
}

#[tokio::test(start_paused = true)]
async fn what_is_lost_on_the_way_comes_again_in_order() {
    let nodes = Nodes::new().await;
    let (mut ana, mut ben) = (nodes.owner.joins("ana").await, nodes.edge.joins("ben").await);
    nodes.hub.lose(OWNER, EDGE, 2);
    for n in 0..5 {
        let re = ana.says(&n.to_string());
        ana.acked(re).await;
    }
    passes(1_000).await;
    assert_eq!(shown(&mut ben), ["0", "1", "2", "3", "4"]);
    // The last one of all: nothing follows that would show that it is missing.
    nodes.hub.lose(OWNER, EDGE, 1);
    let re = ana.says("5");
    ana.acked(re).await;
    passes(1_000).await;
    assert_eq!(shown(&mut ben), ["0", "1", "2", "3", "4", "5"]);
}

#[tokio::test(start_paused = true)]
async fn an_owner_that_is_not_reached_is_told_of_in_time_and_answers_once() {
    let nodes = Nodes::new().await;
    let mut ben = nodes.edge.joins("ben").await;
    nodes.hub.cut(OWNER, EDGE);
    let re = ben.says("hello?");
    let began = tokio::time::Instant::now();
    assert_eq!(ben.refused(re).await, ErrorCode::StageUnreachable);
    assert!(began.elapsed().as_millis() <= 2_000);
    nodes.hub.heal();
    passes(1_000).await;
    assert_eq!(shown(&mut ben), ["hello?"], "it was said, and is shown");
    let answers = ben.heard.iter().filter(|frame| matches!(frame, ServerFrame::Ack { .. })).count();
    assert_eq!(answers, 0, "it has been answered already");
    // What does not arrive in time is not done later.
    nodes.hub.cut(EDGE, OWNER);
    let re = ben.says("nobody hears");
    assert_eq!(ben.refused(re).await, ErrorCode::StageUnreachable);
    nodes.hub.heal();
    passes(1_000).await;
    assert_eq!(shown(&mut ben), ["hello?"]);
}

#[tokio::test(start_paused = true)]
async fn a_join_that_was_given_up_leaves_nobody_seated() {
    let nodes = Nodes::new().await;
    let mut ben = nodes.edge.visitor("ben").await;
    nodes.hub.cut(OWNER, EDGE);
    let re = ben.knocks(None);
    assert_eq!(ben.refused(re).await, ErrorCode::StageUnreachable);
    nodes.hub.heal();
    passes(1_000).await;
    assert_eq!((nodes.edge.metrics.seats.get(), nodes.owner.registry.live(STAGE).unwrap().listeners), (0, 0));
    ben.joins(None).await;
    assert_eq!(nodes.owner.registry.live(STAGE).unwrap().listeners, 1);
}

#[tokio::test(start_paused = true)]
async fn when_the_owner_ends_its_people_elsewhere_come_back_to_another_and_miss_nothing() {
    let nodes = Nodes::new().await;
    let (mut ana, mut ben) = (nodes.owner.joins("ana").await, nodes.edge.visitor("ben").await);
    let welcome = ben.joins(None).await;
    let re = ana.says("before");
    let before = ana.acked(re).await;
    passes(100).await;
    nodes.owner.store.node_ends(OWNER);
    nodes.edge.registry.node_gone(OWNER);
    passes(100).await;
    assert!(ben.outbox.is_gone(), "sent away");
    assert_eq!(shown(&mut ben), ["before"]);
    let mut again = nodes.edge.visitor("ben").await;
    let back = again.joins(Some(Resume { epoch: welcome.epoch, seq: before })).await;
    assert!(back.resumed && back.epoch > welcome.epoch);
    // What the former owner does is refused.
    let re = ana.says("too late");
    ana.hears(|frame| matches!(frame, ServerFrame::Error { re: Some(answered), .. } if *answered == re)).await;
    let re = again.says("after");
    again.acked(re).await;
    assert_eq!(
        nodes.edge.store.texts(STAGE).into_iter().map(|(_, text)| text).collect::<Vec<_>>(),
        ["before", "after"]
    );
}

#[tokio::test(start_paused = true)]
async fn who_asks_to_be_let_in_at_a_dead_owners_is_let_in_at_the_next_ones() {
    let nodes = Nodes::new().await;
    // It is dead, and nobody has noticed.
    nodes.hub.cut(EDGE, OWNER);
    let mut ben = nodes.edge.visitor("ben").await;
    let re = ben.knocks(None);
    passes(700).await;
    nodes.owner.store.node_ends(OWNER);
    nodes.edge.registry.node_gone(OWNER);
    let ServerFrame::Joined { .. } = ben.answer(re).await else { panic!("{:?}", ben.heard) };
    let re = ben.says("in");
    ben.acked(re).await;
    assert_eq!(ben.heard.iter().filter(|frame| matches!(frame, ServerFrame::Error { .. })).count(), 0);
}

#[tokio::test(start_paused = true)]
async fn whose_a_stage_was_that_has_ended_is_asked_once_more() {
    let nodes = Nodes::new().await;
    // The question was answered before it ended, and is looked at after.
    nodes.edge.registry.node_gone(OWNER);
    let store = nodes.owner.store.clone();
    tokio::spawn(async move {
        passes(120).await;
        store.node_ends(OWNER);
    });
    let mut ben = nodes.edge.joins("ben").await;
    let re = ben.says("in");
    ben.acked(re).await;
}

#[tokio::test(start_paused = true)]
async fn who_can_be_let_in_nowhere_is_told_in_time() {
    let nodes = Nodes::new().await;
    nodes.hub.cut(EDGE, OWNER);
    let mut ben = nodes.edge.visitor("ben").await;
    let (re, began) = (ben.knocks(None), tokio::time::Instant::now());
    let line = ben.says("and hello");
    passes(300).await;
    // The database has it still as the dead one's.
    nodes.edge.registry.node_gone(OWNER);
    for re in [re, line] {
        assert_eq!(ben.refused(re).await, ErrorCode::StageUnreachable);
    }
    assert!(began.elapsed().as_millis() < 1_800, "{:?}", began.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_stage_that_leaves_its_node_in_order_keeps_its_people_elsewhere() {
    let nodes = Nodes::new().await;
    let third = Nodes::node(&nodes.hub, &nodes.owner, NodeId(3)).await;
    let mut ana = nodes.owner.visitor("ana").await;
    let welcome = ana.joins(None).await;
    let (mut ben, mut eve) = (nodes.edge.joins("ben").await, third.joins("eve").await);
    ben.starts([SONG]).await;
    for n in 0..5 {
        let re = ana.says(&format!("before {n}"));
        ana.acked(re).await;
    }
    let re = ana.says("last");
    let last = ana.acked(re).await;
    nodes.owner.registry.stop().await;
    passes(500).await;
    for (listener, text) in [(&mut ben, "ben goes on"), (&mut eve, "eve too")] {
        let re = listener.says(text);
        listener.acked(re).await;
    }
    passes(500).await;
    let told = shown(&mut ben);
    assert_eq!(told, shown(&mut eve));
    assert_eq!(told[5..], ["last", "ben goes on", "eve too"]);
    assert!(!ben.outbox.is_gone() && !eve.outbox.is_gone(), "nobody was sent away");
    assert_eq!(nodes.edge.metrics.seats.get() + third.metrics.seats.get(), 2);
    // Who was at the node that left comes back, and who was carried, too: with the epoch that they know.
    for (name, seq, missed) in [("ana", last, 2), ("ben", octave_protocol::Seq(last.0 + 1), 1)] {
        let mut again = nodes.edge.visitor(name).await;
        let back = again.joins(Some(Resume { epoch: welcome.epoch, seq })).await;
        passes(50).await;
        assert!(back.resumed, "{name}");
        assert_eq!(again.texts().len(), missed, "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn who_asks_while_a_stage_is_about_to_leave_its_node_keeps_the_seat() {
    let nodes = Nodes::new().await;
    let (mut ana, mut ben) = (nodes.owner.joins("ana").await, nodes.edge.joins("ben").await);
    nodes.owner.store.stall();
    let first = ana.says("on its way");
    passes(100).await;
    let owner = nodes.owner.registry.clone();
    let stopping = tokio::spawn(async move { owner.stop().await });
    passes(100).await;
    // It waits for its last commit, and takes nothing in any more.
    let late = ben.says("too late");
    passes(100).await;
    nodes.owner.store.go_on();
    stopping.await.unwrap();
    ana.acked(first).await;
    assert_eq!(ben.refused(late).await, ErrorCode::StageUnreachable);
    assert!(!ben.outbox.is_gone(), "nobody was sent away");
    let re = ben.says("goes on");
    ben.acked(re).await;
    assert_eq!(shown(&mut ben), ["on its way", "goes on"]);
}

#[tokio::test(start_paused = true)]
async fn the_people_of_a_node_leave_with_it() {
    let nodes = Nodes::new().await;
    let (mut ana, _ben) = (nodes.owner.joins("ana").await, nodes.edge.joins("ben").await);
    assert_eq!(nodes.owner.registry.live(STAGE).unwrap().listeners, 2);
    nodes.owner.registry.node_gone(EDGE);
    passes(2_000).await;
    assert_eq!(nodes.owner.registry.live(STAGE).unwrap().listeners, 1);
    let left = |frame: &ServerFrame| matches!(frame, ServerFrame::Presence { left, .. } if !left.is_empty());
    ana.hears(left).await;
}

/// People at both nodes talk, come and go while packets are lost in both directions. One seed is one evening.
async fn evening(seed: u64) {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut roll = move |sides: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % sides
    };
    let nodes = Nodes::new().await;
    let mut here = nodes.owner.joins("ana").await;
    let mut there = vec![nodes.edge.joins("ben").await, nodes.edge.joins("eve").await];
    for n in 0..60 {
        match roll(8) {
            0 => nodes.hub.lose(OWNER, EDGE, usize::try_from(roll(4)).unwrap()),
            1 => nodes.hub.lose(EDGE, OWNER, usize::try_from(roll(2)).unwrap()),
            2 => {
                nodes.hub.cut(OWNER, EDGE);
                passes(roll(3_000)).await;
                nodes.hub.heal();
            }
            3 | 4 => drop(here.says(&format!("here {n}"))),
            _ => drop(there[usize::try_from(roll(2)).unwrap()].says(&format!("there {n}"))),
        }
        passes(roll(120)).await;
        // Who does not read is sent away for that.
        here.listen();
        there.iter_mut().for_each(Listener::listen);
    }
    nodes.hub.lose(OWNER, EDGE, 0);
    nodes.hub.lose(EDGE, OWNER, 0);
    passes(6_000).await;
    let all = shown(&mut here);
    for listener in &mut there {
        let (name, told) = (listener.user.username.clone(), shown(listener));
        assert!(!listener.outbox.is_gone(), "seed {seed}: {name} was sent away");
        assert_eq!(told, all, "seed {seed}: {name}");
    }
}

#[tokio::test(start_paused = true)]
async fn whatever_is_lost_everybody_hears_the_same() {
    let seeds = std::env::var("OCTAVE_SIM_SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(30);
    for seed in 0..seeds {
        evening(seed).await;
    }
}
