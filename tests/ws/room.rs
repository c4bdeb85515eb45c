//! The tests' vocabulary: a room with a server of its own, people who join, say, hear and are refused.

use std::time::Duration;

use octave_testkit::api::{Account, Api};
use octave_testkit::audio;
use octave_testkit::server::{Options, Server};
use octave_testkit::socket::{Position, Socket};
use serde_json::{Value, json};

use crate::place::Place;
use crate::rest::Rest;

/// A fresh server with one stage, opened by `ana`.
pub(crate) struct Room {
    /// Dropped first: while the server runs, and when everybody has gone.
    rest: Rest,
    pub(crate) server: Server,
    pub(crate) stage: i64,
    pub(crate) host: Account,
    pub(crate) place: Place,
}

impl Room {
    pub(crate) async fn open() -> Self {
        Self::with(json!({ "name": "Late shift" })).await
    }

    /// Opens the stage with these fields.
    pub(crate) async fn with(stage: Value) -> Self {
        let place = Place::of_round().await;
        let server = Server::start(place.options()).await.unwrap();
        let rest = Rest::of(&server);
        let host = Api::register(server.addr(), "ana").await.unwrap();
        let stage = host.api.open_stage(&stage).await.unwrap();
        Self { rest, server, stage, host, place }
    }

    /// The host, in the stage.
    pub(crate) async fn ana(&self) -> Person {
        self.enters(&self.host).await
    }

    /// Somebody new with an account, in the stage.
    pub(crate) async fn joins(&self, name: &str) -> Person {
        let account = Api::register(self.server.addr(), name).await.unwrap();
        self.enters(&account).await
    }

    /// One more connection of an account, in the stage.
    pub(crate) async fn enters(&self, account: &Account) -> Person {
        self.returns(account, None).await
    }

    /// As [`Room::enters`], from where somebody was.
    pub(crate) async fn returns(&self, account: &Account, from: Option<Position>) -> Person {
        let (mut socket, welcome) = Socket::connect(self.server.addr(), &account.token).await.unwrap();
        let joined = socket.join(self.stage, from).await.unwrap();
        Person { account: account.clone(), stage: self.stage, socket, welcome, joined }
    }

    /// Uploads a song of this length by the host, and answers it.
    /// A song that the server has heard through, so that nothing more is to be told of it.
    pub(crate) async fn song(&self, title: &str, millis: u32) -> Value {
        let mut song = self.host.api.upload(title, &audio::wav(440, millis)).await.unwrap();
        while song["analysis"] == "pending" {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            song = self.host.api.get(&format!("/api/v1/songs/{}", song["id"])).await.unwrap().expect(200).unwrap();
        }
        song
    }

    /// Kills the server in the middle of whatever it does, and starts it again at the same place.
    pub(crate) async fn survives_a_kill(mut self) -> Self {
        self.rest.no_more();
        let again = self.server.kill().await.unwrap();
        let server = Server::start(again).await.unwrap();
        Self { rest: Rest::of(&server), server, stage: self.stage, host: self.host, place: self.place }
    }

    /// Stops the server politely; what it takes to start it again at the same place.
    pub(crate) async fn stops(mut self) -> Stopped {
        self.rest.no_more();
        Stopped { again: self.server.stop().await.unwrap(), stage: self.stage, host: self.host, place: self.place }
    }
}

/// A room without its server.
pub(crate) struct Stopped {
    again: Options,
    stage: i64,
    host: Account,
    place: Place,
}

impl Stopped {
    pub(crate) async fn starts(self) -> Room {
        let server = Server::start(self.again).await.unwrap();
        Room { rest: Rest::of(&server), server, stage: self.stage, host: self.host, place: self.place }
    }
}

/// Somebody in the stage, by one connection.
pub(crate) struct Person {
    pub(crate) account: Account,
    pub(crate) socket: Socket,
    pub(crate) welcome: Value,
    pub(crate) joined: Value,
    stage: i64,
}

