//! A file on its way from the bucket, once for all who ask for it.
//!
//! It comes in blocks, into a temporary file. Whoever wants a block that nobody fetches begins a run there, a request that
//! goes on until it meets what another one has; whoever wants one that is on its way waits for it. So a hall that begins
//! the same song fetches it once, and a seek waits for no more than its own place. When all blocks are there, the whole is
//! held against its name and goes into the cache.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::{Bytes, BytesMut};
use sha2::{Digest as _, Sha256};
use tempfile::TempPath;
use tokio::sync::{Semaphore, watch};

use super::super::FileName;
use super::super::name::Hash;
use super::bucket::{Bucket, Patience};
use super::cache::{Cache, Hand};
use super::refusal::Refusal;

/// Bytes of a block.
const BLOCK: u64 = 512 * 1024;
/// Whoever wants a block waits for a run that is so many blocks before it.
const NEAR: usize = 2;
/// Runs of one file at once.
const RUNS: usize = 4;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Block {
    Missing,
    Coming,
    Here,
}

#[derive(Debug)]
pub struct Fill {
    name: FileName,
    bucket: Arc<Bucket>,
    cache: Arc<Cache>,
    /// Requests under way for all files.
    lines: Arc<Semaphore>,
    file: File,
    state: Mutex<State>,
    /// Told of every change of `state`.
    changed: watch::Sender<()>,
}

#[derive(Debug)]
struct State {
    size: Option<u64>,
    blocks: Vec<Block>,
    runs: usize,
    /// Until all of it is here.
    tmp: Option<TempPath>,
    end: Option<Result<Arc<Hand>, Refusal>>,
}

impl Fill {
    pub(super) fn begin(
        name: &FileName,
        bucket: &Arc<Bucket>,
        cache: &Arc<Cache>,
        lines: &Arc<Semaphore>,
        tmp: tempfile::NamedTempFile,
    ) -> Arc<Self> {
        let (file, tmp) = tmp.into_parts();
        let state = State { size: None, blocks: Vec::new(), runs: 1, tmp: Some(tmp), end: None };
        let (name, bucket, cache, lines) = (name.clone(), bucket.clone(), cache.clone(), lines.clone());
        let fill = Arc::new(Self {
            name,
            bucket,
            cache,
            lines,
            file,
            state: Mutex::new(state),
            changed: watch::Sender::new(()),
        });
        tokio::spawn(fill.clone().run(0));
        fill
    }

    /// How long the file is, in bytes.
    pub async fn size(&self) -> io::Result<u64> {
        self.wait(|state| state.size).await
    }

    /// The file in the cache, when all of it is there.
    pub(super) async fn whole(&self) -> io::Result<Arc<Hand>> {
        self.wait(|state| state.end.as_ref().and_then(|end| end.as_ref().ok().cloned())).await
    }

    /// Whether it is over, well or not.
    pub(super) fn is_over(&self) -> bool {
        self.state().end.is_some()
    }

    /// Bytes from `at` on, until `to` or the end of a block; waits until they are there.
    pub async fn read(self: &Arc<Self>, at: u64, to: u64) -> io::Result<Bytes> {
        let block = index(at);
        self.want(block);
        self.wait(|state| (state.blocks.get(block) == Some(&Block::Here)).then_some(())).await?;
        let (fill, to) = (self.clone(), to.min((at / BLOCK + 1) * BLOCK));
        let read = tokio::task::spawn_blocking(move || {
            let mut bytes = BytesMut::zeroed(usize::try_from(to - at).unwrap_or_default());
            fill.file.read_exact_at(&mut bytes, at).map(|()| bytes.freeze())
        });
        read.await.map_err(io::Error::other)?
    }

    /// Begins a run at a block, unless it is there or about to come.
    fn want(self: &Arc<Self>, block: usize) {
        let mut state = self.state();
        let is_near = (block.saturating_sub(NEAR)..block).any(|b| state.blocks.get(b) == Some(&Block::Coming));
        if state.blocks.get(block) == Some(&Block::Missing) && !is_near && state.runs < RUNS {
            state.blocks[block] = Block::Coming;
            state.runs += 1;
            tokio::spawn(self.clone().run(block));
        }
    }

    /// Waits for what `look` finds; an end without it is an error.
    async fn wait<T>(&self, look: impl Fn(&State) -> Option<T>) -> io::Result<T> {
        let mut changed = self.changed.subscribe();
        loop {
            changed.mark_unchanged();
            {
                let state = self.state();
                if let Some(found) = look(&state) {
                    return Ok(found);
                }
                match &state.end {
                    Some(Err(refusal)) => return Err(refusal.clone().into()),
                    Some(Ok(_)) => return Err(io::ErrorKind::UnexpectedEof.into()),
                    None => {}
                }
            }
            changed.changed().await.map_err(io::Error::other)?;
        }
    }

    /// Fetches block after block from one on, then what else is missing; the last one out sees to the whole.
    async fn run(self: Arc<Self>, first: usize) {
        let mut block = first;
        loop {
            if let Err(refusal) = self.patiently(&mut block).await {
                return self.end(Err(refusal));
            }
            match self.next_missing() {
                Next::Block(missing) => block = missing,
                Next::OthersAreAtWork => return,
                Next::Whole => return self.finish().await,
            }
        }
    }

    /// Goes on where a run broke off, unless it did so at the same block several times.
    async fn patiently(self: &Arc<Self>, block: &mut usize) -> Result<(), Refusal> {
        let mut patience = Patience::new();
        loop {
            let began = *block;
            let Err(refusal) = self.stretch(block).await else { return Ok(()) };
            if *block > began {
                patience = Patience::new();
            }
            patience.with(refusal).await?;
        }
    }

