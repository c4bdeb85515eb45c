//! This process among other nodes: who lives, what they tell each other, and what is done when one has ended.
//!
//! [`Membership`] enters the cluster before anything else is put together; [`Membership::run`] goes on as long as the
//! server. The parts it serves (stages, people) know the bus alone.

mod clock;
mod figures;
mod peers;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result};
use octave_protocol::{SongId, StageId, UserId};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior, interval};

use clock::Follow;
pub use figures::{Figures, Standing};
use peers::Peers;

use crate::base::clock::Clock;
use crate::bus::nats::{self, Link};
use crate::bus::{Bus, NodeId, Packet, To, Topic};
use crate::presence::People;
use crate::stage::Registry;
use crate::stage::handle::Live;
use crate::store::lease::{self, News, Told};
use crate::store::owner::{Owner, Taken};
use crate::store::term::Lease;
use crate::store::{Db, nodes};

/// How often nodes say that they are well.
const BEAT: Duration = Duration::from_millis(250);
/// How often it is looked who is silent, and said what has changed here.
const LOOK: Duration = Duration::from_millis(50);
/// How often everything is said anew, for whoever has missed something.
const WHOLE_EVERY: u32 = 60;
/// How often it is looked for stages that are nobody's: every so many beats, and at once when a node has ended.
const ADOPTS_EVERY: u32 = 20;
/// News of the lease that wait.
const NEWS: usize = 64;

/// What nodes tell all others.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Word {
    /// The sender is well, and has said so at this instant.
    Beat { at: octave_protocol::Instant },
    /// How far its stages have told edges of the reader.
    Edges(Box<RawValue>),
    /// What its stages are like; all, if it is the whole list.
    Live { whole: bool, stages: Vec<(StageId, Option<Live>)> },
    /// In which of its stages people are.
    Where { whole: bool, people: Vec<(UserId, Vec<StageId>)> },
    /// Somebody has guessed at a password.
    Guessed(Box<RawValue>),
    /// The library says something else of these songs.
    Songs(Vec<SongId>),
    /// What time is it? Asked at the sender's `t0`.
    Ask { t0: i64 },
    /// It was read at `t1` and is answered at `t2`.
    Time { t0: i64, t1: i64, t2: i64 },
}

/// What another node says that is for whoever looks after accounts.
#[derive(Debug)]
pub enum OfAccounts {
    /// Something about somebody has changed.
    Changed(UserId),
    /// A password was guessed at, in the words of `accounts::throttle`.
    Guessed(Box<RawValue>),
}

/// A place among the nodes.
#[derive(Debug)]
pub struct Membership {
    keeper: lease::NodeKeeper,
    news: mpsc::Receiver<News>,
    packets: mpsc::Receiver<Packet>,
    told: Told,
    bus: Bus,
    link: Link,
    lease: Lease,
}

impl Membership {
    /// Enters the cluster of a database by a NATS server.
    pub async fn enter(db: &Db, url: &str, name: &str) -> Result<Result<Self, Taken>> {
        let (tell, news) = mpsc::channel(NEWS);
        let told = Told::default();
        let entered = lease::enter(db, name, told.clone(), tell).await.context("the database lets no node in")?;
        let mut keeper = match entered {
            Ok(keeper) => keeper,
            Err(taken) => return Ok(Err(taken)),
        };
        let cluster = keeper.cluster().await.context("the cluster's name can't be read")?;
        let connected = nats::connect(url, &cluster).await;
        let (bus, link, packets) = match connected {
            Ok(connected) => connected,
            Err(error) => {
                // Its place is free at once.
                drop(nodes::leave(db, keeper.node()).await);
                return Err(error).context("--nats: no connection");
            }
        };
        bus.become_node(keeper.node()).await;
        let lease = keeper.lease();
        Ok(Ok(Self { keeper, news, packets, told, bus, link, lease }))
    }

