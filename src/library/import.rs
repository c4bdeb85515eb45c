//! `octave import`: a folder of music becomes songs of the library.
//!
//! Files are copied, the folder is left as it is. What the user has already is known by its bytes, so a second run
//! only adds what is new.

use std::fmt;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use indicatif::ProgressBar;
use octave_protocol::UserId;
use sha2::{Digest as _, Sha256};
use tokio::io::AsyncReadExt as _;
use walkdir::{DirEntry, WalkDir};

use crate::base::clock::Clock;
use crate::library::ingest::{self, AddError, Given};
use crate::library::media::name::Hash;
use crate::library::media::{AudioError, MAX_IMAGE_BYTES, Media, ReceiveError};
use crate::store::{Db, StoreError, songs, users};

/// Extensions worth opening; what a file really is, its content tells.
const EXTENSIONS: [&str; 9] = ["mp3", "flac", "ogg", "oga", "opus", "m4a", "mp4", "aac", "wav"];

/// Pictures that stand beside an album's files.
const COVERS: [&str; 6] = ["cover.jpg", "cover.png", "folder.jpg", "folder.png", "front.jpg", "front.png"];

/// How many files are worked on at once; decoding is bounded by the media store.
const AT_ONCE: usize = 2;

/// What came of an import.
#[derive(Debug, Default)]
pub struct Report {
    pub added: usize,
    /// The user had them already.
    pub known: usize,
    pub failed: Vec<(PathBuf, String)>,
}

