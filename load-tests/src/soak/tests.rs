use super::*;

fn sample(minutes: u64, resident: u64) -> Sample {
    Sample { at: Duration::from_mins(minutes), resident, ..Sample::default() }
}

#[test]
fn the_slope_is_that_of_the_line() {
    let steady: Vec<_> = (0..10).map(|m| sample(m, 5_000)).collect();
    assert!(samples::slope(&steady, SLOPE_OVER).abs() < 1.0);
    let grows: Vec<_> = (0..10).map(|m| sample(m, 5_000 + m * 100)).collect();
    assert!((samples::slope(&grows, SLOPE_OVER) - 1_000.0).abs() < 1.0);
    let one_jump: Vec<_> = (0..60).map(|m| sample(m, if m < 1 { 0 } else { 5_000 })).collect();
    assert!(samples::slope(&one_jump, SLOPE_OVER) < 500.0);
}

#[test]
fn what_is_left_behind_is_named() {
    let base = Sample { descriptors: 20, tasks: 10, ..Sample::default() };
    assert!(left_behind(base, Sample { descriptors: 20 + SLACK, ..base }).is_empty());
    let found = left_behind(base, Sample { descriptors: 30, tasks: 40, sockets: 1, stages: 1, ..base });
    assert_eq!(found.len(), 4, "{found:?}");
}
