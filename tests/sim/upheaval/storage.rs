//! A store that answers late, not at all, or otherwise than it did.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use octave::stage::core::{Admission, SavedEntry};
use octave::stage::memory::MemoryStore;
use octave::stage::storage::{Answer, Door, Fault, Missed, Opened, Placed, StageStore, Wanted, Work};
use octave_protocol::model::Song;
use octave_protocol::{Seq, SongId, StageId, UserId};
use tokio::time::sleep;

use crate::dice::Dice;

#[derive(Debug, Clone)]
pub(crate) struct ShakyStore {
    pub(crate) inner: MemoryStore,
    chance: Arc<Mutex<Chance>>,
}

#[derive(Debug)]
struct Chance {
    dice: Dice,
    /// One in so many things goes wrong; 0 while all is well.
    trouble: u64,
    happened: Vec<&'static str>,
}

/// What becomes of a commit.
#[derive(Debug, Clone, Copy)]
enum Fate {
    Done,
    Refused(&'static str),
    /// Done, and nobody knows.
    Lost,
    /// Nobody knows, and it is done in the end, unless it must not be any more.
    Late,
    /// Nobody knows, and it is never done.
    Gone,
}

impl ShakyStore {
    pub(crate) fn new(inner: MemoryStore, seed: u64) -> Self {
        let chance = Chance { dice: Dice(seed), trouble: 0, happened: Vec::new() };
        Self { inner, chance: Arc::new(Mutex::new(chance)) }
    }

    /// From now on one in so many things goes wrong, or none with 0.
    pub(crate) fn trouble(&self, one_in: u64) {
        self.chance(|c| c.trouble = one_in);
    }

    /// What has gone wrong since the last look.
    pub(crate) fn happened(&self) -> Vec<&'static str> {
        self.chance(|c| std::mem::take(&mut c.happened))
    }

    fn chance<T>(&self, draw: impl FnOnce(&mut Chance) -> T) -> T {
        draw(&mut self.chance.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn fate(&self) -> (Fate, Duration) {
        self.chance(|c| {
            let takes = Duration::from_micros(200 + c.dice.below(8_000));
            if c.trouble == 0 || !c.dice.one_in(c.trouble) {
                return (Fate::Done, takes);
            }
            let (fate, what) = match c.dice.below(6) {
                0 => (Fate::Refused("unavailable"), "a commit fails"),
                1 => (Fate::Refused("full"), "the disk is full"),
                2 => (Fate::Lost, "a commit is done and nobody knows"),
                3 => (Fate::Late, "a commit comes late"),
                4 => (Fate::Gone, "a commit is gone"),
                _ => (Fate::Done, "a commit takes long"),
            };
            c.happened.push(what);
            let takes = if matches!(fate, Fate::Done) { 200 + c.dice.below(1_500) } else { c.dice.below(300) };
            (fate, Duration::from_millis(takes))
        })
    }

    /// Waits for an answer that may not come.
    async fn reads(&self) -> Result<(), Fault> {
        let (fails, takes) = self.chance(|c| {
            let takes = c.dice.below(4_000);
            if c.trouble == 0 || !c.dice.one_in(c.trouble * 2) {
                return (false, Duration::from_micros(takes));
            }
            c.happened.push("a read fails or takes long");
            (c.dice.one_in(2), Duration::from_millis(takes))
        });
        sleep(takes).await;
        if fails { Err(Fault::Unavailable("trouble".into())) } else { Ok(()) }
    }
}

impl StageStore for ShakyStore {
    fn open(&self, id: StageId, block: i64) -> Answer<'_, Option<Opened>> {
        Box::pin(async move {
            let late = self.chance(|c| c.trouble > 0 && c.dice.one_in(c.trouble));
            self.reads().await?;
            let opened = self.inner.open(id, block).await;
            if late {
                self.chance(|c| c.happened.push("a stage opens slowly"));
                let takes = self.chance(|c| c.dice.below(7_000));
                sleep(Duration::from_millis(takes)).await;
            }
            opened
        })
    }

    fn missed(&self, id: StageId, before: Seq, limit: usize) -> Answer<'_, Missed> {
        Box::pin(async move {
            self.reads().await?;
            self.inner.missed(id, before, limit).await
        })
    }

    fn queue(&self, id: StageId) -> Answer<'_, Vec<SavedEntry>> {
        Box::pin(async move {
            self.reads().await?;
            self.inner.queue(id).await
        })
    }

    fn commit<'a>(&'a self, work: &'a [Work]) -> Answer<'a, Vec<Vec<Placed>>> {
        Box::pin(async move {
            let (fate, takes) = self.fate();
            let unknown = || Err(Fault::Unknown("trouble".into()));
            // Half of the time passes before it is done and half after.
            sleep(takes / 2).await;
            match fate {
                Fate::Done => {
                    let done = self.inner.commit(work).await;
                    sleep(takes / 2).await;
                    done
                }
                Fate::Refused("full") => Err(Fault::Full("trouble".into())),
                Fate::Refused(_) => Err(Fault::Unavailable("trouble".into())),
                Fate::Lost => {
                    self.inner.commit(work).await?;
                    unknown()
                }
                Fate::Late => {
                    let (inner, work) = (self.inner.clone(), work.to_vec());
                    let after = self.chance(|c| Duration::from_millis(c.dice.below(4_000)));
                    tokio::spawn(async move {
                        sleep(after).await;
                        drop(inner.commit(&work).await);
                    });
                    unknown()
                }
                Fate::Gone => unknown(),
            }
        })
    }

    fn step(&self, id: StageId) -> Answer<'_, bool> {
        self.inner.step(id)
    }

    fn commits_at_once(&self) -> usize {
        1
    }

    fn has_ended(&self, id: StageId, viewer: UserId) -> Answer<'_, bool> {
        self.inner.has_ended(id, viewer)
    }

    fn playing(&self) -> Answer<'_, Vec<StageId>> {
        self.inner.playing()
    }

    /// Now and then whoever asks panics.
    fn songs(&self, wanted: Wanted, limit: usize) -> Answer<'_, Vec<Arc<Song>>> {
        Box::pin(async move {
            self.reads().await?;
            let panics = self.chance(|c| {
                let panics = c.trouble > 0 && c.dice.one_in(c.trouble * 8);
                if panics {
                    c.happened.push("a stage panics");
                }
                panics
            });
            assert!(!panics, "as the seed wants it");
            self.inner.songs(wanted, limit).await
        })
    }

    fn songs_of<'a>(&'a self, ids: &'a [SongId]) -> Answer<'a, Vec<Arc<Song>>> {
        self.inner.songs_of(ids)
    }

    fn admission(&self, door: Door) -> Answer<'_, Admission> {
        Box::pin(async move {
            self.reads().await?;
            self.inner.admission(door).await
        })
    }

    fn blocked(&self, by: UserId) -> Answer<'_, HashSet<UserId>> {
        self.inner.blocked(by)
    }

    fn author(&self, stage: StageId, chat: Seq) -> Answer<'_, Option<UserId>> {
        self.inner.author(stage, chat)
    }

    fn ping(&self) -> Answer<'_, ()> {
        Box::pin(async move {
            self.reads().await?;
            self.inner.ping().await
        })
    }
}
