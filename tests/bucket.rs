//! Files elsewhere than beside the database: the same evening over the data folder, a shared folder and a bucket, and what a
//! bucket's failures are to those who listen.

#![expect(clippy::unwrap_used, reason = "a failed assumption is a failed test")]

mod place;

use std::path::PathBuf;
use std::process::Output;
use std::time::Duration;

use bytes::Bytes;
use hyper::Method;
use octave_testkit::api::{Account, Api, Reply, song_form};
use octave_testkit::audio::wav;
use octave_testkit::s3::{Mood, S3, SECRET};
use octave_testkit::server::{Options, Server};
use place::Place;
use serde_json::Value;

/// Where the files of a test lie.
struct Scene {
    place: Place,
    shared: tempfile::TempDir,
    s3: S3,
    args: Vec<String>,
}

const KINDS: [&str; 3] = ["data", "shared", "bucket"];

impl Scene {
    async fn of(kind: &str) -> Self {
        let (place, shared) = (Place::of_round().await, tempfile::tempdir().unwrap());
        let s3 = S3::start().await.unwrap();
        let args = match kind {
            "shared" => vec!["--files".to_owned(), shared.path().join("files").display().to_string()],
            "bucket" => s3.args("octave"),
            _ => Vec::new(),
        };
        Self { place, shared, s3, args }
    }

    fn options(&self) -> Options {
        self.args.iter().fold(self.place.options(), Options::arg)
    }

    fn octave(&self, args: &[&str]) -> Output {
        self.place.octave(args).args(&self.args).output().unwrap()
    }

    fn doctor(&self, args: &[&str]) -> (Option<i32>, String) {
        let output = self.octave(&[&["doctor"], args].concat());
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    }

    /// What lies where files are, whatever that is.
    fn files(&self) -> Vec<String> {
        let mut found = self.s3.objects().unwrap();
        for root in [self.place.data().to_owned(), self.shared.path().join("files")] {
            for part in ["audio", "covers"] {
                let shards =
                    std::fs::read_dir(root.join(part)).into_iter().flatten().map(|shard| shard.unwrap().path());
                let files = shards.flat_map(|shard| std::fs::read_dir(shard).unwrap().map(|file| file.unwrap().path()));
                found.extend(files.map(|file: PathBuf| file.display().to_string()));
            }
        }
        found
    }

    /// What this machine has of a bucket.
    fn forget_the_cache(&self) {
        drop(std::fs::remove_dir_all(self.place.data().join("cache")));
    }
}

async fn asked(who: &Api, path: &str, range: Option<&str>) -> Reply {
    let who = match range {
        Some(range) => who.clone().with_header("range", range),
        None => who.clone(),
    };
    who.get(path).await.unwrap()
}

fn code(reply: &Reply) -> (u16, String) {
    (reply.status, reply.json()["code"].as_str().unwrap_or_default().to_owned())
}

/// All ways to hear a song.
async fn is_heard(who: &Api, song: &Value, bytes: &[u8]) {
    let url = song["audio_url"].as_str().unwrap();
    let tail = bytes.len() - 5;
    let part = asked(who, url, Some("bytes=-5")).await;
    assert_eq!((part.status, &part.body[..]), (206, &bytes[tail..]));
    assert_eq!(part.headers["content-range"], format!("bytes {tail}-{}/{}", bytes.len() - 1, bytes.len()));
    let whole = asked(who, url, None).await;
    assert_eq!((whole.status, whole.body.len()), (200, bytes.len()));
    assert!(whole.body == bytes, "other bytes");
    let said = |name: &str| whole.headers[name].to_str().unwrap().to_owned();
    assert_eq!(
        (said("accept-ranges").as_str(), said("content-type")),
        ("bytes", song["mime"].as_str().unwrap().to_owned())
    );
    let part = asked(who, url, Some("bytes=10-19")).await;
    assert_eq!((part.status, &part.body[..]), (206, &bytes[10..20]));
    let beyond = asked(who, url, Some("bytes=99999999-")).await;
    assert_eq!(beyond.headers["content-range"], format!("bytes */{}", bytes.len()));
    assert_eq!(code(&beyond), (416, "no_such_range".to_owned()));
    let head = who.send(Method::HEAD, url, None, Bytes::new()).await.unwrap();
    assert_eq!(
        (head.status, head.headers["content-length"].to_str().unwrap()),
        (200, bytes.len().to_string().as_str())
    );
    let seen = who.clone().with_header("if-none-match", whole.headers["etag"].to_str().unwrap());
    assert_eq!(seen.get(url).await.unwrap().status, 304);
    let places = who.get(&format!("/api/v1/songs/{}/places", song["id"])).await.unwrap();
    assert_eq!(places.status, 200);
}

