//! Everybody is asked every row: at once, and where it is the stage's, at each visibility.

use octave_testkit::api::Api;
use octave_testkit::socket::Socket;
use serde_json::json;

use crate::ask::Came;
use crate::table::{Answer, Door, Row, Tables, VISIBILITIES};
use crate::world::{Person, World};
use crate::{frames, requests};

/// What was answered otherwise than the tables say.
#[derive(Debug, Default)]
pub(crate) struct Wrong(Vec<String>);

impl Wrong {
    pub(crate) fn unless(&mut self, came: &Came, wanted: Answer, what: impl FnOnce() -> String) {
        if *came != Came::Known(wanted) {
            self.0.push(format!("{}: {wanted:?} is wanted, {came} came", what()));
        }
    }

    pub(crate) fn nothing(self) {
        let shown: Vec<_> = self.0.iter().take(40).collect();
        assert!(shown.is_empty(), "{} answers are not as the tables say: {shown:#?}", self.0.len());
    }
}

pub(crate) async fn hold(world: &mut World) {
    let tables = Tables::read();
    let mut people = Vec::new();
    for who in &tables.columns {
        people.push(person(world, who).await);
    }
    let mut wrong = Wrong::default();
    let is_last = |row: &&Row| row.name == "DELETE /me";
    for row in tables.requests.iter().filter(|row| !row.is_of_stage() && !is_last(row)) {
        for person in &mut people {
            is_asked(world, row, person, None, &mut wrong).await;
        }
        breathe(world, &mut people).await;
    }
    for visibility in [0, 2, 1] {
        world.shows_to(visibility).await;
        for nth in 0..people.len() {
            of_stage(world, &tables, &mut people[nth], visibility, &mut wrong).await;
            come_again(world, &mut people).await;
            breathe(world, &mut people).await;
        }
    }
    // The host at last, with whom the stage ends.
    people.sort_by_key(|person| person.standing == "host");
    for row in tables.requests.iter().filter(is_last) {
        for person in &mut people {
            is_asked(world, row, person, None, &mut wrong).await;
        }
    }
    wrong.nothing();
}

/// Guests may have been sent home by who may.
async fn come_again(world: &World, people: &mut [Person]) {
    for guest in people.iter_mut().filter(|person| person.is_guest()) {
        if guest.account.as_ref().unwrap().api.get("/api/v1/me").await.unwrap().status == 401 {
            *guest = self::guest(world, &guest.standing).await;
        }
    }
}

/// Connections that are not read do not answer whether they are there.
pub(crate) async fn breathe(world: &mut World, people: &mut [Person]) {
    let sockets = people.iter_mut().filter_map(|person| person.socket.as_mut());
    for socket in sockets.chain([&mut world.keeper]) {
        socket.settle().await.unwrap();
        socket.forget();
    }
}

/// Everything that is asked of the stage, at this visibility.
pub(crate) async fn of_stage(
    world: &mut World,
    tables: &Tables,
    person: &mut Person,
    visibility: usize,
    wrong: &mut Wrong,
) {
    world.is_run(frames::setting("")).await;
    for row in tables.requests.iter().filter(|row| row.is_of_stage()) {
        let is_elsewhere = if visibility == 0 { "where it is closed" } else { "where it is public" };
        if !row.words.ends_with(is_elsewhere) {
            let door = tables.door(&person.standing, visibility);
            is_asked(world, row, person, Some((door, visibility)), wrong).await;
        }
    }
    for row in &tables.frames {
        let door = tables.door(&person.standing, visibility);
        is_asked_by_socket(world, row, person, (door, visibility), wrong).await;
    }
    world.keeper.settle().await.unwrap();
    world.keeper.forget();
}

/// Everything that is for administrators.
pub(crate) async fn of_administration(world: &mut World, tables: &Tables, person: &mut Person, wrong: &mut Wrong) {
    for row in tables.requests.iter().filter(|row| row.name.contains(" /admin/")) {
        is_asked(world, row, person, None, wrong).await;
    }
}

async fn is_asked(world: &mut World, row: &Row, person: &mut Person, at: Option<(Door, usize)>, wrong: &mut Wrong) {
    let Some(said) = row.to(column(&person.standing)) else { return };
    let wanted = match at {
        Some((Door::Hidden, _)) if said != Answer::Unauthenticated => Answer::Missing,
        _ => said,
    };
    let came = requests::ask(world, row, person, wanted).await;
    wrong.unless(&came, wanted, || told(row, person, at.map(|(_, visibility)| visibility)));
}

async fn is_asked_by_socket(
    world: &mut World,
    row: &Row,
    person: &mut Person,
    (door, visibility): (Door, usize),
    wrong: &mut Wrong,
) {
    let Some(said) = row.to(column(&person.standing)) else { return };
    let is_hidden = row.name == "join" && door == Door::Hidden && said != Answer::Closed;
    let wanted = if is_hidden { Answer::Missing } else { said };
    let came = frames::ask(world, row, person, wanted).await;
    wrong.unless(&came, wanted, || told(row, person, Some(visibility)));
    if let Some(socket) = &mut person.socket {
        socket.forget();
    }
}

