use octave_protocol::Instant;

use super::*;
use crate::library::ingest::{self, Given};
use crate::store::songs::Analysis;
use crate::store::testing::{both, people};

async fn upload(db: &Db, media: &Media, who: UserId, file: &str) -> SongId {
    let mut incoming = media.receive().await.unwrap();
    incoming.write(&std::fs::read(format!("tests/fixtures/audio/{file}")).unwrap()).await.unwrap();
    let received = incoming.finish().await.unwrap();
    ingest::accept(db, media, who, received, Given::default(), Instant(1)).await.unwrap().song.id()
}

#[tokio::test]
async fn a_song_is_there_at_once_and_is_listened_to_after() {
    both(|db| async move {
        let dir = tempfile::tempdir().unwrap();
        let media = Arc::new(Media::open(dir.path()).unwrap());
        let [ana, ben] = people(&db).await;
        let mut ids = Vec::new();
        for (who, file) in [(ana, "tone.mp3"), (ana, "tone.flac"), (ben, "tone.opus"), (ben, "surround.m4a")] {
            ids.push(upload(&db, &media, who, file).await);
        }
        let state = async |id| {
            let song = songs::get(&db, ana, id).await.unwrap().unwrap();
            (song.analysis, song.song.loudness_lufs.is_some(), songs::waveform(&db, id).await.unwrap().is_some())
        };
        assert_eq!(state(ids[0]).await, (Analysis::Pending, false, false));
        // One whose file is gone costs no other its turn.
        let files = songs::files(&db, ids[1]).await.unwrap().unwrap();
        std::fs::remove_file(media.audio_path(&AudioName::parse(&files.file_hash, &files.mime).unwrap())).unwrap();
        let heard = std::cell::RefCell::new(Vec::new());
        let tell = async |song| heard.borrow_mut().push(song);
        // As a server does that was killed before: nothing is known but what the database says.
        pass(&db, &media, &tell).await.unwrap();
        let mut heard = heard.into_inner();
        heard.sort();
        assert_eq!(heard, ids);
        assert_eq!(state(ids[0]).await, (Analysis::Done, true, true));
        assert_eq!(state(ids[1]).await, (Analysis::Failed, false, false));
        assert_eq!(state(ids[2]).await, (Analysis::Done, true, true));
        assert_eq!(state(ids[3]).await, (Analysis::Done, true, true));
    })
    .await;
}

#[tokio::test]
async fn of_two_servers_one_listens_to_each_song() {
    crate::store::testing::on_postgres(|db| async move {
        let dir = tempfile::tempdir().unwrap();
        let media = Arc::new(Media::open(dir.path()).unwrap());
        let mut ids = Vec::new();
        for who in people::<2>(&db).await {
            for file in ["tone.mp3", "tone.flac", "tone.opus"] {
                ids.push(upload(&db, &media, who, file).await);
            }
        }
        let heard = std::cell::RefCell::new(Vec::new());
        let tell = async |song| heard.borrow_mut().push(song);
        let (one, other) = (Arc::new(Media::at(dir.path())), Arc::new(Media::at(dir.path())));
        let all_of = async |media: &Arc<Media>| {
            while pass(&db, media, &tell).await.unwrap() == Left::ToOthers {
                tokio::task::yield_now().await;
            }
        };
        tokio::join!(all_of(&one), all_of(&other));
        let mut heard = heard.into_inner();
        heard.sort();
        ids.sort();
        assert_eq!(heard, ids);
    })
    .await;
}

#[tokio::test]
async fn a_file_that_takes_too_long_is_given_up() {
    both(|db| async move {
        let dir = tempfile::tempdir().unwrap();
        let media = Media::open(dir.path()).unwrap();
        let [ana, _] = people(&db).await;
        let song = upload(&db, &media, ana, "tone.mp3").await;
        let hasty = Arc::new(Media::at(dir.path()).without_effort());
        pass(&db, &hasty, &async |_| {}).await.unwrap();
        let state = songs::get(&db, ana, song).await.unwrap().unwrap();
        assert_eq!(state.analysis, Analysis::Failed);
        // Nor is it taken in to begin with.
        let mut incoming = hasty.receive().await.unwrap();
        incoming.write(&std::fs::read("tests/fixtures/audio/tone.flac").unwrap()).await.unwrap();
        let refused = hasty.look(incoming.finish().await.unwrap(), ana).await.unwrap_err();
        assert!(matches!(refused, crate::library::media::AudioError::TooCostly), "{refused:?}");
    })
    .await;
}
