//! What people tell one another beside the stages, live.

use std::time::Duration;

use octave_testkit::PATIENCE;
use octave_testkit::api::{Account, Api, PASSWORD};
use octave_testkit::socket::Socket;
use serde_json::{Value, json};

use crate::room::Room;

#[tokio::test]
async fn who_watches_a_song_hears_what_is_said_of_it() {
    let room = Room::open().await;
    let song = room.song("So What", 1_000).await["id"].clone();
    let mut ana = room.ana().await;
    let mut ben = room.joins("ben").await;
    let path = format!("/api/v1/songs/{song}/comments");
    let say = async |body: &str| {
        let new = json!({ "body": body, "position_us": 500_000 });
        ben.account.api.post(&path, &new).await.unwrap().expect(201).unwrap()
    };
    say("unheard").await;
    assert_eq!(ana.socket.request(json!({ "type": "watch", "song": song })).await.unwrap()["type"], "ok");
    let said = say("the trumpet").await;
    let event = ana.socket.event("comment").await.unwrap();
    assert_eq!((&event["op"], &event["comments_count"], &event["comment"]), (&json!("added"), &json!(2), &said));
    assert!(event.get("seq").is_none(), "{event}");

    let one = format!("/api/v1/comments/{}", said["id"]);
    ben.account.api.patch(&one, &json!({ "body": "the horn" })).await.unwrap().expect(200).unwrap();
    let event = ana.socket.event("comment").await.unwrap();
    assert_eq!((&event["op"], &event["comment"]["body"]), (&json!("edited"), &json!("the horn")));
    room.host.api.delete(&one).await.unwrap().expect(204).unwrap();
    let event = ana.socket.event("comment").await.unwrap();
    assert_eq!((&event["op"], &event["comments_count"]), (&json!("deleted"), &json!(1)));

    assert_eq!(ana.socket.request(json!({ "type": "unwatch", "song": song })).await.unwrap()["type"], "ok");
    say("unheard again").await;
    ana.hears_no_more("comment").await;
    ben.hears_no_more("comment").await;
}

#[tokio::test]
async fn a_connection_watches_so_much_and_no_more() {
    let room = Room::open().await;
    let (mut socket, _) = Socket::connect(room.server.addr(), &room.host.token).await.unwrap();
    let mut watch = async |what: Value| {
        let mut request = what;
        request["type"] = "watch".into();
        let answer = socket.request(request).await.unwrap();
        answer["code"].as_str().map_or_else(|| answer["type"].to_string(), str::to_owned)
    };
    assert_eq!(watch(json!({})).await, "invalid_field");
    assert_eq!(watch(json!({ "song": 1, "album": 1 })).await, "invalid_field");
    for album in 1..=16 {
        assert_eq!(watch(json!({ "album": album })).await, "\"ok\"");
    }
    assert_eq!(watch(json!({ "song": 1 })).await, "limit_reached");
    assert_eq!(watch(json!({ "album": 16 })).await, "\"ok\"");
}

#[tokio::test]
async fn what_concerns_somebody_reaches_all_their_connections_and_reading_it_too() {
    let room = Room::open().await;
    let ben = Api::register(room.server.addr(), "ben").await.unwrap();
    let (mut first, _) = Socket::connect(room.server.addr(), &ben.token).await.unwrap();
    let (mut second, _) = Socket::connect(room.server.addr(), &ben.token).await.unwrap();
    room.host.api.put("/api/v1/friends/ben", &json!({})).await.unwrap().expect(200).unwrap();
    let told = first.event("notification").await.unwrap();
    assert_eq!((&told["kind"], &told["from"]["username"]), (&json!("friend_request"), &json!("ana")));
    assert_eq!((&told["unread"], &told["read"]), (&json!(1), &json!(false)));
    assert_eq!(second.event("notification").await.unwrap(), told);
    let list = ben.api.get("/api/v1/notifications").await.unwrap().expect(200).unwrap();
    assert_eq!((&list["items"][0]["id"], &list["items"][0]["text"]), (&told["id"], &told["text"]));
    ben.api.post("/api/v1/notifications/read", &json!({ "up_to": told["id"] })).await.unwrap().expect(200).unwrap();
    let read = second.event("notifications_read").await.unwrap();
    assert_eq!((&read["up_to"], &read["unread"]), (&told["id"], &json!(0)));
}