async fn is_analysed(who: &Api, song: &Value) {
    let path = format!("/api/v1/songs/{}", song["id"]);
    for _ in 0..200 {
        let now = who.get(&path).await.unwrap().expect(200).unwrap();
        match now["analysis"].as_str() {
            Some("done") => return,
            Some("pending") => tokio::time::sleep(Duration::from_millis(50)).await,
            other => panic!("{other:?}"),
        }
    }
    panic!("nobody listens to {path}");
}

// The bucket is in this process, and commands are waited for.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_song_is_heard_wherever_files_lie() {
    for kind in KINDS {
        eprintln!("{kind}:");
        let scene = Scene::of(kind).await;
        let server = Server::start(scene.options()).await.unwrap();
        let Account { api: ana, token, .. } = Api::register(server.addr(), "ana").await.unwrap();
        let bytes = std::fs::read("tests/fixtures/audio/tone.mp3").unwrap();
        let song = ana.upload("tone", &bytes).await.unwrap();
        is_heard(&ana, &song, &bytes).await;
        is_analysed(&ana, &song).await;
        let long = wav(440, 120_000);
        let other = ana.upload("long", &long).await.unwrap();
        assert_eq!(scene.files().len(), 3, "two sounds and a cover: {:?}", scene.files());

        // Killed, and started anew on a machine that has nothing of it.
        let again = server.kill().await.unwrap();
        scene.forget_the_cache();
        let server = Server::start(again).await.unwrap();
        let ana = Api::signed_in(server.addr(), &token);
        is_heard(&ana, &other, &long).await;
        is_heard(&ana, &song, &bytes).await;
        let cover = ana.get(song["cover_url"].as_str().unwrap()).await.unwrap();
        assert_eq!((cover.status, &cover.body[..2]), (200, &[0xff, 0xd8][..]));
        let export = ana.get("/api/v1/me/export").await.unwrap();
        assert!(export.status == 200 && export.body.len() > long.len() + bytes.len(), "{}", export.body.len());
        is_analysed(&ana, &other).await;

        // Beside the running server.
        let (code, said) = scene.doctor(&[]);
        assert_eq!(code, Some(0), "{said}");
        let imported = scene.octave(&["import", "tests/fixtures/audio", "--user", "ana"]);
        assert!(imported.status.success(), "{}", String::from_utf8_lossy(&imported.stderr));
        assert!(scene.files().len() > 8);
        let (code, said) = scene.doctor(&["--fix"]);
        assert!(code == Some(0) && said.contains("every file is needed"), "{said}");
        server.stop().await.unwrap();
    }
}

