use std::fmt::Write;
use std::time::Instant as Wall;

use octave_protocol::{Duration, Instant};

use super::check;
use super::script::{room, song, user};
use crate::stage::core::{Admission, Command};
use crate::stage::limits::QUEUE_ENTRIES;

#[test]
fn a_queue_is_edited() {
    check(
        "ana joins
         ana queues A 1:00 B 1:00 C 1:00
         > queue A B C
         ana moves C 0
         > queue C A B
         ana moves C 2
         > queue A B C
         ana moves C 3
         > invalid_field
         ana inserts D 1:00 1
         > queue A D B C
         ana inserts E 1:00 9
         > invalid_field
         ana removes B
         > queue A D C
         ana removes B
         > not_found
         ana votes C
         > 1 votes
         ana votes C
         ana plays D
         > D from 0:00 at 0:00.150, then C at 1:00.150
         ana clears
         > queue D
         > as before
         ana clears
         > queue D",
    );
}

#[test]
fn an_edit_of_what_comes_next_is_announced() {
    check(
        "ana joins
         ana queues A 1:00 B 1:00 C 1:00
         > queue A B C
         ana plays
         > A from 0:00 at 0:00.150, then B at 1:00.150
         ana moves C 1
         > queue A C B
         > as before, then C at 1:00.150
         ana removes B
         > queue A C",
    );
}

#[test]
fn a_removed_entry_plays_to_its_end() {
    check(
        "ana joins
         ana queues A 1:00 B 1:00 C 1:00
         > queue A B C
         ana plays B
         > B from 0:00 at 0:00.150, then C at 1:00.150
         ana removes B
         > queue A C
         +1:01
         > C from 0:00 at 1:00.150",
    );
}

#[test]
fn shuffling_leaves_what_has_played() {
    let room = check(
        "ana joins
         ana queues A 1:00 B 1:00 C 1:00 D 1:00 E 1:00
         > queue A B C D E
         ana plays B
         > B from 0:00 at 0:00.150, then C at 1:00.150
         ana shuffles
         > queue A B E C D
         > as before, then E at 1:00.150",
    );
    assert_eq!(room.queue_window().offset, 0);
}

#[test]
fn an_insertion_between_close_neighbours_makes_room() {
    let mut script = String::from("ana joins\nana queues A 1:00 Z 1:00\n> queue A Z\n");
    let mut order = vec!["A".to_owned(), "Z".to_owned()];
    for n in 0..40 {
        order.insert(1, format!("s{n}"));
        writeln!(script, "ana inserts s{n} 1:00 1\n> queue {}", order.join(" ")).unwrap();
    }
    check(&script);
}

#[test]
fn a_full_queue_stays_fast() {
    let mut room = room();
    let now = Instant(0);
    let ana = user("ana");
    let run = |room: &mut crate::stage::core::Room, command| {
        for event in room.decide(ana.id, command, now)? {
            room.evolve(&event);
        }
        Ok::<_, crate::stage::core::Refusal>(())
    };
    run(&mut room, Command::Join { user: user("ana"), admission: Admission::Stranger }).unwrap();
    let songs = vec![song("A", Duration::from_secs(60)); QUEUE_ENTRIES];
    run(&mut room, Command::Add { songs, position: None }).unwrap();
    assert!(run(&mut room, Command::Add { songs: vec![song("B", Duration(1))], position: None }).is_err());

    let began = Wall::now();
    for n in 0..100 {
        let entry = room.queue().at(99_000 - n).unwrap().id;
        run(&mut room, Command::Move { entry, position: 5 }).unwrap();
    }
    // A hundred moves across the whole list; generous for a debug build on a busy machine.
    assert!(began.elapsed().as_secs() < 10, "{:?}", began.elapsed());
    assert_eq!(room.queue().len(), QUEUE_ENTRIES);
}
