//! Files of the library: received, recognised, measured, kept.
//!
//! Everything is named by the SHA-256 of its bytes and never changes, so a name can be cached for ever and the same
//! upload is kept once. A file is written under `tmp/` on the same file system, synced, and renamed into place: it is
//! there whole or not at all.

mod aac;
pub mod artists;
pub mod audio;
mod audit;
mod effort;
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
use tokio::sync::{Mutex, MutexGuard, Notify, Semaphore};

pub use audio::{Examined, Kept, Note};
pub use image::{ImageError, MAX_IMAGE_BYTES};
pub use incoming::{Incoming, ReceiveError, Received};
pub use look::Looked;
pub use measure::Sound;
pub use name::{AudioName, FileName, Format, ImageName, Part};
pub use places::Places;
pub use refusal::AudioError;

use crate::base::name::Title;
use effort::Allowance;
use turns::Turns;

/// Longest title, artist or album name, in characters.
pub const MAX_NAME: usize = Title::MAX_CHARS;

/// Largest audio file in bytes, unless configured otherwise.
pub const DEFAULT_MAX_AUDIO_BYTES: u64 = 200 * 1024 * 1024;

/// How many files are decoded or images scaled at once: more would only take the processors from playing stages.
const WORKERS: usize = 2;

/// The library's files under one folder.
#[derive(Debug)]
pub struct Media {
    root: PathBuf,
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
    /// Makes the folders and removes what an earlier process left half received, unless another process (an import
    /// beside a server) is at work here.
    pub fn open(root: impl Into<PathBuf>) -> io::Result<Self> {
        let root = root.into();
        for part in ["audio", "covers", "tmp"] {
            std::fs::create_dir_all(root.join(part))?;
        }
        let in_use = std::fs::File::create(root.join("media.lock"))?;
        if in_use.try_lock().is_ok() {
            for left in std::fs::read_dir(root.join("tmp"))? {
                std::fs::remove_file(left?.path())?;
            }
            in_use.unlock()?;
        }
        in_use.lock_shared()?;
        Ok(Self { _in_use: Some(in_use), ..Self::at(root) })
    }

    /// Without making or removing anything: for who only looks.
    pub fn at(root: impl Into<PathBuf>) -> Self {
        Self {
            root: root.into(),
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

    pub fn audio_path(&self, name: &AudioName) -> PathBuf {
        self.root.join("audio").join(name.shard()).join(name.file_name())
    }

    pub fn image_path(&self, name: &ImageName) -> PathBuf {
        self.root.join("covers").join(name.shard()).join(name.as_str())
    }

    /// Where a kept file is.
    pub fn path(&self, file: &FileName) -> PathBuf {
        self.root.join(file.part().folder()).join(file.shard()).join(file.to_string())
    }

    /// The kept files whose hash begins with this byte; what else lies there is not ours.
    pub async fn files_in(&self, part: Part, shard: u8) -> io::Result<Vec<FileName>> {
        let folder = self.root.join(part.folder()).join(format!("{shard:02x}"));
        let list = move || match std::fs::read_dir(folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(error),
            Ok(entries) => {
                let mut files = Vec::new();
                for entry in entries {
                    files.extend(entry?.file_name().to_str().and_then(FileName::parse).filter(|f| f.part() == part));
                }
                Ok(files)
            }
        };
        tokio::task::spawn_blocking(list).await.map_err(io::Error::other)?
    }

    /// Whether a file was written, or kept once more, after `since`; one that is not there was not.
    pub async fn kept_after(&self, path: &Path, since: Instant) -> io::Result<bool> {
        match tokio::fs::metadata(path).await.and_then(|file| file.modified()) {
            Ok(at) => Ok(instant(at) > since),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Removes what was half received by a process that ended, and was written to last before `until`.
    pub async fn clear_tmp(&self, until: Instant) -> io::Result<()> {
        let tmp = self.tmp();
        let clear = move || {
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
        };
        tokio::task::spawn_blocking(clear).await.map_err(io::Error::other)?
    }

    /// Hold this from keeping a file until a row names it, and while unnamed files are looked for and removed.
    pub async fn naming(&self) -> MutexGuard<'_, ()> {
        self.naming.lock().await
    }

    /// Removes a file that no row names any more. One that is gone already is no error.
    pub async fn remove(&self, path: &Path) -> io::Result<()> {
        match tokio::fs::remove_file(path).await {
            Err(e) if e.kind() != io::ErrorKind::NotFound => Err(e),
            _ => Ok(()),
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
        self.root.join("tmp")
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

/// Moves a finished, synced temporary file to its place and makes the move itself durable. False when the same bytes are
/// there already.
fn settle(tmp: tempfile::TempPath, to: &Path) -> io::Result<bool> {
    let dir = to.parent().ok_or(io::ErrorKind::InvalidInput)?;
    if is_kept(to, &tmp)? {
        return Ok(false); // `tmp` goes with its guard
    }
    if !dir.exists() {
        std::fs::create_dir_all(dir)?;
        dir.parent().map_or(Ok(()), sync_dir)?;
    }
    tmp.persist(to).map_err(|e| e.error)?;
    sync_dir(dir)?;
    Ok(true)
}

/// Whether a file is in its place. It counts as kept at the time of `tmp`, which was written just now: who removes what no
/// row names leaves it.
fn is_kept(to: &Path, tmp: &Path) -> io::Result<bool> {
    let Ok(there) = std::fs::File::open(to) else { return Ok(false) };
    // An older owner's file may refuse that.
    drop(std::fs::metadata(tmp)?.modified().and_then(|now| there.set_modified(now)));
    Ok(to.exists())
}

fn instant(at: SystemTime) -> Instant {
    let since = at.duration_since(UNIX_EPOCH).unwrap_or_default();
    Instant(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}

fn sync_dir(dir: &Path) -> io::Result<()> {
    std::fs::File::open(dir)?.sync_all()
}
