//! A row over HTTP, asked: what it names is filled in, and what it would use up is made first.

use bytes::Bytes;
use hyper::Method;
use octave_testkit::api::{Account, Api, PASSWORD, Reply, song_form};
use octave_testkit::audio;
use serde_json::{Value, json};

use crate::ask::Came;
use crate::table::{Answer, Row};
use crate::world::{Person, Things, World, api, picture};

/// What a request is made of: the things that its path may name, and who asks.
struct Asked {
    asker: Api,
    stage: i64,
    things: Things,
    /// Whom it is about.
    username: String,
    code: String,
    playlist: i64,
}

/// Asks what the row says, as this person; whatever it changes of those to whom things are done is put right again.
pub(crate) async fn ask(world: &mut World, row: &Row, person: &Person, wanted: Answer) -> Came {
    let asked = prepare(world, row, person, wanted == Answer::Done).await;
    let came = Came::from(&send(world, row, &asked).await);
    if came == Came::Known(Answer::Done) && row.name.starts_with('P') {
        world.restore(row, &asked.username).await;
    }
    came
}

async fn prepare(world: &mut World, row: &Row, person: &Person, done: bool) -> Asked {
    let anonymous = Api::new(world.server.addr());
    let mut asked = Asked {
        asker: person.account.as_ref().map_or(anonymous, |account| account.api.clone()),
        stage: world.stage,
        things: world.things.clone(),
        username: subject(world, row, person),
        code: match row.words.as_str() {
            "for somebody else" => world.things.letter.clone(),
            "into another stage of the host's" => world.things.link_elsewhere.clone(),
            _ => world.things.link.clone(),
        },
        playlist: world.things.playlist,
    };
    if row.name.ends_with("/undo") {
        asked.things.log = logged(world, &row.words).await;
    } else if row.words == "somebody else's on a song of the host's" {
        asked.things.comment = made(&world.bob.api, &songs_comments(world.things.song)).await;
    } else if done && person.account.is_some() {
        uses_up(world, row, person, &mut asked).await;
    } else if row.words.ends_with("through one's own")
        && let Some(account) = person.account.as_ref().filter(|_| !person.is_guest())
    {
        asked.playlist = made(&account.api, &("/playlists".into(), json!({ "name": "Mine" }))).await;
    }
    asked
}

/// Whom a row is about.
fn subject(world: &World, row: &Row, person: &Person) -> String {
    match row.words.as_str() {
        "of a listener" => "lea",
        "of a moderator" | "the host's, to a moderator" => "moe",
        "of the host" | "the host" => &world.host.username,
        "one's own" if row.name.contains("/roles/") => person.name(),
        _ if row.name.starts_with("GET /users/") => "ana",
        _ => "bob",
    }
    .to_owned()
}

fn songs_comments(song: i64) -> (String, Value) {
    (format!("/songs/{song}/comments"), json!({ "body": "well" }))
}

/// Makes something, and answers its id.
async fn made(by: &Api, (path, body): &(String, Value)) -> i64 {
    let made = by.post(&api(path), body).await.unwrap().expect(201).unwrap();
    made["id"].as_i64().or(made["entry"].as_i64()).unwrap()
}

