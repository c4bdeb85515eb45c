//! A server with everybody and everything that the tables speak of.

use std::time::Duration;

use octave_testkit::api::{Account, Api};
use octave_testkit::audio;
use octave_testkit::server::Server;
use octave_testkit::socket::Socket;
use serde_json::{Value, json};

use crate::place::Place;
use crate::table::{Row, VISIBILITIES};

/// Somebody, by what they are to the stage.
pub(crate) struct Person {
    pub(crate) standing: String,
    pub(crate) account: Option<Account>,
    /// In the stage, if they are.
    pub(crate) socket: Option<Socket>,
}

impl Person {
    pub(crate) fn name(&self) -> &str {
        self.account.as_ref().map_or("nobody", |account| &account.username)
    }

    pub(crate) fn is_guest(&self) -> bool {
        self.standing.starts_with("guest")
    }

    pub(crate) fn socket(&mut self) -> &mut Socket {
        self.socket.as_mut().unwrap()
    }
}

/// What is the host's, and what belongs to others, by its id or name.
#[derive(Debug, Clone, Default)]
pub(crate) struct Things {
    pub(crate) song: i64,
    pub(crate) artist: i64,
    pub(crate) album: i64,
    pub(crate) playlist: i64,
    pub(crate) entry: i64,
    pub(crate) comment: i64,
    pub(crate) invite: i64,
    pub(crate) link: String,
    /// To another stage of the host's, which nobody may enter without.
    pub(crate) link_elsewhere: String,
    /// An invitation that is meant for bob.
    pub(crate) letter: String,
    /// For guests, by its number and its code.
    pub(crate) guest_link: i64,
    pub(crate) guest_code: String,
    pub(crate) guest: i64,
    pub(crate) account_invite: i64,
    /// A login of bob's.
    pub(crate) session: i64,
    pub(crate) log: i64,
}

pub(crate) struct World {
    pub(crate) server: Server,
    pub(crate) stage: i64,
    /// Whoever hosts the stage now.
    pub(crate) host: Account,
    pub(crate) admin: Account,
    /// Nothing to the stage.
    pub(crate) bob: Account,
    /// A moderator, to whom things are done, as to lea, who listens.
    pub(crate) moe: Account,
    /// Ana, in the stage: its first host.
    pub(crate) keeper: Socket,
    pub(crate) ana: Account,
    pub(crate) things: Things,
    /// How the stage is run, so that it is changed only where it has to be.
    pub(crate) run: Value,
    names: u32,
    place: Place,
}

impl World {
    pub(crate) async fn new(place: Place) -> Self {
        let server = Server::start(place.options().arg("--limits").arg("off")).await.unwrap();
        let addr = server.addr();
        // The first one administers the server.
        let admin = Api::register(addr, "admin").await.unwrap();
        let ana = Api::register(addr, "ana").await.unwrap();
        let [bob, lea, moe] = ["bob", "lea", "moe"].map(|name| Api::register(addr, name));
        let (bob, _, moe) = tokio::try_join!(bob, lea, moe).unwrap();
        let stage = ana.api.open_stage(&json!({ "name": "Attic", "genres": ["Attic music"] })).await.unwrap();
        let (mut keeper, _) = Socket::connect(addr, &ana.token).await.unwrap();
        keeper.join(stage, None).await.unwrap();
        let host = ana.clone();
        let mut world = Self {
            server,
            stage,
            host,
            admin,
            bob,
            moe,
            keeper,
            ana,
            things: Things::default(),
            run: json!({}),
            names: 0,
            place,
        };
        world.furnish().await;
        world
    }

