//! Who may do what: the tables of `docs/AUTHORIZATION.md`, asked of the real program, line by line.
//!
//! The document is the only source. [`table`] reads it, [`world`] makes everybody that it speaks of, [`requests`] and
//! [`frames`] ask what a row says, [`story`] goes through the changes, [`doors`] looks where a stage is listed, and
//! [`races`] has two things happen at once.

#![expect(clippy::unwrap_used, reason = "a failed assumption is a failed test")]

mod ask;
mod doors;
mod frames;
#[path = "../place/mod.rs"]
mod place;
mod races;
mod requests;
mod rows;
mod story;
mod table;
mod world;

use std::collections::BTreeSet;

use place::Place;
use serde_json::Value;
use table::Tables;
use world::World;

/// What the documents of the interface say that there is, as rows name it: operations, and frames with their actions.
fn all_there_is() -> BTreeSet<String> {
    let document: Value = serde_json::from_str(include_str!("../../protocol/openapi.json")).unwrap();
    let mut all = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let path = path.strip_prefix("/api/v1").unwrap();
        all.extend(item.as_object().unwrap().keys().map(|method| format!("{} {path}", method.to_uppercase())));
    }
    let schema: Value = serde_json::from_str(include_str!("../../protocol/schema/client-frame.json")).unwrap();
    for frame in schema["oneOf"].as_array().unwrap() {
        let fields = &frame["properties"];
        let kind = fields["type"]["const"].as_str().unwrap();
        match fields["action"]["$ref"].as_str().map(|target| schema.pointer(&target[1..]).unwrap()) {
            Some(actions) => all.extend(words(&actions["enum"]).map(|action| format!("{kind} {action}"))),
            None => _ = all.insert(kind.to_owned()),
        }
    }
    assert!(all.len() > 100, "{all:?}");
    all
}

fn words(list: &Value) -> impl Iterator<Item = &str> {
    list.as_array().unwrap().iter().map(|word| word.as_str().unwrap())
}

#[test]
fn every_operation_and_every_frame_has_its_row() {
    let tables = Tables::read();
    let rows: BTreeSet<String> = tables.requests.iter().chain(&tables.frames).flat_map(table::Row::names).collect();
    let there_is = all_there_is();
    let without: Vec<_> = there_is.difference(&rows).collect();
    assert!(without.is_empty(), "without a row in {}: {without:#?}", table::DOCUMENT);
    let unknown: Vec<_> = rows.difference(&there_is).collect();
    assert!(unknown.is_empty(), "rows of {} that name nothing: {unknown:#?}", table::DOCUMENT);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_is_answered_as_the_tables_say_on_sqlite() {
    rows::hold(&mut World::new(Place::on_sqlite()).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_is_answered_as_the_tables_say_on_postgres() {
    rows::hold(&mut World::new(Place::on_postgres().await).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_changes_is_at_once_what_they_are_then_on_sqlite() {
    story::holds(&mut World::new(Place::on_sqlite()).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_changes_is_at_once_what_they_are_then_on_postgres() {
    story::holds(&mut World::new(Place::on_postgres().await).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stage_is_found_by_those_alone_to_whom_it_is_open_on_sqlite() {
    doors::hold(&mut World::new(Place::on_sqlite()).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stage_is_found_by_those_alone_to_whom_it_is_open_on_postgres() {
    doors::hold(&mut World::new(Place::on_postgres().await).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_happens_at_once_leaves_no_right_behind_on_sqlite() {
    races::hold(&mut World::new(Place::on_sqlite()).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_happens_at_once_leaves_no_right_behind_on_postgres() {
    races::hold(&mut World::new(Place::on_postgres().await).await).await;
}