    /// Fetches from `block` on to the next one that is no business of this run; `block` is the one that comes next.
    async fn stretch(self: &Arc<Self>, block: &mut usize) -> Result<(), Refusal> {
        let _line = self.lines.acquire().await.map_err(|_| Refusal::here(&io::ErrorKind::Interrupted.into()))?;
        let range = self.range_from(*block);
        let mut coming = self.bucket.get(&self.name, range).await?;
        self.is_so_long(coming.size)?;
        let mut bytes = BytesMut::new();
        loop {
            let Some(size) = length_of(*block, coming.size) else { return Ok(()) };
            while (bytes.len() as u64) < size {
                match coming.piece().await? {
                    Some(piece) => bytes.extend_from_slice(&piece),
                    None => return Err(Refusal::unanswered("GET", "the bucket", &"the file broke off")),
                }
            }
            let done = bytes.split_to(usize::try_from(size).unwrap_or_default()).freeze();
            let goes_on = self.write(*block, done).await?;
            *block += 1;
            if !goes_on {
                return Ok(());
            }
        }
    }

    /// Writes a block, and takes the next one if it is nobody else's: in one, so that who waits for it begins no run there.
    async fn write(self: &Arc<Self>, block: usize, bytes: Bytes) -> Result<bool, Refusal> {
        let fill = self.clone();
        let written = tokio::task::spawn_blocking(move || fill.file.write_all_at(&bytes, block as u64 * BLOCK));
        written.await.unwrap_or_else(|e| Err(io::Error::other(e))).map_err(|e| Refusal::here(&e))?;
        let mut state = self.state();
        state.blocks[block] = Block::Here;
        let goes_on = state.end.is_none() && state.blocks.get(block + 1) == Some(&Block::Missing);
        if goes_on {
            state.blocks[block + 1] = Block::Coming;
        }
        drop(state);
        self.changed.send_replace(());
        Ok(goes_on)
    }

    /// The bytes that a run from a block on asks for; all of them as long as nobody knows how many there are.
    fn range_from(&self, block: usize) -> Option<(u64, u64)> {
        let state = self.state();
        let size = state.size?;
        let rest = state.blocks.iter().enumerate().skip(block + 1);
        let end = rest.filter(|(_, b)| **b != Block::Missing).map(|(n, _)| n as u64 * BLOCK).next();
        Some((block as u64 * BLOCK, end.unwrap_or(size).saturating_sub(1)))
            .filter(|(from, to)| (*from, *to) != (0, size.saturating_sub(1)))
    }

    /// The first answer says how long the file is; a later one must say the same.
    fn is_so_long(&self, size: u64) -> Result<(), Refusal> {
        let mut state = self.state();
        match state.size {
            Some(known) if known != size => return Err(Refusal::nonsense("GET", "has another length than before")),
            Some(_) => return Ok(()),
            None => {}
        }
        state.size = Some(size);
        state.blocks = vec![Block::Missing; index(size.saturating_sub(1)) + 1];
        state.blocks[0] = Block::Coming;
        drop(state);
        self.changed.send_replace(());
        Ok(())
    }

    fn next_missing(&self) -> Next {
        let mut state = self.state();
        if state.end.is_some() {
            return Next::OthersAreAtWork;
        }
        // What is missing behind a block on its way is that run's: two that take each other's next block ask for each anew.
        let is_left =
            |at: &usize| state.blocks[*at] == Block::Missing && (*at == 0 || state.blocks[*at - 1] == Block::Here);
        let left = (0..state.blocks.len()).find(is_left);
        if let Some(left) = left {
            state.blocks[left] = Block::Coming;
            return Next::Block(left);
        }
        state.runs -= 1;
        if state.runs > 0 { Next::OthersAreAtWork } else { Next::Whole }
    }

    /// Holds the whole against its name.
    async fn finish(self: Arc<Self>) {
        let (fill, tmp) = (self.clone(), self.state().tmp.take());
        let kept = tokio::task::spawn_blocking(move || {
            let tmp = tmp.ok_or_else(|| Refusal::here(&io::ErrorKind::NotFound.into()))?;
            let found = fill.hash().map_err(|e| Refusal::here(&e))?;
            if found.as_str() != fill.name.hash() {
                let damaged = Refusal::damaged(&fill.name.path());
                tracing::error!("{damaged}");
                return Err(damaged);
            }
            fill.cache.put(&fill.name, tmp).map_err(|e| Refusal::here(&e))
        });
        let kept = kept.await.unwrap_or_else(|e| Err(Refusal::here(&io::Error::other(e))));
        self.end(kept.map(Arc::new));
    }

    fn hash(&self) -> io::Result<Hash> {
        let (mut sha, mut at) = (Sha256::new(), 0);
        let mut bytes = vec![0; usize::try_from(BLOCK).unwrap_or_default()];
        loop {
            match self.file.read_at(&mut bytes, at)? {
                0 => return Ok(Hash::of(&sha.finalize())),
                read => {
                    sha.update(&bytes[..read]);
                    at += read as u64;
                }
            }
        }
    }

    /// The first end counts.
    fn end(&self, how: Result<Arc<Hand>, Refusal>) {
        let mut state = self.state();
        state.end.get_or_insert(how);
        state.tmp = None;
        drop(state);
        self.changed.send_replace(());
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

enum Next {
    Block(usize),
    OthersAreAtWork,
    Whole,
}

/// A block's bytes; none beyond the end.
fn length_of(block: usize, size: u64) -> Option<u64> {
    Some(size.checked_sub(block as u64 * BLOCK)?.min(BLOCK))
}

fn index(at: u64) -> usize {
    usize::try_from(at / BLOCK).unwrap_or(usize::MAX)
}
