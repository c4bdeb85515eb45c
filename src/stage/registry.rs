//! Finds the actor of a stage, or starts it.
//!
//! A slot is *starting* or *running* and carries a generation, so that an actor that ends removes its own slot and
//! never that of its successor.

mod corrections;
mod nodes;
#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use dashmap::DashMap;
use dashmap::mapref::entry::Entry;
use octave_protocol::{StageId, UserId};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub use super::actor::ChatLimits;
use super::actor::{Actor, World};
use super::core::LeftOut;
use super::edge::{EdgeActor, Left};
use super::handle::Live;
use super::handle::StageHandle;
use super::journal::Journal;
use super::limits::{MAILBOX, OPEN_WITHIN, SEQ_BLOCK};
use super::metrics::Metrics;
use super::stage_presence::StagePresence;
use super::storage::{Claim, Fault, Opened, StageStore};
use crate::base::clock::Clock;
use crate::bus::{Bus, NodeId};
use crate::presence::Changes;
use nodes::Nodes;

/// All stages that run in this process.
#[derive(Debug)]
pub struct Registry {
    slots: DashMap<StageId, Slot>,
    world: World,
    /// Other nodes, if there may be some.
    nodes: Nodes,
    generation: AtomicU64,
    actors: TaskTracker,
    /// Held by who tells the stages of the library's changes.
    telling: tokio::sync::Mutex<()>,
}

#[derive(Debug)]
struct Slot {
    generation: u64,
    state: State,
}

#[derive(Debug)]
enum State {
    /// Callers wait for the one that opens it.
    Starting(watch::Receiver<Option<Result<StageHandle, NoStage>>>),
    Running {
        handle: StageHandle,
        /// Of a stage that runs at this node.
        live: Option<watch::Receiver<Live>>,
    },
}

impl State {
    fn live(&self) -> Option<Live> {
        match self {
            Self::Running { live: Some(live), .. } => Some(live.borrow().clone()),
            Self::Running { live: None, .. } | Self::Starting(_) => None,
        }
    }
}

/// What stands behind a stage's mailbox.
enum Behind {
    Stage(Box<Actor>),
    Edge(Box<EdgeActor>),
}

impl Behind {
    /// Who is left over when the stage has gone to another node.
    async fn run(self) -> Option<Left> {
        match self {
            Self::Stage(actor) => {
                actor.run().await;
                None
            }
            Self::Edge(edge) => edge.run().await,
        }
    }
}

/// A slot that is in use by a stage's task.
#[derive(Debug)]
struct Held {
    registry: Arc<Registry>,
    id: StageId,
    generation: u64,
}

impl Drop for Held {
    fn drop(&mut self) {
        if std::thread::panicking() {
            tracing::error!(stage = %self.id, "a stage has panicked; it is opened anew when somebody comes");
        }
        self.registry.slots.remove_if(&self.id, |_, slot| slot.generation == self.generation);
    }
}

/// Why there is no handle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoStage {
    NotFound,
    /// The store did not answer.
    Unavailable,
    /// The store has no room: a stage that opens takes numbers.
    Full,
}

impl Registry {
    /// The registry, and the journal's writer as a running task: a server whose writer has ended must end too, since
    /// nothing becomes durable any more. Call [`resume_playing`](Self::resume_playing) next.
    pub fn start(
        store: Arc<dyn StageStore>,
        clock: Clock,
        limits: ChatLimits,
        metrics: Metrics,
    ) -> (Arc<Self>, JoinHandle<()>) {
        Self::start_on(store, clock, limits, metrics, None)
    }

    /// The same as one node of several, if there is a bus.
    pub fn start_on(
        store: Arc<dyn StageStore>,
        clock: Clock,
        limits: ChatLimits,
        metrics: Metrics,
        bus: Option<Bus>,
    ) -> (Arc<Self>, JoinHandle<()>) {
        let (journal, writer) = Journal::new(store.clone(), metrics.clone());
        let (stop, tenure) = (CancellationToken::new(), CancellationToken::new());
        let presence = Arc::new(if bus.is_some() { StagePresence::of_a_node() } else { StagePresence::default() });
        let edges = Arc::default();
        let world = World { store, journal, clock, metrics, limits, presence, stop, tenure, bus, edges };
        let registry = Self {
            slots: DashMap::new(),
            world,
            nodes: Nodes::default(),
            generation: AtomicU64::new(0),
            actors: TaskTracker::new(),
            telling: tokio::sync::Mutex::default(),
        };
        (Arc::new(registry), tokio::spawn(writer.run()))
    }

