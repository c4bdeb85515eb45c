//! Where a stage is found: in lists, in the search, where it is counted and where presence tells of it, by those alone to
//! whom it is open.

use serde_json::Value;

use crate::rows::{self, leaves};
use crate::table::{Door, Tables, VISIBILITIES};
use crate::world::{Person, World, api};

pub(crate) async fn hold(world: &mut World) {
    let tables = Tables::read();
    let mut people = Vec::new();
    for who in tables.everybody() {
        people.push(rows::person(world, who).await);
    }
    for visibility in [0, 2, 1, 0, 1, 2, 0] {
        world.shows_to(visibility).await;
        rows::breathe(world, &mut people).await;
        for person in &people {
            let is_open = tables.door(&person.standing, visibility) == Door::In;
            let told = format!("{} in a stage that is {}", person.standing, VISIBILITIES[visibility]);
            for (place, is_there) in finds(world, person, visibility, &told).await {
                assert_eq!(is_there, is_open, "{place}, to {told}");
            }
        }
    }
    for person in people.iter_mut().filter(|person| person.standing == "listener") {
        leaves(world, person).await;
    }
}

/// Where the stage stands, and where it does not.
async fn finds(world: &World, person: &Person, visibility: usize, told: &str) -> Vec<(&'static str, bool)> {
    let anonymous = octave_testkit::api::Api::new(world.server.addr());
    let asks = person.account.as_ref().map_or(&anonymous, |account| &account.api);
    let get = async |path: &str| asks.get(&api(path)).await.unwrap();
    let is_there = |list: &Value| list.as_array().unwrap().iter().any(|s| *s == world.stage || s["id"] == world.stage);
    let listed = get("/stages?q=attic").await.expect(200).unwrap();
    let found = get("/search?kind=stages&q=attic").await.expect(200).unwrap();
    let genre = get("/genres/Attic%20music").await.json();
    let genres = get("/genres").await.expect(200).unwrap();
    let named = genres["items"].as_array().unwrap().iter().find(|g| g["name"] == "Attic music");
    let profile = get("/users/ana").await.expect(200).unwrap();
    let mut places = vec![
        ("the list", is_there(&listed["items"])),
        ("the search", is_there(&found["stages"])),
        ("the genre", genre["live_stages"].is_array() && is_there(&genre["live_stages"])),
        ("the genres", named.is_some_and(|genre| genre["live_stages_count"] == 1)),
    ];
    if visibility == 0 {
        places.push(("the host's profile", profile["stage"]["id"] == world.stage));
    } else {
        assert!(profile["stage"].is_null(), "only a public stage stands in a profile, to {told}");
    }
    if person.standing == "friend" {
        let friends = get("/friends").await.expect(200).unwrap();
        places.push(("the friend's presence", friends["items"][0]["stage"] == world.stage));
    }
    places
}
