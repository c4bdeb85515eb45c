//! What was acknowledged survives `kill -9`, once and in order. `scripts/figures` does the same for longer.

use octave_testkit::kill::{Blow, Plan, run};
use octave_testkit::server::Options;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_or_doubled_by_kill_9() {
    let data = tempfile::tempdir().expect("a temporary folder");
    let options = Options::new(env!("CARGO_BIN_EXE_octave"), data.path());
    let plan = Plan { rounds: 5, writers: 6, lines_per_round: 300 };
    let report = run(options, plan, &Blow::Kill).await.expect("the rounds run through");
    println!("{report:?}");
    assert_eq!((report.lost, report.doubled, report.disordered), (0, 0, 0), "{report:?}");
    assert_eq!(report.blows, plan.rounds);
    assert!(report.acknowledged >= 1_500, "{report:?}");
}
