use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};

use super::*;
use crate::store::songs::{Filter, Song, Sort};
use crate::store::testing::{both, people};

struct Folder {
    dir: tempfile::TempDir,
    data: tempfile::TempDir,
    told: Mutex<Vec<String>>,
}

impl Folder {
    fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap(), data: tempfile::tempdir().unwrap(), told: Mutex::default() }
    }

    fn put(&self, name: &str, fixture: &str) {
        let to = self.dir.path().join(name);
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::copy(format!("tests/fixtures/{fixture}"), to).unwrap();
    }

    async fn import(&self, db: &Db) -> Report {
        let media = Media::open(self.data.path()).unwrap();
        let tell = |path: &Path, what: &str| {
            let name = path.strip_prefix(self.dir.path()).unwrap_or(path).display();
            self.told.lock().unwrap().push(format!("{name}: {what}"));
        };
        let importer = Importer::new(db, &media, Clock::start(), "ana", &tell).await.unwrap();
        importer.folder(self.dir.path(), &ProgressBar::hidden()).await.unwrap()
    }
}

async fn all(db: &Db, viewer: UserId) -> Vec<Song> {
    songs::list(db, viewer, &Filter::default(), Sort::Title, None, 50).await.unwrap()
}

#[tokio::test]
async fn a_folder_is_imported_once_and_its_troubles_are_told() {
    both(|db| async move {
        let [ana, _] = people(&db).await;
        let folder = Folder::new();
        folder.put("Album/01 Tone.MP3", "audio/tone.mp3");
        folder.put("Album/02.ogg", "audio/vorbis.ogg");
        folder.put("Album/Cover.jpg", "not_audio.jpg");
        folder.put("Someone - Something.wav", "audio/tone.aac");
        folder.put("broken.mp3", "not_audio.jpg");
        folder.put(".hidden/x.mp3", "audio/vbr_no_xing.mp3");
        for link in ["l1", "l2", "Album/around"] {
            symlink(folder.dir.path(), folder.dir.path().join(link)).unwrap();
        }
        symlink("nowhere", folder.dir.path().join("gone")).unwrap();
        let report = folder.import(&db).await;
        assert_eq!(report, Report { added: 3, known: 0, failed: 1, unreadable: 1 }, "{report}");
        let mut told = folder.told.lock().unwrap().clone();
        told.sort();
        let [twin, broken, gone] = told.as_slice() else { panic!("{told:?}") };
        assert!(twin.starts_with("Album/0") && twin.ends_with("length already"), "{twin}");
        assert!(broken.starts_with("broken.mp3: this is not an audio file"), "{broken}");
        assert!(gone.starts_with("gone: can't be read"), "{gone}");
        let mine = all(&db, ana).await;
        let shown: Vec<_> = mine.iter().map(|s| (s.song.title.as_str(), s.song.cover_url.is_some())).collect();
        assert_eq!(shown, [("Something", false), ("Tone", true), ("Tone", true)]);
        assert_eq!(mine[0].song.artist, "Someone");
        assert_eq!(folder.import(&db).await, Report { added: 0, known: 3, failed: 1, unreadable: 1 });
        let media = Media::open(folder.data.path()).unwrap();
        let nobody = Importer::new(&db, &media, Clock::start(), "eve", &|_, _| {}).await.map(drop);
        assert!(matches!(nobody, Err(ImportError::NoUser(name)) if name == "eve"));
    })
    .await;
}