    /// Starts the stages that were playing when the server stopped: they go on, with or without listeners.
    /// Answers how many.
    pub async fn resume_playing(self: &Arc<Self>) -> Result<usize, NoStage> {
        self.resume_those(|_| true).await
    }

    /// The same for those of nobody's that are this node's share.
    pub async fn resume_those(self: &Arc<Self>, is_ours: impl Fn(StageId) -> bool) -> Result<usize, NoStage> {
        let playing = self.world.store.playing().await.map_err(|fault| {
            tracing::error!(%fault, "the stages that play can't be listed");
            NoStage::Unavailable
        })?;
        let mut resumed = 0;
        for id in playing.into_iter().filter(|id| is_ours(*id)) {
            resumed += usize::from(self.find(id).await.is_ok());
        }
        Ok(resumed)
    }

    /// Whether there was such a stage, as far as somebody may know.
    pub async fn has_ended(&self, id: StageId, viewer: UserId) -> bool {
        // Who can't be told for want of an answer is told less.
        self.world.store.has_ended(id, viewer).await.unwrap_or(false)
    }

    /// The running stage, started from the store when it is not running yet. Concurrent callers share one start.
    pub async fn find(self: &Arc<Self>, id: StageId) -> Result<StageHandle, NoStage> {
        let mut starting = match self.slots.entry(id) {
            Entry::Occupied(slot) => match &slot.get().state {
                // Nobody follows it here.
                State::Running { handle, .. } if handle.mailbox.is_closed() && self.world.stop.is_cancelled() => {
                    return Err(NoStage::Unavailable);
                }
                // An actor that has just stopped is about to remove its slot: start its successor.
                State::Running { handle, .. } if handle.mailbox.is_closed() => {
                    let (slot_, starting) = self.begin(id);
                    slot.replace_entry(slot_);
                    starting
                }
                State::Running { handle, .. } => return Ok(handle.clone()),
                State::Starting(starting) => starting.clone(),
            },
            Entry::Vacant(slot) => {
                let (slot_, starting) = self.begin(id);
                slot.insert(slot_);
                starting
            }
        };
        let outcome = starting.wait_for(Option::is_some).await;
        outcome.ok().and_then(|o| o.clone()).unwrap_or(Err(NoStage::Unavailable))
    }

    /// The stage if it runs, or is about to, here or at another node.
    pub async fn running(self: &Arc<Self>, id: StageId) -> Option<StageHandle> {
        let runs = self.slots.contains_key(&id) || self.nodes.live(id).is_some();
        if runs { self.find(id).await.ok() } else { None }
    }

    /// What runs, for lists.
    pub fn live(&self, id: StageId) -> Option<Live> {
        let here = self.slots.get(&id).and_then(|slot| slot.state.live());
        here.or_else(|| self.nodes.live(id))
    }

    /// All that runs, for lists that are sorted by listeners.
    pub fn all_live(&self) -> Vec<(StageId, Live)> {
        let mut all = self.live_here();
        let known: HashSet<StageId> = all.iter().map(|(id, _)| *id).collect();
        all.extend(self.nodes.all_live().into_iter().filter(|(id, _)| !known.contains(id)));
        all
    }

    /// What runs at this node.
    pub fn live_here(&self) -> Vec<(StageId, Live)> {
        self.slots.iter().filter_map(|slot| Some((*slot.key(), slot.state.live()?))).collect()
    }

    /// The stages that a user is in, those of this process behind those of others, the one entered last at the end.
    pub fn stages_of(&self, user: UserId) -> Vec<StageId> {
        self.world.presence.of(user)
    }

    /// Who entered a stage or left one.
    pub fn moves(&self) -> &Changes {
        self.world.presence.changes()
    }

