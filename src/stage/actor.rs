//! The task that runs a stage.
//!
//! A turn is synchronous: it takes what has come in, lets the stage decide, applies and shows what is immediate, hands
//! what must be durable to the journal, and writes the batch. Nothing in it waits. What needs the store comes back as one
//! more input: the outcome of a commit ([`durable`]), the answer to a look-up ([`lookups`]).

mod answers;
mod apply;
mod corrections;
mod durable;
mod far;
mod guests;
mod leaving;
mod lines;
mod lookups;
mod past;
mod queries;
mod queue_loading;
mod remotes;
mod requests;
mod succession;
mod wakes;
mod wants;

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use octave_protocol::{Instant, Rev, StageId, UserId};
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

use super::core::Stage;
use super::feed::{Chats, Ephemeral, Feed, Snapshots};
use super::handle::{ConnId, Live, Message};
use super::journal::Journal;
use super::limits::{QUEUE_LOADED_AFTER, REQUESTS_PER_TURN};
use super::metrics::{Metrics, Running};
use super::nonces::Nonces;
use super::relay::Ending;
use super::stage_presence::{Attendance, StagePresence};
use super::storage::{Answered, Fault, Opened, StageStore};
use crate::base::clock::Clock;
use crate::bus::Bus;
use answers::Asker;
use corrections::Corrections;
use durable::{InFlight, NextJob, PendingCommand, StorageHealth, Unsaved, outcome_of};
use far::Far;
pub(super) use far::{EdgesHere, not_here};
use guests::GuestsAway;
use lookups::Lookups;
use past::Past;
use queue_loading::QueueLoading;
use requests::Arrived;
use succession::Succession;
use wants::{Buckets, SlowMode};

/// What every stage of the process shares.
#[derive(Debug, Clone)]
pub(super) struct World {
    pub store: Arc<dyn StageStore>,
    pub journal: Journal,
    pub clock: Clock,
    pub metrics: Metrics,
    pub limits: ChatLimits,
    pub presence: Arc<StagePresence>,
    /// Ends all stages.
    pub stop: CancellationToken,
    /// Ends those of a node that others have declared dead.
    pub tenure: CancellationToken,
    /// The way to other nodes, if there may be some.
    pub bus: Option<Bus>,
    /// The edges that are told of stages of this process.
    pub edges: Arc<EdgesHere>,
}

/// Whether users are held to a pace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ChatLimits {
    #[default]
    On,
    /// For load tests.
    Off,
}

#[derive(Debug)]
pub(super) struct Actor {
    id: StageId,
    world: World,
    stage: Stage,
    feed: Feed,
    ephemeral: Ephemeral,
    snapshots: Snapshots,
    chats: Chats,
    mailbox: mpsc::Receiver<Message>,
    past: Past,
    lookups: Lookups,
    queue_loading: QueueLoading,
    corrections: Corrections,
    next_job: NextJob,
    in_flight: Option<InFlight>,
    /// How long commits took of late.
    commit_takes: std::time::Duration,
    /// Commands that wait for the change before theirs to be durable.
    waiting: VecDeque<PendingCommand>,
    /// What commands under a nonce were told of the queue.
    answered: Nonces<Option<Rev>>,
    unsaved: Unsaved,
    storage: StorageHealth,
    buckets: Buckets,
    slow_mode: SlowMode,
    succession: Succession,
    guests_away: GuestsAway,
    /// Who is seated and has no snapshot yet; nobody between two turns.
    arrived: Vec<Arrived>,
    /// Whose arrival has been noted, and whether as an invited one's.
    noted: HashMap<UserId, bool>,
    /// Who has left and is still owed an answer.
    leaving: Vec<ConnId>,
    attendance: Attendance,
    /// Nodes with members of this stage.
    far: Far,
    live: watch::Sender<Live>,
    idle_since: Option<Instant>,
    over: bool,
    _running: Running,
}

impl Actor {
    pub(super) fn new(
        id: StageId,
        world: World,
        opened: Opened,
        mailbox: mpsc::Receiver<Message>,
        live: watch::Sender<Live>,
    ) -> Self {
        let Opened { saved, epoch, first, limit, chats, answered: before } = opened;
        let mut answered = Nonces::default();
        for Answered { user, nonce, queue_rev, at: _ } in before {
            answered.remember(user, nonce, queue_rev);
        }
        let (stage, began) = Stage::restore(saved, world.clock.now());
        let running = world.metrics.one_runs();
        Self {
            id,
            stage,
            feed: Feed::new(id, epoch, first, limit, world.metrics.clone(), tokio::time::Instant::now()),
            ephemeral: Ephemeral::default(),
            snapshots: Snapshots::default(),
            chats: Chats::new(chats),
            mailbox,
            past: Past::before(epoch, first),
            lookups: Lookups::default(),
            queue_loading: QueueLoading::default(),
            corrections: Corrections::default(),
            next_job: NextJob::default(),
            in_flight: None,
            commit_takes: std::time::Duration::ZERO,
            waiting: VecDeque::new(),
            answered,
            unsaved: Unsaved::at_start(began),
            storage: StorageHealth::Good,
            buckets: Buckets::default(),
            slow_mode: SlowMode::default(),
            succession: Succession::default(),
            guests_away: GuestsAway::default(),
            arrived: Vec::new(),
            noted: HashMap::new(),
            leaving: Vec::new(),
            attendance: Attendance::new(id, world.presence.clone()),
            far: Far::default(),
            live,
            idle_since: None,
            over: false,
            _running: running,
            world,
        }
    }