/// What will be gone afterwards is made for this alone.
async fn uses_up(world: &mut World, row: &Row, person: &Person, asked: &mut Asked) {
    let account = person.account.as_ref().unwrap();
    let (song, playlist) = (world.things.song, world.things.playlist);
    let ana = world.ana.api.clone();
    match (row.name.as_str(), row.words.as_str()) {
        ("DELETE /songs/{id}", _) => {
            let name = world.new_name("song");
            asked.things.song = ana.upload(&name, &audio::wav(330, 1_100)).await.unwrap()["id"].as_i64().unwrap();
        }
        ("DELETE /albums/{id}", _) => {
            let title = world.new_name("album");
            asked.things.album = made(&ana, &("/albums".into(), json!({ "title": title, "artist": "Miles" }))).await;
        }
        ("DELETE /playlists/{id}", words) => {
            let by = if words.is_empty() { &ana } else { &account.api };
            asked.playlist = made(by, &("/playlists".into(), json!({ "name": "Mine" }))).await;
        }
        ("DELETE /playlists/{id}/songs/{entry_id}", _) => {
            let entry = (format!("/playlists/{playlist}/songs"), json!({ "song_id": song }));
            asked.things.entry = made(&ana, &entry).await;
        }
        ("PATCH /comments/{id}" | "DELETE /comments/{id}", "one's own") => {
            // Of the library's, where nobody is blocked: an album of bob's.
            let title = world.new_name("album");
            let album = ("/albums".into(), json!({ "title": title, "artist": "Bob" }));
            let album = made(&world.bob.api, &album).await;
            let comment = (format!("/albums/{album}/comments"), json!({ "body": "well" }));
            asked.things.comment = made(&account.api, &comment).await;
        }
        ("DELETE /comments/{id}", _) => asked.things.comment = made(&ana, &songs_comments(song)).await,
        ("DELETE /auth/sessions/{id}", _) => {
            let sessions = log_in(world, account).await.get(&api("/auth/sessions")).await.unwrap().json();
            let current = sessions["items"].as_array().unwrap().iter().find(|s| s["current"] == true).unwrap();
            asked.things.session = current["id"].as_i64().unwrap();
        }
        ("POST /auth/logout", _) if person.is_guest() => asked.asker = world.guest(&["listen"]).await.api,
        ("POST /auth/logout", _) => asked.asker = log_in(world, account).await,
        ("POST /me/keep", _) => asked.asker = world.guest(&["listen"]).await.api,
        ("DELETE /stages/{id}/guest-links/{link_id}", _) => {
            let link = (format!("/stages/{}/guest-links", world.stage), json!({}));
            asked.things.guest_link = made(&world.host.api, &link).await;
        }
        ("DELETE /stages/{id}/guests/{user_id}", _) => asked.things.guest = world.guest(&["listen"]).await.id,
        ("DELETE /admin/invites/{id}", _) => {
            asked.things.account_invite = made(&account.api, &("/admin/invites".into(), json!({}))).await;
        }
        ("DELETE /admin/users/{username}", _) => {
            asked.username = world.new_name("leaver");
            Api::register(world.server.addr(), &asked.username).await.unwrap();
        }
        ("DELETE /admin/stages/{id}", _) => {
            asked.stage = world.bob.api.open_stage(&json!({ "name": "Nook" })).await.unwrap();
        }
        ("DELETE /stages/{id}", _) => asked.stage = account.api.open_stage(&json!({ "name": "Nook" })).await.unwrap(),
        ("DELETE /stages/{id}/invites/{invite_id}", words) => {
            let by = if words.is_empty() { &world.host.api } else { &account.api };
            asked.things.invite = made(by, &(format!("/stages/{}/invites", world.stage), json!({}))).await;
        }
        _ => {}
    }
}

/// One more login.
async fn log_in(world: &World, account: &Account) -> Api {
    let login = json!({ "login": account.username, "password": PASSWORD });
    let addr = world.server.addr();
    let reply = Api::new(addr).post(&api("/auth/login"), &login).await.unwrap().expect(200).unwrap();
    Api::signed_in(addr, reply["token"].as_str().unwrap())
}

/// Does something that the log tells of, and answers the entry.
async fn logged(world: &mut World, what: &str) -> i64 {
    match what {
        "a change of the stage" => {
            let name = world.new_name("Attic ");
            world.hosts("PATCH", "", json!({ "name": name })).await;
        }
        "a ban" => {
            world.hosts("DELETE", "/bans/lea", json!({})).await;
            world.hosts("PUT", "/bans/lea", json!({})).await;
        }
        _ => _ = world.queues().await,
    }
    let log = world.host.api.get(&world.path("/log?limit=1")).await.unwrap().expect(200).unwrap();
    log["items"][0]["id"].as_i64().unwrap()
}

async fn send(world: &mut World, row: &Row, asked: &Asked) -> Reply {
    let (method, template) = row.name.split_once(' ').unwrap();
    let path = api(&fill(template, asked));
    let method: Method = method.parse().unwrap();
    let (kind, body): (Option<String>, Bytes) = match row.name.as_str() {
        "PUT /me/avatar" | "PUT /albums/{id}/cover" | "PUT /playlists/{id}/cover" | "PUT /stages/{id}/cover" => {
            (None, picture().into())
        }
        "POST /songs" => {
            let (kind, body) = song_form("upload", &audio::wav(220, 1_100));
            (Some(kind), body)
        }
        _ if matches!(method, Method::GET) => (None, Bytes::new()),
        _ => match body(world, row, asked) {
            Value::Null => (None, Bytes::new()),
            body => (Some("application/json".into()), body.to_string().into()),
        },
    };
    asked.asker.send(method, &path, kind.as_deref(), body).await.unwrap()
}