fn told(row: &Row, person: &Person, visibility: Option<usize>) -> String {
    let stage = visibility.map(|at| format!(", the stage is {}", VISIBILITIES[at])).unwrap_or_default();
    format!("{row}, asked by {}{stage}", person.standing)
}

/// The column of those who have none of their own: nothing but their door is another.
fn column(standing: &str) -> &str {
    match standing {
        "friend" | "former friend" | "former dj" | "invited" | "blocker" => "visitor",
        "banned dj" => "banned",
        "blocked dj" => "blocked",
        other => other,
    }
}

/// Somebody who is this to the stage.
pub(crate) async fn person(world: &mut World, standing: &str) -> Person {
    let mut person = match standing {
        "anonymous" => Person { standing: String::new(), account: None, socket: None },
        "host" => known(world, &world.ana.clone()).await,
        "admin" => known(world, &world.admin.clone()).await,
        "guest" | "guest who listens" => return guest(world, standing).await,
        _ => world.somebody().await,
    };
    standing.clone_into(&mut person.standing);
    if !["anonymous", "admin", "stranger"].contains(&standing) {
        enters(world, &mut person).await;
        becomes(world, &mut person, standing).await;
    }
    person
}

/// A guest in the stage, by a link of their own.
async fn guest(world: &World, standing: &str) -> Person {
    let rights: &[&str] = if standing == "guest" { &["listen", "chat", "add", "vote"] } else { &["listen"] };
    let mut person = known(world, &world.guest(rights).await).await;
    standing.clone_into(&mut person.standing);
    enters(world, &mut person).await;
    person
}

async fn known(world: &World, account: &octave_testkit::api::Account) -> Person {
    let (socket, _) = Socket::connect(world.server.addr(), &account.token).await.unwrap();
    Person { standing: String::new(), account: Some(account.clone()), socket: Some(socket) }
}

pub(crate) async fn enters(world: &World, person: &mut Person) {
    person.socket().join(world.stage, None).await.unwrap();
}

pub(crate) async fn leaves(world: &World, person: &mut Person) {
    let answer = person.socket().request(json!({ "type": "leave", "stage": world.stage })).await.unwrap();
    assert_eq!(answer["type"], "ok", "{answer}");
}

/// What the words say of somebody comes about.
async fn becomes(world: &mut World, person: &mut Person, standing: &str) {
    let name = person.name().to_owned();
    let account = person.account.clone().unwrap();
    if standing.ends_with("dj") {
        world.hosts("PUT", &format!("/roles/{name}"), json!({ "role": "dj" })).await;
    }
    match standing {
        "moderator" => world.hosts("PUT", &format!("/roles/{name}"), json!({ "role": "moderator" })).await,
        "former dj" => {
            world.hosts("PUT", &format!("/roles/{name}"), json!({ "role": "listener" })).await;
            leaves(world, person).await;
        }
        "muted" => world.hosts("PUT", &format!("/mutes/{name}"), json!({})).await,
        "banned" | "banned dj" => world.hosts("PUT", &format!("/bans/{name}"), json!({})).await,
        "blocked" | "blocked dj" => {
            befriend(&world.host.api, "ana", &account.api, &name).await;
            put(&world.host.api, &format!("/blocks/{name}")).await;
        }
        "blocker" => {
            befriend(&world.host.api, "ana", &account.api, &name).await;
            leaves(world, person).await;
            put(&account.api, "/blocks/ana").await;
        }
        "friend" => {
            befriend(&world.host.api, "ana", &account.api, &name).await;
            leaves(world, person).await;
        }
        "former friend" => {
            befriend(&world.host.api, "ana", &account.api, &name).await;
            let path = format!("/api/v1/friends/{name}");
            world.host.api.delete(&path).await.unwrap().expect(204).unwrap();
            leaves(world, person).await;
        }
        "invited" => {
            invites(world, person).await;
            leaves(world, person).await;
        }
        "visitor" => leaves(world, person).await,
        "listener" | "dj" | "host" => {}
        other => panic!("how does one become {other}?"),
    }
}

pub(crate) async fn put(api: &Api, path: &str) {
    let reply = api.put(&format!("/api/v1{path}"), &json!({})).await.unwrap();
    assert!(reply.status < 300, "PUT {path}: {}", reply.json());
}

pub(crate) async fn befriend(one: &Api, name_of_one: &str, other: &Api, name_of_other: &str) {
    put(one, &format!("/friends/{name_of_other}")).await;
    put(other, &format!("/friends/{name_of_one}")).await;
}

/// The host invites somebody, who accepts.
pub(crate) async fn invites(world: &World, person: &Person) {
    let letter = json!({ "username": person.name() });
    let made = world.host.api.post(&world.path("/invites"), &letter).await.unwrap().expect(201).unwrap();
    let accept = format!("/api/v1/invites/{}/accept", made["code"].as_str().unwrap());
    person.account.as_ref().unwrap().api.post(&accept, &json!({})).await.unwrap().expect(200).unwrap();
}
