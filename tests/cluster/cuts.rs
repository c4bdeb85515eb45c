//! Wires between nodes and what they stand on are cut, and mended.
//!
//! A node that does not reach PostgreSQL loses its stages to another within its lease; one that does not reach NATS keeps them, and
//! those at other nodes are told. Whatever is cut: what was acknowledged is there, once, and one number is one event.

use std::sync::Arc;
use std::time::Duration;

use octave_testkit::api::Api;
use octave_testkit::socket::Socket;
use octave_testkit::wire::Carries;
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::time::Instant;

use crate::failover::{busy_at, whole};
use crate::nodes::{Nodes, Wires, chat};

/// Two seconds are promised; a machine that does more than this test gets one more.
const ANSWERED_WITHIN: Duration = Duration::from_secs(3);

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_that_does_not_reach_the_database_is_followed_by_another() {
    let (nodes, mut crowd, host, stage) = busy_at(Nodes::wired(3).await).await;
    let blow = Instant::now();
    nodes.wires[0].database.send_replace(Carries::Nothing);
    crowd.says(150).await;
    nodes.wires[0].database.send_replace(Carries::All);
    crowd.says(150).await;
    nodes.know_each_other(3).await;
    let report = crowd.ends(&Api::signed_in(nodes.addr(1), &host.token), stage).await;
    whole(&report);
    eprintln!("no database at the owner: silence {:?}", report.silence(blow));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_that_does_not_reach_nats_keeps_its_stage_and_its_people() {
    let (nodes, mut crowd, host, stage) = busy_at(Nodes::wired(3).await).await;
    let blow = Instant::now();
    nodes.wires[0].nats.send_replace(Carries::Nothing);
    // Whoever is refused elsewhere comes to the owner's node.
    crowd.says(150).await;
    tokio::time::sleep(Duration::from_secs(3).saturating_sub(blow.elapsed())).await;
    nodes.wires[0].nats.send_replace(Carries::All);
    crowd.says(150).await;
    nodes.know_each_other(3).await;
    let report = crowd.ends(&Api::signed_in(nodes.addr(0), &host.token), stage).await;
    whole(&report);
    eprintln!("no NATS at the owner: silence {:?}", report.silence(blow));
}

/// Says a line until it is done, by this connection or a new one; each answer comes in time.
async fn says_until_done(nodes: &Nodes, node: usize, token: &str, stage: i64, socket: &mut Socket, text: &str) {
    let until = Instant::now() + Duration::from_secs(10);
    loop {
        let line = json!({ "type": "chat", "stage": stage, "text": text, "nonce": text });
        match socket.request(line).await {
            Ok(answer) if answer["type"] == "ack" => return,
            Ok(_) => {}
            // Where nobody knows what became of a line the stage begins anew.
            Err(_) => {
                if let Ok((mut again, _)) = Socket::connect(nodes.addr(node), token).await
                    && again.join(stage, None).await.is_ok()
                {
                    *socket = again;
                }
            }
        }
        assert!(Instant::now() < until, "it does not go on: {text}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_database_is_away_for_all_everybody_is_answered_in_time_and_then_all_goes_on() {
    let nodes = Nodes::wired(2).await;
    let (ana, ben) = (nodes.register("ana").await, nodes.register("ben").await);
    let stage = ana.api.open_stage(&json!({ "name": "Attic" })).await.unwrap();
    let mut sockets = [nodes.enters(0, &ana, stage).await, nodes.enters(1, &ben, stage).await];
    for wires in &nodes.wires {
        wires.database.send_replace(Carries::Nothing);
    }
    let began = Instant::now();
    let (mut acked, mut n) = (Vec::new(), 0);
    while began.elapsed() < Duration::from_secs(5) {
        for socket in &mut sockets {
            let (asked, text) = (Instant::now(), format!("anybody {n}?"));
            n += 1;
            let answer: Value = socket.request(chat(stage, &text)).await.unwrap();
            assert!(asked.elapsed() < ANSWERED_WITHIN, "{:?}: {answer}", asked.elapsed());
            match answer["type"].as_str() {
                Some("ack") => acked.push(text),
                _ => assert!(["storage_unavailable", "stage_unreachable"].map(Value::from).contains(&answer["code"])),
            }
        }
        // So that lines come at every moment of the lease's last second.
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
    for wires in &nodes.wires {
        wires.database.send_replace(Carries::All);
    }
    for (node, (account, text)) in [(&ana, "here"), (&ben, "there")].into_iter().enumerate() {
        says_until_done(&nodes, node, &account.token, stage, &mut sockets[node], text).await;
    }
    let history = ana.api.get(&format!("/api/v1/stages/{stage}/chats?limit=200")).await.unwrap().expect(200).unwrap();
    let texts: Vec<&str> =
        history["items"].as_array().unwrap().iter().filter_map(|line| line["text"].as_str()).collect();
    assert!(acked.iter().all(|text| texts.contains(&text.as_str())), "{acked:?} {texts:?}");
    assert!(texts.contains(&"here") && texts.contains(&"there"), "{texts:?}");
    nodes.know_each_other(2).await;
}

/// What is cut, and what the wires carry meanwhile.
struct Cut {
    what: String,
    wires: Vec<Arc<watch::Sender<Carries>>>,
    carries: Carries,
}

impl Cut {
    fn of(node: usize, what: &str, wires: &[&Arc<watch::Sender<Carries>>], carries: Carries) -> Self {
        let wires = wires.iter().copied().cloned().collect();
        Self { what: format!("node {node}, {what}: {carries:?}"), wires, carries }
    }

    fn set(&self, carries: Carries) {
        for wire in &self.wires {
            wire.send_replace(carries);
        }
    }
}

fn all_cuts(nodes: &Nodes) -> Vec<Cut> {
    let mut cuts = Vec::new();
    for (node, Wires { database, nats }) in nodes.wires.iter().enumerate() {
        for carries in [Carries::Nothing, Carries::There, Carries::Back] {
            cuts.push(Cut::of(node, "database", &[database], carries));
            cuts.push(Cut::of(node, "NATS", &[nats], carries));
        }
        cuts.push(Cut::of(node, "both", &[database, nats], Carries::Nothing));
    }
    cuts
}

/// `OCTAVE_CLUSTER_CUTS=2` goes through all cuts twice, each for one to four seconds; without, through three of them.
#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_cut_nothing_is_lost() {
    let rounds = std::env::var("OCTAVE_CLUSTER_CUTS").ok().map(|rounds| rounds.parse::<usize>().unwrap());
    let (nodes, mut crowd, host, stage) = busy_at(Nodes::wired(3).await).await;
    let cuts = all_cuts(&nodes);
    let count = rounds.map_or(3, |rounds| rounds * cuts.len());
    for n in 0..count {
        // All of them one after the other, or three that are far from one another.
        let cut = &cuts[if rounds.is_some() { n } else { n * 6 + 3 } % cuts.len()];
        cut.set(cut.carries);
        let lasts = Duration::from_millis(1_000 + 1_000 * (n as u64 * 7 % 4));
        tokio::time::sleep(lasts).await;
        cut.set(Carries::All);
        let mended = Instant::now();
        crowd.says(60).await;
        nodes.know_each_other(3).await;
        eprintln!("{}, for {lasts:?}: all is well {:?} after it was mended", cut.what, mended.elapsed());
    }
    let report = crowd.ends(&Api::signed_in(nodes.addr(1), &host.token), stage).await;
    whole(&report);
    eprintln!("{count} cuts, {} acknowledged, {} came back", report.acknowledged, report.back_after.len());
}

/// The owner is frozen, again and again, also in the middle of a commit: `OCTAVE_CLUSTER_FREEZES=20`.
#[tokio::test(flavor = "multi_thread")]
async fn an_owner_that_is_frozen_again_and_again_writes_nothing_of_what_is_not_its_any_more() {
    let freezes: u64 = std::env::var("OCTAVE_CLUSTER_FREEZES").map_or(1, |freezes| freezes.parse().unwrap());
    let (nodes, mut crowd, host, stage) = busy_at(Nodes::start(3).await).await;
    for n in 0..freezes {
        let node = usize::try_from(n % 3).unwrap();
        nodes.signal(node, "STOP");
        let began = Instant::now();
        // Shorter than a lease, about as long, and longer.
        tokio::time::sleep(Duration::from_millis([2_600, 900, 1_900, 2_100, 5_000][usize::try_from(n % 5).unwrap()]))
            .await;
        nodes.signal(node, "CONT");
        crowd.says(60).await;
        nodes.know_each_other(3).await;
        eprintln!("frozen: all together again after {:?}", began.elapsed());
    }
    let report = crowd.ends(&Api::signed_in(nodes.addr(1), &host.token), stage).await;
    whole(&report);
}

/// Needs libfaketime, which `scripts/figures` installs: `OCTAVE_CLUSTER_CLOCKS=1`.
#[tokio::test(flavor = "multi_thread")]
async fn nodes_whose_clocks_are_seconds_off_tell_one_time() {
    if std::env::var_os("OCTAVE_CLUSTER_CLOCKS").is_none() {
        return;
    }
    let faketime = octave_testkit::faults::clock::faketime().unwrap().display().to_string();
    let mut nodes = Nodes::start(1).await;
    for off in ["+7", "-3600"] {
        let faketime = faketime.clone();
        nodes
            .add_with(|options| {
                let options = options.env("LD_PRELOAD", faketime).env("FAKETIME", off);
                options.env("FAKETIME_DONT_FAKE_MONOTONIC", "1")
            })
            .await;
    }
    nodes.know_each_other(3).await;
    let ana = nodes.register("ana").await;
    let mut times = Vec::new();
    for addr in nodes.addrs() {
        nodes.until(|| async { Api::new(addr).get("/readyz").await.unwrap().status == 200 }).await;
        let (mut socket, _) = Socket::connect(addr, &ana.token).await.unwrap();
        let began = Instant::now();
        let pong = socket.request(json!({ "type": "ping" })).await.unwrap();
        times.push((began, pong["t2_us"].as_i64().unwrap(), began.elapsed()));
    }
    let (first, us, _) = times[0];
    for (began, time, took) in &times {
        let passed = i64::try_from((*began - first).as_micros()).unwrap();
        let off = (time - us - passed).abs();
        eprintln!("off by {off} us at most");
        assert!(off < 1_000 + i64::try_from(took.as_micros()).unwrap() * 2, "{off}");
    }
}
