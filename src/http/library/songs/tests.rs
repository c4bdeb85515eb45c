mod at_once;

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

use crate::http::kit::testing::{Api, Client, Reply, fields};
use crate::library::analysis;

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("tests/fixtures/audio/{name}")).unwrap()
}

/// Uploads a file with further text parts.
async fn upload(who: &Client, file: &[u8], texts: &[(&str, &str)]) -> Reply {
    upload_named(who, "../A B - C.mp3", file, texts).await
}

async fn upload_named(who: &Client, name: &str, file: &[u8], texts: &[(&str, &str)]) -> Reply {
    let mut body = Vec::new();
    for (name, text) in texts {
        body.extend(format!("--B\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n").into_bytes());
    }
    body.extend(format!("--B\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n").bytes());
    body.extend(file);
    body.extend(b"\r\n--B--\r\n");
    send(who, "POST", "/songs", &[("content-type", "multipart/form-data; boundary=B")], body).await
}

async fn send(who: &Client, method: &str, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Reply {
    let mut request = Request::builder().method(method).uri(format!("/api/v1{path}"));
    if let Some(token) = &who.token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    who.raw(request.body(Body::from(body)).unwrap()).await
}

fn titles(list: &Value) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|s| s["title"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn an_upload_becomes_a_song_with_all_its_fields() {
    let api = Api::new().await;
    let ana = api.user("ana").await;
    let reply = upload(&ana, &fixture("tone.mp3"), &[("title", "My tone"), ("genres", "Jazz, Cool jazz")]).await;
    let song = reply.ok(201);
    let id = song["id"].as_i64().unwrap();
    assert_eq!(song["duration_us"], 2_000_000);
    assert_eq!(song["title"], "My tone");
    assert_eq!(song["artist"], "Fixture");
    assert_eq!(song["album"], "Fixtures");
    assert_eq!(song["genres"], json!(["Cool jazz", "Jazz"]));
    assert_eq!(song["uploader"]["username"], "ana");
    assert_eq!((&song["track"], &song["year"], &song["mime"]), (&json!(3), &json!(2021), &json!("audio/mpeg")));
    assert_eq!((&song["likes_count"], &song["liked"]), (&json!(0), &json!(false)));
    assert_eq!(
        (&song["analysis"], &song["loudness_lufs"], &song["notes"]),
        (&json!("pending"), &Value::Null, &json!([]))
    );
    assert_eq!(song["artists"], json!([{"id": song["artist_id"], "name": "Fixture"}]));
    api.guest().get(&format!("/songs/{id}/waveform")).await.problem(404, "not_found");
    analysis::pass(&api.state.db, &api.state.media, &async |_| {}).await.unwrap();
    let heard = ana.get(&format!("/songs/{id}")).await.ok(200);
    assert_eq!(heard["analysis"], "done");
    assert!(heard["loudness_lufs"].as_f64().unwrap() < -5.0);
    assert_eq!(api.guest().get(&format!("/songs/{id}")).await.ok(200)["title"], "My tone");
    let cover = song["cover_url"].as_str().unwrap().strip_prefix("/api/v1").unwrap().to_owned();
    let cover = api.guest().get(&cover).await;
    assert_eq!((cover.status, cover.header("content-type")), (200, "image/jpeg"));
    assert!(cover.header("cache-control").contains("immutable"));
    let outline = api.guest().get(&format!("/songs/{id}/waveform")).await.ok(200);
    assert_eq!(outline["peaks"].as_array().unwrap().len(), 800);
    let places = ana.get(&format!("/songs/{id}/places")).await.ok(200);
    assert_eq!((&places["every"], places["offsets"].as_array().unwrap().len()), (&json!(64), 2));
    api.guest().get(&format!("/songs/{id}/places")).await.problem(401, "unauthenticated");
    ana.get("/songs/999/places").await.problem(404, "not_found");
    assert_eq!(ana.get(&format!("/songs/{id}/lyrics")).await.ok(200), json!({"lyrics": ""}));
    ana.get("/songs/999/lyrics").await.problem(404, "not_found");
}

#[tokio::test]
async fn a_file_without_tags_has_its_name_and_comes_twice_as_one_song() {
    let api = Api::new().await;
    let ana = api.user("ana").await;
    let bare = &fixture("vbr_no_xing.mp3")[161..];
    for (name, title, artist) in [
        ("99 Problems.mp3", "99 Problems", "Unknown artist"),
        ("50 Cent - In Da Club.mp3", "In Da Club", "50 Cent"),
        ("semi;colon %22quoted%22.mp3", "semi;colon \"quoted\"", "Unknown artist"),
        ("100% %41 real.mp3", "100% %41 real", "Unknown artist"),
    ] {
        let song = upload_named(&ana, name, bare, &[]).await.ok(201);
        assert_eq!((&song["title"], &song["artist"]), (&json!(title), &json!(artist)));
        let again = upload_named(&ana, name, bare, &[]).await.ok(201);
        assert_eq!((&again["id"], &again["notes"]), (&song["id"], &json!(["you have uploaded this song before"])));
    }
    assert_eq!(ana.get("/songs").await.ok(200)["items"].as_array().unwrap().len(), 4);
}

#[tokio::test]
async fn an_album_is_in_the_order_of_its_discs() {
    let api = Api::new().await;
    let ana = api.user("ana").await;
    let mut album = Value::Null;
    for (title, disc, track) in [
        ("D2T1", json!(2), json!(1)),
        ("D1T2", json!(1), json!(2)),
        ("D1T?", json!(null), json!(null)),
        ("D2T2", json!(2), json!(2)),
        ("D1T1", json!(1), json!(1)),
    ] {
        let texts = [("title", title), ("artist", "Ada"), ("album", "Set")];
        let song = upload(&ana, &fixture("tone.opus"), &texts).await.ok(201);
        ana.patch(&format!("/songs/{}", song["id"]), json!({"disc": disc, "track": track})).await.ok(200);
        album = song["album_id"].clone();
    }
    let album = ana.get(&format!("/albums/{album}")).await.ok(200);
    let titles: Vec<&str> = album["songs"].as_array().unwrap().iter().map(|s| s["title"].as_str().unwrap()).collect();
    assert_eq!(titles, ["D1T1", "D1T2", "D1T?", "D2T1", "D2T2"]);
}

#[tokio::test]
async fn what_is_no_song_is_refused_and_nothing_stays() {
    let api = Api::new().await;
    let ana = api.user("ana").await;
    upload(&api.guest(), &fixture("tone.mp3"), &[]).await.problem(401, "unauthenticated");
    let problem = upload(&ana, b"hello, I am a song", &[]).await.problem(415, "unsupported_audio");
    assert!(problem["detail"].as_str().unwrap().contains("mp3"));
    let problem = upload(&ana, &fixture("alac.m4a"), &[]).await.problem(415, "unsupported_audio");
    assert!(problem["detail"].as_str().unwrap().contains("ALAC"));
    let song = upload(&ana, &fixture("tone.mp3"), &[("title", " ")]).await.ok(201);
    assert_eq!(song["title"], "Tone", "an empty title is none");
    upload(&ana, &fixture("tone.mp3"), &[("title", "\u{202e}")]).await.problem(422, "invalid_field");
    let long = "x".repeat(201);
    let problem = upload(&ana, &fixture("tone.mp3"), &[("artist", &long)]).await.problem(422, "invalid_field");
    assert_eq!(fields(&problem), ["artist"]);
    let multipart = [("content-type", "multipart/form-data; boundary=B")];
    let problem = send(&ana, "POST", "/songs", &multipart, b"--B--\r\n".to_vec()).await.problem(422, "invalid_field");
    assert_eq!(fields(&problem), ["file"]);
    send(&ana, "POST", "/songs", &multipart, b"--B\r\nhalf".to_vec()).await.problem(400, "bad_body");
    send(&ana, "POST", "/songs", &[], fixture("tone.mp3")).await.problem(415, "unsupported_media_type");
    let kept = ana.get("/songs").await.ok(200);
    assert_eq!(kept["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_song_streams_by_ranges_to_who_is_logged_in() {
    let api = Api::new().await;
    let ana = api.user("ana").await;
    let bytes = fixture("vorbis.ogg");
    let song = upload(&ana, &bytes, &[]).await.ok(201);
    let url = song["audio_url"].as_str().unwrap().strip_prefix("/api/v1").unwrap().to_owned();
    api.guest().get(&url).await.problem(401, "unauthenticated");

    let whole = ana.get(&url).await;
    assert_eq!((whole.status, whole.header("content-type")), (200, "audio/ogg; codecs=vorbis"));
    assert_eq!(whole.bytes, bytes);
    assert_eq!(whole.header("accept-ranges"), "bytes");
    let etag = whole.header("etag").to_owned();
    let head = ana.send("HEAD", &url, None).await;
    assert_eq!((head.status, head.bytes.len(), head.header("content-length")), (200, 0, &*bytes.len().to_string()));

    let range = |range: &'static str| [("range", range)];
    let part = send(&ana, "GET", &url, &range("bytes=10-19"), vec![]).await;
    assert_eq!((part.status, part.bytes.as_slice()), (206, &bytes[10..20]));
    assert_eq!(part.header("content-range"), format!("bytes 10-19/{}", bytes.len()));
    let end = send(&ana, "GET", &url, &range("bytes=-5"), vec![]).await;
    assert_eq!((end.status, end.bytes.as_slice()), (206, &bytes[bytes.len() - 5..]));
    let beyond = send(&ana, "GET", &url, &range("bytes=99999999-"), vec![]).await;
    assert_eq!(beyond.header("content-range"), format!("bytes */{}", bytes.len()));
    beyond.problem(416, "no_such_range");
    let several = send(&ana, "GET", &url, &range("bytes=0-1,4-5"), vec![]).await;
    assert_eq!((several.status, several.bytes.len()), (200, bytes.len()), "of several ranges all is told");

    let seen = send(&ana, "GET", &url, &[("if-none-match", &etag)], vec![]).await;
    assert_eq!((seen.status, seen.bytes.len(), seen.header("etag")), (304, 0, &*etag));
    let stale = send(&ana, "GET", &url, &[("if-range", "\"old\""), ("range", "bytes=0-1")], vec![]).await;
    assert_eq!(stale.status, 200, "another version: all of it");
    let fresh = send(&ana, "GET", &url, &[("if-range", &etag), ("range", "bytes=0-1")], vec![]).await;
    assert_eq!(fresh.status, 206);
}

#[tokio::test]
async fn only_its_uploader_changes_and_deletes_a_song() {
    let api = Api::new().await;
    let (ana, ben) = (api.user("ana").await, api.user("ben").await);
    let song = upload(&ana, &fixture("tone.flac"), &[]).await.ok(201);
    let path = format!("/songs/{}", song["id"]);
    ben.patch(&path, json!({"title": "mine"})).await.problem(403, "forbidden");
    ben.delete(&path).await.problem(403, "forbidden");
    let edit = json!({"title": "New", "album": null, "genres": ["Folk"], "year": null});
    let changed = ana.patch(&path, edit).await.ok(200);
    assert_eq!((&changed["title"], &changed["album"], &changed["year"]), (&json!("New"), &Value::Null, &Value::Null));
    assert_eq!((&changed["artist"], &changed["genres"]), (&song["artist"], &json!(["Folk"])));
    let problem = ana.patch(&path, json!({"title": " "})).await.problem(422, "invalid_field");
    assert_eq!(fields(&problem), ["title"]);
    let twin = upload(&ben, &fixture("tone.flac"), &[]).await.ok(201);
    ana.delete(&path).await.ok(204);
    ana.get(&path).await.problem(404, "not_found");
    let twins_audio = twin["audio_url"].as_str().unwrap().strip_prefix("/api/v1").unwrap().to_owned();
    assert_eq!(ben.get(&twins_audio).await.status, 200, "the same bytes are still somebody's");
    ben.delete(&format!("/songs/{}", twin["id"])).await.ok(204);
    ben.get(&twins_audio).await.problem(404, "not_found");
    ana.get("/songs/999").await.problem(404, "not_found");
    ana.get("/songs/x").await.problem(404, "not_found");
}

#[tokio::test]
async fn lists_are_filtered_sorted_and_paged_and_likes_kept() {
    let api = Api::new().await;
    let (ana, ben) = (api.user("ana").await, api.user("ben").await);
    for (title, artist) in [("Beta", "Zed"), ("alpha", "Mia"), ("Gamma", "Mia")] {
        upload(&ana, &fixture("tone.opus"), &[("title", title), ("artist", artist)]).await.ok(201);
    }
    let all = ana.get("/songs?sort=title&limit=2").await.ok(200);
    assert_eq!(titles(&all), ["alpha", "Beta"]);
    let rest = ana.get(&format!("/songs?sort=title&limit=2&after={}", all["next"].as_str().unwrap())).await.ok(200);
    assert_eq!((titles(&rest), &rest["next"]), (vec!["Gamma"], &Value::Null));
    assert_eq!(titles(&ana.get("/songs?sort=artist").await.ok(200)), ["alpha", "Gamma", "Beta"]);
    assert_eq!(titles(&ana.get("/songs?q=mia%20gam").await.ok(200)), ["Gamma"]);
    assert!(titles(&ana.get("/songs?uploader=ben").await.ok(200)).is_empty());
    ana.get("/songs?sort=size").await.problem(422, "invalid_field");
    ana.get("/songs?limit=0").await.problem(422, "invalid_field");
    let artist = all["items"][0]["artist_id"].clone();
    assert_eq!(titles(&ana.get(&format!("/songs?artist_id={artist}")).await.ok(200)), ["Gamma", "alpha"]);
    assert_eq!(ana.get(&format!("/artists/{artist}")).await.ok(200)["songs_count"], 2);
    assert_eq!(ana.get("/genres/ambient").await.ok(200)["songs_count"], 3);
    let genres = ana.get("/genres?limit=1").await.ok(200);
    assert_eq!(genres["items"][0]["songs_count"], 3);
    ana.get("/genres?limit=0").await.problem(422, "invalid_field");
    ana.get("/genres?after=x").await.problem(422, "invalid_field");
    let album = ana.get("/albums?artist_id=999").await.ok(200);
    assert!(album["items"].as_array().unwrap().is_empty());

    let like = format!("/songs/{}/like", all["items"][1]["id"]);
    ben.put(&like).await.ok(204);
    ben.put(&like).await.ok(204);
    let mine = ben.get("/me/likes").await.ok(200);
    assert_eq!((titles(&mine), &mine["items"][0]["likes_count"]), (vec!["Beta"], &json!(1)));
    ben.delete(&like).await.ok(204);
    assert!(titles(&ben.get("/me/likes").await.ok(200)).is_empty());
    ben.put("/songs/999/like").await.problem(404, "not_found");
}

#[tokio::test]
async fn a_playlist_is_its_owners_and_keeps_its_order() {
    let api = Api::new().await;
    let (ana, ben) = (api.user("ana").await, api.user("ben").await);
    let song = |title: &'static str| {
        let ana = ana.clone();
        async move { upload(&ana, &fixture("tone.opus"), &[("title", title)]).await.ok(201)["id"].clone() }
    };
    let (a, b) = (song("a").await, song("b").await);
    let list = ana.post("/playlists", json!({"name": "Evening", "description": "slow"})).await.ok(201);
    let path = format!("/playlists/{}", list["id"]);
    let songs = format!("{path}/songs");
    ben.post(&songs, json!({"song_id": a})).await.problem(403, "forbidden");
    let first = ana.post(&songs, json!({"song_id": a})).await.ok(201)["entry"].clone();
    ana.post(&songs, json!({"song_id": b, "position": 0})).await.ok(201);
    ana.post(&songs, json!({"song_id": a})).await.ok(201);
    let problem = ana.post(&songs, json!({"song_id": 999})).await.problem(422, "invalid_field");
    assert_eq!(fields(&problem), ["song_id"]);
    let order = |list: &Value| -> Vec<String> {
        list["items"].as_array().unwrap().iter().map(|e| e["song"]["title"].as_str().unwrap().to_owned()).collect()
    };
    let shown = ben.get(&path).await.ok(200);
    assert_eq!((order(&shown), &shown["songs_count"]), (vec!["b".into(), "a".into(), "a".into()], &json!(3)));
    ana.patch(&format!("{songs}/{first}"), json!({"position": 0})).await.ok(204);
    assert_eq!(order(&ana.get(&format!("{songs}?offset=1&limit=1")).await.ok(200)), ["b"]);
    let page = ana.get(&format!("{songs}?limit=2")).await.ok(200);
    let rest = ana.get(&format!("{songs}?limit=2&after={}", page["next"].as_str().unwrap())).await.ok(200);
    assert_eq!(
        (order(&page), order(&rest), &rest["next"]),
        (vec!["a".into(), "b".into()], vec!["a".into()], &Value::Null)
    );
    ana.get(&format!("{songs}?limit=201")).await.problem(422, "invalid_field");
    ana.delete(&format!("{songs}/{first}")).await.ok(204);
    ana.delete(&format!("{songs}/{first}")).await.problem(404, "not_found");

    let export = ben.get(&format!("{path}/export?format=m3u8")).await;
    let text = String::from_utf8(export.bytes.clone()).unwrap();
    assert!(text.starts_with("#EXTM3U\n#PLAYLIST:Evening\n#EXTINF:2,Fixture - b\n"), "{text}");
    let back = send(&ben, "POST", "/playlists/import", &[("content-type", "audio/x-mpegurl")], export.bytes).await;
    let back = back.ok(201);
    assert_eq!((&back["matched"], &back["playlist"]["name"]), (&json!(2), &json!("Evening")));
    send(&ben, "POST", "/playlists/import", &[], b"nonsense".to_vec()).await.problem(415, "unsupported_playlist");

    let cover = std::fs::read("tests/fixtures/not_audio.jpg").unwrap();
    let put = format!("{path}/cover");
    send(&ben, "PUT", &put, &[], cover.clone()).await.problem(403, "forbidden");
    let shown = send(&ana, "PUT", &put, &[("content-type", "image/jpeg")], cover).await.ok(200);
    assert!(shown["cover_url"].as_str().unwrap().contains("?v="));
    assert_eq!(api.guest().get(&put).await.status, 200);
    send(&ana, "PUT", &put, &[], b"<svg>".to_vec()).await.problem(415, "unsupported_image");
    assert_eq!(ana.patch(&path, json!({"name": "Night"})).await.ok(200)["description"], "slow");
    assert_eq!(ana.get("/playlists?owner=me").await.ok(200)["items"].as_array().unwrap().len(), 1);
    ana.delete(&path).await.ok(204);
    ana.get(&path).await.problem(404, "not_found");
}

#[tokio::test]
async fn an_album_is_its_makers() {
    let api = Api::new().await;
    let (ana, ben) = (api.user("ana").await, api.user("ben").await);
    let new = json!({"title": "First", "artist": "Ana", "description": "by hand"});
    let album = ana.post("/albums", new.clone()).await.ok(201);
    ana.post("/albums", new).await.problem(409, "album_exists");
    let path = format!("/albums/{}", album["id"]);
    upload(&ana, &fixture("tone.wav"), &[("album", "FIRST"), ("artist", "ana"), ("title", "t")]).await.ok(201);
    assert_eq!(titles(&json!({"items": ben.get(&path).await.ok(200)["songs"]})), ["t"]);
    ben.patch(&path, json!({"title": "x"})).await.problem(403, "forbidden");
    let changed = ana.patch(&path, json!({"title": "Second", "genre": "Folk"})).await.ok(200);
    assert_eq!(
        (&changed["title"], &changed["genre"], &changed["songs_count"]),
        (&json!("Second"), &json!("Folk"), &json!(1))
    );
    ana.delete(&path).await.ok(204);
    assert_eq!(ana.get("/songs").await.ok(200)["items"][0]["album"], Value::Null);
}

#[tokio::test]
async fn one_search_finds_everything_of_a_name() {
    let api = Api::new().await;
    let bluebird = api.user("bluebird").await;
    upload(&bluebird, &fixture("tone.wav"), &[("title", "Blue in Green"), ("album", "Kind of Blue")]).await.ok(201);
    bluebird.post("/playlists", json!({"name": "Blue hour"})).await.ok(201);
    let found = bluebird.get("/search?q=BLU").await.ok(200);
    for (kind, name) in [("songs", "title"), ("albums", "title"), ("playlists", "name"), ("users", "username")] {
        let one = found[kind].as_array().unwrap();
        assert_eq!(one.len(), 1, "{kind}: {found}");
        assert!(one[0][name].as_str().unwrap().to_lowercase().contains("blu"), "{found}");
    }
    let songs = api.guest().get("/search?q=blue&kind=songs,playlists").await.ok(200);
    assert_eq!(
        (songs["songs"].as_array().unwrap().len(), &songs["users"], &songs["playlists"]),
        (1, &json!([]), &json!([]))
    );
    assert_eq!(api.guest().get("/search").await.ok(200)["songs"], json!([]));
    let slip = api.guest().get("/search?q=geren%20bleu").await.ok(200);
    assert_eq!(slip["songs"][0]["title"], "Blue in Green", "a slip of the pen: {slip}");
    api.guest().get("/search?q=x&kind=cars").await.problem(422, "invalid_field");
}
