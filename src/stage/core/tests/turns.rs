//! The order that a stage gives its queue, and how many songs of one person may wait.

mod chance;

use octave_protocol::Instant;
use octave_protocol::model::QueueOrder;

use super::check;
use super::restart::saved;
use crate::stage::core::Stage;

/// The example of docs/QUEUE.md, word for word.
const FAIR: &str = "ana joins
    ben joins
    eve joins
    ana orders fair
    ana queues A1 1:00 A2 1:00 A3 1:00
    > queue A1 A2 A3
    ben queues B1 1:00
    > queue A1 A2 A3 B1
    > queue A1 B1 A2 A3
    eve queues E1 1:00 E2 1:00
    > queue A1 B1 A2 A3 E1 E2
    > queue A1 B1 E1 A2 E2 A3
    ben votes E2
    > 1 votes
    > queue E2 A1 B1 A2 E1 A3
    ana plays
    > E2 from 0:00 at 0:00.150, then A1 at 1:00.150
    joe joins
    joe queues J1 1:00 J2 1:00
    > queue E2 A1 B1 A2 E1 A3 J1 J2
    > queue E2 A1 B1 J1 A2 E1 J2 A3
    ";

#[test]
fn everybody_who_adds_has_their_turn() {
    let script = format!(
        "{FAIR}
        +1:01
        > A1 from 0:00 at 1:00.150, then B1 at 2:00.150
        +2:00
        > B1 from 0:00 at 2:00.150, then J1 at 3:00.150
        > J1 from 0:00 at 3:00.150, then A2 at 4:00.150
        ben queues B2 1:00
        > queue E2 A1 B1 J1 A2 E1 J2 A3 B2
        > queue E2 A1 B1 J1 A2 E1 J2 B2 A3
        +1:00
        > A2 from 0:00 at 4:00.150, then E1 at 5:00.150"
    );
    check(&script);
}

#[test]
fn a_fair_queue_is_the_same_after_a_restart() {
    let stage = check(FAIR);
    let order = |stage: &Stage| stage.queue().entries().map(|(ord, entry)| (ord, entry.id)).collect::<Vec<_>>();
    let (after, _) = Stage::restore(saved(&stage), stage.timeline().said().at);
    assert_eq!(order(&after), order(&stage));
    assert_eq!(after.about().turns.order, QueueOrder::Fair);
    assert!(!after.is_out_of_order());
}

#[test]
fn what_was_taken_out_of_the_queue_counts_no_more() {
    check(
        "ana joins
         ben joins
         ana orders fair
         ana queues A1 1:00 A2 1:00
         > queue A1 A2
         ana plays
         > A1 from 0:00 at 0:00.150, then A2 at 1:00.150
         ben queues B1 1:00
         > queue A1 A2 B1
         > queue A1 B1 A2
         > as before, then B1 at 1:00.150
         ana removes A1
         > queue B1 A2
         > queue A2 B1
         > as before, then A2 at 1:00.150",
    );
}

#[test]
fn the_most_votes_come_first_and_of_as_many_who_came_first() {
    check(
        "ana joins
         ben joins
         ana queues A 1:00 B 1:00 C 1:00
         > queue A B C
         ana orders votes
         ben votes C
         > 1 votes
         > queue C A B
         ana votes B
         > 1 votes
         > queue B C A
         ana plays
         > B from 0:00 at 0:00.150, then C at 1:00.150
         ana votes A
         > 1 votes
         > queue B A C
         > as before, then A at 1:00.150",
    );
}

#[test]
fn what_begins_out_of_turn_stands_where_it_plays_and_nothing_is_passed_over() {
    check(
        "ana joins
         ana orders votes
         ana queues A 1:00 B 1:00 C 1:00
         > queue A B C
         ana plays
         > A from 0:00 at 0:00.150, then B at 1:00.150
         ana plays C
         > C from 0:00 at 0:00.150
         > queue A C B
         > as before, then B at 1:00.150
         ana removes C
         > queue A B
         ana votes A
         > 1 votes
         +1:01
         > B from 0:00 at 1:00.150",
    );
}

#[test]
fn what_plays_again_is_voted_for_again() {
    check(
        "ana joins
         ana orders votes
         ana repeats all
         ana queues A 1:00 B 1:00
         > queue A B
         ana plays
         > A from 0:00 at 0:00.150, then B at 1:00.150
         +1:01
         > B from 0:00 at 1:00.150, then A at 2:00.150
         ana votes B
         > 1 votes
         +1:00
         > A from 0:00 at 2:00.150, then B at 3:00.150",
    );
}

#[test]
fn nothing_is_moved_by_hand_where_the_stage_orders() {
    check(
        "ana joins
         ana queues A 1:00 B 1:00
         > queue A B
         ana mixes
         ana orders votes
         ana moves B 0
         > order_fixed
         ana inserts C 1:00 0
         > order_fixed
         ana shuffles
         > order_fixed
         ana mixes
         > order_fixed
         ana plays
         > A from 0:00 at 0:00.150, then B at 1:00.150
         ana shuffles-rest
         > order_fixed
         ana orders added
         ana queues C 1:00
         > queue A B C
         ana moves C 1
         > queue A C B
         > as before, then C at 1:00.150",
    );
}

#[test]
fn no_more_songs_of_one_person_wait_than_may() {
    for order in ["added", "votes", "fair"] {
        let script = format!(
            "ana joins
             ben joins
             ana orders {order}
             ana limits 2
             ben queues A 1:00 B 1:00 C 1:00
             > too_many_waiting
             ben queues A 1:00 B 1:00
             > queue A B
             ben queues C 1:00
             > too_many_waiting
             ana plays
             > A from 0:00 at 0:00.150, then B at 1:00.150
             ben queues C 1:00
             > queue A B C
             ben queues D 1:00
             > too_many_waiting
             ben removes B
             > queue A C
             > as before, then C at 1:00.150
             ben queues D 1:00
             > queue A C D
             ana limits none
             ben queues E 1:00
             > queue A C D E"
        );
        check(&script);
    }
}

#[test]
fn who_moderates_is_held_to_no_number() {
    check(
        "ana joins
         ben joins
         ana limits 1
         ana names ben moderator
         > ben is moderator
         ana queues A 1:00 B 1:00
         > queue A B
         ben queues C 1:00 D 1:00
         > queue A B C D
         ana limits 0
         > invalid_field
         ana limits 1001
         > invalid_field",
    );
}

#[test]
fn a_queue_of_which_a_part_is_held_is_left_alone() {
    let stage = check(FAIR);
    let mut stored = saved(&stage);
    let kept = stored.entries.split_off(4);
    stored.left_out.above = stored.entries.len();
    stored.entries = kept;
    let (stage, _) = Stage::restore(stored, Instant(1_700_000_000_000_000));
    assert!(!stage.queue().is_whole() && !stage.is_out_of_order());
}
