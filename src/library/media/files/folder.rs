//! A folder of kept files: this server's own, or one that several share.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempPath;

use super::super::{FileName, Part};

/// Where a file waits that had to be copied to the file system of its place.
const TMP: &str = "tmp";

#[derive(Debug, Clone)]
pub(in crate::library::media) struct Folder {
    pub(super) root: PathBuf,
    pub(super) whose: Whose,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::library::media) enum Whose {
    /// In the data folder, which one server has.
    Ours,
    /// Other servers may keep files there too.
    Shared,
}

impl Folder {
    pub(super) fn make(&self) -> io::Result<()> {
        Part::ALL.iter().try_for_each(|part| fs::create_dir_all(self.root.join(part.folder())))?;
        fs::create_dir_all(self.root.join(TMP))
    }

    pub(super) fn path(&self, file: &FileName) -> PathBuf {
        self.root.join(file.path())
    }

    pub(super) fn tmp(&self) -> PathBuf {
        self.root.join(TMP)
    }

    /// The kept files whose hash begins with this byte, and what else lies there and is not ours.
    pub(super) fn list(&self, part: Part, shard: u8) -> io::Result<(Vec<FileName>, Vec<PathBuf>)> {
        let shard = format!("{shard:02x}");
        let (mut files, mut strangers) = (Vec::new(), Vec::new());
        for path in entries(&self.root.join(part.folder()).join(&shard))? {
            match name(&path).and_then(FileName::parse) {
                Some(file) if file.part() == part && file.shard() == shard && path.is_file() => files.push(file),
                _ => strangers.push(path),
            }
        }
        Ok((files, strangers))
    }

    /// What lies beside the folders of shards.
    pub(super) fn strangers(&self, part: Part) -> io::Result<Vec<PathBuf>> {
        let mut all = entries(&self.root.join(part.folder()))?;
        all.retain(|entry| !(entry.is_dir() && name(entry).is_some_and(is_shard)));
        Ok(all)
    }
}

fn is_shard(name: &str) -> bool {
    name.len() == 2 && name.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

fn name(path: &Path) -> Option<&str> {
    path.file_name()?.to_str()
}

fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        entries => entries?.map(|entry| Ok(entry?.path())).collect(),
    }
}

/// Moves a finished, synced temporary file to its place and makes the move itself durable. False when the same bytes are
/// there already.
pub(super) fn settle(tmp: TempPath, to: &Path, place: &Path) -> io::Result<bool> {
    let dir = to.parent().ok_or(io::ErrorKind::InvalidInput)?;
    if is_kept(to, &tmp)? {
        return Ok(false); // `tmp` goes with its guard
    }
    if !dir.exists() {
        fs::create_dir_all(dir)?;
        dir.parent().map_or(Ok(()), sync_dir)?;
    }
    match tmp.persist(to) {
        Err(error) if error.error.kind() == io::ErrorKind::CrossesDevices => across(&error.path, to, place)?,
        moved => moved.map_err(|e| e.error)?,
    }
    sync_dir(dir)?;
    Ok(true)
}

/// The same where the place is on another file system, such as a shared one.
fn across(from: &Path, to: &Path, place: &Path) -> io::Result<()> {
    fs::create_dir_all(place)?;
    let mut copy = tempfile::NamedTempFile::new_in(place)?;
    io::copy(&mut fs::File::open(from)?, &mut copy)?;
    copy.as_file().sync_all()?;
    copy.persist(to).map(drop).map_err(|e| e.error)
}

/// Whether a file is in its place. It counts as kept at the time of `tmp`, which was written just now: who removes what no
/// row names leaves it.
pub(super) fn is_kept(to: &Path, tmp: &Path) -> io::Result<bool> {
    let Ok(there) = fs::File::open(to) else { return Ok(false) };
    // An older owner's file may refuse that.
    drop(fs::metadata(tmp)?.modified().and_then(|now| there.set_modified(now)));
    Ok(to.exists())
}

pub(super) fn sync_dir(dir: &Path) -> io::Result<()> {
    fs::File::open(dir)?.sync_all()
}
