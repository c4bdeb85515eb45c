//! Requests that come at once.

use futures_util::future::join_all;

use super::*;
use crate::http::kit::state::{Limits, Settings};
use crate::store::Db;
use crate::store::testing::both;

fn api_over(db: Db) -> Api {
    // More than one person does in a while.
    Api::over(db, tempfile::tempdir().unwrap(), Settings { limits: Limits::Off, ..Settings::default() })
}

#[tokio::test]
async fn of_changes_at_once_none_is_lost() {
    both(changes_at_once).await;
}

async fn changes_at_once(db: Db) {
    let api = api_over(db);
    let ana = api.user("ana").await;
    let song = upload(&ana, &fixture("tone.opus"), &[("album", "Album")]).await.ok(201);
    let stage = ana.post("/stages", json!({"name": "x"})).await.ok(201);
    let song_path = format!("/songs/{}", song["id"]);
    let (album, stage) = (format!("/albums/{}", song["album_id"]), format!("/stages/{}", stage["id"]));
    for round in 1_900..1_920 {
        let of = |what: &str| format!("{what} {round}");
        let changes = [
            (&song_path, vec![json!({"title": of("t")}), json!({"artist": of("a")}), json!({"year": round})]),
            (&album, vec![json!({"title": of("t")}), json!({"genre": of("g")}), json!({"description": of("d")})]),
            (
                &stage,
                vec![
                    json!({"name": of("n")}),
                    json!({"genres": [of("g")]}),
                    json!({"start": {"quorum_percent": round - 1_890}}),
                    json!({"start": {"patience_us": round}}),
                ],
            ),
        ];
        let all = changes.iter().flat_map(|(path, changes)| changes.iter().map(move |change| (path, change)));
        for done in join_all(all.map(|(path, change)| ana.patch(path, change.clone()))).await {
            done.ok(200);
        }
        let seen = ana.get(&song_path).await.ok(200);
        assert_eq!((&seen["title"], &seen["artist"], &seen["year"]), (&of("t").into(), &of("a").into(), &round.into()));
        assert_eq!(seen["album"], of("t"));
        let seen = ana.get(&album).await.ok(200);
        let wanted = (&of("t").into(), &of("g").into(), &of("d").into());
        assert_eq!((&seen["title"], &seen["genre"], &seen["description"]), wanted);
        let seen = ana.get(&stage).await.ok(200);
        assert_eq!(ana.patch(&stage, json!({})).await.ok(200), seen, "the running stage and what is stored of it");
        assert_eq!((&seen["name"], &seen["genres"]), (&of("n").into(), &json!([of("g")])));
        assert_eq!(seen["start"], json!({"quorum_percent": round - 1_890, "patience_us": round}));
    }
    api.state.registry.stop().await;
}

#[tokio::test]
async fn of_playlists_attached_at_once_none_is_lost() {
    both(attached_at_once).await;
}

async fn attached_at_once(db: Db) {
    let api = api_over(db);
    let ana = api.user("ana").await;
    let stage = ana.post("/stages", json!({"name": "x"})).await.ok(201);
    let stage = format!("/stages/{}", stage["id"]);
    let mut lists = Vec::new();
    for name in ["a", "b", "c", "d"] {
        lists.push(ana.post("/playlists", json!({"name": name})).await.ok(201)["id"].clone());
    }
    let paths: Vec<String> = lists.iter().map(|id| format!("{stage}/playlists/{id}")).collect();
    for _ in 0..5 {
        join_all(paths.iter().map(|path| ana.put(path))).await.into_iter().for_each(|done| drop(done.ok(200)));
        let seen = ana.get(&stage).await.ok(200);
        assert_eq!((&seen["playlists"], &ana.put(&paths[0]).await.ok(200)), (&json!(lists), &seen));
        join_all(paths[1..].iter().map(|path| ana.delete(path))).await.into_iter().for_each(|done| drop(done.ok(200)));
        assert_eq!(ana.get(&stage).await.ok(200)["playlists"], json!(lists[..1]));
    }
    api.state.registry.stop().await;
}
