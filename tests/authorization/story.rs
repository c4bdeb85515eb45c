//! One person to whom everything happens, line by line: before each change they are the one, after it the other.

use std::collections::HashSet;

use serde_json::json;

use crate::ask::Came;
use crate::frames;
use crate::rows::{self, Wrong, befriend, enters, invites, leaves, put};
use crate::table::{Answer, Door, Tables, VISIBILITIES};
use crate::world::{Person, World};

pub(crate) async fn holds(world: &mut World) {
    let tables = Tables::read();
    let mut person = world.somebody().await;
    let (mut wrong, mut seen) = (Wrong::default(), HashSet::new());
    for (what, then) in &tables.story {
        let change = (person.standing.clone(), what, then);
        happens(world, &mut person, what).await;
        then.clone_into(&mut person.standing);
        for visibility in [1, 2, 0] {
            world.shows_to(visibility).await;
            let wanted = match tables.door(then, visibility) {
                Door::In => Answer::Done,
                Door::Hidden => Answer::Missing,
                Door::Banned => Answer::Banned,
            };
            let told = |by: &str| format!("{what}: the {} stage {by}, to who is {then}", VISIBILITIES[visibility]);
            let account = person.account.as_ref().unwrap();
            let read = Came::from(&account.api.get(&world.path("")).await.unwrap());
            wrong.unless(&read, wanted, || told("over HTTP"));
            wrong.unless(&frames::comes(world, &person).await, wanted, || told("by the socket"));
        }
        // The same once more is only looked at.
        if seen.insert(change) {
            rows::of_stage(world, &tables, &mut person, 0, &mut wrong).await;
            rows::of_administration(world, &tables, &mut person, &mut wrong).await;
        }
        person.socket().forget();
    }
    wrong.nothing();
}

async fn happens(world: &mut World, person: &mut Person, what: &str) {
    let name = person.name().to_owned();
    let theirs = person.account.clone().unwrap();
    let role = what.split('`').nth(1);
    match (what, role) {
        ("they come to the server", _) => {}
        ("they enter", _) => enters(world, person).await,
        ("they leave", _) => leaves(world, person).await,
        (_, Some(role)) => world.hosts("PUT", &format!("/roles/{name}"), json!({ "role": role })).await,
        ("an administrator makes them one" | "an administrator unmakes them one", _) => {
            let (path, makes) = (format!("/api/v1/admin/users/{name}"), what.contains(" makes "));
            world.admin.api.patch(&path, &json!({ "is_admin": makes })).await.unwrap().expect(200).unwrap();
        }
        ("the host mutes them", _) => world.hosts("PUT", &format!("/mutes/{name}"), json!({})).await,
        ("the host lets them speak", _) => world.hosts("DELETE", &format!("/mutes/{name}"), json!({})).await,
        ("the host kicks them", _) => {
            world.hosts("POST", &format!("/kicks/{name}"), json!({})).await;
            is_out(person).await;
        }
        ("the host bans them", _) => world.hosts("PUT", &format!("/bans/{name}"), json!({})).await,
        ("the host lifts the ban", _) => world.hosts("DELETE", &format!("/bans/{name}"), json!({})).await,
        ("the host invites them", _) => invites(world, person).await,
        ("the host and they become friends", _) => {
            befriend(&world.host.api, &world.host.username, &theirs.api, &name).await;
        }
        ("the friendship ends", _) => {
            let path = format!("/api/v1/friends/{name}");
            world.host.api.delete(&path).await.unwrap().expect(204).unwrap();
        }
        ("the host blocks them", _) => put(&world.host.api, &format!("/blocks/{name}")).await,
        ("the host lifts the block" | "the host lifts the block, they enter", _) => {
            let path = format!("/api/v1/blocks/{name}");
            world.host.api.delete(&path).await.unwrap().expect(204).unwrap();
            if what.ends_with("they enter") {
                enters(world, person).await;
            }
        }
        ("the host hands the stage over to them", _) => {
            world.hosts("PUT", &format!("/roles/{name}"), json!({ "role": "host" })).await;
            world.host = theirs;
        }
        ("they hand the stage back", _) => {
            world.hosts("PUT", "/roles/ana", json!({ "role": "host" })).await;
            world.host = world.ana.clone();
        }
        (other, _) => panic!("what is it that {other}?"),
    }
}

/// Whoever was removed is told.
async fn is_out(person: &mut Person) {
    person.socket().event("removed").await.unwrap();
}
