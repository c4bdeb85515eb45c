//! The same over a folder, a shared one and a bucket; and what a bucket does besides.

use std::time::Duration;

use futures_util::future::join_all;
use octave_testkit::s3::{BUCKET, KEY, Mood, S3, SECRET};
use tempfile::TempDir;

use super::*;
use crate::library::media::Media;
use crate::library::media::name::Hash;

const MIB: usize = 1024 * 1024;

/// Some bytes that are like no others.
fn noise(seed: u32, size: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9) | 1;
    let next = |_| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state.to_le_bytes()[0]
    };
    (0..size).map(next).collect()
}

fn named(bytes: &[u8]) -> FileName {
    FileName::parse(&format!("{}.mp3", Hash::of(&Sha256::digest(bytes)).as_str())).unwrap()
}

/// The place that is a test's bucket.
pub(crate) fn bucket(s3: &S3) -> Place {
    let text = |text: &str| text.to_owned();
    Place::Bucket(BucketAt {
        endpoint: s3.endpoint(),
        region: text("us-east-1"),
        name: text(BUCKET),
        prefix: text("of/ours/"),
        key: text(KEY),
        secret: text(SECRET),
        style: Style::Path,
    })
}

/// A server's files at some place.
struct Node {
    media: Media,
    _data: TempDir,
}

impl Node {
    fn at(place: &Place) -> Self {
        Self::with_cache(place, 1 << 30)
    }

    fn with_cache(place: &Place, bytes: u64) -> Self {
        let data = tempfile::tempdir().unwrap();
        Self { media: Media::keeping(data.path(), place, bytes).unwrap(), _data: data }
    }

    async fn keep(&self, bytes: &[u8]) -> (FileName, bool) {
        let mut incoming = self.media.receive_at_most(u64::MAX).await.unwrap();
        incoming.write(bytes).await.unwrap();
        let received = incoming.finish().await.unwrap();
        let file = named(bytes);
        let fresh = self.media.files.keep(received.path, &file).await.unwrap();
        (file, fresh)
    }

    async fn bytes(&self, file: &FileName) -> io::Result<Vec<u8>> {
        std::fs::read(self.media.local(file).await?.path())
    }

    /// Some of a file, as a listener is told it.
    async fn part(&self, file: &FileName, from: u64, to: u64) -> io::Result<Vec<u8>> {
        match self.media.read(file).await? {
            Reading::Here(local) => {
                let all = std::fs::read(local.path())?;
                Ok(all[usize::try_from(from).unwrap()..usize::try_from(to).unwrap()].to_vec())
            }
            Reading::Coming(fill) => {
                let mut bytes = Vec::new();
                while from + (bytes.len() as u64) < to {
                    bytes.extend(fill.read(from + bytes.len() as u64, to).await?);
                }
                Ok(bytes)
            }
        }
    }

    async fn listed(&self) -> (Vec<FileName>, Vec<String>) {
        let (mut files, mut strangers) = (Vec::new(), Vec::new());
        for part in Part::ALL {
            let mut listing = Listing::of(part);
            while let Some(listed) = self.media.list(&mut listing).await.unwrap() {
                files.extend(listed.files);
                strangers.extend(listed.strangers);
            }
        }
        files.sort_by_key(ToString::to_string);
        (files, strangers)
    }
}

/// Runs a test at each kind of place that several servers may have.
async fn everywhere(test: impl AsyncFn(Place)) {
    let (shared, s3) = (tempfile::tempdir().unwrap(), S3::start().await.unwrap());
    for place in [Place::Folder(shared.path().join("new")), bucket(&s3)] {
        eprintln!("{place:?}:");
        test(place).await;
    }
}

#[tokio::test]
async fn what_one_server_keeps_every_server_has() {
    everywhere(async |place| {
        let (one, two) = (Node::at(&place), Node::at(&place));
        let song = noise(1, MIB + 7);
        let (file, fresh) = one.keep(&song).await;
        assert!(fresh);
        assert_eq!(two.media.size(&file).await.unwrap(), Some(song.len() as u64));
        assert_eq!(two.bytes(&file).await.unwrap(), song);
        assert_eq!(two.part(&file, 5, 9).await.unwrap(), song[5..9]);
        assert_eq!(two.keep(&song).await, (file.clone(), false), "it is there");
        assert_eq!(two.listed().await, (vec![file.clone()], vec![]));
        assert!(two.media.is_whole(&file).await.unwrap());
        assert!(one.media.kept_after(&file, octave_protocol::Instant(0)).await.unwrap());
        assert!(!one.media.kept_after(&file, octave_protocol::Instant(i64::MAX)).await.unwrap());
        one.media.undo(std::slice::from_ref(&file)).await;
        assert_eq!(two.bytes(&file).await.unwrap(), song, "another server may have found it there");

        one.media.remove(&file).await.unwrap();
        one.media.remove(&file).await.unwrap();
        assert_eq!(two.media.size(&file).await.unwrap(), None);
        assert_eq!(one.bytes(&file).await.unwrap_err().kind(), io::ErrorKind::NotFound);
        assert_eq!(two.listed().await, (vec![], vec![]));
    })
    .await;
}

