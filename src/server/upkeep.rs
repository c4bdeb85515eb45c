//! What nobody needs any more goes: files that no row names, logins that have expired, guests who have none any more, old
//! nonces of commands.
//!
//! Nothing else removes a file that a row has ever named, so there is one place that must know all that names one
//! ([`store::upkeep`](crate::store::upkeep)). A file goes when nothing has named it for
//! [`UNNAMED_FILES_STAY`], and not before: until then a copy of the database finds all that it names, and so does who is
//! about to name it. It is looked at once more under [`Media::naming`], which who names a file holds, and its own date
//! tells when it was kept last. Other processes (an import, another server) are told by its row in the database, which who
//! removes a file and who is about to name it change one after the other. Of several servers one at a time is at it.

use std::sync::Arc;

use octave_protocol::{Duration, Instant};

use crate::base::clock::Clock;
use crate::library::media::{FileName, Listing, Media, Part};
use crate::server::limits::{NONCES_STAY, REMOVED_WITHIN, UNNAMED_FILES_STAY, UPKEEP_EVERY, UPKEEP_FIRST_AFTER};
use crate::store::upkeep::Chore;
use crate::store::{Db, StoreError, guests, sessions, upkeep};

/// Files that are looked at, and logins that are removed, in one statement.
const AT_ONCE: u32 = 500;

/// Guests who are forgotten in one transaction: each time the conversation of their stage is gone through once.
const GUESTS_AT_ONCE: u32 = 5_000;

#[derive(Debug, thiserror::Error)]
pub enum UpkeepError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the files can't be listed or removed: {0}")]
    Io(#[from] std::io::Error),
}

/// Looks after what stays behind.
#[derive(Debug)]
pub struct Upkeep {
    pub db: Db,
    pub media: Arc<Media>,
    pub clock: Clock,
}

/// What was done.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Done {
    pub logins: u64,
    pub guests: u64,
    pub files: u64,
}

impl Upkeep {
    /// Goes on until it is dropped.
    pub async fn run(self) {
        tokio::time::sleep(UPKEEP_FIRST_AFTER).await;
        loop {
            match self.pass().await {
                Ok(done) if done == Done::default() => {}
                Ok(Done { logins, guests, files }) => {
                    tracing::info!(logins, guests, files, "what nobody needs was removed");
                }
                Err(error) => tracing::warn!(%error, "what nobody needs was not removed; that is tried again"),
            }
            tokio::time::sleep(UPKEEP_EVERY).await;
        }
    }

    pub async fn pass(&self) -> Result<Done, UpkeepError> {
        let gone = Duration::from(UNNAMED_FILES_STAY);
        // What was half received is this server's own.
        self.media.clear_tmp(self.clock.now() - gone).await?;
        let Some(turn) = upkeep::turn(&self.db, Chore::Cleaning).await? else { return Ok(Done::default()) };
        let logins = sessions::purge(&self.db, self.clock.now(), AT_ONCE).await?;
        let guests = guests::forget(&self.db, self.clock.now(), GUESTS_AT_ONCE).await?;
        upkeep::forget_nonces(&self.db, self.clock.now() - Duration::from(NONCES_STAY), AT_ONCE).await?;
        self.look(self.clock.now()).await?;
        let files = self.clear(self.clock.now() - gone).await?;
        turn.end().await?;
        Ok(Done { logins, guests, files })
    }

    /// Notes which files nothing names.
    async fn look(&self, now: Instant) -> Result<(), UpkeepError> {
        for part in Part::ALL {
            let mut listing = Listing::of(part);
            while let Some(listed) = self.media.list(&mut listing).await? {
                for some in listed.files.chunks(AT_ONCE as usize) {
                    let unneeded = unneeded(&self.db, part, some).await?;
                    let texts = |files: &[FileName]| files.iter().map(FileName::to_string).collect::<Vec<_>>();
                    upkeep::note(&self.db, &texts(some), &texts(&unneeded), now).await?;
                }
            }
        }
        Ok(())
    }

    /// Removes what nothing has named since `until`; how many files.
    async fn clear(&self, until: Instant) -> Result<u64, UpkeepError> {
        let (mut gone, mut after) = (0, String::new());
        loop {
            let due = upkeep::unnamed_since(&self.db, until, &after, AT_ONCE).await?;
            let Some(last) = due.last() else { return Ok(gone) };
            after.clone_from(last);
            for name in &due {
                gone += u64::from(self.remove(name, until).await?);
            }
        }
    }

