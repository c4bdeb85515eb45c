//! What is stored and opened again is the same room, later.

use octave_protocol::{Duration, Instant};

use super::check;
use super::script::{after, titles};
use crate::stage::core::{LeftOut, Motion, Room, Saved, SavedEntry};

/// The room as the journal would have stored it.
pub(super) fn saved(room: &Room) -> Saved {
    let queue = room.queue();
    let entries = queue.entries().map(|(ord, e)| SavedEntry {
        ord,
        entry: (**e).clone(),
        played: queue.played_at(e.id),
        voters: queue.voters(e.id),
    });
    Saved {
        about: room.about().clone(),
        roles: room.roles.clone(),
        banned: room.banned.clone(),
        invited: room.invited.clone(),
        queue_rev: queue.rev(),
        mode: queue.mode(),
        next_entry: queue.next_id,
        entries: entries.collect(),
        left_out: LeftOut::default(),
        timeline: room.saved_timeline(),
    }
}

fn later(script: &str, passed: Duration) -> Room {
    let before = check(script);
    let at = before.timeline().said().at;
    let after = Room::restore(saved(&before), at + passed);
    assert!(after.timeline().rev() > before.timeline().rev());
    assert!(after.next_due().is_none_or(|due| due > at + passed), "nothing is due at once");
    after
}

fn plays(room: &Room, at: Instant) -> Option<(String, Duration)> {
    let said = room.timeline().said();
    let entry = room.timeline().entry().filter(|_| said.motion == Motion::Playing)?;
    Some((titles(room)[&entry].clone(), said.position_at(at)))
}

const THREE: &str = "ana joins
    ana queues A 3:00 B 2:00 C 1:00
    > queue A B C
    ana plays
    > A from 0:00 at 0:00.150, then B at 3:00.150\n";

#[test]
fn the_song_is_where_it_would_be() {
    for (passed, title, position) in [(10, "A", 10), (180, "B", 0), (299, "B", 119), (301, "C", 1)] {
        let room = later(THREE, Duration::from_secs(passed));
        let began = check(THREE).timeline().said().at;
        let now = began + Duration::from_secs(passed);
        assert_eq!(plays(&room, now), Some((title.to_owned(), Duration::from_secs(position))), "after {passed} s");
    }
    let room = later(THREE, Duration::from_secs(361));
    assert_eq!(room.timeline().said().motion, Motion::Dry);
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
    let room = later(script, Duration::from_secs(year + 200));
    let now = check(script).timeline().said().at + Duration::from_secs(year + 200);
    assert_eq!(plays(&room, now), Some(("B".to_owned(), Duration::from_secs(20))));
}

#[test]
fn a_pause_stays() {
    let room = later(&format!("{THREE}ana pauses\n> A stops in 0:00 at 0:00.150, then B"), Duration::from_secs(999));
    assert_eq!(room.timeline().said().motion, Motion::Stopped);
    assert!(!room.is_playing());
}

/// A queue of 500 songs of a minute each, after `commands`.
fn long(commands: &str) -> Room {
    let songs: Vec<String> = (0..500).map(|n| format!("S{n} 1:00")).collect();
    after(&format!("ana joins\nana queues {}\n{commands}", songs.join(" ")))
}

#[test]
fn a_long_queue_opens_with_its_window_and_is_completed() {
    for commands in ["", "ana plays", "ana plays S3", "ana plays S250", "ana plays S499", "ana plays S9\nana pauses"] {
        let before = long(commands);
        let now = before.timeline().said().at + Duration::from_secs(5);
        let stored = saved(&before);
        assert!(stored.clone().excerpt().holds_at(now));
        let whole = Room::restore(stored.clone(), now);
        let mut opened = Room::restore(stored.clone().excerpt(), now);
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
fn a_song_that_has_ended_or_was_removed_needs_the_whole_queue() {
    let before = long("ana plays S3");
    let stored = saved(&before).excerpt();
    let end = before.timeline().said().end().unwrap();
    assert!(stored.holds_at(end - Duration(1)) && !stored.holds_at(end));
    let removed = long("ana plays S3\nana removes S3");
    assert!(!saved(&removed).excerpt().holds_at(removed.timeline().said().at));
}

#[test]
fn a_shuffled_queue_is_opened_whole() {
    let stored = saved(&long("ana mixes\nana plays")).excerpt();
    assert_eq!(stored.left_out, LeftOut::default());
}
