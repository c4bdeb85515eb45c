//! One stage, people at two nodes: as if there were one.

use std::time::Duration;

use octave_testkit::api::Api;
use octave_testkit::socket::Socket;
use serde_json::json;
use tokio::time::Instant;

use crate::nodes::{Nodes, chat};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_at_one_node_is_heard_once_and_in_order_at_the_other() {
    let nodes = Nodes::start(2).await;
    let (ana, ben) = (nodes.register("ana").await, nodes.register("ben").await);
    let stage = ana.api.open_stage(&json!({ "name": "Attic", "control": "everyone" })).await.unwrap();
    let mut here = nodes.enters(0, &ana, stage).await;
    let mut there = nodes.enters(1, &ben, stage).await;
    // Each speaks at a node of their own; all that either hears is checked for gaps as it comes.
    for n in 0..50 {
        let said = here.request(chat(stage, &format!("here {n}"))).await.unwrap();
        let answered = there.request(chat(stage, &format!("there {n}"))).await.unwrap();
        assert_eq!((&said["type"], &answered["type"]), (&json!("ack"), &json!("ack")), "{said} {answered}");
    }
    for socket in [&mut here, &mut there] {
        for n in 0..50 {
            assert_eq!(socket.event("chat").await.unwrap()["text"], format!("here {n}"));
            assert_eq!(socket.event("chat").await.unwrap()["text"], format!("there {n}"));
        }
    }
    // Controls, the queue, and what is not numbered.
    let added = there.request(json!({ "type": "queue", "stage": stage, "action": "add", "song": 999 })).await.unwrap();
    assert_eq!(added["code"], "not_found", "{added}");
    there.send(&json!({ "type": "react", "stage": stage, "emoji": "🔥" })).await.unwrap();
    assert_eq!(here.event("reaction").await.unwrap()["emoji"], "🔥");
    here.send(&json!({ "type": "react", "stage": stage, "emoji": "👏" })).await.unwrap();
    let emoji = there.find(|frame| frame["emoji"] == "👏").await.unwrap();
    assert_eq!(emoji["count"], 1);
    // Whoever leaves and comes back at the other node misses nothing.
    let position = there.position(stage);
    there.close().await.unwrap();
    here.request(chat(stage, "while you were away")).await.unwrap();
    let (mut again, _) = Socket::connect(nodes.addr(0), &ben.token).await.unwrap();
    let joined = again.join(stage, position).await.unwrap();
    assert_eq!(joined["resumed"], true, "{joined}");
    assert_eq!(again.event("chat").await.unwrap()["text"], "while you were away");
}

