//! One song that ends under the beginning of the next.

use octave_protocol::Duration;

use super::restart::{plays, saved};
use super::script::{after, check};
use crate::stage::core::Stage;

#[test]
fn the_next_song_begins_before_the_end_of_this_one() {
    check(
        "ana joins
         ana fades 0:10
         ana queues A 3:00 B 2:00 C 1:00
         > queue A B C
         ana plays
         > A from 0:00 at 0:00.150, then B at 2:50.150
         +2:51
         > B from 0:00 at 2:50.150 over A from 2:50 for 0:10, then C at 4:40.150
         +3:00
         > C from 0:00 at 4:40.150 over B from 1:50 for 0:10
         > dry at 5:40.150",
    );
}

#[test]
fn of_short_songs_no_more_than_half() {
    check(
        "ana joins
         ana fades 0:12
         ana queues A 3:00 Jingle 0:06 B 3:00
         > queue A Jingle B
         ana plays
         > A from 0:00 at 0:00.150, then Jingle at 2:57.150
         +3:02
         > Jingle from 0:00 at 2:57.150 over A from 2:57 for 0:03, then B at 3:00.150
         > B from 0:00 at 3:00.150 over Jingle from 0:03 for 0:03",
    );
}

#[test]
fn what_is_ordered_ends_a_crossfade() {
    check(
        "ana joins
         ana fades 0:10
         ana queues A 3:00 B 2:00 C 1:00
         > queue A B C
         ana plays
         > A from 0:00 at 0:00.150, then B at 2:50.150
         +2:55
         > B from 0:00 at 2:50.150 over A from 2:50 for 0:10, then C at 4:40.150
         ana seeks 1:00
         > B from 1:00 at 2:55.150, then C at 3:45.150
         ana pauses
         > B stops in 1:00 at 2:55.150, then C
         +0:10
         ana plays
         > B from 1:00 at 3:05.150, then C at 3:55.150
         ana skips
         > C from 0:00 at 3:05.150",
    );
}

#[test]
fn a_change_of_what_comes_next_keeps_the_crossfade_that_is_heard() {
    check(
        "ana joins
         ana fades 0:10
         ana queues A 1:00 B 1:00 C 1:00
         > queue A B C
         ana plays
         > A from 0:00 at 0:00.150, then B at 0:50.150
         +0:52
         > B from 0:00 at 0:50.150 over A from 0:50 for 0:10, then C at 1:40.150
         ana inserts D 1:00 2
         > queue A B D C
         > as before over A from 0:50 for 0:10, then D at 1:40.150",
    );
}

#[test]
fn the_length_can_be_changed_while_a_song_plays() {
    check(
        "ana joins
         ana queues A 1:00 B 1:00
         > queue A B
         ana plays
         > A from 0:00 at 0:00.150, then B at 1:00.150
         +0:30
         ana fades 0:08
         > as before, then B at 0:52.150
         ana fades 0:00
         > as before, then B at 1:00.150
         ana fades 0:12.001
         > invalid_field",
    );
}

#[test]
fn what_is_added_late_crossfades_as_long_as_there_is_time_for() {
    check(
        "ana joins
         ana fades 0:10
         ana queues A 1:00
         > queue A
         ana plays
         > A from 0:00 at 0:00.150
         +0:56
         ana queues B 1:00
         > queue A B
         > as before, then B at 0:56.150
         +0:01
         > B from 0:00 at 0:56.150 over A from 0:56 for 0:04",
    );
    check(
        "ana joins
         ana fades 0:10
         ana queues A 1:00
         > queue A
         ana plays
         > A from 0:00 at 0:00.150
         +1:00
         ana queues B 1:00
         > queue A B
         > as before, then B at 1:00.150
         +0:01
         > B from 0:00 at 1:00.150",
    );
}

#[test]
fn said_again_in_the_last_moment_it_stays_where_it_was() {
    check(
        "ana joins
         ana fades 0:10
         ana queues A 1:00 B 1:00
         > queue A B
         ana plays
         > A from 0:00 at 0:00.150, then B at 0:50.150
         +0:50.1
         ana retitles B B2
         > queue A B2
         > as before, then B2 at 0:50.150",
    );
}

#[test]
fn a_seek_into_the_end_leaves_half_of_it_alone() {
    check(
        "ana joins
         ana fades 0:10
         ana queues A 1:00 B 1:00
         > queue A B
         ana plays
         > A from 0:00 at 0:00.150, then B at 0:50.150
         +0:10
         ana seeks 0:56
         > A from 0:56 at 0:10.150, then B at 0:12.150",
    );
}

#[test]
fn a_pause_that_comes_after_the_change_finds_the_next_song() {
    check(
        "ana joins
         ana fades 0:10
         ana queues A 1:00 B 1:00
         > queue A B
         ana plays
         > A from 0:00 at 0:00.150, then B at 0:50.150
         +0:50.1
         ana pauses
         > B stops in 0:00.100 at 0:50.250",
    );
}

/// A stage that was down plays what it would play had it gone on all the time.
#[test]
fn a_restart_walks_through_crossfades() {
    let before = after(
        "ana joins
ana fades 0:10
ana repeats all
ana queues A 1:00 Jingle 0:06 B 0:50
ana plays",
    );
    let began = before.timeline().said().at;
    // A begins anew each 57 + 3 + 40 seconds: 57 alone until Jingle, 3 until B, 40 until A.
    for (passed, title, position) in
        [(56, "A", 56), (57, "Jingle", 0), (60, "B", 0), (99, "B", 39), (100, "A", 0), (1_000_000_058, "Jingle", 1)]
    {
        let now = began + Duration::from_secs(passed);
        let (stage, _) = Stage::restore(saved(&before), now);
        assert_eq!(plays(&stage, now), Some((title.to_owned(), Duration::from_secs(position))), "after {passed} s");
    }
}
