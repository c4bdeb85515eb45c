//! What people wish for, and who decides about it.

use octave_protocol::Duration;

use super::check;
use super::restart::saved;
use super::script::{song, user};
use crate::stage::core::{Admission, Command, Stage};
use crate::stage::limits::SUGGESTIONS;

/// Whoever is of the stage's staff decides, also where they may not steer.
#[test]
fn who_may_not_add_suggests_and_staff_decides() {
    check(
        "ana joins
         ben joins
         eve joins
         joe joins
         ana lets host
         ana names eve dj
         > eve is dj
         ben queues A 1:00
         > forbidden
         ben suggests A
         > wishes A of ben
         ben suggests A
         ben suggests B
         > wishes A of ben, B of ben
         ben accepts A
         > forbidden
         joe declines A
         > forbidden
         eve accepts A
         > queue A
         > wishes B of ben
         eve accepts A
         > not_found
         ana declines B
         > no wishes
         ana declines B
         > not_found
         ben suggests C
         > wishes C of ben
         ben declines C
         > no wishes",
    );
}

#[test]
fn what_is_accepted_is_added_by_who_suggested_it_now() {
    let stage = check(
        "ana joins
         ben joins
         ana lets host
         ana orders fair
         ben suggests B
         > wishes B of ben
         +0:10
         ana queues A1 1:00 A2 1:00
         > queue A1 A2
         +0:10
         ana accepts B
         > queue A1 A2 B
         > no wishes
         > queue A1 B A2
         ben removes B
         > queue A1 A2",
    );
    assert_eq!(stage.queue().len(), 2);
}

#[test]
fn so_many_wait_of_one_person_and_in_all() {
    let mut stage = check(
        "ana joins
         ben joins
         ben suggests A
         > wishes A of ben
         ben suggests B
         > wishes A of ben, B of ben
         ben suggests C
         > wishes A of ben, B of ben, C of ben
         ben suggests D
         > limit_reached
         ben declines B
         > wishes A of ben, C of ben
         ben suggests D
         > wishes A of ben, C of ben, D of ben",
    );
    let now = stage.about().created;
    let mut told = Vec::new();
    for n in 0..SUGGESTIONS {
        let user = user(&format!("p{n}"));
        let join = Command::Join { user: user.clone(), admission: Admission::Stranger };
        let wish = Command::Suggest { songs: vec![song(&format!("S{n}"), Duration::from_secs(60))] };
        for command in [join, wish] {
            match stage.decide(user.id, command, now) {
                Ok(decided) => decided.events().for_each(|event| stage.evolve(event)),
                Err(refusal) => told.push(refusal.to_string()),
            }
        }
    }
    assert_eq!(stage.suggestions().len(), SUGGESTIONS);
    assert_eq!(told, ["too many suggestions wait here to be accepted: try again later"; 3]);
}

#[test]
fn who_is_removed_takes_their_wishes_along() {
    for (deed, said) in [("bans", "banned"), ("kicks", "kicked")] {
        let script = format!(
            "ana joins
             ben joins
             eve joins
             ben suggests A
             > wishes A of ben
             eve suggests B
             > wishes A of ben, B of eve
             ana {deed} ben
             > ben is {said}
             ana declines A
             > not_found
             ana accepts B
             > queue B
             > no wishes"
        );
        check(&script);
    }
}

#[test]
fn a_guest_suggests_by_the_right_to_vote_and_what_they_suggest_goes_with_them() {
    check(
        "ana joins
         gus* joins as-guest listen,vote
         kim* joins as-guest listen,chat
         kim* suggests A
         > forbidden
         gus* suggests A
         > wishes A of gus*
         gus* leaves
         gus* joins as-guest listen,vote
         gus* has-gone
         gus* leaves
         gus* has-gone
         > no wishes",
    );
}

#[test]
fn wishes_are_the_same_after_a_restart_and_told_as_the_library_tells_them() {
    let before = check(
        "ana joins
         ben joins
         ben suggests A
         > wishes A of ben
         ben suggests B
         > wishes A of ben, B of ben
         ben declines B
         > wishes A of ben
         ana retitles A Anew
         > queue",
    );
    assert_eq!(before.suggestions()[0].song.title, "Anew");
    let (mut after, _) = Stage::restore(saved(&before), before.about().created);
    assert_eq!(after.suggestions(), before.suggestions());
    // The number of one that was declined is used.
    let (ana, now) = (before.about().host.clone(), before.about().created);
    let join = Command::Join { user: ana.clone(), admission: Admission::Stranger };
    for command in [join, Command::Suggest { songs: vec![song("C", Duration::from_secs(60))] }] {
        let decided = after.decide(ana.id, command, now).unwrap();
        decided.events().for_each(|event| after.evolve(event));
    }
    assert_eq!(after.suggestions().last().unwrap().entry.0, 3);
}
