//! What this machine has of a bucket's files: the last used of them, up to so many bytes.
//!
//! Names are hashes and files never change, so nothing in it can be stale. A file that somebody has in hand stays. The
//! folder is one process's; another one beside it (an import) keeps its own for as long as it runs.

use std::collections::{BTreeMap, HashMap};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use prometheus_client::metrics::gauge::Gauge;
use tempfile::{TempDir, TempPath};

use super::super::FileName;

/// What a process keeps that has no folder of its own for it, in bytes.
const ASIDE_BYTES: u64 = 256 * 1024 * 1024;

#[derive(Debug)]
pub(super) struct Cache {
    folder: PathBuf,
    limit: u64,
    index: Mutex<Index>,
    /// What `/metrics` says of it.
    bytes: Gauge,
    /// Held as long as this lives.
    _own: Own,
}

#[derive(Debug)]
enum Own {
    Lock { _file: File },
    Folder { _dir: TempDir },
}

#[derive(Debug, Default)]
struct Index {
    files: HashMap<FileName, Entry>,
    /// From the one that was used longest ago on.
    order: BTreeMap<u64, FileName>,
    bytes: u64,
    /// Counts uses.
    tick: u64,
}

#[derive(Debug)]
struct Entry {
    size: u64,
    used: u64,
    hands: u32,
}

/// A file of the cache that stays as long as somebody has this.
#[derive(Debug)]
pub(super) struct Hand {
    cache: Arc<Cache>,
    file: FileName,
}

impl Cache {
    /// Takes the folder as an earlier process left it; without it, where another one has it, some room under `tmp`.
    pub(super) fn open(folder: &Path, tmp: &Path, limit: u64, bytes: Gauge) -> io::Result<Arc<Self>> {
        fs::create_dir_all(folder)?;
        let lock = File::create(folder.join("lock"))?;
        let (folder, limit, own) = if lock.try_lock().is_ok() {
            (folder.to_owned(), limit, Own::Lock { _file: lock })
        } else {
            let dir = tempfile::Builder::new().prefix("files-").tempdir_in(tmp)?;
            (dir.path().to_owned(), limit.min(ASIDE_BYTES), Own::Folder { _dir: dir })
        };
        let index = Mutex::new(Index::of(&folder)?);
        let cache = Arc::new(Self { folder, limit, index, bytes, _own: own });
        cache.shrink(&mut cache.index());
        Ok(cache)
    }

    /// The file, if it is here.
    pub(super) fn take(self: &Arc<Self>, file: &FileName) -> Option<Hand> {
        self.index().used(file).then(|| Hand { cache: self.clone(), file: file.clone() })
    }

    /// Takes a whole file in, out of a temporary one on the same file system.
    pub(super) fn put(self: &Arc<Self>, file: &FileName, whole: TempPath) -> io::Result<Hand> {
        let size = fs::metadata(&whole)?.len();
        let mut index = self.index();
        // Under the lock: who makes room must not remove what comes to stand there now.
        whole.persist(self.folder.join(file.to_string())).map_err(|e| e.error)?;
        index.add(file.clone(), size);
        index.used(file);
        self.shrink(&mut index);
        Ok(Hand { cache: self.clone(), file: file.clone() })
    }

    /// Forgets a file that is no more.
    pub(super) fn forget(&self, file: &FileName) {
        let mut index = self.index();
        // What somebody has in hand is read by its path still.
        if index.files.get(file).is_some_and(|entry| entry.hands == 0) {
            index.remove(file);
            drop(fs::remove_file(self.folder.join(file.to_string())));
            self.tell(&index);
        }
    }

    fn tell(&self, index: &Index) {
        self.bytes.set(i64::try_from(index.bytes).unwrap_or(i64::MAX));
    }

    fn shrink(&self, index: &mut Index) {
        self.make_room(index);
        self.tell(index);
    }

    fn make_room(&self, index: &mut Index) {
        while index.bytes > self.limit {
            let Some(file) = index.oldest() else { return };
            index.remove(&file);
            if let Err(error) = fs::remove_file(self.folder.join(file.to_string())) {
                tracing::warn!(%error, %file, "a file can't be removed from the cache");
            }
        }
    }

    fn index(&self) -> MutexGuard<'_, Index> {
        self.index.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Hand {
    pub(super) fn path(&self) -> PathBuf {
        self.cache.folder.join(self.file.to_string())
    }
}

impl Drop for Hand {
    fn drop(&mut self) {
        let mut index = self.cache.index();
        if let Some(entry) = index.files.get_mut(&self.file) {
            entry.hands -= 1;
        }
        // It may have been what kept the cache too large.
        self.cache.shrink(&mut index);
    }
}

impl Index {
    /// What lies in a folder, in the order in which it was read last as far as the file system tells.
    fn of(folder: &Path) -> io::Result<Self> {
        let mut found = Vec::new();
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let about = entry.metadata()?;
            match entry.file_name().to_str().and_then(FileName::parse) {
                Some(file) if about.is_file() => {
                    found.push((about.accessed().or_else(|_| about.modified())?, file, about.len()));
                }
                _ => {} // the lock, or not ours
            }
        }
        found.sort_by_key(|(read, ..)| *read);
        let mut index = Self::default();
        for (_, file, size) in found {
            index.add(file, size);
        }
        Ok(index)
    }