// The bucket is in this process, and commands are waited for.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bucket_that_is_away_takes_nothing_from_those_who_listen() {
    let scene = Scene::of("bucket").await;
    let server = Server::start(scene.options()).await.unwrap();
    let Account { api: ana, token, .. } = Api::register(server.addr(), "ana").await.unwrap();
    let (near, far) = (wav(440, 3_000), wav(550, 3_000));
    let near_song = ana.upload("near", &near).await.unwrap();
    let far_song = ana.upload("far", &far).await.unwrap();
    for song in [&near_song, &far_song] {
        is_analysed(&ana, song).await;
    }
    let again = server.stop().await.unwrap();
    scene.forget_the_cache();
    let server = Server::start(again).await.unwrap();
    let ana = Api::signed_in(server.addr(), &token);
    is_heard(&ana, &near_song, &near).await;
    let far_url = far_song["audio_url"].as_str().unwrap();

    for mood in [Mood::Refuses(403, "AccessDenied"), Mood::Refuses(503, "SlowDown"), Mood::Silent] {
        scene.s3.set(mood);
        is_heard(&ana, &near_song, &near).await;
        let none = ana.get(far_url).await.unwrap();
        assert_eq!(code(&none), (503, "storage_unavailable".to_owned()), "{mood:?}");
        assert!(
            none.headers.get("etag").is_none() && none.headers["cache-control"] == "no-store",
            "{:?}",
            none.headers
        );
        let (kind, body) = song_form("new", &wav(660, 3_000));
        let refused = ana.send(Method::POST, "/api/v1/songs", Some(&kind), body).await.unwrap();
        assert_eq!(code(&refused), (503, "storage_unavailable".to_owned()), "{mood:?}");
    }
    // What was never acknowledged is nowhere.
    scene.s3.set(Mood::Fine);
    let songs = ana.get("/api/v1/songs").await.unwrap().expect(200).unwrap();
    assert_eq!((songs["items"].as_array().unwrap().len(), scene.s3.objects().unwrap().len()), (2, 2));
    ana.upload("new", &wav(660, 3_000)).await.unwrap();
    scene.s3.set(Mood::BreaksOff(2));
    is_heard(&ana, &far_song, &far).await;

    // It starts without the bucket too, and plays what is here.
    scene.s3.set(Mood::Refuses(503, "SlowDown"));
    let server = Server::start(server.stop().await.unwrap()).await.unwrap();
    is_heard(&Api::signed_in(server.addr(), &token), &near_song, &near).await;
    let (code, said) = scene.doctor(&["--quick"]);
    assert!(code == Some(1) && said.contains("503 SlowDown"), "{said}");
    server.stop().await.unwrap();

    // But not with a key that does not fit: that is for its operator to mend.
    scene.s3.set(Mood::Fine);
    let wrong: Vec<String> = scene.args.iter().map(|arg| arg.replace(SECRET, "another secret")).collect();
    let ended = scene.place.octave(&["--listen", "127.0.0.1:0"]).args(&wrong).output().unwrap();
    let said = String::from_utf8(ended.stderr).unwrap();
    let line = said.lines().find(|line| line.starts_with("octave: ")).unwrap_or_else(|| panic!("{said}"));
    assert!(ended.status.code() == Some(1) && line.contains("--s3-secret") && !line.contains("another"), "{said}");
}

// The bucket is in this process, and commands are waited for.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_library_moves_from_the_folder_into_a_bucket() {
    let scene = Scene::of("bucket").await;
    let before = Server::start(scene.place.options()).await.unwrap();
    let Account { api: ana, token, .. } = Api::register(before.addr(), "ana").await.unwrap();
    let bytes = std::fs::read("tests/fixtures/audio/tone.mp3").unwrap();
    let song = ana.upload("tone", &bytes).await.unwrap();
    before.stop().await.unwrap();
    let (code, said) = scene.doctor(&[]);
    assert!(code == Some(1) && said.contains("1 songs have no file"), "{said}");
    let data = scene.place.data().display().to_string();
    let (code, said) = scene.doctor(&["--fix", "--from", &data]);
    assert!(code == Some(0) && said.contains("is there again"), "{said}");
    for part in ["audio", "covers"] {
        std::fs::remove_dir_all(scene.place.data().join(part)).unwrap();
    }
    let server = Server::start(scene.options()).await.unwrap();
    is_heard(&Api::signed_in(server.addr(), &token), &song, &bytes).await;
    server.stop().await.unwrap();
}
