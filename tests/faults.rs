//! What a server must survive, as far as it needs neither root nor many minutes. `scripts/figures` tries more, and harder.

use std::path::Path;

use anyhow::Result;
use octave_testkit::faults::{Figure, backup, clock, half_open};
use octave_testkit::kill::{Blow, Plan, run};
use octave_testkit::server::Options;

fn options(data: &Path) -> Options {
    Options::new(env!("CARGO_BIN_EXE_octave"), data.join("data"))
}

fn all_met(figures: Result<Vec<Figure>>) {
    let figures = figures.expect("the exercise runs through");
    for figure in &figures {
        println!("{figure}");
    }
    assert!(!figures.is_empty() && figures.iter().all(Figure::met), "{figures:#?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_sent_away_by_a_new_version_is_told_and_loses_nothing() {
    let data = tempfile::tempdir().expect("a temporary folder");
    let plan = Plan { rounds: 4, writers: 6, lines_per_round: 300 };
    let report = run(options(data.path()), plan, &Blow::Stop).await.expect("the rounds run through");
    assert_eq!((report.lost, report.doubled, report.disordered), (0, 0, 0), "{report:?}");
    assert_eq!((report.told, report.sent_away), (24, 24), "{report:?}");
}

#[tokio::test]
async fn a_backup_made_while_people_talk_holds_what_was_acknowledged() {
    let data = tempfile::tempdir().expect("a temporary folder");
    all_met(backup::run(options(data.path()), data.path()).await);
}

#[tokio::test]
async fn a_dead_line_is_noticed_and_its_listener_misses_nothing() {
    let data = tempfile::tempdir().expect("a temporary folder");
    all_met(half_open::run(options(data.path())).await);
}

#[tokio::test]
async fn a_song_stays_where_it_is_while_the_process_stands_still() {
    let data = tempfile::tempdir().expect("a temporary folder");
    all_met(clock::frozen(options(data.path())).await);
}