    pub fn owner(&self) -> Owner {
        Owner::Node(self.lease.clone())
    }

    pub fn bus(&self) -> Bus {
        self.bus.clone()
    }

    /// What `/readyz` and `/metrics` look at.
    pub fn standing(&self) -> Standing {
        Standing::new(self.bus.clone(), self.link.clone(), self.lease.clone())
    }

    /// Runs as long as the server. `tell` is called with what other nodes say of accounts.
    pub async fn run(
        self,
        (registry, people, clock): (Arc<Registry>, Arc<People>, Clock),
        standing: Standing,
        tell: impl Fn(OfAccounts) + Send,
    ) {
        let Self { keeper, mut news, packets, told, bus, .. } = self;
        let me = keeper.node();
        tracing::info!(node = %me, "this server is a node of a cluster");
        let follow = Arc::new(Mutex::new(Follow::new(clock)));
        let node = Node { peers: Arc::default(), registry, people, bus, told, standing, clock, follow };
        node.peers().become_node(me);
        let keeping = tokio::spawn(keeper.run());
        let beating = tokio::spawn(node.clone().beat());
        let asking = tokio::spawn(node.clone().ask_the_time());
        let reading = node.read(packets, tell);
        let hearing = async {
            while let Some(news) = news.recv().await {
                node.hear(news).await;
            }
        };
        tokio::join!(reading, hearing);
        keeping.abort();
        beating.abort();
        asking.abort();
    }
}

/// What the tasks of a node share.
#[derive(Debug, Clone)]
struct Node {
    peers: Arc<Mutex<Peers>>,
    registry: Arc<Registry>,
    people: Arc<People>,
    bus: Bus,
    told: Told,
    standing: Standing,
    clock: Clock,
    follow: Arc<Mutex<Follow>>,
}

impl Node {
    fn follow(&self) -> MutexGuard<'_, Follow> {
        self.follow.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn peers(&self) -> MutexGuard<'_, Peers> {
        // Each change under the lock is whole.
        self.peers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn hear(&self, news: News) {
        match news {
            News::Lost => self.registry.lose_all(),
            News::Entered(node) => {
                self.bus.become_node(node).await;
                self.peers().become_node(node);
                self.tell_whole();
            }
            News::Living(rows) => {
                let nodes: Vec<NodeId> = rows.iter().map(|row| NodeId(row.id)).collect();
                let changed = self.peers().living(&nodes, Instant::now());
                self.standing.living(nodes.len());
                self.follow_the_eldest();
                for node in &changed.went {
                    self.registry.node_gone(*node);
                    self.people.node_gone(*node);
                }
                if !changed.came.is_empty() {
                    tracing::info!(nodes = ?nodes.iter().map(|node| node.0).collect::<Vec<_>>(), "nodes of the cluster");
                    self.tell_whole();
                }
                if !changed.went.is_empty() || !changed.came.is_empty() {
                    self.adopt();
                }
            }
        }
    }

    fn follow_the_eldest(&self) {
        let (eldest, me) = {
            let peers = self.peers();
            (peers.eldest(), peers.me())
        };
        self.follow().follow((eldest != me).then_some(eldest));
    }

    /// Keeps the clock with the eldest node's.
    async fn ask_the_time(self) {
        let mut tick = interval(LOOK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tick.tick().await;
            let begins = self.follow().begins(Instant::now());
            if let Some(leader) = begins {
                for _ in 0..clock::PROBES {
                    let t0 = self.follow().bare_us();
                    self.bus.send(To::Node(leader), Topic::Nodes, &Word::Ask { t0 }, b"");
                    tokio::time::sleep(clock::BETWEEN).await;
                }
            }
            let sureness = {
                let mut follow = self.follow();
                follow.judge(Instant::now());
                follow.sureness()
            };
            self.standing.clock(sureness);
        }
    }