    /// What the rows are asked of.
    async fn furnish(&mut self) {
        let song = self.import().await;
        let (ana, bob) = (self.ana.api.clone(), self.bob.api.clone());
        let id = |value: &Value| value["id"].as_i64().unwrap();
        let post = async |path: &str, body: Value| ana.post(&api(path), &body).await.unwrap().expect(201).unwrap();
        let picture = picture();
        let album = id(&post("/albums", json!({ "title": "Loft", "artist": "Miles" })).await);
        let playlist = id(&post("/playlists", json!({ "name": "Evening" })).await);
        let entry = post(&format!("/playlists/{playlist}/songs"), json!({ "song_id": song["id"] })).await;
        for path in [
            format!("/albums/{album}/cover"),
            format!("/playlists/{playlist}/cover"),
            format!("/stages/{}/cover", self.stage),
            "/me/avatar".into(),
        ] {
            ana.put_bytes(&api(&path), picture.clone()).await.unwrap().expect(200).unwrap();
        }
        let comment = id(&post(&format!("/songs/{}/comments", song["id"]), json!({ "body": "the horn" })).await);
        let invites = format!("/stages/{}/invites", self.stage);
        let link = post(&invites, json!({})).await;
        let letter = post(&invites, json!({ "username": "bob" })).await;
        let elsewhere = json!({ "name": "Cellar", "visibility": "invite" });
        let cellar = ana.open_stage(&elsewhere).await.unwrap();
        ana.put_bytes(&api(&format!("/stages/{cellar}/cover")), picture).await.unwrap().expect(200).unwrap();
        let link_elsewhere = post(&format!("/stages/{cellar}/invites"), json!({})).await;
        let sessions = bob.get(&api("/auth/sessions")).await.unwrap().expect(200).unwrap();
        let made = self.admin.api.post(&api("/admin/invites"), &json!({})).await.unwrap().expect(201).unwrap();
        let door = post(&format!("/stages/{}/guest-links", self.stage), json!({})).await;
        let guest = self.guest(&["listen"]).await;
        self.things = Things {
            guest_link: id(&door),
            guest_code: door["code"].as_str().unwrap().to_owned(),
            guest: guest.id,
            song: id(&song),
            artist: song["artist_id"].as_i64().unwrap(),
            album,
            playlist,
            entry: entry["entry"].as_i64().unwrap(),
            comment,
            invite: id(&link),
            link: link["code"].as_str().unwrap().to_owned(),
            link_elsewhere: link_elsewhere["code"].as_str().unwrap().to_owned(),
            letter: letter["code"].as_str().unwrap().to_owned(),
            account_invite: id(&made),
            session: id(&sessions["items"][0]),
            log: 1,
        };
        self.hosts("PUT", "/roles/moe", json!({ "role": "moderator" })).await;
        self.keeps(json!({ "type": "queue", "stage": self.stage, "action": "mode", "repeat": "all" })).await;
        self.queues().await;
        self.plays().await;
    }

