//! Files of the library: received, recognised, measured, kept.
//!
//! Everything is named by the SHA-256 of its bytes and never changes, so a name can be cached for ever and the same
//! upload is kept once. A file is written under `tmp/`, synced, and put into its place ([`files`]) from there: it is there
//! whole or not at all.

mod aac;
pub mod artists;
pub mod audio;
mod audit;
mod effort;
mod files;
mod flac;
pub mod gapless;
mod id3v2;
pub mod image;
pub mod incoming;
mod look;
mod measure;
mod mp4;
mod mpeg;
pub mod name;
mod opus;
mod places;
mod probe;
mod refusal;
pub mod sniff;
mod stretch;
pub mod tags;
mod turns;
mod wav;
mod waveform;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use octave_protocol::{Instant, UserId};
use prometheus_client::registry::Registry;
use tokio::sync::{Mutex, MutexGuard, Notify, Semaphore};

pub use audio::{Examined, Kept, Note};
#[cfg(test)]
pub(crate) use files::tests::bucket as bucket_of;
pub use files::{BucketAt, Fill, Listed, Listing, Local, Place, Reading, Refusal, Style};
pub use image::{ImageError, MAX_IMAGE_BYTES};
pub use incoming::{Incoming, ReceiveError, Received};
pub use look::Looked;
pub use measure::Sound;
pub use name::{AudioName, FileName, Format, ImageName, Part};
pub use places::Places;
pub use refusal::AudioError;

use crate::base::name::Title;
use effort::Allowance;
use files::Files;
use turns::Turns;

/// Longest title, artist or album name, in characters.
pub const MAX_NAME: usize = Title::MAX_CHARS;

/// Largest audio file in bytes, unless configured otherwise.
pub const DEFAULT_MAX_AUDIO_BYTES: u64 = 200 * 1024 * 1024;

/// How many files are decoded or images scaled at once: more would only take the processors from playing stages.
const WORKERS: usize = 2;

/// What a bucket's files may take of this machine's disk, unless configured otherwise: some hundred albums.
pub const DEFAULT_CACHE_BYTES: u64 = 10 * 1024 * 1024 * 1024;

/// The library's files, and what is done with them.
#[derive(Debug)]
pub struct Media {
    files: Files,
    /// What is received, or not yet whole.
    tmp: PathBuf,
    max_audio_bytes: u64,
    artist_separators: Arc<[String]>,
    workers: Turns,
    look_allowance: Allowance,
    listen_allowance: Allowance,
    /// KiB of memory that pictures may take.
    pictures: Arc<Semaphore>,
    covers: image::Remembered,
    new_songs: Notify,
    /// Held by who names a kept file in a row and by who removes unnamed files, so that neither sees the other halfway.
    naming: Mutex<()>,
    /// A shared lock for as long as this lives.
    _in_use: Option<std::fs::File>,
}

impl Media {
    /// With all files in one folder.
    pub fn open(root: impl Into<PathBuf>) -> io::Result<Self> {
        Self::keeping(&root.into(), &Place::Data, 0)
    }

    /// With its files at a place and what is under way in `data`. Makes the folders and removes what an earlier process left
    /// half received, unless another process (an import beside a server) is at work here.
    pub fn keeping(data: &Path, place: &Place, cache_bytes: u64) -> io::Result<Self> {
        let tmp = data.join("tmp");
        std::fs::create_dir_all(&tmp)?;
        let in_use = std::fs::File::create(data.join("media.lock"))?;
        if in_use.try_lock().is_ok() {
            for left in std::fs::read_dir(&tmp)? {
                let left = left?;
                if left.file_type()?.is_dir() {
                    std::fs::remove_dir_all(left.path())?;
                } else {
                    std::fs::remove_file(left.path())?;
                }
            }
            in_use.unlock()?;
        }
        in_use.lock_shared()?;
        let files = Files::at(place, data, &tmp, cache_bytes)?;
        files.make()?;
        Ok(Self { _in_use: Some(in_use), ..Self::of(files, tmp) })
    }

    /// What is fetched from a bucket is counted there.
    pub fn register(&self, registry: &mut Registry) {
        self.files.register(registry);
    }

    /// Without making or removing anything: for who only looks.
    pub fn at(root: impl Into<PathBuf>) -> Self {
        let root = root.into();
        Self::of(Files::folder(&root), root.join("tmp"))
    }

    fn of(files: Files, tmp: PathBuf) -> Self {
        Self {
            files,
            tmp,
            max_audio_bytes: DEFAULT_MAX_AUDIO_BYTES,
            artist_separators: Arc::new([]),
            workers: Turns::new(WORKERS),
            look_allowance: effort::LOOK,
            listen_allowance: effort::LISTEN,
            pictures: Arc::new(Semaphore::new(image::MEMORY_KIB as usize)),
            covers: image::Remembered::default(),
            new_songs: Notify::new(),
            naming: Mutex::new(()),
            _in_use: None,
        }
    }

    #[must_use]
    pub fn with_max_audio_bytes(mut self, bytes: u64) -> Self {
        self.max_audio_bytes = bytes;
        self
    }

    /// What stands between several artists of one field.
    #[must_use]
    pub fn with_artist_separators(mut self, separators: &[String]) -> Self {
        self.artist_separators = separators.into();
        self
    }

    pub fn artist_separators(&self) -> &[String] {
        &self.artist_separators
    }