/// The path, with what its parameters name.
fn fill(template: &str, asked: &Asked) -> String {
    let Asked { stage, things, username, code, playlist, .. } = asked;
    let parts: Vec<&str> = template.split('/').collect();
    let id = match (parts[1], parts.get(2).copied().unwrap_or_default()) {
        ("stages", _) | ("admin", "stages") => *stage,
        ("songs", _) => things.song,
        ("albums", _) => things.album,
        ("artists", _) => things.artist,
        ("comments", _) => things.comment,
        ("playlists", _) => *playlist,
        ("auth", "sessions") => things.session,
        ("admin", "invites") => things.account_invite,
        _ => 0,
    };
    let filled = template
        .replace("{id}", &id.to_string())
        .replace("{entry_id}", &things.entry.to_string())
        .replace("{entry}", &things.log.to_string())
        .replace("{playlist_id}", &things.playlist.to_string())
        .replace("{link_id}", &things.guest_link.to_string())
        .replace("{user_id}", &things.guest.to_string())
        .replace("{invite_id}", &things.invite.to_string())
        .replace("{username}", &username.replace(' ', "%20"))
        .replace("{code}", if parts[1] == "guest-links" { &things.guest_code } else { code })
        .replace("{name}", "Jazz");
    assert!(!filled.contains('{') && !filled.contains("/0/") && !filled.ends_with("/0"), "{template} is about nothing");
    match template {
        "/search" => "/search?q=what".into(),
        "/playlists/{id}/export" => format!("{filled}?format=jspf"),
        _ => filled,
    }
}

fn body(world: &mut World, row: &Row, asked: &Asked) -> Value {
    match row.name.as_str() {
        "POST /auth/login" => json!({ "login": "bob", "password": PASSWORD }),
        "POST /auth/register" => {
            let name = world.new_name("newcomer");
            json!({ "username": name, "email": format!("{name}@example.org"), "password": PASSWORD })
        }
        "POST /me/keep" => {
            let name = world.new_name("kept");
            json!({ "username": name, "email": format!("{name}@example.org"), "password": PASSWORD })
        }
        "POST /guest-links/{code}/enter" => json!({ "name": "Gus" }),
        "PATCH /me" => json!({ "bio": "I listen." }),
        "DELETE /me" => json!({ "current_password": PASSWORD }),
        "PUT /me/push" => json!({
            "endpoint": format!("https://push.example.org/{}", world.new_name("device")),
            "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
            "auth": "BTBZMqHH6r4Tts7J_aSIgg",
        }),
        "POST /notifications/read" => json!({ "up_to": 0 }),
        "PATCH /notifications/settings" => json!({ "comment": true }),
        "PATCH /songs/{id}" => json!({ "title": "So What" }),
        "PATCH /albums/{id}" => json!({ "description": "above" }),
        "POST /albums" => json!({ "title": world.new_name("album"), "artist": "Miles" }),
        "POST /playlists" | "PATCH /playlists/{id}" => json!({ "name": "Evening" }),
        "POST /playlists/import" => json!({ "playlist": { "title": "Brought", "track": [] } }),
        "POST /playlists/{id}/songs" => json!({ "song_id": asked.things.song }),
        "PATCH /playlists/{id}/songs/{entry_id}" => json!({ "position": 0 }),
        "POST /songs/{id}/comments" | "POST /albums/{id}/comments" | "PATCH /comments/{id}" => {
            json!({ "body": "well" })
        }
        "POST /stages" => json!({ "name": "Nook" }),
        "PATCH /stages/{id}" => json!({ "name": "Attic" }),
        "POST /stages/{id}/log/playlist" => json!({ "name": "What played" }),
        "PUT /stages/{id}/roles/{username}" => json!({ "role": role(&row.words) }),
        "POST /stages/{id}/invites"
        | "POST /stages/{id}/guest-links"
        | "PUT /stages/{id}/mutes/{username}"
        | "POST /admin/invites"
        | "PATCH /admin/users/{username}" => json!({}),
        _ => Value::Null,
    }
}

/// Another than they have.
fn role(words: &str) -> &'static str {
    match words {
        "one's own" | "the host's, to a moderator" => "host",
        "of the host" => "listener",
        _ => "dj",
    }
}
