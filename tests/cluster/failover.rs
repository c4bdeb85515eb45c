//! A node dies, stands still, or leaves; NATS goes away. What was acknowledged is there, once, and nobody is shown two
//! things under one number.

use std::time::Duration;

use octave_testkit::api::{Account, Api};
use serde_json::json;
use tokio::time::Instant;

use crate::crowd::{Crowd, Report};
use crate::nodes::{Nodes, chat};

/// People who talk, by turns at the nodes.
const PEOPLE: usize = 6;

async fn busy(count: usize) -> (Nodes, Crowd, Account, i64) {
    busy_at(Nodes::start(count).await).await
}

/// A stage that runs at node 0, and people at all nodes who talk in it.
pub(crate) async fn busy_at(nodes: Nodes) -> (Nodes, Crowd, Account, i64) {
    let host = nodes.register("host").await;
    let stage = host.api.open_stage(&json!({ "name": "Attic", "control": "everyone" })).await.unwrap();
    nodes.enters(0, &host, stage).await.close().await.unwrap();
    let mut people = Vec::new();
    for n in 0..PEOPLE {
        people.push(nodes.register(&format!("person{n}")).await);
    }
    let mut crowd = Crowd::talks(people, &nodes.addrs(), stage);
    crowd.says(100).await;
    (nodes, crowd, host, stage)
}

