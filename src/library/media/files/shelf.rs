//! A bucket with what this machine has of it.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use tempfile::{NamedTempFile, TempPath};
use tokio::sync::Semaphore;

use super::super::FileName;
use super::bucket::{Bucket, BucketAt};
use super::cache::{Cache, Hand};
use super::figures::{Figures, Where};
use super::fill::Fill;

/// Requests under way at once that fetch files, each with a block of memory.
const LINES: usize = 16;

#[derive(Debug)]
pub(in crate::library::media) struct Shelf {
    pub(super) bucket: Arc<Bucket>,
    pub(super) cache: Arc<Cache>,
    tmp: PathBuf,
    lines: Arc<Semaphore>,
    pub(super) figures: Figures,
    /// A fill lives as long as somebody works on it or reads it.
    fills: Mutex<HashMap<FileName, Weak<Fill>>>,
}

/// Where a file is read from.
pub(super) enum Found {
    Here(Arc<Hand>),
    Coming(Arc<Fill>),
}

impl Shelf {
    pub(super) fn open(at: &BucketAt, cache: &Path, tmp: &Path, cache_bytes: u64) -> io::Result<Self> {
        let figures = Figures::default();
        Ok(Self {
            bucket: Arc::new(Bucket::new(at, figures.clone())?),
            cache: Cache::open(cache, tmp, cache_bytes, figures.cached.clone())?,
            figures,
            tmp: tmp.to_owned(),
            lines: Arc::new(Semaphore::new(LINES)),
            fills: Mutex::default(),
        })
    }

    /// The file from the cache, or the one fill that brings it.
    pub(super) fn find(&self, file: &FileName) -> io::Result<Found> {
        let (found, was) = self.look(file)?;
        self.figures.looked_for.get_or_create(&was).inc();
        Ok(found)
    }

    fn look(&self, file: &FileName) -> io::Result<(Found, Where)> {
        if let Some(hand) = self.cache.take(file) {
            return Ok((Found::Here(Arc::new(hand)), Where::CACHE));
        }
        let mut fills = self.fills();
        if let Some(fill) = fills.get(file).and_then(Weak::upgrade).filter(|fill| !fill.is_over()) {
            return Ok((Found::Coming(fill), Where::UNDER_WAY));
        }
        // It may have come to its end since it was looked for.
        if let Some(hand) = self.cache.take(file) {
            return Ok((Found::Here(Arc::new(hand)), Where::CACHE));
        }
        let fill = Fill::begin(file, &self.bucket, &self.cache, &self.lines, NamedTempFile::new_in(&self.tmp)?);
        fills.retain(|_, fill| fill.strong_count() > 0);
        fills.insert(file.clone(), Arc::downgrade(&fill));
        Ok((Found::Coming(fill), Where::BUCKET))
    }

    /// All of a file, on this machine.
    pub(super) async fn whole(&self, file: &FileName) -> io::Result<Arc<Hand>> {
        match self.find(file)? {
            Found::Here(hand) => Ok(hand),
            Found::Coming(fill) => fill.whole().await,
        }
    }

    /// Puts a file into the bucket and what was received of it into the cache. False when it is there already.
    pub(super) async fn keep(&self, received: TempPath, file: &FileName) -> io::Result<bool> {
        let size = tokio::fs::metadata(&received).await?.len();
        let is_there = self.bucket.about(file).await?.is_some_and(|about| about.size == size);
        if !is_there {
            self.bucket.put(file, &received).await?;
        }
        let (cache, file) = (self.cache.clone(), file.clone());
        let put = tokio::task::spawn_blocking(move || cache.put(&file, received).map(drop));
        // The bucket has it: what is not in the cache is fetched.
        if let Err(error) = put.await.map_err(io::Error::other)? {
            tracing::warn!(%error, "an upload can't be put into the cache");
        }
        Ok(!is_there)
    }

    fn fills(&self) -> MutexGuard<'_, HashMap<FileName, Weak<Fill>>> {
        self.fills.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