    /// Where a file lies in a folder.
    #[cfg(test)]
    pub(crate) fn path(&self, file: &FileName) -> PathBuf {
        self.files.path(file).expect("a folder")
    }

    #[cfg(test)]
    pub(crate) fn audio_path(&self, name: &AudioName) -> PathBuf {
        self.path(&name.into())
    }

    #[cfg(test)]
    pub(crate) fn image_path(&self, name: &ImageName) -> PathBuf {
        self.path(&name.into())
    }

    /// May spend nothing on a file.
    #[cfg(test)]
    pub(crate) fn without_effort(mut self) -> Self {
        let none = Allowance { beginning: std::time::Duration::ZERO, end: std::time::Duration::ZERO };
        (self.look_allowance, self.listen_allowance) = (none, none);
        self
    }

    pub fn max_audio_bytes(&self) -> u64 {
        self.max_audio_bytes
    }

    /// Whether the place of the files is as it must be; an error says what to do.
    pub async fn probe(&self) -> io::Result<()> {
        self.files.probe().await
    }

    /// A file to be handed on piece by piece.
    pub async fn read(&self, file: &FileName) -> io::Result<Reading> {
        self.files.read(file).await
    }

    /// A file to be read in any order.
    pub async fn local(&self, file: &FileName) -> io::Result<Local> {
        self.files.local(file).await
    }

    /// Where a kept file is, for people.
    pub fn shown(&self, file: &FileName) -> String {
        self.files.shown(file)
    }

    /// How long a kept file is, in bytes; none if it is not there.
    pub async fn size(&self, file: &FileName) -> io::Result<Option<u64>> {
        self.files.size(file).await
    }

    /// The next page of all that is kept of a part; none at the end.
    pub async fn list(&self, listing: &mut Listing) -> io::Result<Option<Listed>> {
        self.files.list(listing).await
    }

    /// Whether a file was written, or kept once more, after `since`; one that is not there was not.
    pub async fn kept_after(&self, file: &FileName, since: Instant) -> io::Result<bool> {
        Ok(self.files.kept_at(file).await?.is_some_and(|at| instant(at) > since))
    }

    /// Removes what was half received by a process that ended, and was written to last before `until`.
    pub async fn clear_tmp(&self, until: Instant) -> io::Result<()> {
        let folders: Vec<PathBuf> = [Some(self.tmp.clone()), self.files.tmp()].into_iter().flatten().collect();
        let clear = move || folders.iter().try_for_each(|tmp| clear(tmp, until));
        tokio::task::spawn_blocking(clear).await.map_err(io::Error::other)?
    }

    /// Hold this from keeping a file until a row names it, and while unnamed files are looked for and removed. It holds
    /// within this process, and for files in a folder: others, and a bucket, which takes its time, are told by the database
    /// ([`store::upkeep::about_to_name`](crate::store::upkeep::about_to_name)).
    pub async fn naming(&self) -> Option<MutexGuard<'_, ()>> {
        match self.files {
            Files::Folder(_) => Some(self.naming.lock().await),
            Files::Bucket(_) => None,
        }
    }

    /// Removes a file that no row names any more. One that is gone already is no error.
    pub async fn remove(&self, file: &FileName) -> io::Result<()> {
        self.files.remove(file).await
    }

    /// Removes files that were kept just now and came to be named by nothing. Where other servers keep files too, one of them
    /// may have found it there: it goes days after.
    pub async fn undo(&self, fresh: &[FileName]) {
        for file in fresh.iter().filter(|_| self.files.are_ours_alone()) {
            if let Err(error) = self.remove(file).await {
                tracing::warn!(%error, %file, "a file that became no song was left behind");
            }
        }
    }

    /// Says that there is a song to listen to.
    pub fn song_waits(&self) {
        self.new_songs.notify_one();
    }

    /// Returns when there are songs to listen to, which may be known already.
    pub async fn new_songs(&self) {
        self.new_songs.notified().await;
    }

    fn tmp(&self) -> PathBuf {
        self.tmp.clone()
    }

    /// Runs heavy work off the runtime's threads, at most [`WORKERS`] at once. `None` when it panicked: decoders meet
    /// hostile bytes, and one bad file must not take more than its own request with it.
    async fn work<T: Send + 'static>(&self, job: impl FnOnce() -> T + Send + 'static) -> Option<T> {
        self.work_for(None, job).await
    }

    /// The same, for somebody who may do it again and again: others have their turn between.
    async fn work_for<T: Send + 'static>(
        &self,
        user: Option<UserId>,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        let turn = self.workers.next(user).await?;
        // What is said there is said of the same file.
        let span = tracing::Span::current();
        let done = tokio::task::spawn_blocking(move || {
            let out = span.in_scope(job);
            drop(turn);
            out
        });
        done.await.ok()
    }
}

fn clear(tmp: &Path, until: Instant) -> io::Result<()> {
    let entries = match std::fs::read_dir(tmp) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for left in entries {
        let left = left?;
        // One that its owner removes meanwhile is no error.
        if left.metadata().and_then(|file| file.modified()).is_ok_and(|at| instant(at) < until) {
            drop(std::fs::remove_file(left.path()));
        }
    }
    Ok(())
}

fn instant(at: SystemTime) -> Instant {
    let since = at.duration_since(UNIX_EPOCH).unwrap_or_default();
    Instant(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}
