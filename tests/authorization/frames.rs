//! A row of the socket, asked.

use octave_testkit::api::PASSWORD;
use octave_testkit::socket::Socket;
use serde_json::{Value, json};

use crate::ask::Came;
use crate::table::{Answer, Row};
use crate::world::{Person, World, queues};

/// Frames that are told and not answered.
const TOLD: [&str; 6] = ["ready", "buffering", "device", "stat", "react", "typing"];

/// Asks each action of the row, as this person; the first answer that is not the wanted one, if there is any.
pub(crate) async fn ask(world: &mut World, row: &Row, person: &mut Person, wanted: Answer) -> Came {
    world.is_run(setting(&row.words)).await;
    let none = [String::new()];
    let actions = if row.actions.is_empty() { &none[..] } else { &row.actions };
    for action in actions {
        let came = match (row.name.as_str(), person.account.is_some()) {
            ("hello", true) => hello(world, person).await,
            (_, false) => as_nobody(world, row, action).await,
            _ => as_somebody(world, row, action, person, wanted).await,
        };
        if came != Came::Known(wanted) {
            return came;
        }
    }
    Came::Known(wanted)
}

/// How the stage is run where a row is asked.
pub(crate) fn setting(words: &str) -> Value {
    let control = if words.contains("where djs steer") {
        "djs"
    } else if words.contains("where everyone steers") {
        "everyone"
    } else {
        "host"
    };
    let adding = if words.contains("everyone adds") { "everyone" } else { "control" };
    json!({ "control": control, "adding": adding })
}

async fn hello(world: &World, person: &Person) -> Came {
    let mut socket = Socket::dial(world.server.addr(), &[]).await.unwrap();
    let token = &person.account.as_ref().unwrap().token;
    socket.send(&json!({ "type": "hello", "token": token })).await.unwrap();
    let came = Came::from(&socket.event("welcome").await.unwrap());
    socket.close().await.unwrap();
    came
}

/// A connection that nobody has logged in by.
async fn as_nobody(world: &mut World, row: &Row, action: &str) -> Came {
    let mut socket = Socket::dial(world.server.addr(), &[]).await.unwrap();
    let mut frame = about(world, &row.name, action, 1);
    if row.name == "hello" {
        frame = json!({ "type": "hello", "token": PASSWORD });
    } else if !TOLD.contains(&row.name.as_str()) {
        frame["id"] = 1.into();
    }
    socket.send(&frame).await.unwrap();
    match socket.closed().await {
        Ok(4401) => Came::Known(Answer::Closed),
        other => Came::Other(format!("{other:?}")),
    }
}

async fn as_somebody(world: &mut World, row: &Row, action: &str, person: &mut Person, wanted: Answer) -> Came {
    let is_in = matches!(wanted, Answer::Done | Answer::Forbidden);
    let what = if is_in { needed(world, row, action, person).await } else { 1 };
    let frame = about(world, &row.name, action, what);
    match row.name.as_str() {
        "join" => return comes(world, person).await,
        "leave" => return goes(world, person, is_in).await,
        _ => {}
    }
    if TOLD.contains(&row.name.as_str()) {
        return tells(world, &row.name, &frame, person, wanted).await;
    }
    Came::from(&person.socket().request(frame).await.unwrap())
}

/// What is not answered. Who is not in is told so by a frame that answers nothing; who was removed may be told nothing,
/// and nobody hears of it.
async fn tells(world: &mut World, name: &str, frame: &Value, person: &mut Person, wanted: Answer) -> Came {
    let is_in = matches!(wanted, Answer::Done | Answer::Forbidden);
    let id = person.account.as_ref().unwrap().id;
    let socket = person.socket();
    socket.forget();
    socket.send(frame).await.unwrap();
    // What is refused is told before the next answer, which does not overtake as that to a ping does.
    socket.request(json!({ "type": "unwatch", "song": world.things.song })).await.unwrap();
    let refusal = socket.unheard().find(|frame| frame["type"] == "error").cloned();
    let was_heard = match name {
        "react" => is_heard(world, |e| e["type"] == "reaction" && e["emoji"] == frame["emoji"]).await,
        "typing" => {
            is_heard(world, |e| e["type"] == "typing" && e["users"].as_array().unwrap().iter().any(|u| u["id"] == id))
                .await
        }
        _ => false,
    };
    match refusal {
        Some(refusal) => Came::from(&refusal),
        // It comes to nothing.
        None if wanted == Answer::Forbidden && !was_heard => Came::Known(Answer::Forbidden),
        None if is_in && (was_heard || name != "react") => Came::Known(Answer::Done),
        None if !is_in && !was_heard => Came::Known(Answer::Out),
        None => Came::Other(format!("heard: {was_heard}")),
    }
}

