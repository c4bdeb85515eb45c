use super::check;

#[test]
fn the_first_start_waits_for_those_who_load() {
    check(
        "ana joins
         ben joins
         ana loads
         ben loads
         ana queues A 1:00 B 1:00
         > queue A B
         ana plays
         > A waits in 0:00, then B
         +0:00.300
         ana is-ready
         +0:00.100
         ben is-ready
         > A from 0:00 at 0:00.550, then B at 1:00.550
         ana skips
         > B from 0:00 at 0:00.550",
    );
}

#[test]
fn one_slow_phone_holds_nobody_for_long() {
    check(
        "ana joins
         ben joins
         ana loads
         ben loads
         ana queues A 1:00
         > queue A
         ana plays
         > A waits in 0:00
         ana is-ready
         +0:02
         > A from 0:00 at 0:01.650",
    );
    check(
        "ana joins
         a joins
         b joins
         c joins
         d joins
         ana loads
         a loads
         b loads
         c loads
         d loads
         ana queues A 1:00
         > queue A
         ana plays
         > A waits in 0:00
         ana is-ready
         a is-ready
         b is-ready
         c is-ready
         +0:02
         > A from 0:00 at 0:00.550",
    );
}

#[test]
fn who_was_late_once_is_waited_for_when_ready_again() {
    check(
        "ana joins
         ben joins
         eve joins
         ana loads
         ben loads
         eve loads
         ana queues A 1:00 B 1:00 C 1:00
         > queue A B C
         ana plays
         > A waits in 0:00, then B
         ana is-ready
         ben is-ready
         +0:02
         > A from 0:00 at 0:01.650, then B at 1:01.650
         ana plays C
         > C waits in 0:00
         eve loads
         ana is-ready
         ben is-ready
         > C from 0:00 at 0:02.150
         eve is-ready
         ana plays A
         > A waits in 0:00, then B
         ana is-ready
         ben is-ready
         +0:02
         > A from 0:00 at 0:03.650, then B at 1:03.650",
    );
}

#[test]
fn a_stage_says_how_long_it_waits_and_for_how_many() {
    check(
        "ana joins
         ben joins
         ana loads
         ben loads
         ana queues A 1:00 B 1:00
         > queue A B
         ana waits 50 0:05
         ana plays
         > A waits in 0:00, then B
         ana is-ready
         +0:01
         > A from 0:00 at 0:00.550, then B at 1:00.550
         ben is-ready
         ana waits 100 0:05
         ana plays B
         > B from 0:00 at 0:01.150
         ana plays A
         > A waits in 0:00, then B
         ana is-ready
         +0:06
         > A from 0:00 at 0:06.150, then B at 1:06.150",
    );
    check(
        "ana joins
         ben joins
         ana loads
         ben loads
         ana queues A 1:00
         > queue A
         ana waits 80 0:00
         ana plays
         > A waits in 0:00
         > A from 0:00 at 0:00.150
         ana waits 0 0:01
         > invalid_field
         ana waits 101 0:01
         > invalid_field
         ben waits 80 0:01
         > forbidden
         ana waits 80 0:11
         > invalid_field",
    );
}

#[test]
fn half_of_the_listeners_may_skip() {
    check(
        "ana joins
         ben joins
         eve joins
         ana dislikes
         > not_found
         ana queues A 1:00 B 1:00
         > queue A B
         ana plays
         > A from 0:00 at 0:00.150, then B at 1:00.150
         +0:10
         ben dislikes
         > 1 of 2
         ben dislikes
         eve leaves
         > B from 0:00 at 0:10.150",
    );
}

#[test]
fn a_vote_against_a_paused_song_starts_nothing() {
    check(
        "ana joins
         ben joins
         ana queues A 1:00 B 1:00
         > queue A B
         ana plays
         > A from 0:00 at 0:00.150, then B at 1:00.150
         ana pauses
         > A stops in 0:00 at 0:00.150, then B
         ben dislikes
         > 1 of 1
         > B stops in 0:00 at 0:00
         +1:00
         ana plays
         > B from 0:00 at 1:00.150
         ana pauses
         > B stops in 0:00 at 1:00.150
         ben dislikes
         > 1 of 1
         > silence
         ana queues C 1:00
         > queue A B C",
    );
}

#[test]
fn a_vote_goes_with_the_voter() {
    check(
        "ana joins
         ben joins
         eve joins
         joe joins
         ana queues A 1:00 B 1:00
         > queue A B
         ana plays
         > A from 0:00 at 0:00.150, then B at 1:00.150
         eve dislikes
         > 1 of 2
         eve leaves
         ben dislikes
         > 1 of 2
         joe dislikes
         > 2 of 2
         > B from 0:00 at 0:00.150",
    );
}

#[test]
fn a_vote_goes_with_whoever_is_turned_out() {
    for turned_out in ["kicked", "banned"] {
        let verb = if turned_out == "kicked" { "kicks" } else { "bans" };
        check(&format!(
            "ana joins
             ben joins
             eve joins
             joe joins
             ana queues A 1:00 B 1:00
             > queue A B
             ana plays
             > A from 0:00 at 0:00.150, then B at 1:00.150
             eve dislikes
             > 1 of 2
             ana {verb} eve
             > eve is {turned_out}
             ben dislikes
             > 1 of 2"
        ));
    }
}

#[test]
fn nobody_waits_alone() {
    check(
        "ana joins
         ana loads
         ana queues A 1:00 B 1:00 C 1:00
         > queue A B C
         ana plays
         > A from 0:00 at 0:00.150, then B at 1:00.150
         ben joins
         ben loads
         ana plays C
         > C waits in 0:00
         ben leaves
         > C from 0:00 at 0:00.150",
    );
}