#[tokio::test]
async fn what_is_damaged_is_put_aside_and_brought_back_from_a_copy() {
    everywhere(async |place| {
        let node = Node::at(&place);
        let song = noise(2, 300_000);
        let copy = tempfile::tempdir().unwrap();
        let file = named(&song);
        let there = copy.path().join(file.path());
        std::fs::create_dir_all(there.parent().unwrap()).unwrap();
        assert!(!node.media.bring_back(&file, copy.path()).await.unwrap());
        std::fs::write(&there, &song).unwrap();
        assert!(node.media.bring_back(&file, copy.path()).await.unwrap());
        assert_eq!(node.bytes(&file).await.unwrap(), song);
        let aside = node.media.put_aside(&file).await.unwrap();
        assert!(aside.contains("damaged/"), "{aside}");
        assert_eq!(node.media.size(&file).await.unwrap(), None);
        assert_eq!(node.listed().await, (vec![], vec![]));
        assert!(node.media.is_whole(&file).await.unwrap(), "what is not there is not damaged");
    })
    .await;
}

#[tokio::test]
async fn a_hall_fetches_a_song_once_and_the_next_listener_not_at_all() {
    let s3 = S3::start().await.unwrap();
    let place = bucket(&s3);
    let song = noise(3, 3 * MIB + 11);
    let (file, _) = Node::at(&place).keep(&song).await;
    let node = Node::at(&place);
    s3.asked();
    let all = join_all((0..100).map(|_| node.part(&file, 0, song.len() as u64))).await;
    assert!(all.into_iter().all(|bytes| bytes.unwrap() == song));
    let path = format!("GET /{BUCKET}/of/ours/{}", file.path());
    assert_eq!(s3.asked(), [path.as_str()]);
    s3.set(Mood::Silent);
    assert_eq!(node.part(&file, 1, 2).await.unwrap(), song[1..2]);
    assert_eq!(node.bytes(&file).await.unwrap(), song);
    assert_eq!(s3.asked(), [""; 0]);
}

#[tokio::test]
async fn what_comes_from_the_bucket_and_what_does_not_is_counted() {
    let s3 = S3::start().await.unwrap();
    let place = bucket(&s3);
    let song = noise(9, MIB + 5);
    let (file, _) = Node::at(&place).keep(&song).await;
    let node = Node::at(&place);
    let counted = || {
        let (mut registry, mut text) = (Registry::default(), String::new());
        node.media.register(&mut registry);
        prometheus_client::encoding::text::encode(&mut text, &registry).unwrap();
        move |name: &str| {
            let value = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')).unwrap_or("0");
            value.parse::<usize>().unwrap()
        }
    };
    for _ in 0..3 {
        node.bytes(&file).await.unwrap();
    }
    let now = counted();
    assert_eq!(now("octave_files_looked_for_total{found=\"bucket\"}"), 1);
    assert_eq!(now("octave_files_looked_for_total{found=\"cache\"}"), 2);
    assert_eq!(now("octave_files_bucket_bytes_received_total"), song.len());
    assert_eq!(now("octave_files_bucket_requests_total{method=\"GET\",outcome=\"done\"}"), 1);
    assert_eq!(now("octave_files_cache_bytes"), song.len());
    let (_, fresh) = node.keep(&noise(10, 99)).await;
    assert!(fresh);
    s3.set(Mood::Refuses(403, "AccessDenied"));
    node.bytes(&named(&noise(11, 7))).await.unwrap_err();
    let now = counted();
    assert_eq!(now("octave_files_bucket_bytes_sent_total"), 99);
    assert_eq!(now("octave_files_bucket_requests_total{method=\"HEAD\",outcome=\"missing\"}"), 1);
    assert!(now("octave_files_bucket_requests_total{method=\"GET\",outcome=\"failed\"}") >= 1);
    node.media.remove(&file).await.unwrap_err();
}

#[tokio::test]
async fn a_seek_does_not_wait_for_what_is_before_it() {
    let s3 = S3::start().await.unwrap();
    let place = bucket(&s3);
    let song = noise(4, 6 * MIB);
    let (file, _) = Node::at(&place).keep(&song).await;
    let node = Node::at(&place);
    s3.asked();
    let Reading::Coming(fill) = node.media.read(&file).await.unwrap() else { panic!("it is not here yet") };
    let (from, to) = (5 * MIB as u64 + 3, 5 * MIB as u64 + 9);
    let parts = join_all((0..50).map(|_| fill.read(from, to))).await;
    assert!(parts.into_iter().all(|bytes| bytes.unwrap() == song[5 * MIB + 3..5 * MIB + 9]));
    assert_eq!(node.bytes(&file).await.unwrap(), song);
    let asked = s3.asked();
    let path = format!("GET /{BUCKET}/of/ours/{}", file.path());
    assert!(asked.len() <= 3 && asked.iter().all(|one| one.starts_with(&path)), "{asked:?}");
}

