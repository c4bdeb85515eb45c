//! Where kept files lie: in a folder, or in a bucket with a cache before it. Who asks need not know which.
//!
//! Names are hashes, so the same file may be kept any number of times, by any number of servers.

mod bucket;
mod cache;
mod figures;
mod fill;
mod folder;
mod refusal;
mod shelf;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use prometheus_client::registry::Registry;
use tempfile::TempPath;

pub use bucket::{BucketAt, Style};
pub use fill::Fill;
pub use refusal::Refusal;

use super::name::Hash;
use super::{FileName, Part};
use cache::Hand;
use folder::{Folder, Whose, is_kept, settle, sync_dir};
use sha2::{Digest as _, Sha256};
use shelf::{Found, Shelf};

/// Where damaged files are put.
const ASIDE: &str = "damaged";

/// Where the operator wants files to be.
#[derive(Debug, Clone, Default)]
pub enum Place {
    /// Beside the database.
    #[default]
    Data,
    Folder(PathBuf),
    Bucket(BucketAt),
}

#[cfg(test)]
pub(crate) mod tests;

#[derive(Debug)]
pub(super) enum Files {
    Folder(Folder),
    Bucket(Shelf),
}

/// A whole file on this machine. It stays as long as somebody has this.
#[derive(Debug, Clone)]
pub struct Local {
    path: PathBuf,
    _hand: Option<Arc<Hand>>,
}

impl Local {
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// From where a file is read.
#[derive(Debug)]
pub enum Reading {
    Here(Local),
    Coming(Arc<Fill>),
}

/// Goes through what is kept of a part.
#[derive(Debug)]
pub struct Listing {
    part: Part,
    at: At,
}

#[derive(Debug)]
enum At {
    Shard(u8),
    Token(Option<String>),
    End,
}

/// A page of it.
#[derive(Debug, Default)]
pub struct Listed {
    pub files: Vec<FileName>,
    /// Not put there by Octave; where each is.
    pub strangers: Vec<String>,
}

impl Files {
    pub(super) fn folder(root: impl Into<PathBuf>) -> Self {
        Self::Folder(Folder { root: root.into(), whose: Whose::Ours })
    }

    /// At a place. What a bucket's cache and uploads under way need is in `data`.
    pub(super) fn at(place: &Place, data: &Path, tmp: &Path, cache_bytes: u64) -> io::Result<Self> {
        Ok(match place {
            Place::Data => Self::folder(data),
            Place::Folder(root) => Self::Folder(Folder { root: root.clone(), whose: Whose::Shared }),
            Place::Bucket(at) => Self::Bucket(Shelf::open(at, &data.join("cache"), tmp, cache_bytes)?),
        })
    }

    /// Makes what has to be there.
    pub(super) fn make(&self) -> io::Result<()> {
        match self {
            Self::Folder(folder) => folder.make(),
            Self::Bucket(_) => Ok(()),
        }
    }

    /// What a bucket and its cache do is counted.
    pub(super) fn register(&self, registry: &mut Registry) {
        if let Self::Bucket(shelf) = self {
            shelf.figures.register(registry);
        }
    }

    /// An error says what is wrong with a bucket; none that it is reached.
    pub(super) async fn probe(&self) -> io::Result<()> {
        match self {
            Self::Folder(_) => Ok(()),
            Self::Bucket(shelf) => Ok(shelf.bucket.probe().await?),
        }
    }

    /// Whether no other server keeps files there.
    pub(super) fn are_ours_alone(&self) -> bool {
        matches!(self, Self::Folder(Folder { whose: Whose::Ours, .. }))
    }

    /// Where a file lies in a folder.
    #[cfg(test)]
    pub(super) fn path(&self, file: &FileName) -> Option<PathBuf> {
        match self {
            Self::Folder(folder) => Some(folder.path(file)),
            Self::Bucket(_) => None,
        }
    }

    pub(super) fn shown(&self, file: &FileName) -> String {
        match self {
            Self::Folder(folder) => folder.path(file).display().to_string(),
            Self::Bucket(_) => format!("{} in the bucket", file.path()),
        }
    }

