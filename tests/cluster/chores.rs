//! What is to be done once is done by one node.

use std::collections::HashMap;

use octave_testkit::api::{Account, Api};
use octave_testkit::socket::Socket;
use serde_json::{Value, json};

use crate::nodes::Nodes;

/// Stages that are opened at each node.
const STAGES: usize = 6;

#[tokio::test(flavor = "multi_thread")]
async fn each_follower_is_told_once_of_each_stage_whichever_node_it_was_opened_at() {
    let nodes = Nodes::start(2).await;
    let host = nodes.register("host").await;
    let mut followers: Vec<(Account, Socket)> = Vec::new();
    for n in 0..4 {
        let follower = nodes.register(&format!("follower{n}")).await;
        follower.api.put("/api/v1/users/host/follow", &json!({})).await.unwrap().expect(204).unwrap();
        let (socket, _) = Socket::connect(nodes.addr(n % 2), &follower.token).await.unwrap();
        followers.push((follower, socket));
    }
    let apis = nodes.addrs().into_iter().map(|addr| Api::signed_in(addr, &host.token)).collect::<Vec<_>>();
    for _ in 0..STAGES / 2 {
        // At both in the same moment.
        let (one, other) = (json!({ "name": "One" }), json!({ "name": "Other" }));
        let (one, other) = tokio::join!(apis[0].open_stage(&one), apis[1].open_stage(&other));
        one.and(other).unwrap();
    }
    let is_told = |frame: &Value| frame["type"] == "notification";
    for (account, socket) in &mut followers {
        let mut of_stage: HashMap<i64, usize> = HashMap::new();
        for _ in 0..STAGES {
            let told = socket.find(is_told).await.unwrap();
            *of_stage.entry(told["stage"].as_i64().unwrap()).or_default() += 1;
        }
        assert!(of_stage.len() == STAGES && of_stage.values().all(|times| *times == 1), "{of_stage:?}");
        socket.settle().await.unwrap();
        assert_eq!(socket.unheard().filter(|frame| is_told(frame)).count(), 0, "{}", account.username);
        let list = account.api.get("/api/v1/notifications").await.unwrap().expect(200).unwrap();
        let kinds = list["items"].as_array().unwrap().iter().filter(|item| item["kind"] == "stage_opened").count();
        assert_eq!(kinds, STAGES, "{list}");
    }
}
