//! The house, its stages, and the steps of an evening.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use octave::base::clock::Clock;
use octave::stage::handle::{Ask, Command, ConnId};
use octave::stage::memory::MemoryStore;
use octave::stage::{ChatLimits, Metrics, Registry, StageStore as _};
use octave_protocol::{Duration as Length, SongId, StageId};
use tokio::task::JoinHandle;
use tokio::time::sleep;

use super::ledger::Ledger;
use super::storage::ShakyStore;
use super::visitor::Visitor;
use crate::cast::{about, song, user};
use crate::dice::Dice;
use crate::world::START;

const STEPS: u64 = 150;
const STEP: Duration = Duration::from_millis(60);
const STAGES: usize = 2;
const VISITORS: usize = 6;
const SONGS: i64 = 400;
/// A stage that nobody is in and that does not play falls asleep in less.
const NIGHT: Duration = Duration::from_secs(310);

/// What has to happen over many evenings.
pub(crate) const KINDS: [&str; 16] = [
    "a commit comes late",
    "a commit fails",
    "a commit is done and nobody knows",
    "a commit is gone",
    "a commit takes long",
    "a read fails or takes long",
    "a stage ends",
    "a stage opens slowly",
    "a stage panics",
    "somebody begins anew",
    "somebody comes for the first time",
    "somebody resumes",
    "somebody resumes over a restart",
    "something is asked again",
    "the disk is full",
    "the process is killed",
];

/// How it went.
#[derive(Debug, Default)]
pub(crate) struct Evening {
    pub(crate) log: String,
    pub(crate) faults: Vec<String>,
    pub(crate) happened: BTreeMap<&'static str, u64>,
}

pub(crate) fn play(seed: u64) -> Evening {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(async { House::new(seed).evening().await })
}

/// One life of the server.
struct Process {
    registry: Arc<Registry>,
    writer: JoinHandle<()>,
    metrics: Metrics,
}

struct House {
    store: ShakyStore,
    clock: Clock,
    process: Process,
    dice: Dice,
    open: Vec<StageId>,
    all: Vec<StageId>,
    ending: Vec<(StageId, JoinHandle<bool>)>,
    visitors: Vec<Visitor>,
    ledger: Ledger,
    conns: u64,
    song: i64,
    log: Vec<String>,
    happened: BTreeMap<&'static str, u64>,
}

impl Process {
    fn start(store: &ShakyStore, clock: Clock) -> Self {
        let metrics = Metrics::default();
        let (registry, writer) = Registry::start(Arc::new(store.clone()), clock, ChatLimits::Off, metrics.clone());
        Self { registry, writer, metrics }
    }
}

impl House {
    fn new(seed: u64) -> Self {
        let mut dice = Dice(seed);
        let store = ShakyStore::new(MemoryStore::default(), dice.roll());
        for id in 1..=SONGS {
            store.inner.add_song(song(SongId(id), Length::from_secs(2)));
        }
        let clock = Clock::starting_at(START);
        let process = Process::start(&store, clock);
        let visitors = (0..VISITORS).map(|n| Visitor::new(user(n), dice.roll())).collect();
        let mut house = Self {
            store,
            clock,
            process,
            dice,
            open: Vec::new(),
            all: Vec::new(),
            ending: Vec::new(),
            visitors,
            ledger: Ledger::default(),
            conns: 0,
            song: 0,
            log: Vec::new(),
            happened: BTreeMap::new(),
        };
        (0..STAGES).for_each(|_| house.open_stage());
        house
    }

    async fn evening(mut self) -> Evening {
        for _ in 0..STEPS {
            if self.dice.one_in(12) {
                let trouble = [0, 0, 20, 6][usize::try_from(self.dice.below(4)).unwrap()];
                self.store.trouble(trouble);
            }
            self.goes_on().await;
            self.people();
            self.pass(STEP).await;
        }
        self.comes_to_rest().await;
        let log = self.log.join("\n");
        Evening { log, faults: self.ledger.faults, happened: self.happened }
    }

    /// What befalls all of them.
    async fn goes_on(&mut self) {
        match self.dice.below(160) {
            0 | 1 => self.end_some_stage(),
            2 => self.is_killed(),
            3 => self.restarts().await,
            4 => self.sleeps().await,
            _ => {}
        }
    }

    fn people(&mut self) {
        for visitor in &mut self.visitors {
            let chance = self.dice.roll();
            if visitor.is_away() && chance.is_multiple_of(3) {
                let stages = if chance.is_multiple_of(5) { &self.all } else { &self.open };
                let nth = usize::try_from(chance >> 8).unwrap() % stages.len();
                visitor.knock(&self.process.registry, stages[nth]);
            } else if visitor.stage().is_some() {
                match chance % 40 {
                    0 => visitor.cut(),
                    1 => visitor.leave(),
                    2..10 => visitor.act(&mut self.song),
                    _ => {}
                }
            }
        }
    }

    /// Lets time pass, in which everybody hears what comes.
    async fn pass(&mut self, time: Duration) {
        for _ in 0..3 {
            sleep(time / 3).await;
            for visitor in &mut self.visitors {
                self.conns += 1;
                visitor.enter(ConnId(self.conns), &mut self.ledger).await;
                visitor.hear(&mut self.ledger, &mut self.log);
            }
        }
        for what in self.store.happened().into_iter().chain(self.visitors.iter_mut().flat_map(|v| v.happened.drain(..)))
        {
            self.log.push(format!("({what})"));
            *self.happened.entry(what).or_default() += 1;
        }
        self.stages_end().await;
    }

    fn notes(&mut self, what: &'static str) {
        self.log.push(format!("({what})"));
        *self.happened.entry(what).or_default() += 1;
    }