    /// Takes this node's share of the stages that play and are nobody's.
    fn adopt(&self) {
        let node = self.clone();
        tokio::spawn(async move {
            let ours = |stage| node.peers().is_ours(stage);
            if let Ok(adopted @ 1..) = node.registry.resume_those(ours).await {
                tracing::info!(adopted, "stages play on at this node");
            }
        });
    }

    async fn beat(self) {
        let (mut look, mut beats, mut until_beat) = (interval(LOOK), 0_u32, 0_u32);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut told = figures::ToldLive::default();
        loop {
            look.tick().await;
            self.told.suspect(self.peers().suspects(Instant::now()));
            self.tell_changes(&mut told);
            until_beat += 1;
            if !u128::from(until_beat).is_multiple_of(BEAT.as_millis() / LOOK.as_millis()) {
                continue;
            }
            beats = beats.wrapping_add(1);
            self.say(&Word::Beat { at: self.clock.now() });
            self.registry.beat();
            self.told.say(self.standing.json(&self.registry, &self.people));
            if beats.is_multiple_of(WHOLE_EVERY) {
                self.tell_whole();
            }
            if beats.is_multiple_of(ADOPTS_EVERY) {
                self.adopt();
            }
        }
    }

    /// Says who came and went, and what has changed of stages.
    fn tell_changes(&self, told: &mut figures::ToldLive) {
        self.people.tell_nodes(false);
        let moved = self.registry.moved_here();
        if !moved.is_empty() {
            self.say(&Word::Where { whole: false, people: moved });
        }
        let stages = told.changes(self.registry.live_here());
        if !stages.is_empty() {
            self.say(&Word::Live { whole: false, stages });
        }
    }

    /// Says everything, for a node that has come.
    fn tell_whole(&self) {
        self.people.tell_nodes(true);
        self.say(&Word::Where { whole: true, people: self.registry.here() });
        let stages = self.registry.live_here().into_iter().map(|(stage, live)| (stage, Some(live))).collect();
        self.say(&Word::Live { whole: true, stages });
    }

    fn say(&self, word: &Word) {
        self.bus.send(To::All, Topic::Nodes, word, b"");
    }

    /// Takes what other nodes send.
    async fn read(&self, mut packets: mpsc::Receiver<Packet>, tell: impl Fn(OfAccounts)) {
        while let Some(packet) = packets.recv().await {
            let read = self.clock.now();
            self.peers().heard_of(packet.from, Instant::now());
            match packet.topic {
                Topic::ToStage | Topic::ToEdge => self.registry.take(packet),
                Topic::People => {
                    if let Some(user) = self.people.take(&packet) {
                        tell(OfAccounts::Changed(user));
                    }
                }
                Topic::Nodes => {
                    if let Some(guess) = self.take(&packet, read) {
                        tell(OfAccounts::Guessed(guess));
                    }
                }
            }
        }
    }

    /// A guess at a password is handed on.
    fn take(&self, packet: &Packet, read: octave_protocol::Instant) -> Option<Box<RawValue>> {
        let from = packet.from;
        match packet.head() {
            Some(Word::Edges(edges)) => self.registry.take_beat(from, &edges),
            Some(Word::Live { whole, stages }) => self.registry.all_lives_at(from, whole, stages),
            Some(Word::Where { whole, people }) => self.registry.all_are_at(from, whole, people),
            Some(Word::Songs(songs)) => {
                let registry = self.registry.clone();
                tokio::spawn(async move { registry.songs_changed_here(songs).await });
            }
            Some(Word::Ask { t0 }) => {
                let time = Word::Time { t0, t1: read.0, t2: self.clock.now().0 };
                self.bus.send(To::Node(from), Topic::Nodes, &time, b"");
            }
            Some(Word::Time { t0, t1, t2 }) => self.follow().answered(from, t0, t1, t2),
            Some(Word::Guessed(guess)) => return Some(guess),
            Some(Word::Beat { at }) => self.standing.lags(self.clock.now() - at),
            None => {}
        }
        None
    }
}