#[tokio::test]
async fn the_same_bytes_under_several_names_are_one_song() {
    both(|db| async move {
        let [ana, _] = people(&db).await;
        let folder = Folder::new();
        let bare = &std::fs::read("tests/fixtures/audio/vbr_no_xing.mp3").unwrap()[161..];
        for name in ["a.mp3", "b.mp3", "c.mp3", "d.mp3"] {
            std::fs::write(folder.dir.path().join(name), bare).unwrap();
        }
        assert_eq!(folder.import(&db).await, Report { added: 1, known: 3, failed: 0, unreadable: 0 });
        assert_eq!(all(&db, ana).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn music_of_other_kinds_is_told_and_old_names_are_read() {
    let (_dir, db) = crate::store::testing::sqlite().await;
    let [ana, _] = people(&db).await;
    let folder = Folder::new();
    folder.put("book.m4b", "audio/tone.m4a");
    std::fs::write(folder.dir.path().join("Old.WMA"), b"\x30\x26\xb2\x75\x8e\x66\xcf\x11").unwrap();
    std::fs::write(folder.dir.path().join("notes.txt"), b"not music").unwrap();
    let bare = &std::fs::read("tests/fixtures/audio/vbr_no_xing.mp3").unwrap()[161..];
    std::fs::write(folder.dir.path().join(OsStr::from_bytes(b"Jos\xe9 - T\xfa.mp3")), bare).unwrap();
    assert_eq!(folder.import(&db).await, Report { added: 2, known: 0, failed: 1, unreadable: 0 });
    let told = folder.told.lock().unwrap().clone();
    assert!(told.len() == 1 && told[0].starts_with("Old.WMA: this is not an audio file"), "{told:?}");
    let mine = all(&db, ana).await;
    let shown: Vec<_> = mine.iter().map(|s| (s.song.artist.as_str(), s.song.title.as_str())).collect();
    assert_eq!(shown, [("Fixture", "Tone"), ("José", "Tú")]);
}

/// An MP3 with a tag of these texts.
fn tagged(texts: &[(&str, &str)]) -> Vec<u8> {
    let mut frames = Vec::new();
    for (name, text) in texts {
        frames.extend(
            [name.as_bytes(), &[0, 0, 0, u8::try_from(text.len() + 1).unwrap(), 0, 0, 3], text.as_bytes()].concat(),
        );
    }
    let sound = std::fs::read("tests/fixtures/audio/vbr_no_xing.mp3").unwrap();
    [&b"ID3\x04\0\0\0\0\0"[..], &[u8::try_from(frames.len()).unwrap()], &frames, &sound[161..]].concat()
}

#[tokio::test]
async fn a_files_name_fills_what_its_tag_leaves_open_and_no_more() {
    let (_dir, db) = crate::store::testing::sqlite().await;
    let [ana, _] = people(&db).await;
    let folder = Folder::new();
    let of_band = [("TIT2", "B"), ("TPE1", "Zoe"), ("TPE2", "Band"), ("TALB", "Us")];
    for (name, texts) in [
        ("Somebody - Something.mp3", &[("TIT2", "A")][..]),
        ("1-06 Foo.mp3", &of_band),
        ("x.mp3", &[("TIT2", "C"), ("TPE2", "Band")]),
    ] {
        std::fs::write(folder.dir.path().join(name), tagged(texts)).unwrap();
    }
    assert_eq!(folder.import(&db).await.added, 3);
    let mine = all(&db, ana).await;
    let [a, b, c] = mine.as_slice() else { panic!("{mine:?}") };
    assert_eq!((a.song.title.as_str(), a.song.artist.as_str()), ("A", "Unknown artist"));
    assert_eq!((b.song.artist.as_str(), b.disc, b.track), ("Zoe", Some(1), Some(6)));
    let album = crate::store::albums::get(&db, b.song.album_id.unwrap()).await.unwrap().unwrap();
    assert_eq!(album.artist, "Band");
    assert_eq!(c.song.artist, "Band");
}

#[tokio::test]
async fn ids_and_gains_of_the_tags_stand_in_the_library() {
    both(|db| async move {
        let [ana, _] = people(&db).await;
        let folder = Folder::new();
        let [recording, release, artist] = [1, 2, 3].map(|n| format!("0383dadf-2a4e-4d10-a46a-e9e041da8eb{n}"));
        let texts = [
            ("TXXX", format!("MusicBrainz Album Id\0{release}")),
            ("TXXX", format!("MusicBrainz Artist Id\0{artist}/{release}")),
            ("TXXX", "REPLAYGAIN_TRACK_GAIN\0-6.50 dB".into()),
            ("TXXX", "REPLAYGAIN_ALBUM_GAIN\0+1.25 dB".into()),
        ];
        let frame = |name: &str, content: &[u8]| {
            let size = u8::try_from(content.len()).unwrap();
            [name.as_bytes(), &[0, 0, 0, size, 0, 0], content].concat()
        };
        let mut frames: Vec<u8> =
            texts.iter().flat_map(|(name, text)| frame(name, format!("\0{text}").as_bytes())).collect();
        frames.extend(frame("UFID", format!("http://musicbrainz.org\0{recording}").as_bytes()));
        let size = [frames.len() >> 7, frames.len() & 0x7f].map(|n| u8::try_from(n).unwrap());
        let sound = std::fs::read("tests/fixtures/audio/vbr_no_xing.mp3").unwrap();
        let song = [&b"ID3\x03\0\0\0\0"[..], &size, &frames, &sound[161..]].concat();
        std::fs::write(folder.dir.path().join("a.mp3"), song).unwrap();
        assert_eq!(folder.import(&db).await.added, 1);
        let id = all(&db, ana).await.remove(0).song.id;
        let tags = songs::get(&db, ana, id).await.unwrap().unwrap().tags.unwrap();
        let ids = tags.musicbrainz;
        assert_eq!((ids.recording.as_ref(), ids.release.as_ref()), (Some(&recording), Some(&release)));
        assert_eq!(ids.artists, [artist, release]);
        assert_eq!((tags.replaygain_track_db, tags.replaygain_album_db), (Some(-6.5), Some(1.25)));
    })
    .await;
}

#[tokio::test]
async fn what_lies_beside_a_song_is_taken_or_told() {
    both(|db| async move {
        let [ana, _] = people(&db).await;
        let folder = Folder::new();
        folder.put("Live/set.wav", "audio/tone.wav");
        folder.put("Live/set.jpg", "not_audio.jpg");
        std::fs::write(folder.dir.path().join("Live/set.lrc"), "[00:00.50]One\n[00:01.00]Two").unwrap();
        let sheet = "FILE \"set.wav\" WAVE\n  TRACK 01 AUDIO\n  TRACK 02 AUDIO\n";
        std::fs::write(folder.dir.path().join("Live/set.cue"), sheet).unwrap();
        assert_eq!(folder.import(&db).await.added, 1);
        let song = all(&db, ana).await.remove(0).song;
        assert!(song.cover_url.is_some());
        assert_eq!(songs::lyrics(&db, song.id).await.unwrap().as_deref(), Some("[00:00.50]One\n[00:01.00]Two"));
        let told = folder.told.lock().unwrap().clone();
        assert!(told.len() == 1 && told[0].starts_with("Live/set.wav: 2 tracks"), "{told:?}");
    })
    .await;
}

#[tokio::test]
async fn a_folder_that_may_not_be_entered_is_named() {
    let folder = Folder::new();
    folder.put("open/a.mp3", "audio/tone.mp3");
    let shut = folder.dir.path().join("shut");
    std::fs::create_dir(&shut).unwrap();
    std::fs::set_permissions(&shut, std::fs::Permissions::from_mode(0o0)).unwrap();
    // Who may read everything is told of nothing.
    if std::fs::read_dir(&shut).is_ok() {
        std::fs::remove_dir(&shut).unwrap();
        symlink("shut", &shut).unwrap();
    }
    let (_dir, db) = crate::store::testing::sqlite().await;
    let [_, _] = people(&db).await;
    let report = folder.import(&db).await;
    assert_eq!((report.added, report.unreadable), (1, 1));
    assert!(folder.told.lock().unwrap()[0].starts_with("shut: can't be read"));
    std::fs::set_permissions(&shut, std::fs::Permissions::from_mode(0o700)).ok();
}

#[tokio::test]
async fn a_followed_folder_brings_what_comes_into_it() {
    let folder = Folder::new();
    let (_dir, db) = crate::store::testing::sqlite().await;
    let [ana, _] = people(&db).await;
    let media = Media::open(folder.data.path()).unwrap();
    let importer = Importer::new(&db, &media, Clock::start(), "ana", &|_, _| {}).await.unwrap();
    let mut watch = Watch::new(folder.dir.path()).unwrap();
    folder.put(".sync/b.flac", "audio/tone.flac");
    folder.put("new/a.mp3", "audio/tone.mp3");
    let added = async {
        let mut added = 0;
        while added == 0 {
            let changed = watch.next().await.unwrap();
            added += importer.changed(folder.dir.path(), changed).await.unwrap().added;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), added).await.unwrap();
    assert_eq!(all(&db, ana).await.len(), 1);
    folder.put("missed/c.ogg", "audio/vorbis.ogg");
    let report = importer.changed(folder.dir.path(), Changed::Anything).await.unwrap();
    assert_eq!(report, Report { added: 1, known: 1, failed: 0, unreadable: 0 });
    for hidden in [".sync/b.flac", ".sync"] {
        let changed = Changed::Path(folder.dir.path().join(hidden));
        assert_eq!(importer.changed(folder.dir.path(), changed).await.unwrap(), Report::default());
    }
}