    fn open_stage(&mut self) {
        let id = StageId(i64::try_from(self.all.len()).unwrap() + 1);
        self.store.inner.add_stage(about(id));
        self.open.push(id);
        self.all.push(id);
    }

    /// Its host ends one. Whether it has ended the store knows: the answer may be lost, or come before a late commit.
    fn end_some_stage(&mut self) {
        let nth = usize::try_from(self.dice.below(STAGES as u64)).unwrap();
        let stage = self.open[nth];
        if self.ending.iter().any(|(ending, _)| *ending == stage) {
            return;
        }
        let registry = self.process.registry.clone();
        let ends = tokio::spawn(async move {
            let Ok(handle) = registry.find(stage).await else { return false };
            matches!(handle.command(user(0).id, Command::End).await, Ok(Ok(())))
        });
        self.ending.push((stage, ends));
    }

    async fn stages_end(&mut self) {
        let (over, ending) = std::mem::take(&mut self.ending).into_iter().partition(|(_, ends)| ends.is_finished());
        self.ending = ending;
        for (stage, ends) in Vec::into_iter(over) {
            if ends.await.unwrap_or(false) && !self.has_ended(stage).await {
                self.ledger.wrong(format!("{stage} was told to have ended, and has not"));
            }
        }
        for stage in self.open.clone() {
            if self.has_ended(stage).await {
                self.notes("a stage ends");
                self.open.retain(|open| *open != stage);
                self.open_stage();
            }
        }
    }

    async fn has_ended(&self, stage: StageId) -> bool {
        self.store.inner.has_ended(stage, user(0).id).await.unwrap()
    }

    /// From one moment to the next there is nothing left but what is stored.
    fn is_killed(&mut self) {
        self.notes("the process is killed");
        self.process.writer.abort();
        // Nothing of it can be stored any more; its stages only must not go on in the background.
        let gone = self.process.registry.clone();
        tokio::spawn(async move { gone.stop().await });
        self.begins_again();
    }

    async fn restarts(&mut self) {
        self.notes("the process is stopped");
        self.process.registry.stop().await;
        self.begins_again();
    }

    fn begins_again(&mut self) {
        self.process = Process::start(&self.store, self.clock);
        self.visitors.iter_mut().for_each(Visitor::orphaned);
    }

    /// Everybody goes, and what does not play falls asleep.
    async fn sleeps(&mut self) {
        self.notes("it is night");
        self.visitors.iter_mut().for_each(Visitor::cut);
        self.store.trouble(0);
        self.pass(NIGHT).await;
    }

    /// Trouble is over: everybody has a seat and gets what is owed, and all agree.
    async fn comes_to_rest(&mut self) {
        self.store.trouble(0);
        for round in 0..600 {
            for (n, visitor) in self.visitors.iter_mut().enumerate().filter(|(_, v)| v.is_away()) {
                visitor.knock(&self.process.registry, self.open[(n + round) % STAGES]);
            }
            self.pass(Duration::from_millis(200)).await;
            self.visitors.iter_mut().for_each(Visitor::repeat);
            if round > 20 && self.ending.is_empty() && self.visitors.iter().all(Visitor::is_content) {
                break;
            }
        }
        self.pass(Duration::from_secs(3)).await;
        for visitor in self.visitors.iter().filter(|v| !v.is_content()) {
            self.ledger.wrong(format!("{} comes to no rest", visitor.user.username));
        }
        self.agree();
        self.ended_is_ended().await;
        let queues = self.queues().await;
        self.ledger.settle(&self.store.inner, &self.all, &queues);
    }

    /// Whoever is in the same stage knows the same of it, and nobody is counted who is not there.
    fn agree(&mut self) {
        let mut seats = 0;
        for stage in self.open.clone() {
            let there: Vec<&Visitor> = self.visitors.iter().filter(|v| v.stage() == Some(stage)).collect();
            let mirror = |v: &Visitor| v.mirrors[&stage].clone();
            for visitor in &there {
                for difference in mirror(visitor).differences(&mirror(there[0])) {
                    self.ledger.faults.push(format!("{} in {stage}: {difference}", visitor.user.username));
                }
            }
            let counted = self.process.registry.live(stage).map_or(0, |live| live.listeners);
            if counted as usize != there.len() {
                self.ledger.faults.push(format!("{stage} counts {counted} listeners, {} are there", there.len()));
            }
            seats += there.len();
        }
        let running = self.process.registry.all_live().len();
        let found = (self.process.metrics.seats.get(), self.process.metrics.stages_running.get());
        if found != (i64::try_from(seats).unwrap(), i64::try_from(running).unwrap()) {
            self.ledger.wrong(format!("{seats} seats and {running} stages are there, {found:?} are counted"));
        }
    }

    async fn ended_is_ended(&mut self) {
        for stage in self.all.iter().filter(|stage| !self.open.contains(stage)) {
            if self.process.registry.find(*stage).await.is_ok() {
                self.ledger.faults.push(format!("{stage} was ended and is open"));
            }
        }
    }

    async fn queues(&self) -> BTreeMap<StageId, Vec<SongId>> {
        let mut queues = BTreeMap::new();
        for stage in &self.open {
            let Ok(handle) = self.process.registry.find(*stage).await else { continue };
            let mut songs = Vec::new();
            loop {
                let offset = u32::try_from(songs.len()).unwrap();
                let Ok(queue) = handle.ask(|reply| Ask::Queue { offset, limit: 200, reply }).await else { break };
                songs.extend(queue.items.iter().map(|item| item.song.id));
                if queue.items.len() < 200 {
                    break;
                }
            }
            queues.insert(*stage, songs);
        }
        queues
    }
}