impl Person {
    /// Says something and answers its `seq`, once it is acknowledged. Who talks too fast waits as long as told.
    pub(crate) async fn says(&mut self, text: &str) -> i64 {
        loop {
            let answer = self.tries(json!({ "type": "chat", "text": text })).await;
            let Some(us) = answer["retry_after_us"].as_u64() else {
                assert_eq!(answer["type"], "ack", "{answer}");
                assert!(answer["at_us"].is_i64(), "{answer}");
                return answer["seq"].as_i64().unwrap();
            };
            tokio::time::sleep(Duration::from_micros(us)).await;
        }
    }

    /// Asks for something in the stage, and gets it.
    pub(crate) async fn asks(&mut self, request: Value) -> Value {
        let answer = self.tries(request.clone()).await;
        assert_ne!(answer["type"], "error", "{request} was refused: {answer}");
        answer
    }

    /// Asks for something in the stage, and is refused with `code`.
    pub(crate) async fn refused(&mut self, request: Value, code: &str) -> Value {
        let answer = self.tries(request.clone()).await;
        assert_eq!(answer["type"], "error", "{request} was not refused: {answer}");
        assert_eq!(answer["code"], code, "{request}: {answer}");
        assert!(answer["detail"].as_str().is_some_and(|d| !d.is_empty()), "no detail: {answer}");
        answer
    }

    async fn tries(&mut self, mut request: Value) -> Value {
        if request.get("stage").is_none() {
            request["stage"] = self.stage.into();
        }
        self.socket.request(request).await.unwrap()
    }

    /// Tells something that is not answered.
    pub(crate) async fn tells(&mut self, mut frame: Value) {
        frame["stage"] = self.stage.into();
        self.socket.send(&frame).await.unwrap();
    }

    /// The next event of this type.
    pub(crate) async fn hears(&mut self, kind: &str) -> Value {
        let event = self.socket.event(kind).await.unwrap();
        assert_eq!(event["stage"], self.stage, "{event}");
        event
    }

    /// The next event of this type that `wanted` accepts.
    pub(crate) async fn hears_that(&mut self, kind: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        loop {
            let event = self.hears(kind).await;
            if wanted(&event) {
                return event;
            }
        }
    }

    /// Hears that a friend is online or not, and in this stage.
    pub(crate) async fn hears_of_friend(&mut self, name: &str, online: Value, stage: Value) {
        loop {
            let event = self.socket.event("friend_presence").await.unwrap();
            if event["user"]["username"] == name && event["online"] == online && event["stage"] == stage {
                return;
            }
        }
    }

    /// Hears nothing more of this type: whatever was said before has arrived by now.
    pub(crate) async fn hears_no_more(&mut self, kind: &str) {
        self.socket.settle().await.unwrap();
        let more = self.socket.unheard().find(|e| e["type"] == kind);
        assert!(more.is_none(), "heard {}", more.unwrap());
    }

    /// Queues a song and answers its entry.
    pub(crate) async fn queues(&mut self, song: &Value) -> i64 {
        self.asks(json!({ "type": "queue", "action": "add", "song": song["id"] })).await;
        let event = self.hears_that("queue", |e| e["op"] == "add").await;
        event["items"][0]["entry"].as_i64().unwrap()
    }

    /// Queues the song, presses play, and answers the timeline that plays it.
    pub(crate) async fn plays(&mut self, song: &Value) -> Value {
        let entry = self.queues(song).await;
        self.asks(json!({ "type": "control", "action": "play" })).await;
        self.hears_that("timeline", |t| t["playing"] == true && t["entry"] == entry).await
    }

    /// The stage as a newcomer would see it now, through a connection of the same account.
    pub(crate) async fn looks(&self, room: &Room) -> Value {
        room.enters(&self.account).await.joined["snapshot"].clone()
    }

    /// Ends this connection, and says where it stood.
    pub(crate) async fn goes(self) -> Position {
        let position = self.socket.position(self.stage).unwrap();
        self.socket.close().await.unwrap();
        position
    }
}

/// Where a timeline stands at a server's instant, in microseconds.
pub(crate) fn position_at(timeline: &Value, at_us: i64) -> i64 {
    let since = (at_us - timeline["at_us"].as_i64().unwrap()).max(0);
    let advanced = if timeline["playing"] == true { since } else { 0 };
    timeline["position_us"].as_i64().unwrap() + advanced
}
