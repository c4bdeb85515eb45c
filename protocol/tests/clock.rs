//! The estimator against the vectors that hold the browser's one to the same figures.

use octave_protocol::clock::{BurstOutcome, ClockEstimator, Probe};
use serde::Deserialize;

#[derive(Deserialize)]
struct Vector {
    bursts: Vec<Burst>,
}

#[derive(Deserialize)]
struct Burst {
    probes: Vec<[f64; 4]>,
    outcome: String,
    local_us: f64,
    server_us: f64,
    drift_ppm: f64,
    sd_us: f64,
    rtt_min_us: f64,
}

fn check(json: &str) {
    let vector: Vector = serde_json::from_str(json).expect("a vector");
    let mut clock = ClockEstimator::new();
    for (i, burst) in vector.bursts.iter().enumerate() {
        let probes: Vec<Probe> = burst.probes.iter().map(|&[t0, t1, t2, t3]| Probe { t0, t1, t2, t3 }).collect();
        let outcome = match clock.burst(&probes) {
            BurstOutcome::Empty => "empty",
            BurstOutcome::Accepted => "accepted",
            BurstOutcome::Rejected => "rejected",
            BurstOutcome::Restarted => "restarted",
        };
        assert_eq!(outcome, burst.outcome, "burst {i}");
        close(clock.to_server(burst.local_us), burst.server_us, 0.5, i);
        close(clock.to_local(clock.to_server(burst.local_us)), burst.local_us, 0.5, i);
        close(clock.drift_ppm(), burst.drift_ppm, 1e-6, i);
        close(clock.sd_us(burst.local_us), burst.sd_us, 1e-6, i);
        close(clock.rtt_min(), burst.rtt_min_us, 1e-6, i);
    }
}

fn close(found: f64, expected: f64, within: f64, burst: usize) {
    assert!((found - expected).abs() <= within, "burst {burst}: {found} is not {expected}");
}

#[test]
fn loopback() {
    check(include_str!("../vectors/clock/loopback.json"));
}

#[test]
fn wifi() {
    check(include_str!("../vectors/clock/wifi.json"));
}

#[test]
fn lte() {
    check(include_str!("../vectors/clock/lte.json"));
}

#[test]
fn jitter() {
    check(include_str!("../vectors/clock/jitter.json"));
}

#[test]
fn memory() {
    check(include_str!("../vectors/clock/memory.json"));
}

#[test]
fn restart() {
    check(include_str!("../vectors/clock/restart.json"));
}

#[test]
fn a_pong_from_before_its_ping_is_no_measure() {
    let mut clock = ClockEstimator::new();
    assert_eq!(clock.burst(&[]), BurstOutcome::Empty);
    assert_eq!(clock.burst(&[Probe { t0: 100.0, t1: 0.0, t2: 90.0, t3: 110.0 }]), BurstOutcome::Empty);
    assert!(!clock.is_ready());
    close(clock.bound_us(0.0), 0.0, 1e-9, 0);
}
