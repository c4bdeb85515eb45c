//! The files under a folder, one after the other, by name. Links are followed, each folder is entered once whatever leads
//! there, and of what lies deeper only the names of the folders on the way are held.

use std::collections::HashSet;
use std::ffi::{OsStr, OsString};
use std::fs::Metadata;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

/// What is met on the way.
#[derive(Debug)]
pub(super) enum Met {
    File(PathBuf),
    /// A folder that can't be read, or a link that leads nowhere.
    Unreadable(PathBuf, io::Error),
}

/// A folder with the names that are left of it, the next one last.
struct Folder {
    path: PathBuf,
    names: Vec<OsString>,
}

pub(super) struct Walk {
    folders: Vec<Folder>,
    seen: HashSet<(u64, u64)>,
}

impl Walk {
    pub(super) fn new(dir: &Path) -> io::Result<Self> {
        let mut walk = Self { folders: Vec::new(), seen: HashSet::new() };
        walk.enter(dir.to_owned(), &std::fs::metadata(dir)?)?;
        Ok(walk)
    }

    fn enter(&mut self, path: PathBuf, of: &Metadata) -> io::Result<()> {
        if !self.seen.insert((of.dev(), of.ino())) {
            return Ok(());
        }
        let mut names = Vec::new();
        for entry in std::fs::read_dir(&path)? {
            let name = entry?.file_name();
            if !begins_with_dot(&name) {
                names.push(name);
            }
        }
        names.sort_unstable_by(|a, b| b.cmp(a));
        self.folders.push(Folder { path, names });
        Ok(())
    }
}

/// Whether a walk through `dir` would never come here.
pub(super) fn is_hidden(dir: &Path, path: &Path) -> bool {
    path.strip_prefix(dir).is_ok_and(|below| below.iter().any(begins_with_dot))
}

fn begins_with_dot(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b".")
}

impl Iterator for Walk {
    type Item = Met;

    fn next(&mut self) -> Option<Met> {
        while let Some(folder) = self.folders.last_mut() {
            let Some(name) = folder.names.pop() else {
                self.folders.pop();
                continue;
            };
            let path = folder.path.join(name);
            match std::fs::metadata(&path) {
                Ok(of) if of.is_dir() => {
                    if let Err(error) = self.enter(path.clone(), &of) {
                        return Some(Met::Unreadable(path, error));
                    }
                }
                Ok(of) if of.is_file() => return Some(Met::File(path)),
                Ok(_) => {} // a pipe, a socket
                Err(error) => return Some(Met::Unreadable(path, error)),
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn links_that_lead_back_are_followed_once() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        std::fs::create_dir_all(at("b/c")).unwrap();
        for name in ["b/2.mp3", "b/c/1.mp3", "a.mp3", ".hidden.mp3"] {
            std::fs::write(at(name), name).unwrap();
        }
        for (to, link) in [(".", "l1"), (".", "l2"), ("..", "b/up"), ("b", "z"), ("nowhere", "gone.mp3")] {
            symlink(to, at(link)).unwrap();
        }
        let (mut files, mut unreadable) = (Vec::new(), Vec::new());
        for met in Walk::new(dir.path()).unwrap() {
            match met {
                Met::File(path) => files.push(path.strip_prefix(dir.path()).unwrap().to_string_lossy().into_owned()),
                Met::Unreadable(path, _) => unreadable.push(path),
            }
        }
        assert_eq!(files, ["a.mp3", "b/2.mp3", "b/c/1.mp3"]);
        assert_eq!(unreadable, [at("gone.mp3")]);
        assert!(Walk::new(&at("nothing")).is_err());
    }
}