#[tokio::test]
async fn what_breaks_off_goes_on_and_what_does_not_end_well_is_told() {
    let s3 = S3::start().await.unwrap();
    let place = bucket(&s3);
    let song = noise(5, 4 * MIB);
    let (file, _) = Node::at(&place).keep(&song).await;
    let node = Node::at(&place);
    s3.set(Mood::BreaksOff(2));
    assert_eq!(node.bytes(&file).await.unwrap(), song);
    s3.set(Mood::Fine);
    let (other, _) = Node::at(&place).keep(&noise(6, MIB)).await;
    for (mood, told, kind) in [
        (Mood::Refuses(403, "AccessDenied"), "--s3-key", io::ErrorKind::PermissionDenied),
        (Mood::Refuses(503, "SlowDown"), "tried again", io::ErrorKind::ResourceBusy),
        (Mood::Silent, "silent", io::ErrorKind::TimedOut),
    ] {
        s3.set(mood);
        let began = tokio::time::Instant::now();
        let waiting = join_all((0..5).map(|_| node.part(&other, 0, 9))).await;
        for error in waiting.into_iter().map(Result::unwrap_err) {
            assert_eq!(error.kind(), kind, "{error}");
            assert!(error.to_string().contains(told) && !error.to_string().contains("Signature"), "{error}");
        }
        assert!(began.elapsed() < Duration::from_secs(9), "{mood:?}: {:?}", began.elapsed());
        assert_eq!(node.part(&file, 0, 9).await.unwrap(), song[..9], "what is here is heard on");
    }
    s3.set(Mood::Slow(Duration::from_millis(300)));
    assert_eq!(node.bytes(&other).await.unwrap().len(), MIB);
}

#[tokio::test]
async fn an_upload_that_the_bucket_does_not_take_is_kept_nowhere() {
    let s3 = S3::start().await.unwrap();
    let node = Node::at(&bucket(&s3));
    for mood in [Mood::Refuses(403, "AccessDenied"), Mood::Refuses(507, "XMinioStorageFull")] {
        s3.set(mood);
        let mut incoming = node.media.receive().await.unwrap();
        incoming.write(&noise(7, 1000)).await.unwrap();
        let received = incoming.finish().await.unwrap();
        let path = received.path.to_path_buf();
        node.media.files.keep(received.path, &named(&noise(7, 1000))).await.unwrap_err();
        assert!(!path.exists());
    }
    assert_eq!(s3.objects().unwrap(), [""; 0]);
    s3.set(Mood::Fine);
    assert!(node.keep(&noise(7, 1000)).await.1);
}

#[tokio::test]
async fn a_file_that_is_not_what_its_name_says_does_not_stay() {
    let s3 = S3::start().await.unwrap();
    let place = bucket(&s3);
    let song = noise(8, MIB);
    let (file, _) = Node::at(&place).keep(&song).await;
    let mut changed = song.clone();
    changed[77] ^= 1;
    std::fs::write(s3.path(&format!("of/ours/{}", file.path())), changed).unwrap();
    let node = Node::at(&place);
    let error = node.bytes(&file).await.unwrap_err();
    assert!(error.to_string().contains("octave doctor --fix"), "{error}");
    assert!(!node.media.is_whole(&file).await.unwrap());
    node.media.put_aside(&file).await.unwrap();
    assert!(node.keep(&song).await.1);
    assert_eq!(node.bytes(&file).await.unwrap(), song);
}

#[tokio::test]
async fn a_bucket_that_refuses_is_told_of_and_one_of_another_secret_does() {
    let s3 = S3::start().await.unwrap();
    Node::at(&bucket(&s3)).media.probe().await.unwrap();
    let change = |change: fn(&mut BucketAt)| {
        let Place::Bucket(mut at) = bucket(&s3) else { unreachable!() };
        change(&mut at);
        Place::Bucket(at)
    };
    for (place, told, comes_back) in [
        (change(|at| at.secret = "wrong".into()), "--s3-secret", false),
        (change(|at| at.key = "wrong".into()), "--s3-key", false),
        (change(|at| at.name = "other".into()), "make the bucket", false),
        (change(|at| at.endpoint = "http://127.0.0.1:1".into()), "see that it runs", true),
    ] {
        let error = Node::at(&place).media.probe().await.unwrap_err();
        assert!(error.to_string().contains(told), "{error}");
        assert_eq!(Refusal::may_come_back(&error), comes_back, "{error}");
    }
}

#[tokio::test]
async fn lists_longer_than_a_page_and_strangers_are_told() {
    let s3 = S3::start().await.unwrap();
    let node = Node::at(&bucket(&s3));
    let mut files = Vec::new();
    for n in 0..1_100_u32 {
        let file = named(&n.to_le_bytes());
        let path = s3.path(&format!("of/ours/{}", file.path()));
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, n.to_le_bytes()).unwrap();
        files.push(file);
    }
    files.sort_by_key(ToString::to_string);
    std::fs::write(s3.path("of/ours/audio/notes.txt"), "x").unwrap();
    std::fs::write(s3.path("of/elsewhere.txt"), "x").unwrap();
    assert_eq!(node.listed().await, (files, vec!["audio/notes.txt in the bucket".to_owned()]));
}