    /// To be handed on piece by piece.
    pub(super) async fn read(&self, file: &FileName) -> io::Result<Reading> {
        Ok(match self {
            Self::Folder(folder) => Reading::Here(Local { path: folder.path(file), _hand: None }),
            Self::Bucket(shelf) => match shelf.find(file)? {
                Found::Here(hand) => Reading::Here(of_hand(hand)),
                Found::Coming(fill) => {
                    fill.size().await?;
                    Reading::Coming(fill)
                }
            },
        })
    }

    /// To be read in any order.
    pub(super) async fn local(&self, file: &FileName) -> io::Result<Local> {
        match self {
            Self::Folder(folder) => Ok(Local { path: folder.path(file), _hand: None }),
            Self::Bucket(shelf) => shelf.whole(file).await.map(of_hand),
        }
    }

    /// Moves a finished, synced temporary file to its place. False when the same bytes are there already.
    pub(super) async fn keep(&self, tmp: TempPath, file: &FileName) -> io::Result<bool> {
        match self {
            Self::Folder(folder) => {
                let (to, place) = (folder.path(file), folder.tmp());
                blocking(move || settle(tmp, &to, &place)).await
            }
            Self::Bucket(shelf) => shelf.keep(tmp, file).await,
        }
    }

    /// Whether a file is in its place; it counts as kept now, when `tmp` was written.
    pub(super) async fn is_kept(&self, file: &FileName, tmp: &Path) -> io::Result<bool> {
        match self {
            Self::Folder(folder) => {
                let (to, tmp) = (folder.path(file), tmp.to_owned());
                blocking(move || is_kept(&to, &tmp)).await
            }
            Self::Bucket(shelf) => Ok(shelf.bucket.about(file).await?.is_some()),
        }
    }

    /// How long a file is, in bytes; none if it is not there.
    pub(super) async fn size(&self, file: &FileName) -> io::Result<Option<u64>> {
        match self {
            Self::Folder(folder) => match tokio::fs::metadata(folder.path(file)).await {
                Ok(about) => Ok(Some(about.len())),
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
                Err(error) => Err(error),
            },
            Self::Bucket(shelf) => Ok(shelf.bucket.about(file).await?.map(|about| about.size)),
        }
    }

    /// When a file was written, or kept once more; none if it is not there, or nobody knows.
    pub(super) async fn kept_at(&self, file: &FileName) -> io::Result<Option<SystemTime>> {
        match self {
            Self::Folder(folder) => match tokio::fs::metadata(folder.path(file)).await.and_then(|f| f.modified()) {
                Ok(at) => Ok(Some(at)),
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
                Err(error) => Err(error),
            },
            Self::Bucket(shelf) => Ok(shelf.bucket.about(file).await?.and_then(|about| about.kept)),
        }
    }

    /// One that is gone already is no error.
    pub(super) async fn remove(&self, file: &FileName) -> io::Result<()> {
        match self {
            Self::Folder(folder) => match tokio::fs::remove_file(folder.path(file)).await {
                Err(e) if e.kind() != io::ErrorKind::NotFound => Err(e),
                _ => Ok(()),
            },
            Self::Bucket(shelf) => {
                shelf.bucket.delete(file).await?;
                shelf.cache.forget(file);
                Ok(())
            }
        }
    }

    /// Whether a file holds the bytes that it is named by; one that is gone meanwhile does. The cache is not asked.
    pub(super) async fn is_whole(&self, file: &FileName) -> io::Result<bool> {
        let found = match self {
            Self::Folder(folder) => {
                let path = folder.path(file);
                blocking(move || hash(&path)).await
            }
            Self::Bucket(shelf) => hash_of(shelf, file).await,
        };
        match found {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
            found => Ok(found?.as_str() == file.hash()),
        }
    }

    /// Puts a file aside that is not what its name says; where it is then.
    pub(super) async fn put_aside(&self, file: &FileName) -> io::Result<String> {
        match self {
            Self::Folder(folder) => {
                let (from, aside) = (folder.path(file), folder.root.join(ASIDE));
                let to = aside.join(file.to_string());
                blocking(move || {
                    std::fs::create_dir_all(&aside)?;
                    std::fs::rename(from, &to)?;
                    sync_dir(&aside)?;
                    Ok(to.display().to_string())
                })
                .await
            }
            Self::Bucket(shelf) => {
                let to = shelf.bucket.copy(file, ASIDE).await?;
                shelf.bucket.delete(file).await?;
                shelf.cache.forget(file);
                Ok(format!("{to} in the bucket"))
            }
        }
    }