pub(crate) fn whole(report: &Report) {
    assert!(report.acknowledged > 100, "{report:?}");
    assert_eq!((report.lost, report.doubled, report.contradictions), (0, 0, 0), "{report:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_that_is_killed_is_followed_by_another_and_nothing_is_lost() {
    let (mut nodes, mut crowd, host, stage) = busy(3).await;
    let blow = Instant::now();
    nodes.kill(0).await;
    crowd.says(200).await;
    let report = crowd.ends(&Api::signed_in(nodes.addr(1), &host.token), stage).await;
    whole(&report);
    let (silence, last) = (report.silence(blow), report.back_after.last().copied().unwrap_or_default());
    eprintln!(
        "killed: silence {silence:?}, last back after {last:?}, {} of {} resumed",
        report.resumed,
        report.back_after.len()
    );
    assert_eq!(report.resumed, report.back_after.len(), "all go on where they were");
    assert!(silence < Duration::from_secs(5), "{silence:?}");
}

/// `OCTAVE_CLUSTER_KILLS=100` kills a hundred (`tests/cluster/run`), and says how
/// long it took.
#[tokio::test(flavor = "multi_thread")]
async fn nodes_are_killed_again_and_again_and_nothing_is_lost() {
    let kills = std::env::var("OCTAVE_CLUSTER_KILLS").map_or(3, |kills| kills.parse().unwrap());
    let (mut nodes, mut crowd, host, stage) = busy(3).await;
    let mut blows = Vec::new();
    for n in 0..kills {
        blows.push(Instant::now());
        let again = nodes.kill(n % 3).await;
        crowd.says(60).await;
        nodes.start_again(n % 3, again).await;
        nodes.know_each_other(3).await;
        crowd.says(30).await;
    }
    let report = crowd.ends(&Api::signed_in(nodes.addr(0), &host.token), stage).await;
    whole(&report);
    assert_eq!(report.resumed, report.back_after.len(), "all go on where they were");
    let mut silences: Vec<Duration> = blows.into_iter().map(|blow| report.silence_at(blow)).collect();
    silences.sort_unstable();
    let at = |all: &[Duration], percent: usize| all[(all.len() * percent / 100).min(all.len() - 1)];
    for (what, all) in [("no line anywhere", &silences), ("one was away", &report.back_after)] {
        eprintln!("{what}: p50 {:?}, p90 {:?}, most {:?} of {}", at(all, 50), at(all, 90), at(all, 100), all.len());
    }
    eprintln!("{} acknowledged, {} kills", report.acknowledged, kills);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_that_stood_still_writes_and_shows_nothing_of_what_is_not_its_any_more() {
    let (nodes, mut crowd, host, stage) = busy(3).await;
    let blow = Instant::now();
    nodes.signal(0, "STOP");
    // Longer than its lease: the others go on without it.
    crowd.says(100).await;
    tokio::time::sleep(Duration::from_secs(4).saturating_sub(blow.elapsed())).await;
    nodes.signal(0, "CONT");
    crowd.says(200).await;
    nodes.know_each_other(3).await;
    let report = crowd.ends(&Api::signed_in(nodes.addr(1), &host.token), stage).await;
    whole(&report);
    eprintln!("frozen: silence {:?}, {} of {} resumed", report.silence(blow), report.resumed, report.back_after.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_leaves_hands_its_stages_over() {
    let (mut nodes, mut crowd, host, stage) = busy(2).await;
    let blow = Instant::now();
    nodes.stop(0).await;
    crowd.says(100).await;
    let next = nodes.add().await;
    nodes.know_each_other(2).await;
    crowd.says(50).await;
    let report = crowd.ends(&Api::signed_in(nodes.addr(next), &host.token), stage).await;
    whole(&report);
    // Those at the node that stayed kept their seats.
    assert_eq!(report.back_after.len(), PEOPLE / 2, "{:?}", report.back_after);
    eprintln!("left: silence {:?}, {} of {} resumed", report.silence(blow), report.resumed, report.back_after.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_is_about_to_end_says_so_and_serves_on_meanwhile() {
    let mut nodes = Nodes::start(2).await;
    let ana = nodes.register("ana").await;
    let stage = ana.api.open_stage(&json!({ "name": "Attic" })).await.unwrap();
    let mut here = nodes.enters(0, &ana, stage).await;
    let api = Api::new(nodes.addr(0));
    nodes.signal(0, "TERM");
    nodes.until(|| async { api.get("/readyz").await.unwrap().status == 503 }).await;
    // Whom a balancer sends here before it knows is let in.
    let said = here.request(chat(stage, "still here")).await.unwrap();
    assert_eq!(said["type"], "ack", "{said}");
    nodes.enters(0, &ana, stage).await.close().await.unwrap();
    // Told once more it ends at once.
    nodes.stop(0).await;
    assert_eq!(here.closed().await.unwrap(), 1012);
    nodes.enters(1, &ana, stage).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_in_before_anybody_knows_that_the_owner_is_dead_is_let_in_by_the_next() {
    let mut nodes = Nodes::start(2).await;
    let ana = nodes.register("ana").await;
    let stage = ana.api.open_stage(&json!({ "name": "Attic" })).await.unwrap();
    nodes.enters(0, &ana, stage).await.close().await.unwrap();
    let (mut there, _) = octave_testkit::socket::Socket::connect(nodes.addr(1), &ana.token).await.unwrap();
    nodes.kill(0).await;
    let joined = there.join(stage, None).await.unwrap();
    assert_eq!(joined["type"], "joined");
    // By the same connection: its node has the stage now.
    let said = there.request(chat(stage, "in")).await.unwrap();
    assert_eq!(said["type"], "ack", "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_nats_the_owners_people_talk_on_and_others_are_told_and_catch_up() {
    let mut nodes = Nodes::start(2).await;
    let (ana, ben) = (nodes.register("ana").await, nodes.register("ben").await);
    let stage = ana.api.open_stage(&json!({ "name": "Attic" })).await.unwrap();
    let mut here = nodes.enters(0, &ana, stage).await;
    let mut there = nodes.enters(1, &ben, stage).await;
    nodes.nats.stop();
    here.request(chat(stage, "while NATS is away")).await.unwrap();
    let began = Instant::now();
    let refused = there.request(chat(stage, "hello?")).await.unwrap();
    assert_eq!(refused["code"], "stage_unreachable", "{refused}");
    assert!(began.elapsed() < Duration::from_millis(2_300), "{:?}", began.elapsed());
    let addrs = nodes.addrs();
    let ready = async |node: usize| Api::new(addrs[node]).get("/readyz").await.unwrap().status;
    assert_eq!((ready(0).await, ready(1).await), (503, 503));
    nodes.nats.start_again().await;
    // What was missed comes from the owner, in order, without a new connection.
    let heard = there.event("chat").await.unwrap();
    assert_eq!(heard["text"], "while NATS is away");
    let said = there.request(chat(stage, "here I am")).await.unwrap();
    assert_eq!(said["type"], "ack", "{said}");
    assert_eq!(here.find(|frame| frame["text"] == "here I am").await.unwrap()["from"]["username"], "ben");
    nodes.until(|| async { ready(0).await == 200 && ready(1).await == 200 }).await;
}
