use super::check;

#[test]
fn songs_follow_each_other_without_a_gap() {
    check(
        "ana joins
         ana queues A 3:00 B 2:00
         > queue A B
         ana plays
         > A from 0:00 at 0:00.150, then B at 3:00.150
         +1:00
         ben joins
         +2:01
         > B from 0:00 at 3:00.150
         +2:00
         > dry at 5:00.150",
    );
}

#[test]
fn a_queue_that_ran_dry_goes_on_with_what_is_added() {
    check(
        "ana joins
         ana queues A 1:00
         > queue A
         ana plays
         > A from 0:00 at 0:00.150
         +1:01
         > dry at 1:00.150
         +1:00
         ana queues B 1:00
         > queue A B
         > B from 0:00 at 2:01.150
         ana pauses
         > B stops in 0:00 at 2:01.150",
    );
}

#[test]
fn nothing_starts_by_itself_in_a_stage_that_was_never_played() {
    check(
        "ana joins
         ana plays
         > not_found
         ana skips
         > not_found
         ana seeks 0:10
         > not_found
         ana pauses
         ana queues A 1:00
         > queue A",
    );
}

#[test]
fn all_stop_and_go_on_at_one_instant() {
    check(
        "ana joins
         ana queues A 3:00
         > queue A
         ana plays
         > A from 0:00 at 0:00.150
         +0:10
         ana pauses
         > A stops in 0:10 at 0:10.150
         ana pauses
         +1:00
         ana plays
         > A from 0:10 at 1:10.150
         ana plays
         ana seeks 2:00
         > A from 2:00 at 1:10.150
         ana seeks 3:01
         > invalid_field
         ana seeks 3:00
         > A from 3:00 at 1:10.150
         +0:01
         > dry at 1:10.150",
    );
}

#[test]
fn the_lead_follows_the_slowest_reasonable_listener() {
    check(
        "ana joins
         ben joins
         eve joins
         ana queues A 3:00
         > queue A
         ben measures 0:00.400
         eve measures 0:30
         ana plays
         > A from 0:00 at 0:00.270
         +1:01
         ana seeks 0:05
         > A from 0:05 at 1:01.150
         ben measures 0:00.100 0:00.200 0:00.300
         ana seeks 0:10
         > A from 0:10 at 1:01.620",
    );
}

#[test]
fn two_clicks_never_skip_twice() {
    check(
        "ana joins
         ana queues A 1:00 B 1:00 C 1:00
         > queue A B C
         ana plays
         > A from 0:00 at 0:00.150, then B at 1:00.150
         +0:10
         ana double-clicks
         > B from 0:00 at 0:10.150, then C at 1:10.150
         > conflict",
    );
}

#[test]
fn previous_restarts_a_song_that_has_played_a_while() {
    check(
        "ana joins
         ana queues A 1:00 B 1:00
         > queue A B
         ana plays B
         > B from 0:00 at 0:00.150
         +0:05
         ana returns
         > B from 0:00 at 0:05.150
         +0:01
         ana returns
         > A from 0:00 at 0:06.150, then B at 1:06.150
         +0:01
         ana returns
         > A from 0:00 at 0:07.150, then B at 1:07.150",
    );
}

#[test]
fn repeat_one_and_all() {
    check(
        "ana joins
         ana queues A 1:00 B 1:00
         > queue A B
         ana repeats one
         ana plays
         > A from 0:00 at 0:00.150, then A at 1:00.150
         +1:01
         > A from 0:00 at 1:00.150, then A at 2:00.150
         ana skips
         > B from 0:00 at 1:01.150, then B at 2:01.150
         ana repeats all
         > as before, then A at 2:01.150
         +1:01
         > A from 0:00 at 2:01.150, then B at 3:01.150",
    );
}

#[test]
fn shuffle_plays_every_song_once_and_says_which_is_next() {
    let stage = check(
        "ana joins
         ana queues A 1:00 B 1:00 C 1:00 D 1:00
         > queue A B C D
         ana mixes
         ana plays
         > A from 0:00 at 0:00.150, then C at 1:00.150
         +1:00.150
         > C from 0:00 at 1:00.150, then B at 2:00.150
         ana skips
         > B from 0:00 at 1:00.300, then D at 2:00.300
         +1:00.150
         > D from 0:00 at 2:00.300
         +1:00
         > dry at 3:00.300",
    );
    assert_eq!(stage.queue().first_unplayed(), None);
}

#[test]
fn a_command_takes_effect_no_earlier_than_the_one_before() {
    check(
        "ana joins
         ben joins
         ana queues A 3:00
         > queue A
         ben measures 0:02.400
         ana plays
         > A from 0:00 at 0:01.270
         ben leaves
         ana seeks 0:10
         > A from 0:10 at 0:01.270
         ana pauses
         > A stops in 0:10 at 0:01.270",
    );
}
