//! The files against the rows that name them, and against their own names, which say what they hold.

use std::io;
use std::path::Path;

use super::{Care, Depth, Findings};
use crate::library::media::{AudioName, FileName, Media, Part};
use crate::server::upkeep::{UpkeepError, unneeded};
use crate::store::upkeep::{self as rows, SongFile};
use crate::store::{Db, StoreError};

/// Rows and files looked at in one go.
const PAGE: u32 = 1_000;

/// How files are looked at, and what is done.
pub(super) struct Files<'a> {
    pub(super) media: Media,
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
}

impl Files<'_> {
    pub(super) async fn check(&self, found: &mut Findings) {
        let unlisted = |error: &dyn std::fmt::Display| format!("the files can't be read: {error}");
        match self.on_disk().await {
            Ok(disk) => self.tell(disk, found).await,
            Err(error) => found.problem(&unlisted(&error), "See its cause."),
        }
        let unread = |error| format!("the files' rows can't be read: {error}");
        let songs = match self.missing_songs().await {
            Ok(songs) => songs,
            Err(error) => return found.problem(&unread(error), "Run `octave migrate` first."),
        };
        let images = match self.missing_images().await {
            Ok(images) => images,
            Err(error) => return found.problem(&unread(error), "Run `octave migrate` first."),
        };
        self.missing("songs have no file", "every song has its file", songs, found).await;
        self.missing("covers and avatars have no file", "every cover and avatar has its file", images, found).await;
        match self.media.strangers().await {
            Ok(none) if none.is_empty() => {}
            Ok(strangers) => {
                let named: Vec<String> = strangers.iter().map(|path| path.display().to_string()).collect();
                let advice = "Octave has not put them there, and leaves them: move them elsewhere.";
                found.problem_with(&named, "files lie among Octave's that are none", advice);
            }
            Err(error) => found.problem(&unlisted(&error), "See its cause."),
        }
    }

    /// Looks at all kept files.
    async fn on_disk(&self) -> Result<OnDisk, UpkeepError> {
        let mut disk = OnDisk::default();
        for part in Part::ALL {
            for shard in 0..=u8::MAX {
                for some in self.media.files_in(part, shard).await?.chunks(PAGE as usize) {
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
        let path = |file: &FileName| self.media.path(file).display().to_string();
        if self.care == Care::Look {
            let advice = "`octave doctor --fix` puts them aside, so that an upload replaces them; with --from it takes \
                          the right ones from a copy.";
            let named: Vec<String> = damaged.iter().map(path).collect();
            return found.problem_with(&named, "files are damaged", advice);
        }
        for file in damaged {
            match self.media.put_aside(file).await {
                Ok(to) => found.fine(&format!("{} was damaged, and is {} now", path(file), to.display())),
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

    async fn missing_images(&self) -> Result<Vec<Lost>, StoreError> {
        let (mut missing, mut after) = (Vec::new(), String::new());
        loop {
            let page = rows::images(self.db, &after, PAGE).await?;
            let Some(last) = page.last() else { return Ok(missing) };
            after.clone_from(last);
            let lost = page.into_iter().map(|name| Lost { file: FileName::parse(&name), said: name });
            missing.extend(lost.filter(|lost| !lost.file.as_ref().is_some_and(|f| self.media.path(f).exists())));
        }
    }

    /// The songs that have no file of the size that their row says.
    async fn missing_songs(&self) -> Result<Vec<Lost>, StoreError> {
        let (mut missing, mut after) = (Vec::new(), 0);
        loop {
            let page = rows::song_files(self.db, after, PAGE).await?;
            let Some(last) = page.last() else { return Ok(missing) };
            after = last.id;
            missing.extend(page.iter().filter_map(|row| self.is_missing(row)));
        }
    }

    fn is_missing(&self, row: &SongFile) -> Option<Lost> {
        let name = AudioName::parse(&row.file_hash, &row.mime).map(|name| name.file_name());
        let file = name.as_deref().and_then(FileName::parse);
        let size = file.as_ref().and_then(|file| std::fs::metadata(self.media.path(file)).ok()).map(|file| file.len());
        let is_there = size.is_some() && size == u64::try_from(row.file_size).ok();
        (!is_there).then(|| Lost { file, said: format!("song {}, {}", row.id, name.unwrap_or_default()) })
    }
}

/// A file that a row names and that is not there.
struct Lost {
    file: Option<FileName>,
    said: String,
}