    fn add(&mut self, file: FileName, size: u64) {
        let hands = self.remove(&file);
        self.tick += 1;
        self.bytes += size;
        self.order.insert(self.tick, file.clone());
        self.files.insert(file, Entry { size, used: self.tick, hands });
    }

    /// Puts a file into somebody's hand, if it is here.
    fn used(&mut self, file: &FileName) -> bool {
        let Some(entry) = self.files.get_mut(file) else { return false };
        self.tick += 1;
        self.order.remove(&entry.used);
        self.order.insert(self.tick, file.clone());
        entry.used = self.tick;
        entry.hands += 1;
        true
    }

    /// How many had it in hand.
    fn remove(&mut self, file: &FileName) -> u32 {
        let Some(entry) = self.files.remove(file) else { return 0 };
        self.order.remove(&entry.used);
        self.bytes -= entry.size;
        entry.hands
    }

    /// The file that was used longest ago and that nobody has in hand.
    fn oldest(&self) -> Option<FileName> {
        self.order.values().find(|file| self.files.get(*file).is_some_and(|entry| entry.hands == 0)).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Scene {
        dir: TempDir,
    }

    fn file(n: u8) -> FileName {
        FileName::parse(&format!("{}.mp3", format!("{n:02x}").repeat(32))).unwrap()
    }

    impl Scene {
        fn new() -> Self {
            let dir = tempfile::tempdir().unwrap();
            fs::create_dir(dir.path().join("tmp")).unwrap();
            Self { dir }
        }

        fn open(&self, limit: u64) -> Arc<Cache> {
            let (cache, tmp) = (self.dir.path().join("cache"), self.dir.path().join("tmp"));
            Cache::open(&cache, &tmp, limit, Gauge::default()).unwrap()
        }

        fn put(&self, cache: &Arc<Cache>, n: u8, size: usize) -> Hand {
            let mut tmp = tempfile::NamedTempFile::new_in(self.dir.path().join("tmp")).unwrap();
            io::Write::write_all(&mut tmp, &vec![n; size]).unwrap();
            cache.put(&file(n), tmp.into_temp_path()).unwrap()
        }
    }

    fn here(cache: &Arc<Cache>, all: std::ops::Range<u8>) -> Vec<u8> {
        all.filter(|n| cache.folder.join(file(*n).to_string()).exists()).collect()
    }

    #[test]
    fn what_was_used_longest_ago_makes_room_and_what_is_in_hand_stays() {
        let scene = Scene::new();
        let cache = scene.open(40);
        let first = scene.put(&cache, 0, 10);
        for n in 1..4 {
            drop(scene.put(&cache, n, 10));
        }
        assert_eq!(here(&cache, 0..4), [0, 1, 2, 3]);
        drop(cache.take(&file(1)));
        drop(scene.put(&cache, 4, 20));
        assert_eq!(here(&cache, 0..5), [0, 1, 4], "2 and 3 were used longest ago, 0 is in hand");
        assert!(cache.take(&file(2)).is_none());
        drop(first);
        drop(scene.put(&cache, 5, 10));
        assert_eq!(here(&cache, 0..6), [1, 4, 5]);
        // One that is too large alone is there as long as somebody reads it.
        let huge = scene.put(&cache, 6, 99);
        assert_eq!(here(&cache, 0..7), [6]);
        assert_eq!(fs::read(huge.path()).unwrap().len(), 99);
        drop(huge);
        assert_eq!((here(&cache, 0..7), cache.index().bytes), (vec![], 0));
    }

    #[test]
    fn the_same_file_twice_counts_once_and_a_forgotten_one_is_gone() {
        let scene = Scene::new();
        let cache = scene.open(100);
        let hands = [scene.put(&cache, 1, 10), scene.put(&cache, 1, 10)];
        assert_eq!(cache.index().bytes, 10);
        cache.forget(&file(1));
        assert_eq!(here(&cache, 0..9), [1], "somebody reads it");
        drop(hands);
        cache.forget(&file(1));
        assert_eq!((here(&cache, 0..9), cache.index().bytes), (vec![], 0));
    }

    #[test]
    fn the_next_process_has_what_the_last_one_had_and_a_second_one_keeps_its_own() {
        let scene = Scene::new();
        let cache = scene.open(100);
        for n in 1..4 {
            drop(scene.put(&cache, n, 10));
        }
        let beside = scene.open(100);
        assert!(beside.take(&file(1)).is_none());
        drop(scene.put(&beside, 9, 10));
        assert!(cache.take(&file(9)).is_none());
        let own = beside.folder.clone();
        drop(beside);
        assert!(!own.exists());
        drop(cache);
        let again = scene.open(25);
        assert_eq!((here(&again, 0..9).len(), again.index().bytes), (2, 20));
    }
}
