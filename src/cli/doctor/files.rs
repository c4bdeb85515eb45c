//! The files against the rows that name them, and against their own names, which say what they hold.

use std::io;
use std::path::Path;
use std::sync::Arc;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use super::{Care, Depth, Findings};
use crate::library::media::{AudioName, FileName, Listing, Media, Part};
use crate::server::upkeep::{UpkeepError, unneeded};
use crate::store::Db;
use crate::store::upkeep::{self as rows, SongFile};

/// Rows and files looked at in one go.
const PAGE: u32 = 1_000;

/// Files that are asked for at once.
const AT_ONCE: usize = 16;

/// How files are looked at, and what is done.
pub(super) struct Files<'a> {
    pub(super) media: Arc<Media>,
    pub(super) db: &'a Db,
    pub(super) care: Care,
    pub(super) depth: Depth,
    /// A copy of the data folder, to take from what is lost.
    pub(super) copy: Option<&'a Path>,
}

/// What was found among the files.
#[derive(Default)]
struct OnDisk {
    /// Files that nothing needs.
    strays: usize,
    /// Files that are needed and are not what they were.
    damaged: Vec<FileName>,
    /// What is none of Octave's files.
    strangers: Vec<String>,
}

impl Files<'_> {
    pub(super) async fn check(&self, found: &mut Findings) {
        let unlisted = |error: &dyn std::fmt::Display| format!("the files can't be read: {error}");
        let strangers = match self.on_disk().await {
            Ok(mut disk) => {
                let strangers = std::mem::take(&mut disk.strangers);
                self.tell(disk, found).await;
                strangers
            }
            Err(error) => return found.problem(&unlisted(&error), "See its cause."),
        };
        let unread = |error| match error {
            UpkeepError::Store(error) => {
                (format!("the files' rows can't be read: {error}"), "Run `octave migrate` first.")
            }
            UpkeepError::Io(error) => (unlisted(&error), "See its cause."),
        };
        let (songs, images) = match (self.missing_songs().await, self.missing_images().await) {
            (Ok(songs), Ok(images)) => (songs, images),
            (Err(error), _) | (_, Err(error)) => {
                let (what, advice) = unread(error);
                return found.problem(&what, advice);
            }
        };
        self.missing("songs have no file", "every song has its file", songs, found).await;
        self.missing("covers and avatars have no file", "every cover and avatar has its file", images, found).await;
        if !strangers.is_empty() {
            let advice = "Octave has not put them there, and leaves them: move them elsewhere.";
            found.problem_with(&strangers, "files lie among Octave's that are none", advice);
        }
    }

    /// Looks at all kept files.
    async fn on_disk(&self) -> Result<OnDisk, UpkeepError> {
        let mut disk = OnDisk::default();
        for part in Part::ALL {
            let mut listing = Listing::of(part);
            while let Some(listed) = self.media.list(&mut listing).await? {
                disk.strangers.extend(listed.strangers);
                for some in listed.files.chunks(PAGE as usize) {
                    let strays = unneeded(self.db, part, some).await?;
                    disk.strays += strays.len();
                    if self.depth == Depth::Names {
                        continue;
                    }
                    for file in some.iter().filter(|file| !strays.contains(file)) {
                        if !self.media.is_whole(file).await? {
                            disk.damaged.push(file.clone());
                        }
                    }
                }
            }
        }
        disk.strangers.sort();
        Ok(disk)
    }

    async fn tell(&self, disk: OnDisk, found: &mut Findings) {
        match (self.depth, disk.damaged.as_slice()) {
            (Depth::Names, _) => {}
            (Depth::Bytes, []) => found.fine("every file holds the bytes that it was kept with"),
            (Depth::Bytes, damaged) => self.damaged(damaged, found).await,
        }
        match disk.strays {
            0 => found.fine("every file is needed"),
            n => found.fine(&format!("{n} files are needed no more; the server removes them two days after")),
        }
    }

    async fn damaged(&self, damaged: &[FileName], found: &mut Findings) {
        let path = |file: &FileName| self.media.shown(file);
        if self.care == Care::Look {
            let advice = "`octave doctor --fix` puts them aside, so that an upload replaces them; with --from it takes \
                          the right ones from a copy.";
            let named: Vec<String> = damaged.iter().map(path).collect();
            return found.problem_with(&named, "files are damaged", advice);
        }
        for file in damaged {
            match self.media.put_aside(file).await {
                Ok(to) => found.fine(&format!("{} was damaged, and is {to} now", path(file))),
                Err(error) => found.problem(&format!("{} can't be put aside: {error}", path(file)), "See its cause."),
            }
        }
    }

    /// Tells of files that are not there, or brings them back.
    async fn missing(&self, problem: &str, fine: &str, lost: Vec<Lost>, found: &mut Findings) {
        let mut still = Vec::new();
        for one in lost {
            match self.bring_back(&one).await {
                Ok(true) => found.fine(&format!("{} is there again", one.said)),
                Ok(false) => still.push(one.said),
                Err(error) => still.push(format!("{}: {error}", one.said)),
            }
        }
        if still.is_empty() {
            return found.fine(fine);
        }
        let advice = "`octave doctor --fix --from COPY` takes them from a copy of the data folder.";
        found.problem_with(&still, problem, advice);
    }

    async fn bring_back(&self, lost: &Lost) -> io::Result<bool> {
        match (&lost.file, self.copy) {
            (Some(file), Some(copy)) if self.care == Care::Fix => self.media.bring_back(file, copy).await,
            _ => Ok(false),
        }
    }

    async fn missing_images(&self) -> Result<Vec<Lost>, UpkeepError> {
        let (mut missing, mut after) = (Vec::new(), String::new());
        loop {
            let page = rows::images(self.db, &after, PAGE).await?;
            let Some(last) = page.last() else { return Ok(missing) };
            after.clone_from(last);
            let wanted = page.into_iter().map(|name| Lost { file: FileName::parse(&name), size: None, said: name });
            missing.extend(self.lost(wanted).await?);
        }
    }

    /// The songs that have no file of the size that their row says.
    async fn missing_songs(&self) -> Result<Vec<Lost>, UpkeepError> {
        let (mut missing, mut after) = (Vec::new(), 0);
        loop {
            let page = rows::song_files(self.db, after, PAGE).await?;
            let Some(last) = page.last() else { return Ok(missing) };
            after = last.id;
            missing.extend(self.lost(page.iter().map(wanted)).await?);
        }
    }

    /// Those that are not there. A bucket takes its time for each.
    async fn lost(&self, wanted: impl Iterator<Item = Lost>) -> io::Result<Vec<Lost>> {
        let media = &self.media;
        let sizes = stream::iter(wanted).map(|one| async move {
            let size = match &one.file {
                Some(file) => media.size(file).await?,
                None => None,
            };
            Ok::<_, io::Error>((one, size))
        });
        let looked: Vec<(Lost, Option<u64>)> = sizes.buffered(AT_ONCE).try_collect().await?;
        let is_there = |one: &Lost, size: Option<u64>| size.is_some() && (one.size.is_none() || one.size == size);
        Ok(looked.into_iter().filter(|(one, size)| !is_there(one, *size)).map(|(one, _)| one).collect())
    }
}

fn wanted(row: &SongFile) -> Lost {
    let name = AudioName::parse(&row.file_hash, &row.mime);
    let said = format!("song {}, {}", row.id, name.as_ref().map(AudioName::file_name).unwrap_or_default());
    let size = u64::try_from(row.file_size).unwrap_or(u64::MAX);
    Lost { file: name.as_ref().map(FileName::from), size: Some(size), said }
}

/// A file that a row names, and that may not be there.
struct Lost {
    file: Option<FileName>,
    /// If its row says so, in bytes.
    size: Option<u64>,
    said: String,
}