    /// Ends all stages: what was acknowledged is durable already, timelines are saved. Nobody can start one after.
    pub async fn stop(&self) {
        self.world.stop.cancel();
        self.actors.close();
        self.actors.wait().await;
    }

    fn next_generation(&self) -> u64 {
        self.generation.fetch_add(1, Ordering::Relaxed)
    }

    /// Opens the stage in a task of its own, so that a caller who gives up does not take the others with it.
    fn begin(self: &Arc<Self>, id: StageId) -> (Slot, watch::Receiver<Option<Result<StageHandle, NoStage>>>) {
        let generation = self.next_generation();
        let (tell, starting) = watch::channel(None);
        let registry = self.clone();
        let slot = Held { registry: self.clone(), id, generation };
        self.actors.spawn(async move {
            // Whatever ends the task, a panic too, gives the slot back: the next one who asks opens the stage anew.
            let slot_ = slot;
            let outcome = registry.open(id, generation).await;
            let handle = outcome.as_ref().map(|(handle, _)| handle.clone()).map_err(Clone::clone);
            // Nobody may be waiting any more.
            tell.send_replace(Some(handle));
            let Ok((_, behind)) = outcome else { return };
            if let Some(left) = behind.run().await {
                drop(slot_);
                registry.bring_on(id, left).await;
            }
        });
        (Slot { generation, state: State::Starting(starting.clone()) }, starting)
    }

    /// The stage as it is stored, with as much of its queue as it needs to begin; or at which node it runs.
    async fn read(&self, id: StageId) -> Result<Option<Place>, Fault> {
        let World { store, clock, .. } = &self.world;
        match self.claim(id).await? {
            Claim::Ours => {}
            Claim::Theirs(node) => return Ok(Some(Place::At(node))),
            Claim::Nobodys => return Ok(None),
        }
        let Some(mut opened) = store.open(id, SEQ_BLOCK).await? else { return Ok(None) };
        if !opened.saved.holds_at(clock.now()) {
            opened.saved.entries = store.queue(id).await?;
            opened.saved.left_out = LeftOut::default();
        }
        Ok(Some(Place::Here(Box::new(opened))))
    }

    async fn open(self: &Arc<Self>, id: StageId, generation: u64) -> Result<(StageHandle, Behind), NoStage> {
        if self.world.stop.is_cancelled() {
            // It is for others to take now.
            return Err(NoStage::Unavailable);
        }
        // Of this moment: what is lost while it is opened is lost.
        let world = World { tenure: self.nodes.tenure(), ..self.world.clone() };
        let opening = tokio::time::timeout(OPEN_WITHIN, self.read(id));
        let place = match opening.await {
            Ok(Ok(Some(place))) if !self.world.stop.is_cancelled() => place,
            Ok(Ok(None)) => return Err(NoStage::NotFound),
            Ok(Err(fault)) => {
                tracing::error!(stage = %id, %fault, "a stage can't be opened");
                return Err(if let Fault::Full(_) = fault { NoStage::Full } else { NoStage::Unavailable });
            }
            _ => return Err(NoStage::Unavailable),
        };
        let (mailbox, requests) = mpsc::channel(MAILBOX);
        let handle = StageHandle { id, mailbox };
        let (behind, live) = match (place, self.world.bus.clone()) {
            (Place::Here(opened), _) => {
                let (tell_live, live) = watch::channel(Live::default());
                (Behind::Stage(Box::new(Actor::new(id, world, *opened, requests, tell_live))), Some(live))
            }
            (Place::At(node), Some(bus)) => {
                (Behind::Edge(Box::new(EdgeActor::new(id, node, bus, world, requests))), None)
            }
            (Place::At(_), None) => return Err(NoStage::Unavailable),
        };
        if let Some(mut slot) = self.slots.get_mut(&id)
            && slot.generation == generation
        {
            slot.state = State::Running { handle: handle.clone(), live };
        }
        if let Behind::Edge(edge) = &behind {
            self.look_whether_gone(edge.owner(), &handle);
        }
        Ok((handle, behind))
    }
}

/// Where a stage is.
enum Place {
    Here(Box<Opened>),
    At(NodeId),
}
