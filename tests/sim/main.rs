//! A room over a bad network, played through in virtual time.
//!
//! Many clients talk, queue, steer, lose their connections and come back; delays, jitter and cuts are drawn from a
//! seed. At the end every client's mirror, built from what it was sent alone, equals the stage; and a seed played twice
//! gives the same log, frame by frame.

#![expect(clippy::unwrap_used, reason = "a failed assumption is a failed test")]

mod cast;
mod client;
mod dice;
mod line;
mod upheaval;
mod world;

use world::{Plan, play};

#[test]
fn every_mirror_equals_the_stage() {
    for seed in 0..20 {
        let end = play(Plan { seed, clients: 12, steps: 60, cuts: true });
        end.check();
    }
}

#[test]
fn a_crowd_agrees_too() {
    let end = play(Plan { seed: 4_711, clients: 300, steps: 4, cuts: true });
    end.check();
}

#[test]
fn the_same_seed_gives_the_same_log() {
    let plan = Plan { seed: 99, clients: 10, steps: 50, cuts: true };
    let (one, two) = (play(plan), play(plan));
    assert!(!one.log.is_empty());
    assert_eq!(one.log, two.log);
    let other = play(Plan { seed: 100, ..plan });
    assert_ne!(one.log, other.log);
}
