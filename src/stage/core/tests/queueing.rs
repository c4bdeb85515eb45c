use std::fmt::Write;

use octave_protocol::{Duration, Instant};

use super::check;
use super::script::{after, song, stage, user};
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
fn what_plays_takes_its_place_along() {
    check(
        "ana joins
         ana queues A 1:00 B 1:00 C 1:00 D 1:00
         > queue A B C D
         ana plays
         > A from 0:00 at 0:00.150, then B at 1:00.150
         ana moves A 2
         > queue B C A D
         > as before, then D at 1:00.150
         +1:01
         > D from 0:00 at 1:00.150",
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
fn what_is_added_follows_the_only_song_that_was_taken_out() {
    check(
        "ana joins
         ana queues S0 1:00
         > queue S0
         ana plays
         > S0 from 0:00 at 0:00.150
         ana removes S0
         > queue
         ana queues S1 1:00
         > queue S1
         > as before, then S1 at 1:00.150
         ana queues S2 1:00
         > queue S1 S2
         +1:01
         > S1 from 0:00 at 1:00.150, then S2 at 2:00.150
         +1:00
         > S2 from 0:00 at 2:00.150",
    );
}

#[test]
fn a_queue_that_ran_dry_and_was_cleared_goes_on_with_what_is_added() {
    check(
        "ana joins
         ana queues S0 1:00 S1 1:00
         > queue S0 S1
         ana plays
         > S0 from 0:00 at 0:00.150, then S1 at 1:00.150
         +3:00
         > S1 from 0:00 at 1:00.150
         > dry at 2:00.150
         ana clears
         > queue
         ana queues S2 1:00
         > queue S2
         > S2 from 0:00 at 3:00.150",
    );
}

#[test]
fn what_is_put_where_the_song_was_taken_out_plays_next() {
    check(
        "ana joins
         ana queues A 1:00 B 1:00 C 1:00
         > queue A B C
         ana plays B
         > B from 0:00 at 0:00.150, then C at 1:00.150
         ana removes B
         > queue A C
         ana inserts D 1:00 1
         > queue A D C
         > as before, then D at 1:00.150
         ana moves A 1
         > queue D A C
         ana removes A
         > queue D C
         ana shuffles
         > queue D C
         ana moves C 0
         > queue C D
         > as before, then C at 1:00.150",
    );
}

#[test]
fn a_shuffle_leaves_what_played_before_the_song_that_was_taken_out() {
    let songs = ["A", "B", "C", "D", "E", "F", "G"];
    let stage = after(&format!(
        "ana joins\nana queues {} 1:00\nana plays C\nana removes C\nana shuffles",
        songs.join(" 1:00 ")
    ));
    let queue: Vec<String> = stage.queue().entries().map(|(_, e)| e.song.title.clone()).collect();
    assert_eq!(queue[..2], ["A", "B"]);
    assert_ne!(queue[2..], ["D", "E", "F", "G"]);
    assert_eq!(stage.statement().next.unwrap().song.title, queue[2]);
}

#[test]
fn shuffling_leaves_what_has_played() {
    let stage = check(
        "ana joins
         ana queues A 1:00 B 1:00 C 1:00 D 1:00 E 1:00
         > queue A B C D E
         ana plays B
         > B from 0:00 at 0:00.150, then C at 1:00.150
         ana shuffles
         > queue A B E C D
         > as before, then E at 1:00.150",
    );
    assert_eq!(stage.queue_window().offset, 0);
}

#[test]
fn a_shuffle_of_the_rest_stands_behind_what_is_current() {
    check(
        "ana joins
         ben joins
         ana queues A 1:00 B 1:00 C 1:00 D 1:00 E 1:00
         > queue A B C D E
         ana shuffles-rest
         > not_found
         ana plays B
         > B from 0:00 at 0:00.150, then C at 1:00.150
         ben shuffles-rest
         > queue A B E C D
         > as before, then E at 1:00.150
         ana lets host
         ben shuffles-rest
         > forbidden",
    );
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
    let mut stage = stage();
    let now = Instant(0);
    let ana = user("ana");
    let run = |stage: &mut crate::stage::core::Stage, command| {
        for event in stage.decide(ana.id, command, now)?.events() {
            stage.evolve(event);
        }
        Ok::<_, crate::stage::core::Refusal>(())
    };
    run(&mut stage, Command::Join { user: user("ana"), admission: Admission::Stranger }).unwrap();
    let songs = vec![song("A", Duration::from_secs(60)); QUEUE_ENTRIES];
    run(&mut stage, Command::Add { songs, position: None }).unwrap();
    assert!(run(&mut stage, Command::Add { songs: vec![song("B", Duration(1))], position: None }).is_err());

    for n in 0..100 {
        let entry = stage.queue().at(99_000 - n).unwrap().id;
        run(&mut stage, Command::Move { entry, position: 5 }).unwrap();
    }
    assert_eq!(stage.queue().len(), QUEUE_ENTRIES);
}

#[test]
fn a_corrected_title_shows_wherever_the_song_stands() {
    check(
        "ana joins
         ana queues A 1:00 B 1:00 A 1:00 C 1:00
         > queue A B A C
         ana retitles D Dee
         ana plays
         > A from 0:00 at 0:00.150, then B at 1:00.150
         ana retitles A Alpha
         > queue Alpha B Alpha C
         > as before, then B at 1:00.150
         ana retitles A Alpha
         ana retitles B Beta
         > queue Alpha Beta Alpha C
         > as before, then Beta at 1:00.150
         ana retitles C Gamma
         > queue Alpha Beta Alpha Gamma
         ana clears
         > queue Alpha
         > as before
         ana removes Alpha
         > queue
         ana retitles A Aleph
         > queue
         > as before",
    );
}

#[test]
fn a_song_that_fills_a_queue_to_its_cap_is_corrected_by_one_event() {
    let mut stage = stage();
    let ana = user("ana");
    let now = Instant(1_700_000_000_000_000);
    let play = |stage: &mut crate::stage::core::Stage, command| {
        let decided = stage.decide(ana.id, command, now).unwrap();
        for event in decided.events() {
            stage.evolve(event);
        }
        decided.events().count()
    };
    play(&mut stage, Command::Join { user: ana.clone(), admission: Admission::Stranger });
    let old = song("A", Duration::from_secs(60));
    play(&mut stage, Command::Add { songs: vec![old.clone(); QUEUE_ENTRIES], position: None });
    let new = std::sync::Arc::new(octave_protocol::model::Song { title: "Alpha".into(), ..(*old).clone() });
    assert_eq!(play(&mut stage, Command::Correct { songs: vec![new.clone()] }), 1);
    assert!(stage.queue().entries().all(|(_, entry)| entry.song.title == "Alpha"));
    assert_eq!(play(&mut stage, Command::Correct { songs: vec![new] }), 0);
}
