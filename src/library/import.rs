//! `octave import`: a folder of music becomes songs of the library.
//!
//! Files are copied, the folder is left as it is. What the user has already is known by its bytes, so a second run
//! only adds what is new, and one that was broken off goes on where it was. Nothing grows with the number of files but the
//! folders that were entered.

mod beside;
mod walk;
mod watch;

use std::collections::HashSet;
use std::fmt;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use futures_util::{Stream, StreamExt as _, stream};
use indicatif::ProgressBar;
use octave_protocol::UserId;
use sha2::{Digest as _, Sha256};
use tokio::io::AsyncReadExt as _;
use tokio::sync::mpsc;
use tracing::Instrument as _;

use crate::base::clock::Clock;
use crate::library::ingest::{self, AddError, Given};
use crate::library::media::name::Hash;
use crate::library::media::{AudioError, Media, Note, ReceiveError};
use crate::store::songs::Inserted;
use crate::store::{Db, StoreError, songs, users};
use beside::Pictures;
use walk::{Met, Walk};
pub use watch::{Changed, Watch};

/// Extensions worth opening; what a file really is, its content tells.
const EXTENSIONS: [&str; 14] =
    ["mp3", "flac", "ogg", "oga", "opus", "m4a", "m4b", "m4r", "mp4", "aac", "adts", "wav", "wave", "mpga"];

/// Music of other kinds: whoever has some is told why it does not come.
const OTHERS: [&str; 18] = [
    "wma", "ape", "aif", "aiff", "aifc", "wv", "mpc", "mp2", "tta", "dsf", "dff", "mka", "spx", "m4p", "ac3", "dts",
    "mid", "caf",
];

/// How many files are worked on at once; decoding is bounded by the media store.
const AT_ONCE: usize = 2;

/// Files that are found ahead of the work.
const AHEAD: usize = 64;

/// What came of an import.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Report {
    pub added: usize,
    /// The user had them already.
    pub known: usize,
    pub failed: usize,
    /// Folders that could not be entered, and links that lead nowhere.
    pub unreadable: usize,
}

#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error("there is no account named {0}; make one with: octave user add {0}")]
    NoUser(String),
    #[error("{0} can't be read: {1}")]
    Folder(PathBuf, #[source] io::Error),
    #[error("{0} can't be followed: {1}")]
    Watch(PathBuf, #[source] notify::Error),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Imports for one user. `tell` hears of every file that is not as it should be, as soon as that is known.
pub struct Importer<'a> {
    db: &'a Db,
    media: &'a Media,
    clock: Clock,
    user: UserId,
    tell: &'a (dyn Fn(&Path, &str) + Sync),
    /// What is being imported now: the same bytes twice are one song.
    at_work: Mutex<HashSet<String>>,
    pictures: Pictures,
}

impl<'a> Importer<'a> {
    pub async fn new(
        db: &'a Db,
        media: &'a Media,
        clock: Clock,
        user: &str,
        tell: &'a (dyn Fn(&Path, &str) + Sync),
    ) -> Result<Self, ImportError> {
        let account = users::by_username(db, user).await?.ok_or_else(|| ImportError::NoUser(user.to_owned()))?;
        Ok(Self { db, media, clock, user: account.id, tell, at_work: Mutex::default(), pictures: Pictures::default() })
    }

    /// Imports every song under a folder. `progress` is given its length and advanced file by file.
    pub async fn folder(&self, dir: &Path, progress: &ProgressBar) -> Result<Report, ImportError> {
        let unreadable = |e| ImportError::Folder(dir.to_owned(), e);
        let count = Walk::new(dir).map_err(unreadable)?.filter(|met| matches!(met, Met::File(p) if is_song(p))).count();
        progress.set_length(count as u64);
        let met = ahead(Walk::new(dir).map_err(unreadable)?);
        let mut report = Report::default();
        let mut work = met.map(|met| self.met(met)).buffer_unordered(AT_ONCE);
        while let Some(outcome) = work.next().await {
            progress.inc(u64::from(matches!(outcome, Outcome::Added | Outcome::Known | Outcome::Failed)));
            report.add(outcome);
        }
        Ok(report)
    }

    /// Imports what changed under a folder that is followed.
    pub async fn changed(&self, dir: &Path, changed: Changed) -> Result<Report, ImportError> {
        match changed {
            Changed::Path(path) if walk::is_hidden(dir, &path) => Ok(Report::default()),
            Changed::Path(path) if path.is_file() => {
                let mut report = Report::default();
                report.add(self.met(Met::File(path)).await);
                Ok(report)
            }
            Changed::Path(path) if path.is_dir() => self.folder(&path, &ProgressBar::hidden()).await,
            Changed::Path(_) => Ok(Report::default()),
            Changed::Anything => self.folder(dir, &ProgressBar::hidden()).await,
        }
    }

    async fn met(&self, met: Met) -> Outcome {
        match met {
            Met::File(path) if is_song(&path) => {
                // What a decoder says of it names the file.
                let span = tracing::info_span!("import", file = %path.display());
                self.song(&path).instrument(span).await
            }
            Met::File(path) => {
                if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("cue"))
                    && let Some((file, tracks)) = beside::tracks_within(&path)
                {
                    let sheet = path.display();
                    let what = format!(
                        "{tracks} tracks, which {sheet} names, are one song; split the file by that sheet to have each"
                    );
                    (self.tell)(&file, &what);
                }
                Outcome::Nothing
            }
            Met::Unreadable(path, error) => {
                (self.tell)(&path, &format!("can't be read: {error}"));
                Outcome::Unreadable
            }
        }
    }

    async fn song(&self, path: &Path) -> Outcome {
        match self.one(path).await {
            Ok(Done::Known) => Outcome::Known,
            Ok(Done::Added(notes)) => {
                for note in notes {
                    (self.tell)(path, note);
                }
                Outcome::Added
            }
            Err(error) => {
                (self.tell)(path, &error.to_string());
                Outcome::Failed
            }
        }
    }

    async fn one(&self, path: &Path) -> Result<Done, FileError> {
        let hashed = path.to_owned();
        let hash = tokio::task::spawn_blocking(move || hash_of(&hashed)).await.map_err(io::Error::other)??;
        let Some(_mine) = AtWork::on(&self.at_work, hash.as_str()) else { return Ok(Done::Known) };
        if songs::uploaded_before(self.db, self.user, hash.as_str()).await?.is_some() {
            return Ok(Done::Known);
        }
        let mut incoming = self.media.receive().await?;
        let mut file = tokio::fs::File::open(path).await?;
        let mut chunk = vec![0; 256 * 1024];
        loop {
            match file.read(&mut chunk).await? {
                0 => break,
                n => incoming.write(&chunk[..n]).await?,
            }
        }
        let mut examined = self.media.examine(incoming.finish().await?).await?;
        examined.cover_or(|| self.pictures.of(path));
        let given =
            Given { file_name: path.file_name().map(beside::shown), lyrics: beside::lyrics(path), ..Given::default() };
        let added = ingest::insert(self.db, self.media, self.user, examined, given, self.clock.now()).await?;
        Ok(match added.song {
            Inserted::New(_) => Done::Added(added.notes),
            Inserted::Known(_) => Done::Known,
        })
    }
}