    /// Takes a file that lies in `copy`, a folder like that of the kept files, if it is there and whole.
    pub(super) async fn bring_back(&self, file: &FileName, copy: &Path, tmp: &Path) -> io::Result<bool> {
        let (from, tmp, wanted) = (copy.join(file.path()), tmp.to_owned(), file.hash().to_owned());
        let fresh = blocking(move || {
            match hash(&from) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
                Err(error) => return Err(error),
                Ok(found) if found.as_str() != wanted => return Ok(None),
                Ok(_) => {}
            }
            std::fs::create_dir_all(&tmp)?;
            let mut fresh = tempfile::NamedTempFile::new_in(tmp)?;
            io::copy(&mut std::fs::File::open(from)?, &mut fresh)?;
            fresh.as_file().sync_all()?;
            Ok(Some(fresh.into_temp_path()))
        });
        let Some(fresh) = fresh.await? else { return Ok(false) };
        if let Self::Folder(folder) = self {
            // One of another size may have its name.
            drop(std::fs::remove_file(folder.path(file)));
        }
        self.keep(fresh, file).await?;
        Ok(true)
    }

    /// The next page of a part; none at the end.
    pub(super) async fn list(&self, listing: &mut Listing) -> io::Result<Option<Listed>> {
        let part = listing.part;
        match (self, std::mem::replace(&mut listing.at, At::End)) {
            (_, At::End) => Ok(None),
            (Self::Folder(folder), at) => {
                let shard = if let At::Shard(shard) = at { shard } else { 0 };
                listing.at = shard.checked_add(1).map_or(At::End, At::Shard);
                let folder = folder.clone();
                blocking(move || {
                    let (files, mut strangers) = folder.list(part, shard)?;
                    if shard == 0 {
                        strangers.extend(folder.strangers(part)?);
                    }
                    let strangers = strangers.into_iter().map(|path| path.display().to_string()).collect();
                    Ok(Some(Listed { files, strangers }))
                })
                .await
            }
            (Self::Bucket(shelf), at) => {
                let token = if let At::Token(token) = at { token } else { None };
                let page = shelf.bucket.list(part, token.as_deref()).await?;
                listing.at = page.next.map_or(At::End, |next| At::Token(Some(next)));
                let mut listed = Listed::default();
                for path in page.paths {
                    let named = path.rsplit('/').next().and_then(FileName::parse);
                    match named.filter(|file| file.part() == part && file.path() == path) {
                        Some(file) => listed.files.push(file),
                        None => listed.strangers.push(format!("{path} in the bucket")),
                    }
                }
                Ok(Some(listed))
            }
        }
    }

    /// Where half written files may lie beside those of this process.
    pub(super) fn tmp(&self) -> Option<PathBuf> {
        match self {
            Self::Folder(folder) => Some(folder.tmp()),
            Self::Bucket(_) => None,
        }
    }
}

impl Listing {
    pub fn of(part: Part) -> Self {
        Self { part, at: At::Shard(0) }
    }
}

fn of_hand(hand: Arc<Hand>) -> Local {
    Local { path: hand.path(), _hand: Some(hand) }
}

async fn blocking<T: Send + 'static>(job: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(job).await.map_err(io::Error::other)?
}

/// Read at once, in bytes.
const AT_ONCE: usize = 1024 * 1024;

fn hash(path: &Path) -> io::Result<Hash> {
    use std::io::Read as _;
    let (mut file, mut sha, mut bytes) = (std::fs::File::open(path)?, Sha256::new(), vec![0; AT_ONCE]);
    loop {
        match file.read(&mut bytes)? {
            0 => return Ok(Hash::of(&sha.finalize())),
            read => sha.update(&bytes[..read]),
        }
    }
}

async fn hash_of(shelf: &Shelf, file: &FileName) -> io::Result<Hash> {
    let (mut coming, mut sha) = (shelf.bucket.get(file, None).await?, Sha256::new());
    while let Some(piece) = coming.piece().await? {
        sha.update(&piece);
    }
    Ok(Hash::of(&sha.finalize()))
}