    /// A song with words and a cover, as only a folder brings it.
    async fn import(&self) -> Value {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("So What.wav"), audio::wav(440, 60_000)).unwrap();
        std::fs::write(folder.path().join("So What.lrc"), "[00:01.00] So what").unwrap();
        std::fs::write(folder.path().join("cover.png"), picture()).unwrap();
        let folder = folder.path().to_str().unwrap();
        let done = self.place.octave(&["import", folder, "--user", "ana"]).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        let listed = self.ana.api.get(&api("/songs")).await.unwrap().expect(200).unwrap();
        let path = api(&format!("/songs/{}", listed["items"][0]["id"]));
        let tags = json!({ "title": "So What", "artist": "Miles", "genres": ["Jazz"] });
        let mut song = self.ana.api.patch(&path, &tags).await.unwrap().expect(200).unwrap();
        while song["analysis"] == "pending" {
            tokio::time::sleep(Duration::from_millis(20)).await;
            song = self.ana.api.get(&path).await.unwrap().expect(200).unwrap();
        }
        song
    }

    /// Somebody who comes in by a new link, without an account.
    pub(crate) async fn guest(&self, rights: &[&str]) -> Account {
        let made = self.host.api.post(&self.path("/guest-links"), &json!({ "rights": rights })).await;
        let made = made.unwrap().expect(201).unwrap();
        Api::enter(self.server.addr(), made["code"].as_str().unwrap(), "Gus").await.unwrap()
    }

    /// The address of an operation on the stage.
    pub(crate) fn path(&self, rest: &str) -> String {
        api(&format!("/stages/{}{rest}", self.stage))
    }

    /// A name that nothing has.
    pub(crate) fn new_name(&mut self, what: &str) -> String {
        self.names += 1;
        format!("{what}{}", self.names)
    }

    /// Somebody new, with a connection.
    pub(crate) async fn somebody(&mut self) -> Person {
        let name = self.new_name("person");
        let account = Api::register(self.server.addr(), &name).await.unwrap();
        let (socket, _) = Socket::connect(self.server.addr(), &account.token).await.unwrap();
        Person { standing: String::new(), account: Some(account), socket: Some(socket) }
    }

    /// The host does this, and it is done.
    pub(crate) async fn hosts(&self, method: &str, rest: &str, body: Value) {
        let (host, path) = (&self.host.api, self.path(rest));
        let reply = match method {
            "PUT" => host.put(&path, &body).await,
            "POST" => host.post(&path, &body).await,
            "PATCH" => host.patch(&path, &body).await,
            _ => host.delete(&path).await,
        };
        let reply = reply.unwrap();
        assert!(reply.status < 300, "{method} {path}: {} {}", reply.status, reply.json());
    }

    pub(crate) async fn shows_to(&mut self, visibility: usize) {
        self.is_run(json!({ "visibility": VISIBILITIES[visibility] })).await;
    }

    /// The host runs the stage so.
    pub(crate) async fn is_run(&mut self, how: Value) {
        let fields = how.as_object().unwrap();
        if fields.iter().any(|(field, value)| self.run[field] != *value) {
            self.hosts("PATCH", "", how.clone()).await;
            fields.iter().for_each(|(field, value)| self.run[field] = value.clone());
        }
    }

    /// To whom something was done is again what they were.
    pub(crate) async fn restore(&mut self, row: &Row, name: &str) {
        let role = match name {
            "lea" => "listener",
            "moe" => "moderator",
            _ => return,
        };
        if row.words.starts_with("the host's") {
            let roles = self.path(&format!("/roles/{}", self.host.username));
            self.moe.api.put(&roles, &json!({ "role": "host" })).await.unwrap().expect(204).unwrap();
        }
        if row.name.contains("/bans/") {
            self.hosts("DELETE", &format!("/bans/{name}"), json!({})).await;
        }
        if row.name.contains("/mutes/") {
            self.hosts("DELETE", &format!("/mutes/{name}"), json!({})).await;
        }
        if row.name.contains("/bans/") || row.name.contains("/roles/") {
            self.hosts("PUT", &format!("/roles/{name}"), json!({ "role": role })).await;
        }
    }

    /// Something plays, with more behind it. Ana steers at all times, as the host or a moderator.
    pub(crate) async fn plays(&mut self) {
        self.queues().await;
        self.keeps(json!({ "type": "control", "stage": self.stage, "action": "play" })).await;
    }

    /// Ana asks for this in the stage.
    pub(crate) async fn keeps(&mut self, request: Value) -> Value {
        let answer = self.keeper.request(request).await.unwrap();
        assert_ne!(answer["type"], "error", "{answer}");
        answer
    }

    /// Ana queues the song, and answers its entry.
    pub(crate) async fn queues(&mut self) -> i64 {
        let song = self.things.song;
        queues(&mut self.keeper, self.stage, song).await
    }

    /// Ana has suggested the song, and this is the number of that.
    pub(crate) async fn is_suggested(&mut self) -> i64 {
        self.keeps(json!({ "type": "queue", "stage": self.stage, "action": "suggest", "song": self.things.song }))
            .await;
        let (mut socket, _) = Socket::connect(self.server.addr(), &self.ana.token).await.unwrap();
        let joined = socket.join(self.stage, None).await.unwrap();
        socket.close().await.unwrap();
        let suggestions = joined["snapshot"]["suggestions"].as_array().unwrap();
        let own = suggestions.iter().find(|suggestion| suggestion["by"]["id"] == self.ana.id).unwrap();
        own["entry"].as_i64().unwrap()
    }
}

/// Somebody in the stage queues the song, and answers its entry.
pub(crate) async fn queues(socket: &mut Socket, stage: i64, song: i64) -> i64 {
    let add = json!({ "type": "queue", "stage": stage, "action": "add", "song": song });
    let ok = socket.request(add).await.unwrap();
    assert_eq!(ok["type"], "ok", "{ok}");
    let is_it = |e: &Value| e["type"] == "queue" && e["op"] == "add" && e["rev"] == ok["queue_rev"];
    socket.find(is_it).await.unwrap()["items"][0]["entry"].as_i64().unwrap()
}

pub(crate) fn api(path: &str) -> String {
    format!("/api/v1{path}")
}

/// A small picture.
pub(crate) fn picture() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(16, 16).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}