#[tokio::test]
async fn who_is_called_or_answered_in_a_stage_hears_of_it_elsewhere() {
    let room = Room::open().await;
    let mut ana = room.ana().await;
    let mut ben = room.joins("ben").await;
    let cem = Api::register(room.server.addr(), "cem").await.unwrap();
    let (mut elsewhere, _) = Socket::connect(room.server.addr(), &cem.token).await.unwrap();
    let line = ben.says("what a bass").await;
    ana.asks(json!({ "type": "chat", "text": "yes @ben, and @cem, @ana!", "reply_to": line })).await;
    let told = ben.socket.event("notification").await.unwrap();
    assert_eq!((&told["kind"], &told["stage"]), (&json!("reply"), &json!(room.stage)));
    let told = elsewhere.event("notification").await.unwrap();
    assert_eq!((&told["kind"], &told["about"]), (&json!("mention"), &json!("Late shift")));
    assert_eq!(told["excerpt"], "yes @ben, and @cem, @ana!");
    assert!(told["chat"].as_i64().unwrap() > line);

    // Who has blocked somebody is not called by them, and a stage that one may not know of calls nobody.
    cem.api.put("/api/v1/blocks/ana", &json!({})).await.unwrap().expect(204).unwrap();
    ana.says("@cem?").await;
    let closed = room.host.api.open_stage(&json!({ "name": "Nook", "visibility": "invite" })).await.unwrap();
    ana.socket.join(closed, None).await.unwrap();
    ana.socket.request(json!({ "type": "chat", "stage": closed, "text": "@ben @ana" })).await.unwrap();
    ana.says("@ben").await;
    let told = ben.socket.event("notification").await.unwrap();
    assert_eq!((&told["kind"], &told["stage"]), (&json!("mention"), &json!(room.stage)), "{told}");
    let list = cem.api.get("/api/v1/notifications").await.unwrap().expect(200).unwrap();
    assert_eq!(list["items"], json!([]));
    ana.hears_no_more("notification").await;
}

#[tokio::test]
async fn what_a_player_has_really_sounded_is_heard() {
    let room = Room::open().await;
    let song = room.song("So What", 3_000).await;
    let mut ana = room.ana().await;
    let mut ben = room.joins("ben").await;
    ana.plays(&song).await;
    for round in 0..6 {
        tokio::time::sleep(Duration::from_millis(400)).await;
        ana.tells(json!({ "type": "stat", "error_us": 0, "offset_sd_us": 100, "rtt_us": 900 })).await;
        // Ben's player is silent but for a moment.
        let mut stat = json!({ "type": "stat", "offset_sd_us": 100, "rtt_us": 900 });
        if round == 3 {
            stat["error_us"] = 0.into();
        }
        ben.tells(stat).await;
    }
    let history = async |who: &Account| {
        let list = who.api.get("/api/v1/me/history").await.unwrap().expect(200).unwrap();
        list["items"].as_array().unwrap().clone()
    };
    let until = tokio::time::Instant::now() + PATIENCE;
    while history(&room.host).await.is_empty() {
        assert!(tokio::time::Instant::now() < until, "nothing was heard");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let heard = history(&room.host).await;
    assert_eq!((&heard[0]["song"]["id"], &heard[0]["stage"]), (&song["id"], &json!(room.stage)));
    let enough = heard[0]["heard_us"].as_i64().unwrap();
    assert!((1_500_000..=3_000_000).contains(&enough), "{enough}");
    assert!(history(&ben.account).await.is_empty());
    let seen = ben.account.api.get(&format!("/api/v1/songs/{}", song["id"])).await.unwrap().expect(200).unwrap();
    assert_eq!(seen["plays_count"], 1);
}

#[tokio::test]
async fn an_account_that_ends_closes_its_connections() {
    let room = Room::open().await;
    let mut ben = room.joins("ben").await;
    let request = json!({ "current_password": PASSWORD });
    ben.account.api.delete_with("/api/v1/me", &request).await.unwrap().expect(204).unwrap();
    assert_eq!(ben.socket.closed().await.unwrap(), 4409);
}
