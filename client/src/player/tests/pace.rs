use crate::player::pace::{Pace, pace_of};

/// Asked for so long, so often, in a minute of bursts from then on.
fn probes_a_minute(since: f64, sd: f64) -> f64 {
    let (mut at, mut probes) = (since, 0);
    while at < since + 60e6 {
        let Pace { probes: more, gap_us, pause_us } = pace_of(9, since, sd, false);
        probes += more;
        at += f64::from(more - 1) * gap_us + pause_us;
    }
    f64::from(probes)
}

#[test]
fn it_begins_densely_whatever_the_path() {
    for sd in [0.0, 1e4] {
        for burst in 0..5 {
            let pace = pace_of(burst, f64::from(burst) * 160e3, sd, false);
            assert_eq!((pace.probes, pace.gap_us, pace.pause_us), (8, 20e3, 20e3));
        }
        assert!(pace_of(5, 800e3, sd, false).gap_us > 20e3);
    }
}

#[test]
fn a_noisy_path_is_asked_more_and_a_calm_one_ever_less() {
    for since in [1e6, 7e6, 20e6, 100e6] {
        assert!(probes_a_minute(since, 2_000.0) > 2.0 * probes_a_minute(since, 100.0) / 1.3, "{since}");
    }
    let calm: Vec<f64> = [7e6, 20e6, 100e6].map(|since| probes_a_minute(since, 100.0)).to_vec();
    assert!(calm.is_sorted_by(|earlier, later| earlier > later), "{calm:?}");
    // Neither calm nor noisy: as while learning.
    assert!((probes_a_minute(100e6, 300.0) - probes_a_minute(20e6, 300.0)).abs() < 1e-9);
}

/// A server allows 50 frames a second, and others are sent too.
#[test]
fn it_never_asks_more_than_half_of_what_a_server_allows() {
    for tenth in 8..2_000 {
        for sd in [0.0, 215.0, 300.0, 500.0, 1e3, 1e5] {
            let Pace { probes, gap_us, pause_us } = pace_of(9, f64::from(tenth) * 1e5, sd, false);
            let second = 1e6 * f64::from(probes) / (f64::from(probes - 1) * gap_us + pause_us);
            let at_once = f64::from(probes) <= 10.0;
            assert!(second <= 25.0 + 1e-9 && at_once, "{second} a second with {sd} at {tenth}");
        }
    }
}

#[test]
fn an_odd_burst_is_asked_about_soon() {
    let calm = pace_of(40, 100e6, 100.0, false);
    let doubted = pace_of(40, 100e6, 100.0, true);
    assert!(calm.pause_us > 1e6);
    assert_eq!(doubted, Pace { pause_us: 500e3, ..calm });
    // What comes sooner anyhow stays as it is.
    assert_eq!(pace_of(40, 100e6, 2_000.0, true), pace_of(40, 100e6, 2_000.0, false));
}
