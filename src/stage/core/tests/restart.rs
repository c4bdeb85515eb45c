//! What is stored and opened again is the same stage, later.

use octave_protocol::{Duration, Instant};

use super::check;
use super::script::{after, titles, user};
use crate::stage::core::{Admission, Durable, LeftOut, Motion, Refusal, Saved, SavedEntry, Stage};
use crate::stage::limits::LEAD_MAX;

/// The stage as the journal would have stored it.
pub(super) fn saved(stage: &Stage) -> Saved {
    let queue = stage.queue();
    let entries = queue.entries().map(|(ord, e)| SavedEntry {
        ord,
        entry: (**e).clone(),
        played: queue.played_at(e.id),
        voters: queue.voters(e.id),
    });
    Saved {
        about: stage.about().clone(),
        roles: stage.roles.clone(),
        banned: stage.banned.clone(),
        muted: stage.muted.clone(),
        invited: stage.invited.clone(),
        shunned: stage.shunned.clone(),
        queue_rev: queue.rev(),
        mode: queue.mode(),
        next_entry: queue.next_id,
        entries: entries.collect(),
        left_out: LeftOut::default(),
        suggestions: stage.suggestions.iter().map(|entry| (**entry).clone()).collect(),
        taken_out: stage.timeline().track().filter(|t| queue.get(t.entry).is_none()).map(|t| t.song.clone()),
        timeline: stage.saved_timeline(),
    }
}

fn later(script: &str, passed: Duration) -> Stage {
    let before = check(script);
    let at = before.timeline().said().at;
    let (after, _) = Stage::restore(saved(&before), at + passed);
    assert!(after.timeline().rev() > before.timeline().rev());
    assert!(after.next_due().is_none_or(|due| due > at + passed), "nothing is due at once");
    after
}

pub(super) fn plays(stage: &Stage, at: Instant) -> Option<(String, Duration)> {
    let said = stage.timeline().said();
    let entry = stage.timeline().entry().filter(|_| said.motion == Motion::Playing)?;
    Some((titles(stage)[&entry].clone(), said.position_at(at)))
}

const THREE: &str = "ana joins
    ana queues A 3:00 B 2:00 C 1:00
    > queue A B C
    ana plays
    > A from 0:00 at 0:00.150, then B at 3:00.150\n";

#[test]
fn the_song_is_where_it_would_be() {
    for (passed, title, position) in [(10, "A", 10), (180, "B", 0), (299, "B", 119), (301, "C", 1)] {
        let stage = later(THREE, Duration::from_secs(passed));
        let began = check(THREE).timeline().said().at;
        let now = began + Duration::from_secs(passed);
        assert_eq!(plays(&stage, now), Some((title.to_owned(), Duration::from_secs(position))), "after {passed} s");
    }
    let stage = later(THREE, Duration::from_secs(361));
    assert_eq!(stage.timeline().said().motion, Motion::Dry);
}

#[test]
fn what_repeats_has_gone_round() {
    let script = "ana joins
        ana repeats all
        ana queues A 3:00 B 2:00 C 1:00
        > queue A B C
        ana plays
        > A from 0:00 at 0:00.150, then B at 3:00.150";
    let year = 365 * 24 * 3_600 / 360 * 360;
    let stage = later(script, Duration::from_secs(year + 200));
    let now = check(script).timeline().said().at + Duration::from_secs(year + 200);
    assert_eq!(plays(&stage, now), Some(("B".to_owned(), Duration::from_secs(20))));
}

#[test]
fn a_song_that_was_taken_out_while_it_plays_is_heard_to_its_end() {
    let alone = "ana joins
        ana queues A 3:00
        > queue A
        ana plays
        > A from 0:00 at 0:00.150
        ana removes A
        > queue";
    let began = check(alone).timeline().said().at;
    for (passed, motion) in [(10, Motion::Playing), (181, Motion::Dry)] {
        let stage = later(alone, Duration::from_secs(passed));
        assert_eq!(stage.timeline().said().motion, motion, "after {passed} s");
    }
    let said = later(alone, Duration::from_secs(10)).timeline().said().clone();
    assert_eq!(said.position_at(began + Duration::from_secs(10)), Duration::from_secs(10));

    let more = format!("{THREE}ana removes A\n> queue B C");
    for (passed, title, position) in [(179, None, 179), (180, Some("B"), 0), (301, Some("C"), 1)] {
        let stage = later(&more, Duration::from_secs(passed));
        let said = stage.timeline().said();
        let shown = titles(&stage).get(&stage.timeline().entry().unwrap()).cloned();
        assert_eq!((said.motion, shown.as_deref()), (Motion::Playing, title), "after {passed} s");
        assert_eq!(said.position_at(began + Duration::from_secs(passed)), Duration::from_secs(position));
    }
    // Of a database that says nothing of the song, what follows begins at once.
    let stored = Saved { taken_out: None, ..saved(&check(&more)) };
    let now = began + Duration::from_secs(10);
    let (mut stage, _) = Stage::restore(stored, now);
    for event in stage.settle(now) {
        stage.evolve(&event);
    }
    assert_eq!(plays(&stage, now), Some(("B".to_owned(), Duration::ZERO)));
}

#[test]
fn a_pause_stays() {
    let stage = later(&format!("{THREE}ana pauses\n> A stops in 0:00 at 0:00.150, then B"), Duration::from_secs(999));
    assert_eq!(stage.timeline().said().motion, Motion::Stopped);
    assert!(!stage.is_playing());
}