/// Whether those in the stage have seen this. They see ana's reaction, which comes after it.
async fn is_heard(world: &mut World, wanted: impl Fn(&Value) -> bool) -> bool {
    let last = json!({ "type": "react", "stage": world.stage, "emoji": "\u{1f941}" });
    world.keeper.send(&last).await.unwrap();
    world.keeper.find(|e| e["type"] == "reaction" && e["emoji"] == last["emoji"]).await.unwrap();
    let was_heard = world.keeper.unheard().any(wanted);
    world.keeper.forget();
    was_heard
}

/// In by a further connection, and out again, so that they stay what they are.
pub(crate) async fn comes(world: &World, person: &Person) -> Came {
    let mut socket = further(world, person).await;
    let joined = Came::from(&socket.request(json!({ "type": "join", "stage": world.stage })).await.unwrap());
    if joined == Came::Known(Answer::Done) {
        socket.request(json!({ "type": "leave", "stage": world.stage })).await.unwrap();
    }
    socket.close().await.unwrap();
    joined
}

/// Out by a further connection, which is in before if they are.
async fn goes(world: &World, person: &Person, is_in: bool) -> Came {
    let mut socket = further(world, person).await;
    if is_in {
        socket.join(world.stage, None).await.unwrap();
    }
    let left = socket.request(json!({ "type": "leave", "stage": world.stage })).await.unwrap();
    socket.close().await.unwrap();
    Came::from(&left)
}

async fn further(world: &World, person: &Person) -> Socket {
    Socket::connect(world.server.addr(), &person.account.as_ref().unwrap().token).await.unwrap().0
}

/// What has to be there so that the frame can be done: a line, an entry, a song that plays.
async fn needed(world: &mut World, row: &Row, action: &str, person: &mut Person) -> i64 {
    let (stage, song) = (world.stage, world.things.song);
    let is_own = row.words.starts_with("one's own");
    let line = json!({ "type": "chat", "stage": stage, "text": "well" });
    match (row.name.as_str(), action) {
        ("edit_chat" | "delete_chat", _) => {
            let ack = match is_own {
                true if person.standing == "muted" => says_before(world, person, line).await,
                true => person.socket().request(line).await.unwrap(),
                false => world.keeps(line).await,
            };
            ack["seq"].as_i64().unwrap()
        }
        ("queue", "remove") if is_own => {
            world.is_run(json!({ "adding": "everyone" })).await;
            let entry = queues(person.socket(), stage, song).await;
            world.is_run(setting(&row.words)).await;
            entry
        }
        ("queue", "accept" | "decline") => world.is_suggested().await,
        ("queue", "remove" | "move" | "vote") => world.queues().await,
        ("control" | "skip_vote" | "shuffle_rest", _) => {
            world.plays().await;
            1
        }
        _ => 1,
    }
}

/// They are let speak for one line.
async fn says_before(world: &World, person: &mut Person, line: Value) -> Value {
    let mute = format!("/mutes/{}", person.name());
    world.hosts("DELETE", &mute, json!({})).await;
    let ack = person.socket().request(line).await.unwrap();
    world.hosts("PUT", &mute, json!({})).await;
    ack
}

fn about(world: &World, name: &str, action: &str, what: i64) -> Value {
    let mut frame = match name {
        "watch" | "unwatch" => json!({ "song": world.things.song }),
        "chat" => json!({ "text": "well" }),
        "edit_chat" => json!({ "seq": what, "text": "well, well" }),
        "delete_chat" => json!({ "seq": what }),
        "control" => control(action),
        "queue" => queue(world, action, what),
        "ready" | "buffering" => json!({ "timeline_rev": 1 }),
        "device" => json!({ "remote": false }),
        "stat" => json!({ "error_us": 0, "offset_sd_us": 100, "rtt_us": 900 }),
        "react" => json!({ "emoji": "👏" }),
        _ => json!({}),
    };
    frame["type"] = name.into();
    if !["ping", "watch", "unwatch", "hello"].contains(&name) {
        frame["stage"] = world.stage.into();
    }
    frame
}

fn control(action: &str) -> Value {
    match action {
        "seek" => json!({ "action": action, "position_us": 1_000_000 }),
        _ => json!({ "action": action }),
    }
}

fn queue(world: &World, action: &str, entry: i64) -> Value {
    match action {
        "add" | "suggest" => json!({ "action": action, "song": world.things.song }),
        "move" => json!({ "action": action, "entry": entry, "position": 0 }),
        "remove" | "vote" | "accept" | "decline" => json!({ "action": action, "entry": entry }),
        "mode" => json!({ "action": action, "repeat": "all" }),
        _ => json!({ "action": action }),
    }
}