    /// Runs until the stage ends, is idle for long, or the server stops.
    pub(super) async fn run(mut self) {
        if !self.stage.queue().is_whole() {
            self.load_queue(QUEUE_LOADED_AFTER);
        }
        self.next_job.arranges = self.stage.is_out_of_order();
        // What became due while nobody ran the stage.
        self.finish_turn();
        let mut stands_still = false;
        while !self.over {
            if stands_still {
                self.stand_still().await;
            } else {
                self.wait().await;
            }
            stands_still = !self.world.store.may_show();
            if stands_still {
                continue;
            }
            // Whoever is about to say something gets to say it: what is said together is committed together, and
            // leaves in one batch.
            tokio::task::yield_now().await;
            self.drain();
            self.finish_turn();
            self.flush();
            self.world.metrics.turns.inc();
        }
        self.close().await;
    }

    async fn wait(&mut self) {
        let wake = self.next_wake();
        let sleep = async {
            match wake {
                Some(at) => tokio::time::sleep_until(at).await,
                None => std::future::pending().await,
            }
        };
        let committed = outcome_of(&mut self.in_flight);
        tokio::select! {
            biased;
            () = self.world.stop.cancelled() => self.over = true,
            () = self.world.tenure.cancelled() => self.over = true,
            outcome = committed => {
                // A writer that is gone takes the server with it; until then nothing more becomes durable.
                let gone = Err(Fault::Unavailable("the journal has ended".into()));
                self.committed(outcome.unwrap_or(gone));
            }
            Some(found) = self.lookups.next() => self.found(found),
            read = self.queue_loading.next() => self.queue_loaded(read),
            message = self.mailbox.recv() => match message {
                Some(message) => self.message(message),
                None => self.over = true,
            },
            () = sleep => {}
        }
    }

    /// Takes what else is there, within bounds.
    fn drain(&mut self) {
        for _ in 0..REQUESTS_PER_TURN {
            let Ok(message) = self.mailbox.try_recv() else { return };
            self.message(message);
        }
    }

    fn message(&mut self, message: Message) {
        match message {
            Message::Request(request) => self.request(request),
            Message::Ask(ask) => {
                self.send_snapshots();
                self.ask(ask);
            }
            Message::FromEdge { node, edge, until, what, body } => self.told_by_edge(node, edge, until, what, &body),
            Message::ToEdge { .. } => {}
            Message::NodeGone(node) => self.node_gone(node),
            Message::JoinAgain(joining) => self.request(joining.into()),
        }
    }

    /// What follows from the turn by itself.
    fn finish_turn(&mut self) {
        self.send_snapshots();
        let now = self.now();
        self.settle(now);
        self.look_for_host(now);
        self.look_for_guests(now);
        self.hand_over(now);
        self.hurry(now);
        self.let_go();
        self.past.let_go(now);
        self.tell_live();
        let idle = self.feed.seats() == 0 && !self.stage.is_playing();
        self.idle_since = idle.then(|| self.idle_since.unwrap_or(now));
        if self.stage.has_ended() || self.has_idled(now) {
            self.over = true;
        }
    }

    fn settle(&mut self, now: Instant) {
        loop {
            let events = self.stage.settle(now);
            if events.is_empty() {
                return;
            }
            self.apply_all(&events, now);
        }
    }

    fn flush(&mut self) {
        let now = tokio::time::Instant::now();
        let more_to_come = self.more_to_come();
        for conn in self.feed.flush(now, more_to_come) {
            self.gone(conn);
        }
        if let Some(frames) = self.ephemeral.take(&self.stage, self.feed.seats(), now) {
            self.feed.offer(&frames);
        }
    }

    fn tell_live(&self) {
        let live = Live {
            listeners: self.stage.listeners(),
            playing: self.stage.is_playing(),
            now_playing: self.stage.now_playing(),
        };
        self.live.send_if_modified(|before| {
            let changed = *before != live;
            if changed {
                *before = live;
            }
            changed
        });
    }

    /// Leaves nothing behind: what was asked is answered, what was to be saved is handed over.
    async fn close(mut self) {
        if self.world.tenure.is_cancelled() || !self.world.store.may_show() {
            // Others have the stage, or may have it: nothing of what is here is to be shown or saved any more.
            return self.let_go_of_edges(Ending::Restart);
        }
        self.mailbox.close();
        while let Ok(message) = self.mailbox.try_recv() {
            self.refuse_when_closing(message);
        }
        self.refuse_what_is_looked_up();
        self.wait_for_commit().await;
        self.abandon_waiting();
        self.save_last().await;
        self.feed.flush_all(tokio::time::Instant::now());
        if matches!(self.storage, StorageHealth::Resolved) {
            self.feed.restart();
        }
        // Other nodes may have it, from the next number on.
        let ending = self.ending();
        let (store, id, epoch) = (self.world.store.clone(), self.id, self.feed.epoch());
        let unused = matches!(ending, Ending::Moved(_)).then(|| self.feed.next());
        let released = store.release(id, epoch, unused);
        let is_free = released.await.inspect_err(|fault| {
            tracing::debug!(stage = %id, %fault, "the stage stays this node's until that ends");
        });
        self.let_go_of_edges(if is_free.is_ok() { ending } else { Ending::Restart });
        self.feed.leave_all();
    }

    fn now(&self) -> Instant {
        self.world.clock.now()
    }
}