#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error("there is no account named {0}; make one with: octave user add {0}")]
    NoUser(String),
    #[error("{0} can't be read: {1}")]
    Folder(PathBuf, #[source] io::Error),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Imports every song under `dir` for a user. `progress` is given its length and advanced file by file.
pub async fn run(
    db: &Db,
    media: &Media,
    clock: Clock,
    dir: &Path,
    user: &str,
    progress: &ProgressBar,
) -> Result<Report, ImportError> {
    let account = users::by_username(db, user).await?.ok_or_else(|| ImportError::NoUser(user.to_owned()))?;
    let files = collect(dir).map_err(|e| ImportError::Folder(dir.to_owned(), e))?;
    progress.set_length(files.len() as u64);
    let mut report = Report::default();
    let mut work = stream::iter(files)
        .map(|path| async move { (one(db, media, clock, account.id, &path).await, path) })
        .buffer_unordered(AT_ONCE);
    while let Some((outcome, path)) = work.next().await {
        progress.inc(1);
        match outcome {
            Ok(Outcome::Added) => report.added += 1,
            Ok(Outcome::Known) => report.known += 1,
            Err(error) => report.failed.push((path, error.to_string())),
        }
    }
    report.failed.sort();
    Ok(report)
}

enum Outcome {
    Added,
    Known,
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

async fn one(db: &Db, media: &Media, clock: Clock, user: UserId, path: &Path) -> Result<Outcome, FileError> {
    let hashed = path.to_owned();
    let hash = tokio::task::spawn_blocking(move || hash_of(&hashed)).await.map_err(io::Error::other)??;
    if songs::uploaded_before(db, user, hash.as_str()).await?.is_some() {
        return Ok(Outcome::Known);
    }
    let mut incoming = media.receive().await?;
    let mut file = tokio::fs::File::open(path).await?;
    let mut chunk = vec![0; 256 * 1024];
    loop {
        match file.read(&mut chunk).await? {
            0 => break,
            n => incoming.write(&chunk[..n]).await?,
        }
    }
    let mut examined = media.examine(incoming.finish().await?).await?;
    examined.cover_or(|| beside(path));
    let file_name = path.file_name().map(|n| n.to_string_lossy().into_owned());
    let given = Given { file_name, ..Given::default() };
    ingest::insert(db, media, user, examined, given, clock.now()).await?;
    Ok(Outcome::Added)
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

/// The cover in the song's folder.
fn beside(path: &Path) -> Option<Bytes> {
    let entries: Vec<_> = std::fs::read_dir(path.parent()?).ok()?.filter_map(Result::ok).collect();
    COVERS.iter().find_map(|wanted| {
        let found = entries.iter().find(|e| e.file_name().eq_ignore_ascii_case(wanted))?;
        let small = found.metadata().ok()?.len() <= MAX_IMAGE_BYTES as u64;
        small.then(|| std::fs::read(found.path()).ok().map(Bytes::from)).flatten()
    })
}

/// The files worth opening under a folder, by name. Links are followed, but not in circles; a folder within that may not
/// be entered does not end the import.
fn collect(dir: &Path) -> io::Result<Vec<PathBuf>> {
    std::fs::read_dir(dir)?;
    let entries = WalkDir::new(dir).follow_links(true).sort_by_file_name().into_iter();
    let shown = entries.filter_entry(|e| e.depth() == 0 || !e.file_name().to_string_lossy().starts_with('.'));
    let files = shown.filter_map(Result::ok).filter(|e| e.file_type().is_file());
    Ok(files.map(DirEntry::into_path).filter(|path| is_worth_opening(path)).collect())
}

fn is_worth_opening(path: &Path) -> bool {
    let extension = path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase());
    extension.is_some_and(|e| EXTENSIONS.contains(&e.as_str()))
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { added, known, failed } = self;
        write!(f, "{added} songs added, {known} were there already, {} could not be imported", failed.len())?;
        for (path, why) in failed {
            write!(f, "\n  {}: {why}", path.display())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::songs::{Filter, Sort};
    use crate::store::testing::sqlite;
    use octave_protocol::Instant;

    #[tokio::test]
    async fn a_folder_is_imported_once_and_its_troubles_are_told() {
        let (data, db) = sqlite().await;
        let media = Media::open(data.path().join("media")).unwrap();
        let new = users::NewAccount { username: "ana", email: "a@example.org", password_hash: "", is_admin: false };
        let ana = users::create(&db, new, Instant(0)).await.unwrap().id;
        let dir = tempfile::tempdir().unwrap();
        let put = |name: &str, fixture: &str| {
            let to = dir.path().join(name);
            std::fs::create_dir_all(to.parent().unwrap()).unwrap();
            std::fs::copy(format!("tests/fixtures/{fixture}"), to).unwrap();
        };
        put("Album/01 Tone.MP3", "audio/tone.mp3");
        put("Album/02.ogg", "audio/vorbis.ogg");
        put("Album/Cover.jpg", "not_audio.jpg");
        put("Someone - Something.wav", "audio/tone.aac");
        put("broken.mp3", "not_audio.jpg");
        put(".hidden/x.mp3", "audio/vbr_no_xing.mp3");
        std::os::unix::fs::symlink(dir.path(), dir.path().join("Album/around")).unwrap();
        let import = async || {
            let bar = ProgressBar::hidden();
            run(&db, &media, Clock::start(), dir.path(), "ana", &bar).await.unwrap()
        };
        let report = import().await;
        assert_eq!((report.added, report.known, report.failed.len()), (3, 0, 1), "{report}");
        assert!(report.to_string().contains("broken.mp3: this is not an audio file"), "{report}");
        let mine = songs::list(&db, ana, &Filter::default(), Sort::Title, None, 10).await.unwrap();
        let told: Vec<_> = mine.iter().map(|s| (s.song.title.as_str(), s.song.cover_url.is_some())).collect();
        assert_eq!(told, [("Something", false), ("Tone", true), ("Tone", true)]);
        assert_eq!(mine[0].song.artist, "Someone");
        let again = import().await;
        assert_eq!((again.added, again.known, again.failed.len()), (0, 3, 1), "{again}");
        let nobody = run(&db, &media, Clock::start(), dir.path(), "ben", &ProgressBar::hidden()).await;
        assert!(matches!(nobody, Err(ImportError::NoUser(name)) if name == "ben"));
    }
}