/// A queue of 500 songs of a minute each, after `commands`.
fn long(commands: &str) -> Stage {
    let songs: Vec<String> = (0..500).map(|n| format!("S{n} 1:00")).collect();
    after(&format!("ana joins\nana queues {}\n{commands}", songs.join(" ")))
}

#[test]
fn a_long_queue_opens_with_its_window_and_is_completed() {
    let paused_and_taken_out = "ana plays S9\nana plays S333\nana pauses\nana removes S333";
    for commands in [
        "",
        "ana plays",
        "ana plays S3",
        "ana plays S250",
        "ana plays S499",
        "ana plays S9\nana pauses",
        paused_and_taken_out,
    ] {
        let before = long(commands);
        let now = before.timeline().said().at + Duration::from_secs(5);
        let stored = saved(&before);
        assert!(stored.clone().excerpt().holds_at(now));
        let (whole, _) = Stage::restore(stored.clone(), now);
        let (mut opened, _) = Stage::restore(stored.clone().excerpt(), now);
        assert!(!opened.queue().is_whole() && opened.next_due().is_none(), "{commands}");
        assert_eq!(opened.queue_window(), whole.queue_window(), "{commands}");
        assert_eq!(opened.statement(), whole.statement(), "{commands}");

        opened.complete(stored.entries);
        assert!(opened.queue().is_whole());
        assert!(opened.queue().entries().eq(whole.queue().entries()));
        assert_eq!(opened.next_due(), whole.next_due(), "{commands}");
    }
}

#[test]
fn a_song_that_has_ended_or_is_gone_needs_the_whole_queue() {
    let before = long("ana plays S3");
    let stored = saved(&before).excerpt();
    let end = before.timeline().said().end().unwrap();
    assert!(stored.holds_at(end - Duration(1)) && !stored.holds_at(end));
    let removed = long("ana plays S3\nana removes S3");
    let (stored, at) = (saved(&removed).excerpt(), removed.timeline().said().at);
    assert!(stored.holds_at(at) && !stored.holds_at(end));
    assert!(!Saved { taken_out: None, ..stored }.holds_at(at));
}

#[test]
fn a_shuffled_queue_is_opened_whole() {
    let stored = saved(&long("ana mixes\nana plays")).excerpt();
    assert_eq!(stored.left_out, LeftOut::default());
}

#[test]
fn a_clock_that_was_set_back_silences_nobody() {
    let before = check(THREE);
    let began = before.timeline().said().at;
    for back in [LEAD_MAX.as_micros() + 1, 3_600_000_000, 40 * 365 * 24 * 3_600_000_000] {
        let now = began - Duration::from_micros(back);
        let (after, _) = Stage::restore(saved(&before), now);
        assert_eq!(plays(&after, now), Some(("A".to_owned(), Duration::ZERO)), "{back} µs back");
        let said = after.timeline().said();
        assert!(said.at <= now + LEAD_MAX && said.end().unwrap() <= now + LEAD_MAX + Duration::from_secs(180));
    }
    // What was scheduled a moment before the end of the process still is.
    let (after, _) = Stage::restore(saved(&before), began - Duration::from_millis(100));
    assert_eq!(after.timeline().said().at, began);
}

#[test]
fn a_shuffled_round_goes_on_under_a_clock_that_was_set_back() {
    let mut stage = check(
        "ana joins
         ana repeats all
         ana mixes
         ana queues A 1:00 B 1:00 C 1:00
         > queue A B C
         ana plays
         > A from 0:00 at 0:00.150, then C at 1:00.150
         +1:01
         > C from 0:00 at 1:00.150, then B at 2:00.150",
    );
    let mut now = stage.timeline().said().at - Duration::from_secs(3_600);
    stage = Stage::restore(saved(&stage), now).0;
    let mut played = Vec::new();
    for _ in 0..7 {
        now = stage.timeline().said().end().unwrap();
        for event in stage.settle(now) {
            stage.evolve(&event);
        }
        played.push(titles(&stage)[&stage.timeline().entry().unwrap()].clone());
    }
    assert_eq!(played[0], "B", "which the round still owed");
    for round in [&played[1..4], &played[4..7]] {
        let mut round = round.to_vec();
        round.sort();
        assert_eq!(round, ["A", "B", "C"], "{played:?}");
    }
}

#[test]
fn what_began_while_nobody_ran_the_stage_is_told() {
    let before = check(THREE);
    let at = before.timeline().said().at;
    let (after, began) = Stage::restore(saved(&before), at + Duration::from_secs(301));
    let titles = titles(&after);
    assert_eq!(began.iter().map(|id| titles[id].as_str()).collect::<Vec<_>>(), ["B", "C"]);
    assert!(began.iter().all(|id| after.queue().is_played(*id)));
    assert_eq!(Stage::restore(saved(&after), at + Duration::from_secs(302)).1, []);
}

#[test]
fn an_invitation_that_was_stored_ends_with_a_ban() {
    let eve = user("eve");
    let mut stored = saved(&check("ana opens-to invited"));
    stored.invited.insert(eve.id);
    let (mut stage, _) = Stage::restore(stored, Instant(0));
    let asks = |stage: &Stage| stage.join(eve.clone(), Admission::Stranger).map(drop);
    assert_eq!(asks(&stage), Ok(()));
    let by = stage.about().host.id;
    stage.evolve(&Durable::Banned { user: eve.clone(), by });
    stage.evolve(&Durable::Unbanned { user: eve.id, by });
    assert_eq!(asks(&stage), Err(Refusal::Unknown), "she would have to be invited anew");
}