#[derive(Clone, Copy)]
enum Outcome {
    Added,
    Known,
    Failed,
    Unreadable,
    /// No song: something that lies beside one.
    Nothing,
}

enum Done {
    Added(Vec<Note>),
    Known,
}

impl Report {
    fn add(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Added => self.added += 1,
            Outcome::Known => self.known += 1,
            Outcome::Failed => self.failed += 1,
            Outcome::Unreadable => self.unreadable += 1,
            Outcome::Nothing => {}
        }
    }
}

#[derive(Debug, thiserror::Error)]
enum FileError {
    #[error(transparent)]
    Song(#[from] AddError),
    #[error(transparent)]
    Audio(#[from] AudioError),
    #[error(transparent)]
    Receive(#[from] ReceiveError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Bytes that are being imported, until this is dropped.
struct AtWork<'a> {
    all: &'a Mutex<HashSet<String>>,
    hash: String,
}

impl<'a> AtWork<'a> {
    /// None when somebody else is at work on the same bytes.
    fn on(all: &'a Mutex<HashSet<String>>, hash: &str) -> Option<Self> {
        let mut held = all.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        held.insert(hash.to_owned()).then(|| Self { all, hash: hash.to_owned() })
    }
}

impl Drop for AtWork<'_> {
    fn drop(&mut self) {
        self.all.lock().unwrap_or_else(std::sync::PoisonError::into_inner).remove(&self.hash);
    }
}

/// The walk on a thread of its own, a little ahead of the work.
fn ahead(walk: Walk) -> impl Stream<Item = Met> + Unpin {
    let (send, receive) = mpsc::channel(AHEAD);
    tokio::task::spawn_blocking(move || {
        for met in walk {
            if send.blocking_send(met).is_err() {
                break;
            }
        }
    });
    Box::pin(stream::unfold(receive, async |mut receive| Some((receive.recv().await?, receive))))
}

fn hash_of(path: &Path) -> io::Result<Hash> {
    let mut file = std::fs::File::open(path)?;
    let mut hash = Sha256::new();
    let mut chunk = vec![0; 256 * 1024];
    loop {
        match file.read(&mut chunk)? {
            0 => return Ok(Hash::of(&hash.finalize())),
            n => hash.update(&chunk[..n]),
        }
    }
}

fn is_song(path: &Path) -> bool {
    let extension = path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase());
    extension.is_some_and(|e| EXTENSIONS.iter().chain(&OTHERS).any(|known| *known == e))
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { added, known, failed, unreadable } = self;
        write!(f, "{added} songs added, {known} known already, {failed} failed")?;
        if *unreadable > 0 {
            write!(f, ", {unreadable} folders or links can't be read")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
