//! What was acknowledged survives `kill -9`, once and in order. `scripts/figures` does the same for longer.

#![expect(clippy::unwrap_used, reason = "a failed assumption is a failed test")]

mod place;

use octave_testkit::kill::{Blow, Plan, run};
use place::Place;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_or_doubled_by_kill_9_on_sqlite() {
    nothing_is_lost_or_doubled(Place::on_sqlite()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_or_doubled_by_kill_9_on_postgres() {
    nothing_is_lost_or_doubled(Place::on_postgres().await).await;
}

async fn nothing_is_lost_or_doubled(place: Place) {
    let plan = Plan { rounds: 5, writers: 6, lines_per_round: 300 };
    let report = run(place.options(), plan, &Blow::Kill).await.expect("the rounds run through");
    println!("{report:?}");
    assert_eq!((report.lost, report.doubled, report.disordered), (0, 0, 0), "{report:?}");
    assert_eq!(report.blows, plan.rounds);
    assert!(report.acknowledged >= 1_500, "{report:?}");
}