    /// Removes one file, unless it is named by now, or was kept since.
    async fn remove(&self, name: &str, until: Instant) -> Result<bool, UpkeepError> {
        let Some(file) = FileName::parse(name) else {
            upkeep::forget(&self.db, name).await?;
            return Ok(false);
        };
        let _naming = self.media.naming().await;
        let began = tokio::time::Instant::now();
        if !upkeep::begin_removal(&self.db, name, until, self.clock.now()).await? {
            return Ok(false);
        }
        let unneeded = !unneeded(&self.db, file.part(), std::slice::from_ref(&file)).await?.is_empty();
        // Whoever was frozen in between comes too late: somebody may have taken over what it began.
        let goes = unneeded && !self.media.kept_after(&file, until).await? && began.elapsed() < REMOVED_WITHIN;
        if goes {
            self.media.remove(&file).await?;
        }
        // What stays was needed in between: if nothing names it now, its days begin anew.
        upkeep::forget(&self.db, name).await?;
        Ok(goes)
    }
}

/// Those of these files, all of one part, that no row names.
pub async fn unneeded(db: &Db, part: Part, files: &[FileName]) -> Result<Vec<FileName>, StoreError> {
    let keys: Vec<String> = files.iter().map(|file| file.key().to_owned()).collect();
    let unneeded = match part {
        Part::Audio => upkeep::unneeded_audio(db, &keys).await?,
        Part::Covers => upkeep::unneeded_images(db, &keys).await?,
    };
    Ok(files.iter().filter(|file| unneeded.iter().any(|key| key == file.key())).cloned().collect())
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::time::SystemTime;

    use futures_util::poll;
    use octave_testkit::s3::S3;

    use super::*;
    use crate::library::ingest::{self, Given};
    use crate::library::media::{ImageError, ImageName, Place, Received, bucket_of};
    use crate::store::testing::{both, people};
    use crate::store::{songs, users};

    const DAY: i64 = 24 * 3_600 * 1_000_000;

    #[derive(Debug, thiserror::Error)]
    enum Fault {
        #[error(transparent)]
        Image(#[from] ImageError),
        #[error(transparent)]
        Store(#[from] StoreError),
    }

    fn upkeep(db: &Db, dir: &Path) -> Upkeep {
        Upkeep { db: db.clone(), media: Arc::new(Media::open(dir).unwrap()), clock: Clock::start() }
    }

    async fn png(media: &Media, shade: u8) -> Received {
        let mut out = std::io::Cursor::new(Vec::new());
        image::RgbImage::from_pixel(8, 8, image::Rgb([shade; 3])).write_to(&mut out, image::ImageFormat::Png).unwrap();
        let mut incoming = media.receive_picture().await.unwrap();
        incoming.write(&out.into_inner()).await.unwrap();
        incoming.finish().await.unwrap()
    }

    /// Keeps a picture as somebody's avatar, long ago.
    async fn avatar(keeper: &Upkeep, user: octave_protocol::UserId, shade: u8) -> FileName {
        let name_it = async |name: ImageName| {
            users::set_avatar(&keeper.db, user, name.as_str()).await?;
            Ok::<_, Fault>(name.as_str().to_owned())
        };
        let name = ingest::picture(
            &keeper.db,
            &keeper.media,
            (png(&keeper.media, shade).await, 8),
            keeper.clock.now(),
            name_it,
        )
        .await
        .unwrap();
        let file = FileName::parse(&name).unwrap();
        let kept = std::fs::File::open(keeper.media.path(&file)).unwrap();
        kept.set_modified(SystemTime::UNIX_EPOCH).unwrap();
        file
    }

    impl Upkeep {
        /// A pass on some day; what is there of these files after it.
        async fn on_day(&self, day: i64, files: &[&FileName]) -> Vec<bool> {
            self.look(Instant(day * DAY)).await.unwrap();
            self.clear(Instant((day - 2) * DAY)).await.unwrap();
            files.iter().map(|file| self.media.path(file).exists()).collect()
        }
    }

    #[tokio::test]
    async fn a_file_goes_days_after_the_last_row_that_named_it() {
        both(|db| async move {
            let dir = tempfile::tempdir().unwrap();
            let (keeper, [ana, _]) = (upkeep(&db, dir.path()), people(&db).await);
            let (one, two) = (avatar(&keeper, ana, 1).await, avatar(&keeper, ana, 2).await);
            let stranger = dir.path().join("covers").join(&two.to_string()[..2]).join("notes.txt");
            std::fs::write(&stranger, "not ours").unwrap();
            assert_eq!(keeper.on_day(10, &[&one, &two]).await, [true, true]);
            assert_eq!(keeper.on_day(11, &[&one, &two]).await, [true, true]);
            // Named again in between: two more days from when it was replaced once more.
            users::set_avatar(&db, ana, &one.to_string()).await.unwrap();
            assert_eq!(keeper.on_day(12, &[&one, &two]).await, [true, true]);
            users::set_avatar(&db, ana, &two.to_string()).await.unwrap();
            assert_eq!(keeper.on_day(13, &[&one, &two]).await, [true, true]);
            assert_eq!(keeper.on_day(14, &[&one, &two]).await, [true, true]);
            assert_eq!(keeper.on_day(15, &[&one, &two]).await, [false, true]);
            assert_eq!(keeper.on_day(99, &[&one, &two]).await, [false, true]);
            assert!(stranger.exists());
            assert_eq!(upkeep::unnamed_since(&db, Instant(i64::MAX), "", 9).await.unwrap(), [""; 0]);
        })
        .await;
    }

    #[tokio::test]
    async fn who_is_about_to_name_a_file_finds_it() {
        both(|db| async move {
            let dir = tempfile::tempdir().unwrap();
            let (keeper, [ana, _]) = (upkeep(&db, dir.path()), people(&db).await);
            let (one, _two) = (avatar(&keeper, ana, 1).await, avatar(&keeper, ana, 2).await);
            keeper.look(Instant(DAY)).await.unwrap();
            let (name, until) = (one.to_string(), Instant(9 * DAY));

            // It is found to be there already, and no row names it yet.
            let naming = keeper.media.naming().await;
            let mut removing = std::pin::pin!(keeper.remove(&name, until));
            assert!(poll!(removing.as_mut()).is_pending());
            users::set_avatar(&db, ana, &name).await.unwrap();
            drop(naming);
            assert!(!removing.await.unwrap());
            assert!(keeper.media.path(&one).exists());

            // The same by another process, which holds no lock of this one.
            users::set_avatar(&db, ana, "none.jpg").await.unwrap();
            keeper.look(Instant(DAY)).await.unwrap();
            let shaped = keeper.media.shape(png(&keeper.media, 1).await, 8).await.unwrap();
            assert!(!keeper.media.keep_image(shaped).await.unwrap().1, "it is there");
            assert!(!keeper.remove(&name, until).await.unwrap());
            assert!(keeper.media.path(&one).exists());
        })
        .await;
    }

    /// Two servers over one place of files and one database.
    fn two(db: &Db, place: &Place) -> ([Upkeep; 2], [tempfile::TempDir; 2]) {
        let folders = [(); 2].map(|()| tempfile::tempdir().unwrap());
        let node = |data: &tempfile::TempDir| {
            let media = Arc::new(Media::keeping(data.path(), place, 1 << 30).unwrap());
            Upkeep { db: db.clone(), media, clock: Clock::start() }
        };
        ([node(&folders[0]), node(&folders[1])], folders)
    }

    async fn received(media: &Media) -> Received {
        let mut incoming = media.receive().await.unwrap();
        incoming.write(&std::fs::read("tests/fixtures/audio/tone.opus").unwrap()).await.unwrap();
        incoming.finish().await.unwrap()
    }

    async fn uploads(to: &Upkeep, who: octave_protocol::UserId) -> octave_protocol::SongId {
        let (received, now) = (received(&to.media).await, to.clock.now());
        ingest::add(&to.db, &to.media, who, received, Given::default(), now).await.unwrap().song.id()
    }

    #[tokio::test]
    async fn what_one_server_takes_in_another_one_hears_and_spares() {
        let (shared, s3) = (tempfile::tempdir().unwrap(), S3::start().await.unwrap());
        let places = [Place::Folder(shared.path().to_owned()), bucket_of(&s3)];
        for place in &places {
            Box::pin(both(|db| async move {
                let ([one, two], _data) = two(&db, place);
                let [ana, _] = people(&db).await;
                let song = uploads(&one, ana).await;
                let files = songs::files(&db, song).await.unwrap().unwrap();
                let sound = FileName::parse(&format!("{}.opus", files.file_hash)).unwrap();
                let is_there = async || two.media.size(&sound).await.unwrap().is_some();
                let day = |day: i64| Instant(two.clock.now().0 + day * DAY);
                two.look(day(0)).await.unwrap();
                assert_eq!((two.clear(day(99)).await.unwrap(), is_there().await), (0, true), "a row names it");
                let heard = std::fs::read(two.media.local(&sound).await.unwrap().path()).unwrap();
                assert_eq!(heard, std::fs::read("tests/fixtures/audio/tone.opus").unwrap());

                // Nothing names it any more; as its days end, somebody uploads it at the other server.
                songs::delete(&db, song, Instant(2)).await.unwrap();
                two.look(day(0)).await.unwrap();
                assert_eq!((two.clear(day(-1)).await.unwrap(), is_there().await), (0, true), "it has days");
                let again = uploads(&one, ana).await;
                assert_eq!((two.clear(day(99)).await.unwrap(), is_there().await), (0, true));
                songs::delete(&db, again, Instant(3)).await.unwrap();
                two.look(day(0)).await.unwrap();
                assert_eq!((two.clear(day(99)).await.unwrap(), is_there().await), (1, false));

                // A removal that began first: who uploads it waits, and keeps it after.
                uploads(&one, ana).await;
                let name = sound.to_string();
                upkeep::note(&db, std::slice::from_ref(&name), std::slice::from_ref(&name), Instant(1)).await.unwrap();
                assert!(upkeep::begin_removal(&db, &name, day(0), one.clock.now()).await.unwrap());
                let mut uploading = std::pin::pin!(ingest::add(
                    &db,
                    &one.media,
                    ana,
                    received(&one.media).await,
                    Given { title: Some("another".into()), ..Given::default() },
                    one.clock.now()
                ));
                let waits = tokio::time::timeout(std::time::Duration::from_millis(700), uploading.as_mut()).await;
                assert!(waits.is_err(), "it would be kept, and removed");
                two.media.remove(&sound).await.unwrap();
                upkeep::forget(&db, &name).await.unwrap();
                uploading.await.unwrap();
                assert!(is_there().await);
            }))
            .await;
        }
    }

    #[tokio::test]
    async fn of_two_servers_one_at_a_time_looks_after_files() {
        let shared = tempfile::tempdir().unwrap();
        let place = Place::Folder(shared.path().to_owned());
        crate::store::testing::on_postgres(|db| {
            let place = &place;
            async move {
                let ([one, _], _data) = two(&db, place);
                let stray = FileName::parse(&format!("{}.mp3", "ab".repeat(32))).unwrap();
                let path = one.media.path(&stray);
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(&path, "x").unwrap();
                let turn = upkeep::turn(&db, Chore::Cleaning).await.unwrap().unwrap();
                one.pass().await.unwrap();
                assert_eq!(upkeep::unnamed_since(&db, Instant(i64::MAX), "", 9).await.unwrap(), [""; 0]);
                turn.end().await.unwrap();
                one.pass().await.unwrap();
                assert_eq!(upkeep::unnamed_since(&db, Instant(i64::MAX), "", 9).await.unwrap(), [stray.to_string()]);
            }
        })
        .await;
    }

    #[tokio::test]
    async fn a_deleted_songs_files_go_and_so_does_what_was_half_received() {
        both(|db| async move {
            let dir = tempfile::tempdir().unwrap();
            let (keeper, [ana, _]) = (upkeep(&db, dir.path()), people(&db).await);
            let song = uploads(&keeper, ana).await;
            let files = songs::files(&db, song).await.unwrap().unwrap();
            let sound = FileName::parse(&format!("{}.opus", files.file_hash)).unwrap();
            let path = keeper.media.path(&sound);
            std::fs::File::open(&path).unwrap().set_modified(SystemTime::UNIX_EPOCH).unwrap();
            assert_eq!(
                (keeper.on_day(3, &[&sound]).await, keeper.on_day(9, &[&sound]).await),
                (vec![true], vec![true])
            );
            songs::delete(&db, song, Instant(2)).await.unwrap();
            assert_eq!(
                (keeper.on_day(9, &[&sound]).await, keeper.on_day(11, &[&sound]).await),
                (vec![true], vec![false])
            );

            let half = keeper.media.receive().await.unwrap();
            let left = || std::fs::read_dir(dir.path().join("tmp")).unwrap().count();
            keeper.media.clear_tmp(keeper.clock.now() - Duration::from_secs(3_600)).await.unwrap();
            assert_eq!(left(), 1, "an upload under way");
            keeper.media.clear_tmp(keeper.clock.now() + Duration::from_secs(3_600)).await.unwrap();
            assert_eq!(left(), 0);
            drop(half);
        })
        .await;
    }
}