#[tokio::test(flavor = "multi_thread")]
async fn http_asks_any_node() {
    let nodes = Nodes::start(2).await;
    let (ana, ben) = (nodes.register("ana").await, nodes.register("ben").await);
    let stage = ana.api.open_stage(&json!({ "name": "Attic" })).await.unwrap();
    let _here = nodes.enters(0, &ana, stage).await;
    let mut there = nodes.enters(1, &ben, stage).await;
    let other = Api::signed_in(nodes.addr(1), &ana.token);
    let path = format!("/api/v1/stages/{stage}");
    let changed = other.patch(&path, &json!({ "name": "Cellar" })).await.unwrap().expect(200).unwrap();
    assert_eq!((&changed["name"], &changed["listeners"]), (&json!("Cellar"), &json!(2)), "{changed}");
    assert_eq!(there.event("stage_updated").await.unwrap()["now"]["name"], "Cellar");
    let people = other.get(&format!("{path}/participants")).await.unwrap().expect(200).unwrap();
    assert_eq!(people["items"].as_array().unwrap().len(), 2, "{people}");
    // Lists know of it by what nodes tell each other.
    nodes
        .until(|| async {
            let list = other.get("/api/v1/stages?live=true").await.unwrap().expect(200).unwrap();
            list["items"][0]["listeners"] == 2
        })
        .await;
    // A ban that is asked for at one node ends a seat at the other.
    let owner = Api::signed_in(nodes.addr(0), &ana.token);
    let began = Instant::now();
    owner.put(&format!("{path}/bans/ben"), &json!({})).await.unwrap().expect(204).unwrap();
    assert_eq!(there.event("removed").await.unwrap()["reason"], "banned");
    assert!(began.elapsed() < Duration::from_secs(1));
    let refused = there.request(chat(stage, "still here?")).await.unwrap();
    assert_eq!(refused["code"], "not_joined", "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_online_and_told_wherever_they_are() {
    let nodes = Nodes::start(2).await;
    let (ana, ben) = (nodes.register("ana").await, nodes.register("ben").await);
    ana.api.put("/api/v1/friends/ben", &json!({})).await.unwrap().expect(200).unwrap();
    ben.api.put("/api/v1/friends/ana", &json!({})).await.unwrap().expect(200).unwrap();
    let (mut here, _) = Socket::connect(nodes.addr(0), &ana.token).await.unwrap();
    let (mut there, _) = Socket::connect(nodes.addr(1), &ben.token).await.unwrap();
    let came = here.event("friend_presence").await.unwrap();
    assert_eq!((&came["user"]["username"], &came["online"]), (&json!("ben"), &json!(true)), "{came}");
    let stage = ben.api.open_stage(&json!({ "name": "Attic" })).await.unwrap();
    there.join(stage, None).await.unwrap();
    let moved = here.find(|frame| frame["type"] == "friend_presence" && frame["stage"] == stage).await.unwrap();
    assert_eq!(moved["online"], true, "{moved}");
    let friends = ana.api.get("/api/v1/friends").await.unwrap().expect(200).unwrap();
    assert_eq!((&friends["items"][0]["online"], &friends["items"][0]["stage"]), (&json!(true), &json!(stage)));
    // A login that is ended at one node closes its socket at the other, at once.
    let began = Instant::now();
    ben.api.post("/api/v1/auth/logout", &json!({})).await.unwrap();
    assert_eq!(there.closed().await.unwrap(), 4409);
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    let went = here.find(|frame| frame["type"] == "friend_presence" && frame["online"] == false).await.unwrap();
    assert_eq!(went["user"]["username"], "ben");
}

#[tokio::test(flavor = "multi_thread")]
async fn guesses_at_a_password_count_wherever_they_are_made() {
    let nodes = Nodes::with_limits("default", 2).await;
    nodes.register("ana").await;
    let guess = async |node| {
        let form = json!({ "login": "ana", "password": "not hers at all" });
        Api::new(nodes.addr(node)).post("/api/v1/auth/login", &form).await.unwrap().status
    };
    for n in 0..10 {
        assert_eq!(guess(n % 2).await, 401, "guess {n}");
    }
    nodes.until(|| async { guess(0).await == 429 && guess(1).await == 429 }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sockets_of_one_user_count_wherever_they_are() {
    let nodes = Nodes::with_limits("default", 2).await;
    let ana = nodes.register("ana").await;
    let opens = async |node| Socket::connect(nodes.addr(node), &ana.token).await;
    let mut open = Vec::new();
    for n in 0..32 {
        open.push(opens(n % 2).await.unwrap());
    }
    nodes.until(|| async { opens(0).await.is_err() && opens(1).await.is_err() }).await;
    open.truncate(20);
    nodes.until(|| async { opens(0).await.is_ok() && opens(1).await.is_ok() }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn all_nodes_have_one_clock_and_say_so() {
    let nodes = Nodes::start(3).await;
    for addr in nodes.addrs() {
        nodes.until(|| async { Api::new(addr).get("/readyz").await.unwrap().status == 200 }).await;
        let metrics = Api::new(addr).get("/metrics").await.unwrap();
        let text = String::from_utf8_lossy(&metrics.body).into_owned();
        let line = text.lines().find_map(|line| line.strip_prefix("octave_cluster_clock_bound_us ")).unwrap();
        let bound: i64 = line.parse().unwrap();
        assert!((0..=1_000).contains(&bound), "{bound} µs");
    }
    let listed = nodes.octave(&["cluster"]);
    assert!(listed.status.success());
    let listed = String::from_utf8(listed.stdout).unwrap();
    assert_eq!(listed.lines().count(), 4, "a head and three nodes:\n{listed}");
    // A server that would be alone finds the database taken.
    let refused = nodes.octave(&["--listen", "127.0.0.1:0"]);
    assert_eq!(refused.status.code(), Some(3));
}
