//! The timeline as listeners get it: one statement per number for everybody, exact to the microsecond, and known to each
//! before it counts.

use std::collections::BTreeMap;

use octave_protocol::ServerFrame;
use octave_protocol::model::Timeline;

use crate::world::{End, Plan, START, play};

/// What is scheduled at least this far ahead was a command's start; what was announced before, or caught up with, is
/// stated when it is due.
const SCHEDULED_US: i64 = 100_000;

/// One statement as one listener got it.
struct Got {
    /// On the server's clock.
    at: i64,
    who: String,
    timeline: Timeline,
}

fn statements(end: &End) -> Vec<Got> {
    let line = |line: &str| {
        let (head, frame) = line.split_once(": ")?;
        let (ms, who) = head.split_once(' ')?;
        let ServerFrame::Timeline { timeline, .. } = serde_json::from_str(frame).unwrap() else { return None };
        Some(Got { at: START.0 + ms.parse::<i64>().unwrap() * 1_000, who: who.into(), timeline })
    };
    end.log.lines().filter_map(line).collect()
}

#[test]
fn everybody_gets_the_same_statements_and_the_next_song_begins_where_the_last_one_ends() {
    let mut chained = 0;
    for seed in 100..110 {
        let got = statements(&play(Plan { seed, clients: 12, steps: 60, cuts: true }));
        let mut by_rev: BTreeMap<i64, &Timeline> = BTreeMap::new();
        for Got { who, timeline, .. } in &got {
            let first = by_rev.entry(timeline.rev.0).or_insert(timeline);
            assert_eq!(*first, timeline, "{who} was told otherwise, seed {seed}");
        }
        let all: Vec<&Timeline> = by_rev.into_values().collect();
        for t in &all {
            let (Some(song), Some(next)) = (&t.song, &t.next) else { continue };
            let ends = t.at_us.0 + (song.duration_us.0 - t.position_us.0);
            assert_eq!(next.at_us.map(|at| at.0), t.playing.then_some(ends), "rev {}, seed {seed}", t.rev);
        }
        for (before, after) in all.iter().zip(&all[1..]) {
            let announced =
                before.next.as_ref().filter(|n| Some(n.entry) == after.entry && n.at_us == Some(after.at_us));
            if announced.is_some() && after.rev.0 == before.rev.0 + 1 {
                assert_eq!((after.playing, after.position_us.0), (true, 0), "rev {}, seed {seed}", after.rev);
                chained += 1;
            }
        }
    }
    assert!(chained > 10, "only {chained} songs followed another");
}

#[test]
fn a_scheduled_start_reaches_every_listener_before_it_counts() {
    let mut scheduled = 0;
    for seed in 200..210 {
        // Without cuts: who comes back catches up, and is told of what counts already.
        let got = statements(&play(Plan { seed, clients: 12, steps: 60, cuts: false }));
        let mut made: BTreeMap<i64, i64> = BTreeMap::new();
        for Got { at, timeline, .. } in &got {
            let first = made.entry(timeline.rev.0).or_insert(*at);
            *first = (*first).min(*at);
        }
        let mut first: BTreeMap<(String, i64), (i64, i64)> = BTreeMap::new();
        for Got { at, who, timeline } in &got {
            if timeline.at_us.0 - made[&timeline.rev.0] >= SCHEDULED_US {
                first.entry((who.clone(), timeline.rev.0)).or_insert((*at, timeline.at_us.0));
            }
        }
        for ((who, rev), (at, counts)) in &first {
            assert!(at < counts, "{who} got rev {rev} {} µs late, seed {seed}", at - counts);
        }
        scheduled += first.len();
    }
    assert!(scheduled > 100, "only {scheduled} scheduled statements");
}
